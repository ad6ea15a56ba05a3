//! The commands, one file each.

pub mod accounts;
mod completeness;
pub mod declare;
mod definitions;
pub mod demo;
pub mod difference;
mod export;
mod figures;
mod generate;
pub mod import;
mod lineage;
pub mod publish;
pub mod published;
mod questions;
pub mod rebuild;
mod replay;
mod report;
mod status;
mod vintages;

use app::AsOf;
use domain::Quarter;

use crate::{
    cli::{Cli, Command, Demo},
    failure::Failure,
    folder::now,
    place::Place,
    serve,
    settings::Settings,
    telemetry::Telemetry,
};

/// Runs one command.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    let settings = Settings::read(&cli.place)?;
    let (format, collector) = if let Command::Serve(args) | Command::Demo(Demo { serve: args, .. }) = &cli.command {
        (args.log_format, args.otlp.as_ref())
    } else {
        (None, None)
    };
    let telemetry = Telemetry::begin(&settings, format, collector)?;
    let outcome = command(cli, &settings).await;
    telemetry.end();
    outcome
}

async fn command(cli: Cli, settings: &Settings) -> Result<(), Failure> {
    if let Command::Demo(args) = &cli.command {
        return demo::run(&Place::of_demo(&cli.place, settings)?, args, settings).await;
    }
    let place = Place::of(&cli.place, settings)?;
    match cli.command {
        Command::Demo(args) => demo::run(&place, &args, settings).await,
        Command::Serve(args) => serve::run(&place, &args, settings).await,
        Command::Import(args) => import::run(&place, &args).await,
        Command::Export(args) => export::run(&place, &args).await,
        Command::Figures(args) => figures::run(&place, &args).await,
        Command::Lineage(args) => lineage::run(&place, &args).await,
        Command::Questions(args) => questions::run(&place, &args).await,
        Command::Report(args) => report::run(&place, &args).await,
        Command::Publish(args) => publish::run(&place, &args).await,
        Command::Vintages(args) => vintages::run(&place, &args).await,
        Command::Completeness(args) => completeness::run(&place, &args).await,
        Command::Declare(args) => declare::run(&place, &args).await,
        Command::Status(args) => status::run(&place, &args).await,
        Command::Replay(args) => replay::run(&place, &args).await,
        Command::Accounts(args) => accounts::run(&place, args.command).await,
        Command::Rebuild => rebuild::run(&place).await,
        Command::Generate(args) => generate::run(&args),
        Command::Definitions => definitions::run(),
    }
}

/// Of a quarter of which no day has come there is nothing to say.
fn begun(quarter: Quarter) -> Result<(), Failure> {
    if app::has_begun(quarter, now()) {
        return Ok(());
    }
    Err(Failure::wrong_use(format!("{quarter} has not begun: there is nothing to report of it yet")))
}

/// A moment that has not come has no state of the log.
fn not_in_the_future(as_of: Option<AsOf>) -> Result<AsOf, Failure> {
    match as_of {
        Some(AsOf::Moment(moment)) if moment > now() => {
            Err(Failure::wrong_use(format!("{moment} lies in the future: the log of then is not known yet")))
        }
        as_of => Ok(as_of.unwrap_or_default()),
    }
}
