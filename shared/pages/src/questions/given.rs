//! What pages of questions are filled with.

use crate::{dashboard::Part, parts::Choosable};

/// A question about what happens to trajectories over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenQuestion {
    /// Does unpaid work stand in the way of paid work?
    UnpaidWork,
    /// Will those who began lately still find work?
    Recent,
    /// What followed what?
    Sequels,
    /// Who has a job or an education beside unpaid work?
    Alongside,
    /// How long do jobs last, and how long does work stay sustainable?
    Lasting,
}

/// What is asked about: quarter and scope, and what there is to choose.
#[derive(Clone, Debug)]
pub struct AskedAbout {
    /// `2025Q1`.
    pub quarter: String,
    /// The quarters that can be chosen.
    pub quarters: Vec<Choosable>,
    /// The scope, as the address has it.
    pub scope: String,
    /// The scopes that can be chosen, and the one that was.
    pub scopes: Vec<Choosable>,
    /// What the scope is called.
    pub scope_name: String,
}

/// Something else that can be chosen on a page of one question.
#[derive(Clone, Debug)]
pub struct Further {
    /// The key in the address.
    pub key: &'static str,
    /// What is chosen.
    pub chosen: String,
    /// What can be.
    pub all: Vec<Choosable>,
}

/// A part to which something happened, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The estimate.
    pub happened: u32,
    /// The bounds of its 95 % interval; `None` where nothing can be said.
    pub interval: Option<(u32, u32)>,
}

/// What a curve says of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// The month, counted from the beginning.
    pub month: u32,
    /// The estimate.
    pub parts: Parts,
    /// How many are seen after it: those on whom the curve goes on.
    pub at_risk: u64,
}

/// A curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    /// The day by which it has happened to half of them; `None` when it does not come so far.
    pub median: Option<u32>,
    /// The months of which it says something.
    pub months: Vec<Month>,
    /// The days on which it rises, in order, and how far.
    pub steps: Vec<(u32, Parts)>,
    /// The day on which it ends.
    pub end: u32,
}

/// Who is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupName {
    /// Everyone.
    Everyone,
    /// Those without unpaid work so far.
    Without,
    /// Those with unpaid work from before the start.
    Before,
    /// Those who began unpaid work in the trajectory.
    During,
    /// Those who began from one quarter through another.
    Started {
        /// The first quarter.
        from: String,
        /// The last; the first again for one quarter.
        until: String,
    },
    /// Paid jobs.
    Jobs,
    /// Sustainable work.
    Sustainable,
}

/// Some who are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Who.
    pub name: GroupName,
    /// How many.
    pub observed: u64,
    /// To how many of them it happened.
    pub happened: u64,
    /// The estimate; `None` where there is none, or it would tell of few people.
    pub curve: Option<Curve>,
}

/// Those who began in one quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CohortRow {
    /// The quarter; those who were looking, and found.
    pub group: Group,
    /// What part of those who were looking has found one.
    pub found: Option<Part>,
    /// Had a job on the first day.
    pub had_one: u64,
    /// Left without having found one.
    pub left: u64,
    /// Are still looking.
    pub looking: u64,
}

/// What became of some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BecameRow {
    /// The method of which they were.
    pub of: String,
    /// What became of them.
    pub became: Became,
    /// How many, and of how many.
    pub part: Part,
    /// The days until then, in the middle of all.
    pub gap: Option<u32>,
}

/// What became of a trajectory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It still runs.
    Running,
    /// It ended, and one of this method followed.
    Followed(String),
    /// It ended, and nothing has followed.
    Nothing,
}

/// Those with unpaid work, by what they do besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlongsideRow {
    /// The method; `None` for all of them.
    pub of: Option<String>,
    /// How many have unpaid work.
    pub unpaid: u64,
    /// Of them: with a paid job only, with an education only, with both, with neither.
    pub beside: [Part; 4],
    /// Of them: whose unpaid work began before the trajectory; and of those with neither.
    pub before: [u64; 2],
}

/// An answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// To [`OpenQuestion::UnpaidWork`].
    UnpaidWork {
        /// Had a paid job on the first day, and are not followed.
        had_one: u64,
        /// Everyone first, then by unpaid work.
        groups: Vec<Group>,
    },
    /// To [`OpenQuestion::Recent`].
    Recent {
        /// By years of starts, the latest first.
        years: Vec<Group>,
        /// By quarter, the earliest first.
        cohorts: Vec<CohortRow>,
    },
    /// To [`OpenQuestion::Sequels`].
    Sequels {
        /// What followed those that ended.
        sequels: Vec<BecameRow>,
        /// What became of those that ran a year earlier.
        year_later: Vec<BecameRow>,
    },
    /// To [`OpenQuestion::Alongside`].
    Alongside(Vec<AlongsideRow>),
    /// To [`OpenQuestion::Lasting`].
    Lasting(Vec<Group>),
}
