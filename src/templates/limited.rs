//! Rendering what is not ours: so many steps, so much text.

use std::io;

use minijinja::{Environment, Error, ErrorKind, Value};

/// Our longest template takes a thousand.
pub const MOST_STEPS: u64 = 1_000_000;
/// Our longest file has thirty thousand.
const MOST_BYTES: usize = 4 << 20;

/// The text a template puts out. Errors: more of it than [`MOST_BYTES`], and whatever rendering says.
pub fn render(
    environment: &Environment<'_>,
    name: &str,
    source: &str,
    context: &Value,
) -> Result<String, Error> {
    let mut text = Limited(Vec::new());
    let template = environment.template_from_named_str(name, source)?;
    template.render_captured_to(context.clone(), &mut text)?;
    String::from_utf8(text.0).map_err(|_| Error::new(ErrorKind::WriteFailure, "what it puts out is not text"))
}

struct Limited(Vec<u8>);

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST_BYTES {
            return Err(io::Error::other(format!("it puts out more than {} MiB", MOST_BYTES >> 20)));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
