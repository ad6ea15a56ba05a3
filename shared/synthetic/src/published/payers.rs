//! Who pays and which variant of IPS: quotas on the reference day of 2025Q1, the rest by the course of time.

use proto_events::{Date, Funding, Method, Variant};

use super::{
    Error,
    cases::{Case, end_of},
    course::NOW,
    pool::Pool,
    targets::{Targets, less},
};
use crate::{calendar::date, dice::Dice};

/// Trajectories of IPS that began in 2025Q1, by who pays: municipality, UWV. The rest is paid otherwise.
const NEW_IPS: [usize; 2] = [420, 218];
/// Of the new ones at work, paid by municipalities.
const NEW_AT_WORK_MUNICIPALITY: usize = 45;
/// The path of the count of those under the scheme.
const SCHEME: &str = "scheme_started_year_to_date.landelijke-ips-regeling-gemeenten";

/// Gives every case a funding and every case of IPS a variant.
pub(crate) fn plan(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    ips(cases, targets, dice)?;
    for method in [Method::Wabz, Method::Jobcoaching, Method::Other] {
        let mut pool = Pool((0..cases.len()).filter(|at| cases[*at].method == method && cases[*at].runs_in(NOW)).collect());
        for funding in [Funding::Other, Funding::Uwv, Funding::Municipality] {
            let many = targets.count(&format!("by_method_funding.{method}.{funding}.running"))?;
            pay(cases, &mut pool, "funding", many, funding, dice, |_, _| 1)?;
        }
        nobody_left(&pool)?;
    }
    for case in cases.iter_mut() {
        let funding = case.funding.unwrap_or_else(|| by_time(case.method, case.start, dice));
        case.funding = Some(funding);
        if case.method == Method::Ips && case.variant.is_none() {
            let long = case.close().days() - case.start.days() > 780;
            let epa_only = [(Some(Variant::Epa), 90), (Some(Variant::Other), 10)];
            let all = [(Some(Variant::Epa), 660), (Some(Variant::Cmd), 215), (Some(Variant::Other), 118), (None, 7)];
            case.variant = Some(if long { dice.weighted(&epa_only) } else { dice.weighted(&all) });
        }
        // From 2025 on the scheme pays for many, not only in the published quarter.
        if case.method == Method::Ips && funding == Funding::Municipality && case.start > end_of(NOW) {
            case.scheme = dice.chance(640);
        }
    }
    Ok(())
}

/// UWV pays for ever fewer, municipalities for ever more.
fn by_time(method: Method, start: Date, dice: &mut Dice) -> Funding {
    let (municipality, uwv) = match method {
        Method::Werkfit | Method::NaarWerk => (0, 100),
        Method::Wabz => (66, 33),
        Method::Jobcoaching => (50, 43),
        Method::Other => (24, 22),
        Method::Ips if start < date(2023, 1, 1) => (29, 51),
        Method::Ips if start < date(2024, 1, 1) => (35, 44),
        Method::Ips if start < date(2025, 1, 1) => (44, 36),
        Method::Ips => (54, 28),
    };
    dice.weighted(&[(Funding::Municipality, municipality), (Funding::Uwv, uwv), (Funding::Other, 100 - municipality - uwv)])
}

fn pay(
    cases: &mut [Case],
    pool: &mut Pool,
    what: &'static str,
    many: usize,
    funding: Funding,
    dice: &mut Dice,
    weight: impl Fn(&[Case], usize) -> u32,
) -> Result<Vec<usize>, Error> {
    let chosen = pool.take(what, many, dice, |at| weight(cases, at))?;
    chosen.iter().for_each(|at| cases[*at].funding = Some(funding));
    Ok(chosen)
}

fn nobody_left(pool: &Pool) -> Result<(), Error> {
    if pool.0.is_empty() { Ok(()) } else { Err(Error::Infeasible { what: "funding", wanted: 0, available: pool.0.len() }) }
}

fn ips(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let funded = |funding: &str, measure: &str| targets.count(&format!("by_method_funding.ips.{funding}.{measure}"));
    let mut pool = Pool((0..cases.len()).filter(|at| cases[*at].method == Method::Ips && cases[*at].runs_in(NOW)).collect());
    let mut new = pool.split(|at| cases[at].first == Some(NOW));
    let at_work = |at: usize| cases[at].works_on(cases[at].reference(NOW));
    let mut new_at_work = new.split(at_work);
    let mut old_at_work = pool.split(at_work);

    let [new_municipality, new_uwv] = NEW_IPS;
    let municipality = less("ips of municipalities", funded("municipality", "running")?, new_municipality)?;
    let uwv = less("ips of UWV", funded("uwv", "running")?, new_uwv)?;
    let municipality_at_work = funded("municipality", "paid_work")?;
    let old_municipality_at_work = less("ips of municipalities at work", municipality_at_work, NEW_AT_WORK_MUNICIPALITY)?;

    // Recently begun trajectories are the municipalities'.
    let recent = |cases: &[Case], at: usize| match cases[at].first {
        Some(10 | 11) => 50,
        Some(8 | 9) => 38,
        Some(4..=7) => 26,
        _ => 18,
    };
    let mut by_municipality = pay(cases, &mut new_at_work, "new at work", NEW_AT_WORK_MUNICIPALITY, Funding::Municipality, dice, |_, _| 1)?;
    let rest = less("new ips of municipalities", new_municipality, NEW_AT_WORK_MUNICIPALITY)?;
    by_municipality.extend(pay(cases, &mut new, "new of municipalities", rest, Funding::Municipality, dice, |_, _| 1)?);
    pay(cases, &mut old_at_work, "at work", old_municipality_at_work, Funding::Municipality, dice, recent)?;
    let rest = less("ips of municipalities", municipality, old_municipality_at_work)?;
    pay(cases, &mut pool, "of municipalities", rest, Funding::Municipality, dice, recent)?;

    new.0.append(&mut new_at_work.0);
    pay(cases, &mut new, "new of UWV", new_uwv, Funding::Uwv, dice, |_, _| 1)?;
    pool.0.append(&mut old_at_work.0);
    pay(cases, &mut pool, "of UWV", uwv, Funding::Uwv, dice, |cases, at| 60 - recent(cases, at) / 2)?;
    new.0.append(&mut pool.0);
    let other = new.0.len();
    pay(cases, &mut new, "otherwise paid", other, Funding::Other, dice, |_, _| 1)?;
    if other != funded("other", "running")? {
        return Err(Error::Infeasible { what: "otherwise paid ips", wanted: funded("other", "running")?, available: other });
    }

    let scheme = targets.count(SCHEME)?;
    for at in Pool(by_municipality).take("under the scheme", scheme, dice, |_| 1)? {
        cases[at].scheme = true;
    }

    let mut pool = Pool((0..cases.len()).filter(|at| cases[*at].method == Method::Ips && cases[*at].runs_in(NOW)).collect());
    let variant = |name: &str| targets.count(&format!("by_method_variant.ips.{name}.running"));
    let young = |case: &Case| if case.start >= date(2023, 3, 1) { 10 } else { 0 };
    for (name, value) in [("cmd", Some(Variant::Cmd)), ("none", None), ("other", Some(Variant::Other)), ("epa", Some(Variant::Epa))] {
        let weight = |at: usize| if name == "cmd" { young(&cases[at]) } else { 1 };
        let chosen = pool.take("variants", variant(name)?, dice, weight)?;
        chosen.iter().for_each(|at| cases[*at].variant = Some(value));
    }
    nobody_left(&pool)
}
