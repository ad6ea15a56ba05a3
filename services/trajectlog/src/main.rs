//! `trajectlog`: the one binary.
//!
//! ```text
//!   cli ──► settings ──► place (folder, NATS) ──► commands ──► app (decide, replay, figures)
//!                                                   ├──────► output (table, JSON, CSV, XLSX, Parquet)
//!                                                   └──────► serve: gateway, projectors, the folder's socket
//! ```
//!
//! Data goes to standard output, everything else to standard error. Exit: 0 done, 1 refused or not found, 2 wrong use or
//! malformed input, 3 the log cannot be opened, 4 tampering or loss detected.

mod cli;
mod commands;
mod failure;
mod folder;
mod log;
mod output;
mod place;
mod progress;
mod serve;
mod settings;
mod socket;
mod telemetry;

use std::{io::Write, process::ExitCode};

use clap::Parser;

use crate::{cli::Cli, failure::Failure};

/// Lines are parsed in one thread and given up in another: the system's allocator spends a sixth of an import on that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
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
