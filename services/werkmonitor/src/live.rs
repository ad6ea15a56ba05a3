//! Live questions: their counts are kept up trajectory by trajectory, and what they come to is told to those who listen.

use std::sync::{Arc, LazyLock};

use domain::{Quarter, Trajectory};
use event_log::Position;
use figures::{AsOf, Definitions, Figures, Question, Scope, Tallies};
use serde_json::Value;
use tokio::sync::watch;

/// Different questions that may be listened to at once: each costs some microseconds a changed trajectory, and memory.
pub const MOST_LIVE: usize = 256;

/// A question that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The quarter.
    pub quarter: Quarter,
    /// Which trajectories.
    pub scope: Scope,
    /// By which definitions.
    pub definitions: Definitions,
    /// Whether the cells per organisation and per region are asked for too.
    pub tables: bool,
}

impl Asked {
    /// The question as the figures take it.
    #[must_use]
    pub const fn question(&self) -> Question<'_> {
        Question { quarter: self.quarter, scope: &self.scope, definitions: &self.definitions, tables: self.tables }
    }
}

/// What is told.
pub struct Told {
    /// As of which position.
    pub position: Position,
    /// The figures in the shape of the contract. Made when somebody first looks at them, once for all who listen: a question with tables
    /// has hundreds of thousands of numbers, and whoever is slow passes over some of what is told.
    pub figures: LazyLock<Value, Box<dyn FnOnce() -> Value + Send>>,
}

impl Told {
    fn new(asked: &Arc<Asked>, numbers: &Arc<Figures>, as_of: &AsOf) -> Self {
        let (asked, numbers, as_of) = (Arc::clone(asked), Arc::clone(numbers), as_of.clone());
        let position = Position(as_of.position);
        Self { position, figures: LazyLock::new(Box::new(move || numbers.to_json(&asked.question(), &as_of))) }
    }
}

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Told").field("position", &self.position).finish_non_exhaustive()
    }
}

/// No more questions can be listened to now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{MOST_LIVE} different questions are listened to already: ask once instead, or try again later")]
pub struct TooManyQuestions;

/// A question that somebody listens to.
pub(crate) struct Live {
    pub(crate) asked: Arc<Asked>,
    tallies: Tallies,
    /// What they come to, as it was told last.
    numbers: Arc<Figures>,
    /// Whether the counts have changed since then.
    changed: bool,
    /// As it was told last.
    pub(crate) provisional: bool,
    sender: watch::Sender<Arc<Told>>,
}

impl Live {
    pub(crate) fn new(asked: Asked, tallies: Tallies, as_of: &AsOf) -> Self {
        let (asked, numbers) = (Arc::new(asked), Arc::new(Figures::of(&tallies)));
        let sender = watch::Sender::new(Arc::new(Told::new(&asked, &numbers, as_of)));
        Self { asked, tallies, numbers, changed: false, provisional: as_of.provisional, sender }
    }

    pub(crate) fn listen(&self) -> watch::Receiver<Arc<Told>> {
        self.sender.subscribe()
    }

    pub(crate) fn is_listened_to(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    /// A trajectory was so and is now so.
    pub(crate) fn change(&mut self, before: Option<&Trajectory>, after: Option<&Trajectory>) {
        let question = self.asked.question();
        if let Some(before) = before {
            self.tallies.uncount(before, &question);
        }
        if let Some(after) = after {
            self.tallies.count(after, &question);
        }
        self.changed = true;
    }

    /// It is counted from other lives.
    pub(crate) fn recount(&mut self, tallies: Tallies) {
        self.tallies = tallies;
        self.changed = true;
    }

    /// Tells what it comes to now: the same numbers too, for they are then known as of a later position.
    pub(crate) fn tell(&mut self, as_of: &AsOf) {
        if self.changed {
            self.numbers = Arc::new(Figures::of(&self.tallies));
        }
        (self.changed, self.provisional) = (false, as_of.provisional);
        self.sender.send_replace(Arc::new(Told::new(&self.asked, &self.numbers, as_of)));
    }
}
