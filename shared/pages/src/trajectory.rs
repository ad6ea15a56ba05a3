//! One trajectory: what it stands at, why its work is or is not sustainable, its jobs over time, and all that happened.

use std::borrow::Cow;

use askama::Template;

use crate::{
    bars::{Of, OverTime},
    caseload::Step,
    codes,
    day::{Day, Minute},
    frame::{Frame, Page},
    happened::{Text, What, method_words},
    kind::Kind,
    lang::{Lang, capital, small},
    log::short,
    parts::{Alert, Weight},
    verdict::Verdict,
};

/// Whether an event counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Counts,
    /// It was said not to have happened.
    Retracted {
        /// On which day that was recorded.
        on: Day,
        /// Why.
        reason: Option<Text>,
    },
}

/// What stood there before a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    /// What it was.
    pub what: What,
    /// The day on which it was said to have happened.
    pub on: Day,
    /// Who recorded it.
    pub by: String,
    /// The day on which it was recorded.
    pub recorded: Day,
}

/// An event of the timeline; of a corrected one the last version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The event's id.
    pub id: String,
    /// What happened.
    pub what: What,
    /// The day of the event.
    pub on: Day,
    /// Who recorded it.
    pub by: String,
    /// The day on which it was recorded.
    pub recorded: Day,
    /// Whether it counts.
    pub standing: Standing,
    /// Earlier versions, the latest first.
    pub former: Vec<Former>,
}

impl Happened {
    /// The day that people say: of what is over the last one with it, as its form asks.
    #[must_use]
    pub const fn shown_on(&self) -> Day {
        if self.what.is_stop() { self.on.plus(-1) } else { self.on }
    }
}

/// How a trajectory ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its last day.
    pub on: Day,
    /// The id of the outflow.
    pub event: String,
}

/// What is known of a trajectory now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The method.
    pub method: String,
    /// The variant of IPS.
    pub variant: Option<String>,
    /// Who pays.
    pub funding: String,
    /// The name of the region.
    pub region: String,
    /// The scheme.
    pub scheme: Option<String>,
    /// The benefit.
    pub benefit: Option<String>,
    /// Whether the client is in care.
    pub in_care: Option<bool>,
    /// The target group.
    pub target_group: Option<String>,
    /// The name of the coach.
    pub coach: Option<String>,
}

/// What can be recorded next, shown as a button of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What.
    pub kind: Kind,
    /// The id of the job, placement or education that it is about, where there are several.
    pub about: Option<String>,
    /// What that is called.
    pub name: Option<String>,
}

/// The page of a trajectory, at `/trajecten/ID`.
#[derive(Debug, Template)]
#[template(path = "trajectory.html")]
pub struct Trajectory {
    /// What stands around it.
    pub frame: Frame,
    /// Today.
    pub today: Day,
    /// Its id.
    pub id: String,
    /// How the coach knows the client; `None` when that is not known.
    pub name: Option<Text>,
    /// Its first day.
    pub began: Day,
    /// Its end.
    pub ended: Option<Ended>,
    /// The phase.
    pub step: Step,
    /// What is known.
    pub facts: Facts,
    /// What comes next.
    pub suggestions: Vec<Suggestion>,
    /// How its work stands; `None` without work.
    pub verdict: Option<Verdict>,
    /// Over time; `None` when there is nothing to draw.
    pub over_time: Option<OverTime>,
    /// What happened, the latest first.
    pub events: Vec<Happened>,
    /// The code of the coach to whom it was handed over, when nobody has an account with that code.
    pub handed_to_nobody: Option<String>,
    /// The last day of a contract that has ended while its work goes on, as far as was recorded.
    pub ran_out: Option<Day>,
    /// Whether anything can be recorded.
    pub may_log: bool,
    /// Whether sealed texts can be opened, with a reason.
    pub may_open: bool,
    /// Until when sealed texts are open.
    pub opened_until: Option<Minute>,
    /// The name of the organisation, for those who look at several.
    pub organisation: Option<String>,
}

impl Page for Trajectory {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.heading().into()
    }

    fn width(&self) -> &'static str {
        "wide"
    }
}

/// An event as it is shown.
struct Shown<'a> {
    event: &'a Happened,
    title: String,
    when: String,
    retracted: bool,
}

impl Trajectory {
    /// Whether there is paid work among its bars, also such as is over.
    fn had_work(&self) -> bool {
        self.over_time.as_ref().is_some_and(|over| over.lanes.iter().any(|lane| matches!(lane.of, Of::Job { .. })))
    }

    fn heading(&self) -> &str {
        let f = &self.frame;
        match &self.name {
            Some(Text::Open(name)) => name,
            Some(Text::Sealed) => f.t("Naam verzegeld", "Name sealed"),
            Some(Text::Erased) => f.t("Naam gewist", "Name erased"),
            None => f.t("Naam niet bekend", "Name not known"),
        }
    }

    fn back(&self) -> &str {
        let f = &self.frame;
        match f.menu().next() {
            Some((_, words)) => words,
            None => f.t("Trajecten", "Trajectories"),
        }
    }

    fn address(&self, kind: Kind) -> String {
        kind.address(&self.id, None)
    }

    fn line(&self) -> String {
        let f = &self.frame;
        let method = codes::METHOD.words(f.lang, &self.facts.method);
        let began = format!("{} {}", f.t("gestart op", "began on"), self.began.long(f.lang));
        let ended = self.ended.as_ref().map(|ended| format!("{} {}", f.t("afgesloten op", "ended on"), ended.on.long(f.lang)));
        let of =
            self.organisation.as_ref().map(|organisation| format!("{organisation} · {} {}", f.t("traject", "trajectory"), short(&self.id)));
        [of, Some(method), Some(began), ended].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Class and name of each phase, and whether it is this one. One that was passed and of which nothing was recorded looks so.
    fn steps(&self) -> [(&'static str, &'static str, bool); 6] {
        let told: Vec<Step> =
            self.events.iter().filter(|event| event.standing == Standing::Counts).filter_map(|event| event.what.step()).collect();
        Step::ALL.map(|step| {
            let class = match step.cmp(&self.step) {
                std::cmp::Ordering::Less if !told.contains(&step) => " step-untold",
                std::cmp::Ordering::Less => " step-done",
                std::cmp::Ordering::Equal => " step-now",
                std::cmp::Ordering::Greater => "",
            };
            (class, step.words(self.frame.lang), step == self.step)
        })
    }

    fn step_now(&self) -> (usize, usize, String) {
        let place = Step::ALL.iter().position(|step| *step == self.step).unwrap_or_default();
        (place + 1, Step::ALL.len(), small(self.step.words(self.frame.lang)))
    }

    fn ended_alert(&self) -> Option<Alert> {
        let f = &self.frame;
        let ended = self.ended.as_ref()?;
        let text = format!("{} {}.", f.t("De laatste dag was", "The last day was"), ended.on.long(f.lang));
        let undo = || {
            (format!("/trajecten/{}/intrekken/{}", self.id, ended.event), f.t("Toch niet afgesloten?", "Not ended after all?").to_owned())
        };
        let alert = Alert::new(f, Weight::Info, f.t("Dit traject is afgesloten", "This trajectory has ended"), text);
        Some(Alert { link: self.may_log.then(undo), ..alert })
    }

    fn ran_out_alert(&self) -> Option<Alert> {
        let f = &self.frame;
        let until = self.ran_out.as_ref()?.long(f.lang);
        let title = format!("{} {until}", f.t("Contract afgelopen op", "Contract ended on"));
        let text = f.t(
            "Er is niet vastgelegd dat het werk is gestopt of verlengd, en daarom telt het nog mee. Leg vast wat er is gebeurd.",
            "It was not recorded that the work stopped or went on under another contract, so it still counts. Record what happened.",
        );
        Some(Alert::new(f, Weight::Warning, title, text))
    }

    fn handed_alert(&self) -> Option<Alert> {
        let f = &self.frame;
        let code = self.handed_to_nobody.as_ref()?;
        let title = f.t("Overgedragen aan iemand zonder account", "Handed over to somebody without an account");
        // Who may not hand it over is not told to.
        let advice = match (f.lang, self.may_log) {
            (Lang::Nl, true) => " Draag het over aan een collega.",
            (Lang::En, true) => " Hand it over to a colleague.",
            (Lang::Nl | Lang::En, false) => "",
        };
        let text = match f.lang {
            Lang::Nl => format!("Niemand heeft hier de code {code}: dit traject staat bij geen coach in de lijst.{advice}"),
            Lang::En => format!("Nobody here has the code {code}: this trajectory is in no coach's list.{advice}"),
        };
        let link = || (self.address(Kind::Transfer), Kind::Transfer.words(f.lang).to_owned());
        Some(Alert { link: self.may_log.then(link), ..Alert::new(f, Weight::Warning, title, text) })
    }

    fn sealed_alert(&self) -> Option<Alert> {
        let f = &self.frame;
        if let Some(until) = self.opened_until {
            let text = format!("{} {}.", f.t("Tot", "Until"), until.clock(f.lang));
            let title = f.t("De verzegelde teksten zijn open", "The sealed texts are open");
            return Some(Alert::new(f, Weight::Warning, title, text));
        }
        let link = || (format!("/trajecten/{}/openen", self.id), f.t("Openen met een reden", "Open with a reason").to_owned());
        let alert = || Alert::new(f, Weight::Info, f.t("Teksten zijn verzegeld", "Texts are sealed"), "");
        self.may_open.then(|| Alert { link: Some(link()), ..alert() })
    }

    /// Address and words of each.
    fn suggested(&self) -> Vec<(String, String)> {
        let one = |suggestion: &Suggestion| {
            let words = suggestion.kind.words(self.frame.lang);
            let words = suggestion.name.as_ref().map_or_else(|| words.to_owned(), |name| format!("{words}: {name}"));
            (suggestion.kind.address(&self.id, suggestion.about.as_deref()), words)
        };
        self.suggestions.iter().map(one).collect()
    }

    /// Everything that can be recorded, in groups.
    fn kinds(&self) -> [(&'static str, Vec<(String, &'static str)>); 3] {
        let f = &self.frame;
        // What was forgotten before the end can still be recorded; nothing ends twice.
        let of_trajectory: &[Kind] = match self.ended {
            None => &[Kind::Engagement, Kind::Assessment, Kind::TrajectoryChanged, Kind::Outflow, Kind::Transfer],
            Some(_) => &[Kind::Contact, Kind::Engagement, Kind::Assessment, Kind::TrajectoryChanged],
        };
        let of = |kinds: &[Kind]| kinds.iter().map(|kind| (self.address(*kind), kind.words(f.lang))).collect();
        [
            (f.lang.t("Werk", "Work"), of(&[Kind::PaidWorkStarted, Kind::PaidWorkChanged, Kind::PaidWorkStopped])),
            (
                f.lang.t("Plaatsing en opleiding", "Placement and education"),
                of(&[Kind::PlacementStarted, Kind::PlacementStopped, Kind::EducationStarted, Kind::EducationStopped]),
            ),
            (f.lang.t("Traject", "Trajectory"), of(of_trajectory)),
        ]
    }

    /// Where what is not known about the job is filled in.
    fn fill_in_at(&self, verdict: &Verdict) -> String {
        Kind::PaidWorkChanged.address(&self.id, verdict.job.as_deref())
    }

    /// Term and value of each fact.
    fn fact_list(&self) -> Vec<(&'static str, String)> {
        let lang = self.frame.lang;
        let facts = &self.facts;
        let yes_no = |yes: bool| codes::YES_NO.words(lang, if yes { "yes" } else { "no" });
        let unknown = || lang.t("Niet bekend", "Not known").to_owned();
        let benefit = facts.benefit.as_ref().map_or_else(unknown, |benefit| codes::BENEFIT.words(lang, benefit));
        let all = [
            (lang.t("Methode", "Method"), Some(method_words(lang, &facts.method, facts.variant.as_ref()))),
            (lang.t("Betaald door", "Paid for by"), Some(codes::FUNDING.words(lang, &facts.funding))),
            (lang.t("Regeling", "Scheme"), facts.scheme.as_ref().map(|scheme| codes::SCHEME.words(lang, scheme))),
            (lang.t("Regio", "Region"), Some(facts.region.clone())),
            (lang.t("Uitkering", "Benefit"), Some(benefit)),
            (lang.t("In zorg", "In care"), facts.in_care.map(yes_no)),
            (lang.t("Doelgroep", "Target group"), facts.target_group.as_ref().map(|group| codes::TARGET_GROUP.words(lang, group))),
            ("Coach", facts.coach.clone()),
        ];
        all.into_iter().filter_map(|(term, value)| Some((term, value?))).collect()
    }

    /// The events by months, in the order in which they are: id, title, events.
    fn months(&self) -> Vec<(String, String, Vec<Shown<'_>>)> {
        let lang = self.frame.lang;
        let mut months: Vec<(String, String, Vec<Shown<'_>>)> = Vec::new();
        for event in &self.events {
            let on = event.shown_on();
            let (year, month, _) = on.parts();
            let id = format!("maand-{year}-{month:02}");
            let retracted = event.standing != Standing::Counts;
            let shown = Shown { event, title: event.what.title(lang), when: on.short(lang), retracted };
            match months.last_mut() {
                Some((last, _, events)) if *last == id => events.push(shown),
                Some(_) | None => months.push((id, format!("{} {year}", capital(on.month(lang))), vec![shown])),
            }
        }
        months
    }

    /// Whether a retracted event may be recorded once more: nothing stands without an intake, a trajectory has one intake and one end, and what
    /// stands there again is not offered twice.
    fn may_be_restored(&self, shown: &Shown<'_>) -> bool {
        let counting = || self.events.iter().filter(|event| event.standing == Standing::Counts);
        let begun = counting().any(|event| matches!(event.what, What::Intake { .. }));
        let again = counting().any(|event| event.on == shown.event.on && event.what == shown.event.what);
        let what = &shown.event.what;
        let ends_twice = matches!(what, What::Outflow { .. }) && self.ended.is_some();
        // A change or a stop is of what began, and is put back after it.
        let hangs = what.hangs_on().is_some_and(|start| !counting().any(|event| event.what.begins() == Some(start)));
        shown.retracted && begun != matches!(what, What::Intake { .. }) && !ends_twice && !again && !hangs
    }

    fn lines(&self, event: &Happened) -> Vec<String> {
        event.what.lines(self.frame.lang, event.on)
    }

    /// Why it was retracted.
    fn reason(&self, event: &Happened) -> Option<String> {
        let lang = self.frame.lang;
        match &event.standing {
            Standing::Retracted { reason: Some(reason), .. } => {
                Some(format!("{}: {}", lang.t("Reden van intrekken", "Reason of the retraction"), reason.brief(lang)))
            }
            Standing::Retracted { reason: None, .. } | Standing::Counts => None,
        }
    }

    fn note<'a>(&self, event: &'a Happened) -> Option<(bool, &'a str)> {
        let note = event.what.note()?;
        Some((note.open().is_none(), note.words(self.frame.lang)))
    }

    /// How its retraction is called: without an intake nothing is left.
    const fn retract(&self, event: &Happened) -> &str {
        if matches!(event.what, What::Intake { .. }) {
            return self.frame.t("Hele traject intrekken", "Retract the whole trajectory");
        }
        Kind::Retraction.words(self.frame.lang)
    }

    /// Who recorded it, and how late.
    fn by(&self, event: &Happened) -> String {
        let lang = self.frame.lang;
        let near = |day: Day| day.near(lang, self.today);
        let how = match (&event.standing, event.former.is_empty()) {
            (Standing::Retracted { on, .. }, _) => format!("{} {}", lang.t("ingetrokken op", "retracted on"), near(*on)),
            (Standing::Counts, false) => format!("{} {}", lang.t("aangepast op", "corrected on"), near(event.recorded)),
            (Standing::Counts, true) => late(lang, event.recorded.since(event.shown_on())),
        };
        format!("{}, {how}", event.by)
    }

    /// What stood there: its lines, who recorded it and when.
    fn former(&self, former: &Former) -> String {
        let lang = self.frame.lang;
        let lines = former.what.lines(lang, former.on).into_iter().map(|line| line.trim_end_matches('.').to_owned());
        let note = former.what.note().map(|note| note.words(lang).trim_end_matches('.').to_owned());
        let recorded = match lang {
            Lang::Nl => format!("Vastgelegd door {} op {}", former.by, former.recorded.near(lang, self.today)),
            Lang::En => format!("Recorded by {} on {}", former.by, former.recorded.near(lang, self.today)),
        };
        lines.chain(note).chain([recorded]).map(|part| format!("{part}.")).collect::<Vec<_>>().join(" ")
    }
}

/// How long after it happened something was recorded: in days, of more than two months in months, of more than two years in years.
fn late(lang: Lang, days: i32) -> String {
    let (many, dutch, english) = match usize::try_from(days) {
        Ok(0) | Err(_) => return lang.t("dezelfde dag vastgelegd", "recorded on the same day").to_owned(),
        Ok(days @ 1..=60) => (days, ("dag later", "dagen later"), ("day later", "days later")),
        Ok(days @ 61..=730) => (days * 12 / 365, ("maand later", "maanden later"), ("month later", "months later")),
        Ok(days) => (days / 365, ("jaar later", "jaar later"), ("year later", "years later")),
    };
    match lang {
        Lang::Nl => format!("{} vastgelegd", lang.count(many, dutch, ("", ""))),
        Lang::En => format!("recorded {}", lang.count(many, ("", ""), english)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_late_is_told_so_that_it_is_read_at_a_glance() {
        for (days, words) in [
            (-1, "dezelfde dag vastgelegd"),
            (0, "dezelfde dag vastgelegd"),
            (1, "1 dag later vastgelegd"),
            (60, "60 dagen later vastgelegd"),
            (61, "2 maanden later vastgelegd"),
            (521, "17 maanden later vastgelegd"),
            (730, "24 maanden later vastgelegd"),
            (731, "2 jaar later vastgelegd"),
        ] {
            assert_eq!(late(Lang::Nl, days), words);
        }
    }
}
