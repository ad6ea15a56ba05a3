//! The reader of entries, for `tests/fuzz` and nobody else.

use crate::entry;

/// What is written for each thing that these bytes can be read as.
#[must_use]
pub fn written_again(bytes: &[u8]) -> Vec<Vec<u8>> {
    let master = entry::read_master(bytes).ok().map(entry::master);
    let digest = entry::read_digest(bytes).ok().map(|key| entry::digest(&key));
    let client = entry::read_client(bytes).ok().map(|kept| entry::client(&kept));
    [master, digest, client].into_iter().flatten().collect()
}
