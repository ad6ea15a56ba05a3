//! What both generators need to invent a life: who the client is, what they do beside or before paid work, how attributes
//! change, and paid work where no cohort fixes it.

use proto_events::{Benefit, Date, Funding, Method, PlacementKind, TargetGroup, Variant, Wish};

use crate::{
    calendar::plus,
    dice::Dice,
    life::{AttributeChange, Attributes, Education, Placement},
    names::{LEVELS, Organisation, REASON_WORK_READY, REASONS, REASONS_WITH_WORK},
    texts::Topic,
    work::{Class, Spell},
};

/// Attributes at intake. Who pays, the variant and the scheme are given.
pub(crate) fn attributes(
    dice: &mut Dice,
    organisation: &Organisation,
    method: Method,
    funding: Funding,
    variant: Option<Variant>,
) -> Attributes {
    let in_care = match method {
        Method::Ips | Method::Wabz => dice.weighted(&[(Some(true), 90), (Some(false), 4), (None, 6)]),
        Method::Jobcoaching | Method::Werkfit | Method::NaarWerk | Method::Other => {
            dice.weighted(&[(Some(true), 55), (Some(false), 30), (None, 15)])
        }
    };
    let region = if organisation.regions.len() > 1 && dice.chance(220) {
        organisation.regions[1 + dice.place(organisation.regions.len() - 1)]
    } else {
        organisation.regions.first().copied().unwrap_or_default()
    };
    Attributes {
        method,
        variant,
        funding,
        scheme: false,
        region,
        coach: None,
        target_group: target_group(variant, dice),
        benefit: benefit(funding, method, dice),
        in_care,
        label: dice.chance(920).then(|| Topic::Label.choose(dice)),
    }
}

/// Benefits by who pays, with their frequency. Trajectories of UWV to work ask for one of UWV's benefits.
fn benefit(funding: Funding, method: Method, dice: &mut Dice) -> Option<Benefit> {
    let of_uwv =
        [(Some(Benefit::Wia), 46), (Some(Benefit::Wajong), 28), (Some(Benefit::Zw), 15), (Some(Benefit::Wao), 6), (Some(Benefit::Waz), 1)];
    let of_municipality = [(Some(Benefit::Participatiewet), 74), (Some(Benefit::None), 18), (Some(Benefit::Ww), 2), (None, 6)];
    match (funding, method) {
        (Funding::Uwv, Method::Werkfit | Method::NaarWerk) => dice.weighted(&of_uwv),
        (Funding::Uwv, Method::Ips | Method::Wabz | Method::Jobcoaching | Method::Other) if dice.chance(930) => dice.weighted(&of_uwv),
        (Funding::Uwv, _) => dice.pick(&[Some(Benefit::Ww), None]),
        (Funding::Municipality, _) => dice.weighted(&of_municipality),
        (Funding::Other, _) => dice.weighted(&[
            (Some(Benefit::None), 40),
            (Some(Benefit::Participatiewet), 15),
            (Some(Benefit::Wajong), 12),
            (Some(Benefit::Wia), 10),
            (Some(Benefit::Ww), 6),
            (Some(Benefit::Zw), 5),
            (None, 12),
        ]),
    }
}

/// The target group that goes with a variant, where it is told.
fn target_group(variant: Option<Variant>, dice: &mut Dice) -> Option<TargetGroup> {
    use TargetGroup::{Cmd, Epa, Other};
    match variant {
        Some(Variant::Epa) => dice.weighted(&[(Some(Epa), 92), (None, 8)]),
        Some(Variant::Cmd) => dice.weighted(&[(Some(Cmd), 92), (None, 8)]),
        Some(Variant::Other) | None => dice.weighted(&[(Some(Epa), 45), (Some(Cmd), 30), (Some(Other), 10), (None, 15)]),
    }
}

/// What a client wishes at the beginning.
pub(crate) fn wish(dice: &mut Dice, method: Method, studies: bool) -> Wish {
    match method {
        _ if studies && dice.chance(600) => Wish::Education,
        Method::Ips | Method::Jobcoaching | Method::NaarWerk => {
            dice.weighted(&[(Wish::PaidWork, 84), (Wish::Education, 4), (Wish::Explore, 10), (Wish::UnpaidWork, 2)])
        }
        Method::Wabz | Method::Werkfit | Method::Other => {
            dice.weighted(&[(Wish::PaidWork, 52), (Wish::Education, 4), (Wish::Explore, 28), (Wish::UnpaidWork, 16)])
        }
    }
}

/// Changes of attributes in the course of a trajectory that no figure of the nation hangs on.
pub(crate) fn changes(
    dice: &mut Dice,
    organisation: &Organisation,
    attributes: &Attributes,
    coaches: u16,
    start: Date,
    last: Date,
) -> Vec<(Date, AttributeChange)> {
    let mut changes = Vec::new();
    if last.days() - start.days() < 60 {
        return changes;
    }
    let (from, to) = (plus(start, 30), last);
    if dice.chance(130) && attributes.coach.is_some() && coaches > 1 {
        let coach = u16::try_from(dice.below(u32::from(coaches))).ok().filter(|coach| Some(*coach) != attributes.coach);
        changes.push((dice.day(from, to), AttributeChange { coach: Some(coach), ..AttributeChange::default() }));
    }
    if dice.chance(50) {
        let in_care = Some(dice.weighted(&[(Some(false), 70), (Some(true), 20), (None, 10)]));
        changes.push((dice.day(from, to), AttributeChange { in_care, ..AttributeChange::default() }));
    }
    if dice.chance(45) {
        let benefit = Some(benefit(attributes.funding, attributes.method, dice));
        changes.push((dice.day(from, to), AttributeChange { benefit, ..AttributeChange::default() }));
    }
    if dice.chance(15) {
        let region = Some(dice.pick(&organisation.regions));
        changes.push((dice.day(from, to), AttributeChange { region, ..AttributeChange::default() }));
    }
    if dice.chance(10) {
        let target_group = Some(dice.pick(&[Some(TargetGroup::Epa), Some(TargetGroup::Cmd), None]));
        changes.push((dice.day(from, to), AttributeChange { target_group, ..AttributeChange::default() }));
    }
    if dice.chance(8) {
        changes.push((dice.day(from, to), AttributeChange { label: Some(Some(Topic::Label.choose(dice))), ..AttributeChange::default() }));
    }
    changes
}

/// How sustainable jobs are, by method.
pub(crate) fn class(dice: &mut Dice, method: Method) -> Class {
    match method {
        Method::NaarWerk => Class::Sustainable,
        Method::Werkfit => Class::NotSustainable,
        Method::Jobcoaching => dice.weighted(&[(Class::Sustainable, 40), (Class::NotSustainable, 40), (Class::Undecided, 20)]),
        Method::Ips | Method::Wabz | Method::Other => {
            dice.weighted(&[(Class::Sustainable, 82), (Class::NotSustainable, 14), (Class::Undecided, 4)])
        }
    }
}

/// Paid work where nothing fixes it: from a start to the last day (the outflow, or the end of the story).
pub(crate) fn work(dice: &mut Dice, method: Method, start: Date, last: Date) -> Vec<Spell> {
    let span = last.days() - start.days();
    let spell = |dice: &mut Dice, start, stop| Spell { start, stop, class: class(dice, method) };
    match method {
        Method::Jobcoaching => {
            let begun = plus(start, -dice.between(0, 1_500));
            vec![spell(dice, begun, None)]
        }
        Method::Werkfit if dice.chance(965) => Vec::new(),
        Method::NaarWerk if dice.chance(620) => Vec::new(),
        Method::Werkfit | Method::NaarWerk => {
            let begun = plus(last, -dice.between(0, span.min(40)));
            vec![spell(dice, begun, None)]
        }
        Method::Ips | Method::Wabz | Method::Other => {
            let share = if method == Method::Ips { 560 } else { 360 };
            if span < 30 || !dice.chance(share) {
                return Vec::new();
            }
            let first = if dice.chance(60) { plus(start, -dice.between(10, 700)) } else { dice.early_day(plus(start, 7), last) };
            let mut spells = vec![spell(dice, first, None)];
            let room = last.days() - first.max(start).days();
            if room > 60 && dice.chance(420) {
                let stop = dice.day(plus(first.max(start), 30), last);
                spells[0].stop = Some(stop);
                if last.days() - stop.days() > 45 && dice.chance(550) {
                    let again = dice.early_day(stop, last);
                    spells.push(spell(dice, again, None));
                }
            }
            spells
        }
    }
}

/// Unpaid work of a method: the kind, how many in a thousand have it at some time, and how many days it lasts.
type Habit = (PlacementKind, u32, (i32, i32));

const fn habits(method: Method) -> [Habit; 4] {
    use PlacementKind::{DayActivity, TrialPlacement, VolunteerWork, WorkExperience};
    let (trial, volunteer, experience, day) = match method {
        Method::Ips => (420, 320, 150, 110),
        Method::Wabz => (150, 400, 250, 110),
        Method::Jobcoaching => (0, 8, 0, 0),
        Method::Werkfit => (220, 220, 160, 60),
        Method::NaarWerk => (280, 60, 60, 0),
        Method::Other => (220, 280, 150, 300),
    };
    [
        (TrialPlacement, trial, (20, 90)),
        (VolunteerWork, volunteer, (60, 600)),
        (WorkExperience, experience, (60, 360)),
        (DayActivity, day, (100, 700)),
    ]
}

/// Unpaid placements in the course of a trajectory, fewer beside paid work. One that would last beyond `last` stays open where it
/// may, and is left out where it may not.
pub(crate) fn placements(dice: &mut Dice, method: Method, works: bool, start: Date, last: Date, may_stay: bool) -> Vec<Placement> {
    let mut placements = Vec::new();
    for (kind, many_in_a_thousand, (shortest, longest)) in habits(method) {
        if !dice.chance(many_in_a_thousand / if works { 3 } else { 1 }) {
            continue;
        }
        let lasts = dice.between(shortest, longest);
        // Some began long before the trajectory.
        let begin = dice.day(plus(start, -lasts), plus(last, -1));
        let stop = plus(begin, lasts);
        if stop > start && (stop <= last || may_stay) {
            let stop = Some(stop).filter(|stop| *stop <= last);
            placements.push(Placement { kind, start: begin, stop });
        }
    }
    placements
}

/// An education from a day on.
pub(crate) fn education(dice: &mut Dice, start: Date, stop: Option<Date>) -> Education {
    let level = dice.chance(850).then(|| u8::try_from(dice.below(u32::from(LEVELS))).unwrap_or_default());
    Education { start, stop, completed: dice.weighted(&[(Some(true), 50), (Some(false), 35), (None, 15)]), level, told: None }
}

/// Why a trajectory ended, as one of the reasons.
pub(crate) fn outflow_reason(dice: &mut Dice, method: Method, works: bool, work_ready: bool) -> Option<u8> {
    let of = |low: u8, high: u8, dice: &mut Dice| u8::try_from(dice.between(i32::from(low), i32::from(high))).ok();
    match (works, work_ready) {
        _ if dice.chance(90) => None,
        (true, _) if method == Method::Jobcoaching => Some(if dice.chance(700) { 0 } else { REASON_WORK_READY + 1 }),
        (true, _) => of(0, REASONS_WITH_WORK - 1, dice),
        (false, true) => Some(REASON_WORK_READY),
        (false, false) => of(REASON_WORK_READY + 1, REASONS - 1, dice),
    }
}
