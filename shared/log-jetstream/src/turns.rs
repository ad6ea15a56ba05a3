//! Taking turns: who was not first asks the others to wait until it has written.
//!
//! ```text
//!   A: ── group ── group ── group ─────────── waits ──────────────── conflict: please ──
//!                             ▲ please                       ▲ thanks
//!   B: ───────── conflict ────┘ read on, judge again ─ group ┘
//! ```
//!
//! A writer that is never idle would otherwise always be first: the other one has to learn what was written before it can write, and
//! by then more was written. What is asked here is a courtesy: without it everything stays right, and only the order is less fair.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_nats::Client;
use futures_util::StreamExt;
use tokio::{sync::watch, task::AbortHandle, time::Instant};

/// How long who was asked waits for the other one's thanks: a writer that never gets ready stops nobody for longer.
const LONGEST: Duration = Duration::from_millis(250);
/// Who is waited for, at most.
const MOST_WRITERS: usize = 64;
/// What is said, before the name of who says it.
const PLEASE: u8 = b'+';
const THANKS: u8 = b'-';

/// Who has asked and not yet thanked, and when.
type Asked = HashMap<String, Instant>;

/// One writer among others.
#[derive(Debug)]
pub(crate) struct Turns {
    client: Client,
    subject: String,
    /// The writer's name: what it says itself it does not hear.
    name: String,
    others: Arc<watch::Sender<Asked>>,
    /// Whether this one has asked and not yet thanked.
    has_asked: bool,
    /// `None` until it has something to write.
    listening: Option<AbortHandle>,
}

impl Turns {
    pub(crate) fn new(client: Client, subject: String, name: String) -> Self {
        Self { client, subject, name, others: Arc::default(), has_asked: false, listening: None }
    }

    /// Asks the others to wait. Those who asked before were first by now: they are not waited for any more.
    pub(crate) async fn ask(&mut self) {
        self.others.send_modify(Asked::clear);
        self.has_asked = true;
        self.say(PLEASE).await;
    }

    /// Tells those who wait that they may go on.
    pub(crate) async fn thank(&mut self) {
        if std::mem::take(&mut self.has_asked) {
            self.say(THANKS).await;
        }
    }

    /// Waits until those who have asked for it have written, or for a while.
    pub(crate) async fn give_way(&mut self) {
        let listen =
            || tokio::spawn(listen(self.client.clone(), self.subject.clone(), self.name.clone(), self.others.clone())).abort_handle();
        self.listening.get_or_insert_with(listen);
        let nobody = |others: &Asked| !others.values().any(|asked| asked.elapsed() < LONGEST);
        let mut heard = self.others.subscribe();
        // Nobody there to ask is nobody to wait for, and who has not thanked in time is waited for no longer.
        let _ = tokio::time::timeout(LONGEST, heard.wait_for(nobody)).await;
    }

    async fn say(&self, what: u8) {
        let words = [&[what], self.name.as_bytes()].concat();
        // What is not heard is not wrong, only less fair.
        if let Err(e) = self.client.publish(self.subject.clone(), words.into()).await {
            tracing::debug!("other writers do not hear of this one's turn: {e}");
        }
    }
}

impl Drop for Turns {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

async fn listen(client: Client, subject: String, name: String, others: Arc<watch::Sender<Asked>>) {
    let mut words = match client.subscribe(subject).await {
        Ok(words) => words,
        Err(e) => return tracing::debug!("other writers are not heard when they ask for their turn: {e}"),
    };
    while let Some(message) = words.next().await {
        let Some((what, who)) = message.payload.split_first() else { continue };
        let Ok(who) = std::str::from_utf8(who) else { continue };
        if who == name {
            continue;
        }
        others.send_modify(|others| match *what {
            PLEASE => {
                others.retain(|_, asked| asked.elapsed() < LONGEST);
                if others.len() < MOST_WRITERS {
                    others.insert(who.to_owned(), Instant::now());
                }
            }
            THANKS => drop(others.remove(who)),
            _ => {}
        });
    }
}
