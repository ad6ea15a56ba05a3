//! Progress bars on standard error, when it is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that counts events.
pub fn events(what: &'static str, total: u64) -> ProgressBar {
    bar(what, total, "{msg:24} {bar:32} {human_pos} of {human_len} events  {per_sec}  {eta}")
}

/// A bar that counts bytes.
pub fn bytes(what: &'static str, total: u64) -> ProgressBar {
    bar(what, total, "{msg:24} {bar:32} {bytes} of {total_bytes}  {bytes_per_sec}  {eta}")
}

/// A bar that counts steps.
pub fn steps(what: &'static str, total: u64) -> ProgressBar {
    bar(what, total, "{msg:24} {bar:32} {human_pos} of {human_len}  {eta}")
}

fn bar(what: &'static str, total: u64, template: &str) -> ProgressBar {
    // indicatif draws nothing when standard error is no terminal.
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
