//! The master key: 32 random bytes that wrap all other keys, kept in a file of their own or given as a setting.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{KeyError, random, text::KEY_LEN};

const ID_LABEL: &str = "trajectlog master key id v1";
const WRAPPING_LABEL: &str = "trajectlog wrapping key v1";

/// The setting by which a service manager names the folder of a service's credentials.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";
/// Of the permissions of others: the group's to read.
const READABLE_BY_GROUP: u32 = 0o040;

/// Longest file that is read as a master key: 64 digits, line ends and some room; more cannot be one.
const LONGEST_FILE: u64 = 256;

/// Names a master key without revealing it: 16 bytes derived from it, written in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MasterKeyId(pub(crate) [u8; 16]);

impl MasterKeyId {
    /// Its 16 bytes, which may rest anywhere.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    /// What [`MasterKeyId::to_bytes`] gave.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        MasterKeyId(bytes)
    }
}

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The key that wraps all data keys. Wiped from memory when dropped; its `Debug` form shows the id alone.
pub struct MasterKey(Zeroizing<[u8; KEY_LEN]>);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey(id {})", self.id())
    }
}

impl MasterKey {
    /// A new key from the operating system's randomness.
    ///
    /// # Errors
    /// [`KeyError::Randomness`].
    pub fn generate() -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        random::fill(bytes.as_mut_slice())?;
        Ok(MasterKey(bytes))
    }

    /// Reads a key of 64 hexadecimal digits from a setting; white space around it does not count.
    ///
    /// # Errors
    /// [`KeyError::MasterKeyMalformed`], which does not repeat what was given.
    pub fn from_hex(setting: &str) -> Result<Self, KeyError> {
        parse(setting.as_bytes()).ok_or_else(|| KeyError::MasterKeyMalformed { origin: "in the settings".to_owned() })
    }

    /// Reads the key for a process that only reads.
    ///
    /// # Errors
    /// [`KeyError::MasterKeyMissing`] when there is no such file, [`KeyError::MasterKeyExposed`] when others than its owner may read it
    /// (the group may read a credential of the service manager),
    /// [`KeyError::MasterKeyMalformed`] when it holds anything but a key.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        load_if_there(path)?.ok_or_else(|| KeyError::MasterKeyMissing { path: path.to_owned() })
    }

    /// Reads the key, or makes it when there is none: with mode 600, and durable (with its folder) before it is returned.
    ///
    /// A file that is there is never overwritten, whatever it holds. Of several processes that start at once all get the same key.
    ///
    /// # Errors
    /// Those of [`MasterKey::load`] but `MasterKeyMissing`, and [`KeyError::Io`] when it cannot be written.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        if let Some(key) = load_if_there(path)? {
            // Whoever made it may have died before it was durable.
            sync(path)?;
            return Ok(key);
        }
        let key = MasterKey::generate()?;
        if create(path, &key)? {
            return Ok(key);
        }
        // Another process made one between our look and our attempt: its key is the one that stays.
        MasterKey::load(path)
    }

    /// The key's public name, which every keys file carries.
    pub fn id(&self) -> MasterKeyId {
        let mut id = [0; 16];
        id.copy_from_slice(&blake3::derive_key(ID_LABEL, self.0.as_slice())[..16]);
        MasterKeyId(id)
    }

    /// The key that really wraps, so that the master key itself never meets a cipher.
    pub(crate) fn wrapping_key(&self) -> Zeroizing<[u8; KEY_LEN]> {
        Zeroizing::new(blake3::derive_key(WRAPPING_LABEL, self.0.as_slice()))
    }
}

/// Whether this is a file that the service manager has laid ready for this process alone. It may be readable by its group, because systemd
/// gives it so (mode 0440) where it cannot name the service's user in an access list; the folder lets nobody else in.
fn is_credential(path: &Path) -> bool {
    let Some(folder) = std::env::var_os(CREDENTIALS).filter(|folder| !folder.is_empty()) else { return false };
    let (Ok(file), Ok(folder)) = (fs::canonicalize(path), fs::canonicalize(folder)) else { return false };
    file.parent() == Some(&folder)
}

fn load_if_there(path: &Path) -> Result<Option<MasterKey>, KeyError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(KeyError::Io { doing: "open", path: path.to_owned(), source });
        }
    };
    let io_error = |source| KeyError::Io { doing: "read", path: path.to_owned(), source };
    // Asked of the open file, so that nobody can exchange it in between.
    let mode = file.metadata().map_err(io_error)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 && !(mode & 0o077 == READABLE_BY_GROUP && is_credential(path)) {
        return Err(KeyError::MasterKeyExposed { path: path.to_owned(), mode });
    }
    let mut content = Zeroizing::new(Vec::with_capacity(LONGEST_FILE as usize));
    file.take(LONGEST_FILE).read_to_end(&mut content).map_err(io_error)?;
    match parse(&content) {
        Some(key) => Ok(Some(key)),
        None => Err(KeyError::MasterKeyMalformed { origin: path.display().to_string() }),
    }
}

/// Writes the key under a passing name, makes it durable and only then gives it its name: a crash leaves no half key, and `hard_link` is as
/// exclusive as `O_EXCL`. `false` when a file of that name is there already.
fn create(path: &Path, key: &MasterKey) -> Result<bool, KeyError> {
    let mut salt = [0; 8];
    random::fill(&mut salt)?;
    let mut passing = path.as_os_str().to_owned();
    passing.push(format!(".{:016x}.new", u64::from_le_bytes(salt)));
    let passing = PathBuf::from(passing);

    let io_error = |doing, path: &Path| {
        let path = path.to_owned();
        move |source| KeyError::Io { doing, path, source }
    };
    let mut hex = Zeroizing::new(String::with_capacity(2 * KEY_LEN + 1));
    for byte in key.0.iter() {
        for digit in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    hex.push('\n');

    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&passing).map_err(io_error("create the master key", &passing))?;
    let written = file.write_all(hex.as_bytes()).and_then(|()| file.sync_all()).map_err(io_error("write", &passing));
    let named = written.and_then(|()| match fs::hard_link(&passing, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(source) => Err(KeyError::Io { doing: "create the master key", path: path.to_owned(), source }),
    });
    let removed = fs::remove_file(&passing).map_err(io_error("remove", &passing));
    let named = named?;
    removed?;
    sync_folder_of(path)?;
    Ok(named)
}

fn sync(path: &Path) -> Result<(), KeyError> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|source| KeyError::Io { doing: "sync", path: path.to_owned(), source })?;
    sync_folder_of(path)
}

/// Makes the name of a new file durable.
pub(crate) fn sync_folder_of(path: &Path) -> Result<(), KeyError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| KeyError::Io {
        doing: "sync",
        path: folder.to_owned(),
        source,
    })
}

fn parse(text: &[u8]) -> Option<MasterKey> {
    let text = text.trim_ascii();
    if text.len() != 2 * KEY_LEN {
        return None;
    }
    let mut key = Zeroizing::new([0; KEY_LEN]);
    for (byte, digits) in key.iter_mut().zip(text.chunks_exact(2)) {
        let high = char::from(digits[0]).to_digit(16)?;
        let low = char::from(digits[1]).to_digit(16)?;
        *byte = (high << 4 | low) as u8;
    }
    Some(MasterKey(key))
}
