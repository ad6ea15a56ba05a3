//! Connecting, making the stream where there is none, and checking that what is there can keep a log.

use std::{path::PathBuf, sync::atomic::Ordering, time::Duration};

use async_nats::{
    Client, ConnectOptions,
    connection::State,
    jetstream::{
        self, ErrorCode,
        context::{CreateStreamErrorKind, GetStreamErrorKind},
        stream::{Config, DiscardPolicy, Info, PersistenceMode, RetentionPolicy, StorageType},
    },
};
use event_log::ReadError;

use crate::{Durability, Mode, Options, monitor, options::SignIn};

/// The first server that takes nothing more once a write has failed, and says so; atomic batches came with 2.12.
const OLDEST_SERVER: (u64, u64) = (2, 14);
/// How long the server remembers ids: what a writer sends again within it is found to be there. Correctness does not depend on it.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(120);
/// How long an answer may take: a server that needs longer is not one to wait for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// Replicas from which on a majority outlives the loss of one.
const FEWEST_REPLICAS: usize = 3;
/// A connection that is silent for twice this long is given up: a frozen server is noticed.
const PING_INTERVAL: Duration = Duration::from_secs(10);

/// How often a writer that waits for an answer looks whether it can still come.
const LOOK_UP: Duration = Duration::from_millis(50);

/// A connected server, and the errors that name it.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) context: jetstream::Context,
    pub(crate) options: Options,
    /// The servers' addresses, without credentials.
    pub(crate) server: String,
}

impl Connection {
    pub(crate) async fn open(options: Options) -> Result<Self, ReadError> {
        let (addresses, server) = (options.addresses()?, options.server());
        let unreachable = |cause: String| ReadError::Unreachable { server: server.clone(), cause };
        let mut connecting = ConnectOptions::new().name("trajectlog").connection_timeout(PATIENCE).request_timeout(Some(PATIENCE));
        connecting = connecting.ping_interval(PING_INTERVAL).reconnect_delay_callback(reconnect_delay);
        if let Some(inbox) = options.inbox() {
            connecting = connecting.custom_inbox_prefix(inbox);
        }
        connecting = match options.sign_in() {
            SignIn::Nothing => connecting,
            SignIn::User(user, password) => connecting.user_and_password(user, password),
            SignIn::Token(token) => connecting.token(token),
        };
        if let Some(token) = &options.token {
            connecting = connecting.token(token.clone());
        }
        if let Some(path) = &options.credentials {
            // The cause may repeat a line of the file.
            let unreadable = |_| unreachable(format!("the credentials file {} cannot be read", path.display()));
            connecting = connecting.credentials_file(path).await.map_err(unreadable)?;
        }
        if let Some(path) = &options.authority {
            connecting = connecting.add_root_certificates(path.clone());
        }
        if let Some((certificate, key)) = &options.certificate {
            connecting = connecting.add_client_certificate(certificate.clone(), key.clone());
        }
        let client = connecting.connect(addresses).await.map_err(|e| unreachable(format!("{e}. Is it running?")))?;
        let context = jetstream::context::ContextBuilder::new().timeout(PATIENCE).build(client.clone());
        let connection = Self { client, context, options, server };
        connection.check_version()?;
        Ok(connection)
    }

    pub(crate) fn unfit(&self, cause: impl Into<String>) -> ReadError {
        ReadError::Unfit { server: self.server.clone(), cause: cause.into() }
    }

    pub(crate) fn unreachable(&self, cause: impl Into<String>) -> ReadError {
        ReadError::Unreachable { server: self.server.clone(), cause: cause.into() }
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Which connection this is, counted from 1.
    pub(crate) fn number(&self) -> u64 {
        self.client.statistics().connects.load(Ordering::SeqCst)
    }

    /// Returns when connection `number` is lost.
    pub(crate) async fn lost(&self, number: u64) {
        while self.is_connected() && self.number() == number {
            tokio::time::sleep(LOOK_UP).await;
        }
    }

    /// The answer to a question, as long as the connection holds over which it was asked.
    pub(crate) async fn answered<T>(&self, ask: impl Future<Output = Result<T, ReadError>>) -> Result<T, ReadError> {
        tokio::select! {
            biased;
            () = self.lost(self.number()) => Err(self.unreachable("the connection is lost; it is sought again all the time")),
            answer = ask => answer,
        }
    }

    fn check_version(&self) -> Result<(), ReadError> {
        let info = self.client.server_info();
        let mut numbers = info.version.split(['.', '-']).map_while(|part| part.parse::<u64>().ok());
        let version = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        if version < OLDEST_SERVER {
            let (major, minor) = OLDEST_SERVER;
            return Err(self.unfit(format!("it has version {}; use {major}.{minor} or newer", info.version)));
        }
        Ok(())
    }

    /// The stream, checked; made where there is none and the mode allows it.
    pub(crate) async fn stream(&self, mode: Mode) -> Result<Info, ReadError> {
        let name = &self.options.stream;
        let info = match self.context.get_stream(name).await {
            Ok(stream) => stream.cached_info().clone(),
            Err(error) => match error.kind() {
                GetStreamErrorKind::JetStream(cause) if cause.error_code() == ErrorCode::STREAM_NOT_FOUND => match mode {
                    Mode::ReadOnly => return Err(ReadError::Missing { folder: PathBuf::from(format!("{}/{name}", self.server)) }),
                    Mode::Write => self.create().await?,
                },
                // A cluster that has no leader yet, or that lacks servers.
                GetStreamErrorKind::JetStream(cause) if passes(&cause) => {
                    return Err(self.unreachable(format!("it does not show stream {name}: {cause}")));
                }
                GetStreamErrorKind::JetStream(cause) => return Err(self.unfit(format!("it does not show stream {name}: {cause}"))),
                GetStreamErrorKind::Request => {
                    let cause = "its JetStream does not answer. Is JetStream enabled, for this user too?";
                    return Err(self.unreachable(cause));
                }
                GetStreamErrorKind::EmptyName | GetStreamErrorKind::InvalidStreamName => {
                    return Err(self.unfit(format!("{name:?} is no name of a stream")));
                }
            },
        };
        self.check(&info)?;
        Ok(info)
    }

    async fn create(&self) -> Result<Info, ReadError> {
        let Options { stream, subjects, replicas, .. } = &self.options;
        let config = Config {
            name: stream.clone(),
            description: Some("Trajectlog: what coaches told, in order, for ever".to_owned()),
            subjects: vec![format!("{subjects}.*.*")],
            retention: RetentionPolicy::Limits,
            discard: DiscardPolicy::New,
            storage: StorageType::File,
            max_messages: -1,
            max_bytes: -1,
            max_messages_per_subject: -1,
            max_consumers: -1,
            num_replicas: *replicas,
            duplicate_window: DUPLICATE_WINDOW,
            deny_delete: true,
            deny_purge: true,
            allow_direct: true,
            allow_atomic_publish: true,
            ..Config::default()
        };
        let unmade = |cause: &dyn std::fmt::Display| self.unfit(format!("stream {stream} cannot be made: {cause}"));
        // Another writer may have made it meanwhile, with the same settings: then this is no error.
        self.context.create_stream(config).await.map_err(|e| match e.kind() {
            // Its servers have not yet found each other, or are too few.
            CreateStreamErrorKind::JetStream(cause) if passes(&cause) => {
                self.unreachable(format!("stream {stream} cannot be made yet: {cause}"))
            }
            CreateStreamErrorKind::TimedOut => self.unreachable(format!("stream {stream} cannot be made yet: {e}")),
            CreateStreamErrorKind::JetStream(_)
            | CreateStreamErrorKind::EmptyStreamName
            | CreateStreamErrorKind::InvalidStreamName
            | CreateStreamErrorKind::DomainAndExternalSet
            | CreateStreamErrorKind::JetStreamUnavailable
            | CreateStreamErrorKind::Response
            | CreateStreamErrorKind::NotFound
            | CreateStreamErrorKind::ResponseParse => unmade(&e),
        })?;
        // Read back: what a server does not know, it leaves out.
        let mut read = self.context.get_stream(stream).await.map_err(|e| unmade(&e))?;
        read.info().await.cloned().map_err(|e| unmade(&e))
    }

    /// Whether the stream, as the server has it, loses nothing and takes nothing else.
    fn check(&self, info: &Info) -> Result<(), ReadError> {
        let differs = differences(&info.config, &self.options);
        if !differs.is_empty() {
            let name = &info.config.name;
            return Err(
                self.unfit(format!("stream {name} is not as it must be: {}. Set it right with `nats stream edit`", differs.join("; ")))
            );
        }
        Ok(())
    }

    /// Whether what this server acknowledges survives a power cut. Gives the id of the server for which that was found.
    pub(crate) async fn check_durability(&self, info: &Info) -> Result<String, ReadError> {
        let id = self.client.server_info().server_id;
        match self.options.durability {
            Durability::Unsafe => tracing::warn!(server = %self.server, "a power cut may take events that were acknowledged"),
            Durability::Replicated => {
                let held = info.cluster.as_ref().map_or(1, |cluster| cluster.replicas.len() + 1).min(info.config.num_replicas);
                if held < FEWEST_REPLICAS {
                    let name = &info.config.name;
                    let cause = format!("stream {name} has {held} replica(s), and without syncing it needs {FEWEST_REPLICAS}");
                    return Err(self.unfit(cause));
                }
            }
            Durability::Synced => self.check_synced(&id, info).await?,
        }
        Ok(id)
    }

    async fn check_synced(&self, id: &str, info: &Info) -> Result<(), ReadError> {
        const OTHERWISE: &str = "(or say in so many words that replicas, or nothing, stand for syncing)";
        let address = self.options.monitor_address();
        let unknown = |cause: String| {
            let advice = "Set `http_port: 8222` in its configuration, or name the address of its monitoring page";
            self.unfit(format!("whether it syncs before it acknowledges is not known: {address}/varz: {cause}. {advice} {OTHERWISE}"))
        };
        let varz = monitor::varz(&address).await.map_err(unknown)?;
        if varz.server_id != id {
            return Err(unknown("it is the page of another server than the one that is connected".to_owned()));
        }
        let Some(syncs) = varz.syncs_always() else {
            return Err(self.unreachable(format!("{address}/varz does not say yet how it keeps JetStream")));
        };
        if !syncs {
            let cause = "it acknowledges before it syncs: a power cut would take up to two minutes of events";
            return Err(
                self.unfit(format!("{cause}. Set `sync_interval: always` in the `jetstream` part of its configuration {OTHERWISE}"))
            );
        }
        let leader = info.cluster.as_ref().and_then(|cluster| cluster.leader.as_ref());
        if leader.is_some_and(|leader| *leader != varz.server_name) {
            return Err(unknown("the stream is kept by another server of the cluster".to_owned()));
        }
        Ok(())
    }
}

/// What about the stream's settings would lose, change or hide a message: each with what it should be.
fn differences(config: &Config, options: &Options) -> Vec<String> {
    let mut differs = Vec::new();
    let mut want = |fine: bool, what: &str| {
        if !fine {
            differs.push(what.to_owned());
        }
    };
    let subjects = format!("{}.*.*", options.subjects);
    want(config.subjects == [subjects.as_str()], &format!("its subjects must be {subjects} and no other"));
    want(config.retention == RetentionPolicy::Limits, "retention must be limits");
    want(config.storage == StorageType::File, "storage must be file");
    want(config.discard == DiscardPolicy::New, "discard must be new");
    want(config.max_messages <= 0, "max_msgs must be unlimited");
    want(config.max_bytes <= 0, "max_bytes must be unlimited");
    want(config.max_messages_per_subject <= 0, "max_msgs_per_subject must be unlimited");
    want(config.max_message_size <= 0, "max_msg_size must be unlimited");
    want(config.max_age.is_zero(), "max_age must be unlimited");
    want(config.deny_delete, "deny_delete must be on");
    want(config.deny_purge, "deny_purge must be on");
    want(!config.allow_rollup, "allow_rollup_hdrs must be off");
    want(!config.no_ack, "no_ack must be off");
    want(!config.sealed, "it must not be sealed");
    want(config.mirror.is_none(), "it must mirror nothing");
    want(config.sources.as_ref().is_none_or(Vec::is_empty), "it must have no sources");
    want(config.subject_transform.is_none(), "it must transform no subjects");
    want(config.republish.is_none(), "it must republish nothing");
    want(!config.allow_message_ttl && config.subject_delete_marker_ttl.is_none(), "allow_msg_ttl must be off");
    want(!config.allow_message_counter, "allow_msg_counter must be off");
    want(!config.allow_message_schedules, "allow_msg_schedules must be off");
    want(config.first_sequence.is_none_or(|first| first <= 1), "its first sequence must be 1");
    want(!matches!(config.persist_mode, Some(PersistenceMode::Async)), "persist_mode must be default");
    want(config.allow_direct, "allow_direct must be on");
    want(config.allow_atomic_publish, "allow_atomic must be on");
    differs
}

/// How long to wait before the next try to connect: a server that is back is found within half a second.
fn reconnect_delay(attempts: usize) -> Duration {
    const FIRST: Duration = Duration::from_millis(20);
    const LONGEST: Duration = Duration::from_millis(500);
    u32::try_from(attempts).map_or(LONGEST, |attempts| FIRST.saturating_mul(attempts)).min(LONGEST)
}

/// Whether a cluster says that it cannot do it now: it has no leader yet, or lacks servers.
fn passes(cause: &async_nats::jetstream::Error) -> bool {
    const UNAVAILABLE: usize = 503;
    const NO_SUITABLE_PEERS: u64 = 10_005;
    cause.code() == UNAVAILABLE || cause.error_code().0 == NO_SUITABLE_PEERS
}
