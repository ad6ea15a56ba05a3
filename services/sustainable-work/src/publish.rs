//! The way out: every changed status is put under its key, until it lies there, or one that follows from more of the log.

use std::{collections::HashMap, sync::Arc, time::Duration};

use app::{
    AppError,
    projector::{Projection, Projector, ProjectorState},
};
use event_log::{EventLog, Position};
use tokio::{
    sync::watch,
    task::{self, JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use uuid::Uuid;

use crate::{
    Publish, PublishFailed, SustainableWork, ToPublish,
    bucket::{self, Remembered, Settled},
};

/// Statuses under way at once: a store far away answers many as fast as one.
const AT_ONCE: usize = 64;
/// The first wait after a failure; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest wait: a store that is back is noticed within this.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How often is looked whether the store lives another life, when there is nothing to publish.
const LOOK_UP: Duration = Duration::from_secs(1);

/// How publishing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublisherStatus {
    /// Statuses since it began of which the store holds this or a newer one.
    pub published: u64,
    /// Why the last round did not succeed; `None` when it did.
    pub failing: Option<String>,
    /// Whether everything known was taken when last looked.
    pub idle: bool,
    /// Up to where the view must come before it can be told of all statuses that seem to follow from more whether they do.
    pub waits_for: Option<Position>,
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
    /// Begins. `log` is the projector's: it is asked where it ends.
    #[must_use]
    pub fn start(projector: Arc<Projector<SustainableWork>>, to: Arc<impl Publish>, log: Arc<impl EventLog>) -> Self {
        let (told, status) = watch::channel(PublisherStatus::default());
        let task = tokio::spawn(async move {
            let publishing =
                Publishing { projector: &projector, to: &to, told: &told, remembered: Remembered::default(), disputed: HashMap::new() };
            if let Err(error) = publishing.run(&*log).await
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

struct Publishing<'a, B> {
    projector: &'a Arc<Projector<SustainableWork>>,
    to: &'a Arc<B>,
    told: &'a watch::Sender<PublisherStatus>,
    remembered: Remembered,
    /// Trajectories of which something lies in the bucket that seems to follow from more.
    disputed: HashMap<Uuid, Dispute>,
}

/// Something seems to follow from more than the view has seen. What lies there still, under the same revision, when the view is as far as the log was
/// then, follows from what the log does not hold. (From what came since it follows only when another has put it since.)
#[derive(Clone, Copy)]
struct Dispute {
    revision: u64,
    until: Position,
}

impl<B: Publish> Publishing<'_, B> {
    async fn run(mut self, log: &impl EventLog) -> Result<(), AppError> {
        let (projector, told) = (self.projector, self.told);
        let mut changes = projector.watch();
        let (mut wait, mut life) = (FIRST_WAIT, self.to.life());
        loop {
            // Seen before it is looked at: what changes while it is published is looked at again.
            changes.mark_unchanged();
            if std::mem::replace(&mut life, self.to.life()) != life {
                self.look_again_at_the_latest().await?;
            }
            let (batch, checkpoint) = match self.look().await {
                Ok(looked) => looked,
                Err(error) if passes(projector, &error) => {
                    tracing::debug!(%error, "there is nothing to publish from now");
                    sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                    continue;
                }
                Err(error) => return Err(error),
            };
            if batch.is_empty() {
                // Those whose trajectory is not there any more.
                self.disputed.retain(|_, dispute| dispute.until > checkpoint);
            }
            let waits_for = self.disputed.values().map(|dispute| dispute.until).max();
            told.send_modify(|status| (status.idle, status.waits_for) = (batch.is_empty() && waits_for.is_none(), waits_for));
            if batch.is_empty() {
                if let Ok(Err(_)) = timeout(LOOK_UP, changes.changed()).await {
                    return Ok(());
                }
                continue;
            }
            let Outcome { done, newer, failure } = self.put(batch).await;
            let taken = done.len() as u64;
            let crossed_off = Arc::clone(projector);
            let crossing_off = task::spawn_blocking(move || crossed_off.change(|view| view.published(&done))?).await;
            match crossing_off.map_err(|_| AppError::Stopped("publishing"))? {
                // They are put again, which changes nothing.
                Err(error) if passes(projector, &error) => tracing::debug!(%error, "what was published could not be crossed off"),
                crossed_off => crossed_off?,
            }
            let failure = match failure {
                None if !newer.is_empty() => self.dispute(newer, log).await.err(),
                failure => failure,
            };
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

    async fn dispute(&mut self, newer: Vec<(Uuid, u64)>, log: &impl EventLog) -> Result<(), PublishFailed> {
        let until = log.head().await.map_err(|e| PublishFailed(e.to_string()))?.position;
        self.disputed.extend(newer.into_iter().map(|(trajectory, revision)| (trajectory, Dispute { revision, until })));
        Ok(())
    }

    /// What is to be published now, of what is disputed only what the view is far enough for; and how far it is.
    async fn look(&self) -> Result<(Vec<ToPublish>, Position), AppError> {
        let (projector, disputed) = (Arc::clone(self.projector), self.disputed.clone());
        let look = move |view: &SustainableWork| {
            let checkpoint = view.checkpoint();
            let may = |trajectory| disputed.get(&trajectory).is_none_or(|dispute| dispute.until <= checkpoint);
            view.to_publish(AT_ONCE, may).map(|found| (found, checkpoint))
        };
        task::spawn_blocking(move || projector.read(look)?).await.map_err(|_| AppError::Stopped("publishing"))?
    }

    /// The store was started anew: what it had shown last may be gone.
    async fn look_again_at_the_latest(&mut self) -> Result<(), AppError> {
        let (projector, latest) = (Arc::clone(self.projector), self.remembered.forget());
        self.disputed.clear();
        let taken_back = task::spawn_blocking(move || projector.change(|view| view.unpublished(&latest))).await;
        match taken_back.map_err(|_| AppError::Stopped("publishing"))? {
            // A view that is not there is opened again, and with what was sealed of it.
            Err(error) if passes(self.projector, &error) => Ok(()),
            taken_back => taken_back,
        }
    }

    /// Those that are settled, those that are disputed, and why another is not settled.
    async fn put(&mut self, batch: Vec<ToPublish>) -> Outcome {
        let mut under_way = JoinSet::new();
        for one in batch {
            let (to, known) = (Arc::clone(self.to), self.remembered.take(one.mark.0));
            let refuted = self.disputed.remove(&one.mark.0).map(|dispute| dispute.revision);
            under_way.spawn(async move { bucket::settle(&*to, &one, known, refuted).await.map(|settled| (one, settled)) });
        }
        let mut outcome = Outcome::default();
        while let Some(settled) = under_way.join_next().await {
            match settled {
                Ok(Ok((one, Settled::Lies(known)))) => {
                    self.remembered.put(one.mark.0, known);
                    outcome.done.push(one);
                }
                Ok(Ok((one, Settled::NewerLies(revision)))) => outcome.newer.push((one.mark.0, revision)),
                Ok(Err(failed)) => outcome.failure = Some(failed),
                Err(_) => outcome.failure = Some(PublishFailed("putting a value was broken off".to_owned())),
            }
        }
        outcome
    }
}

#[derive(Default)]
struct Outcome {
    done: Vec<ToPublish>,
    newer: Vec<(Uuid, u64)>,
    failure: Option<PublishFailed>,
}

/// Whether a view that fails now is there again by itself, or when someone has it tried again: one in doubt is closed for a while.
fn passes(projector: &Projector<SustainableWork>, error: &AppError) -> bool {
    matches!(error, AppError::View(_) | AppError::Stopped(_)) && projector.status().state != ProjectorState::Closed
}
