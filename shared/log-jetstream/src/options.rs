//! What a log is opened with.

use std::{fmt, path::PathBuf, time::Duration};

use async_nats::ServerAddr;
use event_log::ReadError;

/// The stream's name.
pub const STREAM: &str = "TRAJECT_EVENTS";
/// What the subjects begin with; organisation and trajectory follow.
pub const SUBJECT_PREFIX: &str = "traject.events";
/// Where a server's monitoring is looked for when nothing else is said.
const MONITOR_PORT: u16 = 8222;

/// How long a question is repeated while the server is away, when nothing else is said: a restart takes less.
pub(crate) const OUTAGE: Duration = Duration::from_secs(10);

/// How it is made sure that what the server acknowledges survives a power cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// The server syncs every write to its disk before it acknowledges it (`sync_interval: always`); its monitoring page says so.
    #[default]
    Synced,
    /// The stream has three replicas or more, on machines that do not share one power supply.
    Replicated,
    /// Whatever the server does. A power cut may take what was acknowledged in the two minutes before it.
    Unsafe,
}

/// How a log is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The stream must be there; nothing is made or written, and how durable the server is does not matter.
    ReadOnly,
    /// Makes the stream where there is none.
    Write,
}

/// What a log is opened with: an address, and everything that has a default.
#[derive(Clone)]
pub struct Options {
    pub(crate) url: String,
    pub(crate) stream: String,
    pub(crate) subjects: String,
    pub(crate) replicas: usize,
    pub(crate) durability: Durability,
    pub(crate) monitor: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) credentials: Option<PathBuf>,
    pub(crate) authority: Option<PathBuf>,
    pub(crate) certificate: Option<(PathBuf, PathBuf)>,
    pub(crate) inbox: Option<String>,
    pub(crate) outage: Duration,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("server", &self.server())
            .field("stream", &self.stream)
            .field("subjects", &self.subjects)
            .field("replicas", &self.replicas)
            .field("durability", &self.durability)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// The servers at `url`: `nats://host:4222`, `tls://…`, with `user:password@` before the host, several joined by commas.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            stream: STREAM.to_owned(),
            subjects: SUBJECT_PREFIX.to_owned(),
            replicas: 1,
            durability: Durability::default(),
            monitor: None,
            token: None,
            credentials: None,
            authority: None,
            certificate: None,
            inbox: None,
            outage: OUTAGE,
        }
    }

    /// Another stream than [`STREAM`], with another beginning of its subjects than [`SUBJECT_PREFIX`]: for several logs on one server.
    #[must_use]
    pub fn stream(mut self, name: impl Into<String>, subject_prefix: impl Into<String>) -> Self {
        (self.stream, self.subjects) = (name.into(), subject_prefix.into());
        self
    }

    /// How many servers of a cluster hold the stream, when it is made: 1 where nothing is said.
    #[must_use]
    pub const fn replicas(mut self, replicas: usize) -> Self {
        self.replicas = replicas;
        self
    }

    /// What must be true of the server for writing: [`Durability::Synced`] where nothing is said.
    #[must_use]
    pub const fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// The address of the server's monitoring page, `http://host:8222`: port 8222 of the server's own host where nothing is said.
    #[must_use]
    pub fn monitor(mut self, url: impl Into<String>) -> Self {
        self.monitor = Some(url.into());
        self
    }

    /// Signs in with a token.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Signs in with a credentials file, as `nsc` writes it.
    #[must_use]
    pub fn credentials_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.credentials = Some(path.into());
        self
    }

    /// Believes certificates that this authority (PEM) signed, besides those that the machine believes.
    #[must_use]
    pub fn certificate_authority(mut self, path: impl Into<PathBuf>) -> Self {
        self.authority = Some(path.into());
        self
    }

    /// Shows this certificate (PEM), with its key, to the server.
    #[must_use]
    pub fn client_certificate(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.certificate = Some((certificate.into(), key.into()));
        self
    }

    /// Receives answers under subjects that begin so, where the server's permissions want that: `_INBOX_<user>` where nothing is said
    /// and a user stands in the address.
    #[must_use]
    pub fn inbox_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.inbox = Some(prefix.into());
        self
    }

    /// How long a question to the open log is repeated while the server is away, before it is answered with
    /// [`ReadError::Unreachable`]: ten seconds where nothing is said. Less where someone waits for the answer.
    #[must_use]
    pub const fn outage(mut self, outage: Duration) -> Self {
        self.outage = outage;
        self
    }

    /// How the address says to sign in.
    pub(crate) fn sign_in(&self) -> SignIn {
        let Some(first) = self.addresses().ok().and_then(|all| all.into_iter().next()) else { return SignIn::Nothing };
        match (first.username(), first.password()) {
            (Some(user), Some(password)) => SignIn::User(decoded(user), decoded(password)),
            (Some(token), None) => SignIn::Token(decoded(token)),
            (None, _) => SignIn::Nothing,
        }
    }

    /// The subject under which answers are received, if it is not the client's own.
    pub(crate) fn inbox(&self) -> Option<String> {
        let of_user = || {
            let first = self.addresses().ok()?.into_iter().next()?;
            let plain = |user: &&str| user.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
            // A name without a password is a token, and secret.
            first.password().and(first.username()).filter(plain).map(|user| format!("_INBOX_{user}"))
        };
        self.inbox.clone().or_else(of_user)
    }

    /// The addresses, parsed.
    pub(crate) fn addresses(&self) -> Result<Vec<ServerAddr>, ReadError> {
        // What cannot be parsed is not repeated: it may hold a password.
        let wrong = || ReadError::Unfit {
            server: "the address given".to_owned(),
            cause: "it is not of the form nats://host:4222 (or tls://, or several joined by commas)".to_owned(),
        };
        let parsed: Result<Vec<ServerAddr>, _> = self.url.split(',').map(|one| one.trim().parse::<ServerAddr>()).collect();
        parsed.ok().filter(|all| !all.is_empty() && all.iter().all(|one| !one.host().is_empty())).ok_or_else(wrong)
    }

    /// The addresses as they are shown: without credentials.
    pub(crate) fn server(&self) -> String {
        let Ok(addresses) = self.addresses() else { return "an address that cannot be read".to_owned() };
        let shown: Vec<String> = addresses.iter().map(|one| format!("{}://{}:{}", one.scheme(), host(one), one.port())).collect();
        shown.join(",")
    }

    /// Where the monitoring page is.
    pub(crate) fn monitor_address(&self) -> String {
        match (&self.monitor, self.addresses().ok().and_then(|all| all.into_iter().next())) {
            (Some(url), _) => url.clone(),
            (None, Some(first)) => format!("http://{}:{MONITOR_PORT}", host(&first)),
            (None, None) => String::new(),
        }
    }
}

/// Who an address says that it is for.
pub(crate) enum SignIn {
    Nothing,
    User(String, String),
    Token(String),
}

/// A part of an address, with `%40` and the like as what they stand for.
fn decoded(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = part.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        plain.push(digits.unwrap_or(*byte));
        at += if digits.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// The host as it stands in an address: IPv6 in brackets.
fn host(address: &ServerAddr) -> String {
    let host = address.host();
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_credential_is_shown() {
        let options = Options::new("nats://user:geheim@one:4222, tls://token@[::1]:4333").token("sleutel");
        let shown = format!("{options:?} {} {}", options.server(), options.monitor_address());
        assert!(!shown.contains("geheim") && !shown.contains("token@") && !shown.contains("sleutel"), "{shown}");
        assert_eq!(options.server(), "nats://one:4222,tls://[::1]:4333");
        assert_eq!(options.monitor_address(), "http://one:8222");
    }

    #[test]
    fn a_password_may_hold_any_character() {
        let SignIn::User(user, password) = Options::new("nats://coach:a%40b%3A%C3%A9%@one").sign_in() else { panic!("a user") };
        assert_eq!((user.as_str(), password.as_str()), ("coach", "a@b:é%"));
        assert!(matches!(Options::new("nats://token@one").sign_in(), SignIn::Token(token) if token == "token"));
        assert_eq!(Options::new("nats://coach:x@one").inbox().as_deref(), Some("_INBOX_coach"));
        assert_eq!(Options::new("nats://token@one").inbox(), None);
    }

    #[test]
    fn an_address_that_cannot_be_read_is_not_repeated() {
        for url in ["", "http://user:geheim@one", "nats://user:geheim@", "nats://u:geheim@one:99999"] {
            let error = Options::new(url).addresses().expect_err(url).to_string();
            assert!(!error.contains("geheim"), "{error}");
        }
    }
}
