//! When an event is accepted: rules 4 to 19 of the contract, in their order.
//!
//! Rule 1 (form) is judged where input is read; rules 2 and 3 (id, recording moment) where the log is known.

use crate::{Code, Date, EventId, Fact, Name, Recorded, Refusal, Region, Timeline, judge::Judge};

/// The longest text, in Unicode code points.
const LONGEST_TEXT: usize = 4_000;
/// The most sectors of an assessment.
const MOST_SECTORS: usize = 50;
/// 80 hours a week, in hundredths.
const MOST_HOURS: i32 = 8_000;
/// A wage value of 100 %, in hundredths.
const FULL_WAGE_VALUE: i32 = 10_000;
/// A day.
const MOST_MINUTES: i32 = 1_440;

/// An event that someone asks to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The event.
    pub recorded: Recorded,
    /// The organisation that it names.
    pub organisation: Name,
    /// The day in Amsterdam on which it is recorded.
    pub today: Date,
    /// Unicode code points of its longest text.
    pub longest_text: usize,
    /// How many sectors it lists.
    pub sectors: usize,
    /// The rule among 2 and 3 (id, recording moment) that it breaks: judged where log and index are known.
    pub refused: Option<Code>,
}

/// Judges the events of one decision together: the timeline after them, or the refusal of the first that is wrong.
///
/// # Errors
/// The [`Refusal`] with the first broken rule in the order of the contract.
pub fn decide(timeline: &Timeline, proposals: &[Proposal], expected_revision: Option<u32>) -> Result<Timeline, Refusal> {
    let mut after = timeline.clone();
    if let (0, Some(first)) = (timeline.revision(), proposals.first()) {
        after = Timeline::new(first.organisation.clone());
    }
    let mut by_themselves = Vec::new();
    for proposal in proposals {
        let broken = before_the_timeline(&after, proposal, timeline.revision(), expected_revision);
        // Also what is wrong takes its place, so that the others are judged in the timeline that was meant; but not what
        // bears another event's id or has no right to its target.
        match broken {
            Some((Code::EventIdReused | Code::NotEffective | Code::CorrectionTypeMismatch, ..)) => after.pass_over(),
            _ => after.evolve(proposal.recorded.clone()),
        }
        by_themselves.push(broken);
    }
    match refusal(&after, proposals, by_themselves) {
        Some(refusal) => Err(refusal),
        None => Ok(after),
    }
}

/// The first event, in their order, that is wrong; or the first of all when only others become wrong.
fn refusal(after: &Timeline, proposals: &[Proposal], by_themselves: Vec<Option<BrokenByItself>>) -> Option<Refusal> {
    let judge = Judge::new(after);
    for (proposal, broken) in proposals.iter().zip(by_themselves) {
        let event = proposal.recorded.id;
        if let Some((code, conflicts, particular)) = broken {
            return Some(Refusal { code, event, conflicts, particular });
        }
        if let Some((code, conflict)) = after.find(event).and_then(|event| judge.broken(event)) {
            return Some(Refusal { code, event, conflicts: conflict.into_iter().collect(), particular: None });
        }
    }
    others_broken(&judge, proposals)
}

/// All events are right, but they make others wrong: the first of them is refused.
fn others_broken(judge: &Judge<'_>, proposals: &[Proposal]) -> Option<Refusal> {
    let mut conflicts = Vec::new();
    let mut first_rule = None::<Code>;
    for (event, (code, _)) in judge.all_broken() {
        conflicts.push(event.id);
        first_rule = Some(first_rule.map_or(code, |first| first.min(code)));
    }
    let (first, rule) = (&proposals.first()?.recorded, first_rule?);
    let code = match first {
        Recorded { fact: Fact::Retraction { .. }, .. } => Code::RetractionBreaksTimeline,
        Recorded { corrects: Some(_), .. } => Code::CorrectionBreaksTimeline,
        Recorded { corrects: None, .. } => rule,
    };
    Some(Refusal { code, event: first.id, conflicts, particular: None })
}

type BrokenByItself = (Code, Vec<EventId>, Option<&'static str>);

/// Rules 4 to 9: what is wrong whatever the timeline becomes.
fn before_the_timeline(timeline: &Timeline, proposal: &Proposal, revision: u32, expected: Option<u32>) -> Option<BrokenByItself> {
    let Recorded { occurred_on, corrects, fact, .. } = &proposal.recorded;
    let plainly = |code| Some((code, Vec::new(), None));
    if let Some(code) = proposal.refused {
        return plainly(code);
    }
    if *timeline.organisation() != proposal.organisation {
        return plainly(Code::OrganisationMismatch);
    }
    if expected.is_some_and(|expected| expected != revision) {
        return plainly(Code::WrongExpectedRevision);
    }
    if *occurred_on > proposal.today.plus_days(i32::from(fact.is_stop())) {
        return plainly(Code::InFuture);
    }
    if let Some(particular) = invalid_value(timeline, proposal) {
        return Some((Code::InvalidValue, Vec::new(), Some(particular)));
    }
    let retracts = fact.retracts();
    let target = corrects.map(|target| timeline.find(target));
    if matches!(target, Some(None)) || retracts.is_some_and(|target| timeline.find(target).is_none()) {
        return plainly(Code::NotEffective);
    }
    match target.flatten() {
        Some(target) if !target.fact.same_type(fact) => Some((Code::CorrectionTypeMismatch, vec![target.id], None)),
        _ => None,
    }
}

/// Rule 7: which value is not possible.
fn invalid_value(timeline: &Timeline, proposal: &Proposal) -> Option<&'static str> {
    const HOURS: &str = "Het aantal uren per week moet van 0 tot en met 80 zijn.";
    const WAGE: &str = "De loonwaarde moet van 0 tot en met 100 procent zijn.";
    let hours = |hours: Option<i32>| hours.filter(|h| !(0..=MOST_HOURS).contains(h)).map(|_| HOURS);
    let wage = |wage: Option<i32>| wage.filter(|w| !(0..=FULL_WAGE_VALUE).contains(w)).map(|_| WAGE);
    let region = |region: Option<Region>| region.filter(|r| *r == Region::Unlisted).map(|_| "Deze arbeidsmarktregio bestaat niet.");
    let empty = |names_a_field: bool| (!names_a_field).then_some("De wijziging noemt niets dat verandert.");
    if proposal.longest_text > LONGEST_TEXT {
        return Some("Een tekst heeft ten hoogste 4.000 tekens.");
    }
    if proposal.sectors > MOST_SECTORS {
        return Some("Noem ten hoogste 50 sectoren.");
    }
    match &proposal.recorded.fact {
        Fact::Intake(intake) if timeline.client().is_some_and(|client| client != intake.client) => {
            Some("Dit traject hoort bij een andere cliënt.")
        }
        Fact::Intake(intake) => region(Some(intake.region)),
        Fact::Assessment { max_hours_per_week } => hours(*max_hours_per_week),
        Fact::PaidWorkStarted { conditions, .. } => hours(conditions.hours_per_week).or_else(|| wage(conditions.wage_value_percent)),
        Fact::PaidWorkChanged { changes, .. } => empty(changes.names_a_field)
            .or_else(|| hours(changes.hours_per_week.flatten()))
            .or_else(|| wage(changes.wage_value_percent.flatten())),
        Fact::Contact { minutes, .. } => {
            minutes.filter(|m| !(1..=MOST_MINUTES).contains(m)).map(|_| "Een contact duurt van 1 tot en met 1.440 minuten.")
        }
        Fact::TrajectoryChanged(changes) => empty(changes.names_a_field).or_else(|| region(changes.region)),
        Fact::Engagement
        | Fact::PlacementStarted { .. }
        | Fact::PlacementStopped { .. }
        | Fact::PaidWorkStopped { .. }
        | Fact::EducationStarted { .. }
        | Fact::EducationStopped { .. }
        | Fact::Outflow { .. }
        | Fact::Retraction { .. } => None,
    }
}
