mod a;
mod b;
 fn x() {
}
