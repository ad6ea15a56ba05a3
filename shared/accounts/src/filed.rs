//! A register in a folder of one machine: one file a record, one process.
//!
//! ```text
//!   accounts/                     mode 0700; nobody else may enter
//!     lock                        held by the one process
//!     account/, session/, token/, cover/, opening/, sign-in/
//!       KEY                       mode 0600: a line `trajectlog accounts v1 KIND KEY REVISION CHECKSUM`, then the value
//!       .new                      a record on its way: written, synced, then renamed to its key. Left over by a crash: removed at opening
//! ```
//!
//! A name tells which record it is and the line repeats it under the checksum (CRC-32C), so that a file that was renamed or exchanged is
//! noticed. What is in a folder and is no record is an error, not skipped: it may be one that somebody renamed.

use std::{
    collections::HashMap,
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::mpsc::UnboundedReceiver;

use crate::register::{Change, Expected, Key, Kind, LARGEST_VALUE, Later, Record, Register, RegisterError, Revision};

const LOCK_FILE: &str = "lock";
const PASSING_FILE: &str = ".new";
const FORMAT: &str = "trajectlog accounts v1";
const FORMAT_NAME: &str = "trajectlog accounts v";
/// Room for the first line beside the value.
const LONGEST_FILE: u64 = LARGEST_VALUE as u64 + 1024;

/// A register in a folder.
#[derive(Debug)]
pub struct FiledRegister {
    files: Arc<Files>,
}

#[derive(Debug)]
struct Files {
    folder: PathBuf,
    index: Mutex<Index>,
    /// Released by the operating system when the file is closed, also after a crash.
    _lock: File,
}

#[derive(Debug, Default)]
struct Index {
    revisions: HashMap<(Kind, Key), Revision>,
    newest: HashMap<Kind, Revision>,
    last: u64,
    /// A sync failed, and what is on disk is not known: nothing more is written.
    stopped: bool,
}

impl FiledRegister {
    /// Opens the folder, or makes it: for this process alone.
    ///
    /// # Errors
    /// [`RegisterError::Exposed`] when others may enter it, [`RegisterError::InUse`], [`RegisterError::Damaged`] with the file's name, and
    /// [`RegisterError::Unavailable`].
    pub fn open(folder: &Path) -> Result<Self, RegisterError> {
        make_folder(folder)?;
        let mode = fs::metadata(folder).map_err(unavailable("look at", folder))?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(RegisterError::Exposed { path: folder.to_owned(), mode });
        }
        let lock = take_lock(folder)?;
        for kind in Kind::ALL {
            let folder = folder.join(kind.name());
            make_folder(&folder)?;
            remove_if_there(&folder.join(PASSING_FILE))?;
        }
        let mut index = Index::default();
        for record in read_all(folder)? {
            index.last = index.last.max(record.revision.0);
            let newest = index.newest.entry(record.kind).or_default();
            *newest = record.revision.max(*newest);
            index.revisions.insert((record.kind, record.key), record.revision);
        }
        Ok(Self { files: Arc::new(Files { folder: folder.to_owned(), index: Mutex::new(index), _lock: lock }) })
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Files) -> Result<T, RegisterError> + Send + 'static,
    ) -> Result<T, RegisterError> {
        let files = Arc::clone(&self.files);
        let stopping = |error| RegisterError::Unknown {
            doing: "use",
            place: self.files.folder.display().to_string(),
            source: io::Error::other(error),
        };
        tokio::task::spawn_blocking(move || work(&files)).await.map_err(stopping)?
    }
}

impl Register for FiledRegister {
    fn place(&self, kind: Kind, key: &Key) -> String {
        self.files.path(kind, key).display().to_string()
    }

    fn all(&self) -> Later<'_, Result<Vec<Record>, RegisterError>> {
        Box::pin(self.blocking(|files| {
            let _index = files.lock();
            read_all(&files.folder)
        }))
    }

    fn put<'a>(&'a self, kind: Kind, key: &'a Key, value: Vec<u8>, expected: Expected) -> Later<'a, Result<Revision, RegisterError>> {
        let key = key.clone();
        Box::pin(self.blocking(move |files| files.put(kind, key, &value, expected)))
    }

    fn remove<'a>(&'a self, kind: Kind, key: &'a Key) -> Later<'a, Result<Revision, RegisterError>> {
        let key = key.clone();
        Box::pin(self.blocking(move |files| files.remove(kind, key)))
    }

    fn changes(&self) -> Option<UnboundedReceiver<Change>> {
        None
    }
}

impl Files {
    fn path(&self, kind: Kind, key: &Key) -> PathBuf {
        self.folder.join(kind.name()).join(key.as_str())
    }

    /// A thread that panicked in here left the index as it was before its change.
    fn lock(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writable(&self) -> Result<MutexGuard<'_, Index>, RegisterError> {
        let index = self.lock();
        if index.stopped { Err(RegisterError::Stopped { place: self.folder.display().to_string() }) } else { Ok(index) }
    }

    fn put(&self, kind: Kind, key: Key, value: &[u8], expected: Expected) -> Result<Revision, RegisterError> {
        let path = self.path(kind, &key);
        let place = || path.display().to_string();
        if value.len() > LARGEST_VALUE {
            return Err(RegisterError::TooLarge { place: place() });
        }
        let mut index = self.writable()?;
        let slot = (kind, key);
        let there = index.revisions.get(&slot).copied();
        let holds = match expected {
            Expected::Nothing => there.is_none(),
            Expected::Record(revision) => there == Some(revision),
            Expected::Kind(revision) => index.newest.get(&kind).copied().unwrap_or_default() == revision,
        };
        if !holds {
            return Err(RegisterError::Conflict { place: place() });
        }
        let revision = Revision(index.last + 1);
        let passing = path.with_file_name(PASSING_FILE);
        let written = write(&passing, &form(kind, &slot.1, revision, value)).and_then(|()| fs::rename(&passing, &path));
        if let Err(source) = written {
            // What could not be written is of no use to anybody; if it cannot be removed either, the next opening does it.
            let _ = fs::remove_file(&passing);
            return Err(RegisterError::Unavailable { doing: "write", place: place(), source });
        }
        self.sync_folder(&mut index, kind, "write", &path)?;
        index.last = revision.0;
        index.newest.insert(kind, revision);
        index.revisions.insert(slot, revision);
        Ok(revision)
    }

    fn remove(&self, kind: Kind, key: Key) -> Result<Revision, RegisterError> {
        let path = self.path(kind, &key);
        let mut index = self.writable()?;
        remove_if_there(&path)?;
        self.sync_folder(&mut index, kind, "remove", &path)?;
        index.last += 1;
        index.revisions.remove(&(kind, key));
        let revision = Revision(index.last);
        index.newest.insert(kind, revision);
        Ok(revision)
    }

    /// Makes names durable. A sync that failed is not tried again: it might succeed without having written what the first lost.
    fn sync_folder(&self, index: &mut Index, kind: Kind, doing: &'static str, path: &Path) -> Result<(), RegisterError> {
        sync(&self.folder.join(kind.name())).map_err(|source| {
            index.stopped = true;
            RegisterError::Unknown { doing, place: path.display().to_string(), source }
        })
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// The folder is made durable in the one above.
fn make_folder(folder: &Path) -> Result<(), RegisterError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => return Err(unavailable("create", folder)(source)),
        // Also where it was there: whoever made it may have ended before it was durable.
        Ok(()) | Err(_) => {}
    }
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync(above).map_err(unavailable("sync", above))
}

fn take_lock(folder: &Path) -> Result<File, RegisterError> {
    let path = folder.join(LOCK_FILE);
    let open = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let file = open.map_err(unavailable("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RegisterError::InUse { path: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(unavailable("lock", &path)(source)),
    }
}

fn remove_if_there(path: &Path) -> Result<(), RegisterError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(unavailable("remove", path)(source)),
    }
}

fn read_all(folder: &Path) -> Result<Vec<Record>, RegisterError> {
    let mut records = Vec::new();
    for kind in Kind::ALL {
        let folder = folder.join(kind.name());
        for entry in fs::read_dir(&folder).map_err(unavailable("read", &folder))? {
            let path = entry.map_err(unavailable("read", &folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let key = Key::new(name).filter(|_| path.is_file());
            let key = key.ok_or_else(|| damaged(&path, "it is no record: move it away if it does not belong here"))?;
            records.push(read(&path, kind, key)?);
        }
    }
    Ok(records)
}

fn read(path: &Path, kind: Kind, key: Key) -> Result<Record, RegisterError> {
    let mut bytes = Vec::new();
    let file = File::open(path).and_then(|file| file.take(LONGEST_FILE + 1).read_to_end(&mut bytes));
    file.map_err(unavailable("read", path))?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(damaged(path, "it is larger than a record"));
    }
    let end = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged(path, "its first line does not end"))?;
    let line = std::str::from_utf8(&bytes[..end]).map_err(|_| damaged(path, "its first line is no text"))?;
    let value = bytes[end + 1..].to_vec();
    let Some(rest) = line.strip_prefix(FORMAT).and_then(|rest| rest.strip_prefix(' ')) else {
        return Err(match line.strip_prefix(FORMAT_NAME) {
            Some(_) => RegisterError::Newer { place: path.display().to_string() },
            None => damaged(path, "its first line is none of a record"),
        });
    };
    let revision = rest.split(' ').nth(2).and_then(|revision| revision.parse().ok()).map(Revision);
    let revision = revision.ok_or_else(|| damaged(path, "its first line has no revision"))?;
    // The whole is made again and compared: one form, and every byte of it counts.
    if form(kind, &key, revision, &value) != bytes {
        return Err(damaged(path, "its name, its first line and its value do not fit each other"));
    }
    Ok(Record { kind, key, value, revision })
}

/// A record's bytes.
fn form(kind: Kind, key: &Key, revision: Revision, value: &[u8]) -> Vec<u8> {
    let line = format!("{FORMAT} {} {} {}", kind.name(), key.as_str(), revision.0);
    let sum = crc32c::crc32c_append(crc32c::crc32c(line.as_bytes()), value);
    let mut bytes = format!("{line} {sum:08x}\n").into_bytes();
    bytes.extend_from_slice(value);
    bytes
}

fn damaged(path: &Path, why: &str) -> RegisterError {
    RegisterError::Damaged { place: path.display().to_string(), why: why.to_owned() }
}

fn unavailable(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> RegisterError {
    move |source| RegisterError::Unavailable { doing, place: path.display().to_string(), source }
}
