//! A portion of the log, folded: of every trajectory that it touches the timeline after it, each once, on every processor.

use std::thread;

use app::{AppError, Keep, stream};
use domain::Timeline;
use event_log::{Position, RecordBatch, RecordHeader};
use hashbrown::HashMap;
use proto_events::upcast::Upcasters;
use uuid::Uuid;

/// More threads than this gain nothing: writing what was folded is then what takes long.
const MOST_THREADS: usize = 4;
/// Fewer records than this are folded here: handing them to other threads would cost more.
const FEW: usize = 512;

/// The records of a portion that are of one trajectory.
struct Group<'a> {
    trajectory: Uuid,
    records: Vec<(&'a RecordHeader, &'a [u8])>,
}

/// Folds the records of a portion onto the timelines before it, and gives what `make` makes of each timeline and the position of its last
/// event, in the order in which the portion first touches them.
///
/// # Errors
/// That of the first record of the log that cannot be taken in.
pub(crate) fn fold<R: Send>(
    batch: &RecordBatch,
    upcasters: &Upcasters,
    before: &(dyn Fn(Uuid) -> Result<Timeline, AppError> + Sync),
    make: &(dyn Fn(Uuid, &Timeline, Position) -> Result<R, AppError> + Sync),
) -> Result<Vec<R>, AppError> {
    let groups = grouped(batch);
    let fold = |group: &Group<'_>| {
        let mut timeline = before(group.trajectory)?;
        let mut last = Position::START;
        for (header, body) in &group.records {
            stream::evolve(&mut timeline, header, body, Keep::All, upcasters)?;
            last = header.last_position();
        }
        make(group.trajectory, &timeline, last)
    };
    let threads = if batch.records.len() < FEW { 1 } else { thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS) };
    if threads == 1 {
        return first_failure(groups.iter().map(fold).collect());
    }
    let part = groups.len().div_ceil(threads).max(1);
    let folded = thread::scope(|scope| {
        let parts: Vec<_> = groups.chunks(part).map(|part| scope.spawn(move || part.iter().map(fold).collect::<Vec<_>>())).collect();
        parts.into_iter().map(|part| part.join().map_err(|_| AppError::Stopped("taking in events"))).collect::<Result<Vec<_>, _>>()
    })?;
    first_failure(folded.into_iter().flatten().collect())
}

fn grouped(batch: &RecordBatch) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places: HashMap<Uuid, usize> = HashMap::with_capacity(batch.records.len());
    for record in &batch.records {
        let trajectory = record.header.trajectory_id;
        let place = *places.entry(trajectory).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Group { trajectory, records: Vec::new() });
        }
        if let Some(group) = groups.get_mut(place) {
            group.records.push((&record.header, batch.body(record)));
        }
    }
    groups
}

/// All of them, or the failure that lies first in the log.
fn first_failure<R>(folded: Vec<Result<R, AppError>>) -> Result<Vec<R>, AppError> {
    let position = |error: &AppError| if let AppError::History { position, .. } = error { *position } else { Position::START };
    let (mut all, mut first) = (Vec::with_capacity(folded.len()), None::<AppError>);
    for one in folded {
        match one {
            Ok(one) => all.push(one),
            Err(error) if first.as_ref().is_none_or(|first| position(&error) < position(first)) => first = Some(error),
            Err(_) => {}
        }
    }
    first.map_or(Ok(all), Err)
}
