//! What is told to the operator's log of who did what to accounts: ids only. No login, also not one that nobody has (people type passwords
//! there), no name, no secret.

use uuid::Uuid;

/// The target of these lines.
pub const AUDIT: &str = "accounts::audit";

/// Something was done to an account, by an account or at the machine.
pub(crate) fn done(what: &'static str, account: Uuid, by: Option<Uuid>) {
    match by {
        Some(by) => tracing::info!(target: AUDIT, what, %account, %by),
        None => tracing::info!(target: AUDIT, what, %account),
    }
}

/// Somebody was refused; the account is told where the login is that of one.
pub(crate) fn refused(what: &'static str, account: Option<Uuid>) {
    match account {
        Some(account) => tracing::warn!(target: AUDIT, what, %account),
        None => tracing::warn!(target: AUDIT, what, account = "unknown"),
    }
}

/// Sealed texts were opened. The reason rests with the opening.
pub(crate) fn opening(what: &'static str, opening: Uuid, account: Uuid, trajectory: Uuid) {
    tracing::info!(target: AUDIT, what, %opening, %account, %trajectory);
}

/// A cover was made or ended.
pub(crate) fn cover(what: &'static str, cover: Uuid, by: Uuid) {
    tracing::info!(target: AUDIT, what, %cover, %by);
}
