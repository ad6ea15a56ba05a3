//! Every write to the disk goes through here: one place to see what is written and synced, and one to make it fail.

use std::{
    fmt,
    fs::{DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt},
    path::Path,
    sync::Arc,
};

/// Only the owner reads and writes: the log is about people.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// What is about to be done to a file or folder; for tests that make it fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A file is made.
    Create,
    /// Bytes are written.
    Write,
    /// A file is synced.
    Sync,
    /// A file is cut to a length.
    Cut,
    /// A file is removed.
    Remove,
    /// A folder is synced, so that the names in it last.
    SyncFolder,
}

/// Called before each operation; an error from it is what the operation then fails with, undone.
pub type Hook = Arc<dyn Fn(Operation, &Path) -> io::Result<()> + Send + Sync>;

/// How to write.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    pub hook: Option<Hook>,
    #[cfg(feature = "unsafe-no-sync-for-tests")]
    pub no_sync: bool,
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disk").field("hook", &self.hook.is_some()).finish()
    }
}

impl Disk {
    fn before(&self, operation: Operation, path: &Path) -> io::Result<()> {
        self.hook.as_ref().map_or(Ok(()), |hook| hook(operation, path))
    }

    #[cfg(feature = "unsafe-no-sync-for-tests")]
    fn syncs(&self) -> bool {
        !self.no_sync
    }

    #[cfg(not(feature = "unsafe-no-sync-for-tests"))]
    #[allow(clippy::unused_self, reason = "the same face as with the feature")]
    fn syncs(&self) -> bool {
        true
    }

    /// A new file; an error when the name is taken.
    pub fn create(&self, path: &Path) -> io::Result<File> {
        self.before(Operation::Create, path)?;
        OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)
    }

    /// A file to write to, made when it is not there, its contents kept.
    pub fn open_or_create(&self, path: &Path) -> io::Result<File> {
        self.before(Operation::Create, path)?;
        OpenOptions::new().write(true).create(true).truncate(false).mode(FILE_MODE).open(path)
    }

    /// A file that must be there, to write to.
    pub fn open(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).open(path)
    }

    pub fn write(&self, file: &File, path: &Path, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.before(Operation::Write, path)?;
        file.write_all_at(bytes, offset)
    }

    /// Makes a file's contents and length last.
    pub fn sync(&self, file: &File, path: &Path) -> io::Result<()> {
        self.before(Operation::Sync, path)?;
        if self.syncs() { file.sync_data() } else { Ok(()) }
    }

    pub fn cut(&self, file: &File, path: &Path, length: u64) -> io::Result<()> {
        self.before(Operation::Cut, path)?;
        file.set_len(length)
    }

    /// Removes a file; that it is not there is no error.
    pub fn remove(&self, path: &Path) -> io::Result<()> {
        self.before(Operation::Remove, path)?;
        match std::fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Makes the names in a folder last.
    pub fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.before(Operation::SyncFolder, path)?;
        if self.syncs() { File::open(path)?.sync_all() } else { Ok(()) }
    }

    /// Makes a folder and those above it where they are missing, and makes their names last.
    pub fn create_folder(&self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        self.create_folder(above)?;
        match DirBuilder::new().mode(FOLDER_MODE).create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
            Ok(()) => self.sync_folder(above),
        }
    }
}

/// Whether an error means that there is no room left.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
