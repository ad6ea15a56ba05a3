//! Other trajectories: how many, results, outflow. Number and outflow are told alike for WABZ.

use domain::Method;
use figures::{CellKey, Measure};

use super::{
    charts::{self, Shown},
    nobody,
};
use crate::{
    document::{Block, Section},
    dutch,
    facts::Facts,
};

const OTHER: CellKey = CellKey::Method(Method::Other);

pub(super) fn section(facts: &Facts) -> Section {
    let title = "Overige trajecten naar werk";
    if let Some(blocks) = nobody(facts, Method::Other, "overige trajecten") {
        return Section::new("overig", title, blocks);
    }
    let text = "Naast de methoden hiervoor geven ggz-organisaties andere begeleiding in de richting van betaald werk. Die is onderling heel verschillend.";
    Section::new("overig", title, vec![Block::paragraph(text)]).with(vec![
        number(facts, Method::Other, "overig-aantal", "11", "overige trajecten"),
        results(facts),
        outflow(facts, Method::Other, "overig-uitstroom"),
    ])
}

/// How many of a method, by funding, over the quarters.
pub(super) fn number(facts: &Facts, method: Method, id: &'static str, chart: &'static str, what: &str) -> Section {
    let key = CellKey::Method(method);
    let figure = |measure| facts.figure(&key, measure);
    let measures = [("Lopend", Measure::Running), ("Gestart", Measure::Started), ("Beëindigd", Measure::Ended)];
    let blocks = vec![
        Block::paragraph(format!(
            "In een lopend traject: {}. {} {}",
            dutch::clients(figure(Measure::Running).count),
            facts.comparison(&key, Measure::Running),
            super::by_funding(facts, method)
        )),
        Block::paragraph(format!(
            "In het kwartaal {} een traject en {} er een.",
            dutch::verb_clients(figure(Measure::Started).count, "begon", "begonnen"),
            dutch::verb_clients(figure(Measure::Ended).count, "beëindigde", "beëindigden")
        )),
        charts::over_quarters(
            chart,
            &format!("Lopende, gestarte en beëindigde {what}"),
            &facts.quarters(),
            &measures.map(|(name, measure)| (name.to_owned(), key.clone(), measure)),
            Shown::Count,
        ),
    ];
    Section::new(id, "Aantal trajecten", blocks)
}

/// With and without work at outflow.
pub(super) fn outflow(facts: &Facts, method: Method, id: &'static str) -> Section {
    let key = CellKey::Method(method);
    let figure = |measure| facts.figure(&key, measure);
    if figure(Measure::Ended).is_zero() {
        return Section::new(id, "Uitstroom", vec![Block::paragraph("Niemand beëindigde in dit kwartaal zijn of haar traject.")]);
    }
    let blocks = vec![
        Block::paragraph(format!("Beëindigd: {}. Daarvan:", dutch::clients_of(figure(Measure::Ended)))),
        Block::Bullets(vec![
            format!("met betaald werk op de dag van uitstroom: {};", dutch::clients_of(figure(Measure::OutflowPaidWork))),
            format!(
                "dan zonder betaald werk, maar eerder in het traject wel: {};",
                dutch::clients_of(figure(Measure::OutflowPaidWorkEarlier))
            ),
            format!(
                "zonder tijdens het traject ooit betaald te hebben gewerkt: {}.",
                dutch::clients_of(figure(Measure::OutflowNeverPaidWork))
            ),
        ]),
        Block::paragraph(format!("Het beoogde resultaat is bereikt door {}.", dutch::clients_of(figure(Measure::OutflowIntended)))),
    ];
    Section::new(id, "Uitstroom", blocks)
}

fn results(facts: &Facts) -> Section {
    let figure = |measure| facts.figure(&OTHER, measure);
    let since = |measure| facts.comparison(&OTHER, measure);
    let paid = [("Betaald werk", Measure::PaidWork), ("Duurzaam betaald werk", Measure::SustainableWork)];
    let mut bullets: Vec<String> = paid
        .iter()
        .map(|(name, measure)| {
            format!("{name}: {}. {} {}", dutch::clients_of(figure(*measure)), since(*measure), facts.share_comparison(&OTHER, *measure))
        })
        .collect();
    let rest = [
        ("Ooit betaald werk tijdens het traject", Measure::EverPaidWork),
        ("Proefplaatsing", Measure::TrialPlacement),
        ("Vrijwilligerswerk of werkervaringsplaats", Measure::VolunteerOrWorkExperience),
        ("Arbeidsmatige dagbesteding", Measure::DayActivity),
    ];
    bullets.extend(rest.iter().map(|(name, measure)| format!("{name}: {}.", dutch::clients_of(figure(*measure)))));
    let shown = [
        ("Betaald werk", Measure::PaidWork),
        ("Duurzaam betaald werk", Measure::SustainableWork),
        ("Ooit betaald werk tijdens traject", Measure::EverPaidWork),
    ];
    let blocks = vec![
        Block::Bullets(bullets),
        charts::over_quarters(
            "12",
            "Overige trajecten: betaald werk als percentage van de lopende trajecten",
            &facts.quarters(),
            &shown.map(|(name, measure)| (name.to_owned(), OTHER, measure)),
            Shown::Share,
        ),
    ];
    Section::new("overig-resultaten", "Resultaten", blocks)
}
