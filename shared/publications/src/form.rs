//! A record's bytes, for ever: JSON in one order, which names everything that stands in a row of numbers.
//!
//! ```text
//!   {"form":"trajectlog publications v1","number":2,"previous":"SHA-256","written_at":…,"by":…,
//!    "published":{"quarter":…,"moment":…,"status":…,"position":…,"recorded_at":…,"provisional":…,"definitions":TOML,
//!                 "measures":["running",…],
//!                 "tables":{"national":{"by_method.ips":{"counts":[…],"sustainable":[…],"schemes":{…},"suppressed":[…]}}}}}
//! ```
//! `counts` are in the order of `measures`; `sustainable` is what its percentages are made of: the denominator and both numerators.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Funding, Method, Name, Quarter, Variant};
use figures::{
    AsOf, CellKey, Counts, Definitions, Measure, Scope,
    disclosure::{Area, Column, Hidden, Table, Tables},
};
use proto_events::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    record::{Complete, Matter, Record, Reopening, Status, Vintage},
    register::RegisterError,
};

/// The form, and how every form of it begins.
const FORM: &str = "trajectlog publications v1";
const FORM_NAME: &str = "trajectlog publications v";
/// In the place of the hash of the record before the first.
pub const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// The end of the path of a scheme's count begins so.
const SCHEME: &str = "scheme_started_year_to_date.";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    form: String,
    number: u64,
    previous: String,
    written_at: Timestamp,
    by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<PublishedForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    complete: Option<CompleteForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reopened: Option<ReopenedForm>,
}

/// What every form says of itself.
#[derive(Deserialize)]
struct Beginning {
    form: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishedForm {
    quarter: String,
    moment: Timestamp,
    status: String,
    position: u64,
    recorded_at: Option<String>,
    provisional: bool,
    definitions: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checkpoint: Option<String>,
    measures: Vec<String>,
    tables: BTreeMap<String, BTreeMap<String, CellForm>>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CellForm {
    counts: Vec<u64>,
    sustainable: [u64; 3],
    schemes: BTreeMap<String, u64>,
    suppressed: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CompleteForm {
    quarter: String,
    organisation: String,
    method: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReopenedForm {
    quarter: String,
    reason: String,
    agreed_by: String,
}

/// How a record is called in messages.
pub fn place(number: u64) -> String {
    format!("publication {number}")
}

/// The SHA-256 of a record's bytes, in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The canonical bytes of a record.
pub fn write(record: &Record) -> Vec<u8> {
    let (mut published, mut complete, mut reopened) = (None, None, None);
    match &record.matter {
        Matter::Published(vintage) => published = Some(published_form(vintage)),
        Matter::Complete(Complete { quarter, organisation, method }, position) => {
            let (quarter, organisation) = (quarter.to_string(), organisation.to_string());
            complete = Some(CompleteForm { quarter, organisation, method: method.as_str().to_owned(), position: *position });
        }
        Matter::Reopened(Reopening { quarter, reason, agreed_by }) => {
            let (reason, agreed_by) = (reason.trim().to_owned(), agreed_by.trim().to_owned());
            reopened = Some(ReopenedForm { quarter: quarter.to_string(), reason, agreed_by });
        }
    }
    let form = Form {
        form: FORM.to_owned(),
        number: record.number,
        previous: record.previous.clone(),
        written_at: record.written_at,
        by: record.by.clone(),
        published,
        complete,
        reopened,
    };
    // Nothing in it can fail: names are texts and numbers are integers.
    let mut bytes = serde_json::to_vec(&form).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn published_form(vintage: &Vintage) -> PublishedForm {
    let mut tables: BTreeMap<String, BTreeMap<String, CellForm>> = BTreeMap::new();
    for (area, table) in &vintage.tables.0 {
        let cells = tables.entry(area.scope().as_text()).or_default();
        for (key, counts) in table {
            cells.insert(key.path().join("."), cell_form(&vintage.measures, counts));
        }
    }
    for (area, hidden) in &vintage.hidden {
        let cells = tables.entry(area.scope().as_text()).or_default();
        for (key, column) in hidden {
            let cell = cells.entry(key.path().join(".")).or_insert_with(|| cell_form(&vintage.measures, &Counts::of_nobody()));
            cell.suppressed.insert(column.name());
        }
    }
    PublishedForm {
        quarter: vintage.quarter.to_string(),
        moment: vintage.moment,
        status: vintage.status.as_str().to_owned(),
        position: vintage.as_of.position,
        recorded_at: vintage.as_of.recorded_at.clone(),
        provisional: vintage.as_of.provisional,
        definitions: vintage.definitions_text.clone(),
        checkpoint: vintage.checkpoint.clone(),
        measures: vintage.measures.iter().map(|measure| measure.as_str().to_owned()).collect(),
        tables,
    }
}

fn cell_form(measures: &[Measure], counts: &Counts) -> CellForm {
    CellForm {
        counts: measures.iter().map(|measure| counts.get(*measure)).collect(),
        sustainable: counts.sustainable_parts(),
        schemes: counts.schemes.iter().map(|(scheme, count)| (scheme.to_string(), *count)).collect(),
        suppressed: BTreeSet::new(),
    }
}

/// Reads the record with this number.
pub fn read(bytes: &[u8], number: u64) -> Result<Record, RegisterError> {
    let damaged = |why: String| RegisterError::Damaged { place: place(number), why };
    let beginning: Beginning = serde_json::from_slice(bytes).map_err(|e| damaged(format!("it is no record ({e})")))?;
    if beginning.form != FORM {
        let newer = beginning.form.starts_with(FORM_NAME);
        return Err(if newer { RegisterError::Newer { place: place(number) } } else { damaged("it is no record".to_owned()) });
    }
    let form: Form = serde_json::from_slice(bytes).map_err(|e| damaged(e.to_string()))?;
    if form.number != number {
        return Err(damaged(format!("it is the record with the number {}", form.number)));
    }
    let matter = match (form.published, form.complete, form.reopened) {
        (Some(published), None, None) => Matter::Published(Box::new(vintage(published).map_err(damaged)?)),
        (None, Some(CompleteForm { quarter: of, organisation, method: by, position }), None) => {
            let (quarter, method) = (quarter(&of).map_err(damaged)?, method(&by).map_err(damaged)?);
            Matter::Complete(Complete { quarter, organisation: organisation.into(), method }, position)
        }
        (None, None, Some(ReopenedForm { quarter: of, reason, agreed_by })) => {
            Matter::Reopened(Reopening { quarter: quarter(&of).map_err(damaged)?, reason, agreed_by })
        }
        _ => return Err(damaged("it says one thing, not none or several".to_owned())),
    };
    let record = Record { number, previous: form.previous, hash: hash(bytes), written_at: form.written_at, by: form.by, matter };
    // The whole is made again and compared: one form, and every byte of it counts.
    if write(&record) == bytes { Ok(record) } else { Err(damaged("it is not in the form in which records are written".to_owned())) }
}

fn vintage(form: PublishedForm) -> Result<Vintage, String> {
    let known = |what: &str, name: &str| format!("there is no {what} '{name}'");
    let measures: Vec<Measure> =
        form.measures.iter().map(|name| Measure::of_name(name).ok_or_else(|| known("measure", name))).collect::<Result<_, _>>()?;
    let (mut tables, mut hidden) = (Tables::default(), Hidden::new());
    for (area, cells) in form.tables {
        let area = area.parse::<Scope>().ok().and_then(|scope| Area::of(&scope)).ok_or_else(|| known("area", &area))?;
        let mut table = Table::new();
        for (path, cell) in cells {
            let key = key(&path).ok_or_else(|| known("cell", &path))?;
            for name in &cell.suppressed {
                let column = match name.strip_prefix(SCHEME) {
                    Some(scheme) => Column::Scheme(scheme.into()),
                    None => Column::Measure(Measure::of_name(name).ok_or_else(|| known("measure", name))?),
                };
                hidden.entry(area.clone()).or_default().insert((key.clone(), column));
            }
            if cell.counts.len() != measures.len() {
                return Err(format!("the cell {path} has {} counts of {} measures", cell.counts.len(), measures.len()));
            }
            let mut by_number = [0; Measure::COUNT];
            for (measure, count) in measures.iter().zip(&cell.counts) {
                by_number[*measure as usize] = *count;
            }
            let schemes: Vec<(Name, u64)> = cell.schemes.into_iter().map(|(scheme, count)| (scheme.into(), count)).collect();
            table.insert(key, Counts::restored(by_number, cell.sustainable, schemes));
        }
        tables.0.insert(area, table);
    }
    let definitions = Definitions::from_toml(&form.definitions).map_err(|e| e.to_string())?;
    let status = Status::ALL.into_iter().find(|status| status.as_str() == form.status);
    Ok(Vintage {
        quarter: quarter(&form.quarter)?,
        moment: form.moment,
        status: status.ok_or_else(|| known("status", &form.status))?,
        as_of: AsOf { position: form.position, recorded_at: form.recorded_at, provisional: form.provisional },
        definitions_text: form.definitions,
        definitions,
        measures,
        checkpoint: form.checkpoint,
        tables,
        hidden,
    })
}

fn quarter(text: &str) -> Result<Quarter, String> {
    text.parse().map_err(|e: &str| format!("{text}: {e}"))
}

fn method(name: &str) -> Result<Method, String> {
    let found = Method::ALL.iter().copied().find(|method| method.as_str() == name);
    found.ok_or_else(|| format!("there is no method '{name}'"))
}

/// The cell of a path.
fn key(path: &str) -> Option<CellKey> {
    let parts: Vec<&str> = path.split('.').collect();
    let funding = |name: &str| Funding::ALL.iter().copied().find(|funding| funding.as_str() == name);
    let variant = |name: &str| match name {
        "none" => Some(None),
        name => Variant::ALL.iter().copied().find(|variant| variant.as_str() == name).map(Some),
    };
    Some(match parts.as_slice() {
        ["all"] => CellKey::All,
        ["by_method", of] => CellKey::Method(method(of).ok()?),
        ["by_method_funding", of, by] => CellKey::MethodFunding(method(of).ok()?, funding(by)?),
        ["by_method_variant", of, by] => CellKey::MethodVariant(method(of).ok()?, variant(by)?),
        _ => return None,
    })
}
