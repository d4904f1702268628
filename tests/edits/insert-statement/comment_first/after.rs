fn main() { // builds
    println!("cargo:rerun-if-changed=migrations");
    // first
    other();
}
