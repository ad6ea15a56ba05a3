//! What a projector keeps: a state of each trajectory, and a mark of its own beside it.
//!
//! The state of a trajectory is a function of its records, and lies in one entry: a portion of the log writes each trajectory that it touches
//! once, however many of its records the portion holds. So large portions are fast, and which records came together makes no difference.

use std::{ops::Bound, path::Path};

use event_log::Tail;
use uuid::Uuid;

use crate::{Changes, Entry, Form, Store, TreeNumber, ViewError};

const TREES: &[&str] = &["states", "marks"];
const STATES: TreeNumber = 0;
const MARKS: TreeNumber = 1;
/// sled's cache, in bytes: the trajectories in use, not all of them; two such stores are open during a rebuild.
const CACHE: u64 = 128 << 20;

/// What is taken in, in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The states that change, each in the place of the one before.
    pub states: Vec<(Uuid, Vec<u8>)>,
    /// The log's first event, when it is taken in.
    pub first_event: Option<Uuid>,
    /// Where the checkpoint then stands; `None` when it does not move.
    pub until: Option<Tail>,
}

/// The states of a log's trajectories.
pub struct States {
    store: Store,
}

/// States that were opened, and whether they begin again.
pub struct OpenedStates {
    /// The states.
    pub states: States,
    /// True when what was there was not believed and thrown away.
    pub thrown_away: bool,
}

impl States {
    /// Opens the view in this folder; `form` names it and the version of what a state holds.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(folder: &Path, form: &str) -> Result<OpenedStates, ViewError> {
        let opened = Store::open(folder, &Form { name: &format!("trajectlog states 1, {form}"), trees: TREES, cache: CACHE })?;
        Ok(OpenedStates { states: Self { store: opened.store }, thrown_away: opened.thrown_away })
    }

    /// The record of the log up to which the view is that of the log.
    #[must_use]
    pub const fn tail(&self) -> Tail {
        self.store.tail()
    }

    /// The first event of the log whose view this is; `None` while it is empty.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn first_event(&self) -> Result<Option<Uuid>, ViewError> {
        self.store.first_event()
    }

    /// Takes in what is new: states and checkpoint in one transaction. Many at a time are an order of magnitude faster than one by one.
    ///
    /// # Errors
    /// [`ViewError::Damaged`] when the store fails.
    pub fn apply(&mut self, taken: Taken) -> Result<(), ViewError> {
        let mut changes = Changes::new();
        for (trajectory, state) in taken.states {
            changes.put(STATES, trajectory.as_bytes(), state);
        }
        if let Some(first) = taken.first_event {
            changes.first_event(first);
        }
        self.store.apply(changes, taken.until)
    }

    /// The state of a trajectory.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn state(&self, trajectory: Uuid) -> Result<Option<Vec<u8>>, ViewError> {
        self.store.get(STATES, trajectory.as_bytes())
    }

    /// Shows the states in the order of their trajectories.
    ///
    /// # Errors
    /// [`ViewError::Damaged`], and those of `each`.
    pub fn visit_states<E: From<ViewError>>(&self, each: impl FnMut(Uuid, &[u8]) -> Result<(), E>) -> Result<(), E> {
        self.visit(STATES, each)
    }

    /// Shows the marks in the order of their trajectories.
    ///
    /// # Errors
    /// [`ViewError::Damaged`], and those of `each`.
    pub fn visit_marks<E: From<ViewError>>(&self, each: impl FnMut(Uuid, &[u8]) -> Result<(), E>) -> Result<(), E> {
        self.visit(MARKS, each)
    }

    fn visit<E: From<ViewError>>(&self, tree: TreeNumber, mut each: impl FnMut(Uuid, &[u8]) -> Result<(), E>) -> Result<(), E> {
        self.store.visit(tree, (Bound::Unbounded, Bound::Unbounded), |key, value| {
            each(Uuid::from_slice(key).map_err(|_| self.store.cut_off())?, value).map(|()| true)
        })
    }

    /// Marks trajectories, each in the place of its mark before: with what is no function of the log.
    ///
    /// # Errors
    /// [`ViewError::Damaged`] when the store fails.
    pub fn mark(&mut self, marks: &[(Uuid, Vec<u8>)]) -> Result<(), ViewError> {
        let mut changes = Changes::new();
        for (trajectory, mark) in marks {
            changes.put(MARKS, trajectory.as_bytes(), mark.clone());
        }
        self.store.apply(changes, None)
    }

    /// Throws everything away: the view begins again at 0.
    ///
    /// # Errors
    /// [`ViewError::Damaged`] when the store fails.
    pub fn clear(&mut self) -> Result<(), ViewError> {
        self.store.clear()
    }

    /// Every state in key order, as bytes: two views of the same log are equal exactly when these are. The marks are no part of it.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn contents(&self) -> Result<Vec<Entry>, ViewError> {
        self.store.contents(&[STATES])
    }

    /// Closes the view in order: only then is it believed the next time.
    ///
    /// # Errors
    /// [`ViewError::Io`] or [`ViewError::Damaged`].
    pub fn close(self) -> Result<(), ViewError> {
        self.store.close()
    }
}
