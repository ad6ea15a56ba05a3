//! `just bench`: how fast, beside what the machine can do at best. Prints tables; asserts nothing.
//!
//! ```text
//! just bench import   [events]    JSON Lines in, every rule judged   beside: form check only, bare log
//! just bench rebuild  [events]    log → figures                      beside: scan only, decode only
//! just bench quarter  [events]    one quarter from a warm view
//! just bench appends              64 writers beside one
//! just bench statuses [events]    log → statuses, from nothing and beside the living view   beside: scan only, fold only
//! just bench service  [seconds]   the program over HTTP, on a folder and over NATS: appends, latency to figures and statuses
//! just bench nats     [events]    a log on NATS: reading, and building the figures      beside: a bare consumer
//! just bench cold     FOLDER      the program's figures on a folder, from process start
//! ```
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    reason = "a bench may stop at the first fault"
)]

mod appends;
mod cold;
mod import;
mod rebuild;
mod service;
mod shared_log;
mod statuses;

use std::{fs, time::Duration};

/// As the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let what = args.next().unwrap_or_else(|| "all".to_owned());
    let argument = args.next();
    let events = |default: u64| argument.as_deref().map_or(default, |n| n.replace('_', "").parse().expect("a number of events"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match what.as_str() {
            "import" => import::run(events(1_000_000)).await,
            "rebuild" => rebuild::run(events(10_000_000), false).await,
            "quarter" => rebuild::run(events(10_000_000), true).await,
            "in-folder" => {
                let data = argument.clone().expect("a folder");
                rebuild::measure_in(data.as_ref(), args.next().as_deref() == Some("warm")).await;
            }
            "appends" => appends::run().await,
            "statuses" => statuses::run(events(1_000_000)).await,
            "statuses-in" => statuses::measure_in(argument.as_deref().expect("a folder").as_ref()).await,
            "nats" => shared_log::run(events(1_000_000)).await,
            "service" => service::run(events(10)).await,
            "cold" => cold::run(argument.as_deref().unwrap_or("demo-data")),
            "all" => {
                import::run(events(1_000_000)).await;
                appends::run().await;
                rebuild::run(events(1_000_000), true).await;
            }
            other => println!("there is no bench '{other}': import, rebuild, quarter, appends, statuses, nats, service, cold, all"),
        }
    });
}

/// A line of a table: what, how many, how long, and the rate beside a limit.
fn line(what: &str, count: u64, took: Duration, limit: Option<(u64, Duration)>) {
    let rate = |count: u64, took: Duration| count as f64 / took.as_secs_f64();
    let beside = limit.map_or_else(String::new, |(n, t)| format!("  {:>5.1} % of the limit", 100.0 * rate(count, took) / rate(n, t)));
    println!("{what:44} {count:>10}  {:>9.3} s  {:>12.0} /s{beside}", took.as_secs_f64(), rate(count, took));
}

/// The most memory that this process has held, in MiB.
fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// A moment for benches: after everything that the generator records.
fn now() -> proto_events::Timestamp {
    "2026-01-01T00:00:00Z".parse().expect("a moment")
}
