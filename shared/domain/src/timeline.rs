//! The effective timeline: which events count, and in what order.

use crate::{ClientId, Event, EventId, Fact, Name, Recorded};

/// What is known of one stream as of a position: the events that count, in their order, and what outlives retraction.
///
/// An event that no longer counts never counts again (a retracted corrector does not bring the original back, and a
/// retraction cannot be retracted), so it need not be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    organisation: Name,
    client: Option<ClientId>,
    revision: u32,
    events: Vec<Event>,
}

impl Timeline {
    /// The empty stream of this organisation.
    #[must_use]
    pub fn new(organisation: Name) -> Self {
        Self { organisation, ..Self::default() }
    }

    /// A timeline as it was told before by what it tells: of the organisation, the client of the first intake, the last revision, and the
    /// events that count in their order.
    #[must_use]
    pub const fn restored(organisation: Name, client: Option<ClientId>, revision: u32, events: Vec<Event>) -> Self {
        Self { organisation, client, revision, events }
    }

    /// The organisation that delivers the trajectory; the same in every event, for ever.
    #[must_use]
    pub const fn organisation(&self) -> &Name {
        &self.organisation
    }

    /// The client of the stream's first intake, whether or not that intake still counts.
    #[must_use]
    pub const fn client(&self) -> Option<ClientId> {
        self.client
    }

    /// The stream's last revision; 0 when it is empty.
    #[must_use]
    pub const fn revision(&self) -> u32 {
        self.revision
    }

    /// The events that count, by `occurred_on`, then by the revision of the first event of their correction chain.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The event with this id, if it counts.
    #[must_use]
    pub fn find(&self, id: EventId) -> Option<&Event> {
        self.events.iter().find(|event| event.id == id)
    }

    /// One event further.
    pub fn evolve(&mut self, recorded: Recorded) {
        self.revision += 1;
        let Recorded { id, occurred_on, corrects, fact } = recorded;
        if let Fact::Retraction { event } = fact {
            self.remove(event);
            return;
        }
        if let Fact::Intake(intake) = &fact {
            self.client.get_or_insert(intake.client);
        }
        let replaced = corrects.and_then(|target| self.remove(target));
        let first_revision = replaced.map_or(self.revision, |event| event.first_revision);
        let place = self.events.partition_point(|event| (event.occurred_on, event.first_revision) < (occurred_on, first_revision));
        self.events.insert(place, Event { id, occurred_on, revision: self.revision, first_revision, fact });
    }

    /// Passes over an event that the caller does not look at: it takes its revision and nothing else.
    pub fn pass_over(&mut self) {
        self.revision += 1;
    }

    fn remove(&mut self, id: EventId) -> Option<Event> {
        let place = self.events.iter().position(|event| event.id == id)?;
        Some(self.events.remove(place))
    }
}
