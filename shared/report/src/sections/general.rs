//! All trajectories together.

use domain::Method;
use figures::{CellKey, Measure};

use super::charts::{self, Shown};
use crate::{
    document::{Block, Form, Plot, Section, Series},
    dutch,
    facts::Facts,
};

const ALL: CellKey = CellKey::All;

pub(super) fn section(facts: &Facts) -> Section {
    if facts.now().is_empty() {
        let text = format!("In {} liepen er geen trajecten naar werk in {}.", facts.quarter(), facts.scope_words());
        let earlier: Vec<String> = facts
            .earlier_as_told()
            .map(|then| {
                format!("{} in {}", dutch::some(then.count(&ALL, Measure::Running), "traject", "trajecten"), dutch::quarter(then.quarter()))
            })
            .collect();
        let before = if earlier.is_empty() {
            "Ook van de kwartalen ervoor zijn er geen bekend; er is geen vergelijking mogelijk.".to_owned()
        } else {
            format!("Eerder waren het er wel: {}.", dutch::joined(&earlier))
        };
        return Section::new("algemeen", "Algemene resultaten", vec![Block::paragraph(format!("{text} {before}"))]);
    }
    let blocks = vec![
        Block::paragraph(running(facts)),
        Block::paragraph("Over alle trajecten samen:"),
        Block::Bullets(bullets(facts)),
        distribution(facts),
        charts::over_quarters(
            "1b",
            "Lopende, gestarte en beëindigde trajecten per kwartaal",
            &facts.quarters(),
            &[("Lopend", Measure::Running), ("Gestart", Measure::Started), ("Beëindigd", Measure::Ended)]
                .map(|(name, measure)| (name.to_owned(), ALL, measure)),
            Shown::Count,
        ),
    ];
    Section::new("algemeen", "Algemene resultaten", blocks)
}

fn running(facts: &Facts) -> String {
    let ips = CellKey::Method(Method::Ips);
    let (all, of_ips) = (facts.count(&ALL, Measure::Running), facts.count(&ips, Measure::Running));
    let quarter = facts.quarter();
    let with_ips = match of_ips {
        Some(0) => "niemand met IPS".to_owned(),
        count => format!("{} met IPS{}", dutch::count(count), dutch::of_whole(facts.share(&ips))),
    };
    let verb = if all == Some(1) { "kreeg" } else { "kregen" };
    format!(
        "In {quarter} {verb} {} begeleiding naar betaald werk, {with_ips}. {}",
        dutch::clients(all),
        facts.comparison_after(&ALL, Measure::Running, |verb| format!("In totaal {verb} dat er"))
    )
}

fn bullets(facts: &Facts) -> Vec<String> {
    let figure = |measure| facts.figure(&ALL, measure);
    let paid = figure(Measure::PaidWork);
    let organisations = facts.count(&ALL, Measure::Organisations);
    let verb = if organisations == Some(1) { "leverde" } else { "leverden" };
    let mut bullets = vec![
        format!("{} {verb} de gegevens.", capitalised(&dutch::some(organisations, "ggz-organisatie", "ggz-organisaties"))),
        format!("Begonnen: {}. {}", dutch::clients_of(figure(Measure::Started)), facts.comparison(&ALL, Measure::Started)),
        format!("Betaald werk: {}. {}", dutch::clients_of(paid), facts.share_comparison(&ALL, Measure::PaidWork)),
        format!(
            "Duurzaam betaald werk: {}{}. {}",
            dutch::clients_of(figure(Measure::SustainableWork)),
            if paid.is_zero() { "" } else { ", waarbij het percentage de Werkfit-trajecten buiten beschouwing laat" },
            facts.share_comparison(&ALL, Measure::SustainableWork)
        ),
        format!("Ooit betaald werk tijdens het traject: {}.", dutch::clients_of(figure(Measure::EverPaidWork))),
    ];
    let ended = figure(Measure::Ended);
    if ended.is_zero() {
        bullets.push("Niemand beëindigde het traject.".to_owned());
    } else {
        bullets.push(format!(
            "Beëindigd: {}. Met het beoogde resultaat: {}; zonder: {}.",
            dutch::clients_of(ended),
            dutch::clients_of(figure(Measure::OutflowIntended)),
            dutch::clients_of(figure(Measure::OutflowNotIntended))
        ));
    }
    if !figure(Measure::SustainableWorkUnknown).is_zero() {
        bullets.push(format!(
            "Van {} is niet te zeggen of het werk duurzaam is, omdat een gegeven ontbreekt.",
            dutch::clients_of(figure(Measure::SustainableWorkUnknown))
        ));
    }
    bullets
}

/// With a capital at the beginning.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn distribution(facts: &Facts) -> Block {
    let keys: Vec<(String, CellKey)> =
        Method::ALL.iter().map(|method| (dutch::method(*method).to_owned(), CellKey::Method(*method))).collect();
    let figures: Vec<(String, crate::Figure)> = keys
        .iter()
        .map(|(name, key)| {
            let fraction = facts.share(key);
            (name.clone(), crate::Figure { count: facts.count(key, Measure::Running), fraction })
        })
        .collect();
    let title = format!("Lopende trajecten per methode in {}", facts.quarter());
    let Block::Chart(mut chart) = charts::figures_with_share("1a", &title, "Methode", &figures, Shown::Count) else {
        return Block::paragraph(title);
    };
    // The table of the distribution says how each method changed as well.
    let earlier: Vec<_> = facts.earlier().collect();
    for then in &earlier {
        chart.table.columns.push(dutch::quarter_short(then.quarter()));
        for ((_, cells), (_, key)) in chart.table.rows.iter_mut().zip(&keys) {
            cells.push(dutch::count(then.count(key, Measure::Running)));
        }
    }
    let series = |numbers: &&crate::Numbers| Series {
        name: dutch::quarter_short(numbers.quarter()),
        values: keys.iter().map(|(_, key)| charts::count_value(numbers.count(key, Measure::Running))).collect(),
    };
    if !earlier.is_empty() {
        let now = chart.plot.series.remove(0);
        let mut all: Vec<Series> = earlier.iter().map(series).collect();
        all.push(Series { name: dutch::quarter_short(facts.now().quarter()), ..now });
        chart.plot = Plot { form: Form::Bars, series: all, ..chart.plot };
    }
    Block::Chart(chart)
}
