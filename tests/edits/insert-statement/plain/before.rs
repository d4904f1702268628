fn main() {
    other();
}
