//! `trajectlog report`.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    path::Path,
};

use app::{
    figures::{Ask, Warm, answer},
    ordered,
};
use domain::Quarter;
use event_log::EventLog;
use figures::{
    Definitions, Figures, Question, Scope,
    disclosure::{Area, Tables},
};
use report::{Facts, Known, Numbers, Report, TREND};

use crate::{
    cli::{self, Disclosure},
    commands::{begun, completeness::refuse_nobody, figures::definitions, not_in_the_future, published::PublishedQuarter},
    failure::Failure,
    folder::now,
    place::Place,
    progress,
};

/// What the file's name says it is to be.
#[derive(Clone, Copy)]
enum Form {
    Html,
    Pdf,
}

/// What is written of each when all reports are.
const EVERY_FORM: &[(Form, &str)] =
    if cfg!(feature = "pdf") { &[(Form::Html, "html"), (Form::Pdf, "pdf")] } else { &[(Form::Html, "html")] };

pub async fn run(place: &Place, args: &cli::Report) -> Result<(), Failure> {
    begun(args.quarter)?;
    let published = args.published || args.disclosure == Disclosure::Public;
    if args.all {
        is_a_folder(&args.out)?;
        return if published {
            let quarter = PublishedQuarter::of(place, args).await?;
            write_all(args, &quarter.areas(), |area| quarter.facts(&area.scope(), TREND))
        } else {
            let state = State::of(place, args).await?;
            let tables = state.tables();
            let areas: Vec<Area> = tables.get(&args.quarter).into_iter().flat_map(|tables| tables.0.keys().cloned()).collect();
            write_all(args, &areas, |area| Ok(state.facts(area.scope(), |quarter| state.numbers_of(&tables, quarter, area))))
        };
    }
    let form = form(&args.out)?;
    let facts = if published { PublishedQuarter::of(place, args).await?.facts(&args.scope, TREND)? } else { counted(place, args).await? };
    write(&args.out, &rendered(&report::write(&facts), form)?)
}

/// All reports go into a folder: a name that says which form one report is to have is a mistake.
fn is_a_folder(out: &Path) -> Result<(), Failure> {
    let ending = out.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    if !out.is_dir() && (out.exists() || matches!(ending.as_deref(), Some("html" | "htm" | "pdf"))) {
        let out = out.display();
        return Err(Failure::wrong_use(format!(
            "with --all, --out names a folder, and {out} is the name of a file: name a folder, such as --out reports"
        )));
    }
    Ok(())
}

/// Writes the report on each area as page and as PDF, in the folder that `--out` names; every processor takes its share.
fn write_all(args: &cli::Report, areas: &[Area], facts: impl Fn(&Area) -> Result<Facts, Failure> + Sync) -> Result<(), Failure> {
    fs::create_dir_all(&args.out).map_err(|e| Failure::wrong_use(format!("the folder {} cannot be made: {e}", args.out.display())))?;
    let bar = progress::steps("writing reports", areas.len() as u64);
    let of_area = |area: &Area| {
        let report = report::write(&facts(area)?);
        for (form, ending) in EVERY_FORM {
            let name = format!("{}.{ending}", report::file_name(args.quarter, &area.scope()));
            write(&args.out.join(name), &rendered(&report, *form)?)?;
        }
        Ok(())
    };
    let mut left = areas.iter();
    let written = ordered::in_order(
        ordered::threads(),
        move || left.next(),
        of_area,
        |written: Result<(), Failure>| {
            bar.inc(1);
            written
        },
    );
    bar.finish_and_clear();
    written?;
    let forms = if EVERY_FORM.len() > 1 { "page and PDF" } else { "page" };
    writeln!(std::io::stdout(), "{} reports on {}, each as {forms}, in {}", areas.len(), args.quarter, args.out.display())?;
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = File::create(path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|e| Failure::wrong_use(format!("{} cannot be written: {e}", path.display())))
}

/// What a report is written from that is counted from the log. The comparisons are counted from the same state of it, unless another is named.
async fn counted(place: &Place, args: &cli::Report) -> Result<Facts, Failure> {
    let (previous, year_earlier) = (args.quarter.previous(), args.quarter.year_earlier());
    if let Some((other, _)) = args.compared_as_of.iter().find(|(of, _)| *of != previous && *of != year_earlier) {
        return Err(Failure::wrong_use(format!("{} is compared with {previous} and {year_earlier}, not with {other}", args.quarter)));
    }
    for (_, state) in &args.compared_as_of {
        not_in_the_future(Some(*state))?;
    }
    let state = State::of(place, args).await?;
    // The cell of all is always there, and no other where nothing runs. A report on nobody would be read as one on somebody of whom nothing is known.
    if state.warm.figures(&state.question(args.quarter, &args.scope)).cells.len() == 1 {
        refuse_nobody(place, &args.scope, args.as_of.unwrap_or_default()).await?;
    }
    let mut facts = state.facts(args.scope.clone(), |quarter| state.numbers(quarter, &args.scope));
    for (quarter, then) in &args.compared_as_of {
        let ask = Ask { quarter: *quarter, scope: args.scope.clone(), definitions: state.definitions.clone(), tables: false, as_of: *then };
        let known = known_then(place, &ask).await?;
        if *quarter == previous {
            facts.previous = Some(known);
        } else {
            facts.year_earlier = Some(known);
        }
    }
    Ok(facts)
}

/// The numbers of a quarter as another state of the log had them.
async fn known_then(place: &Place, ask: &Ask) -> Result<Known, Failure> {
    let log = place.log().await?;
    let bar = progress::events("counting", log.resolve(ask.as_of.until()).await?.position.0);
    let (figures, as_of) = answer(&log, ask, now, &mut |read| bar.inc(read)).await?;
    bar.finish_and_clear();
    Ok(Known { numbers: Numbers::of(ask.quarter, &figures, &ask.definitions), position: as_of.position, recorded_at: as_of.recorded_at })
}

/// One state of the log, read once: every number of a report is counted from it.
struct State {
    quarter: Quarter,
    definitions: Definitions,
    warm: Warm,
    as_of: figures::AsOf,
}

impl State {
    async fn of(place: &Place, args: &cli::Report) -> Result<Self, Failure> {
        let as_of = not_in_the_future(args.as_of)?;
        let definitions = definitions(args.definitions.as_deref())?.0;
        let log = place.log().await?;
        let bar = progress::events("counting", log.resolve(as_of.until()).await?.position.0);
        let warm = Warm::of(&log, as_of, &mut |read| bar.inc(read)).await?;
        bar.finish_and_clear();
        let as_of = warm.state(args.quarter, as_of, now);
        Ok(Self { quarter: args.quarter, definitions, warm, as_of })
    }

    /// What a report on a scope is written from, of the numbers that are told of each quarter.
    fn facts(&self, scope: Scope, numbers: impl Fn(Quarter) -> Numbers) -> Facts {
        Facts::of_state(self.quarter, scope, self.definitions.clone(), &self.as_of, numbers)
    }

    const fn question<'a>(&'a self, quarter: Quarter, scope: &'a Scope) -> Question<'a> {
        Question { quarter, scope, definitions: &self.definitions, tables: false }
    }

    fn numbers(&self, quarter: Quarter, scope: &Scope) -> Numbers {
        Numbers::of(quarter, &self.warm.figures(&self.question(quarter, scope)), &self.definitions)
    }

    /// The tables of every area, for each quarter of the line.
    fn tables(&self) -> BTreeMap<Quarter, Tables> {
        let everywhere = Scope::default();
        report::line(self.quarter).into_iter().map(|quarter| (quarter, self.warm.tables(&self.question(quarter, &everywhere)))).collect()
    }

    fn numbers_of(&self, tables: &BTreeMap<Quarter, Tables>, quarter: Quarter, area: &Area) -> Numbers {
        let table = tables.get(&quarter).and_then(|tables| tables.0.get(area));
        let cells = table.into_iter().flatten().map(|(key, counts)| (key.clone(), counts.clone())).collect();
        Numbers::of(quarter, &Figures { cells, ..Figures::default() }, &self.definitions)
    }
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
