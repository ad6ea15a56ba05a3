//! JSON Lines in: first the form of the whole input, then each decision judged in order.

use std::{collections::VecDeque, io::Read};

use domain::Code;
use event_log::EventLog;
use proto_events::{
    CheckedText, Id, Text,
    json::{self, EventLine, LONGEST_LINE},
    upcast::Upcasters,
};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::runtime::Handle;

use crate::{AppError, Command, Desk, Judged, Judgement, Ledger, LineRefusal, Reach, RecordedMode, ordered};

/// The most lines of one decision: a record counts its events in 16 bits, and nobody decides on more at once.
const LONGEST_DECISION: usize = 10_000;
/// Input is worked on in blocks of about this size: small enough that what is parsed is still in the processor's cache when it
/// is judged.
const BLOCK: usize = 128 << 10;

/// What became of the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Appended.
    pub imported: u64,
    /// There before, with the same content.
    pub already_present: u64,
    /// Left out.
    pub refused: u64,
}

impl Summary {
    /// The last line of standard output.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!(r#"{{"imported":{},"already_present":{},"refused":{}}}"#, self.imported, self.already_present, self.refused)
    }
}

/// A line that is malformed or refused, as it is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, counted from 1, blank ones too.
    pub line: u64,
    /// Its event, where it has a readable id.
    pub event_id: Option<String>,
    /// The rule.
    pub code: Code,
    /// What it collides with.
    pub conflicts: Vec<String>,
    /// What is wrong and what to do.
    pub detail: String,
}

impl Fault {
    /// One JSON object.
    #[must_use]
    pub fn to_json(&self) -> String {
        json!({"line": self.line, "event_id": self.event_id, "code": self.code.as_str(), "conflicts": self.conflicts, "detail": self.detail})
            .to_string()
    }

    fn malformed(line: u64, event_id: Option<Id>, detail: String) -> Self {
        Self { line, event_id: event_id.map(|id| id.to_string()), code: Code::Malformed, conflicts: Vec::new(), detail }
    }

    fn refused(line: u64, refusal: &LineRefusal) -> Self {
        let refusal = &refusal.refusal;
        Self {
            line,
            event_id: Some(refusal.event.0.to_string()),
            code: refusal.code,
            conflicts: refusal.conflicts.iter().map(|id| id.0.to_string()).collect(),
            detail: refusal.detail(),
        }
    }
}

/// Told how many bytes of the input were worked on.
pub type Progress<'a> = &'a mut (dyn FnMut(u64) + Send);

/// Checks the form of the whole input and reports every malformed line. How many there are.
///
/// # Errors
/// When the input cannot be read.
pub fn check_form(input: impl Read + Send, report: &mut (dyn FnMut(Fault) + Send), progress: Progress<'_>) -> Result<u64, AppError> {
    let (mut malformed, mut first_has_moment) = (0, None::<bool>);
    each_block(input, |block: Block<CheckedText>| {
        for (line, parsed) in block.lines {
            let fault = match parsed {
                Err(wrong) => Some(Fault::malformed(line, wrong.event_id, wrong.detail)),
                Ok(event) => {
                    let has_moment = event.recorded_at.is_some();
                    let first = *first_has_moment.get_or_insert(has_moment);
                    let detail = if first {
                        "recorded_at is missing: in one file all lines have it or none"
                    } else {
                        "recorded_at: in one file all lines have it or none"
                    };
                    (first != has_moment).then(|| Fault::malformed(line, Some(event.event_id), detail.to_owned()))
                }
            };
            if let Some(fault) = fault {
                malformed += 1;
                report(fault);
            }
        }
        progress(block.bytes);
        Ok(())
    })?;
    Ok(malformed)
}

/// Decisions that were handed in and are not yet answered, at most, in portions.
const AHEAD: usize = 16;
/// Decisions that are handed in together.
const PORTION: usize = 512;
/// Lines that are judged without being recorded, between two moments at which what they are compared by is made small.
const PRETENDED: usize = 8_192;

/// Records a well-formed input, decision by decision, and reports every refusal.
///
/// # Errors
/// When the input cannot be read or the log does not take it; what was durable before stays, and the same import can be
/// repeated.
pub async fn record(
    desk: &Desk,
    mode: RecordedMode,
    input: impl Read + Send,
    report: &mut (dyn FnMut(Fault) + Send),
    progress: Progress<'_>,
) -> Result<Summary, AppError> {
    let runtime = Handle::current();
    let (mut summary, mut portion, mut numbers) = (Summary::default(), Vec::new(), Vec::new());
    let (row, mut answers) = (desk.row(), VecDeque::new());
    tokio::task::block_in_place(|| {
        let mut hand_in = |portion: &mut Vec<Command>, numbers: &mut Vec<Vec<u64>>, ahead: usize| -> Result<(), AppError> {
            if !portion.is_empty() {
                answers.push_back((std::mem::take(numbers), runtime.block_on(row.hand_in(std::mem::take(portion)))?));
            }
            while answers.len() > ahead {
                let Some((numbers, answer)) = answers.pop_front() else { break };
                let judgements = runtime.block_on(answer).map_err(|_| AppError::Stopped("the desk"))??;
                for (numbers, judgement) in numbers.iter().zip(&judgements) {
                    summary.count(numbers, judgement, report);
                }
            }
            Ok(())
        };
        each_decision(input, progress, &mut |decision| {
            let (of, lines) = decision.drain(..).unzip();
            numbers.push(of);
            portion.push(Command { lines, mode, expected_revision: None, reach: Reach::All });
            if portion.len() >= PORTION { hand_in(&mut portion, &mut numbers, AHEAD) } else { Ok(()) }
        })?;
        hand_in(&mut portion, &mut numbers, 0)
    })?;
    Ok(summary)
}

/// Judges a well-formed input as [`record`] would, and records nothing.
///
/// # Errors
/// When the input or the log cannot be read.
pub async fn judge<L: EventLog>(
    ledger: &mut Ledger<L>,
    mode: RecordedMode,
    input: impl Read + Send,
    report: &mut (dyn FnMut(Fault) + Send),
    progress: Progress<'_>,
) -> Result<Summary, AppError> {
    let runtime = Handle::current();
    let mut summary = Summary::default();
    tokio::task::block_in_place(|| {
        each_decision(input, progress, &mut |decision| {
            let (numbers, lines): (Vec<u64>, Vec<EventLine>) = decision.drain(..).unzip();
            let judgement = runtime.block_on(ledger.judge(Command { lines, mode, expected_revision: None, reach: Reach::All }))?;
            summary.count(&numbers, &judgement, report);
            if ledger.grouped_events() >= PRETENDED { ledger.pretend() } else { Ok(()) }
        })
    })?;
    Ok(summary)
}

impl Summary {
    fn count(&mut self, numbers: &[u64], judgement: &Judgement, report: &mut (dyn FnMut(Fault) + Send)) {
        for judged in &judgement.lines {
            match judged {
                Judged::Recorded => self.imported += 1,
                Judged::AlreadyPresent => self.already_present += 1,
                Judged::Refused => self.refused += 1,
            }
        }
        if let Some(refusal) = &judgement.refusal {
            report(Fault::refused(numbers.get(refusal.place).copied().unwrap_or_default(), refusal));
        }
    }
}

/// Lines, and their numbers in the input.
type Numbered = Vec<(u64, EventLine)>;

/// The input decision by decision: neighbouring lines of one decision together, with their numbers.
fn each_decision(
    input: impl Read + Send,
    progress: Progress<'_>,
    take: &mut (dyn FnMut(&mut Numbered) -> Result<(), AppError> + Send),
) -> Result<(), AppError> {
    let mut decision = Numbered::new();
    each_block(input, |block: Block<Text>| {
        for (number, parsed) in block.lines {
            let line = parsed.map_err(|wrong| AppError::Io {
                what: format!("line {number}: the input has changed since its form was checked"),
                cause: wrong.detail,
            })?;
            let goes_on = |(_, last): &(u64, EventLine)| {
                line.decision.is_some() && line.decision == last.decision && line.trajectory_id == last.trajectory_id
            };
            if !decision.is_empty() && (!decision.last().is_some_and(goes_on) || decision.len() >= LONGEST_DECISION) {
                take(&mut decision)?;
            }
            decision.push((number, line));
        }
        progress(block.bytes);
        Ok(())
    })?;
    if decision.is_empty() { Ok(()) } else { take(&mut decision) }
}

/// Some lines, parsed, and how many bytes they took.
struct Block<T> {
    lines: Vec<(u64, Result<EventLine<T>, json::Malformed>)>,
    bytes: u64,
}

/// Parses the input on all processors and gives the blocks on in order.
fn each_block<T: DeserializeOwned + Send>(
    input: impl Read + Send,
    mut sink: impl FnMut(Block<T>) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let upcasters = Upcasters::of_today();
    let mut lines = Lines { input, rest: Vec::new(), next_line: 1, ended: false };
    ordered::in_order(
        ordered::threads(),
        move || lines.next_block().transpose(),
        |block| {
            let (first, bytes) = block?;
            let length = bytes.len() as u64;
            let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
            let mut lines = Vec::with_capacity(text.iter().filter(|b| **b == b'\n').count() + 1);
            let parsed = (first..).zip(text.split(|b| *b == b'\n')).filter(|(_, line)| !line.trim_ascii().is_empty());
            lines.extend(parsed.map(|(number, line)| (number, json::parse_line(line, &upcasters))));
            Ok(Block { lines, bytes: length })
        },
        |block: Result<Block<T>, AppError>| sink(block?),
    )
}

/// Input in blocks of whole lines.
struct Lines<R> {
    input: R,
    rest: Vec<u8>,
    next_line: u64,
    ended: bool,
}

impl<R: Read> Lines<R> {
    /// The number of the first line, and the lines.
    fn next_block(&mut self) -> Result<Option<(u64, Vec<u8>)>, AppError> {
        loop {
            if self.ended {
                let rest = std::mem::take(&mut self.rest);
                return Ok((!rest.is_empty()).then(|| self.numbered(rest)));
            }
            let had = self.rest.len();
            let read = (&mut self.input).take(BLOCK as u64).read_to_end(&mut self.rest).map_err(AppError::io("reading the input"))?;
            self.ended = read == 0;
            // Searched in what is new only: a line of a gigabyte must not be searched a thousand times.
            if let Some(end) = self.rest[had..].iter().rposition(|b| *b == b'\n') {
                let rest = self.rest.split_off(had + end + 1);
                let block = std::mem::replace(&mut self.rest, rest);
                return Ok(Some(self.numbered(block)));
            }
            // Nobody needs the end of a line that is far too long: it is refused for its length.
            let line = self.rest.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
            self.rest.truncate(line + (self.rest.len() - line).min(LONGEST_LINE + 1));
        }
    }

    fn numbered(&mut self, block: Vec<u8>) -> (u64, Vec<u8>) {
        let first = self.next_line;
        self.next_line += block.iter().filter(|b| **b == b'\n').count() as u64;
        (first, block)
    }
}
