fn main() {
  other();
}
