//! The program from process start.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

pub fn run(folder: &str) {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/trajectlog");
    let program = std::env::var("BIN").unwrap_or_else(|_| program.to_owned());
    for (what, args) in [("figures of 2025Q1", ["figures", "--quarter", "2025Q1"]), ("--help", ["figures", "--help", "--help"])] {
        let mut times: Vec<Duration> = (0..15)
            .map(|_| {
                let began = Instant::now();
                let status = Command::new(&program)
                    .args(args)
                    .args(["--data", folder])
                    .stdout(Stdio::null())
                    .status()
                    .expect("build the release first");
                assert!(status.success());
                began.elapsed()
            })
            .collect();
        times.sort_unstable();
        println!("{what:24} on {folder}: median {:.1} ms, worst {:.1} ms", times[7].as_secs_f64() * 1e3, times[14].as_secs_f64() * 1e3);
    }
}
