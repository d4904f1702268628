fn main() { other(); }
