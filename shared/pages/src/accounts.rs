//! Accounts, for an administrator: who may sign in, as what, and what can be done about it.

use std::borrow::Cow;

use askama::Template;

use crate::{
    day::{Day, Minute},
    forms::{Filled, ask::Ask},
    frame::{Frame, Page, Role},
    lang::Lang,
    parts::{Alert, Choice, Choosable, Field, Named, Part, Select, Weight},
};

/// Whether an account can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// It can.
    Active,
    /// Not for a while, after so many wrong passwords.
    Locked(usize),
    /// Not any more.
    Off,
}

/// An account in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// What is typed to sign in.
    pub username: String,
    /// The person's name.
    pub name: String,
    /// The roles.
    pub roles: Vec<Role>,
    /// The day on which it last signed in; `None` when it never did.
    pub seen: Option<Day>,
    /// Whether it can be used.
    pub state: AccountState,
}

/// The list at `/beheer/accounts`.
#[derive(Debug, Template)]
#[template(path = "accounts.html")]
pub struct Accounts {
    /// What stands around it.
    pub frame: Frame,
    /// Today.
    pub today: Day,
    /// Whose accounts: the name of the organisation; empty for all.
    pub organisation: String,
    /// The accounts, by name.
    pub rows: Vec<AccountRow>,
    /// How many there are, on other pages too.
    pub total: usize,
    /// The address of the next page.
    pub next: Option<String>,
}

macro_rules! page {
    ($of:ident, $width:literal, $title:expr) => {
        impl Page for $of {
            fn frame(&self) -> &Frame {
                &self.frame
            }

            fn title(&self) -> Cow<'_, str> {
                let title: fn(&Self) -> &str = $title;
                title(self).into()
            }

            fn at(&self) -> &'static str {
                "/beheer/accounts"
            }

            fn width(&self) -> &'static str {
                $width
            }
        }
    };
}
page!(Accounts, "", |_| "Accounts");
page!(AccountNew, "narrow", |page| page.frame.t("Nieuw account", "New account"));
page!(AccountMade, "narrow", |page| page.heading());
page!(AccountPage, "narrow", |page| &page.name);

impl Accounts {
    fn line(&self) -> String {
        let lang = self.frame.lang;
        let count = lang.count(self.total, ("account", "accounts"), ("account", "accounts"));
        if self.organisation.is_empty() { count } else { format!("{count} {} {}", lang.t("van", "of"), self.organisation) }
    }

    fn roles(&self, row: &AccountRow) -> String {
        all_words(&row.roles, self.frame.lang)
    }

    fn seen(&self, row: &AccountRow) -> String {
        let lang = self.frame.lang;
        let seen = row.seen.map_or_else(|| never(lang), |day| day.ago(lang, self.today));
        format!("{}: {seen}", lang.t("laatst ingelogd", "last signed in"))
    }

    /// Colour and words, when it cannot be used.
    fn state(&self, row: &AccountRow) -> Option<(&'static str, String)> {
        let lang = self.frame.lang;
        match row.state {
            AccountState::Active => None,
            AccountState::Locked(tries) => Some((
                "bad",
                match lang {
                    Lang::Nl => format!("Geblokkeerd na {tries} pogingen"),
                    Lang::En => format!("Locked after {tries} tries"),
                },
            )),
            AccountState::Off => Some(("plain", lang.t("Uitgezet", "Switched off").to_owned())),
        }
    }
}

/// In the place of when an account last signed in.
fn never(lang: Lang) -> String {
    lang.t("nog nooit", "never yet").to_owned()
}

/// `Coach, manager`.
fn all_words(roles: &[Role], lang: Lang) -> String {
    let words = roles.iter().map(|role| role.words(lang)).enumerate();
    words.map(|(n, words)| if n == 0 { words.to_owned() } else { words.to_lowercase() }).collect::<Vec<_>>().join(", ")
}

/// What each role may do.
fn roles(ask: &Ask<'_>, likely: &[Role]) -> Choice {
    let explain = |role: Role| match role {
        Role::Coach => ask.t("Ziet en bewerkt de eigen trajecten", "Sees and edits their own trajectories"),
        Role::Manager => {
            ask.t("Ziet alle trajecten en cijfers van de organisatie", "Sees all trajectories and figures of the organisation")
        }
        Role::Analyst => ask.t("Ziet cijfers, geen trajecten", "Sees figures, no trajectories"),
        Role::Auditor => {
            ask.t("Leest alles, verandert niets. Teksten blijven verzegeld", "Reads everything, changes nothing. Texts stay sealed")
        }
        Role::Administrator => ask.t("Beheert accounts en weergaven", "Sees to accounts and views"),
    };
    let choices = Role::ALL.map(|role| Choosable::explained(role.code(), role.words(ask.frame.lang), explain(role)));
    let likely = likely.iter().map(|role| role.code().to_owned()).collect();
    ask.several("rol", "role", ask.t("Rollen", "Roles"), choices.into(), likely).hint(ask.t(
        "Meer dan één kan. Een beheerder is niet ook coach, manager of auditor: daarvoor is er een tweede account.",
        "There can be several. An administrator is no coach, manager or auditor too: for that there is a second account.",
    ))
}

/// The organisation, one that has no account yet, and what a coach is called in the log.
fn placed(ask: &Ask<'_>, all: &[Choosable], likely: &str, coach: &str) -> [Part; 3] {
    let organisation: Select =
        ask.select("organisatie", "organisation", ask.t("Organisatie", "Organisation"), ask.t("Geen", "None"), all.to_vec(), likely);
    let another = Field {
        size: "medium",
        attributes: CODE,
        ..ask.field("nieuw", "organisation_new", ask.t("Of een nieuwe organisatie", "Or a new organisation"))
    };
    let code = ask.field("code", "coach", ask.t("Code in het logboek", "Code in the log"));
    let value = if ask.filled.is_some() { code.value.clone() } else { coach.to_owned() };
    let code = Field { size: "medium", attributes: CODE, value, ..code };
    [
        organisation.hint(ask.t("Nodig voor coaches en managers", "Needed for coaches and managers")).into(),
        another.hint(ask.t("De code, zoals ggz-voorbeeld", "Its code, as ggz-voorbeeld")).optional().into(),
        code.hint(ask.t(
            "Zo heet een coach in trajecten. Vul je niets in? Dan wordt het de gebruikersnaam",
            "What a coach is called in trajectories. Left empty it becomes the user name",
        ))
        .optional()
        .into(),
    ]
}

const CODE: &str = r#"autocomplete="off" autocapitalize="none" spellcheck="false""#;

/// A form for a new account, at `/beheer/accounts/nieuw`. Posts `name`, `username`, `role` (each that is ticked),
/// `organisation`, `organisation_new` and `coach` to `/beheer/accounts`.
#[derive(Debug, Template)]
#[template(path = "account_new.html")]
pub struct AccountNew {
    /// What stands around it.
    pub frame: Frame,
    /// The organisations to choose from.
    pub organisations: Vec<Choosable>,
    /// The likely one.
    pub organisation: String,
    /// What was filled in, and what is wrong with it.
    pub filled: Option<Filled>,
}

impl AccountNew {
    /// What is wrong and belongs to no field.
    fn alert(&self) -> Option<Alert> {
        let mistakes = self.filled.iter().flat_map(|filled| &filled.mistakes);
        let f = &self.frame;
        let refused = |text: &str| Alert::new(f, Weight::Error, f.t("Dit is niet gelukt", "This was not done"), text).announced("alert");
        mistakes.filter(|mistake| mistake.field.is_empty()).map(|mistake| refused(&mistake.message)).next()
    }

    fn parts(&self) -> Vec<Part> {
        let f = &self.frame;
        let ask = Ask { frame: f, today: Day::EPOCH, filled: self.filled.as_ref() };
        let name = Field { attributes: r#"autocomplete="off" required"#, ..ask.field("naam", "name", f.t("Naam", "Name")) };
        let username = Field {
            size: "medium",
            attributes: r#"autocomplete="off" autocapitalize="none" spellcheck="false" required"#,
            ..ask.field("gebruikersnaam", "username", f.t("Gebruikersnaam", "User name"))
        };
        let mut parts: Vec<Part> = vec![name.into(), username.into(), roles(&ask, &[Role::Coach]).into()];
        parts.extend(placed(&ask, &self.organisations, &self.organisation, ""));
        parts
    }
}

/// A new password was made, for a new account or for one whose password was forgotten. It is shown once.
#[derive(Debug, Template)]
#[template(path = "account_made.html")]
pub struct AccountMade {
    /// What stands around it.
    pub frame: Frame,
    /// The person's name.
    pub name: String,
    /// What is typed to sign in.
    pub username: String,
    /// The password.
    pub password: String,
    /// Whether the account is new.
    pub is_new: bool,
}

impl AccountMade {
    fn heading(&self) -> &str {
        let f = &self.frame;
        if self.is_new { f.t("Account is gemaakt", "The account was made") } else { f.t("Nieuw wachtwoord", "New password") }
    }

    fn text(&self) -> String {
        let (name, username) = (&self.name, &self.username);
        match self.frame.lang {
            Lang::Nl => {
                format!("{name} ({username}) kiest bij het eerste inloggen een eigen wachtwoord. Je ziet dit wachtwoord maar één keer.")
            }
            Lang::En => {
                format!("{name} ({username}) chooses a password of their own at the first sign-in. You see this password only once.")
            }
        }
    }
}

/// What an administrator is told about what was just asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It was done.
    Saved,
    /// Somebody else changed the account first, and nothing was done: what stands there now.
    Changed(String),
    /// A rule that is of no field.
    Refused(String),
}

/// One account, at `/beheer/accounts/NAME`. Posts `role` (each that is ticked), `organisation`, `organisation_new` and `coach` there, and to
/// `deblokkeren`, `wachtwoord`, `uitloggen`, `uitzetten` and `aanzetten` below it; `revision` with each.
#[derive(Debug, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    /// What stands around it.
    pub frame: Frame,
    /// Today.
    pub today: Day,
    /// What is typed to sign in.
    pub username: String,
    /// The person's name.
    pub name: String,
    /// When it last signed in; `None` when it never did.
    pub seen: Option<Minute>,
    /// Whether it can be used.
    pub state: AccountState,
    /// When a lock ends by itself.
    pub locked_until: Option<Minute>,
    /// The roles.
    pub roles: Vec<Role>,
    /// The organisations to choose from.
    pub organisations: Vec<Choosable>,
    /// The code of the one that it belongs to; may be empty.
    pub organisation: String,
    /// What it is called in the log as a coach; may be empty.
    pub coach: String,
    /// Whether it is the account of who looks at it.
    pub is_own: bool,
    /// Who can hand its trajectories over: user names and names of the managers of its organisation.
    pub managers: Vec<Choosable>,
    /// As of which change this is: of two changes at once the second is told.
    pub revision: u64,
    /// On so many devices it is signed in.
    pub sessions: usize,
    /// So many trajectories are in its name.
    pub trajectories: usize,
    /// Whether it signs in with a password of this service.
    pub has_password: bool,
    /// What became of what was just asked for.
    pub told: Option<Told>,
    /// What was filled in, and what is wrong with it.
    pub filled: Option<Filled>,
}

impl AccountPage {
    fn line(&self) -> String {
        let lang = self.frame.lang;
        let seen = self.seen.map_or_else(|| never(lang), |minute| minute.ago(lang, self.today));
        format!("{} · {}: {seen}", self.username, lang.t("laatst ingelogd", "last signed in"))
    }

    fn told_alert(&self) -> Option<Alert> {
        let f = &self.frame;
        Some(match self.told.as_ref()? {
            Told::Saved => Alert::new(f, Weight::Ok, f.t("Opgeslagen", "Saved"), "").announced("status"),
            Told::Changed(now) => {
                let text = match f.lang {
                    Lang::Nl => format!("Er is niets opgeslagen. Nu staat er: {now}. Kijk wat je nog wilt, en doe het dan opnieuw."),
                    Lang::En => format!("Nothing was saved. Now it says: {now}. Look at what you still want, and do it again."),
                };
                let title = f.t("Iemand anders heeft dit account intussen veranderd", "Somebody else has changed this account meanwhile");
                Alert::new(f, Weight::Warning, title, text).announced("alert")
            }
            Told::Refused(why) => {
                Alert::new(f, Weight::Error, f.t("Dit is niet gelukt", "This was not done"), why.as_str()).announced("alert")
            }
        })
    }

    fn lock(&self) -> Option<String> {
        let AccountState::Locked(tries) = self.state else { return None };
        let lang = self.frame.lang;
        let until = self.locked_until.map(|until| match lang {
            Lang::Nl => format!(" De blokkade eindigt vanzelf om {}.", until.clock(lang)),
            Lang::En => format!(" The lock ends by itself at {}.", until.clock(lang)),
        });
        let tried = match lang {
            Lang::Nl => format!("Er is {tries} keer een verkeerd wachtwoord ingevuld."),
            Lang::En => format!("A wrong password was given {tries} times."),
        };
        Some(format!("{tried}{}", until.unwrap_or_default()))
    }

    fn parts(&self) -> Vec<Part> {
        let ask = Ask { frame: &self.frame, today: Day::EPOCH, filled: self.filled.as_ref() };
        let mut parts: Vec<Part> = vec![roles(&ask, &self.roles).into()];
        parts.extend(placed(&ask, &self.organisations, &self.organisation, &self.coach));
        parts
    }

    fn signed_in(&self) -> String {
        let lang = self.frame.lang;
        if self.sessions == 0 {
            return lang.t("Nu nergens ingelogd.", "Not signed in anywhere now.").to_owned();
        }
        let devices = lang.count(self.sessions, ("apparaat", "apparaten"), ("device", "devices"));
        format!("{} {devices}.", lang.t("Ingelogd op", "Signed in on"))
    }

    fn leaving(&self) -> String {
        let lang = self.frame.lang;
        let first = self.name.split(' ').next().unwrap_or_default();
        let question = match lang {
            Lang::Nl => format!("Werkt {first} hier niet meer? Zet het account uit."),
            Lang::En => format!("Does {first} not work here any more? Switch the account off."),
        };
        let count = lang.count(self.trajectories, ("traject", "trajecten"), ("trajectory", "trajectories"));
        match (self.trajectories, lang) {
            (0, _) => question,
            (_, Lang::Nl) => format!("{question} Laat eerst {count} overdragen."),
            (_, Lang::En) => format!("{question} Have {count} handed over first."),
        }
    }

    const fn has_trajectories(&self) -> bool {
        self.trajectories > 0
    }

    /// Who can hand over the trajectories, before the names; of nobody what to do.
    fn handing_over(&self) -> &str {
        let f = &self.frame;
        if self.managers.is_empty() {
            f.t("Dat doet een manager, en die heeft deze organisatie nog niet:", "A manager does that, and this organisation has none yet:")
        } else {
            f.t("Dat doet een manager van de organisatie:", "A manager of the organisation does that:")
        }
    }

    /// In the place of what can be done to an account: that its owner does it not.
    fn own_alert(&self) -> Alert {
        let f = &self.frame;
        let text = f.t(
            "Je rollen verandert een andere beheerder, en die kan je account ook uitzetten. Ben je de enige? Maak er dan een bij. Je wachtwoord en je apparaten staan bij je eigen account.",
            "Another administrator changes your roles, and can also switch your account off. Are you the only one? Then make another. Your password and your devices are with your own account.",
        );
        let link = ("/account".to_owned(), f.t("Naar mijn account", "To my account").to_owned());
        Alert { link: Some(link), ..Alert::new(f, Weight::Info, f.t("Dit is je eigen account", "This is your own account"), text) }
    }

    /// What its owner is told of it: term and value.
    fn own_facts(&self) -> Vec<(&str, String)> {
        let f = &self.frame;
        let none = || f.t("geen", "none").to_owned();
        let chosen = self.organisations.iter().find(|one| one.value == self.organisation);
        let organisation = chosen.map_or_else(none, |one| one.words.clone());
        let code = (!self.coach.is_empty()).then(|| (f.t("Code in het logboek", "Code in the log"), self.coach.clone()));
        let all = [
            Some((f.t("Rollen", "Roles"), all_words(&self.roles, f.lang))),
            Some((f.t("Organisatie", "Organisation"), organisation)),
            code,
        ];
        all.into_iter().flatten().collect()
    }

    /// Its own address, or one below it.
    fn address(&self, below: &str) -> String {
        format!("/beheer/accounts/{}{below}", self.username)
    }

    fn is_off(&self) -> bool {
        self.state == AccountState::Off
    }
}

/// Where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The session's id, as the service shows it to its owner.
    pub id: String,
    /// The browser and the device, in words.
    pub device: String,
    /// When it was last used.
    pub used: Minute,
    /// Whether it is the one of this page.
    pub is_this: bool,
}

/// A token of a client app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// The token's id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub made: Day,
    /// When it was last used.
    pub used: Option<Day>,
    /// Its last day.
    pub until: Option<Day>,
}

/// One's own account, at `/account`. Posts `old`, `new` and `again` to `/wachtwoord`, nothing to `/account/sessies/ID/stoppen` and
/// `/account/tokens/ID/intrekken`, and `name` to `/account/tokens`.
#[derive(Debug, Template)]
#[template(path = "own_account.html")]
pub struct OwnAccount {
    /// What stands around it.
    pub frame: Frame,
    /// Today.
    pub today: Day,
    /// What is typed to sign in: it tells the browser whose password it keeps.
    pub username: String,
    /// Whether it has a password of this service.
    pub has_password: bool,
    /// Whether the password has to be changed before anything else.
    pub must_change: bool,
    /// So many characters a password needs.
    pub shortest: usize,
    /// When it last signed in, where that is known.
    pub signed_in: Option<Minute>,
    /// Where it is signed in.
    pub sessions: Vec<SessionRow>,
    /// Its tokens.
    pub tokens: Vec<TokenRow>,
    /// Whether it may make tokens.
    pub may_make_tokens: bool,
    /// A token that was just made: it is shown once.
    pub made: Option<String>,
    /// Whether the password was just changed.
    pub changed: bool,
    /// What was filled in, and what is wrong with it.
    pub filled: Option<Filled>,
}

impl Page for OwnAccount {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.frame.t("Mijn account", "My account").into()
    }

    fn at(&self) -> &'static str {
        ""
    }

    fn width(&self) -> &'static str {
        "narrow"
    }
}

impl OwnAccount {
    fn alert(&self) -> Option<Alert> {
        let f = &self.frame;
        if self.changed {
            let text = f.t("Op andere apparaten moet je opnieuw inloggen.", "On other devices you have to sign in again.");
            return Some(
                Alert::new(f, Weight::Ok, f.t("Je wachtwoord is veranderd", "Your password was changed"), text).announced("status"),
            );
        }
        if let Some(mistake) = self.filled.iter().flat_map(|filled| &filled.mistakes).next() {
            let title = f.t("Je wachtwoord is niet veranderd", "Your password was not changed");
            return Some(Alert::new(f, Weight::Error, title, &mistake.message).announced("alert"));
        }
        self.must_change.then(|| {
            let text = f.t(
                "Het wachtwoord dat je kreeg, is alleen voor de eerste keer.",
                "The password that you were given is for the first time only.",
            );
            Alert::new(f, Weight::Info, f.t("Kies eerst een eigen wachtwoord", "Choose a password of your own first"), text)
        })
    }

    fn passwords(&self) -> [Field; 3] {
        let f = &self.frame;
        let ask = Ask { frame: f, today: Day::EPOCH, filled: self.filled.as_ref() };
        let field = |id: &str, name: &str, label: &str, attributes| Field {
            kind: "password",
            value: String::new(),
            attributes,
            ..ask.field(id, name, label)
        };
        let old = r#"autocomplete="current-password" required"#;
        let new = r#"autocomplete="new-password" required"#;
        let hint = match f.lang {
            Lang::Nl => format!("Minstens {} tekens. Een zin van een paar woorden is goed te onthouden.", self.shortest),
            Lang::En => format!("At least {} characters. A phrase of a few words is easy to remember.", self.shortest),
        };
        [
            field("huidig", "old", f.t("Huidig wachtwoord", "Current password"), old),
            field("nieuw", "new", f.t("Nieuw wachtwoord", "New password"), new).hint(&hint),
            field("nogmaals", "again", f.t("Nogmaals het nieuwe wachtwoord", "The new password once more"), new),
        ]
    }

    fn token_name(&self) -> Field {
        let f = &self.frame;
        let of = Named { lang: f.lang, id: "token".to_owned(), name: "name".to_owned(), ..Named::default() };
        let label = f.t("Waarvoor is het nieuwe token?", "What is the new token for?").to_owned();
        Field { attributes: r#"autocomplete="off" required"#, ..Field::new(Named { label, ..of }, String::new()) }
    }

    fn last_sign_in(&self) -> Option<String> {
        let lang = self.frame.lang;
        self.signed_in.map(|at| format!("{} {}.", lang.t("Laatst ingelogd:", "Last signed in:"), at.ago(lang, self.today)))
    }

    fn used(&self, session: &SessionRow) -> String {
        let lang = self.frame.lang;
        if session.is_this {
            return lang.t("Dit apparaat", "This device").to_owned();
        }
        format!("{} {}", lang.t("gebruikt:", "used:"), session.used.ago(lang, self.today))
    }

    fn token_line(&self, token: &TokenRow) -> String {
        let lang = self.frame.lang;
        let made = format!("{} {}", lang.t("gemaakt op", "made on"), token.made.near(lang, self.today));
        let used = token.used.map_or_else(
            || lang.t("nog niet gebruikt", "not used yet").to_owned(),
            |day| format!("{} {}", lang.t("gebruikt:", "used:"), day.ago(lang, self.today)),
        );
        let until = token.until.map(|day| format!("{} {}", lang.t("geldig tot en met", "valid until"), day.near(lang, self.today)));
        [Some(made), Some(used), until].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}
