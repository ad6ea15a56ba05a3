//! `trajectlog demo`.
use crate::{failure::Failure, folder::Folder};
pub async fn run(_folder: &Folder) -> Result<(), Failure> { Ok(()) }
