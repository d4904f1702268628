fn main() {
    #![allow(x)]
    other();
}
