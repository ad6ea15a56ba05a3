//! A register in a folder of one machine: one file a record.
//!
//! ```text
//!   publications/     mode 0700
//!     lock            held while a record is added: a service and the command line may both add
//!     00000001 …      mode 0600: the record's bytes, never written to again
//!     .new            a record on its way: written, synced, then renamed to its number. Left over by a crash: written over
//! ```

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use crate::register::{LARGEST_RECORD, Register, RegisterError};

const LOCK_FILE: &str = "lock";
const PASSING_FILE: &str = ".new";
/// Digits of a number: more publications than quarters in a million years.
const DIGITS: usize = 8;

/// A register in a folder. It is made with its first record; without it nothing was published.
#[derive(Clone, Debug)]
pub struct FiledRegister {
    folder: PathBuf,
}

impl FiledRegister {
    /// The register in this folder. Nothing is looked at yet.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number:0DIGITS$}"))
    }

    /// How many there are, by the numbers of their files.
    fn count(&self) -> Result<u64, RegisterError> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            entries => entries.map_err(unavailable("read", &self.folder))?,
        };
        let (mut count, mut highest) = (0, 0);
        for entry in entries {
            let path = entry.map_err(unavailable("read", &self.folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name == LOCK_FILE || name == PASSING_FILE {
                continue;
            }
            let number = Some(name).filter(|name| name.len() == DIGITS).and_then(|name| name.parse::<u64>().ok());
            let number = number.ok_or_else(|| damaged(&path, "it is no record: move it away if it does not belong here"))?;
            count += 1;
            highest = highest.max(number);
        }
        if count == highest { Ok(count) } else { Err(damaged(&self.folder, "a record is missing between the others")) }
    }
}

impl Register for FiledRegister {
    fn all(&self) -> Result<Vec<Vec<u8>>, RegisterError> {
        (1..=self.count()?).map(|number| read(&self.path(number))).collect()
    }

    fn append(&self, number: u64, bytes: &[u8]) -> Result<(), RegisterError> {
        let path = self.path(number);
        let place = path.display().to_string();
        if bytes.len() > LARGEST_RECORD {
            return Err(RegisterError::TooLarge { place });
        }
        make_folder(&self.folder)?;
        let lock = self.folder.join(LOCK_FILE);
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&lock).map_err(unavailable("open", &lock))?;
        // Released when the file is closed, also after a crash.
        file.lock().map_err(unavailable("lock", &lock))?;
        if number != self.count()? + 1 {
            return Err(RegisterError::Conflict { place });
        }
        let passing = self.folder.join(PASSING_FILE);
        write(&passing, bytes).map_err(unavailable("write", &passing))?;
        fs::rename(&passing, &path).map_err(unavailable("write", &path))?;
        sync(&self.folder).map_err(|source| RegisterError::Unknown { doing: "sync", place, source })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, RegisterError> {
    let mut bytes = Vec::new();
    let file = File::open(path).and_then(|file| file.take(LARGEST_RECORD as u64 + 1).read_to_end(&mut bytes));
    file.map_err(unavailable("read", path))?;
    if bytes.len() > LARGEST_RECORD { Err(damaged(path, "it is larger than a record")) } else { Ok(bytes) }
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

fn damaged(path: &Path, why: &str) -> RegisterError {
    RegisterError::Damaged { place: path.display().to_string(), why: why.to_owned() }
}

fn unavailable(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> RegisterError {
    move |source| RegisterError::Unavailable { doing, place: path.display().to_string(), source }
}
