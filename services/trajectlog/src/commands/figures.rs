//! `trajectlog figures`.

use std::{
    fs::File,
    io::{IsTerminal, Write},
    path::Path,
};

use app::figures::{Ask, answer};
use event_log::EventLog;
use figures::Definitions;

use crate::{
    cli::{Against, Disclosure, Figures, Format},
    commands::{not_in_the_future, published},
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
        Format::Xlsx => output::xlsx::figures(&figures, &question, &as_of)?,
        Format::Parquet => output::parquet::figures(&figures, &question, &as_of)?,
    };
    put_out(args, &bytes)
}

/// To the file that was named, or to standard output.
pub fn put_out(args: &Figures, bytes: &[u8]) -> Result<(), Failure> {
    match &args.out {
        None => std::io::stdout().write_all(bytes)?,
        Some(path) => {
            let written = File::create(path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
            written.map_err(|e| Failure::wrong_use(format!("{} cannot be written: {e}", path.display())))?;
        }
    }
    Ok(())
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
