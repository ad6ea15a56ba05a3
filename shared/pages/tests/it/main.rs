//! What is sent to a browser.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, reason = "samples and scripts are read, and what was rendered is written to be looked at")]

mod assets;
mod bars;
mod data;
mod forms;
mod languages;
mod normal;
mod safety;
mod samples;
mod words;
