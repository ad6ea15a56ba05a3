//! The projector of sustainable work: of every trajectory its status today, in the shape of the contract.
//!
//! ```text
//!   records ──► portion ──► timelines, kept ──► Status on a day ──► Summary ──► not published yet ──► Publish
//!   midnight in Amsterdam ──────────────────────────────────┘                    │                     (key-value bucket)
//!                                                                                └──► status(), list(), count()
//! ```
//!
//! A status is held for a day. Of a trajectory that runs, or that may still change without an event, that day is today, and midnight in
//! Amsterdam makes it another; once nothing can change any more but by an event, it is the first day of which that is so, and stays.
//! So the view is a pure function of the log and of today: [`SustainableWork`] equals a fresh replay byte for byte.
//!
//! A status is to be published until its own mark says that it was, which is written once a store has taken it: nothing is lost between
//! the checkpoint and the publication, and what is published twice is the same. Any number of processes may publish to one bucket: one that lags
//! never puts an older status in the place of a newer.
//!
//! Architecture invariant: no clock of its own (it is handed in), no HTTP, no NATS: [`Publish`] is the way out.

mod bucket;
mod held;
mod kept;
mod list;
mod portion;
mod publish;
mod view;

pub use bucket::{Lying, Publish, PublishFailed, Put};
pub use held::Summary;
pub use list::{Filter, LONGEST_PAGE, NotACursor, Page, Sort, SortBy};
pub use publish::{Publisher, PublisherStatus};
pub use view::{SustainableWork, ToPublish};
