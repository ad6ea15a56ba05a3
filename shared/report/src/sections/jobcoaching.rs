//! Jobcoaching: how many and outflow, how long people are employed.

use domain::Method;
use figures::{CellKey, Measure};

use super::{
    charts::{self, Shown},
    general::capitalised,
    nobody,
};
use crate::{
    document::{Block, Section},
    dutch,
    facts::{FUNDINGS, Facts},
};

const JOBCOACHING: CellKey = CellKey::Method(Method::Jobcoaching);

pub(super) fn section(facts: &Facts) -> Section {
    if let Some(blocks) = nobody(facts, Method::Jobcoaching, "jobcoachingtrajecten") {
        return Section::new("jobcoaching", "Jobcoaching", blocks);
    }
    let organisations = |count| dutch::some(count, "ggz-organisatie", "ggz-organisaties");
    let before: Vec<String> = facts
        .earlier_as_told()
        .map(|then| {
            format!("in {} waren het er {}", dutch::quarter(then.quarter()), dutch::count(then.count(&JOBCOACHING, Measure::Organisations)))
        })
        .collect();
    let before = if before.is_empty() { String::new() } else { format!(" {}.", capitalised(&dutch::joined(&before))) };
    let text = format!(
        "De gegevens over jobcoaching komen van {}.{before} Jobcoaching helpt mensen hun werk te houden; daarom gaat het hier om aantallen, uitstroom en hoe \
         lang mensen in dienst zijn.",
        organisations(facts.count(&JOBCOACHING, Measure::Organisations))
    );
    Section::new("jobcoaching", "Jobcoaching", vec![Block::paragraph(text)]).with(vec![number(facts), duration(facts)])
}

fn number(facts: &Facts) -> Section {
    let figure = |measure| facts.figure(&JOBCOACHING, measure);
    let measures = [("Lopend", Measure::Running), ("Gestart", Measure::Started), ("Beëindigd", Measure::Ended)];
    let quarters = facts.quarters();
    let cells: Vec<(String, CellKey)> = FUNDINGS
        .iter()
        .map(|funding| (dutch::funding(*funding).to_owned(), CellKey::MethodFunding(Method::Jobcoaching, *funding)))
        .collect();
    let blocks = vec![
        Block::paragraph(format!(
            "In een lopend traject: {}. {}",
            dutch::clients(figure(Measure::Running).count),
            facts.comparison(&JOBCOACHING, Measure::Running)
        )),
        Block::paragraph(format!(
            "In het kwartaal {} een traject en {} er een. {}",
            dutch::verb_clients(figure(Measure::Started).count, "begon", "begonnen"),
            dutch::verb_clients(figure(Measure::Ended).count, "beëindigde", "beëindigden"),
            super::by_funding(facts, Method::Jobcoaching)
        )),
        Block::paragraph(with_work(facts)),
        charts::over_quarters(
            "5a",
            "Lopende, gestarte en beëindigde jobcoachingtrajecten",
            &quarters,
            &measures.map(|(name, measure)| (name.to_owned(), JOBCOACHING, measure)),
            Shown::Count,
        ),
        charts::shares_over_quarters("5b", "Jobcoachingtrajecten naar financiering per kwartaal", &quarters, &cells),
    ];
    Section::new("jobcoaching-aantal", "Aantal trajecten en uitstroom", blocks)
}

fn with_work(facts: &Facts) -> String {
    let ended = facts.figure(&JOBCOACHING, Measure::Ended);
    let with_work = facts.figure(&JOBCOACHING, Measure::OutflowPaidWork);
    match (ended.count, with_work.count) {
        (Some(0), _) => "Niemand stroomde uit.".to_owned(),
        (Some(1), Some(1)) => "De cliënt die uitstroomde, had op dat moment betaald werk.".to_owned(),
        (Some(all), Some(with)) if all == with => {
            format!(
                "Alle {} cliënten die uitstroomden, hadden op dat moment betaald werk (100,0%; {} van {}).",
                dutch::number(all),
                dutch::number(with),
                dutch::number(all)
            )
        }
        (None | Some(_), None | Some(_)) => format!("Met betaald werk op de dag van uitstroom: {}.", dutch::clients_of(with_work)),
    }
}

fn duration(facts: &Facts) -> Section {
    let title = "Duur van het dienstverband";
    let [short, long] = facts.definitions.employment_months;
    let measures = [
        (format!("Korter dan {short} maanden"), Measure::EmployedUnder6Months),
        (format!("{short} tot {long} maanden"), Measure::Employed6To12Months),
        (format!("{long} maanden of langer"), Measure::EmployedOver12Months),
    ];
    let figures: Vec<(String, crate::Figure)> =
        measures.iter().map(|(name, measure)| (name.clone(), facts.figure(&JOBCOACHING, *measure))).collect();
    if figures.iter().all(|(_, figure)| figure.is_zero()) {
        let text = "Van niemand is een lopend dienstverband bekend.";
        return Section::new("jobcoaching-duur", title, vec![Block::paragraph(text)]);
    }
    let unknown = facts.count(&JOBCOACHING, Measure::EmployedUnknown);
    let unknown = if unknown == Some(0) {
        "Van iedereen is een lopend dienstverband bekend.".to_owned()
    } else {
        format!("Van {} is geen lopend dienstverband bekend; zij tellen niet mee in de percentages.", dutch::clients(unknown))
    };
    let bullets = figures.iter().map(|(name, figure)| format!("{name} in dienst: {}.", dutch::clients_of(*figure))).collect();
    let blocks = vec![
        Block::paragraph(format!("Hoe lang cliënten met jobcoaching op de peildag van {} in dienst waren:", facts.quarter())),
        Block::Bullets(bullets),
        Block::paragraph(unknown),
        charts::parts("6", &format!("Duur van het dienstverband bij jobcoaching in {}", facts.quarter()), "In dienst", "Duur", &figures),
    ];
    Section::new("jobcoaching-duur", title, blocks)
}
