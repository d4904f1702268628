fn main() { // builds
    // first
    other();
}
