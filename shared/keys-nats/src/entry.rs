//! The stored form of an entry. It is for ever: buckets keep it.
//!
//! | entry | bytes |
//! | --- | --- |
//! | `master` | version 1, kind 3, the master key's id (16) |
//! | `digest` | version 1, kind 2, the wrapped key (72: nonce 24, key 32, tag 16) |
//! | `client.<id>` | version 1, kind 1, the wrapped key (72) |
//! | `client.<id>`, destroyed | version 1, kind 0 |
//!
//! The wrapping's associated data are those of the keys file: label, master key's id, kind, client.

use keys::{Kept, MasterKeyId, WrappedKey};

const VERSION: u8 = 1;
const DESTROYED: u8 = 0;
const CLIENT: u8 = 1;
const DIGEST: u8 = 2;
const MASTER: u8 = 3;

/// Why an entry cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Written by a newer program.
    Version(u8),
    /// Not what was written.
    Damaged(&'static str),
}

pub(crate) fn master(id: MasterKeyId) -> Vec<u8> {
    with(MASTER, &id.to_bytes())
}

pub(crate) fn digest(key: &WrappedKey) -> Vec<u8> {
    with(DIGEST, &key.to_bytes())
}

pub(crate) fn client(kept: &Kept) -> Vec<u8> {
    match kept {
        Kept::Live(key) => with(CLIENT, &key.to_bytes()),
        Kept::Destroyed => with(DESTROYED, &[]),
    }
}

fn with(kind: u8, rest: &[u8]) -> Vec<u8> {
    [&[VERSION, kind], rest].concat()
}

/// Kind and rest of an entry of this version.
fn parts(bytes: &[u8]) -> Result<(u8, &[u8]), Unreadable> {
    match bytes {
        [VERSION, kind, rest @ ..] => Ok((*kind, rest)),
        [version, _, ..] => Err(Unreadable::Version(*version)),
        [] | [_] => Err(Unreadable::Damaged("it is empty: it was deleted, or never was an entry")),
    }
}

const OTHER: Unreadable = Unreadable::Damaged("its kind or length is not that of an entry here");

pub(crate) fn read_master(bytes: &[u8]) -> Result<MasterKeyId, Unreadable> {
    match parts(bytes)? {
        (MASTER, id) => id.try_into().map(MasterKeyId::from_bytes).map_err(|_| OTHER),
        _ => Err(OTHER),
    }
}

pub(crate) fn read_digest(bytes: &[u8]) -> Result<WrappedKey, Unreadable> {
    match parts(bytes)? {
        (DIGEST, key) => WrappedKey::from_bytes(key).ok_or(OTHER),
        _ => Err(OTHER),
    }
}

pub(crate) fn read_client(bytes: &[u8]) -> Result<Kept, Unreadable> {
    match parts(bytes)? {
        (CLIENT, key) => WrappedKey::from_bytes(key).map(Kept::Live).ok_or(OTHER),
        (DESTROYED, []) => Ok(Kept::Destroyed),
        _ => Err(OTHER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_as_they_were_written_and_nothing_else_is() {
        let key = WrappedKey::from_bytes(&(0..72).collect::<Vec<u8>>()).expect("a key");
        let id = MasterKeyId::from_bytes([7; 16]);
        assert_eq!(read_master(&master(id)), Ok(id));
        assert_eq!(read_digest(&digest(&key)), Ok(key));
        for kept in [Kept::Live(key), Kept::Destroyed] {
            let bytes = client(&kept);
            assert_eq!(read_client(&bytes), Ok(kept));
            assert_eq!(read_client(&[bytes.as_slice(), &[0]].concat()), Err(OTHER));
            assert_eq!(read_digest(&bytes), Err(OTHER));
        }
        assert_eq!(client(&Kept::Destroyed), [1, 0]);
        assert_eq!(client(&Kept::Live(key))[..4], [1, 1, 0, 1]);
        assert_eq!(read_client(&[2, 1]), Err(Unreadable::Version(2)));
        assert!(matches!(read_client(&[]), Err(Unreadable::Damaged(_))));
    }
}
