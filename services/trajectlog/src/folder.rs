//! The data folder: `log/`, `keys/`, `views/`.

use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use app::AppError;
use event_log::{EventLog, Position};
use keys::{KeyStore, MasterKey};
use log_embedded::{EmbeddedLog, Mode};
use proto_events::Timestamp;
use views::Views;

use crate::{cli::Place, failure::Failure, settings::Settings};

/// The setting that holds the master key itself: in the environment only, never in a file.
const MASTER_KEY: &str = "TRAJECTLOG_MASTER_KEY";

/// A data folder.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    /// Whether the master key's file was named by a flag, which goes before everything else.
    by_flag: bool,
    master_key_file: Option<PathBuf>,
}

impl Folder {
    /// The folder that was named, or else `./data`.
    pub fn new(place: &Place, settings: &Settings) -> Result<Self, Failure> {
        let named = settings.path(place.data.as_ref(), "data")?;
        Self::at(named.unwrap_or_else(|| PathBuf::from("data")), place, settings)
    }

    /// The demo's folder: only a flag moves it, so that invented people never come among real ones.
    pub fn of_demo(place: &Place, settings: &Settings) -> Result<Self, Failure> {
        Self::at(place.data.clone().unwrap_or_else(|| PathBuf::from("demo-data")), place, settings)
    }

    fn at(path: PathBuf, place: &Place, settings: &Settings) -> Result<Self, Failure> {
        let master_key_file = settings.path(place.master_key_file.as_ref(), "master-key-file")?;
        Ok(Self { path, by_flag: place.master_key_file.is_some(), master_key_file })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The log, for reading.
    pub async fn log(&self) -> Result<EmbeddedLog, Failure> {
        self.log_not_lost()?;
        let log = EmbeddedLog::open(&self.path, Mode::ReadOnly)?;
        let (head, seen) = (log.head().await?.position, views::sealed_checkpoint(&self.path.join("views")));
        match seen.filter(|seen| *seen > head) {
            Some(views) => Err(AppError::LogIsOlder { views, log: head }.into()),
            None => Ok(log),
        }
    }

    /// The log, for making its views anew: whatever they have seen.
    pub fn log_as_it_is(&self) -> Result<EmbeddedLog, Failure> {
        self.log_not_lost()?;
        Ok(EmbeddedLog::open(&self.path, Mode::ReadOnly)?)
    }

    /// No segment and no head mark: with one of the two, the log itself says what is missing.
    fn holds_no_log(&self) -> Result<bool, AppError> {
        let of_a_log = |entry: std::io::Result<std::fs::DirEntry>| {
            entry.is_ok_and(|entry| entry.file_name() == "head" || entry.path().extension().is_some_and(|extension| extension == "seg"))
        };
        let log = self.path.join("log");
        match std::fs::read_dir(&log) {
            Ok(mut entries) => Ok(!entries.any(of_a_log)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(true),
            // What may not be looked at is not lost.
            Err(e) => Err(AppError::Io { what: format!("listing {}", log.display()), cause: e.to_string() }),
        }
    }

    /// Keys are made after the log: keys without a log are a loss, and a new log would hide it.
    fn log_not_lost(&self) -> Result<(), Failure> {
        if self.path.join("keys").join(keys::KEYS_FILE).exists() && self.holds_no_log()? {
            let folder = self.path.display();
            let sentence =
                format!("{folder} holds the keys of clients but no log: the log is gone. Restore it from a backup, or name another folder");
            return Err(Failure::lost(sentence));
        }
        Ok(())
    }

    /// Log and keys, for writing; made where there are none.
    pub async fn for_writing(&self) -> Result<(EmbeddedLog, KeyStore), Failure> {
        self.log_not_lost()?;
        let log = EmbeddedLog::open(&self.path, Mode::Write)?;
        // A log that holds events has its keys: they must not be silently made anew.
        let begun = log.head().await?.position > Position::START;
        let keys = self.open_keys(if begun { keys::Mode::WriteExisting } else { keys::Mode::Write })?;
        Ok((log, keys))
    }

    /// The keys, for reading.
    pub fn keys(&self) -> Result<KeyStore, Failure> {
        self.open_keys(keys::Mode::ReadOnly)
    }

    fn open_keys(&self, mode: keys::Mode) -> Result<KeyStore, Failure> {
        let folder = self.path.join("keys");
        if mode == keys::Mode::Write {
            private_folder(&folder)?;
        }
        Ok(KeyStore::open(&folder, self.master_key(mode == keys::Mode::Write)?, mode)?)
    }

    /// The master key; made, if `make` says so and there is none.
    pub fn master_key(&self, make: bool) -> Result<MasterKey, Failure> {
        // A flag goes before the environment, and the key itself before the file that holds it.
        if let Some(setting) = std::env::var_os(MASTER_KEY).filter(|_| !self.by_flag) {
            let setting = setting.to_str().ok_or_else(|| Failure::wrong_use(format!("{MASTER_KEY} is not a key in hexadecimal")))?;
            return Ok(MasterKey::from_hex(setting)?);
        }
        let folder = self.path.join("keys");
        let file = self.master_key_file.clone().unwrap_or_else(|| folder.join("master.key"));
        if !make {
            return Ok(MasterKey::load(&file)?);
        }
        if self.master_key_file.is_none() {
            private_folder(&folder)?;
        }
        Ok(MasterKey::load_or_create(&file)?)
    }

    /// The views, if they are there or `make` says so; without them everything works, only slower.
    pub fn views(&self, make: bool) -> Option<Views> {
        let folder = self.path.join("views");
        if !make && !folder.exists() {
            return None;
        }
        if let Err(e) = private_folder(&folder) {
            tracing::warn!("going on without views: {e}");
            return None;
        }
        match Views::open_living(&folder) {
            Ok(opened) => {
                if opened.thrown_away {
                    tracing::info!("the views were not closed in order and are built anew from the log");
                }
                Some(opened.views)
            }
            Err(e) => {
                tracing::warn!("going on without views: {e}");
                None
            }
        }
    }
}

/// Makes a folder for nobody else's eyes, durably: what is put into it must not vanish with its name.
pub fn private_folder(folder: &Path) -> Result<(), AppError> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    let synced = made.and_then(|()| folder.parent().map_or(Ok(()), |parent| std::fs::File::open(parent)?.sync_all()));
    synced.map_err(|e| AppError::Io { what: format!("making {}", folder.display()), cause: e.to_string() })
}

/// The present moment.
pub fn now() -> Timestamp {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    let moment = i64::try_from(micros).ok().and_then(Timestamp::from_micros);
    // A clock beyond the year 9999 cannot be used; 1970 makes every import say so.
    moment.or_else(|| Timestamp::from_micros(0)).unwrap_or_else(|| unreachable!("1970 is a moment"))
}
