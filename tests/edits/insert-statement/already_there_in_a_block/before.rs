fn main() {
    if x {
        println!("cargo:rerun-if-changed=migrations");
    }
}
