//! Accounts from outside: every rule on both sides, every fault of the register, and the folder after every kind of damage.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod administer;
mod covers;
mod faults;
mod filed;
mod lines;
mod openings;
mod provider;
mod secrets;
mod sequences;
mod sessions;
mod shared;
mod sign_in;
mod tokens;

use std::{sync::Arc, time::Duration};

use accounts::{
    Account, Accounts, AccountsError, By, ClockByHand, Cost, FirstPassword, Held, MemoryRegister, Options, Password, Profile, Role, Rule,
    SignedIn, register::Register,
};

/// Good passwords.
const GOOD: &str = "drie vlinders op zolder";
const BETTER: &str = "kapstok in de regen";

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Accounts over a register in memory, with a clock that stands still.
struct World {
    register: MemoryRegister,
    clock: Arc<ClockByHand>,
    accounts: Accounts,
}

fn clock() -> Arc<ClockByHand> {
    Arc::new(ClockByHand::at("2026-03-02T08:00:00Z".parse().unwrap()))
}

async fn open(register: impl Register, clock: &Arc<ClockByHand>) -> Result<Accounts, AccountsError> {
    let options = Options { cost: Cost::LEAST, ..Options::default() };
    Accounts::open_with(Arc::new(register), clock.clone(), options).await
}

impl World {
    async fn new() -> Self {
        Self::over(MemoryRegister::new()).await
    }

    async fn over(register: MemoryRegister) -> Self {
        let clock = clock();
        let accounts = open(register.clone(), &clock).await.unwrap();
        Self { register, clock, accounts }
    }

    /// An account with the password [`GOOD`].
    async fn with(&self, profile: Profile) -> Held<Account> {
        self.accounts.create(By::Machine, profile, FirstPassword::Given(Password::new(GOOD))).await.unwrap().0
    }

    async fn sign_in(&self, login: &str) -> SignedIn {
        self.accounts.sign_in(login, &Password::new(GOOD), "curl/8").await.unwrap()
    }

    /// What a fresh opening of the same register reads.
    async fn reopened(&self) -> Accounts {
        open(self.register.clone(), &self.clock).await.unwrap()
    }
}

fn profile(login: &str, roles: &[Role]) -> Profile {
    Profile {
        login: login.parse().unwrap(),
        name: format!("Name of {login}"),
        organisation: Some("org-1".parse().unwrap()),
        coach: None,
        roles: roles.iter().copied().collect(),
    }
}

fn coach(login: &str) -> Profile {
    Profile { coach: Some(login.parse().unwrap()), ..profile(login, &[Role::Coach]) }
}

fn administrator(login: &str) -> Profile {
    Profile { organisation: None, ..profile(login, &[Role::Administrator]) }
}

fn assert_rule<T>(result: Result<T, AccountsError>, rule: Rule) {
    match result {
        Err(AccountsError::Rule(broken)) => assert_eq!(broken, rule),
        Err(other) => panic!("{other:?} and not {rule:?}"),
        Ok(_) => panic!("it was done, and should have been refused: {rule:?}"),
    }
}
