//! Mistakes of every day and their mending: a wrong date or value that a later line corrects, a line that is taken back, and
//! one that is taken back and told anew in the same decision.
//!
//! A mistake and its mending lie on the same side of every publication, so that mistakes never change what was published.

use proto_events::{Date, Hundredths, PlacementKind, Timestamp};

use crate::{
    calendar::{day_of, later, office, plus, working_day},
    dice::Dice,
    record::{Diary, Draft, Fact, matters},
    texts::Topic,
};

/// Numbers of things that never existed begin here; no life has so many.
const NEVER_WAS: u8 = 128;

/// Adds mistakes and their mending to the lines of a stream that began on `start`.
pub(crate) fn mend(drafts: &mut Vec<Draft>, start: Date, diary: &Diary, dice: &mut Dice) {
    for at in 0..drafts.len() {
        let many_in_a_thousand = match drafts[at].fact {
            Fact::Intake(_) => 45,
            Fact::PaidWorkStarted { .. } => 75,
            Fact::PlacementStarted { .. } => 45,
            Fact::EducationStarted { .. } | Fact::Contact { .. } => 12,
            Fact::Outflow { .. } => 20,
            Fact::Engagement { .. }
            | Fact::Assessment { .. }
            | Fact::PlacementStopped { .. }
            | Fact::PaidWorkChanged { .. }
            | Fact::PaidWorkStopped { .. }
            | Fact::EducationStopped { .. }
            | Fact::TrajectoryChanged(_)
            | Fact::Retraction { .. } => 0,
        };
        if !drafts[at].pinned && dice.chance(many_in_a_thousand) {
            Mender { drafts: &mut *drafts, at, start, diary }.one(dice);
        }
    }
}

struct Mender<'a> {
    drafts: &'a mut Vec<Draft>,
    at: usize,
    start: Date,
    diary: &'a Diary,
}

impl Mender<'_> {
    fn one(mut self, dice: &mut Dice) {
        let truth = self.drafts[self.at];
        match truth.fact {
            Fact::Intake(_) => match dice.below(3) {
                0 => self.wrong_fact(truth, dice),
                _ => self.wrong_day(truth, -dice.between(1, 14), dice),
            },
            Fact::PaidWorkStarted { .. } => match dice.below(4) {
                0 => self.wrong_day(truth, -dice.between(1, 20), dice),
                1 => self.told_anew(truth, dice),
                _ => self.wrong_fact(truth, dice),
            },
            Fact::PlacementStarted { .. } => match dice.below(2) {
                0 => self.told_anew(truth, dice),
                _ => self.wrong_day(truth, -dice.between(1, 20), dice),
            },
            Fact::EducationStarted { .. } => self.wrong_day(truth, -dice.between(1, 30), dice),
            Fact::Outflow { .. } => {
                let room = day_of(truth.recorded).days() - truth.occurred.days();
                self.wrong_day(truth, dice.between(1, 10).min(room), dice);
            }
            Fact::Contact { .. } => self.told_twice(truth, dice),
            Fact::Engagement { .. }
            | Fact::Assessment { .. }
            | Fact::PlacementStopped { .. }
            | Fact::PaidWorkChanged { .. }
            | Fact::PaidWorkStopped { .. }
            | Fact::EducationStopped { .. }
            | Fact::TrajectoryChanged(_)
            | Fact::Retraction { .. } => {}
        }
    }

    fn next_line(&self) -> u16 {
        u16::try_from(self.drafts.len()).unwrap_or(u16::MAX)
    }

    /// When a mistake in a line is mended: before the first publication for which what happened on `earliest` counts. `None`
    /// where that is out already.
    fn mended(&self, earliest: Date, truth: &Draft, dice: &mut Dice) -> Option<(Date, Timestamp)> {
        let recorded_on = day_of(truth.recorded);
        let wanted = plus(recorded_on, dice.between(0, 40));
        let wanted = working_day(wanted, dice);
        let deadline = self.diary.deadline(earliest).filter(|_| matters(&truth.fact));
        let day = deadline.map_or(wanted, |last| wanted.min(last));
        if day < recorded_on || day > self.diary.last_day {
            return None;
        }
        let moment = office(day, dice).max(later(truth.recorded, i64::from(dice.between(30, 1_800)), 0));
        Some((day, moment))
    }

    /// The line had another day at first.
    fn wrong_day(&mut self, truth: Draft, off: i32, dice: &mut Dice) {
        let wrong = plus(truth.occurred, off);
        // Only the trajectory's own start can count from before its start.
        let counts_from = if matches!(truth.fact, Fact::Intake(_)) { wrong } else { wrong.max(self.start) };
        let earliest = counts_from.min(truth.occurred.max(self.start));
        let Some((_, moment)) = self.mended(earliest, &truth, dice).filter(|_| off != 0) else {
            return;
        };
        let line = self.next_line();
        self.drafts[self.at].occurred = wrong;
        self.drafts[self.at].pinned = true;
        let mut corrected = Draft { recorded: moment, line, corrects: Some(truth.line), pinned: true, ..truth };
        if off < -1 && dice.chance(150) {
            // The first correction is a day off still; the second one is right.
            let again = self.mended(earliest, &Draft { recorded: moment, ..truth }, dice);
            if let Some((_, again)) = again {
                corrected.occurred = plus(truth.occurred, -1);
                let last = Draft { recorded: again, line: line.saturating_add(1), corrects: Some(line), pinned: true, ..truth };
                self.drafts.extend([corrected, last]);
                return;
            }
        }
        self.drafts.push(corrected);
    }

    /// The line told something else at first.
    fn wrong_fact(&mut self, truth: Draft, dice: &mut Dice) {
        let wrong = if let Fact::Intake(mut attributes) = truth.fact {
            attributes.label = Some(Topic::Label.choose(dice));
            if dice.chance(300) {
                attributes.in_care = attributes.in_care.map(|care| !care);
            }
            Fact::Intake(attributes)
        } else if let Fact::PaidWorkStarted { thing, mut conditions } = truth.fact {
            match dice.below(3) {
                // A digit too few, the half-time job of a colleague, a wage value out of another measurement.
                0 => conditions.hours = conditions.hours.map(|h| Hundredths(h.0 / 1000 * 100 + 100)),
                1 => conditions.hours = Some(Hundredths(dice.pick(&[1600, 2000, 2400, 3200]))),
                _ => conditions.wage = conditions.wage.map(|w| Hundredths(w.0 / 2)),
            }
            Fact::PaidWorkStarted { thing, conditions }
        } else {
            return;
        };
        let Some((_, moment)) = self.mended(truth.occurred.max(self.start), &truth, dice) else {
            return;
        };
        let line = self.next_line();
        self.drafts[self.at].fact = wrong;
        self.drafts[self.at].pinned = true;
        self.drafts.push(Draft { recorded: moment, line, corrects: Some(truth.line), pinned: true, ..truth });
    }

    /// A thing that never was is taken back and the right one told in the same decision.
    fn told_anew(&mut self, truth: Draft, dice: &mut Dice) {
        let wrong = if let Fact::PlacementStarted { thing, kind } = truth.fact {
            let other = if kind == PlacementKind::VolunteerWork { PlacementKind::TrialPlacement } else { PlacementKind::VolunteerWork };
            Fact::PlacementStarted { thing: thing.saturating_add(NEVER_WAS), kind: other }
        } else if let Fact::PaidWorkStarted { thing, conditions } = truth.fact {
            Fact::PaidWorkStarted { thing: thing.saturating_add(NEVER_WAS), conditions }
        } else {
            return;
        };
        // The right one comes at the moment that was planned; the wrong one some days before, once the stream exists.
        let day = plus(day_of(truth.recorded), -dice.between(0, 6)).max(truth.occurred);
        let day = working_day(day, dice);
        let earlier = office(day, dice).max(later(self.drafts[0].recorded, 45, 0));
        if earlier >= truth.recorded {
            return;
        }
        let line = self.next_line();
        let retraction = Fact::Retraction { line, reason: Topic::Retraction.choose(dice) };
        self.drafts.push(Draft { recorded: earlier, line, pinned: true, fact: wrong, ..truth });
        self.drafts.push(Draft { line: line.saturating_add(1), pinned: true, occurred: day_of(truth.recorded), fact: retraction, ..truth });
        self.drafts[self.at].pinned = true;
    }

    /// The same once more by mistake, and taken back.
    fn told_twice(&mut self, truth: Draft, dice: &mut Dice) {
        let line = self.next_line();
        let again = later(truth.recorded, i64::from(dice.between(20, 900)), 0);
        let Some((day, moment)) = self.mended(truth.occurred, &Draft { recorded: again, ..truth }, dice) else {
            return;
        };
        let retraction = Fact::Retraction { line, reason: 0 };
        self.drafts.push(Draft { recorded: again, line, pinned: true, ..truth });
        self.drafts.push(Draft { recorded: moment, line: line.saturating_add(1), pinned: true, occurred: day, fact: retraction, ..truth });
    }
}
