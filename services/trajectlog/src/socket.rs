//! The socket in the data folder: through it the command line reaches the service that holds the folder.
//!
//! ```text
//!   trajectlog import FILE ──► DATA/run/socket ──► the service's desk
//!                          ◄── one JSON object a line: faults as they arise, then the end
//! ```
//!
//! Whoever may open the socket is the owner of the data (mode 0600, in a folder of mode 0700): no other permission is asked.

mod client;
mod server;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use client::Service;
pub use server::{Held, serve};

/// A line of an answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    /// To be written to standard error as it is.
    Fault(String),
    /// Work that was done, and all of it, in events.
    Progress { done: u64, of: u64 },
    /// To be written to standard output.
    Out(String),
    /// The end: the exit code, and a sentence where not all was said.
    End { code: u8, sentence: Option<String> },
}

/// The folder of the socket, for nobody else's eyes.
fn run_folder(data: &Path) -> PathBuf {
    data.join("run")
}

/// The socket.
fn socket(data: &Path) -> PathBuf {
    run_folder(data).join("socket")
}

/// A short name for a socket, wherever its folder lies: the system takes no more than a hundred bytes.
fn short_name(folder: &std::fs::File) -> PathBuf {
    use std::os::fd::AsRawFd;
    PathBuf::from(format!("/proc/self/fd/{}/socket", folder.as_raw_fd()))
}
