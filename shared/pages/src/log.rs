//! The log for auditors: what was recorded, in the order in which it was, without any text.

use std::borrow::Cow;

use askama::Template;

use crate::{
    day::Minute,
    frame::{Frame, Page},
    kind::Kind,
    lang::Lang,
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

/// The log at `/logboek`, the newest first.
#[derive(Debug, Template)]
#[template(path = "log.html")]
pub struct Log {
    /// What stands around it.
    pub frame: Frame,
    /// How many events there are in all.
    pub total: u64,
    /// The events of this page, the newest first.
    pub rows: Vec<LogRow>,
    /// The address of the page with newer ones.
    pub newer: Option<String>,
    /// The address of the page with older ones.
    pub older: Option<String>,
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

    fn what(&self, row: &LogRow) -> String {
        let lang = self.frame.lang;
        let words = told(row.kind, lang);
        let corrects = if row.corrects { lang.t(", aangepast", ", corrected") } else { "" };
        format!("{} · {words}{corrects}", row.position)
    }

    fn recorded(&self, row: &LogRow) -> String {
        let lang = self.frame.lang;
        let recorded = match lang {
            Lang::Nl => "vastgelegd op",
            Lang::En => "recorded on",
        };
        format!("{recorded} {}, {}", row.recorded.day.long(lang), row.recorded.clock(lang))
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
