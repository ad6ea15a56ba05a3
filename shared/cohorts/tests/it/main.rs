//! Curves beside a published example, and lives whose answers can be counted by hand.

mod life;
mod questions;
mod survival;
