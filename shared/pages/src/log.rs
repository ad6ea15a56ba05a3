//! The log for auditors: what was recorded, in the order in which it was, without any text.

use std::borrow::Cow;

use askama::Template;

use crate::{
    day::{Day, Minute},
    forms::{Filled, ask::Ask},
    frame::{Frame, Page},
    kind::Kind,
    lang::{Lang, thousands},
    parts::{Choosable, Date, Part, Select},
};

/// An event in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// Its place in the log.
    pub position: u64,
    /// When the log took it.
    pub recorded: Minute,
    /// The day on which it happened.
    pub occurred: Day,
    /// What it tells.
    pub kind: Kind,
    /// Whether it takes the place of an earlier one.
    pub corrects: bool,
    /// The trajectory's id.
    pub trajectory: String,
    /// The name of the organisation.
    pub organisation: String,
    /// Who recorded it: a name, or the actor as it stands in the log.
    pub actor: String,
}

/// How much of what is asked for was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looked {
    /// So many events.
    pub found: u64,
    /// Whether all was looked through; else there may be more.
    pub all: bool,
}

/// The log at `/logboek`, the newest first. Its form asks for `organisatie`, `soort`, and the days `vanaf` and `tot`, each with `.day`, `.month` and
/// `.year`.
#[derive(Debug, Template)]
#[template(path = "log.html")]
pub struct Log {
    /// What stands around it.
    pub frame: Frame,
    /// How many events there are in all.
    pub total: u64,
    /// What is asked for of them, and what is wrong with that: then nothing is shown.
    pub filled: Filled,
    /// How many there are of these; `None` when nothing was asked for or nothing can be.
    pub looked: Option<Looked>,
    /// The organisations that can be chosen.
    pub organisations: Vec<Choosable>,
    /// The events of this page, the newest first.
    pub rows: Vec<LogRow>,
    /// The address of the page with newer ones.
    pub newer: Option<String>,
    /// The address of the page with older ones.
    pub older: Option<String>,
    /// Down to which position it was looked, where the page ends before it is full.
    pub looked_to: Option<u64>,
}

impl Page for Log {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.frame.t("Logboek", "Log").into()
    }

    fn at(&self) -> &'static str {
        "/logboek"
    }
}

impl Log {
    fn line(&self) -> String {
        let f = &self.frame;
        let total = f.lang.count(usize::try_from(self.total).unwrap_or(usize::MAX), ("gebeurtenis", "gebeurtenissen"), ("event", "events"));
        let counted = |found: u64| format!("{} {} {total}", thousands(found, f.lang), f.t("van", "of"));
        let all = match self.looked {
            Some(Looked { found, all: true }) => format!("{} {}", counted(found), f.t("gevonden", "found")),
            Some(Looked { found: found @ 1.., all: false }) => {
                format!("{} {} {}", f.t("Minstens", "At least"), counted(found), f.t("gevonden", "found"))
            }
            Some(Looked { found: 0, all: false }) | None => total,
        };
        format!("{all}. {}", f.t("De nieuwste staat bovenaan. Teksten zijn verzegeld.", "The newest comes first. Texts are sealed."))
    }

    fn is_all(&self) -> bool {
        self.filled.values.iter().all(|(_, value)| value.is_empty())
    }

    fn ask(&self) -> Ask<'_> {
        Ask { frame: &self.frame, today: Day::EPOCH, filled: Some(&self.filled) }
    }

    fn selects(&self) -> [Select; 2] {
        let f = &self.frame;
        let all = f.t("Alle", "All");
        let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Transfer);
        let kinds = kinds.map(|kind| Choosable::new(kind.slug(), told(kind, f.lang))).collect();
        [
            self.ask().select("organisatie", "organisatie", f.t("Organisatie", "Organisation"), all, self.organisations.clone(), ""),
            self.ask().select("soort", "soort", f.t("Soort", "Kind"), all, kinds, ""),
        ]
    }

    fn dates(&self) -> [Date; 2] {
        let f = &self.frame;
        [self.ask().date("vanaf", f.t("Vastgelegd vanaf", "Recorded from")), self.ask().date("tot", f.t("Tot en met", "Until, inclusive"))]
    }

    /// What is wrong with what is asked for: where its field is, its label and the words.
    fn mistakes(&self) -> Vec<(Option<(String, String)>, &str)> {
        let parts: Vec<Part> = self.selects().into_iter().map(Part::from).chain(self.dates().into_iter().map(Part::from)).collect();
        let mistakes = self.filled.mistakes.iter();
        mistakes.map(|mistake| (parts.iter().find_map(|part| part.place_of(&mistake.field)), mistake.message.as_str())).collect()
    }

    /// What the row is called: its place, and what it tells.
    fn what(&self, row: &LogRow) -> String {
        let lang = self.frame.lang;
        let corrects = if row.corrects { lang.t(", aangepast", ", corrected") } else { "" };
        format!("{} · {}{corrects}", thousands(row.position, lang), told(row.kind, lang))
    }

    /// On which day it happened; what stopped did on its last day.
    fn occurred(&self, row: &LogRow) -> String {
        let lang = self.frame.lang;
        let stops = matches!(row.kind, Kind::PlacementStopped | Kind::PaidWorkStopped | Kind::EducationStopped);
        if stops {
            return format!("{} {}", lang.t("laatste dag", "last day"), row.occurred.plus(-1).long(lang));
        }
        row.occurred.long(lang)
    }

    /// Of which organisation and trajectory, and by whom.
    fn of(&self, row: &LogRow) -> String {
        let trajectory = self.frame.lang.t("traject", "trajectory");
        format!("{} · {trajectory} {} · {}", row.organisation, short(&row.trajectory), row.actor)
    }

    fn recorded(&self, row: &LogRow) -> String {
        let lang = self.frame.lang;
        let recorded = match lang {
            Lang::Nl => "vastgelegd op",
            Lang::En => "recorded on",
        };
        format!("{recorded} {}, {}", row.recorded.day.long(lang), row.recorded.clock(lang))
    }

    /// That there is nothing, or nothing yet.
    fn nothing(&self) -> Option<&str> {
        let f = &self.frame;
        let words = match (self.rows.is_empty() && self.filled.mistakes.is_empty(), self.looked_to, self.is_all()) {
            (false, _, _) => return None,
            (true, Some(_), _) => f.t("Tot zover is er niets dat hierbij hoort.", "So far there is nothing that fits."),
            (true, None, false) => f.t("Er is niets vastgelegd dat hierbij hoort.", "Nothing was recorded that fits."),
            (true, None, true) => f.t("Er is nog niets vastgelegd.", "Nothing was recorded yet."),
        };
        Some(words)
    }

    /// The words of the way to older ones.
    fn older_words(&self) -> String {
        let lang = self.frame.lang;
        match (self.looked_to, lang) {
            (None, _) => lang.t("Oudere gebeurtenissen", "Older events").to_owned(),
            (Some(position), Lang::Nl) => format!("Zoek verder terug dan {}", thousands(position, lang)),
            (Some(position), Lang::En) => format!("Search further back than {}", thousands(position, lang)),
        }
    }
}

/// An id in short: its beginning and its end, as ids of one hour can begin alike.
pub(crate) fn short(id: &str) -> String {
    match (id.get(..8), id.len().checked_sub(4).and_then(|end| id.get(end..))) {
        (Some(first), Some(last)) if id.len() > 12 => format!("{first}…{last}"),
        (_, _) => id.to_owned(),
    }
}

/// What an event tells, in a line.
pub(crate) const fn told(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Intake => "Intake",
        Kind::Engagement => "Engagement",
        Kind::Assessment => "Assessment",
        Kind::Contact => "Contact",
        Kind::Outflow => lang.t("Uitstroom", "Outflow"),
        Kind::Retraction => lang.t("Ingetrokken", "Retraction"),
        Kind::PlacementStarted
        | Kind::PlacementStopped
        | Kind::PaidWorkStarted
        | Kind::PaidWorkChanged
        | Kind::PaidWorkStopped
        | Kind::EducationStarted
        | Kind::EducationStopped
        | Kind::TrajectoryChanged
        | Kind::Transfer => kind.words(lang),
    }
}
