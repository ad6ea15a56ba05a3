//! Where log, keys and views are: all in a data folder, or log and keys on NATS and the views in a folder.

use std::{sync::Arc, time::Duration};

use event_log::{EventLog, Position, ReadError};
use keys::KeyStore;
use log_jetstream::{JetStreamLog, Mode, Options};
use views::Views;

use crate::{
    cli::{self, Durability},
    failure::Failure,
    folder::Folder,
    log::Log,
    settings::Settings,
};

/// Of so many replicas a majority outlives the loss of one.
const REPLICAS: usize = 3;
/// How long a service asks again for what it reads while the servers are away: longer than a restart, shorter than patience.
const OUTAGE: Duration = Duration::from_secs(3);
/// How often keys that cannot be reached are tried again when they are opened, and the pause before each.
const TRIES: u32 = 10;
/// How often a service tries to reach a server that is not there yet, after the first time.
const CONNECTS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(500);

/// Where everything is.
#[derive(Debug)]
pub struct Place {
    folder: Folder,
    nats: Option<Options>,
    /// How many servers hold what is made on NATS.
    replicas: usize,
    /// Whether it waits for a server that is not there yet.
    waits: bool,
}

impl Place {
    /// The place that flags, environment and file name.
    pub fn of(named: &cli::Place, settings: &Settings) -> Result<Self, Failure> {
        let nats = settings.text(named.nats.as_ref(), "nats")?;
        // Who counts on replicas wants them of everything that is made: keys must not be less durable than the texts under them.
        let replicated = settings.word(named.server.nats_durability, "nats-durability")? == Some(Durability::Replicated);
        let replicas = settings.value(named.server.nats_replicas, "nats-replicas")?.unwrap_or(if replicated { REPLICAS } else { 1 });
        if replicated && replicas < REPLICAS {
            return Err(Failure::wrong_use(format!(
                "with --nats-durability replicated at least {REPLICAS} servers hold everything: give --nats-replicas {REPLICAS}, or leave it out"
            )));
        }
        let nats = nats.map(|url| options(url, replicas, named, settings)).transpose()?;
        Ok(Self { folder: Folder::new(named, settings)?, nats, replicas, waits: false })
    }

    /// The demo's folder, whatever else is set: invented people never come among real ones.
    pub fn of_demo(named: &cli::Place, settings: &Settings) -> Result<Self, Failure> {
        if named.nats.is_some() {
            return Err(Failure::wrong_use("the demo keeps its invented people in a folder of its own: it knows no --nats"));
        }
        Ok(Self { folder: Folder::of_demo(named, settings)?, nats: None, replicas: 1, waits: false })
    }

    /// How many servers hold what is made on NATS.
    pub const fn replicas(&self) -> usize {
        self.replicas
    }

    /// The data folder.
    pub const fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Whether the log is on NATS, where others may write too.
    pub const fn is_shared(&self) -> bool {
        self.nats.is_some()
    }

    /// The log, for reading.
    pub async fn log(&self) -> Result<Log, Failure> {
        match &self.nats {
            None => Ok(Log::Embedded(self.folder.log().await?)),
            Some(options) => Ok(Log::JetStream(self.as_asked(JetStreamLog::open(options.clone(), Mode::ReadOnly).await?)?)),
        }
    }

    /// The log as it is, for making its views anew: whatever they have seen.
    pub async fn log_as_it_is(&self) -> Result<Log, Failure> {
        match &self.nats {
            None => Ok(Log::Embedded(self.folder.log_as_it_is()?)),
            Some(_) => self.log().await,
        }
    }

    /// The keys that belong to a log, for reading.
    pub async fn keys(&self, log: &Log) -> Result<KeyStore, Failure> {
        match log {
            Log::Embedded(_) => self.folder.keys(),
            Log::JetStream(log) => self.shared_keys(log, keys::Mode::ReadOnly).await,
        }
    }

    /// The same place for a service: whoever waits for an answer is told soon that the log is away.
    pub fn for_serving(&self) -> Self {
        let nats = self.nats.clone().map(|options| options.outage(OUTAGE));
        Self { folder: self.folder.clone(), nats, replicas: self.replicas, waits: true }
    }

    /// Log and keys, for writing; made where there are none.
    pub async fn for_writing(&self) -> Result<(Arc<Log>, Arc<KeyStore>), Failure> {
        let Some(options) = &self.nats else {
            let (log, keys) = self.folder.for_writing().await?;
            return Ok((Arc::new(Log::Embedded(log)), Arc::new(keys)));
        };
        let log = self.connected(options).await?;
        // A log that holds events has its keys: they must not be silently made anew.
        let begun = log.head().await?.position > Position::START;
        let keys = self.shared_keys(&log, if begun { keys::Mode::WriteExisting } else { keys::Mode::Write }).await?;
        Ok((Arc::new(Log::JetStream(log)), Arc::new(keys)))
    }

    /// The log for writing. A service that begins together with its server waits for it a while.
    async fn connected(&self, options: &Options) -> Result<JetStreamLog, Failure> {
        let mut tries = 0;
        loop {
            match JetStreamLog::open(options.clone(), Mode::Write).await {
                Err(e @ ReadError::Unreachable { .. }) if self.waits && tries < CONNECTS => {
                    tries += 1;
                    tracing::warn!("waiting for the log: {e}");
                    tokio::time::sleep(PAUSE).await;
                }
                opened => return self.as_asked(opened?),
            }
        }
    }

    /// The log, if it is kept on as many servers as asked for: waiting would not make them more.
    fn as_asked(&self, log: JetStreamLog) -> Result<JetStreamLog, Failure> {
        let (has, wanted) = (log.replicas(), self.replicas);
        if has < wanted {
            return Err(Failure::wrong_use(format!(
                "the log at {} has {has} replica(s), and --nats-replicas asks for {wanted}: give as many as it has, or make them more with \
                 `nats stream edit --replicas {wanted}`, for the buckets too",
                log.address()
            )));
        }
        Ok(log)
    }

    /// The views of a log in the data folder; those of a shared log belong to the services that keep them.
    pub fn views(&self, make: bool) -> Option<Views> {
        if self.is_shared() { None } else { self.folder.views(make) }
    }

    async fn shared_keys(&self, log: &JetStreamLog, mode: keys::Mode) -> Result<KeyStore, Failure> {
        let options = keys_nats::Options { replicas: self.replicas, ..keys_nats::Options::new(log.address()) };
        // A cluster that has just made the bucket needs a moment to agree on its leader.
        let mut tries = 0;
        loop {
            let master = self.folder.master_key(mode == keys::Mode::Write).map_err(|failure| {
                let sentence = failure.sentence().unwrap_or_default();
                Failure::of(failure.exit_code(), Some(format!("{sentence}. Every process that shares a log needs the same master key")))
            })?;
            match keys_nats::open(log.context(), options.clone(), master, mode).await {
                Err(e) if e.class() == keys::Class::Retryable && tries < TRIES => {
                    tries += 1;
                    tracing::warn!("the clients' keys cannot be reached yet: {e}");
                    tokio::time::sleep(PAUSE).await;
                }
                opened => return Ok(opened?),
            }
        }
    }
}

fn options(url: String, replicas: usize, named: &cli::Place, settings: &Settings) -> Result<Options, Failure> {
    let server = &named.server;
    let durability = match settings.word(server.nats_durability, "nats-durability")? {
        None | Some(Durability::Synced) => log_jetstream::Durability::Synced,
        Some(Durability::Replicated) => log_jetstream::Durability::Replicated,
        Some(Durability::Unsafe) => log_jetstream::Durability::Unsafe,
    };
    let mut options = Options::new(url).durability(durability).replicas(replicas);
    if let Some(monitor) = settings.text(server.nats_monitor.as_ref(), "nats-monitor")? {
        options = options.monitor(monitor);
    }
    if let Some(token) = settings.text(None, "nats-token")? {
        options = options.token(token);
    }
    if let Some(creds) = settings.path(server.nats_creds.as_ref(), "nats-creds")? {
        options = options.credentials_file(creds);
    }
    if let Some(ca) = settings.path(server.nats_ca.as_ref(), "nats-ca")? {
        options = options.certificate_authority(ca);
    }
    match (settings.path(server.nats_cert.as_ref(), "nats-cert")?, settings.path(server.nats_key.as_ref(), "nats-key")?) {
        (Some(certificate), Some(key)) => Ok(options.client_certificate(certificate, key)),
        (None, None) => Ok(options),
        (Some(_), None) | (None, Some(_)) => Err(Failure::wrong_use("--nats-cert and --nats-key belong together: give both, or neither")),
    }
}
