//! Signing in: with a name and a password, with the organisation's own provider, or in the demo by choosing a role.

use std::borrow::Cow;

use askama::Template;

use crate::{
    frame::{Frame, Page, Role},
    parts::{Alert, Field, Named, Weight},
};

/// Why the page is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occasion {
    /// Somebody came.
    #[default]
    Fresh,
    /// Name or password was wrong; which of the two is not told.
    Wrong,
    /// Too many tries: a pause has to pass first.
    Wait,
    /// The session ended while somebody was at work.
    SessionOver,
    /// The organisation's provider could not be asked, or said no.
    ProviderFailed,
    /// The organisation's provider knows them, and no account here is theirs.
    NoAccount,
    /// The service could not look now.
    Failed,
}

/// An account of the demo, ready to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    /// What is sent as `demo`.
    pub value: String,
    /// The person's name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The organisation's name, for a manager.
    pub organisation: String,
}

/// The page of `/inloggen`. The forms send `login` and `password`, or `demo`, with `csrf` and, if given, `next`.
#[derive(Debug, Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    /// What stands around it; nobody is signed in.
    pub frame: Frame,
    /// Why it is shown.
    pub occasion: Occasion,
    /// Where to go afterwards: an address of this application, or empty.
    pub next: String,
    /// Whether there are accounts with a password of this service.
    pub passwords: bool,
    /// The name of the organisation whose provider can be used, if there is one.
    pub provider: Option<String>,
    /// What was typed as user name before; may be empty.
    pub login: String,
    /// The accounts of the demo; empty elsewhere.
    pub demo: Vec<DemoAccount>,
}

impl Page for SignIn {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        let words = match self.occasion {
            Occasion::Fresh => self.heading(),
            Occasion::Wrong | Occasion::Wait | Occasion::ProviderFailed | Occasion::NoAccount | Occasion::Failed => {
                self.frame.t("Inloggen mislukt", "Sign-in failed")
            }
            Occasion::SessionOver => self.heading(),
        };
        words.into()
    }

    fn width(&self) -> &'static str {
        "narrow"
    }
}

impl SignIn {
    fn heading(&self) -> &str {
        match self.occasion {
            Occasion::SessionOver => self.frame.t("Opnieuw inloggen", "Sign in again"),
            Occasion::Fresh | Occasion::Wrong | Occasion::Wait | Occasion::ProviderFailed | Occasion::NoAccount | Occasion::Failed => {
                self.frame.t("Inloggen", "Sign in")
            }
        }
    }

    fn problem(&self) -> Option<Alert> {
        let f = &self.frame;
        let failed = f.t("Inloggen is niet gelukt", "Signing in did not succeed");
        let (weight, title, text) = match self.occasion {
            Occasion::Fresh => return None,
            Occasion::Wrong => (
                Weight::Error,
                failed,
                f.t(
                    "De gebruikersnaam of het wachtwoord klopt niet. Na een paar keer proberen moet je even wachten. Wachtwoord vergeten? Vraag je beheerder om een nieuw wachtwoord.",
                    "The user name or the password is not right. After a few tries you have to wait a while. Forgot your password? Ask your administrator for a new one.",
                ),
            ),
            Occasion::Wait => (
                Weight::Error,
                failed,
                f.t(
                    "Er is te vaak geprobeerd. Wacht een paar minuten en probeer het dan opnieuw.",
                    "There were too many tries. Wait a few minutes and then try again.",
                ),
            ),
            Occasion::SessionOver => (
                Weight::Info,
                f.t("Je was te lang niet actief", "You were away for too long"),
                f.t(
                    "Er is niets kwijt. Wat nog niet verzonden is, gaat weg zodra je weer bent ingelogd.",
                    "Nothing is lost. What was not sent yet goes as soon as you are signed in again.",
                ),
            ),
            Occasion::Failed => (
                Weight::Error,
                failed,
                f.t("Het lukt nu niet. Probeer het over een minuut opnieuw.", "It does not work now. Try again in a minute."),
            ),
            Occasion::ProviderFailed => (
                Weight::Error,
                failed,
                f.t(
                    "Het account van je organisatie kon niet worden gecontroleerd. Probeer het opnieuw, of vraag je beheerder om hulp.",
                    "The account of your organisation could not be checked. Try again, or ask your administrator for help.",
                ),
            ),
            Occasion::NoAccount => (
                Weight::Error,
                failed,
                f.t(
                    "Je organisatie kent je, maar je hebt hier geen account dat je kunt gebruiken. Vraag de beheerder van Trajectlog bij je organisatie om een account.",
                    "Your organisation knows you, but you have no account here that you can use. Ask the administrator of Trajectlog at your organisation for an account.",
                ),
            ),
        };
        let alert = Alert::new(f, weight, title, text);
        Some(if weight == Weight::Error { alert.announced("alert") } else { alert })
    }

    fn fields(&self) -> [Field; 2] {
        let f = &self.frame;
        let of = |id: &str, name: &str, label: &str| Named {
            lang: f.lang,
            id: id.to_owned(),
            name: name.to_owned(),
            label: label.to_owned(),
            ..Named::default()
        };
        [
            Field {
                attributes: r#"autocomplete="username" autocapitalize="none" spellcheck="false" required"#,
                ..Field::new(of("naam", "login", f.t("Gebruikersnaam", "User name")), self.login.clone())
            },
            Field {
                kind: "password",
                attributes: r#"autocomplete="current-password" required"#,
                ..Field::new(of("wachtwoord", "password", f.t("Wachtwoord", "Password")), String::new())
            },
        ]
    }

    fn what(&self, account: &DemoAccount) -> String {
        let f = &self.frame;
        match account.role {
            Role::Coach => f.t("Eigen trajecten bijhouden", "Keeping one's own trajectories").to_owned(),
            Role::Manager => {
                let words = f.t("Alle trajecten en cijfers van", "All trajectories and figures of");
                format!("{words} {}", account.organisation)
            }
            Role::Analyst => f.t("Cijfers van heel Nederland, geen trajecten", "Figures of the whole country, no trajectories").to_owned(),
            Role::Auditor => f.t("Alles lezen, niets veranderen", "Reading everything, changing nothing").to_owned(),
            Role::Administrator => f.t("Accounts en weergaven", "Accounts and views").to_owned(),
        }
    }
}

/// The page between this service and the organisation's provider. It is left by itself: a form that leads to another site directly is stopped
/// by the page's own policy, wherever that site leads on to.
#[derive(Debug, Template)]
#[template(path = "onward.html")]
pub struct Onward {
    /// What stands around it; nobody is signed in.
    pub frame: Frame,
    /// The name of the organisation whose provider it is.
    pub provider: String,
    /// The address there.
    pub address: String,
}

impl Page for Onward {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        format!("{} {}", self.frame.t("Verder met", "Going on with"), self.provider).into()
    }

    fn width(&self) -> &'static str {
        "narrow"
    }
}
