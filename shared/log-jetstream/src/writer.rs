//! Sending one group at a time, and what the server's answer means.

use std::{fmt, sync::Arc};

use async_nats::{
    Request, RequestErrorKind,
    header::{
        NATS_BATCH_COMMIT, NATS_BATCH_COMMIT_FINAL, NATS_BATCH_ID, NATS_BATCH_SEQUENCE, NATS_EXPECTED_LAST_SEQUENCE, NATS_EXPECTED_STREAM,
    },
    jetstream::ErrorCode,
};
use event_log::ReadError;
use serde::Deserialize;

use crate::{
    connect::PATIENCE,
    message::Outgoing,
    queue::{Failure, Group, Queue},
    server::{End, Server},
    turns::Turns,
};

/// Sends what the queue gives until it is closed and empty.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) server: Server,
    pub(crate) queue: Arc<Queue>,
    pub(crate) turns: Turns,
    /// The server whose durability was looked at, and the connection over which.
    pub(crate) trusted: (String, u64),
    /// What the names of this writer's batches begin with, unlike any other's, and how many there were.
    pub(crate) name: String,
    pub(crate) batches: u64,
}

/// What the server says to a message, or to a batch.
#[derive(Debug, Default, Deserialize)]
struct Answer {
    #[serde(default)]
    seq: u64,
    #[serde(default)]
    duplicate: bool,
    error: Option<Refusal>,
}

#[derive(Debug, Deserialize)]
struct Refusal {
    #[serde(default)]
    err_code: u64,
    #[serde(default)]
    description: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.description, self.err_code)
    }
}

impl Writer {
    pub(crate) async fn run(mut self) {
        while self.queue.wait().await {
            self.turns.give_way().await;
            let Some(mut group) = self.queue.take() else { continue };
            let messages = std::mem::take(&mut group.messages);
            let sent = match messages.last().map(|last| last.tip) {
                // Nothing to send: but what was judged by this end must still be judged by the end.
                None => self.is_still(group.after).await,
                Some(tip) => {
                    let end = End { sequence: group.after.sequence + messages.len() as u64, tip };
                    let sent = self.send(group.after, end.sequence, messages).await;
                    if sent.is_ok() {
                        // It takes nothing more once a write has failed: all before it is kept too.
                        self.server.proof.acknowledged(self.trusted.1, end.sequence).await;
                    }
                    sent.map(|()| end)
                }
            };
            match sent {
                Ok(end) => {
                    self.server.remember(end.position(), end.sequence, self.trusted.1);
                    self.queue.succeed(group, end);
                    self.turns.thank().await;
                }
                Err(failure) => self.fail(group, failure).await,
            }
        }
    }

    /// Nothing is sent, and what was judged by this end must be true for ever.
    async fn is_still(&mut self, after: End) -> Result<End, Failure> {
        let unavailable = |e: ReadError| Failure::Unavailable { cause: e.to_string(), storage_full: false };
        let seen_over = self.server.connection.number();
        match self.server.end().await {
            Ok(end) if end == after => self.server.proof.of(&self.server, &end, seen_over).await.map(|()| end).map_err(unavailable),
            Ok(end) => Err(Failure::Conflict(Some(end))),
            Err(e) => Err(unavailable(e)),
        }
    }

    async fn fail(&mut self, group: Group, failure: Failure) {
        let failure = match failure {
            // Where the log is now is what a writer that lost wants to know first.
            Failure::Conflict(_) => {
                self.turns.ask().await;
                Failure::Conflict(self.server.end().await.ok())
            }
            Failure::Unavailable { .. } | Failure::Unknown { .. } => failure,
        };
        self.queue.fail(group, &failure);
    }

    /// Sends messages that follow `after` and must end at sequence `last`.
    async fn send(&mut self, after: End, last: u64, mut messages: Vec<Outgoing>) -> Result<(), Failure> {
        self.trust(&after).await?;
        let after = after.sequence;
        let several = messages.len() > 1;
        if several {
            self.batches += 1;
        }
        let client = &self.server.connection.client;
        let unavailable =
            |e: &dyn fmt::Display| Failure::Unavailable { cause: format!("the server cannot be reached: {e}"), storage_full: false };
        let Some(mut final_one) = messages.pop() else { return Ok(()) };
        let batch = format!("{}-{}", self.name, self.batches);
        for (number, mut message) in (1_u64..).zip(messages) {
            if number == 1 {
                self.expect(&mut message, after);
            }
            message.headers.insert(NATS_BATCH_ID, batch.as_str());
            message.headers.insert(NATS_BATCH_SEQUENCE, number.to_string());
            // Without its last message a batch is nothing: when this fails, nothing was appended.
            client.publish_with_headers(message.subject, message.headers, message.body).await.map_err(|e| unavailable(&e))?;
        }
        if several {
            final_one.headers.insert(NATS_BATCH_ID, batch.as_str());
            final_one.headers.insert(NATS_BATCH_SEQUENCE, (last - after).to_string());
            final_one.headers.insert(NATS_BATCH_COMMIT, NATS_BATCH_COMMIT_FINAL);
        } else {
            self.expect(&mut final_one, after);
        }
        let request = Request::new().headers(final_one.headers).payload(final_one.body).timeout(Some(PATIENCE));
        let connection = &self.server.connection;
        let began_on = self.trusted.1;
        if connection.number() != began_on {
            return Err(unavailable(&"the connection was lost just now"));
        }
        let answer = tokio::select! {
            answer = client.send_request(final_one.subject, request) => answer,
            // An answer that was on its way over a connection that is lost never comes.
            () = connection.lost(began_on) => return Err(Failure::Unknown { cause: "the connection was lost".to_owned() }),
        };
        match answer {
            Ok(answer) => judge(&answer.payload, last, several),
            Err(error) => Err(match error.kind() {
                RequestErrorKind::NoResponders => unavailable(&"nobody keeps the stream now"),
                RequestErrorKind::InvalidSubject | RequestErrorKind::MaxPayloadExceeded => unavailable(&error),
                RequestErrorKind::TimedOut => Failure::Unknown { cause: "the server did not answer in time".to_owned() },
                RequestErrorKind::Other => Failure::Unknown { cause: format!("the connection was lost: {error}") },
            }),
        }
    }

    fn expect(&self, message: &mut Outgoing, after: u64) {
        message.headers.insert(NATS_EXPECTED_LAST_SEQUENCE, after.to_string());
        message.headers.insert(NATS_EXPECTED_STREAM, self.server.connection.options.stream.as_str());
    }

    /// The server must be the one that was found to be durable. A restarted one is another: it may have lost what it had shown and not yet
    /// synced, and what is sent must follow what it holds.
    async fn trust(&mut self, after: &End) -> Result<(), Failure> {
        let connection = &self.server.connection;
        if !connection.is_connected() {
            return Err(Failure::Unavailable { cause: "the connection to the server is lost".to_owned(), storage_full: false });
        }
        let number = connection.number();
        if connection.client.server_info().server_id != self.trusted.0 || number != self.trusted.1 {
            let look = async {
                let info = connection.stream(crate::Mode::ReadOnly).await?;
                self.server.check_whole(&info)?;
                self.server.still_holds(after).await?;
                connection.check_durability(&info).await
            };
            let id = look.await.map_err(|e| {
                if let ReadError::Withdrawn { .. } = e {
                    return Failure::Conflict(None);
                }
                Failure::Unavailable { cause: e.to_string(), storage_full: false }
            })?;
            self.trusted = (id, number);
        }
        Ok(())
    }
}

/// What an answer means for a group that should end at sequence `last`.
fn judge(answer: &[u8], last: u64, several: bool) -> Result<(), Failure> {
    let unknown = |cause: String| Failure::Unknown { cause };
    let answer: Answer = serde_json::from_slice(answer).map_err(|_| unknown("the server's answer cannot be read".to_owned()))?;
    let Some(refusal) = answer.error else {
        return match answer {
            Answer { duplicate: true, seq, .. } => {
                Err(unknown(format!("a record that begins with the same event is there already, as message {seq}")))
            }
            Answer { seq, .. } if seq != last => Err(unknown(format!("it became message {seq}, and {last} was expected"))),
            Answer { .. } => Ok(()),
        };
    };
    let unavailable = |storage_full| Failure::Unavailable { cause: format!("the server refuses: {refusal}"), storage_full };
    Err(match ErrorCode(refusal.err_code) {
        ErrorCode::STREAM_WRONG_LAST_SEQUENCE | ErrorCode::STREAM_WRONG_LAST_SEQUENCE_CONSTANT => Failure::Conflict(None),
        // The window of known ids says that an event is there already, or on its way: reading on tells.
        ErrorCode::ATOMIC_PUBLISH_CONTAINS_DUPLICATE_MESSAGE | ErrorCode::STREAM_DUPLICATE_MESSAGE_CONFLICT => {
            unknown(format!("an event of it is there already, or on its way: {refusal}"))
        }
        ErrorCode::INSUFFICIENT_RESOURCES
        | ErrorCode::STORAGE_RESOURCES_EXCEEDED
        | ErrorCode::MEMORY_RESOURCES_EXCEEDED
        | ErrorCode::ACCOUNT_RESOURCES_EXCEEDED
        | ErrorCode::STREAM_MAX_STREAM_BYTES_EXCEEDED => unavailable(true),
        // A store that failed may have kept what it could not sync, or the beginning of a batch.
        ErrorCode::STREAM_STORE_FAILED if !several && refusal.description.contains("no space") => unavailable(true),
        ErrorCode::STREAM_STORE_FAILED => unknown(format!("the server's store failed: {refusal}")),
        ErrorCode::JETSTREAM_NOT_ENABLED
        | ErrorCode::JETSTREAM_NOT_ENABLED_FOR_ACCOUNT
        | ErrorCode::CLUSTER_NOT_AVAILABLE
        | ErrorCode::CLUSTER_NOT_LEADER
        | ErrorCode::STREAM_NOT_MATCH
        | ErrorCode::STREAM_SEALED
        | ErrorCode::STREAM_OFFLINE
        | ErrorCode::STREAM_OFFLINE_REASON
        | ErrorCode::STREAM_TOO_MANY_REQUESTS
        | ErrorCode::STREAM_MESSAGE_EXCEEDS_MAXIMUM
        | ErrorCode::STREAM_HEADER_EXCEEDS_MAXIMUM
        | ErrorCode::ATOMIC_PUBLISH_DISABLED
        | ErrorCode::ATOMIC_PUBLISH_INCOMPLETE_BATCH
        | ErrorCode::ATOMIC_PUBLISH_TOO_LARGE_BATCH
        | ErrorCode::ATOMIC_PUBLISH_TOO_MANY_INFLIGHT => unavailable(false),
        // Codes are added with every version of the server: what is not known to append nothing may have appended something.
        _ => unknown(format!("the server answers: {refusal}")),
    })
}
