//! The index of the desk while the service runs: built anew beside the living one when that is asked for, or when the desk has lost it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use app::{AppError, Desk};
use keys::KeyStore;
use tokio::{runtime::Handle, sync::oneshot};
use views::Views;

use crate::log::Log;

/// Before it is tried again: disks that failed are seldom back sooner.
const AGAIN: Duration = Duration::from_secs(30);

/// Builds another index when the desk has lost the one that it had. Until then it goes on from memory.
pub(super) async fn keep(log: Arc<Log>, keys: Arc<KeyStore>, desk: Desk, views: PathBuf) {
    let mut indexed = desk.indexed();
    while indexed.wait_for(|indexed| !indexed).await.is_ok() {
        match renew(&log, &keys, &desk, &views, |_| {}).await {
            Ok(()) => tracing::info!("another index on disk was built"),
            Err(e) => {
                tracing::warn!("there is still no index on disk: {e}");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}

/// Builds the desk's index anew, on a thread of its own: it works on the store without a pause.
pub(crate) async fn renew(
    log: &Arc<Log>,
    keys: &Arc<KeyStore>,
    desk: &Desk,
    views: &Path,
    mut told: impl FnMut(u64) + Send + 'static,
) -> Result<(), AppError> {
    let (log, keys, desk, place) = (Arc::clone(log), Arc::clone(keys), desk.clone(), Views::place(views));
    let (runtime, renewed) = (Handle::current(), oneshot::channel());
    let work = move || {
        let outcome = runtime.block_on(app::renew(&*log, &keys, &desk, place, &mut told));
        // Who asked may have left.
        let _ = renewed.0.send(outcome);
    };
    let thread = std::thread::Builder::new().name("index".to_owned()).spawn(work);
    thread.map_err(|e| AppError::Io { what: "building the index".to_owned(), cause: e.to_string() })?;
    renewed.1.await.map_err(|_| AppError::Stopped("building the index"))?.map(drop)
}
