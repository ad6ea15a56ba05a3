//! The values of the event contract, each with its words in both languages: what forms offer and what pages say.

use crate::{
    lang::{Lang, capital},
    parts::Choosable,
};

/// A value, its words in Dutch and in English, and an explanation in both, where it needs one.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// The values of one field.
pub(crate) struct Codes {
    /// Those that forms offer.
    offered: &'static [Row],
    /// Those that other programs write for the same: they are said in words, and not offered.
    elsewhere: &'static [Row],
}

impl Codes {
    const fn of(offered: &'static [Row]) -> Self {
        Self { offered, elsewhere: &[] }
    }

    /// The words of a value; an unknown one, of another program or a later version, is made readable.
    pub(crate) fn words(&self, lang: Lang, value: &str) -> String {
        let row = self.offered.iter().chain(self.elsewhere).find(|row| row.0 == value);
        row.map_or_else(|| readable(value), |row| lang.t(row.1, row.2).to_owned())
    }

    /// Whether it is one of them.
    pub(crate) fn has(&self, value: &str) -> bool {
        self.offered.iter().any(|row| row.0 == value)
    }

    /// All of them, to choose from.
    pub(crate) fn choices(&self, lang: Lang) -> Vec<Choosable> {
        self.offered.iter().map(|row| Choosable::explained(row.0, lang.t(row.1, row.2), lang.t(row.3, row.4))).collect()
    }

    /// All of them, and that it is not known.
    pub(crate) fn or_unknown(&self, lang: Lang) -> Vec<Choosable> {
        self.choices(lang).into_iter().chain([unknown(lang)]).collect()
    }
}

/// A code that no list has, as words: `einde-van-de-regeling` is `Einde van de regeling`.
fn readable(code: &str) -> String {
    capital(&code.replace(['-', '_'], " "))
}

/// "I do not know" as a choice.
pub(crate) fn unknown(lang: Lang) -> Choosable {
    Choosable::new("unknown", lang.t("Weet ik niet", "I do not know"))
}

/// Yes, no, or not known. The contract has a boolean here.
pub(crate) const YES_NO: Codes = Codes::of(&[("yes", "Ja", "Yes", "", ""), ("no", "Nee", "No", "", "")]);

pub(crate) const WITH: Codes = Codes::of(&[
    ("client", "Cliënt", "Client", "", ""),
    ("employer", "Werkgever", "Employer", "", ""),
    ("care_team", "Zorgteam", "Care team", "", ""),
    ("uwv", "UWV", "UWV", "", ""),
    ("municipality", "Gemeente", "Municipality", "", ""),
    ("family", "Familie", "Family", "", ""),
]);
/// As the title of what happened.
pub(crate) const CONTACT_WITH: Codes = Codes::of(&[
    ("client", "Contact met de cliënt", "Contact with the client", "", ""),
    ("employer", "Contact met de werkgever", "Contact with the employer", "", ""),
    ("care_team", "Contact met het zorgteam", "Contact with the care team", "", ""),
    ("uwv", "Contact met het UWV", "Contact with the UWV", "", ""),
    ("municipality", "Contact met de gemeente", "Contact with the municipality", "", ""),
    ("family", "Contact met de familie", "Contact with the family", "", ""),
]);
pub(crate) const CHANNEL: Codes = Codes::of(&[
    ("in_person", "Op locatie", "In person", "", ""),
    ("phone", "Telefoon", "Phone", "", ""),
    ("video", "Videobellen", "Video call", "", ""),
    ("message", "Bericht", "Message", "", ""),
]);
pub(crate) const WISH: Codes = Codes::of(&[
    ("paid_work", "Betaald werk", "Paid work", "", ""),
    ("education", "Een opleiding", "An education", "", ""),
    ("unpaid_work", "Onbetaald werk", "Unpaid work", "", ""),
    ("explore", "Eerst ontdekken wat past", "Find out first what fits", "", ""),
]);
/// As a sentence about the client.
pub(crate) const WISHES: Codes = Codes::of(&[
    ("paid_work", "Wil betaald werk", "Wants paid work", "", ""),
    ("education", "Wil een opleiding", "Wants an education", "", ""),
    ("unpaid_work", "Wil onbetaald werk", "Wants unpaid work", "", ""),
    ("explore", "Wil eerst ontdekken wat past", "Wants to find out first what fits", "", ""),
]);
/// As a sentence about what was, once the trajectory is over.
pub(crate) const WISHED: Codes = Codes::of(&[
    ("paid_work", "Wilde betaald werk", "Wanted paid work", "", ""),
    ("education", "Wilde een opleiding", "Wanted an education", "", ""),
    ("unpaid_work", "Wilde onbetaald werk", "Wanted unpaid work", "", ""),
    ("explore", "Wilde eerst ontdekken wat past", "Wanted to find out first what fits", "", ""),
]);
pub(crate) const PLACEMENT: Codes = Codes::of(&[
    (
        "trial_placement",
        "Proefplaatsing",
        "Trial placement",
        "Op proef bij een werkgever, met behoud van uitkering",
        "On trial with an employer, keeping the benefit",
    ),
    ("work_experience", "Werkervaringsplaats", "Work experience", "", ""),
    ("volunteer_work", "Vrijwilligerswerk", "Volunteer work", "", ""),
    ("day_activity", "Dagbesteding", "Day activity", "", ""),
]);
pub(crate) const LEVEL: Codes = Codes {
    elsewhere: &[("cursus", "Cursus of training", "Course or training", "", "")],
    ..Codes::of(&[
        ("vso", "Voortgezet speciaal onderwijs", "Special secondary education", "", ""),
        ("vmbo", "Vmbo", "Vmbo", "", ""),
        ("mbo-1", "Mbo niveau 1 (entree)", "Mbo level 1 (entry)", "", ""),
        ("mbo-2", "Mbo niveau 2", "Mbo level 2", "", ""),
        ("mbo-3", "Mbo niveau 3", "Mbo level 3", "", ""),
        ("mbo-4", "Mbo niveau 4", "Mbo level 4", "", ""),
        ("havo-vwo", "Havo of vwo", "Havo or vwo", "", ""),
        ("hbo", "Hbo", "Hbo", "", ""),
        ("wo", "Universiteit", "University", "", ""),
        ("course", "Cursus of training", "Course or training", "", ""),
    ])
};
pub(crate) const METHOD: Codes = Codes::of(&[
    ("ips", "IPS", "IPS", "", ""),
    ("wabz", "WABZ", "WABZ", "", ""),
    ("jobcoaching", "Jobcoaching", "Job coaching", "", ""),
    ("werkfit", "Werkfit maken", "Getting fit for work (Werkfit)", "", ""),
    ("naar_werk", "Naar werk", "To work (Naar werk)", "", ""),
    ("other", "Anders", "Other", "", ""),
]);
pub(crate) const VARIANT: Codes = Codes::of(&[
    ("epa", "EPA", "EPA", "Ernstige psychische aandoening", "Severe mental illness"),
    ("cmd", "CMD", "CMD", "Veelvoorkomende psychische klachten", "Common mental disorder"),
    ("other", "Anders", "Other", "", ""),
]);
pub(crate) const TARGET_GROUP: Codes = Codes::of(&[
    ("epa", "EPA: ernstige psychische aandoening", "EPA: severe mental illness", "", ""),
    ("cmd", "CMD: veelvoorkomende psychische klachten", "CMD: common mental disorder", "", ""),
    ("other", "Anders", "Other", "", ""),
]);
pub(crate) const FUNDING: Codes =
    Codes::of(&[("municipality", "Gemeente", "Municipality", "", ""), ("uwv", "UWV", "UWV", "", ""), ("other", "Anders", "Other", "", "")]);
/// As a sentence of the timeline.
pub(crate) const FUNDED_BY: Codes = Codes::of(&[
    ("municipality", "Betaald door de gemeente", "Paid for by the municipality", "", ""),
    ("uwv", "Betaald door het UWV", "Paid for by the UWV", "", ""),
    ("other", "Betaald door een ander", "Paid for by another", "", ""),
]);
pub(crate) const BENEFIT: Codes = Codes::of(&[
    ("participatiewet", "Participatiewet", "Participation Act", "", ""),
    ("wajong", "Wajong", "Wajong", "", ""),
    ("wia", "WIA", "WIA", "", ""),
    ("wao", "WAO", "WAO", "", ""),
    ("waz", "WAZ", "WAZ", "", ""),
    ("zw", "Ziektewet", "Sickness Benefits Act", "", ""),
    ("ww", "WW", "WW", "", ""),
    ("none", "Geen uitkering", "No benefit", "", ""),
]);
/// The contract takes any code: these are the application's own, and those that come with files.
pub(crate) const OUTFLOW_REASON: Codes = Codes {
    elsewhere: &[
        ("doel-bereikt", "Doel bereikt", "Goal reached", "", ""),
        ("werk-gevonden", "Werk gevonden", "Found work", "", ""),
        ("overgedragen-aan-jobcoach", "Overgedragen aan een jobcoach", "Handed over to a job coach", "", ""),
        ("klaar-om-te-werken", "Klaar om te werken", "Ready to work", "", ""),
        ("einde-indicatie", "Einde van de indicatie", "End of the entitlement", "", ""),
        ("client-ziet-af", "Cliënt ziet ervan af", "Client does not go on", "", ""),
        ("gezondheid", "Gezondheid", "Health", "", ""),
        ("verhuizing", "Verhuisd", "Moved", "", ""),
        ("geen-contact-meer", "Geen contact meer", "No contact any more", "", ""),
    ],
    ..Codes::of(&[
        ("goal-reached", "Doel bereikt", "Goal reached", "", ""),
        ("own-wish", "Op verzoek van de cliënt", "At the client's request", "", ""),
        ("health", "Gezondheid", "Health", "", ""),
        ("moved", "Verhuisd", "Moved", "", ""),
        ("other-support", "Andere begeleiding", "Other support", "", ""),
        ("no-contact", "Geen contact meer", "No contact any more", "", ""),
        ("other", "Anders", "Other", "", ""),
    ])
};
/// By which scheme is paid. The contract takes any code; this is the one that figures are published of.
pub(crate) const SCHEME: Codes = Codes::of(&[(
    "landelijke-ips-regeling-gemeenten",
    "Landelijke IPS-regeling voor gemeenten",
    "National IPS scheme for municipalities",
    "",
    "",
)]);
/// As a choice of a scheme: none of the list. No code has a colon; what it is stands in a field of its own.
pub(crate) const OTHER_SCHEME: &str = ":other";
pub(crate) const PAY: Codes = Codes::of(&[
    (
        "normal",
        "Normaal loon, zonder loonkostensubsidie",
        "Normal pay, without wage subsidy",
        "De werkgever betaalt het hele loon zelf",
        "The employer pays the whole wage",
    ),
    (
        "measured",
        "Gemeten loonwaarde",
        "Measured wage value",
        "Wat iemand op deze plek presteert, in procenten van een gewone werknemer; gemeente of UWV stelt het vast",
        "What somebody achieves in this place, in percent of a regular employee; municipality or UWV determines it",
    ),
]);
pub(crate) const CONTRACT: Codes = Codes::of(&[
    ("permanent", "Vast", "Permanent", "", ""),
    ("fixed_term", "Tijdelijk", "Fixed term", "", ""),
    ("other", "Anders", "Other", "Oproep, uitzendwerk of eigen bedrijf", "On call, agency work or self-employed"),
]);
pub(crate) const WORKPLACE: Codes = Codes::of(&[
    ("yes", "Ja", "Yes", "", ""),
    ("no", "Nee", "No", "Bijvoorbeeld beschut werk of dagbesteding", "For instance sheltered work or day activity"),
]);
pub(crate) const COMPLETED: Codes =
    Codes::of(&[("yes", "Ja, met diploma of certificaat", "Yes, with a diploma or certificate", "", ""), ("no", "Nee", "No", "", "")]);
