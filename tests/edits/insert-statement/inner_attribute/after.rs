fn main() {
    #![allow(x)]
    println!("cargo:rerun-if-changed=migrations");
    other();
}
