//! Settings: by flag, else by environment, else in a file.

use std::{ffi::OsString, path::PathBuf, str::FromStr};

use clap::ValueEnum;
use toml::{Table, Value};

use crate::{cli::Place, failure::Failure};

/// The longest file of settings, in bytes.
const LONGEST: u64 = 1 << 20;
/// What may stand in the file: the flags that are no question of one moment.
const NAMES: &[&str] = &[
    "data",
    "nats",
    "master-key-file",
    "nats-creds",
    "nats-ca",
    "nats-cert",
    "nats-key",
    "nats-monitor",
    "nats-durability",
    "nats-replicas",
    "nats-token",
    "role",
    "listen",
    "auth",
    "tls-cert",
    "tls-key",
    "oidc-issuer",
    "oidc-client-id",
    "oidc-client-secret-file",
    "oidc-name",
    "oidc-login-claim",
    "oidc-audience",
    "public-url",
    "log",
    "log-format",
    "rate",
    "otlp",
];

/// What the environment and the file say.
#[derive(Debug, Default)]
pub struct Settings {
    file: Table,
}

/// The environment's name of a setting: `TRAJECTLOG_NATS_CA`.
fn variable(name: &str) -> String {
    format!("TRAJECTLOG_{}", name.to_uppercase().replace('-', "_"))
}

impl Settings {
    /// Reads the file that was named, if one was.
    pub fn read(place: &Place) -> Result<Self, Failure> {
        let named = place.config.clone().or_else(|| std::env::var_os("TRAJECTLOG_CONFIG").map(PathBuf::from));
        let Some(path) = named else { return Ok(Self::default()) };
        let wrong = |cause: String| Failure::wrong_use(format!("the settings in {}: {cause}", path.display()));
        let length = std::fs::metadata(&path).map_err(|e| wrong(e.to_string()))?.len();
        if length > LONGEST {
            return Err(wrong("the file is too long for settings".to_owned()));
        }
        let text = std::fs::read_to_string(&path).map_err(|e| wrong(e.to_string()))?;
        let file: Table = text.parse().map_err(|e: toml::de::Error| wrong(e.message().to_owned()))?;
        match file.keys().find(|key| !NAMES.contains(&key.as_str())) {
            Some(unknown) => Err(wrong(format!("there is no setting '{unknown}'; there are {}", NAMES.join(", ")))),
            None => Ok(Self { file }),
        }
    }

    /// What environment or file say, the environment first.
    fn find(&self, name: &str) -> Result<Option<OsString>, Failure> {
        if let Some(set) = std::env::var_os(variable(name)).filter(|set| !set.is_empty()) {
            return Ok(Some(set));
        }
        Ok(self.all_in_file(name)?.into_iter().next().map(OsString::from))
    }

    fn all_in_file(&self, name: &str) -> Result<Vec<String>, Failure> {
        fn text(value: &Value) -> Option<Vec<String>> {
            Some(match value {
                Value::String(text) => vec![text.clone()],
                Value::Integer(number) => vec![number.to_string()],
                Value::Boolean(yes) => vec![yes.to_string()],
                Value::Array(values) => values.iter().map(text).collect::<Option<Vec<_>>>()?.concat(),
                Value::Float(_) | Value::Datetime(_) | Value::Table(_) => return None,
            })
        }
        let wrong = || Failure::wrong_use(format!("the setting '{name}' must be a text or a number"));
        self.file.get(name).map_or(Ok(Vec::new()), |value| text(value).ok_or_else(wrong))
    }

    /// A path.
    pub fn path(&self, flag: Option<&PathBuf>, name: &str) -> Result<Option<PathBuf>, Failure> {
        flag.map_or_else(|| Ok(self.find(name)?.map(PathBuf::from)), |flag| Ok(Some(flag.clone())))
    }

    /// A text.
    pub fn text(&self, flag: Option<&String>, name: &str) -> Result<Option<String>, Failure> {
        let not_text = |_| Failure::wrong_use(format!("{} is not Unicode", variable(name)));
        let found = || self.find(name)?.map(|set| set.into_string().map_err(not_text)).transpose();
        flag.map_or_else(found, |flag| Ok(Some(flag.clone())))
    }

    /// Something that is read from a text.
    pub fn value<T: FromStr<Err: std::fmt::Display>>(&self, flag: Option<T>, name: &str) -> Result<Option<T>, Failure> {
        let read = |text: String| text.parse().map_err(|e| Failure::wrong_use(format!("the setting '{name}': '{text}': {e}")));
        flag.map_or_else(|| self.text(None, name)?.map(read).transpose(), |flag| Ok(Some(flag)))
    }

    /// One of several words.
    pub fn word<T: ValueEnum>(&self, flag: Option<T>, name: &str) -> Result<Option<T>, Failure> {
        flag.map_or_else(|| self.text(None, name)?.map(|text| word(&text, name)).transpose(), |flag| Ok(Some(flag)))
    }

    /// Some of several words: joined by commas in the environment, a list in the file.
    pub fn words<T: ValueEnum>(&self, flags: &[T], name: &str) -> Result<Vec<T>, Failure> {
        if !flags.is_empty() {
            return Ok(flags.to_vec());
        }
        let set = std::env::var(variable(name)).ok().filter(|set| !set.is_empty());
        let all = set.map_or_else(|| self.all_in_file(name), |set| Ok(set.split(',').map(|word| word.trim().to_owned()).collect()))?;
        all.iter().map(|text| word(text, name)).collect()
    }
}

fn word<T: ValueEnum>(text: &str, name: &str) -> Result<T, Failure> {
    T::from_str(text, false).map_err(|_| {
        let words: Vec<String> = T::value_variants().iter().filter_map(|v| Some(v.to_possible_value()?.get_name().to_owned())).collect();
        Failure::wrong_use(format!("the setting '{name}': '{text}' is none of {}", words.join(", ")))
    })
}
