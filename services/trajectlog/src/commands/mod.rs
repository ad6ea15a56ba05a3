//! The commands, one file each.

mod definitions;
mod demo;
mod export;
mod figures;
mod generate;
mod import;
mod rebuild;
mod replay;
mod status;

use app::AsOf;

use crate::{
    cli::{Cli, Command},
    failure::Failure,
    folder::{Folder, now},
};

/// Runs one command.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    let folder = |default| Folder::new(&cli.place, default);
    const DATA: &str = "data";
    match cli.command {
        Command::Demo => demo::run(&folder("demo-data")).await,
        Command::Import(args) => import::run(&folder(DATA), &args).await,
        Command::Export(args) => export::run(&folder(DATA), &args).await,
        Command::Figures(args) => figures::run(&folder(DATA), &args).await,
        Command::Status(args) => status::run(&folder(DATA), &args).await,
        Command::Replay(args) => replay::run(&folder(DATA), &args).await,
        Command::Rebuild => rebuild::run(&folder(DATA)).await,
        Command::Generate(args) => generate::run(&args),
        Command::Definitions => definitions::run(),
    }
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
