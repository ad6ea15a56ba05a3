//! Openings: for an hour, and for a reason that is kept, somebody sees the sealed texts of one trajectory.

use std::time::Duration;

use proto_events::{Date, Slug, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Rule, clock};

/// Texts stay open for so long.
pub const OPEN_FOR: Duration = Duration::from_secs(3600);
/// An account opens so many trajectories within a day: an emergency is about a few.
pub const MOST_OPENINGS: usize = 40;
/// [`MOST_OPENINGS`] counts within so long.
pub(crate) const COUNTED_FOR: Duration = Duration::from_secs(24 * 3600);
/// The shortest reason, in characters: a word alone says nothing to whoever asks for it later.
pub const SHORTEST_REASON: usize = 10;
/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 1_000;
/// An opening is kept for so many days: who has seen what is asked years after.
pub(crate) const KEPT_DAYS: i32 = 5 * 366;

/// What somebody wants to see, and why.
#[derive(Clone, PartialEq, Eq)]
pub struct NewOpening {
    /// The organisation that delivers the trajectory: it is shown the opening.
    pub organisation: Slug,
    /// The trajectory.
    pub trajectory: Uuid,
    /// Why it is needed: [`SHORTEST_REASON`] to [`LONGEST_REASON`] characters, a letter among them, of control characters only those that end a
    /// line.
    pub reason: String,
}

impl std::fmt::Debug for NewOpening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A reason may name a person, and this may come into a log.
        let Self { organisation, trajectory, reason: _ } = self;
        f.debug_struct("NewOpening").field("organisation", organisation).field("trajectory", trajectory).finish_non_exhaustive()
    }
}

impl NewOpening {
    /// The rules that need nothing else.
    ///
    /// # Errors
    /// The first that is not kept.
    pub fn check(&self) -> Result<(), Rule> {
        let reason = self.reason.trim();
        let fine = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
        let says = (SHORTEST_REASON..=LONGEST_REASON).contains(&reason.chars().count()) && reason.chars().any(char::is_alphabetic);
        let fits = says && reason.chars().all(fine);
        if fits { Ok(()) } else { Err(Rule::OpeningReason) }
    }
}

/// An opening.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Its own.
    pub id: Uuid,
    /// Who opened them.
    pub account: Uuid,
    /// The organisation that delivers the trajectory.
    pub organisation: Slug,
    /// Whose texts.
    pub trajectory: Uuid,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Until when they are open; at that moment they are not.
    pub until: Timestamp,
    /// When they were sealed again before that, by who opened them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { id, account, organisation, trajectory, reason: _, at, until, closed } = self;
        f.debug_struct("Opening")
            .field("id", id)
            .field("account", account)
            .field("organisation", organisation)
            .field("trajectory", trajectory)
            .field("at", at)
            .field("until", until)
            .field("closed", closed)
            .finish_non_exhaustive()
    }
}

impl Opening {
    /// Whether it holds at this moment.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.at <= now && now < self.until && self.closed.is_none()
    }

    /// When they were sealed again, or will be.
    #[must_use]
    pub fn ends(&self) -> Timestamp {
        self.closed.unwrap_or(self.until)
    }

    /// Whether nobody needs to know of it any more.
    pub(crate) fn is_history(&self, today: Date) -> bool {
        clock::day_of(self.at).is_some_and(|day| today.days() - day.days() > KEPT_DAYS)
    }
}
