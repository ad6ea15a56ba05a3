//! Lines to import: small histories with everything that an export must give back.

use serde_json::{Value, json};

/// An id that says what it is of.
pub fn id(kind: u32, n: usize) -> String {
    format!("{kind:08x}-0000-4000-8000-{n:012x}")
}

pub fn trajectory(n: usize) -> String {
    id(0x7000_0000, n)
}

/// The id of the n-th event of a trajectory.
pub fn event(of: usize, n: usize) -> String {
    id(0xe000_0000 + u32::try_from(n).expect("small"), of)
}

/// One event of a trajectory, without a moment.
pub fn line(of: usize, n: usize, kind: &str, on: &str, data: Value) -> Value {
    json!({
        "event_id": event(of, n),
        "trajectory_id": trajectory(of),
        "organisation": format!("org-{}", of % 3),
        "type": kind,
        "occurred_on": on,
        "data": data,
    })
}

/// As [`line`], recorded in the middle of this day.
pub fn at(mut line: Value, moment: &str) -> Value {
    line["recorded_at"] = moment.into();
    line
}

pub fn intake(of: usize, on: &str) -> Value {
    let data = json!({"client_id": id(0xc000_0000, of), "method": "ips", "funding": "municipality", "region": "AM18", "label": format!("Mevrouw De Wit {of}")});
    line(of, 1, "intake", on, data)
}

pub fn job(of: usize, on: &str) -> Value {
    let data = json!({"job_id": id(0xb000_0000, of), "regular_workplace": true, "hours_per_week": 24.5, "wage_value_percent": 100,
        "contract": {"kind": "fixed_term", "until": "2026-06-30"}, "employer": "Bakkerij Jansen", "sector": "voeding"});
    line(of, 2, "paid_work_started", on, data)
}

pub fn contact(of: usize, n: usize, on: &str) -> Value {
    line(
        of,
        n,
        "contact",
        on,
        json!({"with": "client", "channel": "phone", "minutes": 30, "note": format!("gesprek {n}: \"goed\" ü 🙂\n")}),
    )
}

pub fn text(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// So many trajectories with six events each, one of them a decision of two, another a correction.
pub fn history(trajectories: usize) -> String {
    let mut lines = Vec::new();
    for of in 1..=trajectories {
        let mut first = contact(of, 3, "2025-01-08");
        let mut second = contact(of, 4, "2025-01-09");
        first["decision"] = first["event_id"].clone();
        second["decision"] = first["event_id"].clone();
        let mut corrected = contact(of, 5, "2025-01-07");
        corrected["corrects"] = second["event_id"].clone();
        let stop = line(of, 6, "paid_work_stopped", "2025-02-01", json!({"job_id": id(0xb000_0000, of), "reason": "seizoen voorbij"}));
        lines.extend([intake(of, "2025-01-06"), job(of, "2025-01-07"), first, second, corrected]);
        lines.extend((of % 2 == 0).then_some(stop));
    }
    // One moment after the other, from 10 February on.
    let moment = |n: usize| {
        format!("2025-02-{:02}T{:02}:{:02}:{:02}.{:06}Z", 10 + n / 86_400 % 10, n / 3_600 % 24, n / 60 % 60, n % 60, n % 1_000_000)
    };
    lines = (0..).zip(lines).map(|(n, line)| at(line, &moment(n))).collect();
    text(&lines)
}

pub fn count(lines: &str) -> u64 {
    lines.lines().count() as u64
}
