//! Stretches of paid work inside what a cohort fixes: when the first job began, and whether there was one on a given day.

use proto_events::Date;

use super::cases::Case;
use crate::{
    calendar::{plus, plus_months},
    dice::Dice,
    lives,
    work::{Class, Spell},
};

/// How long after the start the first job began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstJob {
    Within3Months,
    Within9Months,
    Later,
}

impl FirstJob {
    /// The days from `from` to `to` on which a first job of this kind can begin.
    pub(crate) fn window(self, start: Date, from: Date, to: Date) -> Option<(Date, Date)> {
        let (low, high) = match self {
            Self::Within3Months => (start, plus_months(start, 3)),
            Self::Within9Months => (plus(plus_months(start, 3), 1), plus_months(start, 9)),
            Self::Later => (plus(plus_months(start, 9), 1), to),
        };
        let (low, high) = (low.max(from), high.min(to));
        (low <= high).then_some((low, high))
    }

    /// Whether a first job of this kind can begin between these days.
    pub(crate) fn possible(self, start: Date, from: Date, to: Date) -> bool {
        self.window(start, from, to).is_some()
    }
}

/// A spell whose class is chosen by method.
pub(crate) fn spell(case: &Case, start: Date, stop: Option<Date>, dice: &mut Dice) -> Spell {
    Spell { start, stop, class: lives::class(dice, case.method) }
}

/// Work that began with a first job of this kind and goes on through `day`; its last spell is open. The first day of each spell
/// lies on `day` at the latest.
pub(crate) fn held_on(case: &Case, first: FirstJob, day: Date, dice: &mut Dice) -> Vec<Spell> {
    let (low, high) = first.window(case.start, case.start, day).unwrap_or((case.start.min(day), day));
    // Some were at work already when they came.
    let mut begun = dice.early_day(low, high).min(dice.day(low, high));
    if first == FirstJob::Within3Months && dice.chance(90) {
        begun = plus(case.start, -dice.between(5, 900));
    }
    let room = day.days() - begun.max(case.start).days();
    if room > 200 && dice.chance(200) {
        let stop = dice.day(plus(begun.max(case.start), 40), plus(day, -80));
        let again = dice.early_day(plus(stop, 1), plus(day, -5));
        return vec![spell(case, begun, Some(stop), dice), spell(case, again, None, dice)];
    }
    vec![spell(case, begun, None, dice)]
}

/// Work that began between the case's start and `day`, and was over by `day`.
pub(crate) fn over_by(case: &Case, from: Date, day: Date, dice: &mut Dice) -> Vec<Spell> {
    let begun = dice.early_day(from, plus(day, -12));
    let stop = dice.early_day(plus(begun, 5).min(day), day);
    vec![spell(case, begun, Some(stop), dice)]
}

/// Ends the last spell on this day.
pub(crate) fn stop_last(spells: &mut [Spell], day: Date) {
    if let Some(last) = spells.last_mut() {
        last.stop = Some(day);
    }
}

/// Sets the class of what is active on a day.
pub(crate) fn classify(case: &mut Case, day: Date, class: Class) {
    for spell in case.spells.iter_mut().filter(|spell| spell.active(day)) {
        spell.class = class;
    }
}
