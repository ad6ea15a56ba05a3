//! What is asked about contacts, work, placements and education.

use crate::{
    codes,
    forms::{Thing, ask::Ask},
    happened::Terms,
    lang::small,
    parts::{Choosable, Fold, Part},
};

impl Ask<'_> {
    pub(crate) fn contact(&self) -> Vec<Part> {
        let lang = self.frame.lang;
        let minutes = self.integer(
            "minuten",
            "minutes",
            self.t("Hoe lang duurde het?", "How long did it take?"),
            self.t_static("minuten", "minutes"),
        );
        vec![
            self.choice("met-wie", "with", self.t("Met wie?", "With whom?"), codes::WITH.choices(lang), Some("client")).into(),
            self.choice("hoe", "channel", self.t("Hoe?", "How?"), codes::CHANNEL.choices(lang), None).into(),
            self.occurred_on(self.t("Wanneer?", "When?")).into(),
            self.area("notitie", "note", self.t("Notitie", "Note"), 3).optional().into(),
            self.fold(self.t("Duur vastleggen", "Record how long"), vec![minutes.optional().into()]),
        ]
    }

    /// Units are of this program, so they live as long as it.
    const fn t_static(&self, nl: &'static str, en: &'static str) -> &'static str {
        self.frame.lang.t(nl, en)
    }

    fn hours(&self, label: &str) -> Part {
        let hint = self.t("Zoals 16 of 11,5. Verschilt het? Neem het gemiddelde.", "Such as 16 or 11.5. Does it differ? Take the average.");
        self.decimal("uren", "hours_per_week", label, self.t_static("uur per week", "hours a week")).hint(hint).into()
    }

    fn pay(&self) -> Vec<Part> {
        let value =
            self.decimal("loonwaarde", "wage_value_percent", self.t("Hoe hoog is de loonwaarde?", "How high is the wage value?"), "%");
        vec![
            self.column("loon", "pay", self.t("Loon", "Pay"), codes::PAY.or_unknown(self.frame.lang)).into(),
            self.when("pay", "measured", value),
        ]
    }

    fn contract(&self) -> Vec<Part> {
        let until = self.date("contract.until", self.t("Tot en met welke dag?", "Until which day, inclusive?"));
        vec![
            self.column("contract", "contract.kind", "Contract", codes::CONTRACT.or_unknown(self.frame.lang)).into(),
            self.when("contract.kind", "fixed_term", until),
        ]
    }

    fn workplace(&self) -> Part {
        let label = self.t("Is het een gewone werkplek?", "Is it a regular workplace?");
        self.column("werkplek", "regular_workplace", label, codes::WORKPLACE.or_unknown(self.frame.lang)).into()
    }

    fn employer(&self) -> Part {
        self.field("werkgever", "employer", self.t("Werkgever", "Employer")).optional().into()
    }

    fn sector(&self) -> Part {
        self.field("sector", "sector", "Sector").optional().into()
    }

    fn reason(&self) -> Part {
        self.field("reden", "reason", self.t("Reden", "Reason")).optional().into()
    }

    /// Which of several is meant; of one it is clear. A form about nothing is not shown.
    fn which(&self, name: &str, label: &str, of: &[Thing]) -> Part {
        match of {
            [one] => self.hidden(name, &one.id),
            several => {
                let choices =
                    several.iter().map(|one| Choosable::explained(&one.id, one.words(self.frame.lang), one.since_words(self.frame.lang)));
                self.column("werk", name, label, choices.collect()).into()
            }
        }
    }

    /// `running`: the jobs that this one may take the place of.
    pub(crate) fn work_started(&self, running: &[Thing]) -> Vec<Part> {
        let instead = self.t("Dit komt in de plaats van", "This takes the place of");
        let ticks =
            running.iter().map(|job| self.tick("ends_job_id", &job.id, &format!("{instead} {}", job.words(self.frame.lang))).into());
        let first = [
            self.employer(),
            self.occurred_on(self.t("Eerste werkdag", "First working day")).into(),
            self.hours(self.t("Uren per week", "Hours a week")),
            self.tick("hours_per_week.unknown", "yes", self.t("Weet ik niet", "I do not know")).into(),
        ];
        let more = self.fold(self.t("Meer vastleggen", "Record more"), vec![self.sector()]);
        let rest = self.pay().into_iter().chain(self.contract()).chain([self.workplace()]).chain(ticks).chain([more]);
        self.hidden_if_there("job_id").into_iter().chain(first).chain(rest).collect()
    }

    pub(crate) fn work_changed(&self, of: &[Thing], now: &Terms) -> Vec<Part> {
        let lang = self.frame.lang;
        let with_now = |now: Option<String>, parts: Vec<Part>| self.until_now(now).into_iter().chain(parts).collect::<Vec<_>>();
        let unknown = self.tick("hours_per_week.unknown", "yes", self.t("Weet ik niet", "I do not know")).into();
        let hours = vec![self.hours(self.t("Hoeveel uur is het nu?", "How many hours is it now?")), unknown];
        let names = now.names();
        let names = match names.as_slice() {
            [] => None,
            [first, rest @ ..] => {
                Some([(*first).to_owned()].into_iter().chain(rest.iter().map(|name| small(name))).collect::<Vec<_>>().join(", "))
            }
        };
        let unknown = [("employer", self.t("Werkgever", "Employer")), ("sector", "Sector")];
        let unknown = unknown.into_iter().filter_map(|(name, label)| self.unknown_if_there(name, label));
        let both = [self.employer(), self.sector()].into_iter().chain(unknown).collect();
        // What changes most often is open.
        let hours = Fold { open: true, ..self.folded(self.t("Uren per week", "Hours a week"), with_now(now.hours_words(lang), hours)) };
        vec![
            self.which("job_id", self.t("Welk werk is veranderd?", "Which work changed?"), of),
            self.occurred_on(self.t("Vanaf welke dag?", "From which day?")).into(),
            hours.into(),
            self.fold("Contract", with_now(now.contract_words(lang), self.contract())),
            self.fold(self.t("Loon", "Pay"), with_now(now.wage_words(lang), self.pay())),
            self.fold(self.t("Werkplek", "Workplace"), with_now(now.workplace_words(lang), vec![self.workplace()])),
            self.fold(self.t("Werkgever en sector", "Employer and sector"), with_now(names, both)),
        ]
    }

    pub(crate) fn work_stopped(&self, of: &[Thing]) -> Vec<Part> {
        let hint = self.t(
            "De laatste dag dat er nog gewerkt is of had moeten worden. Liep een contract af, dan is dat vaak de laatste dag daarvan.",
            "The last day on which there was work, or should have been. Where a contract ended, that is often its last day.",
        );
        vec![
            self.which("job_id", self.t("Welk werk is gestopt?", "Which work stopped?"), of),
            self.occurred_on(self.t("Laatste werkdag", "Last working day")).hint(hint).into(),
            self.reason(),
        ]
    }

    pub(crate) fn placement_started(&self) -> Vec<Part> {
        let kind = self.column(
            "soort",
            "kind",
            self.t("Wat voor plaatsing?", "What kind of placement?"),
            codes::PLACEMENT.choices(self.frame.lang),
        );
        let first = self.occurred_on(self.t("Eerste dag", "First day"));
        self.hidden_if_there("placement_id").into_iter().chain([kind.into(), first.into()]).collect()
    }

    pub(crate) fn placement_stopped(&self, of: &[Thing]) -> Vec<Part> {
        vec![
            self.which("placement_id", self.t("Welke plaatsing is gestopt?", "Which placement stopped?"), of),
            self.occurred_on(self.t("Laatste dag", "Last day")).into(),
            self.reason(),
        ]
    }

    pub(crate) fn education_started(&self) -> Vec<Part> {
        let choose = self.t("Kies een niveau", "Choose a level");
        let options = codes::LEVEL.or_unknown(self.frame.lang);
        let level = self.select_code("niveau", "level", self.t("Niveau", "Level"), choose, options, &codes::LEVEL).optional();
        let first = self.occurred_on(self.t("Eerste dag", "First day"));
        self.hidden_if_there("education_id").into_iter().chain([level.into(), first.into()]).collect()
    }

    pub(crate) fn education_stopped(&self, of: &[Thing]) -> Vec<Part> {
        let completed = self.t("Is de opleiding afgerond?", "Was the education completed?");
        vec![
            self.which("education_id", self.t("Welke opleiding is gestopt?", "Which education stopped?"), of),
            self.occurred_on(self.t("Laatste dag", "Last day")).into(),
            self.column("afgerond", "completed", completed, codes::COMPLETED.or_unknown(self.frame.lang)).into(),
        ]
    }
}
