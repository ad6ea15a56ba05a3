//! Pages with one thing to say: what is not there, what may not be seen, no connection, what waits on this device, help.

use std::borrow::Cow;

use askama::Template;

use crate::{
    forms::{Filled, ask::Ask},
    frame::{Frame, Page, Role},
    kind::Kind,
    lang::Lang,
    log::short,
    number::Decimal,
    parts::{Alert, Area, Weight},
};

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no such page, or it is not to be told that there is one: `404`.
    NotFound,
    /// A trajectory of which nothing counts any more, for who retracted it: `404`.
    Retracted,
    /// It is there for another role: `403`.
    Forbidden,
    /// It was there and is no more, as texts of an erased client are: `410`.
    Gone,
    /// The form is of another session, or too old: `403` of a post.
    Stale,
    /// There are no such figures: `400` and `404` of the page of figures.
    NoFigures(NoFigures),
    /// What was asked or filled in cannot be read: other statuses from `400`.
    NotUnderstood,
    /// Too much was asked in a short time: `429`.
    TooMuch,
    /// The service cannot do it now, with the number of the request: `500` and above.
    Broken(String),
}

/// Why there are no such figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFigures {
    /// What was asked is no quarter.
    NoQuarter,
    /// The quarter has not begun.
    Future,
    /// What was asked is no region, organisation or country.
    NoScope,
    /// The list has no such region.
    NoRegion,
    /// Nothing of such an organisation is known in these quarters.
    NoOrganisation,
    /// Nothing of such an organisation ran in this quarter, and nobody of it has an account.
    NoneOfOrganisation,
    /// There is no such method.
    NoMethod,
    /// What was asked is no number of the figures.
    NoNumber,
    /// What was asked is no reason.
    NoReason,
    /// There are no such rows or columns of a table.
    NoAxis,
    /// Its rows and its columns are the same.
    SameAxis,
    /// There is no such measure, or the numbers of all methods cannot be added.
    NoMeasure,
    /// By region, of one region.
    NotByRegion,
    /// By organisation, of one organisation or for who may see only one.
    NotByOrganisation,
    /// What was published of an organisation within a region.
    NotPublished,
    /// The quarter has no publication of this number.
    NoPublication,
    /// What was published is not known to this process.
    NoRegister,
}

impl NoFigures {
    const fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::NoQuarter => lang.t(
                "In het adres staat geen kwartaal. Een kwartaal schrijf je zo: 2025Q1.",
                "The address has no quarter. A quarter is written as 2025Q1.",
            ),
            Self::Future => lang.t("Dit kwartaal is nog niet begonnen.", "This quarter has not begun."),
            Self::NoScope => lang.t(
                "Het gebied of de organisatie in het adres is niet te lezen. Kies er een uit de lijst.",
                "The address has no region or organisation that can be read. Choose one of the list.",
            ),
            Self::NoRegion => lang.t(
                "Deze arbeidsmarktregio is er niet. Kies er een uit de lijst.",
                "There is no such labour-market region. Choose one of the list.",
            ),
            Self::NoOrganisation => lang.t(
                "Van deze organisatie is in dit kwartaal en de twee jaar ervoor niets vastgelegd. Klopt de naam?",
                "Nothing of this organisation was recorded in this quarter and the two years before it. Is its name right?",
            ),
            Self::NoneOfOrganisation => lang.t(
                "Van deze organisatie liep in dit kwartaal geen traject. Klopt de naam?",
                "Nothing of this organisation ran in this quarter. Is its name right?",
            ),
            Self::NoMethod => {
                lang.t("Deze methode is er niet. Kies er een uit de lijst.", "There is no such method. Choose one of the list.")
            }
            Self::NoNumber => lang.t(
                "Het cijfer in het adres is er niet. Kies er een uit de tabel met cijfers.",
                "There is no figure such as the address has. Choose one of the table of figures.",
            ),
            Self::NoReason => lang.t(
                "De reden in het adres is er niet. Kies er een die bij het cijfer staat.",
                "There is no reason such as the address has. Choose one that stands with the figure.",
            ),
            Self::NoAxis => lang.t(
                "De rijen of de kolommen in het adres zijn er niet. Kies ze uit de lijsten.",
                "There are no rows or no columns such as the address has. Choose them of the lists.",
            ),
            Self::SameAxis => {
                lang.t("Rijen en kolommen zijn hetzelfde. Kies er twee verschillende.", "Rows and columns are the same. Choose two that differ.")
            }
            Self::NoMeasure => lang.t(
                "Deze maat is er niet, of is van alle methoden samen niet op te tellen. Kies er een uit de lijst.",
                "There is no such measure, or those of all methods cannot be added. Choose one of the list.",
            ),
            Self::NotByRegion => lang.t(
                "Regio’s naast elkaar zijn er niet binnen één regio. Kies een groter gebied, of andere rijen.",
                "Within one region there are no regions beside each other. Choose a larger scope, or other rows.",
            ),
            Self::NotByOrganisation => lang.t(
                "Organisaties naast elkaar zijn er alleen voor wie alle cijfers mag zien, en niet binnen één organisatie. Kies andere rijen.",
                "Organisations beside each other are for those who may see all figures, and not within one organisation. Choose other rows.",
            ),
            Self::NotPublished => lang.t(
                "Van een organisatie binnen één regio wordt niets gepubliceerd: dat gaat over te weinig mensen. Kies de regio of de organisatie.",
                "Nothing is published of an organisation within one region: it is about too few people. Choose the region or the organisation.",
            ),
            Self::NoPublication => lang.t(
                "De publicatie in het adres is er niet bij dit kwartaal. Kies er een uit de lijst met publicaties.",
                "This quarter has no publication such as the address has. Choose one of the list of publications.",
            ),
            Self::NoRegister => lang.t(
                "Dit proces kan het register van publicaties niet lezen. Kijk op de plek waar gepubliceerd wordt.",
                "This process cannot read the register of publications. Look where publications are made.",
            ),
        }
    }
}

/// An error as a page.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// What stands around it.
    pub frame: Frame,
    /// What went wrong.
    pub trouble: Trouble,
}

impl Page for ErrorPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        let f = &self.frame;
        let words = match self.trouble {
            Trouble::NotFound => f.t("Deze pagina is er niet", "This page is not there"),
            Trouble::Retracted => f.t("Dit traject is helemaal ingetrokken", "All of this trajectory was retracted"),
            Trouble::Forbidden => f.t("Dit mag je niet zien", "You may not see this"),
            Trouble::Gone => f.t("Dit is er niet meer", "This is no longer there"),
            Trouble::Stale => f.t("Dit formulier is verlopen", "This form has expired"),
            Trouble::NoFigures(_) => f.t("Deze cijfers zijn er niet", "There are no such figures"),
            Trouble::NotUnderstood => f.t("Dit is niet gelukt", "This did not succeed"),
            Trouble::TooMuch => f.t("Even wachten", "One moment"),
            Trouble::Broken(_) => f.t("Er ging iets mis bij ons", "Something went wrong on our side"),
        };
        words.into()
    }

    fn at(&self) -> &'static str {
        ""
    }

    fn width(&self) -> &'static str {
        "narrow"
    }
}

impl ErrorPage {
    fn text(&self) -> &str {
        let f = &self.frame;
        match self.trouble {
            // Of trajectories only those are told who have some.
            Trouble::NotFound if f.who.as_ref().is_some_and(|who| !who.role.records() && !who.also.iter().any(|role| role.records())) => f.t(
                "Misschien klopt het adres niet, of is er niet meer wat hier stond. Kies hierboven waar je naartoe wilt.",
                "Perhaps the address is not right, or what stood here is no longer there. Choose above where you want to go.",
            ),
            Trouble::NotFound => f.t(
                "Misschien klopt het adres niet. Of het traject staat op naam van een collega: dan zie je het niet.",
                "Perhaps the address is not right. Or the trajectory is in a colleague's name: then you do not see it.",
            ),
            Trouble::Retracted => f.t(
                "Je hebt de intake ingetrokken, en daarmee alles wat erbij hoorde. Het telt niet meer mee en staat niet meer in je lijst. In het logboek blijft het staan. Hoort het traject er toch te zijn? Vraag een manager om het opnieuw te beginnen.",
                "You retracted the intake, and with it all that belonged to it. It does not count any more and is no longer in your list. The log keeps it. Should the trajectory be there after all? Ask a manager to begin it again.",
            ),
            Trouble::Forbidden => f.t(
                "Deze pagina is er voor een andere rol. Heb je hem nodig voor je werk? Vraag je beheerder om toegang.",
                "This page is for another role. Do you need it for your work? Ask your administrator for access.",
            ),
            Trouble::Gone => f.t(
                "Wat hier stond, is voorgoed gewist. Het kan niet worden teruggehaald.",
                "What stood here was erased for ever. It cannot be brought back.",
            ),
            Trouble::Stale => f.t(
                "Er is intussen opnieuw ingelogd. Er is niets vastgelegd: ga terug, ververs de pagina en verstuur het formulier opnieuw.",
                "There was a new sign-in in the meantime. Nothing was recorded: go back, reload the page and send the form again.",
            ),
            Trouble::NoFigures(why) => why.words(f.lang),
            Trouble::NotUnderstood => f.t(
                "Het adres of het formulier kan niet worden gelezen. Er is niets veranderd: ga terug, ververs de pagina en probeer het opnieuw.",
                "The address or the form cannot be read. Nothing was changed: go back, reload the page and try again.",
            ),
            Trouble::TooMuch => f.t(
                "Er is in korte tijd erg veel gevraagd. Wacht een halve minuut en probeer het dan opnieuw.",
                "Very much was asked in a short time. Wait half a minute and try again.",
            ),
            Trouble::Broken(_) => f.t(
                "Wat je hebt vastgelegd, staat nog op dit apparaat en wordt straks vanzelf verzonden. Probeer het over een minuut opnieuw.",
                "What you recorded is still on this device and will go by itself. Try again in a minute.",
            ),
        }
    }

    fn number(&self) -> Option<&str> {
        if let Trouble::Broken(number) = &self.trouble { Some(number) } else { None }
    }

    /// Address and words of the way home.
    fn home(&self) -> (&'static str, &str) {
        let f = &self.frame;
        if let Trouble::NoFigures(_) = self.trouble {
            return ("/cijfers", f.t("Naar de cijfers van het laatste hele kwartaal", "To the figures of the last whole quarter"));
        }
        let start = f.menu().next().map_or("/", |(address, _)| address);
        let is_coach = f.who.as_ref().is_some_and(|who| who.role == Role::Coach);
        (start, if is_coach { f.t("Naar mijn trajecten", "To my trajectories") } else { f.t("Naar het begin", "To the start") })
    }
}

/// The page that is shown without a connection for an address of which there is no copy. It is kept on the device when the application is
/// installed, and is the same for everybody: no account, no token.
#[derive(Debug, Template)]
#[template(path = "offline.html")]
pub struct Offline {
    /// What stands around it; nobody is signed in.
    pub frame: Frame,
}

impl Page for Offline {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.frame.t("Geen verbinding", "No connection").into()
    }

    fn width(&self) -> &'static str {
        "narrow"
    }
}

/// What waits on this device, at `/wachtrij`. The list is put in by the script.
#[derive(Debug, Template)]
#[template(path = "outbox.html")]
pub struct Outbox {
    /// What stands around it.
    pub frame: Frame,
}

impl Page for Outbox {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.frame.t("Wachtrij", "Outbox").into()
    }

    fn at(&self) -> &'static str {
        ""
    }

    fn width(&self) -> &'static str {
        "narrow"
    }
}

/// What a role is told of itself: what it can do, each with where, and what it cannot see.
struct OfRole<'a> {
    name: &'static str,
    /// Address and name of the page, and what one does there.
    can: Vec<(&'static str, &'a str, &'a str)>,
    cannot: &'a str,
}

/// How to go about it, at `/hulp`: for each of the roles of who looks.
#[derive(Debug, Template)]
#[template(path = "help.html")]
pub struct Help {
    /// What stands around it.
    pub frame: Frame,
    /// Hours a week that sustainable work needs.
    pub hours: Decimal,
    /// Wage value in percent that it needs.
    pub wage: Decimal,
    /// Months of contract that it needs.
    pub months: u8,
}

impl Page for Help {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.frame.t("Hulp", "Help").into()
    }

    fn at(&self) -> &'static str {
        "/hulp"
    }

    fn width(&self) -> &'static str {
        "narrow"
    }
}

impl Help {
    fn roles(&self) -> Vec<Role> {
        let who = self.frame.who.iter();
        who.flat_map(|who| Role::ALL.into_iter().filter(|role| *role == who.role || who.also.contains(role))).collect()
    }

    /// Whether what one records is told of too.
    fn records(&self) -> bool {
        self.roles().iter().any(|role| role.records())
    }

    fn of_roles(&self) -> Vec<OfRole<'_>> {
        self.roles().into_iter().map(|role| self.of_role(role)).collect()
    }

    fn of_role(&self, role: Role) -> OfRole<'_> {
        let f = &self.frame;
        let (log, views) = (f.t("Logboek", "Log"), f.t("Weergaven", "Views"));
        let figures = |what| ("/cijfers", f.t("Cijfers", "Figures"), what);
        let (can, cannot) = match role {
            Role::Coach => (
                vec![(
                    "/",
                    f.t("Mijn trajecten", "My trajectories"),
                    f.t(
                        "je eigen trajecten, en die van een collega voor wie je waarneemt. Je legt er vast wat er gebeurt.",
                        "your own trajectories, and those of a colleague for whom you stand in. There you record what happens.",
                    ),
                )],
                f.t("Trajecten van andere coaches, en cijfers.", "Trajectories of other coaches, and figures."),
            ),
            Role::Manager => (
                vec![
                    (
                        "/",
                        f.t("Trajecten", "Trajectories"),
                        f.t(
                            "alle trajecten van je organisatie, per coach. Je legt er vast, en draagt ze over aan een andere coach.",
                            "all trajectories of your organisation, by coach. There you record, and hand them over to another coach.",
                        ),
                    ),
                    (
                        "/organisatie",
                        f.t("Organisatie", "Organisation"),
                        f.t(
                            "hoeveel elke coach heeft, wat aandacht vraagt, waarneming bij afwezigheid, en wie verzegelde teksten opende.",
                            "how much each coach has, what needs attention, cover for who is away, and who opened sealed texts.",
                        ),
                    ),
                    figures(f.t("de cijfers van je organisatie, per kwartaal, en het kwartaalverslag.", "the figures of your organisation, by quarter, and the quarterly report.")),
                ],
                f.t(
                    "Trajecten en cijfers van andere organisaties. Accounts maakt en verandert een beheerder.",
                    "Trajectories and figures of other organisations. An administrator makes and changes accounts.",
                ),
            ),
            Role::Analyst => (
                vec![figures(f.t(
                    "de cijfers en het kwartaalverslag van elk kwartaal: van het land, een regio of een organisatie. De cijfers ook van één methode.",
                    "the figures and the quarterly report of any quarter: of the country, a region or an organisation. The figures of one method too.",
                ))],
                f.t("Trajecten, namen, teksten en het logboek.", "Trajectories, names, texts and the log."),
            ),
            Role::Auditor => (
                vec![
                    (
                        "/logboek",
                        log,
                        f.t(
                            "alles wat is vastgelegd, met wie en wanneer. Van elke regel ga je naar het traject.",
                            "all that was recorded, with who and when. From each line you get to the trajectory.",
                        ),
                    ),
                    figures(f.t("de cijfers en het kwartaalverslag van elk kwartaal.", "the figures and the quarterly report of any quarter.")),
                    (
                        "/beheer/weergaven",
                        views,
                        f.t("of trajecten en cijfers helemaal bij zijn.", "whether trajectories and figures are up to date."),
                    ),
                ],
                f.t(
                    "Namen, werkgevers en notities: die zijn verzegeld. Bij een traject kun je ze met een reden een uur lang openen. Je naam en je reden worden vastgelegd, en de manager ziet ze. Je verandert niets.",
                    "Names, employers and notes: they are sealed. At a trajectory you can open them for an hour, with a reason. Your name and your reason are recorded, and the manager sees them. You change nothing.",
                ),
            ),
            Role::Administrator => (
                vec![
                    (
                        "/beheer/accounts",
                        "Accounts",
                        f.t(
                            "accounts maken, rollen geven, een nieuw wachtwoord geven en accounts uitzetten. Je eigen rollen verandert een andere beheerder.",
                            "make accounts, give roles, give a new password and switch accounts off. Another administrator changes your own roles.",
                        ),
                    ),
                    (
                        "/beheer/weergaven",
                        views,
                        f.t(
                            "of trajecten en cijfers helemaal bij zijn. Je kunt ze daar opnieuw laten maken.",
                            "whether trajectories and figures are up to date. There you can have them made anew.",
                        ),
                    ),
                ],
                f.t("Trajecten, teksten, cijfers en het logboek.", "Trajectories, texts, figures and the log."),
            ),
        };
        OfRole { name: role.words(f.lang), can, cannot }
    }

    fn conditions(&self) -> [String; 4] {
        let lang = self.frame.lang;
        let (hours, wage, months) = (self.hours.words(lang), self.wage.words(lang), self.months);
        match lang {
            Lang::Nl => [
                "een gewone werkplek".to_owned(),
                format!("minstens {hours} uur per week"),
                format!("een loonwaarde van minstens {wage}%"),
                format!("een contract van minstens {months} maanden"),
            ],
            Lang::En => [
                "a regular workplace".to_owned(),
                format!("at least {hours} hours a week"),
                format!("a wage value of at least {wage}%"),
                format!("a contract of at least {months} months"),
            ],
        }
    }
}

/// An auditor opens the sealed texts of a trajectory: with a reason, and in the log. Posts `reason` to `/trajecten/ID/openen`.
#[derive(Debug, Template)]
#[template(path = "sealed_open.html")]
pub struct SealedOpen {
    /// What stands around it.
    pub frame: Frame,
    /// The trajectory's id.
    pub trajectory: String,
    /// The name of its organisation.
    pub organisation: String,
    /// For so many hours they will be open.
    pub hours: usize,
    /// The fewest characters of a reason.
    pub shortest: usize,
    /// What was filled in, and what is wrong with it.
    pub filled: Option<Filled>,
}

impl Page for SealedOpen {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.frame.t("Verzegelde teksten openen", "Open sealed texts").into()
    }

    fn width(&self) -> &'static str {
        "narrow"
    }
}

impl SealedOpen {
    /// Of which trajectory, and of which organisation.
    fn of(&self) -> String {
        format!("{} · {} {}", self.organisation, self.frame.t("traject", "trajectory"), short(&self.trajectory))
    }

    fn warning(&self) -> Alert {
        let f = &self.frame;
        let text = f.t(
            "Je naam, het tijdstip en je reden worden vastgelegd. De manager van de organisatie kan ze opvragen.",
            "Your name, the time and your reason are recorded. The manager of the organisation can ask for them.",
        );
        Alert::new(f, Weight::Warning, f.t("Dit wordt vastgelegd", "This is recorded"), text)
    }

    fn reason(&self) -> Area {
        let f = &self.frame;
        let ask = Ask { frame: f, today: crate::day::Day::EPOCH, filled: self.filled.as_ref() };
        let hint = match f.lang {
            Lang::Nl => format!("Minstens {} tekens, zoals: klacht 2025-14 over de begeleiding", self.shortest),
            Lang::En => format!("At least {} characters, such as: complaint 2025-14 about the coaching", self.shortest),
        };
        ask.area("waarom", "reason", f.t("Waarom is dit nodig?", "Why is this needed?"), 3).hint(&hint)
    }

    fn save(&self) -> String {
        let lang = self.frame.lang;
        format!("{} {}", lang.t("Openen voor", "Open for"), lang.count(self.hours, ("uur", "uur"), ("hour", "hours")))
    }
}
