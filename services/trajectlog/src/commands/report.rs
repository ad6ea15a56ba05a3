//! `trajectlog report`.

use std::{fs::File, io::Write, path::Path};

use app::{
    AsOf,
    figures::{Ask, Warm, answer},
};
use domain::Quarter;
use event_log::{EventLog, Position};
use figures::Question;
use report::{Facts, Known, Numbers, Report};

use crate::{
    cli::{self, Disclosure},
    commands::{figures::definitions, not_in_the_future, published},
    failure::Failure,
    folder::now,
    place::Place,
    progress,
};

/// So many quarters a line of the report goes back, this one included: two years.
const TREND: usize = 8;

/// What the file's name says it is to be.
#[derive(Clone, Copy)]
enum Form {
    Html,
    Pdf,
}

pub async fn run(place: &Place, args: &cli::Report) -> Result<(), Failure> {
    let form = form(&args.out)?;
    let facts = if args.published || args.disclosure == Disclosure::Public {
        published::facts(place, args, TREND)?
    } else {
        counted(place, args).await?
    };
    let bytes = rendered(&report::write(&facts), form)?;
    let written = File::create(&args.out).and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()));
    written.map_err(|e| Failure::wrong_use(format!("{} cannot be written: {e}", args.out.display())))
}

/// What a report is written from that is counted from the log.
async fn counted(place: &Place, args: &cli::Report) -> Result<Facts, Failure> {
    let (previous, year_earlier) = (args.quarter.previous(), args.quarter.year_earlier());
    if let Some((other, _)) = args.compared_as_of.iter().find(|(of, _)| *of != previous && *of != year_earlier) {
        return Err(Failure::wrong_use(format!("{} is compared with {previous} and {year_earlier}, not with {other}", args.quarter)));
    }
    let as_of = not_in_the_future(args.as_of)?;
    let ask = Ask {
        quarter: args.quarter,
        scope: args.scope.clone(),
        definitions: definitions(args.definitions.as_deref())?.0,
        tables: false,
        as_of,
    };
    let log = place.log().await?;
    let (current, provisional) = known(&log, &ask).await?;
    // The comparisons and the line are counted from the same state of the log, unless another is named.
    let same = AsOf::Position(Position(current.position));
    let earlier = |quarter: Quarter| Ask {
        quarter,
        as_of: args.compared_as_of.iter().rfind(|(of, _)| *of == quarter).map_or(same, |(_, state)| *state),
        ..ask.clone()
    };
    for (_, state) in &args.compared_as_of {
        not_in_the_future(Some(*state))?;
    }
    let (previous, _) = known(&log, &earlier(previous)).await?;
    let (year_earlier, _) = known(&log, &earlier(year_earlier)).await?;
    let trend = trend(&log, &Ask { as_of: same, ..ask.clone() }).await?;
    Ok(Facts {
        scope: ask.scope,
        definitions: ask.definitions,
        current,
        previous: Some(previous),
        year_earlier: Some(year_earlier),
        trend,
        provisional,
        published: false,
    })
}

fn form(path: &Path) -> Result<Form, Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("html" | "htm") => Ok(Form::Html),
        Some("pdf") if cfg!(feature = "pdf") => Ok(Form::Pdf),
        Some("pdf") => Err(Failure::wrong_use("this program was built without the feature `pdf`: name a file that ends in .html")),
        Some(_) | None => Err(Failure::wrong_use(format!("{} ends in neither .html nor .pdf, which says what is written", path.display()))),
    }
}

/// The numbers of a quarter, and whether it had ended.
async fn known<L: EventLog>(log: &L, ask: &Ask) -> Result<(Known, bool), Failure> {
    let bar = progress::events("counting", log.resolve(ask.as_of.until()).await?.position.0);
    let (figures, as_of) = answer(log, ask, now, &mut |read| bar.inc(read)).await?;
    bar.finish_and_clear();
    let numbers = Numbers::of(ask.quarter, &figures, &ask.definitions);
    Ok((Known { numbers, position: as_of.position, recorded_at: as_of.recorded_at }, as_of.provisional))
}

/// The quarters up to this one, oldest first, from the first in which somebody was guided.
async fn trend<L: EventLog>(log: &L, ask: &Ask) -> Result<Vec<Numbers>, Failure> {
    let warm = Warm::of(log, ask.as_of, &mut |_| ()).await?;
    let quarters: Vec<Quarter> = std::iter::successors(Some(ask.quarter), |quarter| Some(quarter.previous())).take(TREND).collect();
    let of = |quarter: &Quarter| {
        let question = Question { quarter: *quarter, ..ask.question() };
        Numbers::of(*quarter, &warm.figures(&question), &ask.definitions)
    };
    Ok(quarters.iter().rev().map(of).skip_while(Numbers::is_empty).collect())
}

fn rendered(report: &Report, form: Form) -> Result<Vec<u8>, Failure> {
    match form {
        Form::Html => Ok(report::page(report).map_err(|e| Failure::refused(format!("the report cannot be written: {e}")))?.into_bytes()),
        Form::Pdf => pdf(report),
    }
}

#[cfg(feature = "pdf")]
fn pdf(report: &Report) -> Result<Vec<u8>, Failure> {
    report_pdf::pdf(report).map_err(|e| Failure::refused(format!("the report cannot be written as PDF: {e}")))
}

#[cfg(not(feature = "pdf"))]
fn pdf(_: &Report) -> Result<Vec<u8>, Failure> {
    Err(Failure::wrong_use("this program was built without the feature `pdf`"))
}
