//! The forms of an answer.

pub mod lineage;
pub mod public;
pub mod questions;
pub mod table;
