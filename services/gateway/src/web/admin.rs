//! Accounts, for administrators: who may sign in, as what, and what can be done about it. Each change names the revision that its page showed.

use std::collections::{BTreeMap, BTreeSet};

use accounts::{Account, AccountState, Accounts, AccountsError, By, FirstPassword, Held, Login, Profile, Revision, Role, Rule};
use app::Reach;
use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{Request, StatusCode},
    response::Response,
};
use pages::{AccountMade, AccountNew, AccountPage, AccountRow, Choosable, Filled, Lang, Mistake, Told};
use proto_events::Slug;

use super::{Visitor, convert, html, names, page, visitor::shown_role};
use crate::{
    Inner,
    access::{Action, Object},
    http::{Asked, Form, Gate, see_other},
    ports::CaseloadAsk,
    problem::Problem,
};

/// The list.
const LIST: &str = "/beheer/accounts";
/// Accounts on a page of the list.
const PAGE: usize = 200;
/// Not the login of an account that is made here: its page would be another.
const TAKEN: [&str; 3] = ["nieuw", ".", ".."];
/// The most trajectories of a coach that are counted.
const MOST_COUNTED: usize = 600;

/// The accounts, after it was judged whether the visitor sees to them.
fn judged<'a>(inner: &'a Inner, visitor: &Visitor) -> Result<(&'a Accounts, By), Problem> {
    visitor.caller.may(Action::ManageAccounts, Object::Any)?;
    Ok((&inner.sign_in()?.accounts, By::Account(visitor.seen.account.id)))
}

/// The account with this login.
fn named(accounts: &Accounts, login: &str) -> Result<Held<Account>, Problem> {
    let found = login.parse::<Login>().ok().and_then(|login| accounts.account_of(&login));
    found.ok_or_else(|| Problem::not_found("there is no such account"))
}

// ---- The list ----

/// `GET /beheer/accounts`.
pub(crate) async fn list(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    let (accounts, _) = judged(&inner, &visitor)?;
    let number = asked.number("pagina", 1, 1_000)?.unwrap_or(1);
    let organisation = asked.value::<Slug>("organisatie")?;
    let mut all = accounts.accounts();
    all.retain(|account| organisation.is_none() || account.profile.organisation == organisation);
    all.sort_by_cached_key(|account| (account.profile.name.to_lowercase(), account.profile.login.clone()));
    let total = all.len();
    let before = usize::try_from(number - 1).unwrap_or_default().saturating_mul(PAGE);
    let rows = all.into_iter().skip(before).take(PAGE).map(|account| row(accounts, &account)).collect();
    let query = organisation.as_ref().map(|organisation| format!("&organisatie={organisation}")).unwrap_or_default();
    page(&pages::Accounts {
        today: convert::day(visitor.today),
        organisation: organisation.map(|organisation| names::organisation(organisation.as_str())).unwrap_or_default(),
        rows,
        total,
        next: (before.saturating_add(PAGE) < total).then(|| format!("{LIST}?pagina={}{query}", number + 1)),
        frame: visitor.frame,
    })
}

fn row(accounts: &Accounts, account: &Account) -> AccountRow {
    AccountRow {
        username: account.profile.login.to_string(),
        name: account.profile.name.clone(),
        roles: account.profile.roles.iter().copied().map(shown_role).collect(),
        seen: last_sign_in(accounts, account).map(convert::day_at),
        state: state(accounts, account),
    }
}

/// When somebody last signed in, as it was kept; where it was not, when the newest of their sessions began.
pub(super) fn last_sign_in(accounts: &Accounts, account: &Account) -> Option<proto_events::Timestamp> {
    accounts.last_sign_in(account.id).or_else(|| accounts.sessions_of(account.id).iter().map(|session| session.created).max())
}

fn state(accounts: &Accounts, account: &Account) -> pages::AccountState {
    match (account.state, accounts.waits(&account.profile.login)) {
        (AccountState::Locked, _) => pages::AccountState::Off,
        (AccountState::Active, Some((tries, _))) => pages::AccountState::Locked(usize::try_from(tries).unwrap_or(usize::MAX)),
        (AccountState::Active, None) => pages::AccountState::Active,
    }
}

/// The organisations of accounts, by name.
fn organisations(accounts: &Accounts) -> Vec<Choosable> {
    let all = accounts.accounts();
    let codes: BTreeSet<&str> = all.iter().filter_map(|account| account.profile.organisation.as_ref().map(|slug| slug.as_str())).collect();
    let by_name: BTreeMap<(String, &str), &str> = codes.into_iter().map(|code| ((names::organisation(code), code), code)).collect();
    by_name.into_iter().map(|((name, _), code)| Choosable::new(code, name)).collect()
}

// ---- A new one ----

/// `GET /beheer/accounts/nieuw`.
pub(crate) async fn new(State(inner): Gate, visitor: Visitor) -> Result<Response, Problem> {
    let (accounts, _) = judged(&inner, &visitor)?;
    page(&form(accounts, visitor, None))
}

fn form(accounts: &Accounts, visitor: Visitor, filled: Option<Filled>) -> AccountNew {
    AccountNew { organisations: organisations(accounts), organisation: visitor.organisation().to_owned(), filled, frame: visitor.frame }
}

/// The fields of both forms.
const FIELDS: [&str; 3] = ["organisation", "organisation_new", "coach"];
const SEVERAL: [&str; 1] = ["role"];

/// What was filled in, to be shown again.
fn values(fields: &Form, names: &[&str]) -> Vec<(String, String)> {
    let one = |name: &&str| fields.all(name).map(|value| ((*name).to_owned(), value.to_owned())).collect::<Vec<_>>();
    names.iter().flat_map(one).collect()
}

/// `POST /beheer/accounts`: the password is shown on the page that comes back, and never again.
pub(crate) async fn make(State(inner): Gate, visitor: Visitor, request: Request<Body>) -> Result<Response, Problem> {
    let (accounts, by) = judged(&inner, &visitor)?;
    let known = [&["name", "username"][..], &FIELDS].concat();
    let fields = Form::read_with(request, &known, &SEVERAL, &inner.limits).await?;
    let lang = visitor.frame.lang;
    let made = match profile_new(accounts, lang, &fields) {
        Ok(profile) => match accounts.create(by, profile, FirstPassword::OneTime).await {
            Ok(made) => Ok(made),
            Err(AccountsError::Rule(rule)) => Err(vec![mistake(lang, rule)]),
            // Another account was made at the same moment: nothing is lost, and it may be sent again.
            Err(AccountsError::Changed) => Err(vec![wrong("", again(lang))]),
            Err(error) => return Err(error.into()),
        },
        Err(mistakes) => Err(mistakes),
    };
    match made {
        Ok((account, password)) => page(&AccountMade {
            name: account.profile.name.clone(),
            username: account.profile.login.to_string(),
            password: password.map(|password| password.expose().to_owned()).unwrap_or_default(),
            is_new: true,
            frame: visitor.frame,
        }),
        Err(mistakes) => {
            let filled = Filled { values: values(&fields, &[&known[..], &SEVERAL].concat()), mistakes, refused: false };
            html(StatusCode::UNPROCESSABLE_ENTITY, &form(accounts, visitor, Some(filled)))
        }
    }
}

fn profile_new(accounts: &Accounts, lang: Lang, fields: &Form) -> Result<Profile, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let login = fields.text("username").trim().parse::<Login>().ok().filter(|login| !TAKEN.contains(&login.as_str()));
    if login.is_none() {
        mistakes.push(mistake(lang, Rule::Login));
    }
    let placed = placed(accounts, lang, fields, login.as_ref(), &mut mistakes);
    match (login, placed) {
        (Some(login), Some(placed)) if mistakes.is_empty() => Ok(Profile {
            login,
            name: fields.text("name").trim().to_owned(),
            organisation: placed.organisation,
            coach: placed.coach,
            roles: placed.roles,
        }),
        (_, _) => Err(mistakes),
    }
}

/// What both forms ask.
struct Placed {
    roles: BTreeSet<Role>,
    organisation: Option<Slug>,
    coach: Option<Slug>,
}

/// `None` where something cannot be read: that is among the mistakes then.
fn placed(accounts: &Accounts, lang: Lang, fields: &Form, login: Option<&Login>, mistakes: &mut Vec<Mistake>) -> Option<Placed> {
    let read = |text: &str| Role::ALL.into_iter().find(|role| shown_role(*role).code() == text);
    let roles: Option<BTreeSet<Role>> = fields.all("role").map(read).collect();
    if roles.is_none() {
        mistakes.push(mistake(lang, Rule::NoRole));
    }
    let mut slug = |name: &str| match Some(fields.text(name).trim()).filter(|text| !text.is_empty()).map(str::parse::<Slug>) {
        None => Some(None),
        Some(Ok(slug)) => Some(Some(slug)),
        Some(Err(_)) => {
            mistakes.push(wrong(name, code_form(lang)));
            None
        }
    };
    let (chosen, other, coach) = (slug("organisation"), slug("organisation_new"), slug("coach"));
    let (roles, chosen, other, mut coach) = (roles?, chosen?, other?, coach?);
    let organisation = other.or(chosen);
    if roles.contains(&Role::Coach) && coach.is_none() {
        coach = organisation.as_ref().zip(login).and_then(|(organisation, login)| proposed(accounts, organisation, login));
    }
    Some(Placed { roles, organisation, coach })
}

/// What a coach may be called in the log: as the login, with a number where somebody else of the organisation is called so.
fn proposed(accounts: &Accounts, organisation: &Slug, login: &Login) -> Option<Slug> {
    let letters = login.as_str().bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b) } else { '-' });
    let base: String = letters.collect::<String>().trim_matches('-').chars().take(58).collect();
    let all = accounts.accounts();
    let taken: BTreeSet<&str> = all
        .iter()
        .filter(|account| account.profile.organisation.as_ref() == Some(organisation) && account.profile.login != *login)
        .filter_map(|account| account.profile.coach.as_ref().map(|coach| coach.as_str()))
        .collect();
    let numbered = (2..).map(|n: usize| format!("{base}-{n}"));
    std::iter::once(base.clone()).chain(numbered).take(taken.len() + 1).find(|code| !taken.contains(code.as_str()))?.parse().ok()
}

// ---- One of them ----

/// `GET /beheer/accounts/LOGIN`.
pub(crate) async fn show(
    State(inner): Gate,
    visitor: Visitor,
    Path(login): Path<String>,
    Extension(asked): Extension<Asked>,
) -> Result<Response, Problem> {
    let (accounts, _) = judged(&inner, &visitor)?;
    let account = named(accounts, &login)?;
    let told = asked.word("opgeslagen", &["true"])?.map(|_| Told::Saved);
    page(&AccountPage { told, ..of(&inner, accounts, &account, visitor).await })
}

async fn of(inner: &Inner, accounts: &Accounts, account: &Held<Account>, visitor: Visitor) -> AccountPage {
    let profile = &account.profile;
    let sessions = accounts.sessions_of(account.id);
    let wait = accounts.waits(&profile.login).map(|(_, wait)| i64::try_from(wait.as_micros()).unwrap_or_default());
    let until = wait.and_then(|wait| proto_events::Timestamp::from_micros((inner.clock)().micros().saturating_add(wait)));
    AccountPage {
        today: convert::day(visitor.today),
        username: profile.login.to_string(),
        name: profile.name.clone(),
        seen: last_sign_in(accounts, account).map(convert::minute),
        state: state(accounts, account),
        locked_until: until.map(convert::minute),
        roles: profile.roles.iter().copied().map(shown_role).collect(),
        organisations: organisations(accounts),
        organisation: profile.organisation.as_ref().map(|slug| slug.as_str().to_owned()).unwrap_or_default(),
        coach: profile.coach.as_ref().map(|slug| slug.as_str().to_owned()).unwrap_or_default(),
        is_own: account.id == visitor.seen.account.id,
        managers: managers(accounts, account),
        revision: account.revision.0,
        sessions: sessions.len(),
        trajectories: trajectories(inner, profile).await,
        has_password: account.signs_in_by.is_password(),
        told: None,
        filled: None,
        frame: visitor.frame,
    }
}

/// Who can hand over the trajectories of a coach to a colleague: the managers of their organisation, by name.
fn managers(accounts: &Accounts, account: &Account) -> Vec<Choosable> {
    let own = &account.profile.organisation;
    let all = accounts.accounts().into_iter().filter(|other| other.is(Role::Manager) && other.id != account.id);
    let of = all.filter(|other| own.is_some() && other.profile.organisation == *own);
    let mut found: Vec<Choosable> = of.map(|other| Choosable::new(other.profile.login.to_string(), &other.profile.name)).collect();
    found.sort_by(|a, b| (&a.words, &a.value).cmp(&(&b.words, &b.value)));
    found
}

/// How many running trajectories are in a coach's name; 0 where the view cannot say it now.
async fn trajectories(inner: &Inner, profile: &Profile) -> usize {
    let (Some(organisation), Some(coach)) = (&profile.organisation, &profile.coach) else { return 0 };
    let (mut found, mut cursor) = (0, None);
    loop {
        let ask = CaseloadAsk {
            reach: Reach::coaches(organisation.as_str(), [coach.as_str()]),
            organisation: Some(organisation.as_str().to_owned()),
            coach: Some(coach.as_str().to_owned()),
            running: Some(true),
            limit: inner.limits.page_trajectories,
            cursor,
            ..CaseloadAsk::default()
        };
        let Ok(part) = inner.statuses.list(&ask).await else { return 0 };
        found += part.items.len();
        cursor = part.next;
        if cursor.is_none() || found >= MOST_COUNTED {
            return found.min(MOST_COUNTED);
        }
    }
}

/// The revision that the page showed.
fn seen(fields: &Form) -> Result<Revision, Problem> {
    fields.text("revision").parse().map(Revision).map_err(|_| Problem::malformed("revision: a number, as the page had it"))
}

/// `POST /beheer/accounts/LOGIN`.
pub(crate) async fn change(
    State(inner): Gate,
    visitor: Visitor,
    Path(login): Path<String>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let (accounts, by) = judged(&inner, &visitor)?;
    let known = [&["revision"][..], &FIELDS].concat();
    let fields = Form::read_with(request, &known, &SEVERAL, &inner.limits).await?;
    let (account, revision, lang) = (named(accounts, &login)?, seen(&fields)?, visitor.frame.lang);
    let mut mistakes = Vec::new();
    let placed = placed(accounts, lang, &fields, Some(&account.profile.login), &mut mistakes);
    let outcome = match placed {
        Some(Placed { roles, organisation, coach }) => {
            let profile = Profile { roles, organisation, coach, ..account.profile.clone() };
            Some(accounts.change(by, account.id, revision, profile).await)
        }
        None => None,
    };
    let told = match outcome {
        Some(Ok(_)) => return saved(&account.profile.login),
        Some(Err(AccountsError::Rule(rule))) => {
            mistakes.push(mistake(lang, rule));
            None
        }
        Some(Err(AccountsError::Changed)) => Some(()),
        Some(Err(error)) => return Err(error.into()),
        None => None,
    };
    let filled = Filled { values: values(&fields, &[&FIELDS[..], &SEVERAL].concat()), mistakes, refused: false };
    // As it is now, with what was filled in on top: to be sent again by whoever still wants it.
    let account = named(accounts, &login)?;
    let told = told.map(|()| Told::Changed(now(lang, &account)));
    let status = if told.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = of(&inner, accounts, &account, visitor).await;
    // One's own account has no fields to tell a mistake at.
    let refused = filled.mistakes.first().filter(|_| page.is_own).map(|mistake| Told::Refused(mistake.message.clone()));
    let told = told.or(refused);
    // Who was not told of a change in between is told when they send it again.
    let revision = if status == StatusCode::CONFLICT { page.revision } else { revision.0 };
    html(status, &AccountPage { told, filled: Some(filled), revision, ..page })
}

/// What stands in an account, in a few words.
fn now(lang: Lang, account: &Account) -> String {
    let profile = &account.profile;
    let roles = profile.roles.iter().map(|role| shown_role(*role).words(lang).to_owned());
    let organisation = profile.organisation.as_ref().map(|slug| names::organisation(slug.as_str()));
    let coach = profile.coach.as_ref().map(|slug| slug.as_str().to_owned());
    let off = (account.state == AccountState::Locked).then(|| lang.t("uitgezet", "switched off").to_owned());
    roles.chain(organisation).chain(coach).chain(off).collect::<Vec<_>>().join(", ")
}

fn saved(login: &Login) -> Result<Response, Problem> {
    see_other(&format!("{LIST}/{login}?opgeslagen=true"))
}

/// Something that a button asks for, of which nothing is filled in.
async fn press<T>(
    inner: &Inner,
    visitor: Visitor,
    login: &str,
    request: Request<Body>,
    act: impl AsyncFnOnce(&Accounts, By, &Held<Account>, Revision) -> Result<T, AccountsError>,
    done: impl FnOnce(Visitor, &Account, T) -> Result<Response, Problem>,
) -> Result<Response, Problem> {
    let (accounts, by) = judged(inner, &visitor)?;
    let fields = Form::read(request, &["revision"], &inner.limits).await?;
    let (account, revision, lang) = (named(accounts, login)?, seen(&fields)?, visitor.frame.lang);
    let (status, told) = match act(accounts, by, &account, revision).await {
        Ok(value) => return done(visitor, &account, value),
        Err(AccountsError::Rule(rule)) => (StatusCode::UNPROCESSABLE_ENTITY, Told::Refused(mistake(lang, rule).message)),
        Err(AccountsError::Changed) => {
            let account = named(accounts, login)?;
            (StatusCode::CONFLICT, Told::Changed(now(lang, &account)))
        }
        Err(error) => return Err(error.into()),
    };
    let account = named(accounts, login)?;
    let page = of(inner, accounts, &account, visitor).await;
    html(status, &AccountPage { told: Some(told), ..page })
}

/// Back to the account.
fn back<T>(_: Visitor, account: &Account, _: T) -> Result<Response, Problem> {
    saved(&account.profile.login)
}

/// `POST /beheer/accounts/LOGIN/deblokkeren`: failed sign-ins are forgotten. Of them no revision tells.
pub(crate) async fn unblock(
    State(inner): Gate,
    visitor: Visitor,
    Path(login): Path<String>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let act = async |accounts: &Accounts, by, account: &Held<Account>, _| accounts.forget_failures(by, account.id);
    press(&inner, visitor, &login, request, act, back).await
}

/// `POST /beheer/accounts/LOGIN/wachtwoord`: the password is shown on the page that comes back, and never again.
pub(crate) async fn reset(
    State(inner): Gate,
    visitor: Visitor,
    Path(login): Path<String>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let act = async |accounts: &Accounts, by, account: &Held<Account>, seen| accounts.reset(by, account.id, seen).await;
    let shown = |visitor: Visitor, account: &Account, (_, password): (_, accounts::OneTimePassword)| {
        page(&AccountMade {
            name: account.profile.name.clone(),
            username: account.profile.login.to_string(),
            password: password.expose().to_owned(),
            is_new: false,
            frame: visitor.frame,
        })
    };
    press(&inner, visitor, &login, request, act, shown).await
}

/// `POST /beheer/accounts/LOGIN/uitloggen`.
pub(crate) async fn end_sessions(
    State(inner): Gate,
    visitor: Visitor,
    Path(login): Path<String>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let act = async |accounts: &Accounts, by, account: &Held<Account>, seen| accounts.end_sessions(by, account.id, seen).await;
    press(&inner, visitor, &login, request, act, back).await
}

/// `POST /beheer/accounts/LOGIN/uitzetten`.
pub(crate) async fn lock(
    State(inner): Gate,
    visitor: Visitor,
    Path(login): Path<String>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let act = async |accounts: &Accounts, by, account: &Held<Account>, seen| accounts.lock(by, account.id, seen).await;
    press(&inner, visitor, &login, request, act, back).await
}

/// `POST /beheer/accounts/LOGIN/aanzetten`.
pub(crate) async fn unlock(
    State(inner): Gate,
    visitor: Visitor,
    Path(login): Path<String>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let act = async |accounts: &Accounts, by, account: &Held<Account>, seen| accounts.unlock(by, account.id, seen).await;
    press(&inner, visitor, &login, request, act, back).await
}

// ---- What is wrong, at its field ----

fn wrong(field: &str, message: &str) -> Mistake {
    Mistake { field: field.to_owned(), message: message.to_owned(), link: None }
}

fn again(lang: Lang) -> &'static str {
    lang.t("Iemand anders was net bezig met accounts. Probeer het opnieuw.", "Somebody else was just changing accounts. Try again.")
}

fn code_form(lang: Lang) -> &'static str {
    lang.t("Gebruik kleine letters, cijfers en streepjes, hoogstens 64.", "Use lower-case letters, digits and hyphens, at most 64.")
}

/// A rule at the field that it is about.
fn mistake(lang: Lang, rule: Rule) -> Mistake {
    match rule {
        Rule::Login => wrong(
            "username",
            lang.t(
                "Gebruik 1 tot 64 letters, cijfers, punten, streepjes of een apenstaartje. Het woord nieuw kan niet.",
                "Use 1 to 64 letters, digits, dots, hyphens, underscores or at-signs. The word nieuw cannot be used.",
            ),
        ),
        Rule::LoginTaken => wrong(
            "username",
            lang.t("Deze gebruikersnaam bestaat al. Kies een andere.", "This user name is there already. Choose another."),
        ),
        Rule::Name { .. } => wrong("name", lang.t("Vul een naam in van 1 tot 100 tekens.", "Give a name of 1 to 100 characters.")),
        Rule::NoRole => wrong("role", lang.t("Kies minstens één rol.", "Choose at least one role.")),
        Rule::NeedsOrganisation => wrong(
            "organisation",
            lang.t(
                "Een coach of manager hoort bij een organisatie. Kies er een.",
                "A coach or manager belongs to an organisation. Choose one.",
            ),
        ),
        Rule::NeedsCoach => wrong("coach", lang.t("Een coach heeft een code nodig.", "A coach needs a code.")),
        Rule::CoachTaken => wrong(
            "coach",
            lang.t(
                "Een andere coach van deze organisatie heeft deze code. Kies een andere.",
                "Another coach of this organisation has this code. Choose another.",
            ),
        ),
        Rule::LastAdministrator => wrong(
            "role",
            lang.t(
                "Dit is de laatste beheerder. Maak eerst een andere beheerder.",
                "This is the last administrator. Make another one first.",
            ),
        ),
        Rule::OwnAccount => wrong(
            "role",
            lang.t(
                "Dit is je eigen account: je rollen en je toegang verandert een andere beheerder.",
                "This is your own account: another administrator changes your roles and your access.",
            ),
        ),
        Rule::DutiesTogether => wrong(
            "role",
            lang.t(
                "Een beheerder is niet ook coach, manager of auditor. Maak een tweede account voor dat werk.",
                "An administrator is no coach, manager or auditor too. Make a second account for that work.",
            ),
        ),
        Rule::ByProvider => wrong(
            "",
            lang.t(
                "Dit account logt in via de organisatie en heeft hier geen wachtwoord.",
                "This account signs in by its organisation and has no password here.",
            ),
        ),
        Rule::TooManyAccounts => wrong("", lang.t("Er is geen plaats voor meer accounts.", "There is no room for more accounts.")),
        // None of these is about an account that is written.
        other @ (Rule::NotTheFirst
        | Rule::PasswordTooShort
        | Rule::PasswordTooLong
        | Rule::PasswordCommon
        | Rule::PasswordContainsLogin
        | Rule::PasswordUnchanged
        | Rule::TokenDays
        | Rule::TokenRoles
        | Rule::TooManyTokens
        | Rule::CoverOfOneself
        | Rule::CoverDays
        | Rule::CoverByNobody
        | Rule::TooManyCovers
        | Rule::OpeningReason
        | Rule::TooManyOpenings) => Mistake { field: String::new(), message: other.to_string(), link: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_forms_is_told_at_a_field() {
        for rule in [
            Rule::Login,
            Rule::LoginTaken,
            Rule::Name { longest: 100 },
            Rule::NoRole,
            Rule::NeedsOrganisation,
            Rule::NeedsCoach,
            Rule::CoachTaken,
            Rule::LastAdministrator,
            Rule::OwnAccount,
            Rule::DutiesTogether,
        ] {
            let (nl, en) = (mistake(Lang::Nl, rule), mistake(Lang::En, rule));
            assert!(!nl.field.is_empty() && nl.field == en.field && nl.message != en.message, "{rule:?}");
        }
    }
}
