//! `trajectlog`: the one binary.
//!
//! ```text
//!   cli ──► commands ──► app (decide, replay, figures) ──► log-embedded, keys, views
//!               └──────► output (table, JSON, CSV, XLSX, Parquet)
//! ```
//!
//! Data goes to standard output, everything else to standard error. Exit: 0 done, 1 refused or not found, 2 wrong use or
//! malformed input, 3 the log cannot be opened, 4 tampering or loss detected.

mod cli;
mod commands;
mod failure;
mod folder;
mod output;
mod progress;

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use clap::Parser;

use crate::{cli::Cli, failure::Failure};

/// Lines are parsed in one thread and given up in another: the system's allocator spends a sixth of an import on that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("TRAJECTLOG_LOG").unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(cli)),
        Err(e) => Err(Failure::cannot_open(format!("the program cannot start its threads: {e}"))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(sentence) = failure.sentence() {
                // Nothing can be done when standard error is closed too.
                let _ = writeln!(std::io::stderr(), "trajectlog: {sentence}");
            }
            ExitCode::from(failure.exit_code())
        }
    }
}
