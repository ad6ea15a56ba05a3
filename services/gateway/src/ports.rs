//! What the gateway asks of others: the views of the projectors, and the projectors themselves. The binary plugs in whoever answers, in
//! this process or over NATS.
//!
//! ```text
//!   handler ──► port (a trait of this file) ◄── adapter of the binary ──► projector in this process
//!                                           ◄── nats::Asking ──────────► projector in another
//! ```
//!
//! Every question carries `at_least`: the log's position when it was asked. Who answers waits a little until its view has come that far,
//! so that a client sees what it has just recorded; the answer says where the view really stood.

mod declarations;
mod publications;

use std::{future::Future, pin::Pin};

use app::Reach;
use bytes::Bytes;
use cohorts::{Answers, Window};
use domain::{Method, Name, Quarter, SustainableWork, Trajectory};
use figures::{AsOf, Figures, Scope};
use proto_events::Timestamp;
use report::Facts;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;
use uuid::Uuid;

pub use declarations::{Declaration, Declarations, DeclareAsk};
pub use publications::{
    CausedPart, Difference, Differences, DifferencesAsk, PublishedReportAsk, Reopening, Vintage, VintageStatus, Vintages,
};

/// An answer to come.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Why a port has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// Asking again later may succeed.
    #[error("not now: {0}")]
    Unavailable(String),
    /// There is no such thing.
    #[error("there is no such thing")]
    NotFound,
    /// The question is wrong; the sentence repeats nothing that was asked.
    #[error("{0}")]
    Wrong(String),
    /// It is not possible in this state (a rebuild that runs already, a retry of what did not stop).
    #[error("{0}")]
    Conflict(String),
    /// Something is broken that waiting does not mend.
    #[error("{0}")]
    Broken(String),
}

/// By what a caseload is sorted. Trajectories that are equal in it come in the order of their ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the field of its name")]
pub enum SortField {
    #[default]
    TrajectoryId,
    Organisation,
    Coach,
    Method,
    Step,
    Started,
}

impl SortField {
    /// Each with its name in a query.
    pub const ALL: [(&'static str, Self); 6] = [
        ("trajectoryId", Self::TrajectoryId),
        ("organisation", Self::Organisation),
        ("coach", Self::Coach),
        ("method", Self::Method),
        ("step", Self::Step),
        ("started", Self::Started),
    ];
}

/// A question for a page of trajectories.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseloadAsk {
    /// Whose the caller may see.
    pub reach: Reach,
    /// Only this organisation's.
    pub organisation: Option<String>,
    /// Only this coach's.
    pub coach: Option<String>,
    /// Only those that run today, or only those that do not.
    pub running: Option<bool>,
    /// Only those that have come to this step.
    pub step: Option<String>,
    /// Only those with this verdict: `yes`, `no`, `unknown`.
    pub sustainable_work: Option<String>,
    /// Only those of this method.
    pub method: Option<String>,
    /// By what they are sorted.
    pub sort: SortField,
    /// The last first.
    pub descending: bool,
    /// At most so many, from 1.
    pub limit: usize,
    /// Where the page before ended, as it said.
    pub cursor: Option<String>,
    /// The view should have come to this position.
    pub at_least: u64,
}

/// A page of trajectories.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseloadPage {
    /// Each in the shape of a status.
    pub items: Vec<Value>,
    /// Where the next page begins, of letters, digits, `-` and `_`; `None` on the last.
    pub next: Option<String>,
    /// Where the view stood.
    pub position: u64,
}

/// Statuses as a view holds them.
pub trait Statuses: Send + Sync + 'static {
    /// A page of trajectories.
    fn list<'a>(&'a self, ask: &'a CaseloadAsk) -> Later<'a, Result<CaseloadPage, PortError>>;
    /// The status of one today; `None` when the view has no such trajectory.
    fn status(&self, trajectory: Uuid, at_least: u64) -> Later<'_, Result<Option<Value>, PortError>>;
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// In the shape of `trajectlog figures --format json`.
    #[default]
    Json,
    /// One number a row.
    Csv,
}

/// A question for figures by the built-in definitions, as of now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiguresAsk {
    /// The quarter.
    pub quarter: Quarter,
    /// Which trajectories.
    pub scope: Scope,
    /// Whether the cells per organisation and per region are asked for too.
    pub tables: bool,
    /// In which form.
    pub form: Form,
    /// The view should have come to this position.
    pub at_least: u64,
}

/// Figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiguresAnswer {
    /// Where the view stood.
    pub position: u64,
    /// In the form that was asked for.
    pub body: Bytes,
}

/// A question for the figures of several quarters of one state, by the built-in definitions, as of now, without the cells per organisation and per region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesAsk {
    /// The quarter.
    pub quarter: Quarter,
    /// Those before it that are asked for too.
    pub earlier: Vec<Quarter>,
    /// Which trajectories.
    pub scope: Scope,
    /// The view should have come to this position.
    pub at_least: u64,
}

impl SeriesAsk {
    /// All that are asked for, the quarter first.
    pub fn quarters(&self) -> impl Iterator<Item = Quarter> {
        std::iter::once(self.quarter).chain(self.earlier.iter().copied())
    }
}

/// The figures of several quarters.
#[derive(Clone, Debug)]
pub struct SeriesAnswer {
    /// The state that all of them were made from; whether the first of the quarters is provisional.
    pub as_of: AsOf,
    /// Of each quarter, in the order of [`SeriesAsk::quarters`].
    pub figures: Vec<Figures>,
}

/// A question about what happens to trajectories over time, by the built-in definitions, as of now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverTimeAsk {
    /// The quarter after whose last day nothing is looked at.
    pub quarter: Quarter,
    /// Which trajectories.
    pub scope: Scope,
    /// Nothing that another organisation than this one delivers is looked at, as a sequel neither.
    pub within: Option<Name>,
    /// The view should have come to this position.
    pub at_least: u64,
}

impl OverTimeAsk {
    /// The answer, of all trajectories of a state.
    pub fn answer<'a>(&self, trajectories: impl Iterator<Item = &'a Trajectory>, as_of: AsOf) -> OverTimeAnswer {
        let may_be_seen = |trajectory: &&Trajectory| self.within.as_ref().is_none_or(|only| *only == trajectory.organisation);
        let trajectories: Vec<&Trajectory> = trajectories.filter(may_be_seen).collect();
        let window = Window { quarter: self.quarter, region: self.scope.region, organisation: self.scope.organisation.clone() };
        let observed = trajectories.iter().filter(|trajectory| window.holds(trajectory)).count();
        OverTimeAnswer { as_of, observed, answers: Answers::of(&trajectories, window, &SustainableWork::default()) }
    }
}

/// What happened to trajectories over time.
#[derive(Clone, Debug)]
pub struct OverTimeAnswer {
    /// The state that it was made from.
    pub as_of: AsOf,
    /// How many trajectories of the scope began by the last day.
    pub observed: usize,
    /// What happened to them.
    pub answers: Answers,
}

/// A question for what was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedAsk {
    /// The quarter.
    pub quarter: Quarter,
    /// Whose table.
    pub scope: Scope,
    /// Whether the cells per organisation and per region are asked for too.
    pub tables: bool,
    /// In which form.
    pub form: Form,
    /// The last vintage at or before this moment; the last of all without it.
    pub at: Option<Timestamp>,
    /// Only when it was made by the definition set of this name.
    pub definitions: Option<String>,
}

/// Figures as a warm view holds them.
pub trait LiveFigures: Send + Sync + 'static {
    /// The figures of a question, now.
    fn figures<'a>(&'a self, ask: &'a FiguresAsk) -> Later<'a, Result<FiguresAnswer, PortError>>;
    /// Told the position whenever figures of this quarter may have changed: all that changes in an answer which is asked for after this one
    /// came back is told, sooner or later, and maybe more than once. Closed when the view is no longer kept.
    fn changes(&self, quarter: Quarter) -> Later<'_, Result<watch::Receiver<u64>, PortError>>;
    /// The figures of several quarters, all of one state of the view. Who cannot promise that says that it has no answer.
    fn series<'a>(&'a self, _ask: &'a SeriesAsk) -> Later<'a, Result<SeriesAnswer, PortError>> {
        Box::pin(std::future::ready(Err(PortError::Unavailable("figures of one state are not asked for over this way".to_owned()))))
    }
    /// What happened over time, all of one state of the view. Who cannot tell says that it has no answer.
    fn over_time<'a>(&'a self, _ask: &'a OverTimeAsk) -> Later<'a, Result<OverTimeAnswer, PortError>> {
        Box::pin(std::future::ready(Err(PortError::Unavailable("what happens over time is not asked over this way".to_owned()))))
    }
    /// What was published, as everybody may see it; `None` where nothing was. Who does not know what was published says that, and not that nothing was.
    fn published<'a>(&'a self, _ask: &'a PublishedAsk) -> Later<'a, Result<Option<Bytes>, PortError>> {
        Box::pin(std::future::ready(Err(PortError::Unavailable("this process keeps no publications".to_owned()))))
    }
    /// The vintages of a quarter; who keeps no register says that.
    fn vintages(&self, _quarter: Quarter) -> Later<'_, Result<Vintages, PortError>> {
        Box::pin(std::future::ready(Err(PortError::Unavailable("this process keeps no publications".to_owned()))))
    }
    /// What differs between two vintages of a quarter, and what made the difference; `None` where one of them is not there. It is counted from both states
    /// of the log.
    fn differences<'a>(&'a self, _ask: &'a DifferencesAsk) -> Later<'a, Result<Option<Differences>, PortError>> {
        Box::pin(std::future::ready(Err(PortError::Unavailable("this process keeps no publications".to_owned()))))
    }
    /// What the report on a vintage is written from, with all of its numbers; `None` where it is not there.
    fn published_report<'a>(&'a self, _ask: &'a PublishedReportAsk) -> Later<'a, Result<Option<Facts>, PortError>> {
        Box::pin(std::future::ready(Err(PortError::Unavailable("this process keeps no publications".to_owned()))))
    }
    /// What was declared complete of a quarter; who keeps no register says that.
    fn declarations(&self, _quarter: Quarter) -> Later<'_, Result<Declarations, PortError>> {
        Box::pin(std::future::ready(Err(PortError::Unavailable("this process keeps no publications".to_owned()))))
    }
    /// Declares each of these methods complete, for ever; the methods of which it is new. Those that were declared of the same state are not written again.
    fn declare<'a>(&'a self, _ask: &'a DeclareAsk) -> Later<'a, Result<Vec<Method>, PortError>> {
        Box::pin(std::future::ready(Err(PortError::Unavailable("this process keeps no publications".to_owned()))))
    }
}

/// What a projector does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// It follows the log.
    Following,
    /// It follows the log and builds its view anew beside.
    Rebuilding,
    /// It has no room for its view, or makes anew one whose store has failed, and tries again by itself.
    WaitingForRoom,
    /// It has met what it cannot read, and waits to be told to try again.
    Stopped,
}

/// How a projector is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectorState {
    /// Its name.
    pub name: String,
    /// What it does.
    pub doing: Doing,
    /// How far its view has come.
    pub position: u64,
    /// How many events it is behind.
    pub lag: u64,
    /// Why it stopped, or what it waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// How far a rebuild has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rebuilt: Option<u64>,
}

impl ProjectorState {
    /// Why a process that needs this view is not ready; `ready_lag` is how many events the view may be behind.
    #[must_use]
    pub fn not_ready(&self, ready_lag: u64) -> Option<String> {
        match self.doing {
            Doing::Stopped => Some(format!("{} has stopped at position {}", self.name, self.position)),
            Doing::Following | Doing::Rebuilding if self.cause.is_some() => Some(format!("{} cannot reach the log", self.name)),
            Doing::Following | Doing::Rebuilding | Doing::WaitingForRoom if self.lag > ready_lag => {
                Some(format!("{} is {} events behind", self.name, self.lag))
            }
            Doing::Following | Doing::Rebuilding | Doing::WaitingForRoom => None,
        }
    }
}

/// The projectors.
pub trait Projectors: Send + Sync + 'static {
    /// How each is.
    fn states(&self) -> Later<'_, Result<Vec<ProjectorState>, PortError>>;
    /// Begins to build a view anew; the old one answers until then.
    fn rebuild<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>>;
    /// Gives a rebuild up.
    fn cancel<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>>;
    /// Lets one that stopped try again.
    fn retry<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>>;
}
