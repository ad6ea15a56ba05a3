//! What judging has to know of the whole log: which event ids there are, where each stream's records lie, which clients have
//! texts. The views know most of it; what came after their checkpoint is held here until they have taken it in.

use event_log::{EventLog, Head, Locator, Position, ReadError, RecordBatch, RecordReader, Tail, Until, holds, read_after, tail_at};
use hashbrown::{HashMap, HashSet};
use keys::KeyStore;
use smallvec::SmallVec;
use uuid::Uuid;
use views::{Projected, ViewError, Views};

use crate::{AppError, projection, replay};

/// What is held back is given to the views in portions of about this many events: small enough that nobody waits for long.
const PORTION: usize = 4_096;

/// Where an event id was seen.
pub(crate) enum Known {
    /// Never.
    Nowhere,
    /// At this position; nothing more is known without reading.
    At(Position),
    /// At this position, with this keyed digest of its content.
    Digested(views::EventEntry),
}

/// Why views can no longer be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    /// They cannot be read or written, as when their disk failed.
    Failed,
    /// They know what the log does not hold.
    Withdrawn,
}

/// The views of a log, and what they lack.
pub(crate) struct Index {
    views: Option<Views>,
    /// Of records of the log that the views do not have yet.
    ids: HashMap<Uuid, Position>,
    /// Of events that were judged and have not come back from the log: where they are to lie.
    expected: HashMap<Uuid, Position>,
    streams: HashMap<Uuid, SmallVec<[Locator; 2]>>,
    clients: HashSet<Uuid>,
    /// Whether the views are kept up to date from here.
    keeps_views: bool,
    /// Why the views can no longer be asked, if they cannot: all of it must then be known here.
    lost: Option<Lost>,
    /// For the views: what they have not yet taken in, in log order.
    held: Vec<Projected>,
    held_events: usize,
    /// Up to here the records of the log are known.
    taken: Head,
    /// The last of them.
    tail: Tail,
    /// What the views knew when they were closed in order.
    sealed: Tail,
}

impl Index {
    /// The index of this log. `views` may lag behind or be absent: what they lack is read now. With `keep` they are brought up
    /// to date first and kept so.
    pub(crate) async fn open<L: EventLog>(log: &L, keys: &KeyStore, views: Option<Views>, keep: bool) -> Result<Self, AppError> {
        let head = log.head().await?;
        let mut views = match views {
            Some(views) if keep || projection::are_of(&views, log).await? => Some(views),
            _ => None,
        };
        let sealed = match &views {
            Some(views) => held_of(views, log, head.position).await,
            None => Ok(Tail::START),
        };
        let sealed = match sealed {
            Err(error @ AppError::LogIsOlder { .. }) => {
                // The evidence stays: closed in order, they say the same the next time.
                views.take().map_or(Ok(()), Views::close)?;
                return Err(error);
            }
            sealed => sealed?,
        };
        if let (true, Some(views)) = (keep, &mut views) {
            projection::catch_up(log, views, keys.digest_key(), &mut |_| {}).await?;
        }
        let from = views.as_ref().map_or(Tail::START, Views::tail);
        let mut index = Self {
            keeps_views: keep && views.is_some(),
            lost: None,
            views,
            ids: HashMap::new(),
            expected: HashMap::new(),
            streams: HashMap::new(),
            clients: HashSet::new(),
            held: Vec::new(),
            held_events: 0,
            taken: Head { position: from.position, recorded_at: None },
            tail: from,
            sealed,
        };
        index.read_on(log, keys, &mut |_, _| {}).await?;
        if index.taken.position < head.position {
            // It ended there a moment ago.
            return Err(ReadError::Withdrawn { position: head.position }.into());
        }
        if index.taken.position == head.position {
            index.taken = head;
        }
        if index.tail.checksum.is_none() {
            index.tail = tail_at(log, index.taken.position).await?.unwrap_or(index.tail);
        }
        Ok(index)
    }

    /// Up to here the records of the log are known.
    pub(crate) const fn taken(&self) -> Head {
        self.taken
    }

    /// The record of this log that the views knew last when they were closed in order.
    pub(crate) const fn sealed(&self) -> Tail {
        self.sealed
    }

    /// The last record that is known.
    pub(crate) const fn tail(&self) -> Tail {
        self.tail
    }

    /// Reads and takes in what is not known yet.
    pub(crate) async fn read_on<L: EventLog>(
        &mut self,
        log: &L,
        keys: &KeyStore,
        told: &mut (dyn FnMut(Position, Uuid) + Send),
    ) -> Result<(), AppError> {
        let mut reader = read_after(log, self.tail, Until::Head).await?;
        while let Some(batch) = reader.next().await? {
            self.take_in(&batch, keys, told)?;
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Takes in the records that are not known yet, and tells of each where it begins and to which stream it belongs.
    pub(crate) fn take_in(
        &mut self,
        batch: &RecordBatch,
        keys: &KeyStore,
        told: &mut (dyn FnMut(Position, Uuid) + Send),
    ) -> Result<(), AppError> {
        let known = self.taken.position;
        self.is_continued_by(batch)?;
        for record in batch.records.iter().filter(|record| record.header.first_position > known) {
            let header = &record.header;
            if header.first_position != self.taken.position.plus(1) {
                let cause = format!("what follows position {} was not read", self.taken.position);
                return Err(AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause });
            }
            // Before anything is known of it: what cannot be read is not half taken in.
            let decision = replay::decode(header, batch.body(record))?;
            let held = self.keeps_views.then(|| projection::project(batch, record, keys.digest_key())).transpose()?;
            for (n, event) in (0..).zip(&decision.events) {
                // Whoever recorded it: where it lies is now known, and no longer expected.
                self.expected.remove(&event.event_id.0);
                self.ids.insert(event.event_id.0, header.first_position.plus(n));
            }
            told(header.first_position, header.trajectory_id);
            self.streams.entry(header.trajectory_id).or_default().push(record.locator);
            self.clients.extend(decision.client_id.map(|client| client.0));
            if let Some(held) = held {
                self.held.push(held);
                self.held_events += usize::from(header.events);
            }
            self.taken = Head { position: header.last_position(), recorded_at: Some(header.recorded_at) };
        }
        if let Some(tail) = batch.tail().filter(|tail| tail.position == self.taken.position) {
            self.tail = tail;
        }
        if self.held_events >= PORTION {
            self.settle();
        }
        Ok(())
    }

    /// What is known already must be what the batch says of it: else what was taken in was withdrawn meanwhile.
    fn is_continued_by(&self, batch: &RecordBatch) -> Result<(), AppError> {
        let known = self.tail.position;
        let over = batch.records.partition_point(|record| record.header.last_position() < known);
        let over = batch.records.get(over).filter(|record| record.header.first_position <= known);
        if over.is_some_and(|record| !record.header.tail(batch.body(record)).agrees(self.tail)) {
            return Err(ReadError::Withdrawn { position: known }.into());
        }
        Ok(())
    }

    /// Gives the views what was held back for them.
    pub(crate) fn settle(&mut self) {
        let Some(views) = self.views.as_mut().filter(|_| !self.held.is_empty() && self.lost.is_none()) else { return };
        match views.apply(&self.held, self.tail) {
            Ok(()) => {}
            // It is held back until there is room.
            Err(e @ (ViewError::Io { .. } | ViewError::Busy { .. })) => return tracing::debug!("the index on disk waits: {e}"),
            Err(e @ ViewError::Damaged { .. }) => return self.lose_views(&e),
        }
        for record in self.held.drain(..) {
            self.streams.remove(&record.trajectory);
            for (id, _) in &record.events {
                self.ids.remove(id);
            }
        }
        self.held_events = 0;
        self.clients.clear();
    }

    /// The views cannot be asked any more.
    pub(crate) fn lose_views(&mut self, cause: &ViewError) {
        tracing::warn!("going on without the index on disk, from the log alone, until another one is built: {cause}");
        self.lost = Some(Lost::Failed);
    }

    /// The log does not hold all that is known here.
    pub(crate) fn withdraw(&mut self) {
        tracing::warn!(
            position = self.taken.position.0,
            "the log no longer holds what it had shown: going on from the log alone, without the index on disk"
        );
        self.lost = self.lost.or(Some(Lost::Withdrawn));
    }

    /// Whether all must be read from the log before anything is asked again.
    pub(crate) const fn lost_views(&self) -> bool {
        self.lost.is_some()
    }

    /// Where this event id was seen.
    pub(crate) fn event(&self, id: Uuid) -> Result<Known, AppError> {
        if let Some(position) = self.ids.get(&id).or_else(|| self.expected.get(&id)) {
            return Ok(Known::At(*position));
        }
        let entry = self.views.as_ref().map(|views| views.event(id)).transpose()?.flatten();
        Ok(entry.map_or(Known::Nowhere, Known::Digested))
    }

    /// An event has this position, though it may not be durable yet.
    pub(crate) fn expect(&mut self, id: Uuid, position: Position) {
        self.expected.insert(id, position);
    }

    /// An event that was expected did not come to be: another one of the same id may have.
    pub(crate) fn forget(&mut self, id: Uuid) {
        self.expected.remove(&id);
    }

    /// Where the records of a stream lie, in log order.
    pub(crate) fn stream(&self, trajectory: Uuid) -> Result<Vec<Locator>, AppError> {
        let mut locators = self.views.as_ref().map_or(Ok(Vec::new()), |views| views.stream(trajectory))?;
        locators.extend(self.streams.get(&trajectory).into_iter().flatten());
        Ok(locators)
    }

    /// Whether the log holds a text of this client.
    pub(crate) fn has_texts_of(&self, client: Uuid) -> Result<bool, AppError> {
        let known = || self.views.as_ref().map_or(Ok(false), |views| views.has_texts_of(client));
        Ok(self.clients.contains(&client) || known()?)
    }

    /// Lets views that were built anew look things up from now on, and gives those that did. They must be exactly as far as the records that
    /// are known here: then they know each id that is let go of. What is expected stays so.
    #[allow(clippy::result_large_err, reason = "it happens once a rebuild")]
    pub(crate) fn switch(&mut self, new: Views) -> Result<Option<Views>, Views> {
        if new.checkpoint() != self.taken.position || !new.tail().agrees(self.tail) {
            return Err(new);
        }
        self.ids.clear();
        self.streams.clear();
        self.clients.clear();
        self.held.clear();
        (self.held_events, self.keeps_views, self.lost) = (0, true, None);
        Ok(self.views.replace(new))
    }

    /// The views, settled. Those that know what the log does not hold only as evidence of that.
    pub(crate) fn into_views(mut self, as_evidence: bool) -> Option<Views> {
        self.settle();
        // Lost ones, closed in order, would be believed the next time.
        let told = match self.lost {
            None => true,
            Some(Lost::Withdrawn) => as_evidence,
            Some(Lost::Failed) => false,
        };
        self.views.filter(|_| told)
    }
}

/// What views that were closed in order know last of a log that ends at `head`; nothing of views of another log, which are made anew.
///
/// # Errors
/// [`AppError::LogIsOlder`] when the log does not hold it, or ends before it.
async fn held_of<L: EventLog>(views: &Views, log: &L, head: Position) -> Result<Tail, AppError> {
    let known = views.tail();
    if known.position <= head {
        if !projection::are_of(views, log).await? {
            return Ok(Tail::START);
        }
        if holds(log, known).await? {
            return Ok(known);
        }
    }
    Err(AppError::LogIsOlder { views: known.position, log: head })
}
