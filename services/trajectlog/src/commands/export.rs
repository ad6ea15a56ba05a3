//! `trajectlog export`.

use std::io::BufWriter;

use app::export::{Selection, write};
use event_log::{EventLog, Position};

use crate::{cli::Export, commands::not_in_the_future, failure::Failure, place::Place, progress};

pub async fn run(place: &Place, args: &Export) -> Result<(), Failure> {
    let until = not_in_the_future(args.as_of)?.until();
    let log = place.log().await?;
    let end = log.resolve(until).await?;
    if log.head().await?.position == Position::START {
        // Nothing to write, and perhaps no keys yet either.
        return found(args, 0);
    }
    let keys = place.keys(&log).await?;
    let selection = Selection { from: Position(args.from), until, trajectory: args.trajectory };
    let bar = progress::events("writing events", (end.position.0 + 1).saturating_sub(args.from));
    let mut out = BufWriter::new(std::io::stdout());
    let written = write(&log, &keys, selection, &mut out, &mut |read| bar.inc(read)).await?;
    bar.finish_and_clear();
    found(args, written)
}

/// A trajectory that was named and is not there is not found.
fn found(args: &Export, written: u64) -> Result<(), Failure> {
    match (args.trajectory, written) {
        (Some(trajectory), 0) => Err(Failure::refused(format!("the log holds no event of trajectory {trajectory} there"))),
        _ => Ok(()),
    }
}
