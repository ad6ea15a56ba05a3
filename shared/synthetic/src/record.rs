//! How a life comes into a log: lines with the moment of recording, some of them late, wrong at first, or taken back.
//!
//! ```text
//!   Life ──happenings──► in the order of occurrence ──recording──► Draft lines ──mend──► corrections, retractions
//!                                                                      │ settle: order, decisions
//!                                                                      ▼
//!                                                                  sorted lines of one stream
//! ```

use proto_events::{ContactChannel, ContactWith, Date, EventType, Funding, Hundredths, PlacementKind, Timestamp, Wish};

use crate::{
    calendar::{day_of, later, office, plus, working_day},
    dice::Dice,
    life::{AttributeChange, Attributes, ConditionChange, Conditions, Life},
    mend,
    texts::{RETRACTED_OUTFLOW, Topic},
};

/// What a line tells, with texts and ids as numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fact {
    Intake(Attributes),
    Engagement {
        wish: Wish,
        goals: Option<u16>,
    },
    Assessment {
        sectors: [Option<u16>; 3],
        max_hours: Option<Hundredths>,
        profile: Option<u16>,
    },
    PlacementStarted {
        thing: u8,
        kind: PlacementKind,
    },
    PlacementStopped {
        thing: u8,
        reason: Option<u16>,
    },
    PaidWorkStarted {
        thing: u8,
        conditions: Conditions,
    },
    PaidWorkChanged {
        thing: u8,
        change: ConditionChange,
    },
    PaidWorkStopped {
        thing: u8,
        reason: Option<u16>,
    },
    EducationStarted {
        thing: u8,
        level: Option<u8>,
    },
    EducationStopped {
        thing: u8,
        completed: Option<bool>,
    },
    Contact {
        with: ContactWith,
        channel: ContactChannel,
        minutes: Option<u16>,
        note: Option<u16>,
    },
    TrajectoryChanged(AttributeChange),
    Outflow {
        reason: Option<u8>,
        work_ready: Option<bool>,
    },
    /// The number of the line that never happened, and why.
    Retraction {
        line: u16,
        reason: u16,
    },
}

/// A line of one stream. Its number within the stream makes its id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draft {
    pub(crate) recorded: Timestamp,
    pub(crate) occurred: Date,
    pub(crate) line: u16,
    pub(crate) corrects: Option<u16>,
    /// The first line of its decision.
    pub(crate) decision: Option<u16>,
    /// The coach who recorded it; `None` is the administration.
    pub(crate) coach: Option<u16>,
    /// Stays where it is: others hang on its moment.
    pub(crate) pinned: bool,
    pub(crate) fact: Fact,
}

/// When a log was written and what was published from it meanwhile.
#[derive(Clone, Debug)]
pub(crate) struct Diary {
    /// The last day on which something is recorded.
    pub(crate) last_day: Date,
    /// Ends of quarters that were published, each with the last day on which what happened until then was recorded, ascending.
    pub(crate) published: Vec<(Date, Date)>,
    /// Days between two contacts that are told, about.
    pub(crate) contacts_every: i32,
}

impl Diary {
    /// The last day on which something that happened on this day can be recorded without changing a publication, if there is
    /// such a publication.
    pub(crate) fn deadline(&self, occurred: Date) -> Option<Date> {
        self.published.iter().find(|(end, _)| occurred <= *end).map(|(_, last)| *last)
    }
}

/// What happened, before anybody wrote it down.
struct Happening {
    occurred: Date,
    fact: Fact,
    /// Nothing of it is recorded before this day.
    not_before: Option<Date>,
}

/// The lines of a life, in the order of their recording.
pub(crate) fn record(life: &Life, diary: &Diary, dice: &mut Dice) -> Vec<Draft> {
    let happenings = happenings(life, diary.last_day, diary.contacts_every, dice);
    let mut drafts = Vec::with_capacity(happenings.len() + 4);
    let mut recorder = Recorder { life, diary, things: Vec::new(), intake: None, coach: life.attributes.coach, brought: None };
    for happening in &happenings {
        if let Some(draft) = recorder.draft(happening, drafts.len(), dice) {
            drafts.push(draft);
        }
    }
    if let Some(mistake) = life.mistaken_end {
        take_back(&mut drafts, mistake.day, mistake.noticed, dice);
    } else if life.brought.is_none() {
        mend::mend(&mut drafts, life.start, diary, dice);
    }
    drafts.sort_by_key(|draft| (draft.recorded, draft.line));
    if life.mistaken_end.is_none() {
        decide(&mut drafts, dice);
    }
    drafts.retain(|draft| day_of(draft.recorded) <= diary.last_day);
    drafts
}

/// The mistaken outflow is retracted on the day on which somebody noticed.
fn take_back(drafts: &mut Vec<Draft>, day: Date, noticed: Date, dice: &mut Dice) {
    let Some(wrong) = drafts.iter().find(|d| matches!(d.fact, Fact::Outflow { .. }) && d.occurred == day).copied() else {
        return;
    };
    let line = u16::try_from(drafts.len()).unwrap_or(u16::MAX);
    let reason = RETRACTED_OUTFLOW + u16::try_from(dice.below(2)).unwrap_or_default();
    // Nobody notices a mistake before it is made.
    let noticed = noticed.max(working_day(plus(day_of(wrong.recorded), 1), dice));
    let recorded = office(noticed, dice);
    let retraction = Fact::Retraction { line: wrong.line, reason };
    drafts.push(Draft { recorded, occurred: noticed, line, corrects: None, decision: None, coach: None, pinned: true, fact: retraction });
    // What happened after that day could only be recorded now; it keeps the order in which it happened.
    for draft in drafts.iter_mut().filter(|draft| draft.occurred > day && draft.line != line) {
        draft.recorded = draft.recorded.max(later(recorded, 300 + 41 * i64::from(draft.line), 0));
    }
}

struct Recorder<'a> {
    life: &'a Life,
    diary: &'a Diary,
    /// Each thing (type of its start, number) with the moment of its last line.
    things: Vec<(EventType, u8, Timestamp)>,
    intake: Option<Timestamp>,
    coach: Option<u16>,
    /// The moment of the last line that was brought in with a history.
    brought: Option<Timestamp>,
}

impl Recorder<'_> {
    fn draft(&mut self, happening: &Happening, line: usize, dice: &mut Dice) -> Option<Draft> {
        let recorded = self.moment(happening, dice);
        if day_of(recorded) > self.diary.last_day {
            return None;
        }
        if let Fact::TrajectoryChanged(AttributeChange { coach: Some(coach), .. }) = happening.fact {
            self.coach = coach;
        }
        let brought = self.brought == Some(recorded);
        Some(Draft {
            recorded,
            occurred: happening.occurred,
            line: u16::try_from(line).unwrap_or(u16::MAX),
            corrects: None,
            decision: None,
            coach: self.coach.filter(|_| !brought),
            pinned: brought || happening.not_before.is_some(),
            fact: happening.fact,
        })
    }

    /// When it is recorded: some days later, never before what it builds on, never after the deadline.
    fn moment(&mut self, happening: &Happening, dice: &mut Dice) -> Timestamp {
        let from = happening.occurred.max(self.life.start);
        let wanted = plus(from, delay(dice));
        let mut day = working_day(wanted, dice);
        if matches!(happening.fact, Fact::Intake(_)) {
            // However late: a log has every trajectory that is told of.
            day = day.min(self.diary.last_day);
        }
        if let Some(first) = happening.not_before {
            let told = dice.day(first, plus(first, 20));
            day = day.max(working_day(told, dice));
        } else if is_stop(&happening.fact) && happening.occurred > plus(self.life.start, 1) && dice.chance(120) {
            // On the last working day itself: the stop is the day after.
            day = plus(happening.occurred, -1);
        } else if let Some(deadline) = self.diary.deadline(from).filter(|_| matters(&happening.fact)) {
            day = day.min(deadline).max(from);
        }
        let brought = self.life.brought.filter(|arrival| day < *arrival);
        let mut recorded = match (brought, self.brought) {
            // A history is brought in one go.
            (Some(_), Some(last)) => later(last, 0, i64::from(dice.between(400, 9_000))),
            (Some(arrival), None) => office(arrival, dice),
            (None, _) => office(day, dice),
        };
        let thing = thing_of(&happening.fact);
        let before = thing.and_then(|(kind, n)| self.things.iter().find(|(k, m, _)| (*k, *m) == (kind, n)).map(|(.., at)| *at));
        if let Some(floor) = self.intake.max(before).filter(|floor| *floor >= recorded) {
            recorded = later(floor, i64::from(dice.between(20, 900)), i64::from(dice.between(1, 999_999)));
        }
        if brought.is_some() {
            self.brought = Some(recorded);
        }
        self.intake = self.intake.or(Some(recorded));
        if let Some((kind, n)) = thing {
            self.things.retain(|(k, m, _)| (*k, *m) != (kind, n));
            self.things.push((kind, n, recorded));
        }
        recorded
    }
}

/// Whether a figure can depend on it.
pub(crate) fn matters(fact: &Fact) -> bool {
    !matches!(fact, Fact::Contact { .. } | Fact::Engagement { .. } | Fact::Assessment { .. } | Fact::Retraction { .. })
}

/// Whether it is one of the three that may be told a day ahead.
fn is_stop(fact: &Fact) -> bool {
    matches!(fact, Fact::PaidWorkStopped { .. } | Fact::PlacementStopped { .. } | Fact::EducationStopped { .. })
}

/// The thing that a line begins, changes or stops. Changes of the attributes keep their order as if they were one.
fn thing_of(fact: &Fact) -> Option<(EventType, u8)> {
    match *fact {
        Fact::PlacementStarted { thing, .. } | Fact::PlacementStopped { thing, .. } => Some((EventType::PlacementStarted, thing)),
        Fact::PaidWorkStarted { thing, .. } | Fact::PaidWorkChanged { thing, .. } | Fact::PaidWorkStopped { thing, .. } => {
            Some((EventType::PaidWorkStarted, thing))
        }
        Fact::EducationStarted { thing, .. } | Fact::EducationStopped { thing, .. } => Some((EventType::EducationStarted, thing)),
        Fact::TrajectoryChanged(_) => Some((EventType::TrajectoryChanged, 0)),
        Fact::Intake(_)
        | Fact::Engagement { .. }
        | Fact::Assessment { .. }
        | Fact::Contact { .. }
        | Fact::Outflow { .. }
        | Fact::Retraction { .. } => None,
    }
}

/// Days between what happened and its recording: mostly few, sometimes weeks, seldom months.
fn delay(dice: &mut Dice) -> i32 {
    match dice.below(100) {
        0..30 => 0,
        30..62 => dice.between(1, 4),
        62..86 => dice.between(5, 14),
        86..97 => dice.between(15, 45),
        _ => dice.between(46, 150),
    }
}

/// Lines of neighbouring moments are now and then recorded together, as one decision.
fn decide(drafts: &mut [Draft], dice: &mut Dice) {
    const TOGETHER_WITHIN: i64 = 4 * 86_400 * 1_000_000;
    const LONGEST: usize = 4;
    let mut first = 0;
    for at in 1..drafts.len() {
        let (before, draft) = (drafts[first], drafts[at]);
        if before.recorded == draft.recorded {
            // A mended line came with its decision already.
            continue;
        }
        let with_intake = matches!(before.fact, Fact::Intake(_));
        let near = draft.recorded.micros() - before.recorded.micros() < TOGETHER_WITHIN && draft.occurred <= day_of(before.recorded);
        let free = !draft.pinned && !drafts[first..at].iter().any(|d| d.pinned) && at - first < LONGEST;
        if near && free && dice.chance(if with_intake { 450 } else { 130 }) {
            drafts[at].recorded = before.recorded;
        } else {
            first = at;
        }
    }
    let mut from = 0;
    while from < drafts.len() {
        let many = drafts[from..].iter().take_while(|d| d.recorded == drafts[from].recorded).count().max(1);
        if many > 1 {
            let first = drafts[from].line;
            drafts[from..from + many].iter_mut().for_each(|d| d.decision = Some(first));
        }
        from += many;
    }
}

/// Everything that happened, in its order, the intake first.
fn happenings(life: &Life, last_day: Date, contacts_every: i32, dice: &mut Dice) -> Vec<Happening> {
    let mut all = Vec::with_capacity(16);
    let mut tell = |occurred: Date, fact: Fact, not_before: Option<Date>| {
        if occurred <= last_day {
            all.push(Happening { occurred, fact, not_before });
        }
    };
    let close = life.end.unwrap_or(last_day);
    preparation(life, close, dice, &mut tell);
    for (n, job) in (0_u8..).zip(&life.jobs) {
        tell(job.start, Fact::PaidWorkStarted { thing: n, conditions: job.conditions }, None);
        for (day, change) in &job.changes {
            tell(*day, Fact::PaidWorkChanged { thing: n, change: *change }, None);
        }
        if let Some(stop) = job.stop {
            tell(stop, Fact::PaidWorkStopped { thing: n, reason: dice.chance(750).then(|| Topic::JobStop.choose(dice)) }, None);
        }
    }
    for (n, placement) in (0_u8..).zip(&life.placements) {
        tell(placement.start, Fact::PlacementStarted { thing: n, kind: placement.kind }, None);
        if let Some(stop) = placement.stop {
            tell(stop, Fact::PlacementStopped { thing: n, reason: dice.chance(700).then(|| Topic::PlacementStop.choose(dice)) }, None);
        }
    }
    for (n, education) in (0_u8..).zip(&life.educations) {
        tell(education.start, Fact::EducationStarted { thing: n, level: education.level }, education.told);
        if let Some(stop) = education.stop {
            tell(stop, Fact::EducationStopped { thing: n, completed: education.completed }, education.told);
        }
    }
    for (day, change) in &life.changes {
        tell(*day, Fact::TrajectoryChanged(*change), None);
    }
    contacts(life, close, contacts_every, dice, &mut tell);
    if let Some(end) = life.end {
        tell(end, Fact::Outflow { reason: life.outflow_reason, work_ready: life.work_ready }, None);
    }
    if let Some(mistake) = life.mistaken_end {
        tell(mistake.day, Fact::Outflow { reason: life.outflow_reason, work_ready: None }, None);
    }
    all.sort_by_key(|h| (!matches!(h.fact, Fact::Intake(_)), h.occurred));
    all
}

/// Intake, wishes, profile.
fn preparation(life: &Life, close: Date, dice: &mut Dice, tell: &mut impl FnMut(Date, Fact, Option<Date>)) {
    tell(life.start, Fact::Intake(life.attributes), None);
    if dice.chance(930) {
        let goals = dice.chance(850).then(|| Topic::Goals.choose(dice));
        // A referral: the wish was talked about before the start.
        let day = plus(life.start, if dice.chance(60) { -dice.between(1, 12) } else { dice.between(0, 21) });
        tell(day.min(close), Fact::Engagement { wish: life.wish, goals }, None);
    }
    let assessments = dice.weighted(&[(0, 15), (1, 70), (2, 15)]);
    for n in 0..assessments {
        let day = plus(life.start, dice.between(3, 50) + n * dice.between(120, 300));
        if day <= close {
            let mut sectors = [None; 3];
            for sector in sectors.iter_mut().take(dice.place(4)) {
                *sector = Some(Topic::Sector.choose(dice));
            }
            let max_hours = dice.chance(650).then(|| Hundredths(dice.between(2, 10) * 400));
            tell(day, Fact::Assessment { sectors, max_hours, profile: dice.chance(600).then(|| Topic::Profile.choose(dice)) }, None);
        }
    }
}

/// Contacts now and then, and around the beginning of a job with the employer.
fn contacts(life: &Life, close: Date, every: i32, dice: &mut Dice, tell: &mut impl FnMut(Date, Fact, Option<Date>)) {
    const MOST: i32 = 14;
    let span = close.days() - life.start.days();
    let many = (span / every.max(1) + dice.between(0, 3)).min(MOST);
    let payer = match life.attributes.funding {
        Funding::Uwv => ContactWith::Uwv,
        Funding::Municipality | Funding::Other => ContactWith::Municipality,
    };
    let with = [(ContactWith::Client, 60), (ContactWith::Employer, 14), (ContactWith::CareTeam, 14), (payer, 8), (ContactWith::Family, 4)];
    let channel = [(ContactChannel::InPerson, 52), (ContactChannel::Phone, 24), (ContactChannel::Video, 9), (ContactChannel::Message, 15)];
    for _ in 0..many {
        let day = dice.day(life.start, close);
        let day = working_day(day, dice).min(close);
        let (with, channel) = (dice.weighted(&with), dice.weighted(&channel));
        let minutes: &[u16] = match channel {
            ContactChannel::InPerson => &[30, 45, 45, 60, 60, 60, 75, 90],
            ContactChannel::Phone => &[5, 10, 10, 15, 20, 30],
            ContactChannel::Video => &[20, 30, 30, 45, 60],
            ContactChannel::Message => &[5, 5, 10],
        };
        let minutes = dice.chance(800).then(|| dice.pick(minutes));
        let note = dice.chance(550).then(|| Topic::note(with, dice));
        tell(day, Fact::Contact { with, channel, minutes, note }, None);
    }
}
