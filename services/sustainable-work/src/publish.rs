//! The way out: every changed status is put under its key, until it or a newer one lies there.

use std::{sync::Arc, time::Duration};

use app::{
    AppError,
    projector::{Projector, ProjectorState},
};
use tokio::{
    sync::watch,
    task::{self, JoinHandle, JoinSet},
    time::sleep,
};

use crate::{
    Publish, PublishFailed, SustainableWork, ToPublish,
    bucket::{self, Remembered},
};

/// Statuses under way at once: a store far away answers many as fast as one.
const AT_ONCE: usize = 64;
/// The first wait after a failure; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest wait: a store that is back is noticed within this.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How publishing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublisherStatus {
    /// Statuses since it began of which the store holds this or a newer one.
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
    let (mut wait, mut remembered) = (FIRST_WAIT, Remembered::default());
    loop {
        // Seen before it is looked at: what changes while it is published is looked at again.
        changes.mark_unchanged();
        let batch = match look(projector).await {
            Ok(batch) => batch,
            Err(error) if passes(projector, &error) => {
                tracing::debug!(%error, "there is nothing to publish from now");
                sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
                continue;
            }
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
        let (done, failure) = put(to, batch, &mut remembered).await;
        let taken = done.len() as u64;
        let crossed_off = Arc::clone(projector);
        let crossing_off = task::spawn_blocking(move || crossed_off.change(|view| view.published(&done))?).await;
        match crossing_off.map_err(|_| AppError::Stopped("publishing"))? {
            // They are put again, which changes nothing.
            Err(error) if passes(projector, &error) => tracing::debug!(%error, "what was published could not be crossed off"),
            crossed_off => crossed_off?,
        }
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

/// Whether a view that fails now is there again by itself, or when someone has it tried again: one in doubt is closed for a while.
fn passes(projector: &Projector<SustainableWork>, error: &AppError) -> bool {
    matches!(error, AppError::View(_) | AppError::Stopped(_)) && projector.status().state != ProjectorState::Closed
}

async fn look(projector: &Arc<Projector<SustainableWork>>) -> Result<Vec<ToPublish>, AppError> {
    let projector = Arc::clone(projector);
    task::spawn_blocking(move || projector.read(|view| view.to_publish(AT_ONCE))?).await.map_err(|_| AppError::Stopped("publishing"))?
}

/// Those that are settled, and why another is not.
async fn put(to: &Arc<impl Publish>, batch: Vec<ToPublish>, remembered: &mut Remembered) -> (Vec<ToPublish>, Option<PublishFailed>) {
    let mut under_way = JoinSet::new();
    for one in batch {
        let (to, known) = (Arc::clone(to), remembered.take(one.mark.0));
        under_way.spawn(async move { bucket::settle(&*to, &one, known).await.map(|known| (one, known)) });
    }
    let (mut done, mut failure) = (Vec::new(), None);
    while let Some(settled) = under_way.join_next().await {
        match settled {
            Ok(Ok((one, known))) => {
                remembered.put(one.mark.0, known);
                done.push(one);
            }
            Ok(Err(failed)) => failure = Some(failed),
            Err(_) => failure = Some(PublishFailed("putting a value was broken off".to_owned())),
        }
    }
    (done, failure)
}
