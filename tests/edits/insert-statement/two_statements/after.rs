fn main() {
    two();
    one();
}
