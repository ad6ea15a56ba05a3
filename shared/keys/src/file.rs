//! The keys file on disk: making, checking and mending it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::Path,
};

use uuid::Uuid;

use crate::{
    KeyError, MasterKeyId, Place, WrappedKey,
    master::sync_folder_of,
    slot::{self, Owner, SLOT_LEN, Slot},
};

const NEW_FILE: &str = "clients.keys.new";

/// Slots read at once when scanning: 1 MiB.
const SCAN_SLOTS: usize = 8_192;

/// Where a client's slot is and whether it still holds a key.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) slot: u32,
    pub(crate) live: bool,
}

/// What a scan found, from a given slot on.
pub(crate) struct Scanned {
    /// The clients' slots, in order.
    pub(crate) slots: Vec<(Uuid, Entry)>,
    /// Empty slots before the last used one, all within the last append, and where that append began.
    holes: Vec<u32>,
    last_append: u32,
    /// One after the last used slot.
    pub(crate) end: u32,
    /// Whether bytes follow that were never acknowledged.
    torn: bool,
}

/// Reads and checks every slot from number `from` on.
pub(crate) fn scan(file: &File, path: &Path, from: u32) -> Result<Scanned, KeyError> {
    let mut scanned = Scanned { slots: Vec::new(), holes: Vec::new(), last_append: from, end: from, torn: false };
    let damaged = |number, why| KeyError::Damaged { path: path.to_owned(), place: Place::Slot(number), why };
    let length = file.metadata().map_err(io_error("read", path))?.len();
    let bytes = length.saturating_sub(slot::offset(from));
    let count = u32::try_from(bytes / SLOT_LEN as u64).ok().and_then(|count| from.checked_add(count));
    let count = count.ok_or_else(|| KeyError::Full { path: path.to_owned() })?;

    let mut empty = Vec::new();
    let mut buffer = vec![0; ((count - from) as usize).min(SCAN_SLOTS) * SLOT_LEN];
    let mut next = from;
    while next < count {
        let here = (count - next).min(SCAN_SLOTS as u32);
        let chunk = &mut buffer[..here as usize * SLOT_LEN];
        read_exact(file, chunk, slot::offset(next), path, Place::Slot(next))?;
        let (raws, _) = chunk.as_chunks::<SLOT_LEN>();
        for (number, raw) in (next..).zip(raws) {
            let Some((slot, first)) = slot::read(raw, number).map_err(|why| damaged(number, why))? else {
                empty.push(number);
                continue;
            };
            if let Some(lost) = empty.first().filter(|lost| **lost < first) {
                return Err(damaged(*lost, "it is empty, though keys were appended after it"));
            }
            match slot {
                Slot::Live { owner: Owner::Client(client), .. } => scanned.slots.push((client, Entry { slot: number, live: true })),
                Slot::Destroyed { client } => scanned.slots.push((client, Entry { slot: number, live: false })),
                Slot::Void | Slot::Live { owner: Owner::Digest, .. } => {}
            }
            scanned.last_append = first;
            scanned.end = number + 1;
        }
        next += here;
    }
    scanned.torn = length != slot::offset(scanned.end);
    scanned.holes = empty.into_iter().filter(|number| *number < scanned.end).collect();
    Ok(scanned)
}

/// Makes the file what a crash should have left: no torn tail, no holes. Then syncs it in any case: what this process read may rest in the
/// memory of the operating system only, left by one that died before its own sync, and whoever asks for such a key is told that it is durable.
pub(crate) fn mend(file: &File, path: &Path, scanned: &Scanned) -> Result<(), KeyError> {
    if scanned.torn {
        file.set_len(slot::offset(scanned.end)).map_err(io_error("mend", path))?;
    }
    for number in &scanned.holes {
        let void = slot::write(&Slot::Void, *number, scanned.last_append);
        file.write_all_at(&void, slot::offset(*number)).map_err(io_error("mend", path))?;
    }
    file.sync_data().map_err(io_error("sync", path))?;
    sync_folder_of(path)
}

/// Makes the keys file with this digest key: written and synced under a passing name, so that a crash leaves a whole file or none.
pub(crate) fn create(folder: &Path, path: &Path, master: MasterKeyId, digest: &WrappedKey) -> Result<(), KeyError> {
    let slot = Slot::Live { owner: Owner::Digest, wrapped: digest.0 };

    let passing = folder.join(NEW_FILE);
    let mut bytes = slot::write_header(master).to_vec();
    bytes.extend_from_slice(&slot::write(&slot, 0, 0));
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&passing)
        .and_then(|file| file.write_all_at(&bytes, 0).and_then(|()| file.sync_all()))
        .map_err(io_error("create", &passing))?;
    fs::rename(&passing, path).map_err(io_error("create", path))?;
    sync_folder_of(path)
}

pub(crate) fn take_lock(path: &Path) -> Result<File, KeyError> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path).map_err(io_error("open", path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(KeyError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(KeyError::Io { doing: "lock", path: path.to_owned(), source }),
    }
}

pub(crate) fn read_exact(file: &File, buffer: &mut [u8], offset: u64, path: &Path, place: Place) -> Result<(), KeyError> {
    file.read_exact_at(buffer, offset).map_err(|source| {
        if source.kind() == io::ErrorKind::UnexpectedEof {
            KeyError::Damaged { path: path.to_owned(), place, why: "the file ends before it" }
        } else {
            KeyError::Io { doing: "read", path: path.to_owned(), source }
        }
    })
}

pub(crate) fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    move |source| KeyError::Io { doing, path: path.to_owned(), source }
}
