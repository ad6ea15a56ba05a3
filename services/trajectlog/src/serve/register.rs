//! The register of publications of this process's data folder, as the gateway asks it: what was declared, what was published, and what differs.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use app::AppError;
use domain::{Method, Quarter};
use event_log::ReadError;
use figures::{
    CellKey, Scope,
    disclosure::{Area, Column},
};
use gateway::ports::{
    CausedPart, Declaration, Declarations, DeclareAsk, Difference, Differences, DifferencesAsk, PortError, PublishedReportAsk, Reopening,
    VintageStatus, Vintages,
};
use publications::{Complete, Publications, PublicationsError, Record, RegisterError, Status, Vintage};
use report::{Facts, TREND};
use tokio::task;

use crate::{
    commands::{
        declare::{self, New, Told},
        difference::{Step, sum},
        publish::open_in,
        published::PublishedQuarter,
    },
    failure::Failure,
    log::Log,
};

/// How often it is begun again when somebody else wrote at the same moment.
const TRIES: usize = 5;

/// Where publications rest, and the log that they are of.
#[derive(Clone, Debug)]
pub struct Home {
    /// The data folder.
    pub data: PathBuf,
    /// The log.
    pub log: Arc<Log>,
    /// Whether other processes write to the same log, each with a register of its own.
    pub shared: bool,
}

/// Where they rest here; who is asked for figures only has none.
pub fn known(home: Option<Home>) -> Result<Home, PortError> {
    home.ok_or_else(|| PortError::Unavailable("this process keeps no publications".to_owned()))
}

fn open(data: &Path) -> Result<Publications, PortError> {
    open_in(data).map_err(|e| failed(&e))
}

fn failed(error: &RegisterError) -> PortError {
    match error {
        RegisterError::Conflict { .. } | RegisterError::Unavailable { .. } | RegisterError::Unknown { .. } => {
            PortError::Unavailable(error.to_string())
        }
        RegisterError::Damaged { .. } | RegisterError::Newer { .. } | RegisterError::TooLarge { .. } => {
            PortError::Broken(error.to_string())
        }
    }
}

async fn on_a_thread<R: Send + 'static>(work: impl FnOnce() -> Result<R, PortError> + Send + 'static) -> Result<R, PortError> {
    task::spawn_blocking(work).await.map_err(|_| PortError::Broken("the register of publications was broken off".to_owned()))?
}

/// The declarations of a quarter.
pub async fn declarations(home: Option<Home>, quarter: Quarter) -> Result<Declarations, PortError> {
    let Home { data, shared, .. } = known(home)?;
    on_a_thread(move || {
        let publications = open(&data)?;
        let all = publications.declarations(quarter).map(declaration);
        Ok(Declarations { all: all.collect(), shared })
    })
    .await
}

fn declaration((record, complete): (&Record, &Complete)) -> Declaration {
    Declaration {
        organisation: complete.organisation.clone(),
        method: complete.method,
        by: record.by.clone(),
        at: record.written_at,
        seen: record.seen(),
    }
}

/// What was published of a quarter.
pub async fn vintages(home: Option<Home>, quarter: Quarter) -> Result<Vintages, PortError> {
    let Home { data, shared, .. } = known(home)?;
    on_a_thread(move || {
        let publications = open(&data)?;
        let all = publications.vintages(quarter).into_iter().map(|(record, vintage)| told(&publications, record, vintage));
        let reopenings = publications.reopenings(quarter).into_iter().map(|(record, reopening)| Reopening {
            by: record.by.clone(),
            agreed_by: reopening.agreed_by.clone(),
            reason: reopening.reason.clone(),
            at: record.written_at,
        });
        Ok(Vintages { all: all.collect(), reopenings: reopenings.collect(), locked: publications.is_locked(quarter), shared })
    })
    .await
}

fn told(publications: &Publications, record: &Record, vintage: &Vintage) -> gateway::ports::Vintage {
    gateway::ports::Vintage {
        number: record.number,
        moment: vintage.moment,
        status: match vintage.status {
            Status::Provisional => VintageStatus::Provisional,
            Status::Revised => VintageStatus::Revised,
            Status::Definitive => VintageStatus::Definitive,
        },
        position: vintage.as_of.position,
        definitions: vintage.definitions.name.clone(),
        by: record.by.clone(),
        at: record.written_at,
        hash: record.hash.clone(),
        declared: publications.declared_before(record).map(declaration).collect(),
    }
}

/// What differs between two vintages of a quarter, and what made the difference; `None` where one of them is not there.
pub async fn differences(home: Option<Home>, ask: DifferencesAsk) -> Result<Option<Differences>, PortError> {
    let Home { data, log, .. } = known(home)?;
    let DifferencesAsk { quarter, scope, then, now } = ask;
    let area = area(&scope)?;
    let both = on_a_thread(move || {
        let publications = open(&data)?;
        let numbered = |number| publications.numbered(quarter, number).map(|(_, vintage)| vintage.clone());
        Ok(numbered(then).zip(numbered(now)))
    });
    let Some((then, now)) = both.await? else { return Ok(None) };
    let counted = [&then, &now].iter().any(|vintage| vintage.tables.0.contains_key(&area));
    let step = Step::between(&area, &then, &now).explained(&*log, &area).await.map_err(|e| unread(&e))?;
    Ok(Some(Differences { counted, cells: cells(&step) }))
}

fn cells(step: &Step<'_>) -> Vec<Difference> {
    let cell = |(key, column, then, now): &(CellKey, Column, u64, u64)| {
        let causes = step.causes(key, column).into_iter();
        let causes = causes.map(|(cause, parts)| CausedPart { cause, difference: sum(&parts), trajectories: parts.len() });
        Difference { key: key.clone(), column: column.clone(), then: *then, now: *now, causes: causes.collect() }
    };
    step.changed.iter().map(cell).collect()
}

/// The log that a vintage was made of is asked for what it was: what cannot be reached may be, later.
fn unread(error: &AppError) -> PortError {
    if matches!(error.root(), AppError::Read(ReadError::Unreachable { .. } | ReadError::Withdrawn { .. })) {
        return PortError::Unavailable(error.to_string());
    }
    PortError::Broken(error.to_string())
}

fn area(scope: &Scope) -> Result<Area, PortError> {
    Area::of(scope).ok_or_else(|| PortError::Wrong("nothing is published of an organisation within a region".to_owned()))
}

/// What the report on a vintage is written from; `None` where it is not there.
pub async fn report(home: Option<Home>, ask: PublishedReportAsk) -> Result<Option<Facts>, PortError> {
    let data = known(home)?.data;
    on_a_thread(move || {
        let PublishedReportAsk { quarter, scope, number } = ask;
        let Some(published) = PublishedQuarter::numbered(open(&data)?, quarter, number) else { return Ok(None) };
        let wrong = |failure: Failure| PortError::Wrong(failure.sentence().unwrap_or_default().to_owned());
        published.facts(&scope, TREND).map(Some).map_err(wrong)
    })
    .await
}

/// Declares; the methods of which it is new.
pub async fn declare(home: Option<Home>, ask: DeclareAsk) -> Result<Vec<Method>, PortError> {
    let data = known(home)?.data;
    on_a_thread(move || {
        let DeclareAsk { quarter, organisation, methods, by, at, position } = ask;
        let ended = app::amsterdam_day(at) > quarter.last_day();
        let new = New { quarter, organisation, methods, ended, by, at, position };
        let mut declared = Vec::new();
        for _ in 0..TRIES {
            // What is written before somebody else comes between is not declared again, and still new to who asked.
            match once(&data, &new, &mut declared) {
                Err(PublicationsError::Register(RegisterError::Conflict { .. })) => {}
                Ok(()) => return Ok(declared),
                Err(PublicationsError::Register(error)) => return Err(failed(&error)),
                Err(PublicationsError::Rule(rule)) => return Err(PortError::Conflict(rule.to_string())),
            }
        }
        Err(PortError::Unavailable("others write to the register of publications just now".to_owned()))
    })
    .await
}

fn once(data: &Path, new: &New, declared: &mut Vec<Method>) -> Result<(), PublicationsError> {
    let mut publications = open_in(data)?;
    for of in &new.methods {
        let one = New { methods: vec![*of], organisation: new.organisation.clone(), by: new.by.clone(), ..*new };
        let told = declare::declare(&mut publications, &one)?;
        declared.extend(told.iter().filter(|told| !told.already()).map(Told::method));
    }
    Ok(())
}
