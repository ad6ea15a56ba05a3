//! Seeing what other processes change. While it cannot be seen, nobody is believed; when it can be seen again, everything is read anew.

use std::{
    sync::{Weak, atomic::Ordering},
    time::Duration,
};

use tokio::sync::mpsc::UnboundedReceiver;

use super::{Accounts, Inner, read};
use crate::register::Change;

/// From one try to follow again to the next.
const AGAIN: Duration = Duration::from_secs(1);

/// Follows for as long as somebody holds the accounts.
pub(super) fn begin(accounts: &Accounts, changes: UnboundedReceiver<Change>) {
    tokio::spawn(follow(std::sync::Arc::downgrade(&accounts.0), changes));
}

async fn follow(accounts: Weak<Inner>, mut changes: UnboundedReceiver<Change>) {
    loop {
        while let Some(change) = changes.recv().await {
            let Some(accounts) = accounts.upgrade().map(Accounts) else { return };
            let taken_in = accounts.state_mut().take_in(&change);
            if let Err(why) = taken_in {
                tracing::error!(?change, why, "a change of accounts by another process cannot be read: nobody is believed");
                break;
            }
        }
        let Some(current) = accounts.upgrade() else { return };
        current.current.store(false, Ordering::Release);
        drop(current);
        tracing::warn!("changes of accounts by others cannot be seen");
        changes = loop {
            tokio::time::sleep(AGAIN).await;
            let Some(accounts) = accounts.upgrade().map(Accounts) else { return };
            // Nobody changes anything meanwhile, so that what is read is not older than what is known.
            let _turn = accounts.turn().await;
            let Some(changes) = accounts.0.register.changes() else { continue };
            match read(accounts.0.register.as_ref()).await {
                Ok(state) => {
                    *accounts.state_mut() = state;
                    accounts.0.current.store(true, Ordering::Release);
                    tracing::info!("changes of accounts by others can be seen again");
                    break changes;
                }
                Err(error) => tracing::warn!(%error, "accounts cannot be read"),
            }
        };
    }
}
