//! `trajectlog questions`.

use std::io::Write;

use app::figures::Warm;
use cohorts::{Answers, Window};
use domain::{SustainableWork, Trajectory};
use event_log::EventLog;
use serde_json::json;

use crate::{
    cli::{Questions as Args, ShortFormat},
    commands::not_in_the_future,
    failure::Failure,
    output,
    place::Place,
    progress,
};

pub async fn run(place: &Place, args: &Args) -> Result<(), Failure> {
    let as_of = not_in_the_future(args.as_of)?;
    let log = place.log().await?;
    let head = log.resolve(as_of.until()).await?;
    let bar = progress::events("reading", head.position.0);
    // What comes meanwhile belongs to no answer: the state is the one that is named in it.
    let warm = Warm::of(&log, app::AsOf::Position(head.position), &mut |read| bar.inc(read)).await?;
    bar.finish_and_clear();
    let trajectories: Vec<&Trajectory> = warm.trajectories().collect();
    if let Some(of) = &args.scope.organisation
        && !trajectories.iter().any(|trajectory| trajectory.organisation == *of)
    {
        return Err(super::completeness::nothing_of(of));
    }
    let window = Window { quarter: args.quarter, region: args.scope.region, organisation: args.scope.organisation.clone() };
    let answers = Answers::of(&trajectories, window, &SustainableWork::default());
    let recorded_at = head.recorded_at.map(|moment| moment.to_string());
    let text = match args.format {
        ShortFormat::Json => {
            let mut json = answers.to_json();
            json["scope"] = args.scope.as_text().into();
            json["as_of"] = json!({"position": head.position.0, "recorded_at": recorded_at});
            json.to_string()
        }
        ShortFormat::Table => output::questions::tables(&answers, &args.scope, head.position.0),
    };
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
