//! What recording looks up: event ids, streams, and the clients whose texts the log holds.

use std::{collections::HashMap, path::Path};

use event_log::{Locator, Position, Tail};
use uuid::Uuid;

use crate::{Changes, Entry, Form, Place, Store, TreeNumber, ViewError, former, seal};

/// The views' form. A change of what they hold or how it is encoded is a new form: old views are then built anew.
const FORM: Form<'_> = Form {
    name: "trajectlog views 5",
    trees: &["event_ids", "streams", "clients"],
    // Enough for the index of a national log.
    cache: 256 << 20,
};
/// The name of the folder where the index lies, with the version of [`FORM`].
const NAME: &str = "index";
const VERSION: u32 = 5;
const EVENT_IDS: TreeNumber = 0;
const STREAMS: TreeNumber = 1;
const CLIENTS: TreeNumber = 2;

/// What the index of event ids knows of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventEntry {
    /// Its position.
    pub position: Position,
    /// The keyed digest of its content.
    pub digest: [u8; 16],
}

/// One record's part in the views.
#[derive(Clone, Debug)]
pub struct Projected {
    /// The stream.
    pub trajectory: Uuid,
    /// Where the record lies.
    pub locator: Locator,
    /// The client under whose key it seals texts, if it has any.
    pub client: Option<Uuid>,
    /// Its events, in order.
    pub events: Vec<(Uuid, EventEntry)>,
}

/// The views of one log.
pub struct Views {
    store: Store,
}

/// Views that were opened, and whether they begin again.
pub struct Opened {
    /// The views.
    pub views: Views,
    /// True when what was there was not believed and thrown away.
    pub thrown_away: bool,
}

/// The checkpoint of the sealed index below the folder of all views, without opening it: how far a log reached when it was closed.
#[must_use]
pub fn sealed_checkpoint(root: &Path) -> Option<Position> {
    let living = Views::place(root).living();
    // Where the former layout still lies it is the living one: it is moved when it is opened.
    seal::checkpoint(if living.exists() { &living } else { root }, FORM.name)
}

impl Views {
    /// Where the index of a log lies below the folder of all views.
    #[must_use]
    pub fn place(root: &Path) -> Place {
        Place::new(root, NAME, VERSION)
    }

    /// Opens the living index below the folder of all views. One that lies there in the former layout becomes the living one; what an
    /// earlier process left half built is removed.
    ///
    /// # Errors
    /// As [`Views::open`].
    pub fn open_living(root: &Path) -> Result<Opened, ViewError> {
        let place = Self::place(root);
        former::take_over(root, &place.living())?;
        let opened = Self::open(&place.living())?;
        // Who holds the living one is the only one who builds beside it.
        place.remove_building()?;
        place.remove_older()?;
        Ok(opened)
    }

    /// Opens the views in this folder; makes them where there are none, and throws away what was not closed in order.
    ///
    /// # Errors
    /// [`ViewError::Busy`] when another process holds them.
    pub fn open(folder: &Path) -> Result<Opened, ViewError> {
        let opened = Store::open(folder, &FORM)?;
        Ok(Opened { views: Self { store: opened.store }, thrown_away: opened.thrown_away })
    }

    /// The position up to which the views are those of the log.
    #[must_use]
    pub const fn checkpoint(&self) -> Position {
        self.store.tail().position
    }

    /// The record of the log up to which the views are those of the log.
    #[must_use]
    pub const fn tail(&self) -> Tail {
        self.store.tail()
    }

    /// The first event of the log whose views these are; `None` while they are empty.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn first_event(&self) -> Result<Option<Uuid>, ViewError> {
        self.store.first_event()
    }

    /// Whether the log holds a text that is sealed under this client's key.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn has_texts_of(&self, client: Uuid) -> Result<bool, ViewError> {
        self.store.has(CLIENTS, client.as_bytes())
    }

    /// What is known of an event id.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn event(&self, id: Uuid) -> Result<Option<EventEntry>, ViewError> {
        let Some(value) = self.store.get(EVENT_IDS, id.as_bytes())? else {
            return Ok(None);
        };
        let position = self.store.number(&value, 0)?;
        let digest = value.get(8..24).and_then(|digest| digest.try_into().ok()).ok_or_else(|| self.store.cut_off())?;
        Ok(Some(EventEntry { position: Position(position), digest }))
    }

    /// Where the records of a stream lie, in log order; empty when there are none.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn stream(&self, trajectory: Uuid) -> Result<Vec<Locator>, ViewError> {
        let value = self.store.get(STREAMS, trajectory.as_bytes())?.unwrap_or_default();
        (0..value.len() / 8).map(|place| self.store.number(&value, place * 8).map(Locator)).collect()
    }

    /// Takes in the records that follow the checkpoint, up to this one: state and checkpoint in one transaction.
    ///
    /// # Errors
    /// [`ViewError::Damaged`] when the store fails.
    pub fn apply(&mut self, records: &[Projected], until: impl Into<Tail>) -> Result<(), ViewError> {
        let mut changes = Changes::new();
        let mut streams: HashMap<Uuid, Vec<u8>> = HashMap::new();
        for record in records {
            streams.entry(record.trajectory).or_default().extend_from_slice(&record.locator.0.to_be_bytes());
            for (id, EventEntry { position, digest }) in &record.events {
                let value = [&position.0.to_be_bytes()[..], digest].concat();
                changes.put(EVENT_IDS, id.as_bytes(), value);
            }
            if let Some(client) = record.client {
                changes.put(CLIENTS, client.as_bytes(), Vec::new());
            }
        }
        for (trajectory, value) in streams {
            let mut whole = self.store.get(STREAMS, trajectory.as_bytes())?.unwrap_or_default();
            whole.extend_from_slice(&value);
            changes.put(STREAMS, trajectory.as_bytes(), whole);
        }
        let first = records.first().and_then(|record| record.events.first()).filter(|(_, entry)| entry.position == Position(1));
        if let Some((first, _)) = first {
            changes.first_event(*first);
        }
        self.store.apply(changes, Some(until.into()))
    }

    /// Throws everything away: the views begin again at 0.
    ///
    /// # Errors
    /// [`ViewError::Damaged`] when the store fails.
    pub fn clear(&mut self) -> Result<(), ViewError> {
        self.store.clear()
    }

    /// Every entry of the indexes in key order, as bytes: two views of the same log are equal exactly when these are.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn contents(&self) -> Result<Vec<Entry>, ViewError> {
        self.store.contents(&[EVENT_IDS, STREAMS, CLIENTS])
    }

    /// Closes the views in order: only then are they believed the next time.
    ///
    /// # Errors
    /// [`ViewError::Io`] or [`ViewError::Damaged`].
    pub fn close(self) -> Result<(), ViewError> {
        self.store.close()
    }
}
