//! The side of the command line.

use std::{
    convert::Infallible,
    io::{self, Read, Write},
    path::Path,
};

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::{
    Request,
    body::{Frame, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use indicatif::ProgressBar;
use tokio::net::UnixStream;

use super::{Said, run_folder, short_name, socket};
use crate::{
    cli::Recorded,
    commands::accounts::{Ask, lost_password, say},
    failure::Failure,
};

/// What is sent at once, in bytes.
const PORTION: usize = 128 << 10;
/// The longest line of an answer, in bytes.
const LONGEST_LINE: usize = 1 << 20;

/// A service that holds the data folder.
pub struct Service {
    sender: http1::SendRequest<BoxBody<Bytes, io::Error>>,
}

impl Service {
    /// The service that holds this data folder; `None` when none does.
    pub async fn of(data: &Path) -> Option<Self> {
        if !socket(data).exists() {
            return None;
        }
        let folder = std::fs::File::open(run_folder(data)).ok()?;
        let stream = UnixStream::connect(short_name(&folder)).await.ok()?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
        tokio::spawn(connection);
        Some(Self { sender })
    }

    /// Hands in an import, as if it were done here.
    pub async fn import(self, input: impl Read + Send + Sync + 'static, strict: bool, recorded: Recorded) -> Result<(), Failure> {
        let recorded = match recorded {
            Recorded::Keep => "keep",
            Recorded::Now => "now",
        };
        let portions = stream::unfold(Some(input), |input| async {
            let mut input = input?;
            let mut portion = vec![0; PORTION];
            match tokio::task::block_in_place(|| input.read(&mut portion)) {
                Ok(0) => None,
                Ok(length) => {
                    portion.truncate(length);
                    Some((Ok(Frame::data(Bytes::from(portion))), Some(input)))
                }
                Err(e) => Some((Err(e), None)),
            }
        });
        self.ask(&format!("/import?strict={strict}&recorded={recorded}"), StreamBody::new(portions).boxed(), None, None).await
    }

    /// Has something done to accounts.
    pub async fn accounts(self, ask: &Ask) -> Result<(), Failure> {
        let body = serde_json::to_vec(ask).map_err(|e| Failure::wrong_use(e.to_string()))?;
        self.ask("/accounts", Full::new(body.into()).map_err(|never: Infallible| match never {}).boxed(), None, lost_password(ask)).await
    }

    /// Has the views built anew.
    pub async fn rebuild(self, bar: &ProgressBar) -> Result<(), Failure> {
        let nothing = http_body_util::Empty::new().map_err(|never: Infallible| match never {});
        self.ask("/rebuild", nothing.boxed(), Some(bar), None).await
    }

    /// `lost` says what to do when the answer cannot be told.
    async fn ask(
        mut self,
        path: &str,
        body: BoxBody<Bytes, io::Error>,
        bar: Option<&ProgressBar>,
        lost: Option<String>,
    ) -> Result<(), Failure> {
        let gone = |cause: &dyn std::fmt::Display| {
            Failure::cannot_open(format!(
                "the service that holds the folder ended the connection ({cause}): look whether it runs, and repeat this"
            ))
        };
        let request = Request::post(path).header("host", "localhost").body(body).map_err(|e| gone(&e))?;
        let response = self.sender.send_request(request).await.map_err(|e| gone(&e))?;
        if !response.status().is_success() {
            return Err(gone(&response.status()));
        }
        let mut lines = Lines { body: response.into_body(), rest: Vec::new() };
        while let Some(line) = lines.next().await.map_err(|e| gone(&e))? {
            match serde_json::from_slice(&line).map_err(|e| gone(&e))? {
                // Nothing can be done when standard error is closed.
                Said::Fault(fault) => drop(writeln!(io::stderr(), "{fault}")),
                Said::Progress { done, of } => {
                    if let Some(bar) = bar {
                        bar.set_length(of);
                        bar.set_position(done);
                    }
                }
                Said::Out(text) if lost.is_some() => say(&text, lost.clone())?,
                Said::Out(text) => match writeln!(io::stdout(), "{text}") {
                    Err(e) if e.kind() != io::ErrorKind::BrokenPipe => return Err(e.into()),
                    _ => {}
                },
                Said::End { code: 0, .. } => return Ok(()),
                Said::End { code, sentence } => return Err(Failure::of(code, sentence)),
            }
        }
        Err(gone(&"before the end"))
    }
}

/// An answer line by line.
struct Lines {
    body: Incoming,
    rest: Vec<u8>,
}

impl Lines {
    async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(end) = self.rest.iter().position(|b| *b == b'\n') {
                let rest = self.rest.split_off(end + 1);
                return Ok(Some(std::mem::replace(&mut self.rest, rest)));
            }
            if self.rest.len() > LONGEST_LINE {
                return Err(io::Error::other("an answer of one endless line"));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(frame) => self.rest.extend_from_slice(frame.map_err(io::Error::other)?.data_ref().map_or(&[][..], |data| data)),
            }
        }
    }
}
