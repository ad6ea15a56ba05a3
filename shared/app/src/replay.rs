//! From the log to timelines: in parts by trajectory, each part on its own processor.

use std::sync::Arc;

use domain::{Date, Name, Timeline, Trajectory, TrajectoryId};
use event_log::{EventLog, Head, Locator, Position, RecordBatch, RecordHeader, RecordReader, Until};
use hashbrown::HashMap;
use proto_events::{
    stored::{self, StoredDecision},
    upcast::Upcasters,
};
use tokio::{sync::mpsc, task};
use uuid::Uuid;

use crate::{AppError, codec, ordered, reach::coach_of};

/// The timelines of some trajectories.
pub type Timelines = HashMap<TrajectoryId, Timeline>;

/// Which events a fold keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// All.
    All,
    /// Those that figures look at.
    ForFigures,
}

/// Batches under way to each part.
const AHEAD: usize = 4;

/// Folds the log up to `until` and gives `finish` the timelines of each part, on that part's own thread. A trajectory is in
/// exactly one part; what comes back is one result a part. `progress` is told how many events were read.
///
/// # Errors
/// An event that cannot be read ends it: nothing is counted over it.
pub async fn fold<L: EventLog, R: Send + 'static>(
    log: &L,
    until: Until,
    keep: Keep,
    progress: &mut (dyn FnMut(u64) + Send),
    finish: impl Fn(Timelines) -> R + Send + Sync + 'static,
) -> Result<(Head, Vec<R>), AppError> {
    let take_in = move |timelines: &mut Timelines, header: &RecordHeader, body: &[u8], upcasters: &Upcasters| {
        let timeline = timelines.entry(TrajectoryId(header.trajectory_id)).or_default();
        evolve_record(timeline, header, body, keep, upcasters)
    };
    fold_with(log, until, progress, take_in, finish).await
}

/// The same for whatever is kept of the trajectories of a part: `take_in` takes one record into it.
///
/// # Errors
/// As [`fold`].
pub(crate) async fn fold_with<L: EventLog, S: Default + 'static, R: Send + 'static>(
    log: &L,
    until: Until,
    progress: &mut (dyn FnMut(u64) + Send),
    take_in: impl Fn(&mut S, &RecordHeader, &[u8], &Upcasters) -> Result<(), AppError> + Clone + Send + 'static,
    finish: impl Fn(S) -> R + Send + Sync + 'static,
) -> Result<(Head, Vec<R>), AppError> {
    let head = log.resolve(until).await?;
    let mut reader = log.read(Position::START, Until::Position(head.position)).await?;
    let parts = ordered::threads();
    let finish = Arc::new(finish);
    let (mut senders, mut workers) = (Vec::with_capacity(parts), Vec::with_capacity(parts));
    // Each part sees every batch and takes what is its own: handing out records one by one would cost more than passing over.
    for part in 0..parts {
        let (sender, batches) = mpsc::channel(AHEAD);
        let (take_in, finish) = (take_in.clone(), Arc::clone(&finish));
        senders.push(sender);
        workers.push(task::spawn_blocking(move || fold_part(batches, part, parts, take_in).map(|kept| finish(kept))));
    }
    let mut failure = None;
    'reading: loop {
        let batch = match reader.next().await {
            Ok(Some(batch)) => Arc::new(batch),
            Ok(None) => break,
            Err(error) => {
                failure = Some(AppError::from(error));
                break;
            }
        };
        for part in &senders {
            // A part that no longer listens has failed, and says why below.
            if part.send(Arc::clone(&batch)).await.is_err() {
                break 'reading;
            }
        }
        progress(batch.records.iter().map(|record| u64::from(record.header.events)).sum());
    }
    drop(senders);
    let mut results = Vec::with_capacity(parts);
    for worker in workers {
        match worker.await {
            Ok(Ok(result)) => results.push(result),
            Ok(Err(error)) => failure = failure.or(Some(error)),
            Err(_) => failure = failure.or(Some(AppError::Stopped("a part of the replay"))),
        }
    }
    failure.map_or(Ok((head, results)), Err)
}

fn fold_part<S: Default>(
    mut batches: mpsc::Receiver<Arc<RecordBatch>>,
    part: usize,
    parts: usize,
    take_in: impl Fn(&mut S, &RecordHeader, &[u8], &Upcasters) -> Result<(), AppError>,
) -> Result<S, AppError> {
    let upcasters = Upcasters::of_today();
    let mut kept = S::default();
    while let Some(batch) = batches.blocking_recv() {
        for record in &batch.records {
            if part_of(record.header.trajectory_id, parts) == part {
                take_in(&mut kept, &record.header, batch.body(record), &upcasters)?;
            }
        }
    }
    Ok(kept)
}

/// The part that a trajectory belongs to. Its id may have been chosen by anyone, so it is mixed first.
fn part_of(trajectory: Uuid, parts: usize) -> usize {
    let (high, low) = trajectory.as_u64_pair();
    let mixed = (high ^ low).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    mixed as usize % parts
}

/// Takes one record into its timeline.
pub(crate) fn evolve_record(
    timeline: &mut Timeline,
    header: &RecordHeader,
    body: &[u8],
    keep: Keep,
    upcasters: &Upcasters,
) -> Result<(), AppError> {
    let unreadable = |cause: String| AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause };
    let decision = decode(header, body)?;
    if timeline.revision() == 0 {
        *timeline = Timeline::new(decision.organisation.into());
    }
    revision_follows(timeline, header, &decision)?;
    for event in &decision.events {
        if keep == Keep::ForFigures && !codec::matters_to_figures(event.event_type) {
            timeline.pass_over();
        } else {
            timeline.evolve(codec::recorded(event, upcasters).map_err(unreadable)?);
        }
    }
    Ok(())
}

/// A record takes the revision after the stream's last.
pub(crate) fn revision_follows(timeline: &Timeline, header: &RecordHeader, decision: &StoredDecision<'_>) -> Result<(), AppError> {
    let (is, should) = (decision.first_revision, timeline.revision() + 1);
    let cause = || format!("its revision is {is}, but {should} should follow");
    let unreadable = || AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause: cause() };
    if is == should { Ok(()) } else { Err(unreadable()) }
}

/// Decodes a record and holds it against its header.
pub(crate) fn decode<'a>(header: &RecordHeader, body: &'a [u8]) -> Result<StoredDecision<'a>, AppError> {
    let unreadable = |cause: String| AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause };
    let decision = stored::decode(body).map_err(|e| unreadable(e.to_string()))?;
    let fits = decision.first_position == header.first_position.0
        && decision.trajectory_id.0 == header.trajectory_id
        && decision.events.len() == usize::from(header.events);
    if fits { Ok(decision) } else { Err(unreadable("the record and its frame do not belong together".to_owned())) }
}

/// The timeline of one trajectory as of `until`; `None` when the log holds no event of it.
///
/// # Errors
/// As [`fold`].
pub async fn timeline_of<L: EventLog>(log: &L, trajectory: Uuid, until: Until) -> Result<(Head, Option<Timeline>), AppError> {
    let head = log.resolve(until).await?;
    let upcasters = Upcasters::of_today();
    let mut timeline = None::<Timeline>;
    let mut reader = log.read(Position::START, Until::Position(head.position)).await?;
    while let Some(batch) = reader.next().await? {
        for record in batch.records.iter().filter(|record| record.header.trajectory_id == trajectory) {
            evolve_record(timeline.get_or_insert_default(), &record.header, batch.body(record), Keep::All, &upcasters)?;
        }
    }
    Ok((head, timeline))
}

/// The timeline whose records lie at these places.
pub(crate) async fn timeline_at<L: EventLog>(log: &L, locators: &[Locator]) -> Result<Timeline, AppError> {
    let (mut timeline, upcasters) = (Timeline::default(), Upcasters::of_today());
    let batch = log.read_at(locators).await?;
    for record in &batch.records {
        evolve_record(&mut timeline, &record.header, batch.body(record), Keep::All, &upcasters)?;
    }
    Ok(timeline)
}

/// Whose the trajectory with these records was on this day, by the last decision after which an intake counted; `None` when it had no coach
/// then, or never began.
pub(crate) async fn last_coach_at<L: EventLog>(log: &L, locators: &[Locator], today: Date) -> Result<Option<Name>, AppError> {
    let (mut timeline, upcasters, mut coach) = (Timeline::default(), Upcasters::of_today(), None);
    if locators.is_empty() {
        return Ok(None);
    }
    let batch = log.read_at(locators).await?;
    for record in &batch.records {
        evolve_record(&mut timeline, &record.header, batch.body(record), Keep::All, &upcasters)?;
        if Trajectory::of(&timeline).is_some() {
            coach = coach_of(&timeline, today);
        }
    }
    Ok(coach)
}
