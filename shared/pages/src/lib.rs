//! The coaches' web application as it is sent to a browser: styles, scripts and pages, without input or output of its own.
//!
//! ```text
//!   assets/     what a browser loads: styles, scripts, icons        ──► [`Assets`]: each with its address, media type and bytes
//!   templates/  one a page, and the pieces that pages share         ──► [`Page`]: a struct of plain data becomes HTML
//!   samples/    how each page is to look, as plain HTML with the real styles; tests of a browser look at these
//! ```
//!
//! A page is a struct whose fields the gateway fills with what was decided elsewhere: [`SignIn`], [`Onward`], [`Caseload`], [`Trajectory`], [`EventForm`],
//! [`Outbox`], [`Offline`], [`Help`], [`ErrorPage`], [`OwnAccount`], [`Accounts`], [`AccountNew`], [`AccountMade`], [`AccountPage`],
//! [`Organisation`], [`QuestionPage`], [`SealedOpen`], [`Log`], [`Views`], [`Dashboard`], [`Completeness`], [`Explained`], [`ReportPage`],
//! [`OpenQuestions`], [`OpenQuestionPage`], [`Pivot`], [`Publications`]. All have a [`Frame`]: who is signed in, the language, the theme, the token of forms.
//! Days ([`Day`]) and numbers ([`Decimal`]) come as such, with the day that is today; how they are said is made here, in both languages
//! beside each other.
//!
//! **Invariants**
//! 1. *Nothing comes from elsewhere*: every style, script and picture is one of these files. *Test: no address of another origin in any.*
//! 2. *An address stands for one content*: it holds a hash of all files, so that a copy may be kept for ever, and scripts of two versions
//!    never meet. *Test: a changed byte is another address.*
//! 3. *A page is its sample*: rendered with the sample's data it is the sample, tag by tag. *Test: `samples.rs`, every sample.*
//! 4. *What somebody wrote never becomes markup, and no page has an inline script, style or handler.* *Test: `safety.rs`.*
//! 5. *A form asks what `assets/js/events.js` reads, and posts the token.* *Tests: `forms.rs`, `safety.rs`.*
//! 6. *No page reads a clock or decides anything*: today comes in, and so does every judgement. *`clippy.toml` and the imports: none.*

mod accounts;
mod assets;
mod bars;
mod caseload;
mod codes;
mod completeness;
mod dashboard;
mod day;
mod explained;
mod forms;
mod frame;
mod happened;
mod kind;
mod lang;
mod log;
mod lone;
mod number;
mod organisation;
mod parts;
mod pivot;
mod publications;
mod questions;
mod report;
mod sign_in;
mod strip;
mod trajectory;
mod verdict;
mod views;

pub use accounts::{AccountMade, AccountNew, AccountPage, AccountRow, AccountState, Accounts, OwnAccount, SessionRow, TokenRow, Told};
pub use assets::{Asset, Assets};
pub use bars::{Colour, Lane, Of, OverTime, Span};
pub use caseload::{Attention, Caseload, Covered, Doing, Row, Shown, Step, Why};
pub use completeness::{
    Completeness, DeclareForm, DeclareSaid, Declared, DelayRow, Delivered, DeliveryRow, PanelRow, PanelTable, Register,
};
pub use dashboard::{Dashboard, FigureRow, Part as FigurePart, QuarterRow, RegionTile};
pub use day::{Day, Minute};
pub use explained::{Explained, ExplainedRow, Outcomes, ReasonRow};
pub use forms::{About, Asks, Correction, EventForm, Filled, LONGEST_NAME, Mistake, Retractable, Thing};
pub use frame::{Frame, Page, Role, Theme, Who};
pub use happened::{Change, Circumstances, Contract, Known, Terms, Text, What};
pub use kind::Kind;
pub use lang::{Lang, capital};
pub use log::{Log, LogRow, Looked};
pub use lone::{ErrorPage, Help, NoFigures, Offline, Outbox, SealedOpen, Trouble};
pub use number::Decimal;
pub use organisation::{CoachRow, CoverRow, OpeningRow, Organisation, Question, QuestionPage, QuestionRow, RanOut, Timeliness, Wanting};
pub use parts::{Choosable, Weight};
pub use pivot::{Pivot, PivotAxis, PivotCell, PivotChoice, PivotHead, PivotRow};
pub use publications::{
    ChangeCause, ChangePart, ChangeRow, Changes, Compared, PublicationRow, PublicationStatus, Publications, Reopened, ReopeningRow,
};
pub use questions::{
    AlongsideRow, Answer, AskedAbout, Became, BecameRow, CohortRow, Curve, Further, Group, GroupName, Month, OpenQuestion,
    OpenQuestionPage, OpenQuestions, Parts,
};
pub use report::ReportPage;
pub use sign_in::{DemoAccount, Occasion, Onward, SignIn};
pub use trajectory::{Ended, Facts, Former, Happened, Standing, Suggestion, Trajectory};
pub use verdict::{Condition, Met, Subject, Verdict};
pub use views::{ViewDoing, ViewRow, Views};
