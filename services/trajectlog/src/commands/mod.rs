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
    let folder = Folder::new(&cli.place);
    match cli.command {
        Command::Demo => demo::run(&Folder::of_demo(&cli.place)).await,
        Command::Import(args) => import::run(&folder, &args).await,
        Command::Export(args) => export::run(&folder, &args).await,
        Command::Figures(args) => figures::run(&folder, &args).await,
        Command::Status(args) => status::run(&folder, &args).await,
        Command::Replay(args) => replay::run(&folder, &args).await,
        Command::Rebuild => rebuild::run(&folder).await,
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
