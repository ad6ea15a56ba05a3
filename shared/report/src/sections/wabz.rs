//! WABZ: how many, results, outflow.

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
    facts::Facts,
};

const WABZ: CellKey = CellKey::Method(Method::Wabz);

pub(super) fn section(facts: &Facts) -> Section {
    let title = "Werk als Beste Zorg (WABZ)";
    if let Some(blocks) = nobody(facts, Method::Wabz, "WABZ-trajecten") {
        return Section::new("wabz", title, blocks);
    }
    let organisations = facts.count(&WABZ, Measure::Organisations);
    let verb = if organisations == Some(1) { "leverde" } else { "leverden" };
    let text = format!(
        "{} {verb} gegevens over WABZ in {}.",
        capitalised(&dutch::some(organisations, "ggz-organisatie", "ggz-organisaties")),
        facts.quarter()
    );
    Section::new("wabz", title, vec![Block::paragraph(text)]).with(vec![
        super::other::number(facts, Method::Wabz, "wabz-aantal", "9", "WABZ-trajecten"),
        results(facts),
        super::other::outflow(facts, Method::Wabz, "wabz-uitstroom"),
    ])
}

fn results(facts: &Facts) -> Section {
    let measures = [
        ("Betaald werk", Measure::PaidWork),
        ("Duurzaam betaald werk", Measure::SustainableWork),
        ("Ooit betaald werk tijdens traject", Measure::EverPaidWork),
        ("Vrijwilligerswerk of werkervaringsplaats", Measure::VolunteerOrWorkExperience),
        ("Arbeidsmatige dagbesteding", Measure::DayActivity),
        ("Proefplaatsing", Measure::TrialPlacement),
    ];
    let figures: Vec<(String, crate::Figure)> =
        measures.iter().map(|(name, measure)| ((*name).to_owned(), facts.figure(&WABZ, *measure))).collect();
    let mut bullets: Vec<String> = figures.iter().map(|(name, figure)| format!("{name}: {}.", dutch::clients_of(*figure))).collect();
    for (place, measure) in [(3, Measure::VolunteerOrWorkExperience), (5, Measure::TrialPlacement)] {
        if let Some(bullet) = bullets.get_mut(place) {
            bullet.push(' ');
            bullet.push_str(&facts.comparison(&WABZ, measure));
        }
    }
    let blocks = vec![
        Block::paragraph("Bij WABZ telt elke vorm van werk als resultaat. Op de peildag:"),
        Block::Bullets(bullets),
        charts::figures_with_share("10", &format!("WABZ: soorten werk in {}", facts.quarter()), "Soort werk", &figures, Shown::Count),
    ];
    Section::new("wabz-resultaten", "Resultaten", blocks)
}
