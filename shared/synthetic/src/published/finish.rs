//! From cases to lives: clients, jobs with their conditions, attributes that change, reasons.

use std::collections::{HashMap, HashSet};

use proto_events::{Date, Funding, Method};

use super::{
    cases::{Case, end_of, last_day},
    course::NOW,
};
use crate::{
    calendar::plus,
    dice::Dice,
    life::{AttributeChange, Life},
    lives,
    names::Names,
    work::job,
};

/// The life of every case, in their order.
pub(crate) fn lives(cases: Vec<Case>, names: &Names, dice: &mut Dice) -> Vec<Life> {
    let followed = followed(&cases, dice);
    let mut employed: HashMap<u8, u16> = HashMap::new();
    for case in &cases {
        let coaches = employed.entry(case.organisation).or_default();
        *coaches = (*coaches).max(case.coach + 1);
    }
    let mut lives: Vec<Life> = Vec::with_capacity(cases.len());
    for case in &cases {
        let coaches = employed.get(&case.organisation).copied().unwrap_or(1);
        lives.push(life(case, coaches, names, dice));
    }
    for (later, earlier) in followed {
        let (client, label) = (lives[earlier].client, lives[earlier].attributes.label);
        lives[later].client = client;
        lives[later].attributes.label = label;
    }
    lives
}

/// Which case is the same client's as an earlier one: jobcoaching after IPS, naar werk after werkfit, at the same organisation.
fn followed(cases: &[Case], dice: &mut Dice) -> Vec<(usize, usize)> {
    const SOON: i32 = 150;
    let mut taken = HashSet::new();
    let mut pairs = Vec::new();
    for (later, case) in cases.iter().enumerate() {
        let from = match case.method {
            Method::Jobcoaching => Method::Ips,
            Method::NaarWerk => Method::Werkfit,
            Method::Ips if dice.chance(25) => Method::Other,
            Method::Ips | Method::Wabz | Method::Werkfit | Method::Other => continue,
        };
        let fits = |earlier: &Case| {
            let gap = earlier.end.map(|end| case.start.days() - end.days());
            earlier.method == from
                && earlier.organisation == case.organisation
                && earlier.brought.is_some() == case.brought.is_some()
                && gap.is_some_and(|gap| (1..=SOON).contains(&gap))
                && (from != Method::Ips || earlier.works_on(earlier.close()))
        };
        let found = cases.iter().enumerate().find(|(at, earlier)| fits(earlier) && !taken.contains(at));
        if let Some((earlier, _)) = found.filter(|_| dice.chance(800)) {
            taken.insert(earlier);
            pairs.push((later, earlier));
        }
    }
    pairs
}

fn life(case: &Case, coaches: u16, names: &Names, dice: &mut Dice) -> Life {
    let organisation = &names.organisations[usize::from(case.organisation)];
    let funding = case.funding.unwrap_or(Funding::Other);
    let variant = case.variant.flatten();
    let close = case.close();
    let mut attributes = lives::attributes(dice, organisation, case.method, funding, variant);
    attributes.coach = Some(case.coach).filter(|_| dice.chance(985));
    attributes.scheme = case.scheme;
    let quiet_until = case.mistaken.map_or(close, |mistake| mistake.day);
    let mut changes = lives::changes(dice, organisation, &attributes, coaches, case.start, quiet_until);
    later_known(case, &mut attributes, &mut changes, dice);
    changes.sort_by_key(|(day, _)| *day);

    // Where the sustainable work of a quarter was published of a method by name, a job is all its life what it is then; in IPS it
    // is so from the reference day on.
    let settled = (case.method == Method::Ips).then(|| case.reference(NOW));
    let jobs = case.spells.iter().map(|spell| job(dice, *spell, settled, close)).collect();
    let works = case.works_on(close);
    let outflow_reason = case.end.and_then(|_| lives::outflow_reason(dice, case.method, works, case.work_ready == Some(true)));
    Life {
        key: dice.key(),
        client: dice.key(),
        organisation: case.organisation,
        start: case.start,
        end: case.end,
        attributes,
        changes,
        wish: lives::wish(dice, case.method, !case.educations.is_empty()),
        jobs,
        placements: case.placements.clone(),
        educations: case.educations.clone(),
        outflow_reason,
        work_ready: case.work_ready,
        brought: case.brought,
        mistaken_end: case.mistaken,
    }
}

/// Some things were otherwise at the intake, or not yet known: who pays, the variant, the scheme. They are what was published by
/// the reference day at the latest.
fn later_known(case: &Case, attributes: &mut crate::life::Attributes, changes: &mut Vec<(Date, AttributeChange)>, dice: &mut Dice) {
    let settled = case.mistaken.map_or_else(|| case.reference(NOW), |mistake| mistake.day).min(last_day());
    let last = if case.start > end_of(NOW) { case.close() } else { settled };
    if last.days() - case.start.days() < 50 {
        return;
    }
    let day = |dice: &mut Dice| dice.early_day(plus(case.start, 20), last);
    if dice.chance(22) && !matches!(case.method, Method::Werkfit | Method::NaarWerk) && !attributes.scheme {
        let funding = Some(attributes.funding);
        attributes.funding = match attributes.funding {
            Funding::Municipality => Funding::Uwv,
            Funding::Uwv => Funding::Municipality,
            Funding::Other => dice.pick(&[Funding::Uwv, Funding::Municipality]),
        };
        changes.push((day(dice), AttributeChange { funding, ..AttributeChange::default() }));
    }
    if attributes.scheme && dice.chance(40) {
        attributes.scheme = false;
        changes.push((day(dice), AttributeChange { scheme: Some(true), ..AttributeChange::default() }));
    }
    if attributes.variant.is_some() && dice.chance(25) {
        let variant = Some(attributes.variant.take());
        changes.push((day(dice), AttributeChange { variant, ..AttributeChange::default() }));
    }
}
