//! g
use crate::{cli::Generate, failure::Failure};
pub fn run(_args: &Generate) -> Result<(), Failure> { Ok(()) }
