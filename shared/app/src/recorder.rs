//! The one who records: judges decisions one after the other, seals what they say, and gives them to the log in groups.
//!
//! A decision is judged against everything before it, durable or not yet: what is not yet durable can only become durable in
//! order, and when one append fails all later ones fail with it. Nothing is acknowledged before [`Recorder::finish`].

use std::{collections::VecDeque, sync::Arc};

use domain::{Code, Proposal, Refusal, Timeline};
use event_log::{EventLog, Head, Locator, Pending, Position, Record, RecordBatch, RecordHeader, RecordReader, Until};
use hashbrown::{HashMap, HashSet};
use keys::KeyStore;
use proto_events::{
    Id, Timestamp,
    json::EventLine,
    stored::{self, StoredDecision, StoredEvent},
    upcast::{CURRENT_SCHEMA, Upcasters},
};
use smallvec::SmallVec;
use uuid::Uuid;
use views::Views;

use crate::{AppError, Clock, amsterdam_day, content::Content, projection, replay, sealing};

/// Events in a group: enough that the two syncs of a group (keys, log) weigh little, few enough to be held.
const GROUP: usize = 8_192;
/// Groups that may be on their way to the disk.
const AHEAD: usize = 4;
/// Who recorded what a file does not say.
const IMPORTER: &str = "import";

/// What an import takes from the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordedMode {
    /// `recorded_at` as the file has it; now where it has none.
    Keep,
    /// Now; the file's moment is kept as `source_recorded_at`.
    Now,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// It is recorded (once [`Recorder::finish`] has come back).
    Recorded,
    /// It was there already.
    AlreadyPresent,
    /// It is refused, and so is the rest of its decision.
    Refused,
}

/// The refusal of a decision: it names the first event that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRefusal {
    /// Its place among the lines of the decision.
    pub place: usize,
    /// Why.
    pub refusal: Refusal,
}

/// Judges and records. One recorder at a time writes a log.
pub struct Recorder<L: EventLog> {
    log: Arc<L>,
    keys: Arc<KeyStore>,
    views: Option<Views>,
    clock: Clock,
    mode: RecordedMode,
    /// Nothing is appended: only judged.
    dry: bool,
    /// What was given to the log or waits in the group.
    head: Head,
    timelines: HashMap<Uuid, Timeline>,
    /// What the views do not know: events and records after their checkpoint.
    ids: HashMap<Uuid, Position>,
    streams: HashMap<Uuid, SmallVec<[Locator; 2]>>,
    /// Of the same records: the clients whose texts the log holds.
    clients: HashSet<Uuid>,
    group: Vec<Decided>,
    grouped_events: usize,
    pending: VecDeque<Pending>,
    /// Where the log ended when judging began.
    begun_at: Position,
    /// When nothing is appended: the contents of the groups that were judged, from `begun_at` on. A later line may repeat them,
    /// and no log has them.
    judged: Vec<Content>,
    /// The last batch that was read to compare a repetition: repetitions come in order.
    compared: Option<RecordBatch>,
    day: Option<(i64, domain::Date)>,
}

/// A decision that was accepted and waits for its group.
struct Decided {
    client: Option<Uuid>,
    first_position: Position,
    first_revision: u32,
    lines: Vec<EventLine>,
}

impl<L: EventLog> Recorder<L> {
    /// A recorder for this log. `views` may lag behind or be absent: what they lack is read from the log now.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn new(
        log: Arc<L>,
        keys: Arc<KeyStore>,
        views: Option<Views>,
        clock: Clock,
        mode: RecordedMode,
        dry: bool,
    ) -> Result<Self, AppError> {
        let head = log.head().await?;
        let views = match views {
            Some(views) if projection::are_of(&views, &*log).await? => Some(views),
            _ => None,
        };
        let views = match views {
            Some(views) if views.checkpoint() > head.position => {
                let older = AppError::LogIsOlder { views: views.checkpoint(), log: head.position };
                // The evidence stays: closed in order, they say the same the next time.
                views.close()?;
                return Err(older);
            }
            views => views,
        };
        let from = views.as_ref().map_or(Position::START, Views::checkpoint);
        let mut clients = HashSet::new();
        let (mut ids, mut streams) = (HashMap::new(), HashMap::<Uuid, SmallVec<[Locator; 2]>>::new());
        if from < head.position {
            let mut reader = log.read(from.plus(1), Until::Position(head.position)).await?;
            while let Some(batch) = reader.next().await? {
                for record in batch.records.iter().filter(|record| record.header.first_position > from) {
                    let decision = replay::decode(&record.header, batch.body(record))?;
                    streams.entry(record.header.trajectory_id).or_default().push(record.locator);
                    clients.extend(decision.client_id.map(|client| client.0));
                    ids.extend((0..).zip(&decision.events).map(|(n, e)| (e.event_id.0, record.header.first_position.plus(n))));
                }
            }
        }
        Ok(Self {
            log,
            keys,
            views,
            clock,
            mode,
            dry,
            head,
            timelines: HashMap::new(),
            ids,
            streams,
            clients,
            group: Vec::new(),
            grouped_events: 0,
            pending: VecDeque::new(),
            begun_at: head.position,
            judged: Vec::new(),
            compared: None,
            day: None,
        })
    }

    /// Judges the lines of one decision together. What is there already counts as present; the rest is recorded, or refused
    /// as a whole.
    ///
    /// # Errors
    /// When the log or the keys fail; the lines are then not judged.
    pub async fn record(&mut self, lines: Vec<EventLine>) -> Result<(Vec<Judged>, Option<LineRefusal>), AppError> {
        let Some(trajectory) = lines.first().map(|line| line.trajectory_id.0) else {
            return Ok((Vec::new(), None));
        };
        let mut outcome = vec![Judged::Recorded; lines.len()];
        let ids: Vec<Id> = lines.iter().map(|line| line.event_id).collect();
        let mut new: Vec<(usize, EventLine, Option<Code>)> = Vec::with_capacity(lines.len());
        for (place, line) in lines.into_iter().enumerate() {
            match self.seen(&line, &new).await? {
                Seen::Never => new.push((place, line, None)),
                Seen::Same => outcome[place] = Judged::AlreadyPresent,
                Seen::Other => new.push((place, line, Some(Code::EventIdReused))),
            }
        }
        if new.is_empty() {
            return Ok((outcome, None));
        }
        self.load(trajectory).await?;
        let now = (self.clock)();
        let mut last = self.head.recorded_at;
        let mut proposals = Vec::with_capacity(new.len());
        for (_, line, refused) in &mut new {
            let moment = self.stamp(line, now, last, refused);
            let mut proposal = crate::codec::proposal(line, self.amsterdam_day(moment));
            proposal.refused = *refused;
            last = last.max(Some(moment));
            proposals.push(proposal);
        }
        let timeline = self.timelines.entry(trajectory).or_default();
        match domain::decide(timeline, &proposals, None) {
            Ok(after) => {
                let (first_revision, client) = (timeline.revision() + 1, after.client().map(|client| client.0));
                *timeline = after;
                self.accept(new.into_iter().map(|(_, line, _)| line).collect(), first_revision, client, last);
                if self.grouped_events >= GROUP {
                    self.submit_group().await?;
                }
                Ok((outcome, None))
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
                    }
                }
                if timeline.revision() == 0 {
                    self.timelines.remove(&trajectory);
                }
                Ok((outcome, Some(LineRefusal { place, refusal })))
            }
        }
    }

    /// Sets the moment and the actor, and judges rule 3.
    fn stamp(&self, line: &mut EventLine, now: Timestamp, last: Option<Timestamp>, refused: &mut Option<Code>) -> Timestamp {
        if self.mode == RecordedMode::Now {
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

    fn accept(&mut self, lines: Vec<EventLine>, first_revision: u32, client: Option<Uuid>, last: Option<Timestamp>) {
        let first_position = self.head.position.plus(1);
        for (n, line) in (0..).zip(&lines) {
            self.ids.insert(line.event_id.0, first_position.plus(n));
        }
        self.head = Head { position: self.head.position.plus(lines.len() as u64), recorded_at: last };
        self.grouped_events += lines.len();
        self.group.push(Decided { client, first_position, first_revision, lines });
    }

    /// Makes the timeline of this trajectory present.
    async fn load(&mut self, trajectory: Uuid) -> Result<(), AppError> {
        if self.timelines.contains_key(&trajectory) {
            return Ok(());
        }
        let mut locators = match &self.views {
            Some(views) => views.stream(trajectory)?,
            None => Vec::new(),
        };
        locators.extend(self.streams.get(&trajectory).into_iter().flatten());
        if !locators.is_empty() {
            let timeline = replay::timeline_at(&*self.log, &locators).await?;
            self.timelines.insert(trajectory, timeline);
        }
        Ok(())
    }

    /// Whether this event id was seen before, in the log or among the new lines of the same decision.
    async fn seen(&mut self, line: &EventLine, new: &[(usize, EventLine, Option<Code>)]) -> Result<Seen, AppError> {
        let (id, keys) = (line.event_id.0, Arc::clone(&self.keys));
        let content = |line: &EventLine| {
            Content::of_line(line, keys.digest_key()).map_err(|cause| AppError::Io { what: "comparing an event".into(), cause })
        };
        if let Some((_, earlier, _)) = new.iter().find(|(_, earlier, _)| earlier.event_id.0 == id) {
            return Ok(Seen::of(content(line)?.same(&content(earlier)?)));
        }
        let position = match self.ids.get(&id) {
            Some(position) => *position,
            None => match self.views.as_ref().map(|views| views.event(id)).transpose()?.flatten() {
                Some(entry) if entry.digest == content(line)?.digest(keys.digest_key()) => return Ok(Seen::Same),
                Some(entry) => entry.position,
                None => return Ok(Seen::Never),
            },
        };
        if let Some(waiting) = self.waiting(position) {
            return Ok(Seen::of(content(line)?.same(&content(waiting)?)));
        }
        if let Some(judged) = self.judged(position) {
            return Ok(Seen::of(content(line)?.same(judged)));
        }
        let stored = self.stored_content(position).await?;
        Ok(Seen::of(content(line)?.same(&stored)))
    }

    /// The line that waits in the group at this position.
    fn waiting(&self, position: Position) -> Option<&EventLine> {
        let place = self.group.partition_point(|decided| decided.first_position <= position).checked_sub(1)?;
        let decided = self.group.get(place)?;
        decided.lines.get(usize::try_from(position.0 - decided.first_position.0).ok()?)
    }

    /// The content of a line that was judged and will not be appended.
    fn judged(&self, position: Position) -> Option<&Content> {
        let place = position.0.checked_sub(self.begun_at.0 + 1)?;
        self.judged.get(usize::try_from(place).ok()?)
    }

    /// The content of the event at this position of the log.
    async fn stored_content(&mut self, position: Position) -> Result<Content, AppError> {
        while let Some(pending) = self.pending.pop_front() {
            pending.await?;
        }
        let holds = |batch: &RecordBatch| {
            let place = batch.records.partition_point(|record| record.header.last_position() < position);
            batch.records.get(place).filter(|record| record.header.first_position <= position).cloned()
        };
        let mut found = self.compared.as_ref().and_then(holds);
        if found.is_none() {
            self.compared = self.log.read(position, Until::Head).await?.next().await?;
            found = self.compared.as_ref().and_then(holds);
        }
        let (Some(batch), Some(record)) = (&self.compared, found) else {
            return Err(AppError::Stopped("the index of event ids"));
        };
        let decision = replay::decode(&record.header, batch.body(&record))?;
        let unreadable = |cause: String| AppError::History { position, trajectory: record.header.trajectory_id, cause };
        let place = usize::try_from(position.0 - record.header.first_position.0).unwrap_or(usize::MAX);
        let event = decision.events.get(place).ok_or_else(|| unreadable("the record is shorter than its frame says".to_owned()))?;
        Content::of_stored(&decision, event, &Upcasters::of_today()).map_err(unreadable)
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

    /// A client whose texts the log holds has a key already: another one must not be made beside it.
    fn none_lost(&self, clients: &HashSet<Uuid>) -> Result<(), AppError> {
        for client in clients {
            let known = || match &self.views {
                Some(views) => views.has_texts_of(*client),
                None => Ok(false),
            };
            if self.keys.get(*client)?.is_none() && (self.clients.contains(client) || known()?) {
                return Err(AppError::KeyLost { client: *client });
            }
        }
        Ok(())
    }

    /// Makes the keys durable, seals the group and gives it to the log.
    async fn submit_group(&mut self) -> Result<(), AppError> {
        let group = std::mem::take(&mut self.group);
        self.grouped_events = 0;
        if self.dry {
            for line in group.iter().flat_map(|decided| &decided.lines) {
                let content = Content::of_line(line, self.keys.digest_key());
                self.judged.push(content.map_err(|cause| AppError::Io { what: "comparing an event".into(), cause })?);
            }
            return Ok(());
        }
        if group.is_empty() {
            return Ok(());
        }
        let with_text = |decided: &&Decided| decided.lines.iter().any(|line| sealing::has_text(&line.payload));
        let clients: HashSet<Uuid> = group.iter().filter(with_text).filter_map(|decided| decided.client).collect();
        self.none_lost(&clients)?;
        self.keys.ensure(&clients.into_iter().collect::<Vec<_>>())?;
        let expected = group.first().map_or(Position::START, |first| Position(first.first_position.0 - 1));
        let records = group.into_iter().map(|decided| seal(decided, &self.keys)).collect::<Result<Vec<_>, _>>()?;
        let pending = self.log.submit(expected, records).await?;
        self.pending.push_back(pending);
        while self.pending.len() > AHEAD {
            if let Some(oldest) = self.pending.pop_front() {
                oldest.await?;
            }
        }
        Ok(())
    }

    /// Waits until everything that was recorded is durable, and gives the views back.
    ///
    /// # Errors
    /// When the log fails: what it had made durable before stays.
    pub async fn finish(mut self) -> Result<Option<Views>, AppError> {
        self.submit_group().await?;
        while let Some(pending) = self.pending.pop_front() {
            pending.await?;
        }
        Ok(self.views)
    }
}

enum Seen {
    Never,
    Same,
    Other,
}

impl Seen {
    const fn of(same: bool) -> Self {
        if same { Self::Same } else { Self::Other }
    }
}

/// A decision as a record of the log, its texts sealed.
fn seal(decided: Decided, keys: &KeyStore) -> Result<Record, AppError> {
    let Decided { client, first_position, first_revision, lines } = decided;
    let impossible = |cause: stored::Unreadable| AppError::Io { what: "encoding an event".to_owned(), cause: cause.0 };
    let missing = || AppError::Io { what: "sealing a text".to_owned(), cause: "its client has no key".to_owned() };
    let key = || client.map_or(Ok(None), |client| keys.get(client))?.ok_or_else(missing);
    let (Some(trajectory_id), Some(organisation)) = (lines.first().map(|l| l.trajectory_id), lines.first().map(|l| l.organisation.clone()))
    else {
        return Err(AppError::Stopped("an empty decision"));
    };
    let has_text = lines.iter().any(|line| sealing::has_text(&line.payload));
    let mut data = Vec::with_capacity(lines.len());
    let mut envelopes = Vec::with_capacity(lines.len());
    for line in lines {
        let EventLine {
            event_id,
            occurred_on,
            recorded_at,
            actor,
            corrects,
            correlation_id,
            causation_id,
            source_recorded_at,
            payload,
            ..
        } = line;
        let event_type = payload.event_type();
        let sealed = sealing::seal(payload, event_id, trajectory_id, keys, key)?;
        let mut bytes = Vec::with_capacity(128);
        stored::encode_payload(&sealed, &mut bytes).map_err(impossible)?;
        data.push(bytes);
        let recorded_at = recorded_at.ok_or(AppError::Stopped("an event without its moment"))?;
        let ids: [Option<Id>; 3] = [corrects, correlation_id, causation_id];
        envelopes.push((event_id, event_type, occurred_on, recorded_at, actor.unwrap_or_default(), ids, source_recorded_at));
    }
    let recorded_at = envelopes.last().map(|envelope| envelope.3).ok_or(AppError::Stopped("an empty decision"))?;
    let events: Vec<StoredEvent<'_>> = envelopes
        .iter()
        .zip(&data)
        .map(|((event_id, event_type, occurred_on, recorded_at, actor, [corrects, correlation_id, causation_id], source), data)| {
            StoredEvent {
                event_id: *event_id,
                event_type: *event_type,
                occurred_on: *occurred_on,
                recorded_at: *recorded_at,
                actor,
                corrects: *corrects,
                correlation_id: *correlation_id,
                causation_id: *causation_id,
                source_recorded_at: *source,
                schema: CURRENT_SCHEMA,
                data,
            }
        })
        .collect();
    let header = RecordHeader {
        first_position,
        events: u16::try_from(events.len()).map_err(|_| AppError::Stopped("a decision of too many events"))?,
        recorded_at,
        trajectory_id: trajectory_id.0,
    };
    let decision = StoredDecision {
        trajectory_id,
        organisation: organisation.as_str(),
        client_id: client.filter(|_| has_text).map(Id),
        first_position: first_position.0,
        first_revision,
        events,
    };
    let mut body = Vec::with_capacity(256);
    decision.encode(&mut body).map_err(impossible)?;
    Ok(Record { header, body: body.into() })
}
