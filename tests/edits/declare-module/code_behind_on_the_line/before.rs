mod a; fn x() {
}
