//! `trajectlog figures`.

use std::{
    fs::File,
    io::{IsTerminal, Write},
    path::Path,
};

use app::figures::{Ask, answer};
use event_log::EventLog;
use figures::Definitions;
use tables::{Form, TableError, Tidy};

use crate::{
    cli::{Against, Disclosure, Figures, Format},
    commands::{completeness::warn_of_nothing, not_in_the_future, published},
    failure::Failure,
    folder::now,
    output,
    place::Place,
    progress,
};

/// The longest definition file, in bytes: the built-in one has three thousand.
const LONGEST_DEFINITIONS: u64 = 1 << 20;

pub async fn run(place: &Place, args: &Figures) -> Result<(), Failure> {
    let binary = matches!(args.format, Format::Xlsx | Format::Parquet);
    if binary && args.out.is_none() && std::io::stdout().is_terminal() {
        return Err(Failure::wrong_use("this form is not for a terminal: name a file with --out, or send the output to one"));
    }
    if args.datapackage && (args.disclosure == Disclosure::Public || matches!(args.format, Format::Json | Format::Table)) {
        return Err(Failure::wrong_use(
            "--datapackage describes a file of rows: ask with --format csv, xlsx or parquet, and without --disclosure public",
        ));
    }
    let ask = Ask {
        quarter: args.quarter,
        scope: args.scope.clone(),
        definitions: definitions(args.definitions.as_deref())?.0,
        tables: args.tables,
        as_of: not_in_the_future(args.as_of)?,
    };
    if args.disclosure == Disclosure::Public {
        return published::run(place, args).await;
    }
    let log = place.log().await?;
    let bar = progress::events("counting", log.resolve(ask.as_of.until()).await?.position.0);
    let (mut figures, as_of) = answer(&log, &ask, now, &mut |read| bar.inc(read)).await?;
    bar.finish_and_clear();
    // The cell of all is always there, and no other where nothing runs.
    if figures.cells.len() == 1 {
        warn_of_nothing(place, &ask.scope, ask.quarter, ask.as_of).await?;
    }
    if args.against == Against::Published {
        published::compare(place, args, &mut figures)?;
    }
    let question = ask.question();
    let bytes = match args.format {
        Format::Json => {
            let mut text = figures.to_json(&question, &as_of).to_string().into_bytes();
            text.push(b'\n');
            text
        }
        Format::Table => output::table::figures(&figures, &question, &as_of).into_bytes(),
        Format::Csv => figures.to_csv(&question, &as_of).into_bytes(),
        Format::Xlsx => tidy(&figures.to_csv(&question, &as_of))?.xlsx().map_err(unwritten)?,
        Format::Parquet => tidy(&figures.to_csv(&question, &as_of))?.parquet().map_err(unwritten)?,
    };
    put_out(args, &bytes)?;
    match (args.datapackage, &args.out, form_of(args.format)) {
        (true, Some(out), Some(form)) => describe(out, form, &tidy(&figures.to_csv(&question, &as_of))?),
        _ => Ok(()),
    }
}

fn tidy(csv: &str) -> Result<Tidy, Failure> {
    Tidy::read(csv.as_bytes()).map_err(unwritten)
}

fn unwritten(error: TableError) -> Failure {
    Failure::cannot_open(error.to_string())
}

/// The form of rows, of those that have rows.
const fn form_of(format: Format) -> Option<Form> {
    match format {
        Format::Csv => Some(Form::Csv),
        Format::Xlsx => Some(Form::Xlsx),
        Format::Parquet => Some(Form::Parquet),
        Format::Json | Format::Table => None,
    }
}

/// Writes `datapackage.json` beside a file.
fn describe(file: &Path, form: Form, tidy: &Tidy) -> Result<(), Failure> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut text = format!("{:#}", tables::package(tidy, &name, form));
    text.push('\n');
    write_file(&file.with_file_name("datapackage.json"), text.as_bytes())
}

/// To the file that was named, or to standard output.
pub fn put_out(args: &Figures, bytes: &[u8]) -> Result<(), Failure> {
    match &args.out {
        None => std::io::stdout().write_all(bytes)?,
        Some(path) => write_file(path, bytes)?,
    }
    Ok(())
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = File::create(path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|e| Failure::wrong_use(format!("{} cannot be written: {e}", path.display())))
}

/// A definition set, and its text.
pub fn definitions(path: Option<&Path>) -> Result<(Definitions, String), Failure> {
    let Some(path) = path else {
        return Ok((Definitions::built_in().clone(), Definitions::built_in_text().to_owned()));
    };
    let unreadable = |e: std::io::Error| Failure::wrong_use(format!("{} cannot be read: {e}", path.display()));
    if std::fs::metadata(path).map_err(unreadable)?.len() > LONGEST_DEFINITIONS {
        return Err(Failure::wrong_use(format!("{} is too long for a definition set", path.display())));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let set = Definitions::from_toml(&text).map_err(|e| Failure::wrong_use(format!("{}: {e}", path.display())))?;
    if set.name.ends_with("-modified") {
        tracing::warn!("the set differs from the built-in one of its name and is called {}: give it a name of its own", set.name);
    }
    Ok((set, text))
}
