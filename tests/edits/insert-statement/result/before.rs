fn main() -> Result<(), E> {
	Ok(())
}
