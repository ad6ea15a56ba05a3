//! Whether the server syncs before it acknowledges, and whether what it shows is on its disk: its monitoring page says so, and nothing else does.

use std::time::Duration;

use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The page is some 10 kB; more than this is another page.
const LONGEST_ANSWER: u64 = 1 << 20;
/// The page is made from memory, on the server that just answered.
const PATIENCE: Duration = Duration::from_secs(5);
/// Recording waits for this one.
const HEALTH_WITHIN: Duration = Duration::from_secs(1);
const DEFAULT_PORT: u16 = 80;

/// What the page says, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(crate) struct Varz {
    pub(crate) server_id: String,
    #[serde(default)]
    pub(crate) server_name: String,
    #[serde(default)]
    jetstream: JetStream,
}

#[derive(Debug, Default, Deserialize)]
struct JetStream {
    #[serde(default)]
    config: Option<Config>,
}

#[derive(Debug, Deserialize)]
struct Config {
    #[serde(default)]
    sync_always: bool,
}

impl Varz {
    /// `None` of a server that has just begun, and has not yet set up what it keeps.
    pub(crate) fn syncs_always(&self) -> Option<bool> {
        self.jetstream.config.as_ref().map(|config| config.sync_always)
    }
}

/// What the page `/jsz` says of who keeps streams.
#[derive(Debug, Deserialize)]
struct Jsz {
    #[serde(default)]
    account_details: Vec<Account>,
}

/// Its `name` may be one for people; `id` is what the server knows it by.
#[derive(Debug, Deserialize)]
struct Account {
    id: String,
    #[serde(default)]
    stream_detail: Vec<Named>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

/// The accounts that keep a stream of this name.
pub(crate) async fn accounts_with(address: &str, stream: &str) -> Result<Vec<String>, String> {
    let reading = tokio::time::timeout(PATIENCE, get(address, "/jsz?streams=true"));
    let body = reading.await.map_err(|_| "it did not answer in time".to_owned())??;
    let found: Jsz = serde_json::from_slice(&body).map_err(|_| "it answered with something else than a server's page /jsz".to_owned())?;
    let keeps = |account: &Account| account.stream_detail.iter().any(|kept| kept.name == stream);
    let names: Vec<String> = found.account_details.into_iter().filter(keeps).map(|account| account.id).collect();
    if names.is_empty() { Err(format!("no account of it keeps stream {stream}")) } else { Ok(names) }
}

/// Whether no write to this stream has failed since the server began. One that failed stays visible until it is started again.
pub(crate) async fn has_stored_all(address: &str, account: &str, stream: &str) -> Result<(), String> {
    let page = format!("/healthz?account={}&stream={}", percent(account), percent(stream));
    let reading = tokio::time::timeout(HEALTH_WITHIN, get(address, &page));
    reading.await.map_err(|_| "it did not answer in time".to_owned())?.map(drop)
}

/// A name as part of an address.
fn percent(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Reads the page `/varz` below `address`, which is `http://host:port`.
pub(crate) async fn varz(address: &str) -> Result<Varz, String> {
    let reading = tokio::time::timeout(PATIENCE, get(address, "/varz"));
    let body = reading.await.map_err(|_| "it did not answer in time".to_owned())??;
    serde_json::from_slice(&body).map_err(|_| "it answered with something else than a server's page /varz".to_owned())
}

/// A GET of HTTP/1.0: one answer, whose end is the connection's end.
async fn get(address: &str, path: &str) -> Result<Vec<u8>, String> {
    let host = address.strip_prefix("http://").ok_or("its address does not begin with http://")?;
    let host = host.split('/').next().unwrap_or_default();
    let with_port =
        if host.rsplit(']').next().is_some_and(|rest| rest.contains(':')) { host.to_owned() } else { format!("{host}:{DEFAULT_PORT}") };
    let mut stream = TcpStream::connect(&with_port).await.map_err(|e| e.to_string())?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.map_err(|e| e.to_string())?;
    let mut answer = Vec::new();
    stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await.map_err(|e| e.to_string())?;
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").ok_or("it does not speak HTTP")?;
    let status = String::from_utf8_lossy(&answer[..end]).split_whitespace().nth(1).unwrap_or_default().to_owned();
    if status != "200" {
        return Err(format!("it answered with status {status:.20}"));
    }
    Ok(answer.split_off(end + 4))
}
