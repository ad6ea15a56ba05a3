//! `trajectlog definitions`.

use std::io::Write;

use figures::Definitions;

use crate::failure::Failure;

pub fn run() -> Result<(), Failure> {
    std::io::stdout().write_all(Definitions::built_in_text().as_bytes())?;
    Ok(())
}
