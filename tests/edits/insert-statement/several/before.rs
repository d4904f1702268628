fn main() {}
mod a {
    fn main() {}
}
