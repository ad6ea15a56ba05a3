//! The state of a trajectory on a day, in the shape of the contract.

use domain::{Status, Timeline};
use serde_json::{Value, json};
use uuid::Uuid;

/// The status as JSON: also the value of the key-value bucket.
#[must_use]
pub fn to_json(trajectory: Uuid, timeline: &Timeline, status: &Status) -> Value {
    let jobs: Vec<Value> = status
        .jobs
        .iter()
        .map(|job| {
            let conditions: serde_json::Map<String, Value> =
                job.conditions.iter().map(|(condition, verdict)| (condition.as_str().to_owned(), verdict.as_str().into())).collect();
            json!({
                "job_id": job.job.0.to_string(),
                "started": job.started.to_string(),
                "stopped": job.stopped.map(|day| day.to_string()),
                "sustainable": job.sustainable.as_str(),
                "conditions": conditions,
            })
        })
        .collect();
    json!({
        "trajectory_id": trajectory.to_string(),
        "organisation": timeline.organisation().as_str(),
        "revision": timeline.revision(),
        "on": status.on.to_string(),
        "method": status.method.map(domain::Method::as_str),
        "running": status.running,
        "step": status.step.map(domain::Step::as_str),
        "paid_work": status.paid_work,
        "sustainable_work": status.sustainable_work.as_str(),
        "jobs": jobs,
    })
}
