//! The synthetic national log whose figures equal the published ones.
//!
//! ```text
//!   targets (the published numbers) ──► course: running, started, ended of each method in every quarter
//!        │                                 │
//!        │                                 ▼
//!        │                              cases: who starts and ends when, with whom        (counts met by construction)
//!        ▼                                 │
//!   quotas: 2025Q1 first, then what left in 2024Q4, then what left from 2024Q1 on, each cohort filling what the later ones
//!        │  leave open of the earlier vintages                                     ips, small, before, payers
//!        ▼
//!   lives ──► record: lines with moments of recording, every one before the publication that it counts for
//! ```
//!
//! Nothing downstream knows a target: figures come out of the events alone.

mod before;
mod cases;
mod course;
mod finish;
mod ips;
mod payers;
mod pool;
mod small;
mod spells;
mod targets;

pub use targets::PUBLISHED;

use proto_events::{Date, json::EventLine};

use self::targets::Targets;
use crate::{
    calendar::date,
    dice::Dice,
    life::Life,
    names::Names,
    record::{Diary, Draft, record},
    render::{self, Stream},
};

/// Why there is no such log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A published number is missing or cannot be read.
    #[error("the published numbers: {0}")]
    Targets(String),
    /// The published numbers ask for more than there can be.
    #[error("there is no such log: {wanted} wanted, {available} possible ({what})")]
    Infeasible {
        /// Of what.
        what: &'static str,
        /// How many the numbers ask for.
        wanted: usize,
        /// How many there can be.
        available: usize,
    },
}

/// The synthetic national log of this seed, in the order of its recording: every number of the published report on 2025Q1 comes
/// out of it, each as of its own moment. The seed changes everything else.
///
/// # Errors
/// [`Error`] when the published numbers cannot be met; with those that this crate holds that is a mistake of the crate.
pub fn published(seed: u64) -> Result<Vec<EventLine>, Error> {
    let targets = Targets::published()?;
    let names = Names::all();
    let mut dice = Dice::new(seed);
    // A skeleton drawn by chance can leave a small cohort too few to choose from; then the next draw is taken.
    let mut lives = solve(&targets, &names, &mut dice);
    for _ in 1..ATTEMPTS {
        if lives.is_ok() {
            break;
        }
        lives = solve(&targets, &names, &mut dice);
    }
    let lives = lives?;

    let diary = diary();
    let mut all: Vec<(u32, Draft)> = Vec::new();
    for (n, life) in (0_u32..).zip(&lives) {
        all.extend(record(life, &diary, &mut dice).into_iter().map(|draft| (n, draft)));
    }
    // Stable: the lines of one stream keep their order, and those of a decision stay neighbours.
    all.sort_by_key(|(stream, draft)| (draft.recorded, *stream));
    let streams: Vec<Stream> = lives.iter().map(Stream::from).collect();
    Ok(all.iter().filter_map(|(n, draft)| Some(render::line(&names, streams.get(usize::try_from(*n).ok()?)?, draft))).collect())
}

/// How often a skeleton is drawn before the numbers are called infeasible. With those that this crate holds the first draw
/// nearly always does.
const ATTEMPTS: usize = 8;

/// Everybody's life, so that all numbers are met.
fn solve(targets: &Targets, names: &Names, dice: &mut Dice) -> Result<Vec<Life>, Error> {
    let courses = course::courses(targets)?;
    let mut cases = cases::skeleton(&courses, names, dice)?;
    ips::plan(&mut cases, targets, dice)?;
    small::plan(&mut cases, targets, dice)?;
    before::plan(&mut cases, targets, dice)?;
    payers::plan(&mut cases, targets, dice)?;
    Ok(finish::lives(cases, names, dice))
}

/// The log was published from three times; each quarter's events were recorded by the day before.
fn diary() -> Diary {
    let published: Vec<(Date, Date)> =
        vec![(date(2024, 3, 31), date(2024, 5, 14)), (date(2024, 12, 31), date(2025, 2, 14)), (date(2025, 3, 31), date(2025, 5, 14))];
    Diary { last_day: cases::last_day(), published, contacts_every: 62 }
}
