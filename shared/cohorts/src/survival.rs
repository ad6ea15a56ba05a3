//! Kaplan and Meier's estimate of how many are still waiting after so many days, with Greenwood's intervals.
//!
//! Time is in whole days. Someone may be seen from a later day on (*delayed entry*): a group that one joins on the way, such as those who took up unpaid
//! work, counts its members from the day on which they joined, else it would be credited with the time that they had to wait for joining it. Who enters on
//! day t is at risk from day t + 1; who is there from the beginning is at risk on day 0 too.
//!
//! `tests/cohorts/compare.py` holds these numbers beside those of an independent package.

#![allow(clippy::float_arithmetic, reason = "estimates: no count is made here")]

use std::collections::BTreeMap;

use crate::{MONTHS, days_of_months};

/// The two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// One who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The day from which on they are seen; 0 for from the beginning.
    pub entry: u32,
    /// The day on which it happened, or on which they were seen last.
    pub exit: u32,
    /// It happened on that day.
    pub happened: bool,
}

/// A day on which it happened to somebody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The day.
    pub day: u32,
    /// How many were waiting on it.
    pub at_risk: u64,
    /// To how many of them it happened.
    pub happened: u64,
    /// The part that waits on after it, from 1 down to 0.
    pub waiting: f64,
    /// Greenwood's sum, Σ d / (n (n − d)), from which the interval comes.
    greenwood: f64,
}

/// What a curve says of one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The month, counted from the beginning.
    pub month: u32,
    /// Its day: see [`days_of_months`].
    pub day: u32,
    /// What is known by the end of that day.
    pub estimate: Estimate,
}

/// A curve: a step for each day on which it happened.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// How many were observed.
    pub observed: u64,
    /// To how many of them it happened.
    pub happened: u64,
    /// The days on which it happened, in order.
    pub steps: Vec<Step>,
    /// When each of them came and was seen last.
    spans: Vec<(u32, u32)>,
}

/// The part to which it happened by some day, and the 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// From 0 to 1.
    pub happened: f64,
    /// The lower bound; `None` where nothing can be said (it happened to nobody yet, or to all).
    pub lower: Option<f64>,
    /// The upper bound; as the lower.
    pub upper: Option<f64>,
    /// How many are still waiting and seen after that day: those on whom the curve goes on.
    pub at_risk: u64,
}

/// An estimate in millionths, as it is drawn and printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Millionths {
    /// The part to which it happened.
    pub happened: u32,
    /// The bounds of the interval; `None` where nothing can be said.
    pub interval: Option<(u32, u32)>,
}

/// A curve as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The days on which it rises, and how far.
    pub steps: Vec<(u32, Millionths)>,
    /// The day on which it ends: nobody was seen after it.
    pub end: u32,
}

impl Estimate {
    /// In millionths.
    #[must_use]
    pub fn millionths(&self) -> Millionths {
        Millionths { happened: millionths(self.happened), interval: self.lower.map(millionths).zip(self.upper.map(millionths)) }
    }
}

#[derive(Default)]
struct Day {
    enter: u64,
    leave: u64,
    happened: u64,
}

impl Curve {
    /// The curve of these. An observation that ends before it begins is nobody's and is left out.
    #[must_use]
    pub fn of(observations: &[Observation]) -> Self {
        let mut days: BTreeMap<u32, Day> = BTreeMap::new();
        let mut curve = Self::default();
        for one in observations.iter().filter(|one| one.entry < one.exit || one.entry == 0) {
            curve.observed += 1;
            curve.happened += u64::from(one.happened);
            curve.spans.push((one.entry, one.exit));
            days.entry(one.entry).or_default().enter += 1;
            let last = days.entry(one.exit).or_default();
            last.leave += 1;
            last.happened += u64::from(one.happened);
        }
        let (mut at_risk, mut waiting, mut greenwood) = (0_u64, 1.0, 0.0);
        for (day, Day { enter, leave, happened }) in days {
            // Who is there from the beginning is at risk at once, who comes later from the next day on.
            if day == 0 {
                at_risk += enter;
            }
            if happened > 0 {
                waiting *= part(at_risk - happened, at_risk);
                greenwood += part(happened, at_risk) / float(at_risk - happened);
                curve.steps.push(Step { day, at_risk, happened, waiting, greenwood });
            }
            if day > 0 {
                at_risk += enter;
            }
            at_risk -= leave;
        }
        curve
    }

    /// Whether it happened to all who were there while others were still to come: the estimate is then all for ever, whatever happens to them, and says
    /// nothing.
    fn is_broken(&self) -> bool {
        let all = self.steps.iter().find(|step| step.waiting <= 0.0);
        all.is_some_and(|step| self.spans.iter().any(|(entry, _)| *entry >= step.day && *entry > 0))
    }

    /// The part to which it has happened by the end of this day; `None` beyond the last day on which anybody was seen, unless it has happened to all.
    #[must_use]
    pub fn by(&self, day: u32) -> Option<Estimate> {
        if self.is_broken() {
            return None;
        }
        let step = self.steps.iter().rfind(|step| step.day <= day);
        let seen = self.spans.iter().any(|(_, exit)| *exit >= day);
        if !seen && step.is_none_or(|step| step.waiting > 0.0) {
            return None;
        }
        let at_risk = self.spans.iter().filter(|(entry, exit)| *entry <= day && *exit > day).count() as u64;
        let Some(step) = step else { return Some(Estimate { happened: 0.0, lower: None, upper: None, at_risk }) };
        let (lower, upper) = step.interval().unzip();
        Some(Estimate { happened: 1.0 - step.waiting, lower: upper.map(|s| 1.0 - s), upper: lower.map(|s| 1.0 - s), at_risk })
    }

    /// The curve at each of [`MONTHS`] of which it says something.
    pub fn by_month(&self) -> impl Iterator<Item = Point> + '_ {
        let point = |month| {
            let day = days_of_months(month);
            Some(Point { month, day, estimate: self.by(day)? })
        };
        MONTHS.into_iter().filter_map(point)
    }

    /// The curve as it is drawn, until this day at the most; `None` where it says nothing.
    #[must_use]
    pub fn outline(&self, until: u32) -> Option<Outline> {
        if self.is_broken() {
            return None;
        }
        let end = self.spans.iter().map(|(_, exit)| *exit).max()?.min(until);
        let drawn = |step: &Step| {
            let interval = step.interval().map(|(lower, upper)| (millionths(1.0 - upper), millionths(1.0 - lower)));
            (step.day, Millionths { happened: millionths(1.0 - step.waiting), interval })
        };
        Some(Outline { steps: self.steps.iter().filter(|step| step.day <= end).map(drawn).collect(), end })
    }

    /// The first day by which it has happened to half of them; `None` when the curve does not come so far.
    #[must_use]
    pub fn median(&self) -> Option<u32> {
        if self.is_broken() {
            return None;
        }
        self.steps.iter().find(|step| step.waiting <= 0.5).map(|step| step.day)
    }
}

impl Step {
    /// The 95 % interval of the part that waits on, on the scale of log(−log S), where it stays between 0 and 1.
    fn interval(&self) -> Option<(f64, f64)> {
        if self.waiting <= 0.0 || self.waiting >= 1.0 || !self.greenwood.is_finite() {
            return None;
        }
        let log = self.waiting.ln();
        let width = Z * self.greenwood.sqrt() / log;
        let bound = |theta: f64| (log * theta.exp()).exp();
        let (one, other) = (bound(width), bound(-width));
        Some((one.min(other), one.max(other)))
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part lies between 0 and 1")]
fn millionths(part: f64) -> u32 {
    (part.clamp(0.0, 1.0) * 1e6).round() as u32
}

#[allow(clippy::cast_precision_loss, reason = "nobody has 2^53 trajectories")]
const fn float(count: u64) -> f64 {
    count as f64
}

fn part(of: u64, all: u64) -> f64 {
    float(of) / float(all)
}
