//! What stands around every page: who is signed in, the navigation, the language and the theme, and the addresses of assets.

use std::borrow::Cow;

use askama::{Template, filters::HtmlSafe};

use crate::{
    Assets,
    lang::{Lang, small},
};

/// Light, dark, or as the device has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device has it.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All, in the order of the menu.
    const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The value of the menu's button and of the setting.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme with this code, if it is one.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }

    const fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Auto => lang.t("Automatisch", "Automatic"),
            Self::Light => lang.t("Licht", "Light"),
            Self::Dark => lang.t("Donker", "Dark"),
        }
    }
}

/// What an account may do, in one word. It chooses the navigation; what may be done is decided elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Guides trajectories within one organisation.
    Coach,
    /// Sees to the coaches of one organisation.
    Manager,
    /// Reads figures.
    Analyst,
    /// Reads everything and changes nothing.
    Auditor,
    /// Sees to accounts and the service.
    Administrator,
}

impl Role {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Coach, Self::Manager, Self::Analyst, Self::Auditor, Self::Administrator];

    /// The value of a form's field.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Coach => "coach",
            Self::Manager => "manager",
            Self::Analyst => "analyst",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// The role with this code, if it is one.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Its name.
    #[must_use]
    pub const fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Coach => "Coach",
            Self::Manager => "Manager",
            Self::Analyst => lang.t("Analist", "Analyst"),
            Self::Auditor => "Auditor",
            Self::Administrator => lang.t("Beheerder", "Administrator"),
        }
    }

    /// Whether it records events, so that some may wait on its device.
    #[must_use]
    pub const fn records(self) -> bool {
        matches!(self, Self::Coach | Self::Manager)
    }

    /// Addresses and names of the navigation, without those that everybody has.
    fn menu(self, lang: Lang) -> Vec<(&'static str, &'static str)> {
        let figures = ("/cijfers", lang.t("Cijfers", "Figures"));
        match self {
            Self::Coach => vec![("/", lang.t("Mijn trajecten", "My trajectories"))],
            Self::Manager => {
                vec![("/", lang.t("Trajecten", "Trajectories")), ("/organisatie", lang.t("Organisatie", "Organisation")), figures]
            }
            Self::Analyst => vec![figures],
            Self::Auditor => vec![("/logboek", lang.t("Logboek", "Log")), figures, ("/beheer/weergaven", lang.t("Weergaven", "Views"))],
            Self::Administrator => vec![("/beheer/accounts", "Accounts"), ("/beheer/weergaven", lang.t("Weergaven", "Views"))],
        }
    }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The account's id: what is kept on the device is bound to it.
    pub account: String,
    /// Its name, as colleagues see it.
    pub name: String,
    /// What it may do; of several roles the one that sees most of trajectories.
    pub role: Role,
    /// What else it may do, in the order of [`Role::ALL`].
    pub also: Vec<Role>,
    /// The organisation's name, where the role is within one.
    pub organisation: Option<String>,
}

/// What every page is told.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The language of the page.
    pub lang: Lang,
    /// The theme that was chosen.
    pub theme: Theme,
    /// Who is signed in; `None` for pages of nobody.
    pub who: Option<Who>,
    /// The token that forms send back; of a signed-out page that of its cookie.
    pub csrf: String,
    /// Where styles, scripts and icons are.
    pub assets: &'static Assets,
}

impl Frame {
    /// The word of the page's language.
    #[must_use]
    pub const fn t<'a>(&self, nl: &'a str, en: &'a str) -> &'a str {
        self.lang.t(nl, en)
    }

    /// The address of an asset; that of its folder when there is none of this name, which a test keeps from happening.
    pub(crate) fn asset(&self, name: &str) -> String {
        format!("{}/{name}", self.assets.folder())
    }

    pub(crate) fn icon<'a>(&self, name: &'a str) -> Icon<'a> {
        self.icon_as(name, "")
    }

    /// An icon with a further class.
    pub(crate) fn icon_as<'a>(&self, name: &'a str, class: &'a str) -> Icon<'a> {
        Icon { sprite: self.asset("icons.svg"), name, class }
    }

    /// What each of the roles leads to, each address once and by the name that the first of them gives it; help last.
    pub(crate) fn menu(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let roles = self.who.iter().flat_map(|who| [who.role].into_iter().chain(who.also.iter().copied()));
        let help = self.who.is_some().then(|| ("/hulp", self.lang.t("Hulp", "Help")));
        let mut menu: Vec<(&'static str, &'static str)> = Vec::new();
        for (address, words) in roles.flat_map(|role| role.menu(self.lang)).chain(help) {
            if menu.iter().all(|(there, _)| *there != address) {
                menu.push((address, words));
            }
        }
        menu.into_iter()
    }

    /// Whether this address of the navigation is that of the page. Where trajectories are no part of the navigation one comes to them from its first.
    pub(crate) fn is_at(&self, address: &str, at: &str) -> bool {
        let has = |wanted: &str| self.menu().any(|(there, _)| there == wanted);
        address == at || (at == "/" && !has("/") && self.menu().next().is_some_and(|(first, _)| first == address))
    }

    pub(crate) fn themes(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        Theme::ALL.into_iter().map(|theme| (theme.code(), theme.words(self.lang), theme == self.theme))
    }

    /// `data-theme`, when it is not the device's.
    pub(crate) fn chosen_theme(&self) -> Option<&'static str> {
        (self.theme != Theme::Auto).then(|| self.theme.code())
    }

    /// `Coach bij ggz Voorbeeld`.
    pub(crate) fn role_sentence(&self, who: &Who) -> String {
        let also = who.also.iter().map(|role| small(role.words(self.lang)));
        let role = [who.role.words(self.lang).to_owned()].into_iter().chain(also).collect::<Vec<_>>().join(", ");
        match &who.organisation {
            Some(organisation) => format!("{role} {} {organisation}", self.t("bij", "at")),
            None => role,
        }
    }
}

/// An icon of the sprite. It always stands beside words, so it is hidden from who listens.
#[derive(Debug, Template)]
#[template(path = "parts/icon.html")]
pub(crate) struct Icon<'a> {
    sprite: String,
    name: &'a str,
    class: &'a str,
}
impl HtmlSafe for Icon<'_> {}

/// A page that can be sent.
pub trait Page: Template {
    /// What stands around it.
    fn frame(&self) -> &Frame;

    /// The title of the browser's window, without the application's name.
    fn title(&self) -> Cow<'_, str>;

    /// The address of the navigation that this page belongs to; empty for none.
    fn at(&self) -> &'static str {
        "/"
    }

    /// `narrow` for what is read or filled in, empty for lists, `wide` for two columns.
    fn width(&self) -> &'static str {
        ""
    }

    /// The page as HTML.
    ///
    /// # Errors
    /// When a value cannot be written, which plain data never does.
    fn html(&self) -> askama::Result<String> {
        self.render()
    }
}
