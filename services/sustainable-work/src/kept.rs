//! How a trajectory rests in the view: what a list looks at, then its timeline, in as few bytes as it takes.
//!
//! ```text
//!   organisation, revision, position, day, … coach │ client │ how many events │ event, event, …
//!                         Summary                  │            Timeline
//! ```
//!
//! A timeline holds ids, days and values and never a text, so the view holds none. It takes a tenth of the bytes of the records that it
//! follows from: a store that writes little is fast. The form is that of the view's version, and known to this file alone.

use domain::{
    AttributeChanges, Change, ClientId, ConditionChanges, Conditions, Contract, Date, EducationId, Event, EventId, Fact, Funding, Intake,
    JobId, Method, Name, PlacementId, PlacementKind, Region, Step, Timeline, Variant, Verdict,
};
use event_log::Position;
use uuid::Uuid;

use crate::Summary;

/// A region that is not in the list.
const UNLISTED: u8 = u8::MAX;

/// A trajectory as bytes: equal exactly when both are.
pub(crate) fn encode(summary: &Summary, timeline: &Timeline) -> Vec<u8> {
    let mut to = Writer(Vec::with_capacity(64 + 40 * timeline.events().len()));
    to.name(&summary.organisation);
    to.number(summary.revision.into());
    to.number(summary.position.0);
    to.day(summary.on);
    to.flag(summary.running);
    to.flag(summary.settled);
    to.byte(summary.sustainable_work as u8);
    to.option(summary.method, |to, method| to.byte(method as u8));
    to.option(summary.step, |to, step| to.byte(step as u8));
    to.option(summary.started, Writer::day);
    to.option(summary.coach.as_ref(), Writer::name);
    to.option(timeline.client(), |to, client| to.id(client.0));
    to.number(timeline.events().len() as u64);
    timeline.events().iter().for_each(|event| to.event(event));
    to.0
}

/// What a list looks at.
///
/// # Errors
/// The cause, when the bytes are not what was kept.
pub(crate) fn summary(trajectory: Uuid, kept: &[u8]) -> Result<Summary, String> {
    Reader(kept).summary(trajectory).ok_or_else(cut_off)
}

/// The timeline.
///
/// # Errors
/// The cause, when the bytes are not what was kept.
pub(crate) fn timeline(kept: &[u8]) -> Result<Timeline, String> {
    Reader(kept).timeline().ok_or_else(cut_off)
}

fn cut_off() -> String {
    "an entry is cut off".to_owned()
}

struct Writer(Vec<u8>);

impl Writer {
    fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    fn flag(&mut self, flag: bool) {
        self.byte(flag.into());
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    /// Small ones short, of either sign.
    fn signed(&mut self, number: i32) {
        self.number(u64::from(((number << 1) ^ (number >> 31)).cast_unsigned()));
    }

    fn day(&mut self, day: Date) {
        self.signed(day.days());
    }

    fn id(&mut self, id: Uuid) {
        self.0.extend_from_slice(id.as_bytes());
    }

    fn name(&mut self, name: &Name) {
        self.number(name.len() as u64);
        self.0.extend_from_slice(name.as_bytes());
    }

    fn option<V>(&mut self, value: Option<V>, write: impl FnOnce(&mut Self, V)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn change<V>(&mut self, change: Option<Option<V>>, write: impl FnOnce(&mut Self, V)) {
        self.option(change, |to, value| to.option(value, write));
    }

    fn region(&mut self, region: Region) {
        self.byte(match region {
            Region::Listed(place) => place,
            Region::Unlisted => UNLISTED,
        });
    }

    fn contract(&mut self, contract: Contract) {
        match contract {
            Contract::Permanent => self.byte(0),
            Contract::FixedTerm { until } => {
                self.byte(1);
                self.day(until);
            }
            Contract::Other => self.byte(2),
        }
    }

    fn event(&mut self, event: &Event) {
        let Event { id, occurred_on, revision, first_revision, fact } = event;
        self.id(id.0);
        self.day(*occurred_on);
        self.number((*revision).into());
        self.number((*first_revision).into());
        self.fact(fact);
    }

    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::Intake(intake) => {
                let Intake { client, method, variant, funding, scheme, region, coach } = &**intake;
                self.byte(0);
                self.id(client.0);
                self.byte(*method as u8);
                self.option(*variant, |to, variant| to.byte(variant as u8));
                self.byte(*funding as u8);
                self.option(scheme.as_ref(), Self::name);
                self.region(*region);
                self.option(coach.as_ref(), Self::name);
            }
            Fact::Engagement => self.byte(1),
            Fact::Assessment { max_hours_per_week } => {
                self.byte(2);
                self.option(*max_hours_per_week, Self::signed);
            }
            Fact::PlacementStarted { placement, kind } => {
                self.byte(3);
                self.id(placement.0);
                self.byte(*kind as u8);
            }
            Fact::PlacementStopped { placement } => self.byte_and_id(4, placement.0),
            Fact::PaidWorkStarted { job, conditions } => {
                let Conditions { regular_workplace, hours_per_week, wage_value_percent, contract } = conditions;
                self.byte_and_id(5, job.0);
                self.option(*regular_workplace, Self::flag);
                self.option(*hours_per_week, Self::signed);
                self.option(*wage_value_percent, Self::signed);
                self.option(*contract, Self::contract);
            }
            Fact::PaidWorkChanged { job, changes } => {
                let ConditionChanges { regular_workplace, hours_per_week, wage_value_percent, contract, names_a_field } = changes;
                self.byte_and_id(6, job.0);
                self.change(*regular_workplace, Self::flag);
                self.change(*hours_per_week, Self::signed);
                self.change(*wage_value_percent, Self::signed);
                self.change(*contract, Self::contract);
                self.flag(*names_a_field);
            }
            Fact::PaidWorkStopped { job } => self.byte_and_id(7, job.0),
            Fact::EducationStarted { education } => self.byte_and_id(8, education.0),
            Fact::EducationStopped { education } => self.byte_and_id(9, education.0),
            Fact::Contact { with_employer, minutes } => {
                self.byte(10);
                self.flag(*with_employer);
                self.option(*minutes, Self::signed);
            }
            Fact::TrajectoryChanged(changes) => {
                let AttributeChanges { variant, funding, scheme, region, coach, names_a_field } = &**changes;
                self.byte(11);
                self.change(*variant, |to, variant| to.byte(variant as u8));
                self.option(*funding, |to, funding| to.byte(funding as u8));
                self.change(scheme.as_ref().map(Option::as_ref), Self::name);
                self.option(*region, Self::region);
                self.change(coach.as_ref().map(Option::as_ref), Self::name);
                self.flag(*names_a_field);
            }
            Fact::Outflow { work_ready } => {
                self.byte(12);
                self.option(*work_ready, Self::flag);
            }
            Fact::Retraction { event } => self.byte_and_id(13, event.0),
        }
    }

    fn byte_and_id(&mut self, byte: u8, id: Uuid) {
        self.byte(byte);
        self.id(id);
    }
}

/// Gives `None` where the bytes end too early or say what nothing says.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    fn signed(&mut self) -> Option<i32> {
        let number = self.small()?;
        Some((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    fn day(&mut self) -> Option<Date> {
        self.signed().map(Date::from_days)
    }

    fn id(&mut self) -> Option<Uuid> {
        let (id, rest) = self.0.split_first_chunk::<16>()?;
        self.0 = rest;
        Some(Uuid::from_bytes(*id))
    }

    fn name(&mut self) -> Option<Name> {
        let length = usize::try_from(self.number()?).ok()?;
        let (name, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(name).ok().map(Name::from)
    }

    fn option<V>(&mut self, read: impl FnOnce(&mut Self) -> Option<V>) -> Option<Option<V>> {
        if self.flag()? { read(self).map(Some) } else { Some(None) }
    }

    fn change<V>(&mut self, read: impl FnOnce(&mut Self) -> Option<V>) -> Option<Change<V>> {
        self.option(|from| from.option(read))
    }

    fn one_of<V: Copy>(&mut self, all: &[V]) -> Option<V> {
        all.get(usize::from(self.byte()?)).copied()
    }

    fn region(&mut self) -> Option<Region> {
        let place = self.byte()?;
        Some(if place == UNLISTED { Region::Unlisted } else { Region::Listed(place) })
    }

    fn contract(&mut self) -> Option<Contract> {
        Some(match self.byte()? {
            0 => Contract::Permanent,
            1 => Contract::FixedTerm { until: self.day()? },
            2 => Contract::Other,
            _ => return None,
        })
    }

    fn summary(&mut self, trajectory: Uuid) -> Option<Summary> {
        Some(Summary {
            trajectory,
            organisation: self.name()?,
            revision: self.small()?,
            position: Position(self.number()?),
            on: self.day()?,
            running: self.flag()?,
            settled: self.flag()?,
            sustainable_work: self.one_of(&Verdict::ALL)?,
            method: self.option(|from| from.one_of(Method::ALL))?,
            step: self.option(|from| from.one_of(&Step::ALL))?,
            started: self.option(Self::day)?,
            coach: self.option(Self::name)?,
        })
    }

    fn timeline(&mut self) -> Option<Timeline> {
        let summary = self.summary(Uuid::nil())?;
        let client = self.option(Self::id)?.map(ClientId);
        let events = (0..self.number()?).map(|_| self.event()).collect::<Option<Vec<_>>>()?;
        self.0.is_empty().then(|| Timeline::restored(summary.organisation, client, summary.revision, events))
    }

    fn event(&mut self) -> Option<Event> {
        Some(Event {
            id: EventId(self.id()?),
            occurred_on: self.day()?,
            revision: self.small()?,
            first_revision: self.small()?,
            fact: self.fact()?,
        })
    }

    fn fact(&mut self) -> Option<Fact> {
        Some(match self.byte()? {
            0 => Fact::Intake(Box::new(Intake {
                client: ClientId(self.id()?),
                method: self.one_of(Method::ALL)?,
                variant: self.option(|from| from.one_of(Variant::ALL))?,
                funding: self.one_of(Funding::ALL)?,
                scheme: self.option(Self::name)?,
                region: self.region()?,
                coach: self.option(Self::name)?,
            })),
            1 => Fact::Engagement,
            2 => Fact::Assessment { max_hours_per_week: self.option(Self::signed)? },
            3 => Fact::PlacementStarted { placement: PlacementId(self.id()?), kind: self.one_of(PlacementKind::ALL)? },
            4 => Fact::PlacementStopped { placement: PlacementId(self.id()?) },
            5 => Fact::PaidWorkStarted {
                job: JobId(self.id()?),
                conditions: Conditions {
                    regular_workplace: self.option(Self::flag)?,
                    hours_per_week: self.option(Self::signed)?,
                    wage_value_percent: self.option(Self::signed)?,
                    contract: self.option(Self::contract)?,
                },
            },
            6 => Fact::PaidWorkChanged {
                job: JobId(self.id()?),
                changes: ConditionChanges {
                    regular_workplace: self.change(Self::flag)?,
                    hours_per_week: self.change(Self::signed)?,
                    wage_value_percent: self.change(Self::signed)?,
                    contract: self.change(Self::contract)?,
                    names_a_field: self.flag()?,
                },
            },
            7 => Fact::PaidWorkStopped { job: JobId(self.id()?) },
            8 => Fact::EducationStarted { education: EducationId(self.id()?) },
            9 => Fact::EducationStopped { education: EducationId(self.id()?) },
            10 => Fact::Contact { with_employer: self.flag()?, minutes: self.option(Self::signed)? },
            11 => Fact::TrajectoryChanged(Box::new(AttributeChanges {
                variant: self.change(|from| from.one_of(Variant::ALL))?,
                funding: self.option(|from| from.one_of(Funding::ALL))?,
                scheme: self.change(Self::name)?,
                region: self.option(Self::region)?,
                coach: self.change(Self::name)?,
                names_a_field: self.flag()?,
            })),
            12 => Fact::Outflow { work_ready: self.option(Self::flag)? },
            13 => Fact::Retraction { event: EventId(self.id()?) },
            _ => return None,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(0x1234_5678_9abc_def0_0fed_cba9_8765_4321);

    /// Every fact, with values of every kind and without.
    fn facts() -> Vec<Fact> {
        let intake = |coach: Option<&str>, region| Intake {
            client: ClientId(ID),
            method: Method::NaarWerk,
            variant: coach.map(|_| Variant::Other),
            funding: Funding::Other,
            scheme: coach.map(|_| "a-scheme".into()),
            region,
            coach: coach.map(Into::into),
        };
        let (job, contract) = (JobId(ID), Contract::FixedTerm { until: Date::from_days(-3) });
        let known = Conditions {
            regular_workplace: Some(true),
            hours_per_week: Some(i32::MIN),
            wage_value_percent: Some(i32::MAX),
            contract: Some(contract),
        };
        let changes = |names_a_field| ConditionChanges {
            regular_workplace: Some(None),
            hours_per_week: Some(Some(-1)),
            wage_value_percent: None,
            contract: Some(Some(Contract::Other)),
            names_a_field,
        };
        let attributes = AttributeChanges {
            variant: Some(None),
            funding: Some(Funding::Uwv),
            scheme: Some(Some("x".repeat(300).into())),
            region: Some(Region::Listed(34)),
            coach: Some(None),
            names_a_field: true,
        };
        vec![
            Fact::Intake(Box::new(intake(Some("a-coach"), Region::Listed(0)))),
            Fact::Intake(Box::new(intake(None, Region::Unlisted))),
            Fact::Engagement,
            Fact::Assessment { max_hours_per_week: Some(1_150) },
            Fact::PlacementStarted { placement: PlacementId(ID), kind: PlacementKind::DayActivity },
            Fact::PlacementStopped { placement: PlacementId(ID) },
            Fact::PaidWorkStarted { job, conditions: known },
            Fact::PaidWorkStarted { job, conditions: Conditions { contract: Some(Contract::Permanent), ..Conditions::default() } },
            Fact::PaidWorkChanged { job, changes: changes(true) },
            Fact::PaidWorkChanged { job, changes: ConditionChanges::default() },
            Fact::PaidWorkStopped { job },
            Fact::EducationStarted { education: EducationId(ID) },
            Fact::EducationStopped { education: EducationId(ID) },
            Fact::Contact { with_employer: true, minutes: Some(0) },
            Fact::TrajectoryChanged(Box::new(attributes)),
            Fact::TrajectoryChanged(Box::default()),
            Fact::Outflow { work_ready: Some(false) },
            Fact::Retraction { event: EventId(ID) },
        ]
    }

    fn kept() -> (Summary, Timeline, Vec<u8>) {
        let event = |(revision, fact)| Event { id: EventId(ID), occurred_on: Date::from_days(20_000), revision, first_revision: 1, fact };
        let events = (127..).zip(facts()).map(event).collect();
        let timeline = Timeline::restored("ggz-noord".into(), Some(ClientId(ID)), u32::MAX, events);
        let today = Date::from_days(20_200);
        let summary = Summary::of(ID, &timeline, Position(u64::MAX), today, &domain::SustainableWork::default());
        let bytes = encode(&summary, &timeline);
        (summary, timeline, bytes)
    }

    #[test]
    fn every_fact_comes_back_as_it_was() {
        let (expected, all, bytes) = kept();
        assert_eq!(summary(ID, &bytes).unwrap(), expected);
        assert_eq!(timeline(&bytes).unwrap(), all);
        let none = Timeline::default();
        let nothing = Summary::of(ID, &none, Position(1), Date::from_days(0), &domain::SustainableWork::default());
        assert_eq!(timeline(&encode(&nothing, &none)).unwrap(), none);
    }

    #[test]
    fn an_entry_that_is_cut_off_anywhere_or_lengthened_is_refused() {
        let (.., bytes) = kept();
        (0..bytes.len()).for_each(|end| assert!(timeline(&bytes[..end]).is_err(), "{end}"));
        assert!(timeline(&[&bytes[..], &[0]].concat()).is_err());
    }
}
