fn main() {
    other();
    println! ( "cargo:rerun-if-changed=migrations" , );
}
