//! What is told to the operator's log of who did what to accounts: ids only. No login, also not one that nobody has (people type passwords
//! there), no name, no secret.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{Profile, Role};

/// The target of these lines.
pub const AUDIT: &str = "accounts::audit";

/// Something was done to an account, by an account or at the machine.
pub(crate) fn done(what: &'static str, account: Uuid, by: Option<Uuid>) {
    match by {
        Some(by) => tracing::info!(target: AUDIT, what, %account, %by),
        None => tracing::info!(target: AUDIT, what, %account),
    }
}

/// An account has other roles than before, or is new: all that it has now, and those of them that it had not.
pub(crate) fn roles(account: Uuid, by: Option<Uuid>, before: &BTreeSet<Role>, now: &BTreeSet<Role>) {
    if before == now {
        return;
    }
    let names = |roles: &mut dyn Iterator<Item = &Role>| roles.map(|role| role.as_str()).collect::<Vec<_>>().join(",");
    let (given, taken) = (names(&mut now.difference(before)), names(&mut before.difference(now)));
    let sees_cases = now.difference(before).any(|role| role.sees_cases());
    match by {
        Some(by) => tracing::info!(target: AUDIT, what = "roles_changed", %account, %by, given, taken, sees_cases),
        None => tracing::info!(target: AUDIT, what = "roles_changed", %account, given, taken, sees_cases),
    }
}

/// An account whose role sees cases is of another organisation than before, or has another coach's code: it sees other cases.
pub(crate) fn cases(account: Uuid, by: Option<Uuid>, before: &Profile, now: &Profile) {
    if !now.reaches_beyond(before) || !now.roles.iter().any(|role| role.sees_cases()) {
        return;
    }
    match by {
        Some(by) => tracing::info!(target: AUDIT, what = "cases_changed", %account, %by, sees_cases = true),
        None => tracing::info!(target: AUDIT, what = "cases_changed", %account, sees_cases = true),
    }
}

/// Somebody was refused; the account is told where the login is that of one.
pub(crate) fn refused(what: &'static str, account: Option<Uuid>) {
    match account {
        Some(account) => tracing::warn!(target: AUDIT, what, %account),
        None => tracing::warn!(target: AUDIT, what, account = "unknown"),
    }
}

/// Sealed texts were opened, or sealed again. The reason rests with the opening.
pub(crate) fn opening(what: &'static str, opening: Uuid, account: Uuid, trajectory: Uuid) {
    tracing::info!(target: AUDIT, what, %opening, %account, %trajectory);
}

/// A cover was made or ended.
pub(crate) fn cover(what: &'static str, cover: Uuid, by: Uuid) {
    tracing::info!(target: AUDIT, what, %cover, %by);
}
