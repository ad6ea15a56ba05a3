//! Recording: commands to the desk, and what became of them, for HTTP and NATS alike.

use std::collections::{HashMap, HashSet};

use app::{Command, DeskError, Judged, Judgement, Outside, RecordedMode};
use event_log::{Locator, Position};
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    Inner,
    access::{Action, Caller, Object},
    form,
    problem::Problem,
    reading::{self, Texts},
};

/// Records of a stream that are looked through first for what was just recorded: it lies at the end.
const TAIL: usize = 16;

/// What became of a command.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Done {
    pub(crate) status: u16,
    #[serde(flatten)]
    pub(crate) what: What,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    Event(Box<RawValue>),
    Events(Vec<Box<RawValue>>),
    Problem(Box<Problem>),
}

impl From<Problem> for Done {
    fn from(problem: Problem) -> Self {
        Self { status: problem.status, what: What::Problem(Box::new(problem)) }
    }
}

/// Whether the caller may record all of it: judged before anything of it is looked up. `only` is the organisation that the way in names, where it
/// names one.
pub(crate) fn permitted(caller: &Caller, command: &form::Command, only: Option<&str>) -> Result<(), Problem> {
    if only.is_some_and(|only| command.lines.iter().any(|line| line.organisation.as_str() != only)) {
        return Err(Problem::malformed("organisation: another than the one in the subject"));
    }
    command.lines.iter().try_for_each(|line| caller.may(Action::Record, Object::Organisation(line.organisation.as_str())))
}

/// Records commands in order, each on its own.
pub(crate) async fn record(inner: &Inner, caller: &Caller, commands: Vec<form::Command>) -> Result<Vec<Done>, Problem> {
    if commands.is_empty() {
        return Ok(Vec::new());
    }
    let (shapes, commands): (Vec<Shape>, Vec<Command>) = commands.into_iter().map(|command| take_apart(command, caller)).unzip();
    let judgements = match inner.desk.record(commands.clone()).await {
        Ok(judgements) => judgements.into_iter().map(Ok).collect(),
        // One of them is at fault, and the desk does not say which: each is handed in alone. What is there already is found again.
        Err(DeskError::Erased { .. } | DeskError::TooLarge { .. }) if commands.len() > 1 => one_by_one(inner, commands).await?,
        Err(error) => return Err(error.into()),
    };
    let mut found = HashMap::new();
    let mut wanted: HashMap<Uuid, HashSet<u64>> = HashMap::new();
    for (shape, judgement) in shapes.iter().zip(&judgements) {
        let positions = judgement.iter().flat_map(|judgement| judgement.positions.iter().flatten());
        wanted.entry(shape.trajectory).or_default().extend(positions.map(|position| position.0));
    }
    for (trajectory, positions) in wanted.into_iter().filter(|(_, positions)| !positions.is_empty()) {
        read_back(inner, trajectory, &positions, &mut found).await?;
    }
    shapes
        .into_iter()
        .zip(judgements)
        .map(|(shape, judgement)| Ok(judgement.map_or_else(Done::from, |j| done(&shape, &j, &found))))
        .collect()
}

/// How a command is answered.
struct Shape {
    trajectory: Uuid,
    is_list: bool,
}

fn take_apart(command: form::Command, caller: &Caller) -> (Shape, Command) {
    let form::Command { mut lines, expected_revision, is_list } = command;
    let trajectory = lines.first().map(|line| line.trajectory_id.0).unwrap_or_default();
    for line in &mut lines {
        // From the credential, never from the body.
        line.actor = Some(caller.actor.clone());
        line.recorded_at = None;
    }
    (Shape { trajectory, is_list }, Command { lines, mode: RecordedMode::Keep, expected_revision, reach: caller.reach.clone() })
}

async fn one_by_one(inner: &Inner, commands: Vec<Command>) -> Result<Vec<Result<Judgement, Problem>>, Problem> {
    let mut judgements = Vec::with_capacity(commands.len());
    for command in commands {
        match inner.desk.record(vec![command]).await {
            Ok(judged) => judgements.extend(judged.into_iter().map(Ok)),
            Err(error @ (DeskError::Erased { .. } | DeskError::TooLarge { .. })) => judgements.push(Err(error.into())),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(judgements)
}

/// Reads the events at these positions of a stream back from the log.
async fn read_back(
    inner: &Inner,
    trajectory: Uuid,
    positions: &HashSet<u64>,
    found: &mut HashMap<u64, Box<RawValue>>,
) -> Result<(), Problem> {
    let at_least = Position(positions.iter().copied().max().unwrap_or_default());
    let locators = inner.desk.locate(trajectory, at_least).await?;
    let (early, late) = locators.split_at(locators.len().saturating_sub(TAIL));
    for part in [late, early] {
        read_part(inner, part, positions, found).await?;
        if positions.iter().all(|position| found.contains_key(position)) {
            return Ok(());
        }
    }
    tracing::error!("an event of trajectory {trajectory} that was recorded is not found where it should lie");
    Err(Problem::internal())
}

async fn read_part(
    inner: &Inner,
    locators: &[Locator],
    positions: &HashSet<u64>,
    found: &mut HashMap<u64, Box<RawValue>>,
) -> Result<(), Problem> {
    if locators.is_empty() {
        return Ok(());
    }
    let batch = inner.log.read_at(locators).await?;
    for record in &batch.records {
        let shown = reading::events(&batch, record, &inner.keys, Texts::Clear, |position| positions.contains(&position))?;
        found.extend(shown.into_iter().map(|shown| (shown.position, shown.json)));
    }
    Ok(())
}

fn done(shape: &Shape, judgement: &Judgement, found: &HashMap<u64, Box<RawValue>>) -> Done {
    match judgement.outside {
        None => {}
        Some(Outside::Hidden) => return Problem::no_such_trajectory().into(),
        Some(Outside::Forbidden) => {
            let detail = "a coach begins trajectories of their own: name yourself as coach, or let the manager record it";
            return Problem::forbidden(detail).into();
        }
    }
    if let Some(refusal) = &judgement.refusal {
        return Problem::refusal(&refusal.refusal, judgement.revision).into();
    }
    let status = if judgement.lines.contains(&Judged::Recorded) { 201 } else { 200 };
    let mut events = judgement.positions.iter().map(|position| position.and_then(|position| found.get(&position.0)).cloned());
    let what = if shape.is_list { events.collect::<Option<Vec<_>>>().map(What::Events) } else { events.next().flatten().map(What::Event) };
    match what {
        Some(what) => Done { status, what },
        None => Problem::internal().into(),
    }
}
