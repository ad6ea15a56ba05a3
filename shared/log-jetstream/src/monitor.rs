//! Whether the server syncs before it acknowledges: its monitoring page says so, and nothing else does.

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
    pub(crate) fn syncs_always(&self) -> bool {
        self.jetstream.config.as_ref().is_some_and(|config| config.sync_always)
    }
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
