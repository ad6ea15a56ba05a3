//! The way out: every changed status is put under its key, until it was taken.

use std::{future::Future, sync::Arc, time::Duration};

use app::{
    AppError,
    projector::{Projector, ProjectorState},
};
use tokio::{
    sync::watch,
    task::{self, JoinHandle, JoinSet},
    time::sleep,
};

use crate::{SustainableWork, ToPublish};

/// Statuses under way at once: a store far away answers many as fast as one.
const AT_ONCE: usize = 64;
/// The first wait after a failure; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest wait: a store that is back is noticed within this.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A store of values by key: the key-value bucket `sustainable_work`. To put the same value twice is no harm.
pub trait Publish: Send + Sync + 'static {
    /// Puts a value in the place of the one before; comes back when it was taken.
    fn put(&self, key: String, value: Vec<u8>) -> impl Future<Output = Result<(), PublishFailed>> + Send;
}

/// A value was not taken, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PublishFailed(pub String);

/// How publishing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublisherStatus {
    /// Values that were taken since it began.
    pub published: u64,
    /// Why the last round did not succeed; `None` when it did.
    pub failing: Option<String>,
    /// Whether everything known was taken when last looked.
    pub idle: bool,
}

/// Publishes what the view has to say, for as long as its projector runs. When it is dropped it ends; what was not yet taken stays in the
/// view.
pub struct Publisher {
    status: watch::Receiver<PublisherStatus>,
    task: JoinHandle<()>,
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Publisher {
    /// Begins.
    #[must_use]
    pub fn start(projector: Arc<Projector<SustainableWork>>, to: Arc<impl Publish>) -> Self {
        let (told, status) = watch::channel(PublisherStatus::default());
        let task = tokio::spawn(async move {
            if let Err(error) = run(&projector, &to, &told).await
                && projector.status().state != ProjectorState::Closed
            {
                tracing::error!(%error, "publishing has stopped");
                told.send_modify(|status| status.failing = Some(error.to_string()));
            }
        });
        Self { status, task }
    }

    /// How it is, as it changes.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<PublisherStatus> {
        self.status.clone()
    }
}

async fn run(
    projector: &Arc<Projector<SustainableWork>>,
    to: &Arc<impl Publish>,
    told: &watch::Sender<PublisherStatus>,
) -> Result<(), AppError> {
    let mut changes = projector.watch();
    let mut wait = FIRST_WAIT;
    loop {
        // Seen before it is looked at: what changes while it is published is looked at again.
        changes.mark_unchanged();
        let batch = match look(projector).await {
            Ok(batch) => batch,
            // A view in doubt is closed for a while, until somebody has it tried again.
            Err(AppError::Stopped(_)) if projector.status().state != ProjectorState::Closed => Vec::new(),
            Err(error) => return Err(error),
        };
        if batch.is_empty() {
            told.send_modify(|status| status.idle = true);
            if changes.changed().await.is_err() {
                return Ok(());
            }
            continue;
        }
        told.send_modify(|status| status.idle = false);
        let (done, failure) = put(to, batch).await;
        let taken = done.len() as u64;
        let crossed_off = Arc::clone(projector);
        task::spawn_blocking(move || crossed_off.change(|view| view.published(&done))?)
            .await
            .map_err(|_| AppError::Stopped("publishing"))??;
        told.send_modify(|status| {
            status.published += taken;
            status.failing = failure.as_ref().map(ToString::to_string);
        });
        if let Some(failure) = failure {
            tracing::warn!(%failure, "statuses are published later");
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        } else {
            wait = FIRST_WAIT;
        }
    }
}

async fn look(projector: &Arc<Projector<SustainableWork>>) -> Result<Vec<ToPublish>, AppError> {
    let projector = Arc::clone(projector);
    task::spawn_blocking(move || projector.read(|view| view.to_publish(AT_ONCE))?).await.map_err(|_| AppError::Stopped("publishing"))?
}

/// Those that were taken, and why another was not.
async fn put(to: &Arc<impl Publish>, batch: Vec<ToPublish>) -> (Vec<ToPublish>, Option<PublishFailed>) {
    let mut under_way = JoinSet::new();
    for one in batch {
        let to = Arc::clone(to);
        under_way.spawn(async move { to.put(one.key.clone(), one.value.clone()).await.map(|()| one) });
    }
    let (mut done, mut failure) = (Vec::new(), None);
    while let Some(put) = under_way.join_next().await {
        match put {
            Ok(Ok(one)) => done.push(one),
            Ok(Err(failed)) => failure = Some(failed),
            Err(_) => failure = Some(PublishFailed("putting a value was broken off".to_owned())),
        }
    }
    (done, failure)
}
