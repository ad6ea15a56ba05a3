//! The log for auditors: what was recorded, in the order in which it was, without any text.

use std::borrow::Cow;

use askama::Template;

use crate::{
    day::Minute,
    frame::{Frame, Page},
    kind::Kind,
    lang::{Lang, thousands},
    parts::Choosable,
};

/// An event in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// Its place in the log.
    pub position: u64,
    /// When the log took it.
    pub recorded: Minute,
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

/// What of the log is shown; each is empty for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// The organisation's code.
    pub organisation: String,
    /// The kind of event, as it stands in an address.
    pub kind: String,
    /// Recorded from this day on: `2026-07-01`.
    pub from: String,
    /// Recorded until this day, inclusive.
    pub until: String,
}

impl LogFilter {
    /// Whether it leaves anything out.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// The log at `/logboek`, the newest first.
#[derive(Debug, Template)]
#[template(path = "log.html")]
pub struct Log {
    /// What stands around it.
    pub frame: Frame,
    /// How many events there are in all.
    pub total: u64,
    /// What is shown of them.
    pub filter: LogFilter,
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
        format!("{total}. {}", f.t("De nieuwste staat bovenaan. Teksten zijn verzegeld.", "The newest comes first. Texts are sealed."))
    }

    /// Code and words of each kind of event.
    fn kinds(&self) -> Vec<(String, &'static str)> {
        let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Transfer);
        kinds.map(|kind| (kind.slug(), told(kind, self.frame.lang))).collect()
    }

    /// What the row is called: its place, and what it tells.
    fn what(&self, row: &LogRow) -> String {
        let lang = self.frame.lang;
        let corrects = if row.corrects { lang.t(", aangepast", ", corrected") } else { "" };
        format!("{} · {}{corrects}", thousands(row.position, lang), told(row.kind, lang))
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
        let words = match (self.rows.is_empty(), self.looked_to, self.filter.is_all()) {
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
fn short(id: &str) -> String {
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
