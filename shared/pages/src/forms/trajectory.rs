//! What is asked about the trajectory itself: its beginning, its circumstances, its end, and what never happened.

use crate::{
    codes,
    forms::{
        Retractable,
        ask::{Ask, NAME},
    },
    lang::{Lang, small},
    parts::{Alert, Choosable, Field, Listed, Part, Weight},
    trajectory::Facts,
};

/// Of all that goes with an intake so much is listed; the rest is folded away below it.
const LISTED: usize = 10;

impl Ask<'_> {
    pub(crate) fn engagement(&self) -> Vec<Part> {
        vec![
            self.column("wens", "wish", self.t("Wat wil de cliënt?", "What does the client want?"), codes::WISH.choices(self.frame.lang))
                .into(),
            self.area("doelen", "goals", self.t("Doelen in eigen woorden", "Goals in the client's own words"), 4).optional().into(),
            self.occurred_on(self.t("Wanneer besproken?", "When was it discussed?")).into(),
        ]
    }

    pub(crate) fn assessment(&self) -> Vec<Part> {
        let lines = self.t("Zet elke sector op een eigen regel.", "Put each sector on a line of its own.");
        let fits = self
            .t("Wat gaat goed, wat is nodig op het werk, wat werkt niet.", "What goes well, what is needed at work, what does not work.");
        let most = self.t("Hoeveel uur kan de cliënt hoogstens werken?", "How many hours can the client work at most?");
        let unit = self.frame.lang.t("uur per week", "hours a week");
        vec![
            self.area("sectoren", "sectors", self.t("In welke sectoren?", "In which sectors?"), 3).hint(lines).optional().into(),
            self.decimal("hoogstens", "max_hours_per_week", most, unit).optional().into(),
            self.area("profiel", "profile", self.t("Wat past bij de cliënt?", "What fits the client?"), 4).hint(fits).optional().into(),
            self.occurred_on(self.t("Wanneer gemaakt?", "When was it made?")).into(),
        ]
    }

    fn region(&self, regions: &[Choosable], likely: &str) -> Part {
        let label = self.t("Arbeidsmarktregio", "Labour-market region");
        self.select("regio", "region", label, self.t("Kies een regio", "Choose a region"), regions.to_vec(), likely).into()
    }

    fn benefit(&self) -> Part {
        let choose = self.t("Kies een uitkering", "Choose a benefit");
        self.select("uitkering", "benefit", self.t("Uitkering", "Benefit"), choose, codes::BENEFIT.or_unknown(self.frame.lang), "")
            .optional()
            .into()
    }

    fn care(&self) -> Part {
        let label = self.t("Is de cliënt in behandeling bij de ggz?", "Is the client in mental-health care?");
        self.choice("in-zorg", "in_care", label, codes::YES_NO.or_unknown(self.frame.lang), None).into()
    }

    fn target(&self) -> Part {
        let choose = self.t("Kies een doelgroep", "Choose a target group");
        let options = codes::TARGET_GROUP.or_unknown(self.frame.lang);
        self.select("doelgroep", "target_group", self.t("Doelgroep", "Target group"), choose, options, "").optional().into()
    }

    fn variant(&self) -> Part {
        let label = self.t("Variant van IPS", "Variant of IPS");
        self.column("variant", "variant", label, codes::VARIANT.or_unknown(self.frame.lang)).into()
    }

    fn funding(&self) -> Part {
        self.choice("betaler", "funding", self.t("Wie betaalt?", "Who pays?"), codes::FUNDING.choices(self.frame.lang), None).into()
    }

    fn label(&self) -> Field {
        let hint = self.t(
            "Zoals je de cliënt noemt. Alleen wie het traject mag zien, ziet de naam.",
            "As you call the client. Only who may see the trajectory sees the name.",
        );
        let field = self.field("naam", "label", self.t("Naam van de cliënt", "Name of the client"));
        Field { attributes: NAME, ..field }.hint(hint)
    }

    /// Those that are known, and a field for any other.
    fn scheme(&self) -> [Part; 2] {
        let lang = self.frame.lang;
        let other = Choosable::new(codes::OTHER_SCHEME, self.t("Anders", "Other"));
        let none = Choosable::new("unknown", self.t("Geen, of weet ik niet", "None, or I do not know"));
        let options = codes::SCHEME.choices(lang).into_iter().chain([other, none]).collect();
        let choose = self.t("Kies een regeling", "Choose a scheme");
        let label = self.t("Regeling", "Scheme");
        let select = self.select_code("regeling", "scheme", label, choose, options, &codes::SCHEME).optional();
        let called = self.field("regeling-anders", "scheme.other", self.t("Hoe heet de regeling?", "What is the scheme called?"));
        [select.into(), self.when("scheme", codes::OTHER_SCHEME, Field { size: "medium", ..called })]
    }

    /// Whose it will be: that of one is clear.
    fn coach(&self, coach: &str, coaches: &[Choosable]) -> Part {
        if coaches.is_empty() {
            return self.hidden("coach", coach);
        }
        let choose = self.t("Kies een coach", "Choose a coach");
        self.select("coach", "coach", self.t("Wie begeleidt de cliënt?", "Who guides the client?"), choose, coaches.to_vec(), coach).into()
    }

    pub(crate) fn intake(&self, regions: &[Choosable], region: &str, coach: &str, coaches: &[Choosable]) -> Vec<Part> {
        let method = self.choice("methode", "method", self.t("Methode", "Method"), codes::METHOD.choices(self.frame.lang), None);
        let more = [self.benefit(), self.care(), self.target()].into_iter().chain(self.scheme()).collect();
        let parts = [
            self.label().into(),
            self.occurred_on(self.t("Wanneer begint het traject?", "When does the trajectory begin?")).into(),
            method.into(),
            self.when("method", "ips", self.variant()),
            self.funding(),
            self.region(regions, region),
            self.coach(coach, coaches),
            self.fold(self.t("Meer vastleggen", "Record more"), more),
        ];
        self.hidden_if_there("client_id").into_iter().chain(parts).collect()
    }

    pub(crate) fn changed(&self, now: &Facts, regions: &[Choosable]) -> Vec<Part> {
        let lang = self.frame.lang;
        let with_now = |now: Option<String>, parts: Vec<Part>| self.until_now(now).into_iter().chain(parts).collect::<Vec<_>>();
        let variant = |code: &String| codes::VARIANT.words(lang, code);
        let care = now.in_care.map(|yes| if yes { lang.t("in zorg", "in care") } else { lang.t("niet in zorg", "not in care") }.to_owned());
        let care: Vec<String> = care.into_iter().chain(now.target_group.as_ref().map(variant)).collect();
        let scheme = now.scheme.as_ref().map(|scheme| codes::SCHEME.words(lang, scheme));
        let place: Vec<String> = [now.region.clone()].into_iter().chain(scheme).filter(|part| !part.is_empty()).collect();
        let joined = |parts: Vec<String>| (!parts.is_empty()).then(|| parts.join(", "));
        let funding = (!now.funding.is_empty()).then(|| small(&codes::FUNDING.words(lang, &now.funding)));
        let benefit = now.benefit.as_ref().map(|benefit| codes::BENEFIT.words(lang, benefit));
        let name = [self.label().optional().into()].into_iter().chain(self.unknown_if_there("label", self.t("Naam", "Name")));
        let region = [self.region(regions, "")].into_iter().chain(self.scheme());
        let variants =
            self.fold(self.t("Variant van IPS", "Variant of IPS"), with_now(now.variant.as_ref().map(variant), vec![self.variant()]));
        let parts = [
            self.occurred_on(self.t("Vanaf welke dag?", "From which day?")).into(),
            self.fold(self.t("Naam", "Name"), name.collect()),
            self.fold(self.t("Wie betaalt", "Who pays"), with_now(funding, vec![self.funding()])),
            self.fold(self.t("Uitkering", "Benefit"), with_now(benefit, vec![self.benefit()])),
            self.fold(self.t("Zorg en doelgroep", "Care and target group"), with_now(joined(care), vec![self.care(), self.target()])),
        ];
        // Another method has none; what stands there can still be mended.
        let variants = Some(variants).filter(|variants| now.method == "ips" || variants.is_filled());
        let place = self.fold(self.t("Regio en regeling", "Region and scheme"), with_now(joined(place), region.collect()));
        // A change of the coach too has a form of its own, and stays what it is when this one is corrected.
        self.hidden_if_there("coach").into_iter().chain(parts).chain(variants).chain([place]).collect()
    }

    pub(crate) fn transfer(&self, colleagues: &[Choosable]) -> Vec<Part> {
        let choose = self.t("Kies een collega", "Choose a colleague");
        vec![
            self.select("collega", "coach", self.t("Naar wie?", "To whom?"), choose, colleagues.to_vec(), "").into(),
            self.occurred_on(self.t("Vanaf welke dag?", "From which day?")).into(),
        ]
    }

    /// `running`: what the jobs are called that go on.
    pub(crate) fn outflow(&self, running: &[String]) -> Vec<Part> {
        let lang = self.frame.lang;
        let open = (!running.is_empty()).then(|| {
            let words = self.t(
                "staat nog open. Dat is goed als de cliënt daar blijft werken. Is het werk gestopt? Leg dat dan eerst vast.",
                "is still open. That is right when the client goes on working there. Did the work stop? Then record that first.",
            );
            let title = self.t("Er loopt nog werk", "Work is still going on");
            Alert::new(self.frame, Weight::Warning, title, format!("{} {words}", running.join(", "))).into()
        });
        let choose = self.t("Kies een reden", "Choose a reason");
        let (label, options) = (self.t("Reden", "Reason"), codes::OUTFLOW_REASON.choices(lang));
        let reason = self.select_code("reden", "reason", label, choose, options, &codes::OUTFLOW_REASON).optional();
        let ready = self.t("Is de cliënt klaar om te werken?", "Is the client ready to work?");
        let parts = [
            self.occurred_on(self.t("Laatste dag van het traject", "Last day of the trajectory")).into(),
            reason.into(),
            self.choice("werkfit", "work_ready", ready, codes::YES_NO.or_unknown(lang), None).into(),
        ];
        open.into_iter().chain(parts).collect()
    }

    fn why_wrong(&self) -> Part {
        self.area("waarom", "reason", self.t("Waarom klopt het niet?", "Why is it not right?"), 2).into()
    }

    /// The intake, and with it everything: nothing to choose, but to see what goes.
    pub(crate) fn whole_retraction(&self, events: &[Retractable]) -> Vec<Part> {
        let lang = self.frame.lang;
        let title = match (events.len(), lang) {
            (1, _) => lang.t("Deze gebeurtenis vervalt", "This event goes").to_owned(),
            (all, Lang::Nl) => format!("Deze {all} gebeurtenissen vervallen"),
            (all, Lang::En) => format!("These {all} events go"),
        };
        let (first, rest) = events.split_at(events.len().min(LISTED));
        let lines = |events: &[Retractable]| events.iter().map(|event| event.line(lang)).collect::<Vec<_>>();
        let more = format!(
            "{} {}",
            lang.t("En nog", "And"),
            lang.count(rest.len(), ("gebeurtenis", "gebeurtenissen"), ("more event", "more events"))
        );
        let more = (!rest.is_empty()).then(|| self.fold(&more, vec![Listed { title: String::new(), lines: lines(rest) }.into()]));
        let list = Listed { title, lines: lines(first) }.into();
        let ids = events.iter().map(|event| self.hidden("event_id", &event.id));
        [list].into_iter().chain(more).chain(ids).chain([self.why_wrong()]).collect()
    }

    pub(crate) fn retraction(&self, events: &[&Retractable]) -> Vec<Part> {
        let lang = self.frame.lang;
        let choices = events.iter().map(|event| event.choice(lang)).collect();
        let likely = events.iter().filter(|event| event.meant).map(|event| event.id.clone()).collect();
        let hint =
            self.t("Horen er meer bij dezelfde vergissing? Kies ze samen.", "Do more belong to the same mistake? Choose them together.");
        let label = self.t("Wat is niet gebeurd?", "What did not happen?");
        vec![self.several("gebeurtenissen", "event_id", label, choices, likely).hint(hint).into(), self.why_wrong()]
    }

    /// What is retracted together with a correction: one mistake, one decision.
    pub(crate) fn also_retracted(&self, events: &[Retractable]) -> Option<Part> {
        if events.is_empty() {
            return None;
        }
        let choices = events.iter().map(|event| event.choice(self.frame.lang)).collect();
        let label = self.t("Wat is ook niet gebeurd?", "What did not happen either?");
        let why = self.t("Waarom klopt dat niet?", "Why is that not right?");
        let parts = vec![
            self.several("ook-niet-gebeurd", "also_retract", label, choices, Vec::new()).into(),
            self.area("waarom-ook", "also_retract.reason", why, 2).into(),
        ];
        Some(self.fold(self.t("Bij dezelfde vergissing hoort meer", "More belongs to the same mistake"), parts))
    }
}
