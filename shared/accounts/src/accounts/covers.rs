//! Covers: made and ended by managers, asked for with every look at a caseload.

use std::collections::BTreeSet;

use proto_events::{Date, Slug};
use uuid::Uuid;

use super::Accounts;
use crate::{
    AccountsError, Cover, Ended, Held, NewCover, Role, Rule, audit, clock,
    cover::MOST_COVERS,
    register::{Expected, Kind},
};

impl Accounts {
    /// Makes a cover. The one who is absent needs no account: they may have left.
    ///
    /// # Errors
    /// The first [`Rule`] that is not kept.
    pub async fn create_cover(&self, by: Uuid, new: NewCover) -> Result<Held<Cover>, AccountsError> {
        new.check()?;
        let this = self.clone();
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let now = this.now();
            {
                let state = this.state();
                if !state.by_coach(&new.organisation, &new.by).is_some_and(|known| known.account.is(Role::Coach)) {
                    return Err(Rule::CoverByNobody.into());
                }
                let today = clock::day_of(now);
                let ahead = |cover: &&Held<Cover>| {
                    cover.what.organisation == new.organisation
                        && cover.ended.is_none()
                        && today.is_none_or(|today| cover.what.until >= today)
                };
                if state.covers.values().filter(ahead).count() >= MOST_COVERS {
                    return Err(Rule::TooManyCovers.into());
                }
            }
            let id = crate::new_id()?;
            let cover = Cover { id, what: new, made_by: by, made_at: now, ended: None };
            let revision = this.put(&turn, Kind::Cover, &id.to_string(), &cover, Expected::Nothing).await?;
            audit::cover("cover_created", id, by);
            Ok(Held { value: cover.into(), revision })
        })
        .await
    }

    /// Ends a cover of an organisation: from now on it covers no day.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] when the organisation has no such cover; [`AccountsError::Changed`] when it has ended already.
    pub async fn end_cover(&self, by: Uuid, organisation: &Slug, id: Uuid) -> Result<Held<Cover>, AccountsError> {
        let (this, organisation) = (self.clone(), organisation.clone());
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let there = this.state().covers.get(&id).filter(|cover| cover.what.organisation == organisation).cloned();
            let there = there.ok_or(AccountsError::NotFound)?;
            if there.ended.is_some() {
                return Err(AccountsError::Changed);
            }
            let cover = Cover { ended: Some(Ended { by, at: this.now() }), ..(*there.value).clone() };
            let revision = this.put(&turn, Kind::Cover, &id.to_string(), &cover, Expected::Record(there.revision)).await?;
            audit::cover("cover_ended", id, by);
            Ok(Held { value: cover.into(), revision })
        })
        .await
    }

    /// The coaches for whom this coach may act on this day, beside themselves. Not those for whom one of these acts in turn.
    #[must_use]
    pub fn covers(&self, organisation: &Slug, coach: &Slug, on: Date) -> BTreeSet<Slug> {
        let state = self.state();
        let holding = state.covers_by(organisation, coach).filter(|cover| cover.holds(on));
        holding.map(|cover| cover.what.absent.clone()).collect()
    }

    /// All covers of an organisation, those of the past included, in the order of their first day.
    #[must_use]
    pub fn covers_of(&self, organisation: &Slug) -> Vec<Held<Cover>> {
        let state = self.state();
        let mut covers: Vec<_> = state.covers.values().filter(|cover| cover.what.organisation == *organisation).cloned().collect();
        covers.sort_unstable_by_key(|cover| (cover.what.from, cover.id));
        covers
    }
}
