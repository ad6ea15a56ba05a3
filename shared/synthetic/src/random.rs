//! Logs of any size, made while they are read.
//!
//! Days are gone through one by one. On each day some trajectories begin; everything that will ever be recorded of them is put
//! into the days to come, small and without texts; then the lines of the day go out in order. What is held is what the
//! trajectories that are open will still record, so that memory follows their number, not the length of the log.

use std::collections::VecDeque;

use proto_events::{Date, Funding, Method, Variant, json::EventLine};

use crate::{
    calendar::{date, day_of, plus, weekday},
    dice::Dice,
    life::{AttributeChange, Life, MistakenEnd},
    lives,
    names::Names,
    record::{Diary, Draft, record},
    render::{self, Stream},
    work::job,
};

/// The methods with their frequency.
const METHODS: [(Method, u32); 6] =
    [(Method::Ips, 70), (Method::Wabz, 4), (Method::Jobcoaching, 7), (Method::Werkfit, 8), (Method::NaarWerk, 4), (Method::Other, 7)];

/// How many of the latest clients are remembered, some of whom come back for another trajectory.
const REMEMBERED: usize = 64;

/// The lines of a random log, in the order of their recording. Made by [`random`].
#[derive(Debug)]
pub struct Random {
    names: Names,
    dice: Dice,
    diary: Diary,
    trajectories: u64,
    begun: u64,
    first_day: Date,
    last_start: Date,
    today: Date,
    /// What will be recorded, by day from today on: the place of its stream and the line.
    days: VecDeque<Vec<(u32, Draft)>>,
    streams: Streams,
    /// What is still to go out of today, the latest first.
    out: Vec<(u32, Draft)>,
    /// Clients of trajectories that ended, with their organisation and the day after which they may come back.
    clients: Vec<(u128, u8, Date, Option<u16>)>,
}

/// The open streams; places are used again.
#[derive(Debug, Default)]
struct Streams {
    /// A stream, and how many of its lines are to come.
    places: Vec<(Stream, u32)>,
    free: Vec<u32>,
}

impl Streams {
    fn open(&mut self, stream: Stream, lines: u32) -> u32 {
        if let Some(place) = self.free.pop() {
            self.places[index(place)] = (stream, lines);
            return place;
        }
        self.places.push((stream, lines));
        u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX)
    }

    /// The stream of a line that goes out now.
    fn line(&mut self, place: u32) -> Stream {
        let (stream, lines) = &mut self.places[index(place)];
        *lines -= 1;
        if *lines == 0 {
            self.free.push(place);
        }
        *stream
    }
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// A log of so many trajectories, about ten events each, recorded from 2015 to May 2025: every event type, every method, late
/// events, corrections, retractions, and decisions of several lines. It is made while it is read; the same seed and number give
/// the same lines.
#[must_use]
pub fn random(seed: u64, trajectories: u64) -> Random {
    let first_day = date(2015, 1, 5);
    Random {
        names: Names::all(),
        dice: Dice::new(seed),
        diary: Diary { last_day: date(2025, 5, 28), published: Vec::new(), contacts_every: 120 },
        trajectories,
        begun: 0,
        first_day,
        last_start: date(2025, 5, 1),
        today: first_day,
        days: VecDeque::new(),
        streams: Streams::default(),
        out: Vec::new(),
        clients: Vec::new(),
    }
}

impl Iterator for Random {
    type Item = EventLine;

    fn next(&mut self) -> Option<EventLine> {
        while self.out.is_empty() {
            if self.today > self.diary.last_day {
                return None;
            }
            self.go_through_today();
        }
        let (place, draft) = self.out.pop()?;
        let stream = self.streams.line(place);
        Some(render::line(&self.names, &stream, &draft))
    }
}

impl Random {
    fn go_through_today(&mut self) {
        // Evenly spread; nobody begins at the weekend, so that Monday has more.
        let days = u64::try_from(self.last_start.days() - self.first_day.days() + 1).unwrap_or(1);
        let passed = u64::try_from(self.today.days() - self.first_day.days() + 1).unwrap_or(1).min(days);
        let due = u64::try_from(u128::from(self.trajectories) * u128::from(passed) / u128::from(days)).unwrap_or(u64::MAX);
        if weekday(self.today) < 5 || self.today >= self.last_start {
            while self.begun < due {
                self.begun += 1;
                self.begin();
            }
        }
        let mut lines = self.days.pop_front().unwrap_or_default();
        // Stable: lines of one stream and moment keep their order. Reversed, because they go out from the end.
        lines.sort_by_key(|(place, draft)| (draft.recorded, *place));
        lines.reverse();
        self.out = lines;
        self.today = plus(self.today, 1);
    }

    /// Puts a whole trajectory that begins today into the days to come.
    fn begin(&mut self) {
        let life = self.life();
        let drafts = record(&life, &self.diary, &mut self.dice);
        let Ok(many) = u32::try_from(drafts.len()) else { return };
        if many == 0 {
            return;
        }
        let place = self.streams.open(Stream::from(&life), many);
        for draft in drafts {
            let ahead = usize::try_from(day_of(draft.recorded).days() - self.today.days()).unwrap_or_default();
            if self.days.len() <= ahead {
                self.days.resize_with(ahead + 1, Vec::new);
            }
            self.days[ahead].push((place, draft));
        }
    }

    fn life(&mut self) -> Life {
        let start = self.today;
        let dice = &mut self.dice;
        let last_day = self.diary.last_day;
        let method = dice.weighted(&METHODS);
        let (funding, variant) = payer(dice, method);
        let back = self.clients.iter().position(|(_, _, day, _)| *day < start).filter(|_| dice.chance(60));
        let back = back.map(|at| self.clients.swap_remove(at));
        let organisation =
            back.map_or_else(|| u8::try_from(dice.place(self.names.organisations.len())).unwrap_or_default(), |(_, org, ..)| org);
        let about = &self.names.organisations[usize::from(organisation)];

        let length = length(dice, method);
        let end = Some(plus(start, length)).filter(|end| *end <= last_day && length > 0);
        let close = end.unwrap_or(last_day);
        let mut attributes = lives::attributes(dice, about, method, funding, variant);
        let coaches = 12;
        attributes.coach = dice.chance(980).then(|| u16::try_from(dice.below(coaches)).unwrap_or_default());
        attributes.scheme = method == Method::Ips && funding == Funding::Municipality && start >= date(2025, 1, 1) && dice.chance(600);
        if let Some((.., label)) = back {
            attributes.label = label;
        }
        let mut changes = lives::changes(dice, about, &attributes, 12, start, close);
        if dice.chance(25) && !matches!(method, Method::Werkfit | Method::NaarWerk) {
            let funding = Some(dice.pick(&[Funding::Municipality, Funding::Uwv, Funding::Other]));
            changes.push((dice.day(start, close), AttributeChange { funding, ..AttributeChange::default() }));
        }
        if dice.chance(20) && method == Method::Ips {
            let variant = Some(dice.pick(&[Some(Variant::Epa), Some(Variant::Cmd), Some(Variant::Other), None]));
            changes.push((dice.day(start, close), AttributeChange { variant, ..AttributeChange::default() }));
        }
        changes.sort_by_key(|(day, _)| *day);

        let spells = lives::work(dice, method, start, close);
        let works = spells.iter().any(|spell| spell.active(close));
        let settled = (method == Method::Ips).then_some(close);
        let jobs = spells.iter().map(|spell| job(dice, *spell, settled, close)).collect();
        let placements = lives::placements(dice, method, !spells.is_empty(), start, close, true);
        let mut educations = Vec::new();
        if dice.chance(90) && close.days() - start.days() > 40 {
            let begun = dice.day(plus(start, -100), plus(close, -20));
            let stop = dice.chance(500).then(|| dice.day(plus(begun.max(start), 10), close));
            educations.push(lives::education(dice, begun, stop));
        }
        let work_ready = if method == Method::Werkfit { dice.weighted(&[(Some(true), 60), (Some(false), 30), (None, 10)]) } else { None };
        let key = dice.key();
        let client = back.map_or_else(|| dice.key(), |(client, ..)| client);
        if let Some(end) = end.filter(|_| self.clients.len() < REMEMBERED) {
            self.clients.push((client, organisation, end, attributes.label));
        }
        Life {
            key,
            client,
            organisation,
            start,
            end,
            attributes,
            changes,
            wish: lives::wish(dice, method, !educations.is_empty()),
            jobs,
            placements,
            educations,
            outflow_reason: end.and_then(|_| lives::outflow_reason(dice, method, works, work_ready == Some(true))),
            work_ready: work_ready.filter(|_| end.is_some()),
            brought: None,
            mistaken_end: mistaken_end(dice, start, close),
        }
    }
}

fn payer(dice: &mut Dice, method: Method) -> (Funding, Option<Variant>) {
    let funding = match method {
        Method::Werkfit | Method::NaarWerk => Funding::Uwv,
        Method::Ips | Method::Wabz | Method::Jobcoaching | Method::Other => {
            dice.weighted(&[(Funding::Municipality, 44), (Funding::Uwv, 38), (Funding::Other, 18)])
        }
    };
    let variants = [(Some(Variant::Epa), 66), (Some(Variant::Cmd), 20), (Some(Variant::Other), 12), (None, 2)];
    (funding, if method == Method::Ips { dice.weighted(&variants) } else { None })
}

/// How many days a trajectory lasts; 0 is longer than the log.
fn length(dice: &mut Dice, method: Method) -> i32 {
    if dice.chance(40) {
        return 0;
    }
    match method {
        Method::NaarWerk => dice.between(60, 270),
        Method::Werkfit => dice.between(90, 500),
        Method::Ips | Method::Wabz | Method::Jobcoaching | Method::Other => dice.between(30, 700).min(dice.between(60, 900)),
    }
}

/// Some outflows are recorded by mistake, and retracted weeks later.
fn mistaken_end(dice: &mut Dice, start: Date, close: Date) -> Option<MistakenEnd> {
    let room = close.days() - start.days() > 150;
    (room && dice.chance(8)).then(|| {
        let day = dice.day(plus(start, 30), plus(close, -90));
        MistakenEnd { day, noticed: plus(day, dice.between(20, 80)) }
    })
}
