//! Judging: each decision against everything before it, durable or not yet.
//!
//! What is not yet durable can only become durable in order, and when one append fails all later ones fail with it. So a
//! ledger runs ahead of the log, and is rolled back to it when an append fails.

mod left;
mod seen;

use std::{collections::VecDeque, sync::Arc};

use domain::{Code, Name, Proposal, Timeline, Trajectory};
use event_log::{EventLog, Head, Locator, Position, Record, RecordBatch, Tail, holds};
use hashbrown::{HashMap, HashSet};
use keys::{KeyError, KeyStore};
use proto_events::{Id, Payload, Slug, Timestamp, json::EventLine};
use uuid::Uuid;
use views::{ViewError, Views};

use left::Left;
use seen::{Seen, content};

use crate::{
    AppError, Clock, amsterdam_day,
    command::{Command, Judged, Judgement, LineRefusal, Outside, RecordedMode},
    content::Content,
    index::Index,
    projection,
    reach::{Reach, coach_of},
    replay, sealing,
};

/// Who recorded what a file does not say.
const IMPORTER: &str = "import";
/// Timelines that are kept for the next decision on them, at most: some 100 MB of a national log.
const TIMELINES: usize = 50_000;

/// A decision that was accepted and waits for its group.
pub(crate) struct Decided {
    pub(crate) client: Option<Uuid>,
    pub(crate) first_position: Position,
    pub(crate) first_revision: u32,
    pub(crate) lines: Vec<EventLine>,
}

/// A group on its way to the log: what has to be taken back when it does not arrive.
pub(crate) struct Underway {
    ids: Vec<Uuid>,
    trajectories: Vec<Uuid>,
    after: Head,
    /// The last record that the log then has.
    tail: Tail,
}

impl Underway {
    /// How many decisions.
    pub(crate) const fn decisions(&self) -> usize {
        self.trajectories.len()
    }

    /// How many events.
    pub(crate) const fn events(&self) -> usize {
        self.ids.len()
    }
}

/// Judges decisions one after the other, ahead of the log.
pub struct Ledger<L: EventLog> {
    log: Arc<L>,
    keys: Arc<KeyStore>,
    clock: Clock,
    index: Index,
    /// What was given to the log or waits in the group.
    head: Head,
    /// What is known to be durable.
    durable: Head,
    /// The last record that was given to the log, or that it is known to hold.
    given: Tail,
    /// The last record that is known to be kept: it must be there for ever.
    acknowledged: Tail,
    timelines: HashMap<Uuid, Timeline>,
    /// Whose those of them were of which no intake counts any more.
    left: Left,
    /// Streams of records that the log was seen to hold after `durable`, and where these begin: of this ledger, about to be known as durable,
    /// or of others.
    unsure: VecDeque<(Position, Uuid)>,
    group: Vec<Decided>,
    grouped_events: usize,
    /// Contents of lines that were judged and never will be in the log, from `durable` on: a later line may repeat them.
    only_judged: Vec<Content>,
    /// The last batch that was read to compare a repetition: repetitions come in order.
    compared: Option<RecordBatch>,
    day: Option<(i64, domain::Date)>,
}

impl<L: EventLog> Ledger<L> {
    /// A ledger for this log. `views` may lag behind or be absent: what they lack is read from the log now. With `keep_views`
    /// they are kept up to date from here on, which a short run does not need.
    ///
    /// # Errors
    /// When the log cannot be read, or ends before what its views have seen.
    pub async fn open(log: Arc<L>, keys: Arc<KeyStore>, views: Option<Views>, clock: Clock, keep_views: bool) -> Result<Self, AppError> {
        let index = Index::open(&*log, &keys, views, keep_views).await?;
        let (head, given, acknowledged) = (index.taken(), index.tail(), index.sealed());
        Ok(Self {
            log,
            keys,
            clock,
            index,
            head,
            durable: head,
            given,
            acknowledged,
            timelines: HashMap::new(),
            left: Left::default(),
            unsure: VecDeque::new(),
            group: Vec::new(),
            grouped_events: 0,
            only_judged: Vec::new(),
            compared: None,
            day: None,
        })
    }

    /// Judges the lines of one decision together. What is there already counts as present; the rest waits in the group, or is
    /// refused as a whole.
    ///
    /// # Errors
    /// When log or views cannot be read; the lines are then not judged.
    pub(crate) async fn judge(&mut self, command: Command) -> Result<Judgement, AppError> {
        let Command { lines, mode, expected_revision, reach } = command;
        let Some(trajectory) = lines.first().map(|line| line.trajectory_id.0) else {
            return Ok(Judgement { lines: Vec::new(), refusal: None, positions: Vec::new(), revision: 0, outside: None });
        };
        if let Some(outside) = self.outside(&reach, trajectory, &lines).await? {
            let nothing = vec![Judged::Refused; lines.len()];
            return Ok(Judgement {
                positions: vec![None; lines.len()],
                lines: nothing,
                refusal: None,
                revision: 0,
                outside: Some(outside),
            });
        }
        let mut outcome = vec![Judged::Recorded; lines.len()];
        let mut positions = vec![None; lines.len()];
        let ids: Vec<Id> = lines.iter().map(|line| line.event_id).collect();
        let mut new: Vec<(usize, EventLine, Option<Code>)> = Vec::with_capacity(lines.len());
        for (place, line) in lines.into_iter().enumerate() {
            match self.seen(&line, &new).await? {
                Seen::Never => new.push((place, line, None)),
                Seen::Same(position) => {
                    outcome[place] = Judged::AlreadyPresent;
                    positions[place] = position;
                }
                Seen::Other => new.push((place, line, Some(Code::EventIdReused))),
            }
        }
        if new.is_empty() {
            return Ok(Judgement { lines: outcome, refusal: None, positions, revision: 0, outside: None });
        }
        self.load(trajectory).await?;
        let now = (self.clock)();
        let mut last = self.head.recorded_at;
        let mut proposals = Vec::with_capacity(new.len());
        for (_, line, refused) in &mut new {
            let moment = stamp(line, mode, now, last, refused);
            let mut proposal = crate::codec::proposal(line, self.amsterdam_day(moment));
            proposal.refused = *refused;
            last = last.max(Some(moment));
            proposals.push(proposal);
        }
        let retracts = new.iter().any(|(_, line, _)| matches!(line.payload, Payload::Retraction(_)));
        let today = if retracts { Some(self.amsterdam_day(now)) } else { None };
        let timeline = self.timelines.entry(trajectory).or_default();
        match domain::decide(timeline, &proposals, expected_revision) {
            Ok(after) => {
                let has_text = new.iter().any(|(_, line, _)| sealing::has_text(&line.payload));
                if let Some(client) = after.client().filter(|client| has_text && self.keys.is_destroyed(client.0)) {
                    return Err(KeyError::Destroyed { client: client.0 }.into());
                }
                let (first_revision, client) = (timeline.revision() + 1, after.client().map(|client| client.0));
                let revision = after.revision();
                if let Some(today) = today {
                    self.left.noted(trajectory, timeline, &after, today);
                }
                *timeline = after;
                let first_position = self.head.position.plus(1);
                for (n, (place, line, _)) in (0..).zip(&new) {
                    positions[*place] = Some(first_position.plus(n));
                    self.index.expect(line.event_id.0, first_position.plus(n));
                }
                // A line that repeats one of the same decision lies where that one lies.
                for place in 0..ids.len() {
                    if positions[place].is_none() {
                        positions[place] = ids.iter().position(|id| *id == ids[place]).and_then(|first| positions[first]);
                    }
                }
                self.head = Head { position: self.head.position.plus(new.len() as u64), recorded_at: last };
                self.grouped_events += new.len();
                let lines = new.into_iter().map(|(_, line, _)| line).collect();
                self.group.push(Decided { client, first_position, first_revision, lines });
                Ok(Judgement { lines: outcome, refusal: None, positions, revision, outside: None })
            }
            Err(refusal) => {
                let wrong = |(proposal, (place, ..)): (&Proposal, &(usize, EventLine, Option<Code>))| {
                    (proposal.recorded.id == refusal.event && (proposal.refused.is_some() || refusal.code != Code::EventIdReused))
                        .then_some(*place)
                };
                let place = proposals.iter().zip(&new).find_map(wrong).unwrap_or_default();
                let refused: HashSet<Id> = new.iter().map(|(_, line, _)| line.event_id).collect();
                for (place, id) in ids.iter().enumerate() {
                    // A line that repeats one of the same decision shares its fate; what the log held stays present.
                    if refused.contains(id) {
                        outcome[place] = Judged::Refused;
                        positions[place] = None;
                    }
                }
                let revision = timeline.revision();
                if revision == 0 {
                    self.timelines.remove(&trajectory);
                }
                Ok(Judgement { lines: outcome, refusal: Some(LineRefusal { place, refusal }), positions, revision, outside: None })
            }
        }
    }

    /// Whether these lines lie outside of a reach: judged by the trajectory as it is before them, whoever has it today.
    async fn outside(&mut self, reach: &Reach, trajectory: Uuid, lines: &[EventLine]) -> Result<Option<Outside>, AppError> {
        if *reach == Reach::All {
            return Ok(None);
        }
        self.load(trajectory).await?;
        let today = self.amsterdam_day((self.clock)());
        let begun = self.timelines.get(&trajectory).filter(|timeline| timeline.revision() > 0);
        if let Some(timeline) = begun
            && Trajectory::of(timeline).is_some()
        {
            let coach = coach_of(timeline, today);
            let within = reach.has(timeline.organisation().as_str(), coach.as_ref().map(Name::as_str));
            return Ok((!within).then_some(Outside::Hidden));
        }
        // Nothing counts any more: it is begun anew by those whose it was. Whoever has it sees all that was ever recorded in it, so that to
        // all others it is not there.
        if let Some(organisation) = begun.map(|timeline| timeline.organisation().clone()) {
            let coach = self.left_by(trajectory, today).await?;
            if !reach.has(organisation.as_str(), coach.as_ref().map(Name::as_str)) {
                return Ok(Some(Outside::Hidden));
            }
        }
        // Nothing is there yet: whoever begins it begins it within their reach.
        let within = lines.iter().all(|line| match &line.payload {
            Payload::Intake(intake) => reach.has(line.organisation.as_str(), intake.coach.as_ref().map(Slug::as_str)),
            Payload::Engagement(_)
            | Payload::Assessment(_)
            | Payload::PlacementStarted(_)
            | Payload::PlacementStopped(_)
            | Payload::PaidWorkStarted(_)
            | Payload::PaidWorkChanged(_)
            | Payload::PaidWorkStopped(_)
            | Payload::EducationStarted(_)
            | Payload::EducationStopped(_)
            | Payload::Contact(_)
            | Payload::TrajectoryChanged(_)
            | Payload::Outflow(_)
            | Payload::Retraction(_) => reach.has_some_of(line.organisation.as_str()),
        });
        Ok((!within).then_some(Outside::Forbidden))
    }

    /// How many events wait in the group.
    pub(crate) const fn grouped_events(&self) -> usize {
        self.grouped_events
    }

    /// Makes the keys durable and seals the group: what is to be appended after which record, and what is then under way.
    ///
    /// # Errors
    /// When a key cannot be made or is lost; nothing of the group was appended then, and it must be rolled back.
    pub(crate) fn seal_group(&mut self) -> Result<(Tail, Vec<Record>, Underway), AppError> {
        let group = std::mem::take(&mut self.group);
        self.grouped_events = 0;
        let ids = group.iter().flat_map(|decided| &decided.lines).map(|line| line.event_id.0).collect();
        let trajectories = group.iter().filter_map(|decided| decided.lines.first()).map(|line| line.trajectory_id.0).collect();
        let (expected, sealed) = (self.given, self.seal(group));
        let tail = sealed.as_ref().ok().and_then(|records| records.last()).map_or(expected, Record::tail);
        let underway = Underway { ids, trajectories, after: self.head, tail };
        if sealed.is_err() {
            self.take_back(&underway);
        }
        self.given = tail;
        Ok((expected, sealed?, underway))
    }

    fn seal(&self, group: Vec<Decided>) -> Result<Vec<Record>, AppError> {
        let with_text = |decided: &&Decided| decided.lines.iter().any(|line| sealing::has_text(&line.payload));
        let clients: HashSet<Uuid> = group.iter().filter(with_text).filter_map(|decided| decided.client).collect();
        // A client whose texts the log holds has a key already: another one must not be made beside it.
        for client in &clients {
            if self.keys.get(*client)?.is_none() && self.index.has_texts_of(*client)? {
                return Err(AppError::KeyLost { client: *client });
            }
        }
        self.keys.ensure(&clients.into_iter().collect::<Vec<_>>())?;
        group.into_iter().map(|decided| sealing::record(decided, &self.keys)).collect()
    }

    /// A group is durable.
    pub(crate) fn arrived(&mut self, underway: &Underway) {
        // What a follower has brought meanwhile may lie further on.
        if underway.after.position > self.durable.position {
            self.durable = underway.after;
        }
        // Also of those that recorded nothing: what they were judged by is kept.
        if underway.tail.position >= self.acknowledged.position {
            self.acknowledged = underway.tail;
        }
        while self.unsure.front().is_some_and(|(begin, _)| *begin <= self.durable.position) {
            self.unsure.pop_front();
        }
    }

    /// Whether more timelines are kept than need to be.
    pub(crate) fn is_full(&self) -> bool {
        self.timelines.len() > TIMELINES
    }

    /// A group did not arrive, or it is not known whether it did.
    pub(crate) fn take_back(&mut self, underway: &Underway) {
        underway.ids.iter().for_each(|id| self.index.forget(*id));
        underway.trajectories.iter().for_each(|trajectory| self.let_go(*trajectory));
    }

    /// Reads what the log holds beyond what is known here.
    ///
    /// # Errors
    /// When the log cannot be read; it is to be called again then.
    pub(crate) async fn read_on(&mut self) -> Result<(), AppError> {
        let (durable, unsure) = (self.durable.position, &mut self.unsure);
        let mut told = |begin, trajectory| {
            if begin > durable {
                unsure.push_back((begin, trajectory))
            }
        };
        self.index.read_on(&*self.log, &self.keys, &mut told).await
    }

    /// Goes back to what the log is known to hold, after every group under way was taken back: nothing waits any more.
    pub(crate) fn roll_back(&mut self) {
        for decided in std::mem::take(&mut self.group) {
            for line in &decided.lines {
                self.index.forget(line.event_id.0);
                self.let_go(line.trajectory_id.0);
            }
        }
        self.grouped_events = 0;
        self.compared = None;
        self.go_on_from_what_is_known();
    }

    /// Takes in what a follower of the log was given: others may write it too.
    pub(crate) fn take_in(&mut self, batch: &RecordBatch) -> Result<(), AppError> {
        let (durable, unsure) = (self.durable.position, &mut self.unsure);
        let mut told = |begin, trajectory| {
            if begin > durable {
                unsure.push_back((begin, trajectory))
            }
        };
        self.index.take_in(batch, &self.keys, &mut told)?;
        let nothing_waits = self.head.position == self.durable.position && self.group.is_empty();
        if nothing_waits && self.index.taken().position > self.head.position {
            self.go_on_from_what_is_known();
        }
        Ok(())
    }

    /// The next decision follows on what the log is known to hold.
    fn go_on_from_what_is_known(&mut self) {
        for (_, trajectory) in std::mem::take(&mut self.unsure) {
            self.let_go(trajectory);
        }
        self.head = self.index.taken();
        self.durable = self.head;
        self.given = self.index.tail();
    }

    /// The views cannot be asked any more.
    pub(crate) fn lose_views(&mut self, cause: &ViewError) {
        self.index.lose_views(cause);
    }

    /// The log does not hold all that is known here.
    pub(crate) fn withdraw(&mut self) {
        self.index.withdraw();
    }

    /// Whether the log is found not to hold all that is known here.
    pub(crate) async fn is_withdrawn(&self) -> bool {
        matches!(holds(&*self.log, self.index.tail()).await, Ok(false))
    }

    /// Whether it has to [`Self::go_without_views`] before anything more is judged.
    pub(crate) const fn lost_views(&self) -> bool {
        self.index.lost_views()
    }

    /// Goes on without views, after every group under way was taken back: all that they knew is read from the log, and held in memory.
    ///
    /// # Errors
    /// When the log cannot be read, and it is to be called again then; [`AppError::AcknowledgedLost`].
    pub(crate) async fn go_without_views(&mut self) -> Result<(), AppError> {
        if !self.holds_acknowledged().await? {
            return Err(AppError::AcknowledgedLost { position: self.acknowledged.position });
        }
        self.index = Index::open(&*self.log, &self.keys, None, false).await?;
        self.timelines.clear();
        self.left = Left::default();
        Ok(())
    }

    /// Whether the log holds what is known to have been kept.
    async fn holds_acknowledged(&self) -> Result<bool, AppError> {
        Ok(holds(&*self.log, self.acknowledged).await?)
    }

    /// The views, to be closed in order: when the log holds all that they know; or when it has lost what was kept, as evidence of that. What is
    /// neither would be taken for evidence the next time.
    pub(crate) async fn into_proven_views(self) -> Option<Views> {
        let is_lost = matches!(self.holds_acknowledged().await, Ok(false));
        let is_kept = matches!(self.log.has_kept(self.index.tail()).await, Ok(true));
        if is_kept || is_lost { self.index.into_views(is_lost) } else { None }
    }

    /// Whether all is known here up to `end`, and up to what was made durable here, which may not yet have come back from the log.
    pub(crate) fn knows(&self, end: Position) -> bool {
        self.index.taken().position >= end.max(self.durable.position)
    }

    /// Whether someone else has appended what is not yet taken into account here.
    pub(crate) fn is_behind(&self) -> bool {
        self.group.is_empty() && self.head.position == self.durable.position && self.index.taken().position > self.head.position
    }

    /// Whether the log holds every event that was said to be recorded, with this content and at the place that was told.
    pub(crate) async fn holds(&mut self, command: &Command, judgement: &Judgement) -> Result<bool, AppError> {
        for ((line, judged), told) in command.lines.iter().zip(&judgement.lines).zip(&judgement.positions) {
            if *judged != Judged::Recorded {
                continue;
            }
            match self.seen(line, &[]).await? {
                Seen::Same(there) if there == *told => {}
                Seen::Same(_) | Seen::Never | Seen::Other => return Ok(false),
            }
        }
        Ok(true)
    }

    /// The last record that is known.
    pub(crate) const fn tail(&self) -> Tail {
        self.index.tail()
    }

    /// Up to here the places of records are known.
    pub(crate) const fn located(&self) -> Position {
        self.index.taken().position
    }

    /// What is known to be durable.
    pub(crate) const fn durable(&self) -> Head {
        self.durable
    }

    /// Where the records of a stream lie.
    pub(crate) fn locate(&self, trajectory: Uuid) -> Result<Vec<Locator>, AppError> {
        self.index.stream(trajectory)
    }

    /// Gives the views what was held back, and lets go of timelines when there are too many.
    pub(crate) fn settle(&mut self) {
        // Only what can be loaded again is let go of: all of it durable, and its places known.
        let all_known = self.head.position == self.index.taken().position && self.group.is_empty();
        if self.timelines.len() > TIMELINES && all_known {
            self.timelines.clear();
            self.left = Left::default();
        }
        self.index.settle();
    }

    /// Judged only: nothing of what waits will be appended, but later lines are judged as if it were there.
    pub(crate) fn pretend(&mut self) -> Result<(), AppError> {
        for line in std::mem::take(&mut self.group).iter().flat_map(|decided| &decided.lines) {
            self.only_judged.push(content(line, &self.keys)?);
        }
        self.grouped_events = 0;
        Ok(())
    }

    /// Brings an index that was built anew as far as the records that are known here.
    pub(crate) async fn bring_here(&self, new: &mut Views) -> Result<(), AppError> {
        projection::catch_up_to(&*self.log, new, self.keys.digest_key(), self.located(), &mut |_| {}).await.map(drop)
    }

    /// Lets an index that was built anew look things up from now on, and gives the one that did. Nothing may be on its way. One that is not
    /// exactly as far as this one comes back.
    #[allow(clippy::result_large_err, reason = "it happens once a rebuild")]
    pub(crate) fn switch(&mut self, new: Views) -> Result<Option<Views>, Views> {
        if self.group.is_empty() { self.index.switch(new) } else { Err(new) }
    }

    /// The views, as far as they were kept.
    #[must_use]
    pub fn into_views(self) -> Option<Views> {
        self.index.into_views(false)
    }

    /// Makes the timeline of this trajectory present.
    async fn load(&mut self, trajectory: Uuid) -> Result<(), AppError> {
        if self.timelines.contains_key(&trajectory) {
            return Ok(());
        }
        let locators = self.index.stream(trajectory)?;
        if !locators.is_empty() {
            let timeline = replay::timeline_at(&*self.log, &locators).await?;
            self.timelines.insert(trajectory, timeline);
        }
        Ok(())
    }

    /// The day in Amsterdam, remembered within the hour: recording moments come in order.
    fn amsterdam_day(&mut self, moment: Timestamp) -> domain::Date {
        const HOUR: i64 = 3_600_000_000;
        let hour = moment.micros().div_euclid(HOUR);
        match self.day {
            // Amsterdam's offset is of whole hours since 1937, so that a day begins with an hour.
            Some((known, day)) if known == hour && hour > 0 => day,
            _ => {
                let day = amsterdam_day(moment);
                self.day = Some((hour, day));
                day
            }
        }
    }
}

/// Sets the moment and the actor, and judges rule 3.
fn stamp(line: &mut EventLine, mode: RecordedMode, now: Timestamp, last: Option<Timestamp>, refused: &mut Option<Code>) -> Timestamp {
    if mode == RecordedMode::Now {
        line.source_recorded_at = line.source_recorded_at.or(line.recorded_at.take());
        line.recorded_at = None;
    }
    let moment = line.recorded_at.unwrap_or_else(|| last.map_or(now, |last| last.max(now)));
    if refused.is_none() && line.recorded_at.is_some() {
        if last.is_some_and(|last| moment < last) {
            *refused = Some(Code::RecordedAtBackwards);
        } else if moment > now {
            *refused = Some(Code::RecordedAtInFuture);
        }
    }
    line.recorded_at = Some(moment);
    line.actor.get_or_insert_with(|| IMPORTER.to_owned());
    moment
}
