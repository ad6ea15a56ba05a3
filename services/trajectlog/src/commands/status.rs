//! `trajectlog status`.

use std::io::Write;

use app::timeline_of;
use domain::{Date, Status, SustainableWork};

use crate::{
    cli::{ShortFormat, Status as Args},
    commands::not_in_the_future,
    failure::Failure,
    folder::now,
    output,
    place::Place,
};

pub async fn run(place: &Place, args: &Args) -> Result<(), Failure> {
    let until = not_in_the_future(args.as_of)?.until();
    let log = place.log().await?;
    let (head, timeline) = timeline_of(&log, args.trajectory, until).await?;
    let Some(timeline) = timeline else {
        return Err(Failure::refused(format!("the log holds no trajectory {} at position {}", args.trajectory, head.position)));
    };
    let day = args.on.map_or_else(|| app::amsterdam_day(now()), |date| Date::from_days(date.days()));
    let status = Status::on(&timeline, day, &SustainableWork::default());
    let text = match args.format {
        ShortFormat::Json => app::status::to_json(args.trajectory, &timeline, &status).to_string(),
        ShortFormat::Table => output::table::status(args.trajectory, &timeline, &status),
    };
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
