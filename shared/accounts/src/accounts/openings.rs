//! Openings: noted before anything is shown, ended when it is enough, asked for with every request of whoever may have some, and listed for
//! those who answer for it.

use std::collections::BTreeSet;

use proto_events::{Slug, Timestamp};
use uuid::Uuid;

use super::Accounts;
use crate::{
    AccountsError, Held, NewOpening, Opening, Rule, audit, clock,
    opening::{COUNTED_FOR, MOST_OPENINGS, OPEN_FOR},
    register::{Expected, Kind},
    session::since,
};

impl Accounts {
    /// Notes that an account opens the sealed texts of a trajectory, from now on and for [`OPEN_FOR`]. It is durable on return.
    ///
    /// # Errors
    /// The first [`Rule`] that is not kept; [`AccountsError::NotFound`] when there is no such account.
    pub async fn open_texts(&self, account: Uuid, new: NewOpening) -> Result<Held<Opening>, AccountsError> {
        new.check()?;
        let this = self.clone();
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let now = this.now();
            this.known(account)?;
            let lately = |opening: &&Held<Opening>| since(opening.at, now) < COUNTED_FOR;
            if this.state().openings_of(account).rev().take_while(lately).count() >= MOST_OPENINGS {
                return Err(Rule::TooManyOpenings.into());
            }
            let NewOpening { organisation, trajectory, reason } = new;
            let (id, reason, until) = (crate::new_id()?, reason.trim().to_owned(), clock::later(now, OPEN_FOR));
            let opening = Opening { id, account, organisation, trajectory, reason, at: now, until, closed: None };
            let revision = this.put(&turn, Kind::Opening, &id.to_string(), &opening, Expected::Nothing).await?;
            audit::opening("texts_opened", id, account, trajectory);
            Ok(Held { value: opening.into(), revision })
        })
        .await
    }

    /// Seals the texts of a trajectory again that an account has open, before their time is over. Where they are sealed already that is what was
    /// wanted. It is durable on return.
    ///
    /// # Errors
    /// When it cannot be noted; they may still be open then.
    pub async fn close_texts(&self, account: Uuid, trajectory: Uuid) -> Result<(), AccountsError> {
        let this = self.clone();
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let now = this.now();
            let of_it = |opening: &&Held<Opening>| opening.trajectory == trajectory && opening.holds(now);
            let open: Vec<Held<Opening>> =
                this.state().openings_of(account).rev().take_while(|opening| now < opening.until).filter(of_it).cloned().collect();
            for there in open {
                let opening = Opening { closed: Some(now), ..(*there.value).clone() };
                this.put(&turn, Kind::Opening, &there.id.to_string(), &opening, Expected::Record(there.revision)).await?;
                audit::opening("texts_sealed", there.id, account, trajectory);
            }
            Ok(())
        })
        .await
    }

    /// The trajectories whose sealed texts are open to an account now.
    #[must_use]
    pub fn open_to(&self, account: Uuid) -> BTreeSet<Uuid> {
        self.holding(account, |opening| opening.trajectory)
    }

    /// Until when the sealed texts of a trajectory are open to an account.
    #[must_use]
    pub fn open_until(&self, account: Uuid, trajectory: Uuid) -> Option<Timestamp> {
        let all = self.holding(account, |opening| (opening.trajectory, opening.until));
        all.into_iter().filter(|(of, _)| *of == trajectory).map(|(_, until)| until).max()
    }

    fn holding<T: Ord>(&self, account: Uuid, of: impl Fn(&Opening) -> T) -> BTreeSet<T> {
        // While others' changes cannot be seen, nobody is believed.
        if !self.is_current() {
            return BTreeSet::new();
        }
        let now = self.now();
        let state = self.state();
        // Each is open for as long: before one that is over there is none that is not.
        let holding = state.openings_of(account).rev().take_while(|opening| now < opening.until);
        holding.filter(|opening| opening.holds(now)).map(|opening| of(opening)).collect()
    }

    /// Openings of an organisation's trajectories, or of all, the newest first: those that are older than `before`, `most` at most. `None`
    /// when there is no opening `before`.
    #[must_use]
    pub fn openings(&self, organisation: Option<&Slug>, before: Option<Uuid>, most: usize) -> Option<Vec<Held<Opening>>> {
        let state = self.state();
        let before = match before {
            Some(id) => Some(state.openings.get(&id).map(|opening| (opening.at, opening.id))?),
            None => None,
        };
        let wanted = |opening: &&Held<Opening>| organisation.is_none_or(|organisation| opening.organisation == *organisation);
        Some(state.openings_before(before).rev().filter(wanted).take(most).cloned().collect())
    }
}
