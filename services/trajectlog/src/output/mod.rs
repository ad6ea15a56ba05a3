//! The forms of an answer.

pub mod completeness;
pub mod lineage;
pub mod public;
pub mod questions;
pub mod table;
