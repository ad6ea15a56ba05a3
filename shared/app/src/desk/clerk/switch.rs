//! An index that was built anew takes the place of the one that the desk uses.

use event_log::EventLog;
use tokio::task::block_in_place;

use super::Clerk;
use crate::{
    DeskError,
    desk::{Renewed, Switched},
};

/// Events that are read while everybody waits, at most: some tenths of a second.
pub(in crate::desk) const READ_AT_MOST: u64 = 16_384;

impl<L: EventLog> Clerk<L> {
    /// Lets what is on its way arrive, brings the new index to exactly what is known here, and uses it from then on.
    pub(super) async fn switch(&mut self, mut new: Box<Renewed>) -> Switched {
        self.let_arrive().await;
        if self.blind {
            let cause = "the desk no longer sees what the log becomes: start the service again".to_owned();
            return Switched::Failed(DeskError::Unavailable { cause }.into());
        }
        // One that is further than what was taken in here waits until that has come.
        let taken = self.ledger.located();
        if taken.0.checked_sub(new.views.checkpoint().0).is_none_or(|lacks| lacks > READ_AT_MOST) {
            return Switched::NotNow(new);
        }
        if let Err(error) = self.ledger.bring_here(&mut new.views).await {
            return Switched::Failed(error);
        }
        // On disk first: whichever of the two a process finds that is started again, neither is sealed, and it begins anew.
        if let Err(error) = block_in_place(|| new.place.swap()) {
            return Switched::Failed(error.into());
        }
        let Renewed { views, place } = *new;
        match self.ledger.switch(views) {
            Ok(old) => {
                self.indexed.send_replace(true);
                Switched::Done(old)
            }
            // It looked things up no further than here: the old one goes on.
            Err(views) => match block_in_place(|| place.swap()) {
                Ok(()) => Switched::NotNow(Box::new(Renewed { views, place })),
                Err(error) => Switched::Failed(error.into()),
            },
        }
    }
}
