//! The page of a form that records an event.

use std::borrow::Cow;

use askama::Template;

use crate::{
    bars::Of,
    day::Day,
    forms::{Filled, Mistake, ask::Ask},
    frame::{Frame, Page},
    happened::{Terms, What},
    kind::Kind,
    lang::Lang,
    parts::{Alert, Before, Choosable, Date, Part, Weight},
    trajectory::{Facts, Former},
};

/// A job, placement or education that a form may be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// Its id.
    pub id: String,
    /// What it is.
    pub of: Of,
    /// Its first day.
    pub since: Day,
}

impl Thing {
    pub(crate) fn words(&self, lang: Lang) -> String {
        self.of.words(lang)
    }

    pub(crate) fn since_words(&self, lang: Lang) -> String {
        format!("{} {}", lang.t("sinds", "since"), self.since.long(lang))
    }
}

/// An event that can be retracted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retractable {
    /// Its id.
    pub id: String,
    /// What it says.
    pub what: What,
    /// Its day.
    pub on: Day,
    /// Whether it is the one that was meant, or belongs to it.
    pub meant: bool,
}

impl Retractable {
    fn is_intake(&self) -> bool {
        matches!(self.what, What::Intake { .. })
    }

    /// What it is, in one line.
    pub(crate) fn line(&self, lang: Lang) -> String {
        let choice = self.choice(lang);
        [choice.words, choice.more].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn choice(&self, lang: Lang) -> Choosable {
        // A stop is told by the day that its form asks for: the last one.
        let more: Vec<String> = if self.what.is_stop() {
            let last = format!("{} {}", lang.t("laatste dag", "last day"), self.on.plus(-1).long(lang));
            self.what.stopped(lang).into_iter().chain([last]).collect()
        } else {
            let named = self.what.job().map(str::to_owned).or_else(|| self.what.lines(lang, self.on).into_iter().next());
            named.map(|line| line.trim_end_matches('.').to_owned()).into_iter().chain([self.on.long(lang)]).collect()
        };
        Choosable::explained(&self.id, self.what.title(lang), more.join(", "))
    }
}

/// Which form, and what it has to know to ask well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    /// A contact.
    Contact,
    /// Wishes and goals.
    Engagement,
    /// The vocational profile.
    Assessment,
    /// A placement begins.
    PlacementStarted,
    /// One of these is over.
    PlacementStopped(Vec<Thing>),
    /// A job begins; it may take the place of one of these.
    PaidWorkStarted(Vec<Thing>),
    /// One of these jobs changes.
    PaidWorkChanged {
        /// The jobs.
        of: Vec<Thing>,
        /// How it has been until now, when it is one.
        now: Box<Terms>,
    },
    /// One of these jobs is over.
    PaidWorkStopped(Vec<Thing>),
    /// An education begins.
    EducationStarted,
    /// One of these is over.
    EducationStopped(Vec<Thing>),
    /// A trajectory begins.
    Intake {
        /// The labour-market regions.
        regions: Vec<Choosable>,
        /// The likely one.
        region: String,
        /// The coach's code: whose it will be.
        coach: String,
        /// Whose it may be, for who chooses that; else it is that coach's.
        coaches: Vec<Choosable>,
    },
    /// The trajectory changes.
    TrajectoryChanged {
        /// How it has been until now.
        now: Box<Facts>,
        /// The labour-market regions.
        regions: Vec<Choosable>,
    },
    /// It goes to one of these colleagues.
    Transfer(Vec<Choosable>),
    /// It ends; these jobs go on.
    Outflow(Vec<String>),
    /// One or more of these never happened.
    Retraction(Vec<Retractable>),
}

impl Asks {
    /// The kind of form.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Contact => Kind::Contact,
            Self::Engagement => Kind::Engagement,
            Self::Assessment => Kind::Assessment,
            Self::PlacementStarted => Kind::PlacementStarted,
            Self::PlacementStopped(_) => Kind::PlacementStopped,
            Self::PaidWorkStarted(_) => Kind::PaidWorkStarted,
            Self::PaidWorkChanged { .. } => Kind::PaidWorkChanged,
            Self::PaidWorkStopped(_) => Kind::PaidWorkStopped,
            Self::EducationStarted => Kind::EducationStarted,
            Self::EducationStopped(_) => Kind::EducationStopped,
            Self::Intake { .. } => Kind::Intake,
            Self::TrajectoryChanged { .. } => Kind::TrajectoryChanged,
            Self::Transfer(_) => Kind::Transfer,
            Self::Outflow(_) => Kind::Outflow,
            Self::Retraction(_) => Kind::Retraction,
        }
    }
}

/// What a form says that cannot be filled in now, because nothing of the kind goes on.
struct Nothing {
    /// What is not there.
    words: &'static str,
    /// What to do.
    advice: &'static str,
    /// What to record first.
    first: Kind,
}

/// What a form is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The trajectory's id; empty for one that begins, and for a form that is kept on the device for any.
    pub trajectory: String,
    /// How the coach knows the client.
    pub name: Option<String>,
    /// The organisation's code.
    pub organisation: String,
    /// The trajectory's revision that this page shows.
    pub revision: u64,
    /// Whether the event is let in on that revision alone.
    pub expect_revision: bool,
    /// The trajectory's first day: the script asks about days that lie long before it.
    pub began: Option<Day>,
    /// Its last day, when it has ended: nothing is dated after it.
    pub ended: Option<Day>,
}

/// An event is replaced by what the form says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The event's id.
    pub event: String,
    /// What stands there now. [`Filled::of`] makes of it what the form begins with.
    pub former: Former,
    /// What may belong to the same mistake.
    pub also: Vec<Retractable>,
}

/// The page of a form. It is posted to its own address with `csrf` and the fields that `assets/js/events.js` reads.
#[derive(Debug, Template)]
#[template(path = "event_form.html")]
pub struct EventForm {
    /// What stands around it.
    pub frame: Frame,
    /// Today.
    pub today: Day,
    /// What it is about.
    pub about: About,
    /// What it asks.
    pub asks: Asks,
    /// What stands in it already.
    pub filled: Option<Filled>,
    /// The event that it corrects.
    pub corrects: Option<Correction>,
    /// It records once more what was retracted.
    pub restores: bool,
}

impl Page for EventForm {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        match &self.about.name {
            Some(name) => format!("{}: {name}", self.heading()).into(),
            None => self.heading().into(),
        }
    }

    fn width(&self) -> &'static str {
        "narrow"
    }
}

impl EventForm {
    fn heading(&self) -> &str {
        match self.corrects {
            Some(_) => self.frame.t("Dit was anders", "This was different"),
            None if self.restores => self.frame.t("Toch gebeurd", "It did happen"),
            None if self.intake().is_some() => self.whole(),
            None => self.asks.kind().words(self.frame.lang),
        }
    }

    /// The intake that is retracted, and with it everything: nothing of a trajectory counts without it.
    fn intake(&self) -> Option<&Retractable> {
        let Asks::Retraction(events) = &self.asks else { return None };
        events.iter().find(|event| event.meant && event.is_intake())
    }

    const fn whole(&self) -> &str {
        self.frame.t("Hele traject intrekken", "Retract the whole trajectory")
    }

    /// Of a stop or a change of what never began, or is over: there is nothing to fill in.
    fn nothing(&self) -> Option<Nothing> {
        let lang = self.frame.lang;
        let (of, words, first) = match &self.asks {
            Asks::PaidWorkStopped(of) => (of, lang.t("Er loopt geen betaald werk.", "No paid work is going on."), Kind::PaidWorkStarted),
            Asks::PaidWorkChanged { of, .. } => {
                (of, lang.t("Er is geen betaald werk vastgelegd.", "No paid work was recorded."), Kind::PaidWorkStarted)
            }
            Asks::PlacementStopped(of) => (of, lang.t("Er loopt geen plaatsing.", "No placement is going on."), Kind::PlacementStarted),
            Asks::EducationStopped(of) => (of, lang.t("Er loopt geen opleiding.", "No education is going on."), Kind::EducationStarted),
            Asks::Contact
            | Asks::Engagement
            | Asks::Assessment
            | Asks::PlacementStarted
            | Asks::PaidWorkStarted(_)
            | Asks::EducationStarted
            | Asks::Intake { .. }
            | Asks::TrajectoryChanged { .. }
            | Asks::Transfer(_)
            | Asks::Outflow(_)
            | Asks::Retraction(_) => return None,
        };
        let advice = lang.t(
            "Is het wel begonnen? Leg dan eerst vast dat het gestart is. Staat het er al en klopt het niet? Pas het dan aan bij wat er gebeurde.",
            "Did it begin? Then record first that it started. Does it stand there already and is it not right? Then correct it at what happened.",
        );
        (of.is_empty() && self.corrects.is_none()).then_some(Nothing { words, advice, first })
    }

    fn first_at(&self, nothing: &Nothing) -> String {
        nothing.first.address(&self.about.trajectory, None)
    }

    /// Above the list of all that goes with an intake: only something in it may be wrong.
    fn correct_instead(&self) -> Option<Alert> {
        let f = &self.frame;
        let intake = self.intake()?;
        let title = f.t("Klopt alleen iets in de intake niet?", "Is only something in the intake not right?");
        let at = format!("/trajecten/{}/aanpassen/{}", self.about.trajectory, intake.id);
        let link = (at, f.t("pas de intake aan.", "correct the intake.").to_owned());
        let text = f.t("Dan hoeft het traject niet weg:", "Then the trajectory need not go:");
        Some(Alert { link: Some(link), ..Alert::new(f, Weight::Info, title, text) })
    }

    /// Below a list without the intake: how to retract everything.
    fn whole_instead(&self) -> Option<Alert> {
        let f = &self.frame;
        let Asks::Retraction(events) = &self.asks else { return None };
        let intake = events.iter().find(|event| !event.meant && event.is_intake())?;
        let title = f.t("Hoort het hele traject hier niet?", "Should the whole trajectory not be here?");
        let at = format!("/trajecten/{}/intrekken/{}", self.about.trajectory, intake.id);
        Some(Alert { link: Some((at, self.whole().to_owned())), ..Alert::new(f, Weight::Info, title, "") })
    }

    /// Address and words of the page from which one came.
    fn back(&self) -> (String, &str) {
        let f = &self.frame;
        if self.about.trajectory.is_empty() {
            ("/".to_owned(), f.t("Mijn trajecten", "My trajectories"))
        } else {
            let name = self.about.name.as_deref().unwrap_or_else(|| f.t("Traject", "Trajectory"));
            (format!("/trajecten/{}", self.about.trajectory), name)
        }
    }

    /// What one thing is about, when it is clear which.
    fn one_thing(&self, of: &[Thing]) -> String {
        let lang = self.frame.lang;
        match of {
            [one] => format!("{}, {}", one.words(lang), one.since_words(lang)),
            _ => String::new(),
        }
    }

    fn lead(&self) -> String {
        let f = &self.frame;
        let only = f.t("Vul alleen in wat er veranderd is.", "Fill in only what changed.");
        if self.corrects.is_some() {
            return f
                .t(
                    "Verander wat niet klopt. Wat er eerst stond, blijft in het logboek te zien.",
                    "Change what is not right. What stood there first can still be seen in the log.",
                )
                .to_owned();
        }
        if self.restores {
            let rest = f.t(
                "Dit was ingetrokken. Kijk na of het klopt en leg het opnieuw vast. Wat erbij hoorde en ook is ingetrokken, zet je zelf terug.",
                "This was retracted. Check that it is right, and record it once more. What belonged to it and was retracted too is for you to put back.",
            );
            let of = match &self.asks {
                Asks::PaidWorkChanged { of, .. } | Asks::PlacementStopped(of) | Asks::PaidWorkStopped(of) | Asks::EducationStopped(of) => {
                    self.one_thing(of)
                }
                Asks::Contact
                | Asks::Engagement
                | Asks::Assessment
                | Asks::PlacementStarted
                | Asks::PaidWorkStarted(_)
                | Asks::EducationStarted
                | Asks::Intake { .. }
                | Asks::TrajectoryChanged { .. }
                | Asks::Transfer(_)
                | Asks::Outflow(_)
                | Asks::Retraction(_) => String::new(),
            };
            let said = [self.asks.kind().words(f.lang).to_owned(), of].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>();
            return format!("{}. {rest}", said.join(": "));
        }
        match &self.asks {
            // The words of the field are those of everybody here; what they mean is said once, where it is filled in.
            Asks::Engagement => f.t("Wensen en doelen van de cliënt.", "Wishes and goals of the client.").to_owned(),
            Asks::Assessment => f.t("Het arbeidsprofiel van de cliënt.", "The vocational profile of the client.").to_owned(),
            Asks::PlacementStarted => f.t("Werk zonder loon.", "Work without pay.").to_owned(),
            Asks::PaidWorkChanged { of, .. } => match self.one_thing(of) {
                nothing if nothing.is_empty() => only.to_owned(),
                one => format!("{one}. {only}"),
            },
            Asks::PlacementStopped(of) | Asks::PaidWorkStopped(of) | Asks::EducationStopped(of) => self.one_thing(of),
            Asks::TrajectoryChanged { .. } => only.to_owned(),
            Asks::Transfer(_) => f
                .t(
                    "Het traject gaat naar de lijst van je collega. Wat is vastgelegd, blijft staan.",
                    "The trajectory goes to your colleague's list. What was recorded stays.",
                )
                .to_owned(),
            Asks::Retraction(_) if self.intake().is_some() => f
                .t(
                    "Zonder intake is er geen traject. Alles wat hieronder staat telt dan niet meer mee, het traject verdwijnt uit je lijst, en alleen een manager kan het nog openen. In het logboek blijft te zien dat je dit hebt ingetrokken.",
                    "Without an intake there is no trajectory. All that stands below does not count any more then, the trajectory goes from your list, and only a manager can still open it. The log still shows that you retracted it.",
                )
                .to_owned(),
            Asks::Retraction(_) => f
                .t(
                    "De gebeurtenis telt dan niet meer mee. In het logboek blijft te zien dat je dit hebt ingetrokken.",
                    "The event does not count any more then. The log still shows that you retracted it.",
                )
                .to_owned(),
            Asks::Contact | Asks::PaidWorkStarted(_) | Asks::EducationStarted | Asks::Intake { .. } | Asks::Outflow(_) => String::new(),
        }
    }

    fn save(&self) -> &str {
        let f = &self.frame;
        if self.corrects.is_some() {
            return f.t("Aanpassen", "Correct");
        }
        match self.asks.kind() {
            Kind::Intake => f.t("Traject starten", "Begin the trajectory"),
            Kind::Transfer => f.t("Overdragen", "Transfer"),
            Kind::Outflow => f.t("Afsluiten", "End"),
            Kind::Retraction if self.intake().is_some() => self.whole(),
            Kind::Retraction => f.t("Intrekken", "Retract"),
            Kind::Engagement
            | Kind::Assessment
            | Kind::PlacementStarted
            | Kind::PlacementStopped
            | Kind::PaidWorkStarted
            | Kind::PaidWorkChanged
            | Kind::PaidWorkStopped
            | Kind::EducationStarted
            | Kind::EducationStopped
            | Kind::Contact
            | Kind::TrajectoryChanged => f.t("Vastleggen", "Record"),
        }
    }

    fn is_danger(&self) -> bool {
        self.asks.kind() == Kind::Retraction
    }

    /// Where to go afterwards, when not to the trajectory: it may be nobody's any more, or a colleague's.
    fn next(&self) -> Option<&'static str> {
        (self.intake().is_some() || self.asks.kind() == Kind::Transfer).then_some("/")
    }

    /// The last day of a trajectory that has ended, where the form is bound by it: that day itself is asked with the outflow.
    fn ended(&self) -> Option<Day> {
        self.about.ended.filter(|_| self.asks.kind() != Kind::Outflow)
    }

    /// The day of what happened before the end: today is none of its days, so none is likely.
    fn until_the_end(&self, part: Part) -> Part {
        let Some(ended) = self.ended().filter(|ended| *ended < self.today) else { return part };
        let Part::Date(date) = part else { return part };
        let (lang, day) = (self.frame.lang, ended.long(self.frame.lang));
        let until = match lang {
            Lang::Nl => format!("Het traject eindigde op {day}. Vul die dag of een eerdere in."),
            Lang::En => format!("The trajectory ended on {day}. Fill in that day or an earlier one."),
        };
        let hint = [date.of.hint.as_str(), until.as_str()].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ");
        let date = if date.today { Date { day: String::new(), month: String::new(), year: String::new(), ..date } } else { date };
        Date { presets: false, today: false, ..date }.hint(&hint).into()
    }

    /// The parts of the form.
    fn parts(&self) -> Vec<Part> {
        let ask = Ask { frame: &self.frame, today: self.today, filled: self.filled.as_ref() };
        let parts = match &self.asks {
            Asks::Contact => ask.contact(),
            Asks::Engagement => ask.engagement(),
            Asks::Assessment => ask.assessment(),
            Asks::PlacementStarted => ask.placement_started(),
            Asks::PlacementStopped(of) => ask.placement_stopped(of),
            Asks::PaidWorkStarted(running) => ask.work_started(running),
            Asks::PaidWorkChanged { of, now } => ask.work_changed(of, now),
            Asks::PaidWorkStopped(of) => ask.work_stopped(of),
            Asks::EducationStarted => ask.education_started(),
            Asks::EducationStopped(of) => ask.education_stopped(of),
            Asks::Intake { regions, region, coach, coaches } => ask.intake(regions, region, coach, coaches),
            Asks::TrajectoryChanged { now, regions } => ask.changed(now, regions),
            Asks::Transfer(colleagues) => ask.transfer(colleagues),
            Asks::Outflow(running) => ask.outflow(running),
            Asks::Retraction(events) if self.intake().is_some() => {
                self.correct_instead().map(Part::from).into_iter().chain(ask.whole_retraction(events)).collect()
            }
            Asks::Retraction(events) => {
                let others: Vec<&Retractable> = events.iter().filter(|event| !event.is_intake()).collect();
                ask.retraction(&others).into_iter().chain(self.whole_instead().map(Part::from)).collect()
            }
        };
        let parts = parts.into_iter().map(|part| self.until_the_end(part)).collect();
        let Some(correction) = &self.corrects else { return parts };
        let also = ask.also_retracted(&correction.also);
        [self.before(&correction.former).into()].into_iter().chain(parts).chain(also).collect()
    }

    /// What stands there now.
    fn before(&self, former: &Former) -> Before {
        let lang = self.frame.lang;
        let name = former.what.title(lang);
        // Of a stop the last day is told, among its lines.
        let title = if former.what.is_stop() { name } else { format!("{name} {} {}", lang.t("op", "on"), former.on.long(lang)) };
        let lines = former.what.lines(lang, former.on).into_iter().map(|line| line.trim_end_matches('.').to_owned());
        let note = former.what.note().map(|note| note.words(lang).trim_end_matches('.').to_owned());
        let by = format!("{} {}", lang.t("Vastgelegd door", "Recorded by"), former.by);
        let all = [title].into_iter().chain(lines).chain(note).chain([by]).map(|part| format!("{part}.")).collect::<Vec<_>>();
        Before { title: lang.t("Nu staat er", "Now it says").to_owned(), lines: vec![all.join(" ")] }
    }

    /// The title of the summary, when something is wrong.
    fn problem(&self) -> Option<&str> {
        let filled = self.filled.as_ref().filter(|filled| !filled.mistakes.is_empty())?;
        let f = &self.frame;
        Some(match filled.refused {
            true => f.t("Dit is niet vastgelegd", "This was not recorded"),
            false => f.t("Er klopt nog iets niet", "Something is not right yet"),
        })
    }

    /// Each mistake, with the id of its input (none when it is of no field of this form) and the name of its field.
    fn mistakes(&self) -> Vec<(Option<(String, String)>, &Mistake)> {
        let parts = self.parts();
        let mistakes = self.filled.iter().flat_map(|filled| &filled.mistakes);
        mistakes.map(|mistake| (parts.iter().find_map(|part| part.place_of(&mistake.field)), mistake)).collect()
    }
}
