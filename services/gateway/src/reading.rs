//! What is stored, read for those who may see it: events with their texts opened, timelines, pages of the log.
//!
//! The log is behind [`Log`], so that the handlers need not know which one it is.

use std::{convert::Infallible, sync::Arc};

use app::{
    AppError, Clock, Keep, Reach, completeness, export,
    figures::{Ask, Warm},
    lineage::{Lineage, Places},
    stream,
};
use domain::Timeline;
use event_log::{EventLog, Head, Locator, Position, ReadError, RecordBatch, RecordReader, RecordRef, Until};
use figures::{AsOf, Definitions, Figures, Question, completeness::Completeness, lineage::Number};
use keys::KeyStore;
use proto_events::{Text, json::EventOut, upcast::Upcasters};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::{
    access::{Action, Caller, Decision, Object, permits},
    ports::{Later, OverTimeAnswer, OverTimeAsk, SeriesAnswer, SeriesAsk},
};

/// The log as the gateway uses it, whichever it is.
pub(crate) trait Log: Send + Sync {
    fn head(&self) -> Later<'_, Result<Head, ReadError>>;
    fn resolve(&self, until: Until) -> Later<'_, Result<Head, ReadError>>;
    fn read_at<'a>(&'a self, locators: &'a [Locator]) -> Later<'a, Result<RecordBatch, ReadError>>;
    /// The batches from the record that holds `from`, until they hold `events` events or the log ends.
    fn page(&self, from: Position, events: usize) -> Later<'_, Result<Vec<RecordBatch>, ReadError>>;
    fn follow(&self, from: Position) -> Later<'_, Result<Box<dyn Following>, ReadError>>;
    fn figures<'a>(&'a self, ask: &'a Ask, clock: Clock) -> Later<'a, Result<(Figures, AsOf), AppError>>;
    fn lineage<'a>(&'a self, ask: &'a Ask, number: &'a Number, clock: Clock) -> Later<'a, Result<(Lineage, AsOf), AppError>>;
    /// Where the events of these trajectories stand, up to a position.
    fn places<'a>(&'a self, trajectories: &'a [Uuid], until: Position) -> Later<'a, Result<Places, AppError>>;
    /// How complete a quarter is.
    fn completeness<'a>(&'a self, ask: &'a completeness::Ask, clock: Clock) -> Later<'a, Result<(Completeness, AsOf), AppError>>;
    /// The figures of several quarters, from one reading of the log.
    fn series<'a>(&'a self, ask: &'a SeriesAsk, clock: Clock) -> Later<'a, Result<SeriesAnswer, AppError>>;
    /// What happened over time, from one reading of the log.
    fn over_time<'a>(&'a self, ask: &'a OverTimeAsk, clock: Clock) -> Later<'a, Result<OverTimeAnswer, AppError>>;
}

/// A follower of whichever log.
pub(crate) trait Following: Send {
    fn next(&mut self) -> Later<'_, Result<Option<RecordBatch>, ReadError>>;
}

impl<R: RecordReader> Following for R {
    fn next(&mut self) -> Later<'_, Result<Option<RecordBatch>, ReadError>> {
        Box::pin(RecordReader::next(self))
    }
}

pub(crate) struct Of<L>(pub(crate) Arc<L>);

impl<L: EventLog> Log for Of<L> {
    fn head(&self) -> Later<'_, Result<Head, ReadError>> {
        Box::pin(self.0.head())
    }

    fn resolve(&self, until: Until) -> Later<'_, Result<Head, ReadError>> {
        Box::pin(self.0.resolve(until))
    }

    fn read_at<'a>(&'a self, locators: &'a [Locator]) -> Later<'a, Result<RecordBatch, ReadError>> {
        Box::pin(self.0.read_at(locators))
    }

    fn page(&self, from: Position, events: usize) -> Later<'_, Result<Vec<RecordBatch>, ReadError>> {
        Box::pin(async move {
            let mut reader = self.0.read(from, Until::Head).await?;
            let (mut batches, mut last) = (Vec::new(), from);
            while last.0.saturating_sub(from.0) < events as u64 {
                let Some(batch) = RecordReader::next(&mut reader).await? else { break };
                last = batch.records.last().map_or(last, |record| record.header.last_position().plus(1));
                batches.push(batch);
            }
            Ok(batches)
        })
    }

    fn follow(&self, from: Position) -> Later<'_, Result<Box<dyn Following>, ReadError>> {
        Box::pin(async move { Ok(Box::new(self.0.follow(from).await?) as Box<dyn Following>) })
    }

    fn figures<'a>(&'a self, ask: &'a Ask, clock: Clock) -> Later<'a, Result<(Figures, AsOf), AppError>> {
        Box::pin(async move { app::figures::answer(&*self.0, ask, clock, &mut |_| {}).await })
    }

    fn lineage<'a>(&'a self, ask: &'a Ask, number: &'a Number, clock: Clock) -> Later<'a, Result<(Lineage, AsOf), AppError>> {
        Box::pin(async move { app::lineage::answer(&*self.0, ask, number, clock, &mut |_| {}).await })
    }

    fn places<'a>(&'a self, trajectories: &'a [Uuid], until: Position) -> Later<'a, Result<Places, AppError>> {
        Box::pin(app::lineage::places(&*self.0, trajectories, until))
    }

    fn completeness<'a>(&'a self, ask: &'a completeness::Ask, clock: Clock) -> Later<'a, Result<(Completeness, AsOf), AppError>> {
        Box::pin(async move { completeness::answer(&*self.0, ask, clock, &mut |_| {}).await })
    }

    fn series<'a>(&'a self, ask: &'a SeriesAsk, clock: Clock) -> Later<'a, Result<SeriesAnswer, AppError>> {
        Box::pin(async move {
            let warm = Warm::of(&*self.0, app::AsOf::Now, &mut |_| {}).await?;
            let ask = ask.clone();
            // Every processor counts, and the thread that asks waits for them.
            let counted = tokio::task::spawn_blocking(move || counted(&warm, &ask, clock)).await;
            counted.map_err(|_| AppError::Stopped("counting figures"))
        })
    }

    fn over_time<'a>(&'a self, ask: &'a OverTimeAsk, clock: Clock) -> Later<'a, Result<OverTimeAnswer, AppError>> {
        Box::pin(async move {
            let warm = Warm::of(&*self.0, app::AsOf::Now, &mut |_| {}).await?;
            let ask = ask.clone();
            let answered = move || ask.answer(warm.trajectories(), warm.state(ask.quarter, app::AsOf::Now, clock));
            tokio::task::spawn_blocking(answered).await.map_err(|_| AppError::Stopped("following trajectories"))
        })
    }
}

fn counted(warm: &Warm, ask: &SeriesAsk, clock: Clock) -> SeriesAnswer {
    let question = |quarter| Question { quarter, scope: &ask.scope, definitions: Definitions::built_in(), tables: false };
    SeriesAnswer {
        as_of: warm.state(ask.quarter, app::AsOf::Now, clock),
        figures: ask.quarters().map(|quarter| warm.figures(&question(quarter))).collect(),
    }
}

/// An event as it is shown, and its place.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) position: u64,
    pub(crate) json: Box<RawValue>,
}

/// What is shown of the texts of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Texts {
    /// They are in clear, where their client's key is there.
    Clear,
    /// That there is one: `{"sealed":true}`.
    Sealed,
}

impl Texts {
    /// As this caller may see them, of the trajectory or of whatever it turns out to be.
    pub(crate) fn of(caller: &Caller, object: Object<'_>) -> Self {
        match permits(caller, Action::SeeTexts, object) {
            Decision::Permit => Self::Clear,
            Decision::Deny => Self::Sealed,
        }
    }

    /// As this caller may see them wherever in the log: only who may see every text sees one there.
    pub(crate) fn of_the_log(caller: &Caller) -> Self {
        if caller.reach == Reach::All { Self::of(caller, Object::Any) } else { Self::Sealed }
    }
}

/// In the place of a text.
#[derive(Serialize)]
#[serde(untagged)]
enum Kept {
    Sealed { sealed: bool },
    Erased(Text),
}

/// An event without its texts.
fn sealed(event: &EventOut<'_>) -> Result<Box<RawValue>, serde_json::Error> {
    let mut shown = serde_json::to_value(event)?;
    let Ok(data) = event.data.clone().try_map_texts(|_, text| {
        Ok::<_, Infallible>(match text {
            Text::Clear(_) => Kept::Sealed { sealed: true },
            Text::Erased => Kept::Erased(Text::Erased),
        })
    });
    if let Some(place) = shown.get_mut("data") {
        *place = serde_json::to_value(&data)?;
    }
    to_raw_value(&shown)
}

/// The events of a record that `wanted` asks for, their texts as they may be seen.
pub(crate) fn events(
    batch: &RecordBatch,
    record: &RecordRef,
    keys: &KeyStore,
    texts: Texts,
    wanted: impl Fn(u64) -> bool,
) -> Result<Vec<Shown>, AppError> {
    let header = &record.header;
    let (first, last) = (header.first_position.0, header.last_position().0);
    if !(first..=last).any(&wanted) {
        return Ok(Vec::new());
    }
    let mut shown = Vec::with_capacity(usize::from(header.events));
    export::each_event(
        batch,
        record,
        keys,
        |position| wanted(position.0),
        |event| {
            let position = event.position.unwrap_or_default();
            let json = match texts {
                Texts::Clear => to_raw_value(event)?,
                Texts::Sealed => sealed(event)?,
            };
            shown.push(Shown { position, json });
            Ok(())
        },
    )?;
    Ok(shown)
}

/// The timeline of a stream's records up to a position; `None` when there is none of them.
pub(crate) fn timeline(batch: &RecordBatch, until: Position) -> Result<Option<Timeline>, AppError> {
    let upcasters = Upcasters::of_today();
    let mut timeline = None::<Timeline>;
    for record in batch.records.iter().filter(|record| record.header.last_position() <= until) {
        stream::evolve(timeline.get_or_insert_default(), &record.header, batch.body(record), Keep::All, &upcasters)?;
    }
    Ok(timeline)
}
