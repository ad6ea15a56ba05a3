//! The generators, held against the published numbers by a count of its own.

mod count;
mod published;
mod random;
