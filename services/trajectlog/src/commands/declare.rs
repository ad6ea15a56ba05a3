//! `trajectlog declare`, and what a service does in its place.

use std::io::Write;

use app::AsOf;
use domain::{Method, Name, Quarter};
use figures::completeness::Point;
use proto_events::Timestamp;
use publications::{Complete, Held, Publications, PublicationsError, Rule};
use serde_json::json;

use super::{
    completeness::{counted, nothing_of},
    publish::open,
};
use crate::{cli::Declare, failure::Failure, folder::now, place::Place};

pub async fn run(place: &Place, args: &Declare) -> Result<(), Failure> {
    let organisation = Name::from(args.organisation.as_str());
    let asked = now();
    if app::amsterdam_day(asked) <= args.quarter.last_day() {
        return Err(Failure::refused(Rule::NotEnded(args.quarter).to_string()));
    }
    // What is recorded while it is counted belongs to a later moment, and is not declared.
    let (completeness, state) = counted(place, args.quarter, Some(organisation.clone()), AsOf::Moment(asked)).await?;
    if state.provisional {
        return Err(Failure::refused(Rule::NotEnded(args.quarter).to_string()));
    }
    if completeness.deliveries.organisations().is_empty() {
        return Err(nothing_of(&organisation));
    }
    let mut methods: Vec<Method> = args.methods.clone();
    if methods.is_empty() {
        methods = completeness.delivered(&organisation, args.quarter).collect();
    }
    if methods.is_empty() {
        return Err(Failure::refused(format!(
            "{organisation} recorded nothing that happened in {}: name the method (--method) to declare that this is all there was",
            args.quarter
        )));
    }
    let never = |method: &Method| !completeness.deliveries.all().any(|one| one.organisation == organisation && one.method == *method);
    if let Some(method) = methods.iter().find(|method| never(method)) {
        return Err(Failure::refused(format!(
            "{organisation} never delivered {}: look at what it delivers with `trajectlog completeness --organisation {organisation}`",
            method.as_str()
        )));
    }
    let methods = methods.into_iter().map(|method| (method, completeness.latest_of(&organisation, method))).collect();
    let by = args.by.clone();
    let new = New { quarter: args.quarter, organisation, methods, ended: true, by, at: asked, position: state.position };
    let told = declare(&mut open(place)?, &new)?;
    writeln!(std::io::stdout(), "{}", told_json(&new, &told))?;
    Ok(())
}

/// What is to be declared.
pub struct New {
    /// The quarter.
    pub quarter: Quarter,
    /// Of whom.
    pub organisation: Name,
    /// Of which methods, each with where something about it was last recorded.
    pub methods: Vec<(Method, Option<Point>)>,
    /// Whether the quarter has ended.
    pub ended: bool,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The last position of the log that they have seen.
    pub position: u64,
}

/// A method: the number of its record, by whom and when it was declared, and whether that was before.
pub struct Told {
    method: Method,
    number: u64,
    by: String,
    at: Timestamp,
    already: bool,
}

impl Told {
    /// Whether it was declared before, and nothing was recorded since.
    pub const fn already(&self) -> bool {
        self.already
    }

    /// Which method.
    pub const fn method(&self) -> Method {
        self.method
    }
}

/// Declares each method; what was declared already of the same state is told and not written again, so that what was begun can be asked for again.
pub fn declare(publications: &mut Publications, new: &New) -> Result<Vec<Told>, PublicationsError> {
    let mut all = Vec::with_capacity(new.methods.len());
    for (method, latest) in &new.methods {
        let complete = Complete { quarter: new.quarter, organisation: new.organisation.clone(), method: *method };
        let latest = latest.and_then(|at| Some((at.position, Timestamp::from_micros(at.micros)?)));
        let held = Held { ended: new.ended, position: new.position, latest };
        let already = match publications.declare_once(complete.clone(), held, &new.by, new.at) {
            Ok(_) => false,
            Err(PublicationsError::Rule(Rule::AlreadyDeclared(..))) => true,
            Err(error) => return Err(error),
        };
        if let Some(record) = publications.declaration(&complete) {
            all.push(Told { method: *method, number: record.number, by: record.by.clone(), at: record.written_at, already });
        }
    }
    Ok(all)
}

fn told_json(new: &New, told: &[Told]) -> serde_json::Value {
    let one = |told: &Told| {
        json!({
            "method": told.method.as_str(),
            "number": told.number,
            "by": told.by,
            "at": told.at.to_string(),
            "already_declared": told.already,
        })
    };
    json!({
        "quarter": new.quarter.to_string(),
        "organisation": new.organisation.as_str(),
        "declared": told.iter().map(one).collect::<Vec<_>>(),
    })
}
