//! Werkfit and Naar Werk: how many, status at outflow.

use domain::Method;
use figures::{CellKey, Measure};

use super::charts::{self, Shown};
use crate::{
    document::{Block, Section, Series},
    dutch,
    facts::Facts,
};

const BOTH: [Method; 2] = [Method::Werkfit, Method::NaarWerk];

pub(super) fn section(facts: &Facts) -> Section {
    let title = "Werkfit en Naar Werk (UWV)";
    if BOTH.iter().all(|method| facts.never_any(*method)) {
        let text = format!("In {} liepen er geen Werkfit- of Naar Werk-trajecten.", facts.quarter());
        return Section::new("uwv", title, vec![Block::paragraph(text)]);
    }
    Section::new("uwv", title, Vec::new()).with(vec![number(facts), outflow(facts)])
}

const fn key(method: Method) -> CellKey {
    CellKey::Method(method)
}

fn number(facts: &Facts) -> Section {
    let told = BOTH.map(|method| {
        let key = key(method);
        let of = |measure| facts.count(&key, measure);
        let name = dutch::method(method);
        format!(
            "{name}: {}. {} Gestart: {}. {} Beëindigd: {}. {}",
            dutch::some(of(Measure::Running), "lopend traject", "lopende trajecten"),
            facts.comparison(&key, Measure::Running),
            dutch::clients_of(facts.figure(&key, Measure::Started)),
            facts.comparison(&key, Measure::Started),
            dutch::clients_of(facts.figure(&key, Measure::Ended)),
            facts.comparison(&key, Measure::Ended)
        )
    });
    let measures = [("gestart", Measure::Started), ("lopend", Measure::Running), ("beëindigd", Measure::Ended)];
    let cells: Vec<(String, CellKey, Measure)> = BOTH
        .iter()
        .flat_map(|method| measures.map(|(name, measure)| (format!("{}, {name}", dutch::method(*method)), key(*method), measure)))
        .collect();
    let blocks = vec![
        Block::Bullets(told.to_vec()),
        charts::over_quarters(
            "7",
            "Gestarte, lopende en beëindigde Werkfit- en Naar Werk-trajecten",
            &facts.quarters(),
            &cells,
            Shown::Count,
        ),
    ];
    Section::new("uwv-aantal", "Aantal trajecten", blocks)
}

fn outflow(facts: &Facts) -> Section {
    let told = BOTH.map(|method| {
        let (key, name) = (key(method), dutch::method(method));
        let figure = |measure| facts.figure(&key, measure);
        if figure(Measure::Ended).is_zero() {
            return format!("{name}: niemand beëindigde een traject.");
        }
        format!(
            "{name}: met het beoogde resultaat {}, zonder {}. {}",
            dutch::clients_of(figure(Measure::OutflowIntended)),
            dutch::clients_of(figure(Measure::OutflowNotIntended)),
            facts.comparison_after(&key, Measure::OutflowIntended, |verb| format!("Met het beoogde resultaat {verb} het er"))
        )
    });
    let quarters = facts.quarters();
    let bars: Vec<(Method, &crate::Numbers)> = BOTH.iter().flat_map(|method| quarters.iter().map(|numbers| (*method, *numbers))).collect();
    let series = [("Met beoogd resultaat", Measure::OutflowIntended), ("Zonder beoogd resultaat", Measure::OutflowNotIntended)].map(
        |(name, measure)| {
            let value = |(method, numbers): &(Method, &crate::Numbers)| {
                let figure = numbers.figure(&key(*method), measure);
                charts::value_with_share(figure.count, figure.fraction)
            };
            Series { name: name.to_owned(), values: bars.iter().map(value).collect() }
        },
    );
    let categories =
        bars.iter().map(|(method, numbers)| format!("{}, {}", dutch::method(*method), dutch::quarter_short(numbers.quarter()))).collect();
    let blocks = vec![
        Block::paragraph(
            "Werkfit is geslaagd als iemand bij uitstroom betaald werk heeft of klaar is om te werken; Naar Werk als iemand dan duurzaam betaald werk heeft.",
        ),
        Block::Bullets(told.to_vec()),
        charts::stacked(
            "8",
            "Beëindigde Werkfit- en Naar Werk-trajecten met en zonder beoogd resultaat",
            "Methode en kwartaal",
            categories,
            series.to_vec(),
        ),
    ];
    Section::new("uwv-uitstroom", "Status bij uitstroom", blocks)
}
