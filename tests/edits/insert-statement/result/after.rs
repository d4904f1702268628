fn main() -> Result<(), E> {
	println!("cargo:rerun-if-changed=migrations");
	Ok(())
}
