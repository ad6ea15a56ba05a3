//! What one trajectory contributes to the cells of one quarter.

use domain::{Attributes, Date, Method, PlacementKind, Quarter, Spell, Trajectory, Verdict};

use crate::{Definitions, Intended, Measure};

/// The measures that count a trajectory, as a set; `unpaid_sum` and `organisations` follow from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measures(u64);

impl Measures {
    pub(crate) fn set(&mut self, measure: Measure, counts: bool) {
        self.0 |= u64::from(counts) << measure as u8;
    }

    pub(crate) const fn has(self, measure: Measure) -> bool {
        self.0 >> measure as u8 & 1 == 1
    }

    /// The measures in it, by number.
    pub(crate) fn numbers(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let next = (rest != 0).then_some(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(next)
        })
    }
}

/// A trajectory's part in a quarter.
pub(crate) struct Contribution<'a> {
    /// The attributes of its reference day.
    pub(crate) attributes: Attributes<'a>,
    pub(crate) method: Method,
    /// Empty when it does not belong to the population.
    pub(crate) measures: Measures,
    /// Counted by scheme: its start lies in the year to date.
    pub(crate) started_in_year: bool,
}

/// The days of a quarter.
#[derive(Clone, Copy)]
pub(crate) struct Days {
    pub(crate) year_first: Date,
    pub(crate) first: Date,
    pub(crate) last: Date,
}

impl Days {
    pub(crate) const fn of(quarter: Quarter) -> Self {
        Self { year_first: quarter.first_day_of_year(), first: quarter.first_day(), last: quarter.last_day() }
    }
}

impl<'a> Contribution<'a> {
    /// `None` when it has no part in the quarter at all.
    pub(crate) fn of(trajectory: &'a Trajectory, days: Days, definitions: &Definitions) -> Option<Self> {
        let Days { year_first, first, last } = days;
        if trajectory.start > last {
            return None;
        }
        let in_population = trajectory.outflow.is_none_or(|outflow| outflow.on >= first);
        let started_in_year = trajectory.start >= year_first;
        if !in_population && !started_in_year {
            return None;
        }
        let reference = trajectory.reference_day(last);
        let measures = if in_population { measures(trajectory, first, reference, definitions) } else { Measures::default() };
        Some(Self { attributes: trajectory.attributes_on(reference), method: trajectory.method(), measures, started_in_year })
    }
}

fn measures(trajectory: &Trajectory, quarter_first: Date, reference: Date, definitions: &Definitions) -> Measures {
    let start = trajectory.start;
    // A trajectory of the population ends at its reference day exactly when its outflow lies in the quarter or before the
    // last day; it never ends before the first day.
    let outflow = trajectory.outflow.filter(|outflow| outflow.on == reference);
    let mut set = Measures::default();
    set.set(Measure::Running, true);
    set.set(Measure::Started, start >= quarter_first);
    set.set(Measure::Ended, outflow.is_some());

    let during = quarter_first.max(start)..=reference;
    let on_some_day = |spell: &Spell| spell.first_active_from(start).is_some_and(|day| day <= reference);
    let stopped = |spell: &Spell| spell.stop.is_some_and(|stop| during.contains(&stop));

    let active_jobs = || trajectory.jobs.iter().filter(|job| job.spell.active_on(reference));
    let paid_work = active_jobs().next().is_some();
    let ever_paid_work = trajectory.jobs.iter().any(|job| on_some_day(&job.spell));
    let (mut sustainable, mut undecided) = (false, false);
    for job in active_jobs() {
        match definitions.sustainable_work.verdict(job.spell.start, &job.conditions_on(reference)) {
            Verdict::Yes => sustainable = true,
            Verdict::Unknown => undecided = true,
            Verdict::No => {}
        }
    }
    set.set(Measure::PaidWork, paid_work);
    set.set(Measure::SustainableWork, sustainable);
    set.set(Measure::SustainableWorkUnknown, !sustainable && undecided);
    set.set(Measure::EverPaidWork, ever_paid_work);
    set.set(Measure::PaidWorkStarted, trajectory.jobs.iter().any(|job| during.contains(&job.spell.start)));
    set.set(Measure::PaidWorkStopped, trajectory.jobs.iter().any(|job| stopped(&job.spell)));

    let education = trajectory.educations.iter().any(|spell| spell.active_on(reference));
    set.set(Measure::Education, education);
    set.set(Measure::EducationStarted, trajectory.educations.iter().any(|spell| during.contains(&spell.start)));
    set.set(Measure::EducationStopped, trajectory.educations.iter().any(stopped));

    for (kind, spell) in trajectory.placements.iter().filter(|(_, spell)| spell.active_on(reference)) {
        let measure = match kind {
            PlacementKind::TrialPlacement => Measure::TrialPlacement,
            PlacementKind::VolunteerWork | PlacementKind::WorkExperience => Measure::VolunteerOrWorkExperience,
            PlacementKind::DayActivity => Measure::DayActivity,
        };
        set.set(measure, true);
        set.set(Measure::UnpaidAny, true);
        set.set(Measure::UnpaidBeforeStart, spell.start < start);
        set.set(Measure::UnpaidAlongside, paid_work || education);
    }

    if let Some(outflow) = outflow {
        set.set(Measure::OutflowPaidWork, paid_work);
        set.set(Measure::OutflowPaidWorkEarlier, !paid_work && ever_paid_work);
        set.set(Measure::OutflowNeverPaidWork, !ever_paid_work);
        let intended = definitions.intended(trajectory.method()).iter().any(|result| match result {
            Intended::EverPaidWork => ever_paid_work,
            Intended::EverUnpaidWork => trajectory.placements.iter().any(|(_, spell)| on_some_day(spell)),
            Intended::PaidWork => paid_work,
            Intended::SustainableWork => sustainable,
            Intended::WorkReady => outflow.work_ready == Some(true),
        });
        set.set(Measure::OutflowIntended, intended);
        set.set(Measure::OutflowNotIntended, !intended);
    }

    if paid_work {
        let first_day = trajectory.jobs.iter().filter_map(|job| job.spell.first_active_from(start)).min().unwrap_or(start);
        let [within, up_to] = definitions.first_job_months.map(|months| first_day <= start.plus_months(months));
        set.set(bucket(within, up_to, [Measure::FirstJobWithin3Months, Measure::FirstJob3To9Months, Measure::FirstJobAfter9Months]), true);
        let began = active_jobs().map(|job| job.spell.start).min().unwrap_or(start);
        let [under, up_to] = definitions.employment_months.map(|months| reference < began.plus_months(months));
        set.set(bucket(under, up_to, [Measure::EmployedUnder6Months, Measure::Employed6To12Months, Measure::EmployedOver12Months]), true);
    } else {
        set.set(Measure::EmployedUnknown, true);
    }
    set
}

const fn bucket(first: bool, second: bool, of: [Measure; 3]) -> Measure {
    match (first, second) {
        (true, _) => of[0],
        (false, true) => of[1],
        (false, false) => of[2],
    }
}
