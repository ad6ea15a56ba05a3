//! What is sent to a browser.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod assets;
mod data;
mod forms;
mod languages;
mod normal;
mod safety;
mod samples;
mod words;
