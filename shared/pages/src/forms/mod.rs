//! A form for every type of event. Each asks what matters; the rest is folded away.
//!
//! ```text
//!   what a form asks (Asks) ──┐
//!   what stands in it (Filled)┼─▶ parts ─▶ HTML, as assets/js/forms.js takes it over
//!   what it is about (About) ─┘
//! ```
//!
//! A form shows what it is given: a refusal that the server found is rendered at its field and in the summary, with everything that was typed,
//! and looks as the script would have shown it. The button is `disabled` in the page and enabled by the script.

pub(crate) mod ask;
mod event_form;
mod trajectory;
mod values;
mod work;

/// The longest name of a client, in Unicode code points: it is a name, not a note, and is read in one line. The fields count it with this number
/// (`data-most`), and so does `assets/js/events.js`.
pub const LONGEST_NAME: usize = 200;

pub use event_form::{About, Asks, Correction, EventForm, Retractable, Thing};
pub use values::{Filled, Mistake};
