//! What a projector keeps: the record bodies of each trajectory, a value derived from them, and what is still to be published.
//!
//! A body lies under its trajectory and position, so that taking in a record never rewrites the ones before it, and a trajectory's records
//! come out in their order. Texts stay sealed, as they are in the log.

use std::{ops::Bound, path::Path};

use event_log::{Position, RecordHeader};
use proto_events::Timestamp;
use uuid::Uuid;

use crate::{Changes, Entry, Form, Store, TreeNumber, ViewError};

const TREES: &[&str] = &["bodies", "derived", "outbox", "notes"];
const BODIES: TreeNumber = 0;
const DERIVED: TreeNumber = 1;
const OUTBOX: TreeNumber = 2;
const NOTES: TreeNumber = 3;
/// sled's cache, in bytes: the trajectories in use, not all of them; two such stores are open during a rebuild.
const CACHE: u64 = 128 << 20;
/// Before a body: how many events it holds (2 bytes) and its `recorded_at` in microseconds (8 bytes).
const BEFORE_BODY: usize = 10;

/// A record, as it was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBody {
    /// What is known without decoding.
    pub header: RecordHeader,
    /// The stored decision.
    pub body: Vec<u8>,
}

/// What is taken in, in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Taken<'a> {
    /// Records that follow the checkpoint, in log order.
    pub bodies: Vec<(RecordHeader, &'a [u8])>,
    /// The derived values that change; `None` removes one.
    pub derived: Vec<(Uuid, Option<Vec<u8>>)>,
    /// What is to be published: a mark for each trajectory, in the place of the one before.
    pub outbox: Vec<(Uuid, Vec<u8>)>,
    /// Named values of the whole view.
    pub notes: Vec<(&'static str, Vec<u8>)>,
    /// The log's first event, when it is among them.
    pub first_event: Option<Uuid>,
    /// Where the checkpoint then stands; `None` when it does not move.
    pub until: Option<Position>,
}

/// The bodies of a log by trajectory.
pub struct Bodies {
    store: Store,
}

/// Bodies that were opened, and whether they begin again.
pub struct OpenedBodies {
    /// The bodies.
    pub bodies: Bodies,
    /// True when what was there was not believed and thrown away.
    pub thrown_away: bool,
}

impl Bodies {
    /// Opens the view in this folder; `form` names it and the version of what it derives.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(folder: &Path, form: &str) -> Result<OpenedBodies, ViewError> {
        let opened = Store::open(folder, &Form { name: &format!("trajectlog bodies 1, {form}"), trees: TREES, cache: CACHE })?;
        Ok(OpenedBodies { bodies: Self { store: opened.store }, thrown_away: opened.thrown_away })
    }

    /// The position up to which the view is that of the log.
    #[must_use]
    pub const fn checkpoint(&self) -> Position {
        self.store.checkpoint()
    }

    /// The first event of the log whose view this is; `None` while it is empty.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn first_event(&self) -> Result<Option<Uuid>, ViewError> {
        self.store.first_event()
    }

    /// Takes in what is new: state and checkpoint in one transaction. Thousands of records at a time are an order of magnitude faster
    /// than one by one.
    ///
    /// # Errors
    /// [`ViewError::Damaged`] when the store fails.
    pub fn apply(&mut self, taken: Taken<'_>) -> Result<(), ViewError> {
        let mut changes = Changes::new();
        for (header, body) in taken.bodies {
            let mut value = Vec::with_capacity(BEFORE_BODY + body.len());
            value.extend_from_slice(&header.events.to_be_bytes());
            value.extend_from_slice(&header.recorded_at.micros().to_be_bytes());
            value.extend_from_slice(body);
            changes.put(BODIES, &body_key(header.trajectory_id, header.first_position), value);
        }
        for (trajectory, value) in taken.derived {
            match value {
                Some(value) => changes.put(DERIVED, trajectory.as_bytes(), value),
                None => changes.remove(DERIVED, trajectory.as_bytes()),
            }
        }
        for (trajectory, mark) in taken.outbox {
            changes.put(OUTBOX, trajectory.as_bytes(), mark);
        }
        for (name, value) in taken.notes {
            changes.put(NOTES, name.as_bytes(), value);
        }
        if let Some(first) = taken.first_event {
            changes.first_event(first);
        }
        self.store.apply(&changes, taken.until)
    }

    /// Shows the records of one trajectory, in log order.
    ///
    /// # Errors
    /// [`ViewError::Damaged`], and those of `each`.
    pub fn visit_of<E: From<ViewError>>(
        &self,
        trajectory: Uuid,
        mut each: impl FnMut(&RecordHeader, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let (first, last) = (body_key(trajectory, Position::START), body_key(trajectory, Position(u64::MAX)));
        self.store.visit(BODIES, (Bound::Included(&first), Bound::Included(&last)), |key, value| {
            let (header, body) = self.read(key, value)?;
            each(&header, body).map(|()| true)
        })
    }

    /// The records of one trajectory, in log order.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn of(&self, trajectory: Uuid) -> Result<Vec<StoredBody>, ViewError> {
        let mut bodies = Vec::new();
        self.visit_of(trajectory, |header, body| {
            bodies.push(StoredBody { header: *header, body: body.to_vec() });
            Ok::<_, ViewError>(())
        })?;
        Ok(bodies)
    }

    /// Shows every record of one part of all trajectories: trajectory after trajectory, each in log order. The parts are numbered from 0;
    /// each trajectory is in one of them.
    ///
    /// # Errors
    /// [`ViewError::Damaged`], and those of `each`.
    pub fn visit_part<E: From<ViewError>>(
        &self,
        part: u8,
        parts: u8,
        mut each: impl FnMut(&RecordHeader, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        // Cut by the first byte of the id.
        let parts = u16::from(parts.max(1));
        let bound = |part: u16| u8::try_from(part * 256 / parts).ok().map(|byte| [byte]);
        let (from, to) = (bound(u16::from(part)), bound(u16::from(part) + 1));
        let Some(from) = &from else { return Ok(()) };
        let to = to.as_ref().map_or(Bound::Unbounded, |to| Bound::Excluded(&to[..]));
        self.store.visit(BODIES, (Bound::Included(&from[..]), to), |key, value| {
            let (header, body) = self.read(key, value)?;
            each(&header, body).map(|()| true)
        })
    }

    /// The derived value of a trajectory.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn derived(&self, trajectory: Uuid) -> Result<Option<Vec<u8>>, ViewError> {
        self.store.get(DERIVED, trajectory.as_bytes())
    }

    /// Shows the derived values in the order of their trajectories, from this one on, until `each` says false.
    ///
    /// # Errors
    /// [`ViewError::Damaged`], and those of `each`.
    pub fn visit_derived<E: From<ViewError>>(&self, from: Uuid, mut each: impl FnMut(Uuid, &[u8]) -> Result<bool, E>) -> Result<(), E> {
        self.store.visit(DERIVED, (Bound::Included(&from.as_bytes()[..]), Bound::Unbounded), |key, value| {
            each(Uuid::from_slice(key).map_err(|_| self.store.cut_off())?, value)
        })
    }

    /// What is still to be published, with its mark; at most `limit`.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn outbox(&self, limit: usize) -> Result<Vec<(Uuid, Vec<u8>)>, ViewError> {
        let mut found = Vec::new();
        if limit == 0 {
            return Ok(found);
        }
        self.store.visit(OUTBOX, (Bound::Unbounded, Bound::Unbounded), |key, mark| {
            found.push((Uuid::from_slice(key).map_err(|_| self.store.cut_off())?, mark.to_vec()));
            Ok::<_, ViewError>(found.len() < limit)
        })?;
        Ok(found)
    }

    /// Crosses off what was published, where its mark is still the same: what has changed since is published again.
    ///
    /// # Errors
    /// [`ViewError::Damaged`] when the store fails.
    pub fn published(&mut self, marks: &[(Uuid, Vec<u8>)]) -> Result<(), ViewError> {
        let mut changes = Changes::new();
        for (trajectory, mark) in marks {
            if self.store.get(OUTBOX, trajectory.as_bytes())?.as_ref() == Some(mark) {
                changes.remove(OUTBOX, trajectory.as_bytes());
            }
        }
        self.store.apply(&changes, None)
    }

    /// A named value of the whole view.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn note(&self, name: &str) -> Result<Option<Vec<u8>>, ViewError> {
        self.store.get(NOTES, name.as_bytes())
    }

    /// Throws everything away: the view begins again at 0.
    ///
    /// # Errors
    /// [`ViewError::Damaged`] when the store fails.
    pub fn clear(&mut self) -> Result<(), ViewError> {
        self.store.clear()
    }

    /// Every body and derived value in key order, as bytes: two views of the same log are equal exactly when these are. What is still to
    /// be published depends on who listened, and is no part of it.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn contents(&self) -> Result<Vec<Entry>, ViewError> {
        self.store.contents(&[BODIES, DERIVED])
    }

    /// Closes the view in order: only then is it believed the next time.
    ///
    /// # Errors
    /// [`ViewError::Io`] or [`ViewError::Damaged`].
    pub fn close(self) -> Result<(), ViewError> {
        self.store.close()
    }

    fn read<'v>(&self, key: &[u8], value: &'v [u8]) -> Result<(RecordHeader, &'v [u8]), ViewError> {
        let trajectory_id = key.get(..16).and_then(|id| Uuid::from_slice(id).ok()).ok_or_else(|| self.store.cut_off())?;
        let first_position = Position(self.store.number(key, 16)?);
        let (before, body) = value.split_at_checked(BEFORE_BODY).ok_or_else(|| self.store.cut_off())?;
        let events = before.first_chunk::<2>().map(|bytes| u16::from_be_bytes(*bytes)).ok_or_else(|| self.store.cut_off())?;
        let micros = i64::from_be_bytes(self.store.number(before, 2)?.to_be_bytes());
        let recorded_at = Timestamp::from_micros(micros).ok_or_else(|| self.store.cut_off())?;
        Ok((RecordHeader { first_position, events, recorded_at, trajectory_id }, body))
    }
}

fn body_key(trajectory: Uuid, position: Position) -> [u8; 24] {
    let mut key = [0; 24];
    key[..16].copy_from_slice(trajectory.as_bytes());
    key[16..].copy_from_slice(&position.0.to_be_bytes());
    key
}
