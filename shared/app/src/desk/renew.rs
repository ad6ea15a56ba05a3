//! The index of a desk, built anew beside the living one.
//!
//! ```text
//!   the log ──► views/index-V/b ── near the end ──► desk: nothing on its way, up to what it has taken in, `living` says b
//! ```
//!
//! Until the last step the desk looks things up in the old index, and after it in the new one, which knows the same.

use std::time::Duration;

use event_log::{EventLog, Position, ReadError};
use keys::KeyStore;
use views::{Place, Views};

use super::{Desk, Renewed, Switched};
use crate::{AppError, Progress, projection};

/// So near to the end it is handed to the desk: fewer than the desk is willing to read while others wait, as some more come meanwhile.
const NEAR: u64 = super::clerk::READ_AT_MOST / 4;
/// How often is tried to come near, before it is said that the log grows too fast.
const TRIES: u32 = 200;
/// Before it is tried again: the desk may not yet have been told what the log says already.
const PAUSE: Duration = Duration::from_millis(20);

/// Builds the index of this desk anew from its log, beside the one that the desk uses until then. `place` is where the desk's index lies
/// ([`Views::place`]). Works on the store without a pause: it belongs on a thread that may be held up.
///
/// # Errors
/// When the log or the store fails: the desk then goes on with the index that it has.
pub async fn renew<L: EventLog>(log: &L, keys: &KeyStore, desk: &Desk, place: Place, progress: Progress<'_>) -> Result<Position, AppError> {
    let mut views = Views::open(&place.building())?.views;
    // Closed in order by whomever: what is asked for is a new one.
    views.clear()?;
    for _ in 0..TRIES {
        let reached = match projection::catch_up(log, &mut views, keys.digest_key(), progress).await {
            Err(AppError::Read(ReadError::Withdrawn { .. }) | AppError::LogIsOlder { .. }) => {
                // What is being built is no evidence of anything: it begins again.
                views.clear()?;
                continue;
            }
            reached => reached?,
        };
        if log.head().await?.position.0.saturating_sub(reached.0) > NEAR {
            continue;
        }
        match desk.switch(Box::new(Renewed { views, place: place.clone() })).await? {
            Switched::Done(old) => {
                // Not sealed: it is not to be taken for one that is being built.
                drop(old);
                if let Err(error) = place.remove_building() {
                    tracing::warn!(%error, "an index that was replaced stays");
                }
                return Ok(reached);
            }
            Switched::NotNow(back) => views = back.views,
            Switched::Failed(error) => return Err(error),
        }
        tokio::time::sleep(PAUSE).await;
    }
    let cause = "the log grows faster than it can be read, or could not be read just now; try it again when less is recorded".to_owned();
    Err(AppError::Io { what: "building the index anew".to_owned(), cause })
}
