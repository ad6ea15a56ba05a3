//! Lists of trajectories: filter, sort, page, count.

use std::{cmp::Reverse, str::FromStr};

use app::Reach;
use domain::{Method, Name, Step, Verdict};
use uuid::Uuid;

use crate::{Summary, SustainableWork};

/// The longest page, in trajectories: what a person may still look through.
pub const LONGEST_PAGE: usize = 1_000;

/// Which trajectories: those that fit everything that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those that may be seen.
    pub reach: Reach,
    /// Of this organisation.
    pub organisation: Option<Name>,
    /// Of this coach.
    pub coach: Option<Name>,
    /// That run, or that do not.
    pub running: Option<bool>,
    /// Whose latest step is this.
    pub step: Option<Step>,
    /// With this verdict.
    pub sustainable_work: Option<Verdict>,
    /// Of this method.
    pub method: Option<Method>,
}

impl Filter {
    /// Whether a trajectory fits.
    #[must_use]
    pub fn fits(&self, summary: &Summary) -> bool {
        fn fits<V: PartialEq>(asked: Option<&V>, is: Option<&V>) -> bool {
            asked.is_none() || asked == is
        }
        self.reach.has(summary.organisation.as_str(), summary.coach.as_ref().map(Name::as_str))
            && fits(self.organisation.as_ref(), Some(&summary.organisation))
            && fits(self.coach.as_ref(), summary.coach.as_ref())
            && fits(self.running.as_ref(), Some(&summary.running))
            && fits(self.step.as_ref(), summary.step.as_ref())
            && fits(self.sustainable_work.as_ref(), Some(&summary.sustainable_work))
            && fits(self.method.as_ref(), summary.method.as_ref())
    }
}

/// By what a list is sorted; by trajectory where that is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// The id: no order that means anything, but one that stays.
    #[default]
    Trajectory,
    /// The first day; those without an intake that counts come first.
    Started,
    /// The position of the last event.
    Changed,
    /// The organisation's name.
    Organisation,
    /// The coach's name; those without one come first.
    Coach,
    /// The method, in the order of the contract; those without an intake that counts come first.
    Method,
    /// The latest step; those without an intake that counts come first.
    Step,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The highest first.
    pub descending: bool,
}

/// The place of a trajectory in a list.
type Place = (Key, Uuid);

/// What a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Name(String),
}

impl Sort {
    fn place(self, summary: &Summary) -> Place {
        let by = match self.by {
            SortBy::Trajectory => Key::Number(0),
            SortBy::Started => Key::Number(summary.started.map_or(i64::MIN, |day| i64::from(day.days()))),
            SortBy::Changed => Key::Number(i64::try_from(summary.position.0).unwrap_or(i64::MAX)),
            SortBy::Organisation => Key::Name(summary.organisation.as_str().to_owned()),
            SortBy::Coach => Key::Name(summary.coach.as_ref().map_or("", |coach| coach.as_str()).to_owned()),
            SortBy::Method => Key::Number(summary.method.map_or(-1, |method| method as i64)),
            SortBy::Step => Key::Number(summary.step.map_or(-1, |step| step as i64)),
        };
        (by, summary.trajectory)
    }
}

/// Where the next page begins: after the place of a trajectory in the list. Opaque to those who ask.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cursor(Place);

/// Letters of an id with its hyphens.
const UUID_LENGTH: usize = 36;

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            (Key::Number(number), trajectory) => write!(f, "{trajectory}_{number}"),
            (Key::Name(name), trajectory) => write!(f, "{trajectory}-{name}"),
        }
    }
}

/// A cursor that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor: take the one that came with the page before, or none for the first page")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        // The id is of a fixed length, and comes first: a name may hold any letter that a slug may.
        let (trajectory, by) = text.split_at_checked(UUID_LENGTH).ok_or(NotACursor)?;
        let trajectory = Uuid::try_parse(trajectory).map_err(|_| NotACursor)?;
        let by = match by.split_at_checked(1) {
            Some(("_", number)) => Key::Number(number.parse().map_err(|_| NotACursor)?),
            Some(("-", name)) => Key::Name(name.to_owned()),
            _ => return Err(NotACursor),
        };
        Ok(Self((by, trajectory)))
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The trajectories, in order.
    pub items: Vec<Summary>,
    /// What the next page is asked with; `None` on the last.
    pub next: Option<String>,
}

impl SustainableWork {
    /// A page of the trajectories that fit: at most `limit` (and [`LONGEST_PAGE`]), after the cursor of the page before. What changes
    /// meanwhile may move a trajectory across pages; none that stays where it is comes twice or is left out.
    ///
    /// # Errors
    /// [`NotACursor`].
    pub fn list(&self, filter: &Filter, sort: Sort, limit: usize, cursor: Option<&str>) -> Result<Page, NotACursor> {
        let after = cursor.map(Cursor::from_str).transpose()?.map(|Cursor(place)| place);
        let limit = limit.clamp(1, LONGEST_PAGE);
        let comes = |place: &Place| after.as_ref().is_none_or(|after| if sort.descending { place < after } else { place > after });
        let fitting = self.summaries.values().filter(|summary| filter.fits(summary)).map(|summary| sort.place(summary));
        let mut places: Vec<Place> = fitting.filter(comes).collect();
        let more = places.len() > limit;
        // The page's own places first, then their order: sorting everything would cost more than finding it.
        if sort.descending {
            if more {
                places.select_nth_unstable_by_key(limit, |place| Reverse(place.clone()));
                places.truncate(limit);
            }
            places.sort_unstable_by_key(|place| Reverse(place.clone()));
        } else {
            if more {
                places.select_nth_unstable(limit);
                places.truncate(limit);
            }
            places.sort_unstable();
        }
        let next = places.last().filter(|_| more).map(|place| Cursor(place.clone()).to_string());
        let items = places.iter().filter_map(|(_, trajectory)| self.summaries.get(trajectory).cloned()).collect();
        Ok(Page { items, next })
    }

    /// How many trajectories fit.
    #[must_use]
    pub fn count(&self, filter: &Filter) -> u64 {
        self.summaries.values().filter(|summary| filter.fits(summary)).count() as u64
    }
}
