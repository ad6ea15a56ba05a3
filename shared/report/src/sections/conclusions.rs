//! Conclusions: what stands out, in words that follow from the numbers by rule.

use domain::{Funding, Method};
use figures::{CellKey, Measure};

use crate::{
    change::{Change, Direction},
    document::{Block, Section},
    dutch,
    facts::Facts,
};

const ALL: CellKey = CellKey::All;

pub(super) fn section(facts: &Facts) -> Section {
    let title = "Conclusies";
    if facts.now().is_empty() {
        let text = "Zonder trajecten zijn er geen conclusies te trekken.";
        return Section::new("conclusies", title, vec![Block::paragraph(text)]);
    }
    let mut bullets = vec![whole(facts)];
    bullets.extend(methods(facts));
    bullets.push(paid_work(facts));
    bullets.push(outflow(facts));
    bullets.extend(funding(facts));
    let mut blocks = vec![Block::paragraph("Samengevat:"), Block::Bullets(bullets)];
    let attention = attention(facts);
    if !attention.is_empty() {
        blocks.push(Block::paragraph("Nader te bekijken, omdat de cijfers het laten zien maar niet verklaren:"));
        blocks.push(Block::Bullets(attention));
    }
    Section::new("conclusies", title, blocks)
}

fn whole(facts: &Facts) -> String {
    let ips = CellKey::Method(Method::Ips);
    let share = facts.share(&ips).map_or_else(String::new, |of| {
        format!(", {} met IPS{}", dutch::count(facts.count(&ips, Measure::Running)), dutch::of_whole(Some(of)))
    });
    let verb = if facts.count(&ALL, Measure::Running) == Some(1) { "werd" } else { "werden" };
    format!(
        "In {} {verb} {} begeleid naar betaald werk{share}. {}",
        facts.quarter(),
        dutch::clients(facts.count(&ALL, Measure::Running)),
        facts.comparison_after(&ALL, Measure::Running, |verb| format!("In totaal {verb} dat er"))
    )
}

/// Which methods rose, fell and stayed, since each earlier quarter.
fn methods(facts: &Facts) -> Vec<String> {
    let told = facts.earlier_as_told().filter_map(|then| {
        let changes: Vec<(Direction, String)> = Method::ALL
            .iter()
            .filter_map(|method| {
                let change = Change::of(facts.now(), then, &CellKey::Method(*method), Measure::Running, &facts.definitions);
                let nothing = change.now.is_zero() && change.then.is_zero();
                let words = format!("{} ({})", dutch::method(*method), dutch::signed(change.absolute()?));
                (!nothing).then_some((change.direction()?, words))
            })
            .collect();
        let of = |wanted: &[Direction]| -> Vec<String> {
            changes.iter().filter(|(direction, _)| wanted.contains(direction)).map(|(_, words)| words.clone()).collect()
        };
        let groups = [
            ("gestegen bij", of(&[Direction::Up])),
            ("gedaald bij", of(&[Direction::Down])),
            ("(nagenoeg) gelijk gebleven bij", of(&[Direction::AboutEqual, Direction::Equal])),
        ];
        let groups: Vec<String> =
            groups.iter().filter(|(_, names)| !names.is_empty()).map(|(way, names)| format!("{way} {}", dutch::joined(names))).collect();
        let told = format!("Ten opzichte van {} is het aantal lopende trajecten {}.", dutch::quarter(then.quarter()), groups.join("; "));
        (!groups.is_empty()).then_some(told)
    });
    told.collect()
}

fn paid_work(facts: &Facts) -> String {
    format!(
        "Betaald werk op de peildag: {}. {}",
        dutch::clients_of(facts.figure(&ALL, Measure::PaidWork)),
        facts.share_comparison(&ALL, Measure::PaidWork)
    )
}

fn outflow(facts: &Facts) -> String {
    let ended = facts.figure(&ALL, Measure::Ended);
    if ended.is_zero() {
        return "Niemand beëindigde een traject.".to_owned();
    }
    format!(
        "Het beoogde resultaat van hun methode is bij uitstroom bereikt door {}. {}",
        dutch::clients_of(facts.figure(&ALL, Measure::OutflowIntended)),
        facts.share_comparison(&ALL, Measure::OutflowIntended)
    )
}

fn direction_of_both(facts: &Facts, key: &CellKey) -> Option<Direction> {
    let directions: Vec<Direction> = facts.changes(key, Measure::Running).iter().filter_map(Change::direction).collect();
    let first = *directions.first()?;
    directions.iter().all(|direction| *direction == first).then_some(first)
}

fn funding(facts: &Facts) -> Vec<String> {
    let told = [Funding::Municipality, Funding::Uwv].into_iter().filter_map(|funding| {
        let key = CellKey::MethodFunding(Method::Ips, funding);
        let changes: Vec<String> = facts.changes(&key, Measure::Running).iter().map(Change::words).collect();
        let way = match direction_of_both(facts, &key)? {
            Direction::Up => "stijgt",
            Direction::Down => "daalt",
            Direction::AboutEqual | Direction::Equal => return None,
        };
        let count = dutch::trajectories(facts.count(&key, Measure::Running));
        Some(format!("Het aantal IPS-trajecten {} {way}: {count}, {}.", super::paid_by(funding), dutch::joined(&changes)))
    });
    told.collect()
}

fn attention(facts: &Facts) -> Vec<String> {
    let ips = CellKey::Method(Method::Ips);
    let mut points = Vec::new();
    if direction_of_both(facts, &ALL) == Some(Direction::Down)
        || facts.since_year_earlier(&ALL, Measure::Running).is_some_and(|c| c.direction() == Some(Direction::Down))
    {
        points.push("Het totaal aantal trajecten is lager dan eerder. Welke methoden dat verklaren, staat hierboven; waarom, zeggen de cijfers niet.".to_owned());
    }
    let unpaid = facts.figure(&ips, Measure::UnpaidAny);
    if let Some(fraction) = unpaid.fraction.filter(|fraction| fraction.part * 10 >= fraction.whole) {
        points.push(format!(
            "Onbetaald werk komt bij IPS veel voor: {}{}. Of het de weg naar betaald werk verlengt, is de vraag.",
            dutch::clients(unpaid.count),
            dutch::of_whole(Some(fraction))
        ));
    }
    let both = [Funding::Municipality, Funding::Uwv].map(|funding| direction_of_both(facts, &CellKey::MethodFunding(Method::Ips, funding)));
    if both == [Some(Direction::Up), Some(Direction::Down)] || both == [Some(Direction::Down), Some(Direction::Up)] {
        points.push("IPS via de gemeente en IPS via UWV bewegen in tegengestelde richting.".to_owned());
    }
    points
}
