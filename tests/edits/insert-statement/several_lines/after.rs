fn main() {
  // why
  foo(
    a,
  );
  other();
}
