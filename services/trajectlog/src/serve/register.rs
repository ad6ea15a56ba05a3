//! The register of publications of this process's data folder, as the gateway asks it about declarations.

use std::path::{Path, PathBuf};

use domain::{Method, Quarter};
use gateway::ports::{Declaration, Declarations, DeclareAsk, PortError};
use publications::{PublicationsError, RegisterError};
use tokio::task;

use crate::commands::{
    declare::{self, New, Told},
    publish::open_in,
};

/// How often it is begun again when somebody else wrote at the same moment.
const TRIES: usize = 5;

fn folder(data: Option<PathBuf>) -> Result<PathBuf, PortError> {
    data.ok_or_else(|| PortError::Unavailable("this process keeps no publications".to_owned()))
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
pub async fn declarations(data: Option<PathBuf>, shared: bool, quarter: Quarter) -> Result<Declarations, PortError> {
    let data = folder(data)?;
    on_a_thread(move || {
        let publications = open_in(&data).map_err(|e| failed(&e))?;
        let all = publications.declarations(quarter).map(|(record, complete)| Declaration {
            organisation: complete.organisation.clone(),
            method: complete.method,
            by: record.by.clone(),
            at: record.written_at,
            seen: record.seen(),
        });
        Ok(Declarations { all: all.collect(), shared })
    })
    .await
}

/// Declares; the methods of which it is new.
pub async fn declare(data: Option<PathBuf>, ask: DeclareAsk) -> Result<Vec<Method>, PortError> {
    let data = folder(data)?;
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
