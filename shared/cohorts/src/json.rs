//! The answers as one JSON object.
//!
//! ```json
//! {"quarter":"2025Q1","until":"2025-03-31",
//!  "first_job":{"ips":{"all":CURVE,"without":CURVE,"before":CURVE,"during":CURVE,"had_one":0}},
//!  "placements":{"ips":[{"started":"2024Q1","funding":"municipality","looking_for_one":0,"had_one":0,"found":0,"left":0,"still_looking":0,"by_month":[POINT]}]},
//!  "sequels":[{"after":"jobcoaching","next":"ips","trajectories":0,"median_gap_days":0}],
//!  "year_later":[{"method":"jobcoaching","became":"followed","by":"ips","trajectories":0}],
//!  "alongside":{"all":{"unpaid":0,"paid_work":0,"education":0,"both":0,"neither":0,"began_before":0,"neither_began_before":0}},
//!  "durations":{"all":{"jobs":CURVE,"sustainable":CURVE}}}
//! ```
//! `CURVE` is `{"observed","happened","median_days","by_month":[POINT],"steps":[{"day","at_risk","happened","waiting"}]}`, `POINT`
//! `{"month","day","happened","lower","upper","at_risk"}`; a point beyond the last day on which anybody was seen is left out. Parts are numbers from 0 to 1 with
//! six decimals, days and counts integers; `null` where nothing can be said.

use domain::{Funding, Method, Quarter};
use serde_json::{Map, Value, json};

use crate::{
    Answers,
    alongside::Alongside,
    first_job::{FirstJobs, Unpaid},
    placements::Cohort,
    sequels::{Became, Next},
    survival::{Curve, Observation, Point},
};

impl Answers {
    /// As the head of this file says.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let durations = |method: Option<Method>| {
            let durations = &self.durations[&method];
            (name(method), json!({"jobs": curve(&durations.jobs), "sustainable": curve(&durations.sustainable)}))
        };
        json!({
            "quarter": self.window.quarter.to_string(),
            "until": self.window.until().to_string(),
            "first_job": object(self.first_jobs.iter().map(|(method, found)| (method.as_str(), first_jobs(found)))),
            "placements": object(self.placements.iter().map(|(method, cohorts)| (method.as_str(), cohorts.iter().map(cohort).collect()))),
            "sequels": self.sequel_rows(),
            "year_later": self.year_later.iter().map(year_later).collect::<Vec<_>>(),
            "alongside": object(self.alongside.iter().map(|(method, found)| (name(*method), alongside(found)))),
            "durations": object(self.durations.keys().map(|method| durations(*method))),
        })
    }

    fn sequel_rows(&self) -> Vec<Value> {
        let row = |((after, next), count): (&(Method, Next), &u64)| {
            let next = match next {
                Next::Nothing => None,
                Next::Method(method) => Some(*method),
            };
            let gap = next.and_then(|next| self.sequels.median_gap(*after, next));
            json!({"after": after.as_str(), "next": next.map(|next| next.as_str()), "trajectories": count, "median_gap_days": gap})
        };
        self.sequels.counts.iter().map(row).collect()
    }
}

fn object<'a>(members: impl Iterator<Item = (&'a str, Value)>) -> Value {
    Value::Object(members.map(|(name, value)| (name.to_owned(), value)).collect())
}

fn name(method: Option<Method>) -> &'static str {
    method.map_or("all", |method| method.as_str())
}

fn curve(observations: &[Observation]) -> Value {
    let curve = Curve::of(observations);
    let steps = curve
        .steps
        .iter()
        .map(|step| json!({"day": step.day, "at_risk": step.at_risk, "happened": step.happened, "waiting": rounded(step.waiting)}));
    json!({
        "observed": curve.observed,
        "happened": curve.happened,
        "median_days": curve.median(),
        "by_month": points(&curve),
        "steps": steps.collect::<Vec<_>>(),
    })
}

fn points(curve: &Curve) -> Vec<Value> {
    let point = |Point { month, day, estimate }: Point| {
        let [happened, lower, upper] = [Some(estimate.happened), estimate.lower, estimate.upper].map(|part| part.map(rounded));
        json!({"month": month, "day": day, "happened": happened, "lower": lower, "upper": upper, "at_risk": estimate.at_risk})
    };
    curve.by_month().map(point).collect()
}

#[allow(clippy::float_arithmetic, reason = "an estimate is written with six decimals")]
fn rounded(part: f64) -> f64 {
    (part * 1e6).round() / 1e6
}

fn first_jobs(found: &FirstJobs) -> Value {
    let mut answer = Map::new();
    answer.insert("all".to_owned(), curve(&found.all));
    for (unpaid, waits) in Unpaid::ALL.into_iter().zip(&found.by_unpaid) {
        answer.insert(unpaid.as_str().to_owned(), curve(waits));
    }
    answer.insert("had_one".to_owned(), found.had_one.into());
    Value::Object(answer)
}

fn cohort(((started, funding), cohort): (&(Quarter, Option<Funding>), &Cohort)) -> Value {
    let curve = Curve::of(&cohort.waits);
    json!({
        "started": started.to_string(),
        "funding": funding.map_or("all", |funding| funding.as_str()),
        "looking_for_one": curve.observed,
        "had_one": cohort.had_one,
        "found": curve.happened,
        "left": cohort.left,
        "still_looking": cohort.looking,
        "by_month": points(&curve),
    })
}

fn year_later(((method, became), count): (&(Method, Became), &u64)) -> Value {
    let (what, by) = match became {
        Became::Running => ("running", None),
        Became::Followed(next) => ("followed", Some(next.as_str())),
        Became::Ended => ("ended", None),
    };
    json!({"method": method.as_str(), "became": what, "by": by, "trajectories": count})
}

fn alongside(found: &Alongside) -> Value {
    json!({
        "unpaid": found.unpaid,
        "paid_work": found.paid_work,
        "education": found.education,
        "both": found.both,
        "neither": found.neither,
        "began_before": found.began_before,
        "neither_began_before": found.neither_began_before,
    })
}
