//! The data folder: `log/`, `keys/`, `views/`.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use app::AppError;
use event_log::{EventLog, Position};
use keys::{KeyStore, MasterKey};
use log_embedded::{EmbeddedLog, Mode};
use proto_events::Timestamp;
use views::Views;

use crate::{cli::Place, failure::Failure};

/// The setting that holds the master key itself.
const MASTER_KEY: &str = "TRAJECTLOG_MASTER_KEY";

/// A data folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    master_key_file: Option<PathBuf>,
}

impl Folder {
    /// The folder that was named, or else the default one.
    pub fn new(place: &Place, default: &str) -> Self {
        let path = place.data.clone().unwrap_or_else(|| PathBuf::from(default));
        Self { path, master_key_file: place.master_key_file.clone() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The log, for reading.
    pub fn log(&self) -> Result<EmbeddedLog, Failure> {
        Ok(EmbeddedLog::open(&self.path, Mode::ReadOnly)?)
    }

    /// Log and keys, for writing; made where there are none.
    pub async fn for_writing(&self) -> Result<(Arc<EmbeddedLog>, Arc<KeyStore>), Failure> {
        // Keys are made after the log: keys without a log are a loss, and a new log would hide it.
        if self.path.join("keys").join(keys::KEYS_FILE).exists() && !self.path.join("log").exists() {
            let folder = self.path.display();
            let sentence =
                format!("{folder} holds the keys of clients but no log: the log is gone. Restore it from a backup, or name another folder");
            return Err(Failure::lost(sentence));
        }
        let log = EmbeddedLog::open(&self.path, Mode::Write)?;
        // A log that holds events has its keys: they must not be silently made anew.
        let begun = log.head().await?.position > Position::START;
        let keys = self.open_keys(if begun { keys::Mode::WriteExisting } else { keys::Mode::Write })?;
        Ok((Arc::new(log), Arc::new(keys)))
    }

    /// The keys, for reading.
    pub fn keys(&self) -> Result<KeyStore, Failure> {
        self.open_keys(keys::Mode::ReadOnly)
    }

    fn open_keys(&self, mode: keys::Mode) -> Result<KeyStore, Failure> {
        let folder = self.path.join("keys");
        let file = self.master_key_file.clone().unwrap_or_else(|| folder.join("master.key"));
        let master = match std::env::var(MASTER_KEY) {
            Ok(setting) => MasterKey::from_hex(&setting)?,
            Err(_) if mode == keys::Mode::Write => {
                private_folder(&folder)?;
                MasterKey::load_or_create(&file)?
            }
            Err(_) => MasterKey::load(&file)?,
        };
        if mode == keys::Mode::Write {
            private_folder(&folder)?;
        }
        Ok(KeyStore::open(&folder, master, mode)?)
    }

    /// The views, if they are there or `make` says so; without them everything works, only slower.
    pub fn views(&self, make: bool) -> Option<Views> {
        let folder = self.path.join("views");
        if !make && !folder.exists() {
            return None;
        }
        match Views::open(&folder) {
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

fn private_folder(folder: &Path) -> Result<(), AppError> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|e| AppError::Io { what: format!("making {}", folder.display()), cause: e.to_string() })
}

/// The present moment.
pub fn now() -> Timestamp {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    let moment = i64::try_from(micros).ok().and_then(Timestamp::from_micros);
    // A clock beyond the year 9999 cannot be used; 1970 makes every import say so.
    moment.or_else(|| Timestamp::from_micros(0)).unwrap_or_else(|| unreachable!("1970 is a moment"))
}
