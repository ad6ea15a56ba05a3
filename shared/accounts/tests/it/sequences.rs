//! Whatever is done, in whatever order, and whatever of it fails: what is in memory is what a fresh opening reads.

use accounts::{
    Account, Accounts, By, Cover, Fault, FirstPassword, Held, NewCover, Opening, Password, Profile, Role, SessionInfo, SessionToken,
    TokenInfo, TokenText,
};
use proptest::{collection::vec, prelude::*};
use proto_events::Date;
use uuid::Uuid;

use crate::{BETTER, GOOD, HOUR, World, administrator, coach};

type Everything = (Vec<Held<Account>>, Vec<SessionInfo>, Vec<TokenInfo>, Vec<Held<Cover>>, Vec<Held<Opening>>);

/// All that is known, in an order of its own.
pub fn everything(accounts: &Accounts) -> Everything {
    let all = accounts.accounts();
    let sessions = all.iter().flat_map(|account| accounts.sessions_of(account.id)).collect();
    let tokens = all.iter().flat_map(|account| accounts.tokens_of(account.id)).collect();
    let covers = ["org-1", "org-2"].iter().flat_map(|organisation| accounts.covers_of(&organisation.parse().unwrap())).collect();
    let openings = accounts.openings(None, None, usize::MAX).unwrap();
    (all, sessions, tokens, covers, openings)
}

#[derive(Clone, Debug)]
enum Step {
    Create(u8),
    Rename(u8, u8),
    Promote(u8),
    Lock(u8),
    Unlock(u8),
    Reset(u8),
    SignIn(u8),
    Use(u8),
    SignOut(u8),
    ChangePassword(u8),
    Renew(u8),
    CreateToken(u8),
    UseToken(u8),
    RevokeToken(u8),
    Cover(u8, u8, i8),
    EndCover(u8),
    Open(u8, u8),
    EndSessions(u8),
    Hours(u8),
    Sweep,
    Fail,
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..4_u8;
    prop_oneof![
        2 => who().prop_map(Step::Create),
        1 => (who(), who()).prop_map(|(who, to)| Step::Rename(who, to)),
        1 => who().prop_map(Step::Promote),
        1 => who().prop_map(Step::Lock),
        1 => who().prop_map(Step::Unlock),
        1 => who().prop_map(Step::Reset),
        4 => who().prop_map(Step::SignIn),
        2 => any::<u8>().prop_map(Step::Use),
        1 => any::<u8>().prop_map(Step::SignOut),
        1 => any::<u8>().prop_map(Step::ChangePassword),
        1 => any::<u8>().prop_map(Step::Renew),
        2 => who().prop_map(Step::CreateToken),
        1 => any::<u8>().prop_map(Step::UseToken),
        1 => any::<u8>().prop_map(Step::RevokeToken),
        2 => (who(), who(), -3..3_i8).prop_map(|(absent, by, days)| Step::Cover(absent, by, days)),
        1 => any::<u8>().prop_map(Step::EndCover),
        2 => (who(), who()).prop_map(|(who, what)| Step::Open(who, what)),
        1 => who().prop_map(Step::EndSessions),
        1 => (1..200_u8).prop_map(Step::Hours),
        1 => Just(Step::Sweep),
        2 => Just(Step::Fail),
    ]
}

/// Those who act, and what they hold.
#[derive(Default)]
struct Holding {
    sessions: Vec<SessionToken>,
    tokens: Vec<TokenText>,
}

fn name(who: u8) -> String {
    format!("coach-{who}")
}

fn of<T>(all: &[T], which: u8) -> Option<&T> {
    all.get(usize::from(which) % all.len().max(1))
}

impl World {
    fn who(&self, who: u8) -> (Uuid, accounts::Revision, Option<Profile>) {
        let account = self.accounts.account_of(&name(who).parse().unwrap());
        account.map_or((Uuid::nil(), accounts::Revision(0), None), |account| (account.id, account.revision, Some(account.profile.clone())))
    }

    /// Does a step; whether it succeeds is not asked.
    async fn take(&self, step: Step, held: &mut Holding) {
        let accounts = &self.accounts;
        let session = |which: u8| of(&held.sessions, which).map(|token| token.expose().to_string()).unwrap_or_default();
        match step {
            Step::Create(who) => drop(accounts.create(By::Machine, coach(&name(who)), FirstPassword::Given(Password::new(GOOD))).await),
            Step::Rename(who, to) => {
                let (id, revision, profile) = self.who(who);
                if let Some(profile) = profile {
                    let renamed = Profile { login: name(to).parse().unwrap(), ..profile };
                    drop(accounts.change(By::Machine, id, revision, renamed).await);
                }
            }
            Step::Promote(who) => {
                let (id, revision, profile) = self.who(who);
                if let Some(mut profile) = profile {
                    if !profile.roles.remove(&Role::Manager) {
                        profile.roles.insert(Role::Manager);
                    }
                    drop(accounts.change(By::Machine, id, revision, profile).await);
                }
            }
            Step::Lock(who) => drop(accounts.lock(By::Machine, self.who(who).0, self.who(who).1).await),
            Step::Unlock(who) => drop(accounts.unlock(By::Machine, self.who(who).0, self.who(who).1).await),
            Step::Reset(who) => drop(accounts.reset(By::Machine, self.who(who).0, self.who(who).1).await),
            Step::SignIn(who) => {
                let signed_in = accounts.sign_in(&name(who), &Password::new(GOOD), "curl/8").await;
                held.sessions.extend(signed_in.map(|signed_in| signed_in.token));
            }
            Step::Use(which) => drop(accounts.session(&session(which)).await),
            Step::SignOut(which) => drop(accounts.sign_out(&session(which)).await),
            Step::ChangePassword(which) => {
                let changed = accounts.change_password(&session(which), &Password::new(GOOD), &Password::new(BETTER)).await;
                held.sessions.extend(changed.map(|signed_in| signed_in.token));
            }
            Step::Renew(which) => {
                let renewed = accounts.renew(&session(which)).await.ok().flatten();
                held.sessions.extend(renewed.map(|signed_in| signed_in.token));
            }
            Step::CreateToken(who) => {
                let made = accounts.create_token(self.who(who).0, "app", 30, None).await;
                held.tokens.extend(made.map(|(_, text)| text));
            }
            Step::UseToken(which) => {
                let text = of(&held.tokens, which).map(|text| text.expose().to_string()).unwrap_or_default();
                drop(accounts.token(&text).await);
            }
            Step::RevokeToken(which) => {
                let all = everything(accounts).2;
                if let Some(token) = of(&all, which) {
                    drop(accounts.revoke_token(By::Machine, token.account, token.id).await);
                }
            }
            Step::Cover(absent, by, days) => {
                let from: Date = "2026-03-02".parse().unwrap();
                let until = Date::from_days(from.days() + i32::from(days)).unwrap();
                let (absent, by) = (name(absent).parse().unwrap(), name(by).parse().unwrap());
                let new = NewCover { organisation: "org-1".parse().unwrap(), absent, by, from, until };
                drop(accounts.create_cover(Uuid::nil(), new).await);
            }
            Step::EndCover(which) => {
                let all = everything(accounts).3;
                if let Some(cover) = of(&all, which) {
                    drop(accounts.end_cover(Uuid::nil(), &cover.what.organisation, cover.id).await);
                }
            }
            Step::Open(who, what) => drop(accounts.open_texts(self.who(who).0, crate::openings::new(u128::from(what))).await),
            Step::EndSessions(who) => drop(accounts.end_sessions(By::Machine, self.who(who).0, self.who(who).1).await),
            Step::Hours(hours) => self.clock.advance(HOUR * u32::from(hours)),
            Step::Sweep => drop(accounts.sweep().await),
            Step::Fail => self.register.inject([Fault::Unavailable]),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn what_is_in_memory_is_what_a_fresh_opening_reads(steps in vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            world.with(administrator("root")).await;
            let mut held = Holding::default();
            for step in steps {
                world.take(step, &mut held).await;
            }
            let fresh = world.reopened().await;
            assert_eq!(everything(&world.accounts), everything(&fresh));
            assert!(world.accounts.accounts().iter().any(|account| account.is(Role::Administrator)), "somebody can see to accounts");
            for account in world.accounts.accounts() {
                assert_eq!(world.accounts.open_to(account.id), fresh.open_to(account.id));
            }
            for token in &held.sessions {
                let known = world.accounts.session(&token.expose()).await.unwrap().map(|seen| seen.session.id);
                assert_eq!(known, fresh.session(&token.expose()).await.unwrap().map(|seen| seen.session.id));
            }
            for text in &held.tokens {
                let known = world.accounts.token(&text.expose()).await.unwrap().map(|bearer| bearer.roles);
                assert_eq!(known, fresh.token(&text.expose()).await.unwrap().map(|bearer| bearer.roles));
            }
        });
    }
}
