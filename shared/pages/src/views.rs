//! The views that are made of the log, for an administrator: how each is, and what can be done about it.

use std::borrow::Cow;

use askama::Template;

use crate::{
    frame::{Frame, Page},
    lang::Lang,
    parts::{Alert, Weight},
};

/// What a view is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewDoing {
    /// It follows the log.
    Following,
    /// It follows the log and is built anew beside; how far that has come.
    Rebuilding(Option<u64>),
    /// It waits for room.
    Waiting,
    /// It has met what it cannot read.
    Stopped,
}

/// A view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewRow {
    /// The name of its projector: its part of an address, of letters and `-`.
    pub name: String,
    /// What it is doing.
    pub doing: ViewDoing,
    /// The position of the log that it has come to.
    pub position: u64,
    /// How many events it is behind.
    pub lag: u64,
    /// Why it stopped, or what it waits for.
    pub cause: Option<String>,
}

/// The page of `/beheer/weergaven`. Its forms post to `/beheer/weergaven/NAME/opnieuw`, `/stoppen` and `/nogmaals`.
#[derive(Debug, Template)]
#[template(path = "views.html")]
pub struct Views {
    /// What stands around it.
    pub frame: Frame,
    /// The views.
    pub rows: Vec<ViewRow>,
    /// Whether anything can be done about them here.
    pub may_manage: bool,
    /// Whether what was asked for could not be done, as the view is doing something else by now.
    pub refused: bool,
}

impl Page for Views {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.frame.t("Weergaven", "Views").into()
    }

    fn at(&self) -> &'static str {
        "/beheer/weergaven"
    }
}

impl Views {
    fn alert(&self) -> Option<Alert> {
        let f = &self.frame;
        let title = f.t("Dat kan nu niet", "That is not possible now");
        let text = f.t(
            "De weergave is intussen met iets anders bezig. Hieronder staat hoe het nu is.",
            "The view is doing something else by now. Below is how it is.",
        );
        self.refused.then(|| Alert::new(f, Weight::Warning, title, text).announced("alert"))
    }

    fn title_of<'a>(&'a self, row: &'a ViewRow) -> &'a str {
        match row.name.as_str() {
            "werkmonitor" => self.frame.t("Cijfers van de Werkmonitor", "Figures of the Werkmonitor"),
            "sustainable-work" => self.frame.t("Stand van elk traject", "State of each trajectory"),
            name => name,
        }
    }

    /// Colour and words.
    fn doing(&self, row: &ViewRow) -> (&'static str, String) {
        let lang = self.frame.lang;
        match row.doing {
            ViewDoing::Following => ("good", lang.t("Volgt het logboek", "Follows the log").to_owned()),
            ViewDoing::Rebuilding(None) => ("info", lang.t("Wordt opnieuw gemaakt", "Is being built anew").to_owned()),
            ViewDoing::Rebuilding(Some(position)) => ("info", rebuilt(lang, position)),
            ViewDoing::Waiting => ("warn", lang.t("Wacht op ruimte", "Waits for room").to_owned()),
            ViewDoing::Stopped => ("bad", lang.t("Staat stil", "Has stopped").to_owned()),
        }
    }

    /// How far it is.
    fn place(&self, row: &ViewRow) -> String {
        let ViewRow { position, lag, .. } = row;
        match (self.frame.lang, lag) {
            (Lang::Nl, 0) => format!("positie {position}, helemaal bij"),
            (Lang::En, 0) => format!("position {position}, up to date"),
            (Lang::Nl, lag) => format!("positie {position}, loopt {lag} achter"),
            (Lang::En, lag) => format!("position {position}, {lag} behind"),
        }
    }

    /// What can be done about it: the end of the address, and the words.
    fn can(&self, row: &ViewRow) -> Vec<(&'static str, &str)> {
        let anew = ("opnieuw", self.frame.t("Opnieuw maken", "Build anew"));
        match row.doing {
            ViewDoing::Following | ViewDoing::Waiting => vec![anew],
            ViewDoing::Rebuilding(_) => vec![("stoppen", self.frame.t("Niet meer opnieuw maken", "Stop building anew"))],
            ViewDoing::Stopped => vec![("nogmaals", self.frame.t("Nog eens proberen", "Try again")), anew],
        }
    }
}

fn rebuilt(lang: Lang, position: u64) -> String {
    match lang {
        Lang::Nl => format!("Wordt opnieuw gemaakt, is bij positie {position}"),
        Lang::En => format!("Is being built anew, has come to position {position}"),
    }
}
