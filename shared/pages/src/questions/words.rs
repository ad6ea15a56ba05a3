//! What the questions are called, what can be concluded from an answer, and what cannot.

use super::{Became, BecameRow, GroupName, OpenQuestion};
use crate::{dashboard::quarter_words, lang::Lang};

impl OpenQuestion {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::UnpaidWork, Self::Recent, Self::Sequels, Self::Alongside, Self::Lasting];

    /// Its part of an address.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::UnpaidWork => "onbetaald-werk",
            Self::Recent => "recent-gestart",
            Self::Sequels => "vervolg",
            Self::Alongside => "daarnaast",
            Self::Lasting => "duur",
        }
    }

    /// The one with this part of an address.
    #[must_use]
    pub fn of(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.slug() == slug)
    }

    pub(super) const fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::UnpaidWork => lang.t("Staat onbetaald werk betaald werk in de weg?", "Does unpaid work stand in the way of paid work?"),
            Self::Recent => lang.t("Vindt wie kort geleden begon nog werk?", "Will those who began lately still find work?"),
            Self::Sequels => lang.t("Waar bleven de trajecten: wat volgde op wat?", "Where did the trajectories go: what followed what?"),
            Self::Alongside => lang.t(
                "Hoeveel cliënten met onbetaald werk hebben daarnaast een baan of opleiding?",
                "How many clients with unpaid work have a job or an education beside it?",
            ),
            Self::Lasting => lang.t(
                "Hoe lang duren banen, en hoe lang blijft werk duurzaam?",
                "How long do jobs last, and how long does work stay sustainable?",
            ),
        }
    }

    /// What its page tells.
    pub(super) const fn told(self, lang: Lang) -> &'static str {
        match self {
            Self::UnpaidWork => lang.t(
                "De tijd tot de eerste betaalde baan: zonder onbetaald werk, met onbetaald werk van voor de start, en met onbetaald werk dat tijdens het traject begon.",
                "The time until the first paid job: without unpaid work, with unpaid work from before the start, and with unpaid work that began in the trajectory.",
            ),
            Self::Recent => lang.t(
                "Hoeveel na zoveel maanden een eerste betaalde baan vonden, naar het kwartaal van de start en naar wie betaalt.",
                "How many had found a first paid job after so many months, by the quarter of the start and by who pays.",
            ),
            Self::Sequels => lang.t(
                "Welk traject dezelfde cliënt daarna begon, en wat er werd van wie een jaar eerder een lopend traject had.",
                "Which trajectory the same client began next, and what became of those that ran a year earlier.",
            ),
            Self::Alongside => lang.t("Elk traject één keer, op zijn peildag.", "Each trajectory once, on its reference day."),
            Self::Lasting => lang.t(
                "Van banen die tijdens het traject begonnen, gevolgd tot de uitstroom.",
                "Of jobs that began in the trajectory, followed until the outflow.",
            ),
        }
    }

    /// What can be concluded.
    pub(super) const fn can(self, lang: Lang) -> &'static str {
        match self {
            Self::UnpaidWork => lang.t(
                "Of de ene groep sneller een baan vindt dan de andere. Wie onderweg met onbetaald werk begint, telt tot die dag bij ‘zonder’ en daarna bij ‘tijdens’. Liggen de banden om de lijnen over elkaar, dan kan het verschil toeval zijn.",
                "Whether one group finds a job sooner than another. Who begins unpaid work on the way is in the group without it until that day, and in the group that began it after. Where the bands around the lines lie over each other, the difference may be chance.",
            ),
            Self::Recent => lang.t(
                "Of wie kort geleden begon op hetzelfde moment na de start even ver is als wie eerder begon.",
                "Whether those who began lately are as far, at the same time after the start, as those who began earlier.",
            ),
            Self::Sequels => lang.t(
                "Hoeveel trajecten als ander traject zijn voortgezet, van cliënten die in dit logboek staan.",
                "How many trajectories were continued as another one, of clients who are in this log.",
            ),
            Self::Alongside => lang.t(
                "Voor hoeveel trajecten het onbetaalde werk op de peildag het enige is, en bij hoeveel daarvan het al voor de start begon.",
                "For how many trajectories the unpaid work is all there is on the reference day, and for how many of them it began before the start.",
            ),
            Self::Lasting => lang.t(
                "Welk deel van de banen na zoveel maanden voorbij was, en hoe lang werk aan de vier voorwaarden van duurzaam werk bleef voldoen.",
                "Which part of the jobs was over after so many months, and how long work went on meeting the four conditions of sustainable work.",
            ),
        }
    }

    /// What cannot.
    pub(super) const fn cannot(self, lang: Lang) -> &'static str {
        match self {
            Self::UnpaidWork => lang.t(
                "Dat het onbetaalde werk de oorzaak is: wie verder van werk af staat, begint er eerder aan.",
                "That the unpaid work is the cause: who is further from work begins it sooner.",
            ),
            Self::Recent => lang.t(
                "Wat later nog komt, zolang geen eerdere groep zo ver gevolgd is. Een streepje: zo lang is nog niemand gevolgd.",
                "What still comes, as long as no earlier group has been followed so far. A dash: nobody has been followed so long.",
            ),
            Self::Sequels => lang.t(
                "Hoeveel aanvragen vanaf het begin als een andere methode zijn gedaan. Een vervolg bij een aanbieder die niets aanlevert, is niet te zien.",
                "How many requests were made for another method from the beginning. A sequel at a provider who delivers nothing cannot be seen.",
            ),
            Self::Alongside => lang.t(
                "Of het onbetaalde werk tot een baan leidt: dit is één dag, geen verloop.",
                "Whether the unpaid work leads to a job: this is one day, and nothing over time.",
            ),
            Self::Lasting => lang.t(
                "Hoe lang werk na de uitstroom duurt. Een baan waarvan niemand het einde vastlegt, lijkt langer te duren dan zij duurde.",
                "How long work lasts after the outflow. A job whose end nobody records seems to last longer than it did.",
            ),
        }
    }
}

impl GroupName {
    pub(super) fn words(&self, lang: Lang) -> String {
        let words = match self {
            Self::Everyone => lang.t("Iedereen", "Everyone"),
            Self::Without => lang.t("Zonder onbetaald werk", "Without unpaid work"),
            Self::Before => lang.t("Onbetaald werk al voor de start", "Unpaid work from before the start"),
            Self::During => lang.t("Onbetaald werk tijdens het traject begonnen", "Unpaid work begun in the trajectory"),
            Self::Jobs => lang.t("Betaalde banen", "Paid jobs"),
            Self::Sustainable => lang.t("Duurzaam werk", "Sustainable work"),
            Self::Started { from, until } if from == until => return quarter_words(from, lang),
            Self::Started { from, until } => {
                let (from, until) = (quarter_words(from, lang), quarter_words(until, lang));
                return format!("{} {from} {} {until}", lang.t("Begonnen van", "Began from"), lang.t("tot en met", "through"));
            }
        };
        words.to_owned()
    }
}

/// What is chosen by a key of the address.
pub(super) fn key(key: &str, lang: Lang) -> &'static str {
    match key {
        "kwartaal" => lang.t("Kwartaal", "Quarter"),
        "gebied" => lang.t("Gebied of organisatie", "Region or organisation"),
        "financiering" => lang.t("Wie betaalt", "Who pays"),
        _ => lang.t("Methode", "Method"),
    }
}

/// `IPS, daarna Jobcoaching`.
pub(super) fn became(row: &BecameRow, lang: Lang) -> String {
    match &row.became {
        Became::Running => format!("{}, {}", row.of, lang.t("loopt nog", "still running")),
        Became::Followed(next) => format!("{}, {} {next}", row.of, lang.t("daarna", "then")),
        Became::Nothing => format!("{}, {}", row.of, lang.t("niets tot nu toe", "nothing so far")),
    }
}

pub(super) const fn first_job(lang: Lang) -> &'static str {
    lang.t(
        "Percentage met een eerste betaalde baan, naar maanden na de start",
        "Percentage with a first paid job, by months since the start",
    )
}

pub(super) const fn over(lang: Lang) -> &'static str {
    lang.t("Percentage dat voorbij was, naar maanden na het begin", "Percentage that was over, by months since the beginning")
}

pub(super) const fn sequels(lang: Lang) -> &'static str {
    lang.t("Wat volgde op trajecten die eindigden", "What followed trajectories that ended")
}

pub(super) const fn year_later(lang: Lang) -> &'static str {
    lang.t("Wat er werd van trajecten die een jaar eerder liepen", "What became of trajectories that ran a year earlier")
}

pub(super) const fn alongside(lang: Lang) -> &'static str {
    lang.t("Wat er naast het onbetaalde werk is", "What there is beside the unpaid work")
}

pub(super) const fn estimated(lang: Lang) -> &'static str {
    lang.t(
        "Een percentage is een schatting van Kaplan en Meier: bij wie het nog niet zover was of wie vertrok, telt mee zolang die gevolgd is. Tussen haakjes het 95%-interval, in de figuur de band; daaronder hoeveel er na die maand nog gevolgd zijn.",
        "A percentage is an estimate of Kaplan and Meier: who is still looking, or has left, counts for as long as they were followed. In brackets the 95% interval, which is the band of the chart; below it how many were still followed after that month.",
    )
}

pub(super) fn few(fewest: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            format!("Van minder dan {fewest} wordt onder het landelijke niveau geen verloop getoond: elke stap zou over één mens gaan.")
        }
        Lang::En => format!("Of fewer than {fewest} no curve is shown below the national level: each step would tell of one person."),
    }
}

pub(super) const fn own_only(lang: Lang) -> &'static str {
    lang.t(
        "Alleen vervolg binnen je eigen organisatie telt: wat een cliënt bij een andere begon, is hier niet te zien.",
        "Only sequels within your own organisation count: what a client began at another one is not seen here.",
    )
}
