//! `trajectlog accounts`: who may sign in, seen to at the machine itself.
//!
//! ```text
//!   what is asked ──► the folder's register is free? ── yes ──► answered here
//!                                   └ a service holds it ─────► DATA/run/socket ──► answered there, the same
//! ```

use std::io::Write;

use accounts::{Account, AccountState, Accounts, By, FirstPassword, Held, Login, OneTimePassword, Profile, Role, SignsInBy};
use comfy_table::Cell;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    cli::{AccountRole, AccountsCommand, AddAccount, ShortFormat, Whose},
    failure::Failure,
    output::table::table,
    place::Place,
    serve::people,
    socket::Service,
};

/// What is asked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// Make it, with a one-time password.
    Add(Profile),
    /// Make it for somebody who signs in by the organisation's provider.
    AddOfProvider(Profile),
    /// All of them.
    List {
        /// For programs.
        json: bool,
    },
    /// Lock the account of this login.
    Lock(Login),
    /// Unlock it.
    Unlock(Login),
    /// Have it sign in by the organisation's provider.
    Provider(Login),
    /// Give it a one-time password.
    Reset(Login),
}

impl TryFrom<AccountsCommand> for Ask {
    type Error = Failure;

    fn try_from(command: AccountsCommand) -> Result<Self, Failure> {
        let of = |whose: Whose| whose.login().ok_or_else(|| Failure::wrong_use("which account? Say its login"));
        Ok(match command {
            AccountsCommand::Add(AddAccount { whose, name, roles, organisation, coach, provider }) => {
                let login = of(whose)?;
                let roles = roles.into_iter().map(role_of).collect();
                let profile = Profile { login, name, organisation, coach, roles };
                if provider { Self::AddOfProvider(profile) } else { Self::Add(profile) }
            }
            AccountsCommand::List { format } => Self::List { json: format == ShortFormat::Json },
            AccountsCommand::Lock(whose) => Self::Lock(of(whose)?),
            AccountsCommand::Unlock(whose) => Self::Unlock(of(whose)?),
            AccountsCommand::Provider(whose) => Self::Provider(of(whose)?),
            AccountsCommand::Reset(whose) => Self::Reset(of(whose)?),
        })
    }
}

const fn role_of(role: AccountRole) -> Role {
    match role {
        AccountRole::Coach => Role::Coach,
        AccountRole::Manager => Role::Manager,
        AccountRole::Analyst => Role::Analyst,
        AccountRole::Auditor => Role::Auditor,
        AccountRole::Administrator => Role::Administrator,
    }
}

pub async fn run(place: &Place, command: AccountsCommand) -> Result<(), Failure> {
    let (data, ask) = (place.folder().path(), Ask::try_from(command)?);
    let accounts = match people::open(data).await {
        Ok(accounts) => accounts,
        // Whoever holds them answers the command line.
        Err(held) => match Service::of(data).await {
            Some(service) => return service.accounts(&ask).await,
            None => return Err(held),
        },
    };
    let lost = lost_password(&ask);
    let told = answer(&accounts, ask).await?;
    say(&told, lost)
}

/// What to do when an answer cannot be told: a password of it was shown to nobody, and is shown once.
pub fn lost_password(ask: &Ask) -> Option<String> {
    let (done, login) = match ask {
        Ask::Add(profile) => ("the account was made", &profile.login),
        Ask::Reset(login) => ("the account has a new one-time password", login),
        Ask::AddOfProvider(_) | Ask::List { .. } | Ask::Lock(_) | Ask::Unlock(_) | Ask::Provider(_) => return None,
    };
    Some(format!("{done}, but nobody has seen its password: `trajectlog accounts reset {login}` gives another"))
}

/// Tells the answer. Where it cannot be told, whoever asked is told what has been done all the same.
pub fn say(told: &str, lost: Option<String>) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let written = writeln!(out, "{told}").and_then(|()| out.flush());
    written.map_err(|error| match lost {
        Some(lost) => Failure::refused(format!("standard output cannot be written ({error}): {lost}")),
        None => error.into(),
    })
}

/// Does it; what standard output says.
pub async fn answer(accounts: &Accounts, ask: Ask) -> Result<String, Failure> {
    let find = |login: &Login| {
        let nobody = || Failure::refused(format!("there is no account with the login {login}: `trajectlog accounts list` shows them"));
        accounts.account_of(login).ok_or_else(nobody)
    };
    match ask {
        Ask::Add(profile) => {
            let (account, password) = accounts.create(By::Machine, profile, FirstPassword::OneTime).await?;
            Ok(told(&account, password.as_ref()))
        }
        Ask::AddOfProvider(profile) => {
            let (account, _) = accounts.create(By::Machine, profile, FirstPassword::OfProvider).await?;
            Ok(told(&account, None))
        }
        Ask::Provider(login) => {
            let there = find(&login)?;
            Ok(told(&accounts.hand_to_provider(By::Machine, there.id, there.revision).await?, None))
        }
        Ask::List { json } => Ok(list(&accounts.accounts(), json)),
        Ask::Lock(login) => {
            let there = find(&login)?;
            Ok(told(&accounts.lock(By::Machine, there.id, there.revision).await?, None))
        }
        Ask::Unlock(login) => {
            let there = find(&login)?;
            Ok(told(&accounts.unlock(By::Machine, there.id, there.revision).await?, None))
        }
        Ask::Reset(login) => {
            let there = find(&login)?;
            let (account, password) = accounts.reset(By::Machine, there.id, there.revision).await?;
            Ok(told(&account, Some(&password)))
        }
    }
}

const fn state(account: &Account) -> &'static str {
    match (account.state, account.must_change_password, &account.signs_in_by) {
        (AccountState::Locked, _, _) => "locked",
        (AccountState::Active, true, _) => "one-time password",
        (AccountState::Active, false, SignsInBy::Provider { identity: None }) => "not yet seen at the provider",
        (AccountState::Active, false, SignsInBy::Password | SignsInBy::Provider { identity: Some(_) }) => "active",
    }
}

/// One line of JSON; the password that is shown once, where there is one.
fn told(account: &Held<Account>, password: Option<&OneTimePassword>) -> String {
    let mut told = shown(account);
    if let Some(password) = password {
        told["one_time_password"] = password.expose().into();
    }
    told.to_string()
}

fn shown(account: &Account) -> serde_json::Value {
    let Profile { login, name, organisation, coach, roles } = &account.profile;
    json!({
        "account": account.id, "login": login, "name": name, "organisation": organisation, "coach": coach, "roles": roles,
        "state": state(account), "by_provider": !account.signs_in_by.is_password(),
    })
}

fn list(all: &[Held<Account>], json: bool) -> String {
    let mut sorted: Vec<&Account> = all.iter().map(|account| &**account).collect();
    sorted.sort_by_key(|account| account.profile.login.clone());
    if json {
        return serde_json::Value::from(sorted.into_iter().map(shown).collect::<Vec<_>>()).to_string();
    }
    let mut table = table(["Gebruikersnaam", "Naam", "Rollen", "Organisatie", "Coach", "Toestand"]);
    for account in sorted {
        let profile = &account.profile;
        let roles: Vec<&str> = profile.roles.iter().map(|role| role.as_str()).collect();
        let slug = |slug: &Option<proto_events::Slug>| Cell::new(slug.as_ref().map_or("", |slug| slug.as_str()));
        let (login, name) = (Cell::new(profile.login.as_str()), Cell::new(&profile.name));
        table.add_row([
            login,
            name,
            Cell::new(roles.join(", ")),
            slug(&profile.organisation),
            slug(&profile.coach),
            Cell::new(state(account)),
        ]);
    }
    table.to_string()
}
