//! The bucket: entries made once, read from the leader, and watched.

use std::{
    collections::{HashMap, HashSet},
    error::Error as _,
    fmt, io,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_nats::{
    HeaderMap,
    connection::State,
    header::NATS_EXPECTED_LAST_SUBJECT_SEQUENCE,
    jetstream::{
        self, Context, ErrorCode,
        consumer::{DeliverPolicy, pull::OrderedConfig},
        context::{GetStreamErrorKind, PublishError, PublishErrorKind},
        stream::{Config, DiscardPolicy, LastRawMessageErrorKind, RetentionPolicy, StorageType, Stream},
    },
};
use futures_util::{StreamExt, TryStreamExt, stream};
use keys::{Kept, KeyError, KeyStore, MasterKey, Mode, Place, Shelf, WrappedKey, Wrapping};
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::AbortHandle,
};
use uuid::Uuid;

use crate::entry::{self, Unreadable};

/// The bucket's name.
pub const BUCKET: &str = "client_keys";
const MASTER: &str = "master";
const DIGEST: &str = "digest";
const CLIENT: &str = "client.";
/// Entries that are asked for, or made, at the same time.
const AT_ONCE: usize = 32;
/// How long a watch that broke off waits before it begins again.
const PAUSE: Duration = Duration::from_millis(200);
/// How often a silent watch looks whether its connection is still the same.
const LOOK_UP: Duration = Duration::from_millis(500);
/// After so many silent looks it asks whether anything should have come.
const ASK_AFTER: u32 = 20;
/// Entries remembered between the question what is missing and the question for the key, at most: some 6 MB.
const REMEMBERED: usize = 65_536;

/// Where the keys are.
#[derive(Clone, Debug)]
pub struct Options {
    /// The servers' addresses as they are shown, without credentials: `JetStreamLog::address`.
    pub server: String,
    /// The bucket's name: [`BUCKET`] but in tests.
    pub bucket: String,
    /// How many servers hold it, when it is made: as many as hold the log.
    pub replicas: usize,
}

impl Options {
    /// The usual bucket on these servers.
    #[must_use]
    pub fn new(server: impl Into<String>) -> Self {
        Self { server: server.into(), bucket: BUCKET.to_owned(), replicas: 1 }
    }
}

/// Opens the keys of the log whose context this is (see the crate's page). Must be called in a multi-thread runtime.
///
/// # Errors
/// [`KeyError::WrongMasterKey`], told by the key's id; [`KeyError::StoreMissing`] where the mode wants keys to be there;
/// [`KeyError::Damaged`] when an entry, or a setting of the bucket, is not as it must be; [`KeyError::Io`] when the server does not answer.
pub async fn open(context: Context, options: Options, master: MasterKey, mode: Mode) -> Result<KeyStore, KeyError> {
    let place = PathBuf::from(format!("{}/{}", options.server, options.bucket));
    let link = Link { stream: stream_of(&context, &options, &place, mode).await?, context, bucket: options.bucket, place };
    let wrapping = Wrapping::under(&master);
    // Where the watch must begin: nothing was read before this.
    let seen = link.last_sequence().await?;
    link.check_master(&wrapping, mode).await?;
    let digest = link.digest(&wrapping, mode).await?;
    let known = Arc::new(Known::default());
    let watch = tokio::spawn(watch(link.clone(), Arc::clone(&known), seen)).abort_handle();
    let bucket = Bucket { link, known, watch, runtime: Handle::current(), writes: mode != Mode::ReadOnly, remembered: Mutex::default() };
    KeyStore::over(Box::new(bucket), wrapping, &digest)
}

/// The stream below the bucket, checked; made where there is none and the mode allows it.
async fn stream_of(context: &Context, options: &Options, place: &std::path::Path, mode: Mode) -> Result<Stream, KeyError> {
    let name = format!("KV_{}", options.bucket);
    let failed = |doing, e: &dyn fmt::Display| KeyError::Io { doing, path: place.to_owned(), source: io::Error::other(e.to_string()) };
    let found = match context.get_stream(&name).await {
        Ok(found) => found,
        Err(error) => match (error.kind(), mode) {
            (GetStreamErrorKind::JetStream(cause), Mode::ReadOnly | Mode::WriteExisting)
                if cause.error_code() == ErrorCode::STREAM_NOT_FOUND =>
            {
                return Err(KeyError::StoreMissing { path: place.to_owned() });
            }
            (GetStreamErrorKind::JetStream(cause), Mode::Write) if cause.error_code() == ErrorCode::STREAM_NOT_FOUND => {
                context.create_stream(config(name.clone(), options)).await.map_err(|e| failed("make", &e))?;
                // Read back: what a server does not know, it leaves out.
                context.get_stream(&name).await.map_err(|e| failed("read", &e))?
            }
            (_, _) => return Err(failed("open", &error)),
        },
    };
    let has = &found.cached_info().config;
    let fine = has.storage == StorageType::File
        && has.retention == RetentionPolicy::Limits
        && has.discard == DiscardPolicy::New
        && has.max_age.is_zero()
        && has.max_messages <= 0
        && has.max_bytes <= 0
        && has.max_messages_per_subject == 1
        && has.deny_delete
        && has.deny_purge
        && !has.allow_rollup
        && !has.allow_message_ttl
        && !has.no_ack
        && has.mirror.is_none()
        && has.sources.as_ref().is_none_or(Vec::is_empty)
        && has.num_replicas >= options.replicas;
    if fine {
        return Ok(found);
    }
    let wanted = "its settings would lose keys: it must be in files, unlimited, with a history of 1, deny_delete, deny_purge, no roll-up, and as many replicas as the log";
    Err(failed("use", &wanted))
}

/// A bucket's stream, but with purging denied: nothing but a destruction ever takes a key away.
fn config(name: String, options: &Options) -> Config {
    Config {
        name,
        description: Some("Trajectlog: clients' keys, wrapped".to_owned()),
        subjects: vec![format!("$KV.{}.>", options.bucket)],
        storage: StorageType::File,
        discard: DiscardPolicy::New,
        max_messages: -1,
        max_bytes: -1,
        max_messages_per_subject: 1,
        max_consumers: -1,
        num_replicas: options.replicas,
        deny_delete: true,
        deny_purge: true,
        allow_direct: true,
        ..Config::default()
    }
}

/// The bucket on its server.
#[derive(Clone)]
struct Link {
    context: Context,
    stream: Stream,
    bucket: String,
    place: PathBuf,
}

/// What came of an attempt to put an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Put {
    Done,
    /// Another revision is there than the one that was to be replaced.
    Other,
}

impl Link {
    fn io(&self, doing: &'static str, cause: impl fmt::Display) -> KeyError {
        KeyError::Io { doing, path: self.place.clone(), source: io::Error::other(cause.to_string()) }
    }

    fn full(&self, doing: &'static str, cause: &PublishError) -> KeyError {
        KeyError::Io { doing, path: self.place.clone(), source: io::Error::new(io::ErrorKind::StorageFull, cause.to_string()) }
    }

    fn unreadable(&self, place: Place, why: Unreadable) -> KeyError {
        match why {
            Unreadable::Version(version) => KeyError::UnknownVersion { path: self.place.clone(), version: u16::from(version) },
            Unreadable::Damaged(why) => KeyError::Damaged { path: self.place.clone(), place, why },
        }
    }

    /// The connection of this moment, counted from 1; 0 while there is none.
    fn connection(&self) -> u64 {
        let client = self.context.client();
        if client.connection_state() == State::Connected { client.statistics().connects.load(Ordering::SeqCst) } else { 0 }
    }

    fn subject(&self, key: &str) -> String {
        format!("$KV.{}.{key}", self.bucket)
    }

    async fn last_sequence(&self) -> Result<u64, KeyError> {
        self.stream.get_info().await.map(|info| info.state.last_sequence).map_err(|e| self.io("read", e))
    }

    /// An entry with its revision, from the leader. A server whose disk is away says that nothing is there: that is believed only of one
    /// that finds what must be there, the master key's id, which every other entry follows.
    async fn entry(&self, key: &str) -> Result<Option<(u64, Vec<u8>)>, KeyError> {
        let found = self.ask_for(key).await?;
        if found.is_none() && key != MASTER && self.last_sequence().await? > 0 && self.ask_for(MASTER).await?.is_none() {
            return Err(self.io("read", "the server finds nothing of what is known to be there: its disk may be away"));
        }
        Ok(found)
    }

    async fn ask_for(&self, key: &str) -> Result<Option<(u64, Vec<u8>)>, KeyError> {
        match self.stream.get_last_raw_message_by_subject(&self.subject(key)).await {
            Ok(found) => Ok(Some((found.sequence, found.payload.to_vec()))),
            Err(error) => match error.kind() {
                LastRawMessageErrorKind::NoMessageFound => Ok(None),
                LastRawMessageErrorKind::JetStream(_) | LastRawMessageErrorKind::InvalidSubject | LastRawMessageErrorKind::Other => {
                    Err(self.io("read", error))
                }
            },
        }
    }

    /// Puts an entry in the place of this revision; 0 stands for nothing.
    async fn put(&self, key: &str, revision: u64, value: Vec<u8>) -> Result<Put, KeyError> {
        let mut headers = HeaderMap::new();
        headers.insert(NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, revision.to_string());
        let sent = self.context.publish_with_headers(self.subject(key), headers, value.into()).await;
        let acknowledged = match sent {
            Ok(acknowledgement) => acknowledgement.await,
            Err(error) => Err(error),
        };
        match acknowledged {
            Ok(_) => Ok(Put::Done),
            Err(error) => match error.kind() {
                PublishErrorKind::WrongLastSequence => Ok(Put::Other),
                PublishErrorKind::StreamNotFound
                | PublishErrorKind::WrongLastMessageId
                | PublishErrorKind::TimedOut
                | PublishErrorKind::BrokenPipe
                | PublishErrorKind::MaxAckPending
                | PublishErrorKind::MaxPayloadExceeded => Err(self.io("write to", error)),
                PublishErrorKind::Other if has_no_room(&error) => Err(self.full("write to", &error)),
                PublishErrorKind::Other => Err(self.io("write to", error)),
            },
        }
    }

    /// Whether the bucket is wrapped under this master key; says so in a new one.
    async fn check_master(&self, wrapping: &Wrapping, mode: Mode) -> Result<(), KeyError> {
        let given = wrapping.master();
        let mut found = self.entry(MASTER).await?;
        if found.is_none() {
            match mode {
                Mode::ReadOnly | Mode::WriteExisting => return Err(KeyError::StoreMissing { path: self.place.clone() }),
                Mode::Write => {}
            }
            if self.last_sequence().await? != 0 {
                // Whoever made it meanwhile wrote this first of all.
                found = self.entry(MASTER).await?;
                if found.is_none() {
                    return Err(self.unreadable(Place::MasterKeyId, Unreadable::Damaged("it is missing, and keys are there")));
                }
            } else if self.put(MASTER, 0, entry::master(given)).await? == Put::Other {
                found = self.entry(MASTER).await?;
            }
        }
        let wanted = found.map_or(Ok(given), |(_, bytes)| entry::read_master(&bytes));
        let wanted = wanted.map_err(|why| self.unreadable(Place::MasterKeyId, why))?;
        if wanted != given {
            return Err(KeyError::WrongMasterKey { path: self.place.clone(), wanted, given });
        }
        Ok(())
    }

    /// The digest key; made in a bucket that holds no client's key yet.
    async fn digest(&self, wrapping: &Wrapping, mode: Mode) -> Result<WrappedKey, KeyError> {
        loop {
            if let Some((_, bytes)) = self.entry(DIGEST).await? {
                return entry::read_digest(&bytes).map_err(|why| self.unreadable(Place::DigestKey, why));
            }
            let only_the_master = self.last_sequence().await? <= 1;
            if mode == Mode::ReadOnly || !only_the_master {
                if self.entry(DIGEST).await?.is_some() {
                    continue;
                }
                return Err(self.unreadable(Place::DigestKey, Unreadable::Damaged("it is missing")));
            }
            let made = wrapping.new_digest_key()?;
            if self.put(DIGEST, 0, entry::digest(&made)).await? == Put::Done {
                return Ok(made);
            }
        }
    }

    async fn client(&self, client: Uuid) -> Result<Option<(u64, Kept)>, KeyError> {
        let Some((revision, bytes)) = self.entry(&key_of(client)).await? else { return Ok(None) };
        let kept = entry::read_client(&bytes).map_err(|why| self.unreadable(Place::Client(client), why))?;
        Ok(Some((revision, kept)))
    }
}

fn key_of(client: Uuid) -> String {
    format!("{CLIENT}{client}")
}

/// What is known without asking.
#[derive(Debug, Default)]
struct Known {
    destroyed: Mutex<HashSet<Uuid>>,
    /// The connection, counted from 1, on which the watch has caught up; 0 while there is none.
    watched: AtomicU64,
}

impl Known {
    fn destroyed(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.destroyed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes every destruction after sequence `seen`, for ever.
async fn watch(link: Link, known: Arc<Known>, mut seen: u64) {
    let mut warned = false;
    loop {
        let connection = link.connection();
        let watching = watch_on(&link, &known, connection, &mut seen).await;
        known.watched.store(0, Ordering::SeqCst);
        if let Err(error) = watching
            && !std::mem::replace(&mut warned, true)
        {
            tracing::warn!(%error, "destructions of keys are not seen now: no key is used from memory until they are");
        } else {
            warned = false;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Watches until the connection is another one, or something fails.
async fn watch_on(link: &Link, known: &Known, connection: u64, seen: &mut u64) -> Result<(), KeyError> {
    let config = OrderedConfig { deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: *seen + 1 }, ..OrderedConfig::default() };
    let consumer = link.stream.create_consumer(config).await.map_err(|e| link.io("watch", e))?;
    let mut messages = consumer.messages().await.map_err(|e| link.io("watch", e))?;
    let mut there = link.last_sequence().await?;
    let mut silent = 0;
    loop {
        // Every entry is looked at, and the last one of a stream is always there: so this says that nothing is unseen.
        if *seen >= there {
            known.watched.store(connection, Ordering::SeqCst);
        }
        match tokio::time::timeout(LOOK_UP, messages.next()).await {
            Ok(Some(Ok(message))) => {
                let sequence = message.info().map(|info| info.stream_sequence).map_err(|e| link.io("watch", e))?;
                note(&message.subject, &message.payload, known);
                (*seen, silent) = (sequence, 0);
            }
            Ok(Some(Err(error))) => return Err(link.io("watch", error)),
            Ok(None) => return Ok(()),
            Err(_) if link.connection() != connection => return Ok(()),
            Err(_) => silent += 1,
        }
        // A consumer that is gone may say nothing at all.
        if silent == ASK_AFTER {
            silent = 0;
            there = link.last_sequence().await?;
            if there > *seen {
                return Ok(());
            }
        }
    }
}

fn note(subject: &str, value: &[u8], known: &Known) {
    let client = subject.rsplit('.').next().and_then(|id| Uuid::try_parse(id).ok());
    if let (Some(client), Ok(Kept::Destroyed)) = (client, entry::read_client(value)) {
        known.destroyed().insert(client);
    }
}

/// Wrapped keys on a server.
struct Bucket {
    link: Link,
    known: Arc<Known>,
    watch: AbortHandle,
    runtime: Handle,
    writes: bool,
    /// Keys that were seen while it was asked what is missing; taken when they are asked for.
    remembered: Mutex<HashMap<Uuid, WrappedKey>>,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket").field("place", &self.link.place).finish_non_exhaustive()
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

impl Bucket {
    /// Waits for the server, on whatever thread this is called.
    fn wait<T>(&self, work: impl Future<Output = Result<T, KeyError>>) -> Result<T, KeyError> {
        match Handle::try_current().map(|current| current.runtime_flavor()) {
            // Not in a runtime.
            Err(_) => self.runtime.block_on(work),
            Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(|| self.runtime.block_on(work)),
            Ok(_) => Err(self.link.io("wait for", "this needs a multi-thread runtime")),
        }
    }

    fn must_write(&self) -> Result<(), KeyError> {
        if self.writes { Ok(()) } else { Err(KeyError::ReadOnly { path: self.link.place.clone() }) }
    }

    fn remembered(&self) -> MutexGuard<'_, HashMap<Uuid, WrappedKey>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn destroyed(&self, client: Uuid) -> KeyError {
        self.known.destroyed().insert(client);
        self.remembered().remove(&client);
        KeyError::Destroyed { client }
    }

    fn remember(&self, client: Uuid, key: WrappedKey) {
        let mut remembered = self.remembered();
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        remembered.insert(client, key);
    }

    /// Makes an entry where nothing is; `true` if it is this one.
    async fn add_one(&self, client: Uuid, key: WrappedKey) -> Result<bool, KeyError> {
        match self.link.put(&key_of(client), 0, entry::client(&Kept::Live(key))).await? {
            Put::Done => Ok(true),
            Put::Other => match self.link.client(client).await? {
                Some((_, Kept::Live(_))) => Ok(false),
                Some((_, Kept::Destroyed)) => Err(self.destroyed(client)),
                None => Err(self.damaged(client, "it is there, and cannot be read")),
            },
        }
    }
}

impl Shelf for Bucket {
    fn place(&self) -> PathBuf {
        self.link.place.clone()
    }

    fn find(&self, client: Uuid) -> Result<Option<Kept>, KeyError> {
        let remembered = self.remembered().remove(&client);
        if let Some(key) = remembered.filter(|_| self.is_current() && !self.is_destroyed(client)) {
            return Ok(Some(Kept::Live(key)));
        }
        let found = self.wait(self.link.client(client))?.map(|(_, kept)| kept);
        if found == Some(Kept::Destroyed) {
            self.known.destroyed().insert(client);
        }
        Ok(found)
    }

    fn missing(&self, clients: &[Uuid]) -> Result<Vec<Uuid>, KeyError> {
        let mut distinct = clients.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        if let Some(client) = distinct.iter().find(|client| self.is_destroyed(**client)) {
            return Err(KeyError::Destroyed { client: *client });
        }
        if self.is_current() {
            // An entry that was seen is still there, or its destruction would have been seen.
            let remembered = self.remembered();
            distinct.retain(|client| !remembered.contains_key(client));
        }
        let ask = |client: Uuid| async move { Ok::<_, KeyError>((client, self.link.client(client).await?)) };
        let answers = self.wait(stream::iter(distinct).map(ask).buffered(AT_ONCE).try_collect::<Vec<_>>())?;
        let mut missing = Vec::new();
        for (client, found) in answers {
            match found {
                None => missing.push(client),
                Some((_, Kept::Live(key))) => self.remember(client, key),
                Some((_, Kept::Destroyed)) => return Err(self.destroyed(client)),
            }
        }
        Ok(missing)
    }

    fn add(&self, keys: &[(Uuid, WrappedKey)]) -> Result<Vec<Uuid>, KeyError> {
        self.must_write()?;
        let add = |(client, key): (Uuid, WrappedKey)| async move { Ok::<_, KeyError>((client, self.add_one(client, key).await?)) };
        let answers = self.wait(stream::iter(keys.to_vec()).map(add).buffered(AT_ONCE).try_collect::<Vec<_>>())?;
        Ok(answers.into_iter().filter_map(|(client, mine)| mine.then_some(client)).collect())
    }

    fn destroy(&self, client: Uuid) -> Result<bool, KeyError> {
        self.must_write()?;
        let was_live = self.wait(async {
            loop {
                let (revision, was_live) = match self.link.client(client).await? {
                    Some((_, Kept::Destroyed)) => return Ok(false),
                    Some((revision, Kept::Live(_))) => (revision, true),
                    None => (0, false),
                };
                // Another gateway may make or destroy the key at this moment: then what is there now is looked at again.
                if self.link.put(&key_of(client), revision, entry::client(&Kept::Destroyed)).await? == Put::Done {
                    return Ok(was_live);
                }
            }
        })?;
        self.known.destroyed().insert(client);
        self.remembered().remove(&client);
        Ok(was_live)
    }

    fn is_destroyed(&self, client: Uuid) -> bool {
        self.known.destroyed().contains(&client)
    }

    fn is_current(&self) -> bool {
        let connection = self.link.connection();
        connection != 0 && self.known.watched.load(Ordering::SeqCst) == connection
    }

    fn damaged(&self, client: Uuid, why: &'static str) -> KeyError {
        KeyError::Damaged { path: self.link.place.clone(), place: Place::Client(client), why }
    }
}

/// Whether a server refused for want of room.
fn has_no_room(error: &PublishError) -> bool {
    let refusal = error.source().and_then(|cause| cause.downcast_ref::<jetstream::Error>());
    refusal.is_some_and(|refusal| match refusal.error_code() {
        ErrorCode::INSUFFICIENT_RESOURCES
        | ErrorCode::STORAGE_RESOURCES_EXCEEDED
        | ErrorCode::MEMORY_RESOURCES_EXCEEDED
        | ErrorCode::ACCOUNT_RESOURCES_EXCEEDED
        | ErrorCode::STREAM_MAX_STREAM_BYTES_EXCEEDED => true,
        ErrorCode::STREAM_STORE_FAILED => refusal.to_string().contains("no space"),
        _ => false,
    })
}
