//! The moves by which a witness is made: `keys ⊗ measures` is added to one area and taken from another, so that every total stays.
//!
//! A key vector changes cells so that each total still is the sum of its parts (somebody is counted at another funding, or in all cells of
//! a path); a measure vector changes the numbers of a cell as the history of somebody else would (a job more and an unknown duration less).

use super::grid::{Columns, method_of};
use crate::{CellKey, Measure as M};

/// Places with what is added there. Small: a path has four keys, the longest measure vector nine measures.
pub(super) type Vector = Vec<(usize, i64)>;

/// For each key the key vectors in which it stands with +1, the shortest first.
pub(super) fn key_vectors(keys: &[CellKey]) -> Vec<Vec<Vector>> {
    let place = |wanted: &CellKey| keys.binary_search(wanted).ok();
    let mut paths: Vec<(&CellKey, Option<&CellKey>, Vector)> = Vec::new();
    for funding in keys.iter().filter(|key| matches!(key, CellKey::MethodFunding(..))) {
        let Some(method) = method_of(funding) else { continue };
        let variants: Vec<&CellKey> = keys.iter().filter(|key| matches!(key, CellKey::MethodVariant(of, _) if *of == method)).collect();
        let of_path = |variant: Option<&CellKey>| {
            let method = CellKey::Method(method);
            let path = [Some(&CellKey::All), Some(&method), Some(funding), variant];
            path.into_iter().flatten().filter_map(|key| Some((place(key)?, 1))).collect()
        };
        if variants.is_empty() {
            paths.push((funding, None, of_path(None)));
        }
        paths.extend(variants.into_iter().map(|variant| (funding, Some(variant), of_path(Some(variant)))));
    }
    let mut all: Vec<Vector> = paths.iter().map(|(_, _, path)| path.clone()).collect();
    for (funding, variant, path) in &paths {
        for (other_funding, other_variant, other) in &paths {
            let same_method = method_of(funding) == method_of(other_funding);
            // Two differences at once are two moves.
            if same_method && (funding == other_funding) == (variant == other_variant) {
                continue;
            }
            all.push(combined(&[path, &negative(other)]));
        }
    }
    for vector in &mut all {
        vector.sort_unstable();
    }
    all.sort_unstable_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    all.dedup();
    let with = |key: usize| all.iter().filter(|vector| vector.contains(&(key, 1))).cloned().collect();
    (0..keys.len()).map(with).collect()
}

/// The measure vectors, by column: those with which a search begins, and then all, the column standing with +1.
#[derive(Debug)]
pub(super) struct MeasureVectors {
    pub(super) near: Vec<Vector>,
    pub(super) all: Vec<Vector>,
}

/// For each column its measure vectors, the shortest first.
pub(super) fn measure_vectors(columns: &Columns) -> Vec<MeasureVectors> {
    let mut all = within_cells(columns);
    for vector in &mut all {
        vector.sort_unstable();
    }
    all.sort_by_key(Vec::len);
    all.dedup();
    let of = |column: usize| {
        let signed = |vector: &Vector| {
            let (_, sign) = vector.iter().find(|(place, _)| *place == column)?;
            (sign.abs() == 1).then(|| vector.iter().map(|(place, by)| (*place, by * sign)).collect::<Vector>())
        };
        let all: Vec<Vector> = all.iter().filter_map(signed).collect();
        let about_who_runs = [M::Running, M::Started, M::Ended, M::EmployedUnknown].iter().any(|measure| *measure as usize == column);
        let runs = |vector: &Vector| vector.iter().any(|(place, _)| *place == M::Running as usize);
        let near = all.iter().filter(|vector| about_who_runs || !runs(vector)).cloned().collect();
        MeasureVectors { near, all }
    };
    (0..columns.len()).map(of).collect()
}

fn more(measures: &[M]) -> Vector {
    measures.iter().map(|measure| (*measure as usize, 1)).collect()
}

fn negative(vector: &Vector) -> Vector {
    vector.iter().map(|(place, by)| (*place, -by)).collect()
}

fn combined(vectors: &[&Vector]) -> Vector {
    let mut sum = Vector::new();
    for (place, by) in vectors.iter().copied().flatten() {
        match sum.iter_mut().find(|(at, _)| at == place) {
            Some((_, total)) => *total += by,
            None => sum.push((*place, *by)),
        }
    }
    sum.retain(|(_, by)| *by != 0);
    sum
}

fn instead(measure: M, of: M) -> Vector {
    vec![(measure as usize, 1), (of as usize, -1)]
}

/// A job that somebody has, by when it was the first and how long it lasts; with or without an unknown duration less.
fn jobs() -> Vec<Vector> {
    let first = [M::FirstJobWithin3Months, M::FirstJob3To9Months, M::FirstJobAfter9Months];
    let lasts = [M::EmployedUnder6Months, M::Employed6To12Months, M::EmployedOver12Months];
    first.into_iter().flat_map(|first| lasts.map(|lasts| more(&[M::PaidWork, first, lasts]))).collect()
}

fn within_cells(columns: &Columns) -> Vec<Vector> {
    let ever = more(&[M::EverPaidWork]);
    let started = more(&[M::Started]);
    let (unknown, running) = (more(&[M::EmployedUnknown]), more(&[M::Running]));
    let nothing = Vector::new();
    let how_sustainable = [nothing.clone(), more(&[M::SustainableWork]), more(&[M::SustainableWorkUnknown])];
    let intended = [M::OutflowIntended, M::OutflowNotIntended].map(|measure| more(&[measure]));
    let other_intention =
        [nothing.clone(), instead(M::OutflowIntended, M::OutflowNotIntended), instead(M::OutflowNotIntended, M::OutflowIntended)];
    let mut all = unpaid_and_education();
    all.extend([started.clone(), ever.clone(), instead(M::SustainableWork, M::SustainableWorkUnknown)]);
    all.extend(how_sustainable[1..].iter().cloned());
    all.push(instead(M::OutflowIntended, M::OutflowNotIntended));
    for three in [
        [M::FirstJobWithin3Months, M::FirstJob3To9Months, M::FirstJobAfter9Months],
        [M::EmployedUnder6Months, M::Employed6To12Months, M::EmployedOver12Months],
    ] {
        all.extend([instead(three[0], three[1]), instead(three[0], three[2]), instead(three[1], three[2])]);
    }
    for scheme in M::COUNT..columns.len() {
        let under_it = vec![(scheme, 1)];
        all.push(combined(&[&under_it, &started]));
        all.push(combined(&[&under_it, &started, &running, &unknown]));
        all.push(under_it);
    }
    // Work that was begun or stopped in the quarter, by somebody who had none before.
    let (begun, stopped) = (more(&[M::PaidWorkStarted]), more(&[M::PaidWorkStopped]));
    all.extend([combined(&[&ever, &stopped]), combined(&[&ever, &begun, &stopped])]);
    for job in jobs() {
        let job = combined(&[&job, &negative(&unknown), &begun]);
        for sustainable in &how_sustainable {
            all.push(combined(&[&job, sustainable]));
            all.push(combined(&[&job, sustainable, &ever]));
        }
    }
    // A job more, and how long it lasts is known of one more.
    for job in jobs() {
        let job = combined(&[&job, &negative(&unknown)]);
        for sustainable in &how_sustainable {
            all.push(combined(&[&job, sustainable]));
            all.push(combined(&[&job, sustainable, &ever]));
        }
        for intention in &other_intention {
            all.push(combined(&[&job, &ever, intention, &instead(M::OutflowPaidWork, M::OutflowNeverPaidWork)]));
            all.push(combined(&[&job, intention, &instead(M::OutflowPaidWork, M::OutflowPaidWorkEarlier)]));
        }
    }
    // Another way out, and one way out more.
    for intention in &other_intention {
        for (way, other) in [
            (M::OutflowPaidWork, M::OutflowPaidWorkEarlier),
            (M::OutflowPaidWork, M::OutflowNeverPaidWork),
            (M::OutflowPaidWorkEarlier, M::OutflowNeverPaidWork),
        ] {
            all.push(combined(&[&instead(way, other), intention]));
        }
        all.push(combined(&[&instead(M::OutflowPaidWorkEarlier, M::OutflowNeverPaidWork), intention, &ever]));
    }
    for way in [M::OutflowPaidWork, M::OutflowPaidWorkEarlier, M::OutflowNeverPaidWork] {
        all.extend(intended.iter().map(|intention| combined(&[&more(&[M::Ended, way]), intention])));
    }
    all.extend(somebody_more(&jobs(), &how_sustainable, &intended));
    all
}

/// One trajectory more: without a job, with one before, with one now; perhaps started in the quarter, perhaps ended in it.
fn somebody_more(jobs: &[Vector], how_sustainable: &[Vector], intended: &[Vector]) -> Vec<Vector> {
    let without = more(&[M::Running, M::EmployedUnknown]);
    let before = combined(&[&without, &more(&[M::EverPaidWork])]);
    let mut whom = vec![(without, M::OutflowNeverPaidWork), (before, M::OutflowPaidWorkEarlier)];
    for job in jobs {
        for sustainable in how_sustainable {
            whom.push((combined(&[&more(&[M::Running, M::EverPaidWork]), job, sustainable]), M::OutflowPaidWork));
        }
    }
    let mut all = Vec::new();
    for (person, way) in whom {
        for start in [Vector::new(), more(&[M::Started])] {
            let person = combined(&[&person, &start]);
            all.extend(intended.iter().map(|intention| combined(&[&person, &more(&[M::Ended, way]), intention])));
            all.push(person);
        }
    }
    all
}

fn unpaid_and_education() -> Vec<Vector> {
    let kinds = [M::TrialPlacement, M::VolunteerOrWorkExperience, M::DayActivity];
    let alone = [M::UnpaidAny, M::UnpaidBeforeStart, M::UnpaidAlongside, M::Education, M::EducationStarted, M::EducationStopped];
    let mut all: Vec<Vector> = alone.iter().map(|measure| more(&[*measure])).collect();
    all.extend([M::PaidWorkStarted, M::PaidWorkStopped].map(|measure| more(&[measure])));
    all.push(more(&[M::PaidWorkStarted, M::PaidWorkStopped]));
    all.extend([more(&[M::EducationStarted, M::EducationStopped]), more(&[M::EducationStarted, M::Education])]);
    all.extend([instead(kinds[0], kinds[1]), instead(kinds[0], kinds[2]), instead(kinds[1], kinds[2])]);
    all.push(more(&[M::UnpaidAlongside, M::Education]));
    // Somebody with two kinds at once.
    for (kind, other) in [(kinds[0], kinds[1]), (kinds[0], kinds[2]), (kinds[1], kinds[2])] {
        let both = combined(&[&more(&[M::UnpaidAny, kind, M::UnpaidSum]), &more(&[other, M::UnpaidSum])]);
        for besides in
            [Vector::new(), more(&[M::UnpaidBeforeStart]), more(&[M::UnpaidAlongside]), more(&[M::UnpaidBeforeStart, M::UnpaidAlongside])]
        {
            all.push(combined(&[&both, &besides]));
        }
    }
    for kind in kinds {
        let one = more(&[kind, M::UnpaidSum]);
        let somebody = combined(&[&one, &more(&[M::UnpaidAny])]);
        for besides in [M::UnpaidBeforeStart, M::UnpaidAlongside] {
            all.push(combined(&[&somebody, &more(&[besides])]));
        }
        all.push(combined(&[&somebody, &more(&[M::UnpaidBeforeStart, M::UnpaidAlongside])]));
        all.extend([one, somebody]);
    }
    all
}
