//! Whether what the server shows is on its disk.
//!
//! When a write to its store fails, nats-server works out its state anew from memory and then shows, until it is started again, the message that it
//! could not write. From 2.14 on it takes nothing after that, and its page `/healthz` says so for the stream. So what it shows is kept when it
//! has acknowledged something later, or when that page says afterwards that nothing has failed.

use std::time::{Duration, Instant};

use event_log::ReadError;
use tokio::sync::Mutex;

use crate::{
    Durability, monitor,
    server::{End, Server},
};

/// What was asked in vain is not asked again for so long: whoever records waits for the answer.
const IN_VAIN_FOR: Duration = Duration::from_secs(2);

/// Up to where what a server shows is known to be on its disk.
#[derive(Debug, Default)]
pub(crate) struct Proof(Mutex<Proven>);

#[derive(Debug, Default)]
struct Proven {
    /// The connection over which it was found.
    connection: u64,
    sequence: u64,
    /// The accounts that have a stream of the log's name, once they were asked for.
    accounts: Vec<String>,
    in_vain: Option<(Instant, String)>,
}

impl Proof {
    /// The server has acknowledged a write that ends there, over this connection.
    pub(crate) async fn acknowledged(&self, connection: u64, sequence: u64) {
        let mut proven = self.0.lock().await;
        if proven.connection != connection {
            *proven = Proven { connection, ..Proven::default() };
        }
        proven.sequence = proven.sequence.max(sequence);
    }

    /// Asks whether the server has kept what it showed up to `end`, over connection `seen_over`.
    ///
    /// # Errors
    /// [`ReadError::Unreachable`] when that is not known, or when it has not.
    pub(crate) async fn of(&self, server: &Server, end: &End, seen_over: u64) -> Result<(), ReadError> {
        let connection = &server.connection;
        let mut proven = self.0.lock().await;
        if proven.connection != connection.number() {
            *proven = Proven { connection: connection.number(), ..Proven::default() };
        }
        match connection.options.durability {
            // Of several servers that do not sync, those that agree on it have it.
            Durability::Replicated | Durability::Unsafe => {}
            Durability::Synced if end.sequence <= proven.sequence => {}
            Durability::Synced => {
                if let Some((since, cause)) = &proven.in_vain
                    && since.elapsed() < IN_VAIN_FOR
                {
                    return Err(connection.unreachable(cause.clone()));
                }
                let asked = proven.ask(server).await;
                proven.in_vain = asked.as_ref().err().map(|cause| (Instant::now(), cause.clone()));
                asked.map_err(|cause| connection.unreachable(cause))?;
            }
        }
        // What another server says is no proof of what this one showed.
        if connection.number() != seen_over {
            return Err(connection.unreachable("the connection was lost meanwhile"));
        }
        proven.sequence = proven.sequence.max(end.sequence);
        Ok(())
    }
}

impl Proven {
    async fn ask(&mut self, server: &Server) -> Result<(), String> {
        let (connection, options) = (&server.connection, &server.connection.options);
        let address = options.monitor_address();
        let unknown = |cause: String| format!("whether the server has stored what it shows is not known: {address}: {cause}");
        if self.accounts.is_empty() {
            let varz = monitor::varz(&address).await.map_err(unknown)?;
            if varz.server_id != connection.client.server_info().server_id {
                return Err(unknown("it is the page of another server than the one that is connected".to_owned()));
            }
            self.accounts = monitor::accounts_with(&address, &options.stream).await.map_err(unknown)?;
        }
        for account in &self.accounts {
            monitor::has_stored_all(&address, account, &options.stream).await.map_err(unknown)?;
        }
        Ok(())
    }
}
