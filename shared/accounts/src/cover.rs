//! Cover: a coach who sees to the trajectories of an absent one, until a day.

use proto_events::{Date, Slug, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Rule;

/// The most days of a cover: a leave of a year. What is longer is a transfer.
pub const LONGEST_COVER_DAYS: i32 = 366;
/// The most covers of an organisation that have not passed: far more than it has coaches.
pub const MOST_COVERS: usize = 2_000;
/// A cover that has passed or was ended is kept for so many days: who could see whose trajectories is asked long after.
pub(crate) const KEPT_AFTER_DAYS: i32 = 2 * 366;

/// What a manager decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCover {
    /// In which organisation; both coaches are of it.
    pub organisation: Slug,
    /// The coach who is absent.
    pub absent: Slug,
    /// The coach who sees to their trajectories beside their own.
    pub by: Slug,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// A cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// Its own.
    pub id: Uuid,
    /// What was decided.
    pub what: NewCover,
    /// The account that decided it.
    pub made_by: Uuid,
    /// When.
    pub made_at: Timestamp,
    /// Who ended it before its last day, and when; from then on it covers no day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// The early end of a cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// The account that ended it.
    pub by: Uuid,
    /// When.
    pub at: Timestamp,
}

impl NewCover {
    /// The rules that need no account.
    ///
    /// # Errors
    /// The first that is not kept.
    pub fn check(&self) -> Result<(), Rule> {
        if self.absent == self.by {
            return Err(Rule::CoverOfOneself);
        }
        let days = self.until.days() - self.from.days() + 1;
        if (1..=LONGEST_COVER_DAYS).contains(&days) { Ok(()) } else { Err(Rule::CoverDays) }
    }
}

impl Cover {
    /// Whether it holds on this day.
    #[must_use]
    pub fn holds(&self, on: Date) -> bool {
        self.ended.is_none() && self.what.from <= on && on <= self.what.until
    }

    /// Whether nobody needs to know of it any more.
    pub(crate) fn is_history(&self, today: Date) -> bool {
        today.days() - self.what.until.days() > KEPT_AFTER_DAYS
    }
}
