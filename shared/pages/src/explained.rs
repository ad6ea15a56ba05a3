//! One number of the figures, explained: who is counted in it and who is not, by reason; and the trajectories with the events that decide, for those who may
//! see them.

use std::borrow::Cow;

use askama::Template;

use crate::{
    dashboard::quarter_words,
    day::Day,
    frame::{Frame, Page},
    kind::Kind,
    lang::thousands,
    log::told,
};

/// How many trajectories have a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonRow {
    /// The reason.
    pub words: String,
    /// How many.
    pub trajectories: u64,
    /// The address of the page with those alone; `None` where they may not be seen.
    pub address: Option<String>,
    /// Whether this page shows those.
    pub shown: bool,
}

/// The trajectories that a number counts, or those that it leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcomes {
    /// Whether these are counted.
    pub counted: bool,
    /// How many trajectories.
    pub trajectories: u64,
    /// Their reasons, the most frequent first.
    pub reasons: Vec<ReasonRow>,
}

impl Outcomes {
    fn id(&self) -> &'static str {
        if self.counted { "geteld" } else { "niet-geteld" }
    }
}

/// A trajectory with what decides its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedRow {
    /// The trajectory's id.
    pub id: String,
    /// The client's name, where it may be read.
    pub name: Option<String>,
    /// The coach's name.
    pub coach: Option<String>,
    /// The name of the organisation, for who sees several.
    pub organisation: Option<String>,
    /// The reason, where there are several.
    pub words: Option<String>,
    /// The deciding events: what each tells, and when it happened.
    pub events: Vec<(Kind, Day)>,
}

/// The page of `/cijfers/verklaring`.
#[derive(Debug, Template)]
#[template(path = "explained.html")]
pub struct Explained {
    /// What stands around it.
    pub frame: Frame,
    /// What is counted.
    pub name: String,
    /// How many.
    pub value: u64,
    /// `2025Q1`.
    pub quarter: String,
    /// What the scope is called.
    pub scope_name: String,
    /// What the cell is called: all methods, or one, or a part of one.
    pub cell_name: String,
    /// Whether the quarter has not ended.
    pub provisional: bool,
    /// The log position that it was made from.
    pub position: u64,
    /// The definition set.
    pub definitions: String,
    /// The address of the figures that it is one of.
    pub back: String,
    /// Whether some reasons are told together, because they are of few.
    pub together: bool,
    /// Those that it counts.
    pub counted: Outcomes,
    /// Those of its cell that it does not count.
    pub left_out: Outcomes,
    /// Whether the trajectories that are shown are among those that it does not count.
    pub shows_left_out: bool,
    /// The trajectories; `None` for who may see none.
    pub trajectories: Option<Vec<ExplainedRow>>,
    /// The address of the page after this one.
    pub next: Option<String>,
}

impl Page for Explained {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        format!("{} · {} · {}", self.name, self.quarter_words(), self.scope_name).into()
    }

    fn at(&self) -> &'static str {
        "/cijfers"
    }
}

impl Explained {
    fn quarter_words(&self) -> String {
        quarter_words(&self.quarter, self.frame.lang)
    }

    fn parts(&self) -> [&Outcomes; 2] {
        [&self.counted, &self.left_out]
    }

    fn count_words(&self, count: &u64) -> String {
        thousands(*count, self.frame.lang)
    }

    /// `Geteld: 1.720 trajecten`.
    fn heading(&self, part: &Outcomes) -> String {
        let words = if part.counted { self.frame.t("Geteld", "Counted") } else { self.frame.t("Niet geteld", "Not counted") };
        let unit = if part.trajectories == 1 { self.frame.t("traject", "trajectory") } else { self.frame.t("trajecten", "trajectories") };
        format!("{words}: {} {unit}", self.count_words(&part.trajectories))
    }

    fn list_heading(&self) -> &str {
        if self.trajectories.is_none() {
            self.frame.t("Trajecten", "Trajectories")
        } else if self.shows_left_out {
            self.frame.t("Trajecten die niet meetellen", "Trajectories that do not count")
        } else {
            self.frame.t("Trajecten die meetellen", "Trajectories that count")
        }
    }

    /// The client; where that is not known or not to be read, enough of an id to tell one trajectory from another.
    fn called(&self, row: &ExplainedRow) -> String {
        let short = row.id.get(..8).unwrap_or(&row.id);
        row.name.clone().unwrap_or_else(|| format!("{} {short}", self.frame.t("Traject", "Trajectory")))
    }

    /// `Bea de Boer · ggz Noorderlicht · op de peildag een betaalde baan`; empty where there is nothing to say.
    fn beside(&self, row: &ExplainedRow) -> String {
        let parts = [&row.coach, &row.organisation, &row.words];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" · ")
    }

    /// Whether there is a trajectory to be seen.
    fn shows_any(&self) -> bool {
        self.trajectories.as_ref().is_some_and(|rows| !rows.is_empty())
    }

    /// `Intake op 3 februari 2025 · Werk gestart op 1 maart 2025`.
    fn events(&self, row: &ExplainedRow) -> String {
        let lang = self.frame.lang;
        let on = lang.t("op", "on");
        row.events.iter().map(|(kind, day)| format!("{} {on} {}", told(*kind, lang), day.long(lang))).collect::<Vec<_>>().join(" · ")
    }
}
