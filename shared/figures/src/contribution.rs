//! What one trajectory contributes to the cells of one quarter.

use domain::{Attributes, Date, Job, Method, Outflow, PlacementKind, Quarter, Spell, Trajectory, Verdict};

use crate::{Definitions, Intended, Measure, Question};

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
    /// As the measures look at it.
    pub(crate) lived: Lived<'a>,
}

/// Why a trajectory has no part in a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outside {
    /// Another organisation than the scope's delivers it.
    Organisation,
    /// It starts after the quarter.
    NotStarted,
    /// It ended before the quarter, and began before its year.
    Ended,
    /// On its reference day it is of another region than the scope's.
    Region,
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
    /// Its part in a quarter, whatever the scope.
    pub(crate) fn of(trajectory: &'a Trajectory, days: Days, definitions: &'a Definitions) -> Result<Self, Outside> {
        let Days { year_first, first, last } = days;
        if trajectory.start > last {
            return Err(Outside::NotStarted);
        }
        let in_population = trajectory.outflow.is_none_or(|outflow| outflow.on >= first);
        let started_in_year = trajectory.start >= year_first;
        if !in_population && !started_in_year {
            return Err(Outside::Ended);
        }
        let reference = trajectory.reference_day(last);
        let lived = Lived { trajectory, quarter_first: first, reference, definitions };
        let measures = if in_population { lived.measures() } else { Measures::default() };
        Ok(Self { attributes: trajectory.attributes_on(reference), method: trajectory.method(), measures, started_in_year, lived })
    }

    /// Its part in a question about these days: only of the scope.
    pub(crate) fn within(trajectory: &'a Trajectory, days: Days, question: &Question<'a>) -> Result<Self, Outside> {
        let scope = question.scope;
        if scope.organisation.as_ref().is_some_and(|only| *only != trajectory.organisation) {
            return Err(Outside::Organisation);
        }
        let contribution = Self::of(trajectory, days, question.definitions)?;
        if scope.region.is_some_and(|only| only != contribution.attributes.region) {
            return Err(Outside::Region);
        }
        Ok(contribution)
    }

    /// Whether it belongs to the population.
    pub(crate) const fn in_population(&self) -> bool {
        self.measures.has(Measure::Running)
    }
}

/// A trajectory as a quarter looks at it: what the measures ask of it.
#[derive(Clone, Copy)]
pub(crate) struct Lived<'a> {
    pub(crate) trajectory: &'a Trajectory,
    pub(crate) quarter_first: Date,
    /// Its reference day.
    pub(crate) reference: Date,
    pub(crate) definitions: &'a Definitions,
}

impl<'a> Lived<'a> {
    /// The outflow, when it lies in the quarter.
    pub(crate) fn outflow(&self) -> Option<Outflow> {
        // A trajectory of the population ends at its reference day exactly when its outflow lies in the quarter or before the
        // last day; it never ends before the first day.
        self.trajectory.outflow.filter(|outflow| outflow.on == self.reference)
    }

    pub(crate) fn active(&self, spell: &Spell) -> bool {
        spell.active_on(self.reference)
    }

    /// Active on some day of the trajectory, until its reference day.
    pub(crate) fn on_some_day(&self, spell: &Spell) -> bool {
        spell.first_active_from(self.trajectory.start).is_some_and(|day| day <= self.reference)
    }

    /// A day of the quarter on which the trajectory ran.
    fn during(&self, day: Date) -> bool {
        self.quarter_first.max(self.trajectory.start) <= day && day <= self.reference
    }

    pub(crate) fn started(&self, spell: &Spell) -> bool {
        self.during(spell.start)
    }

    pub(crate) fn stopped(&self, spell: &Spell) -> bool {
        spell.stop.is_some_and(|stop| self.during(stop))
    }

    pub(crate) fn active_jobs(self) -> impl Iterator<Item = &'a Job> {
        self.trajectory.jobs.iter().filter(move |job| self.active(&job.spell))
    }

    /// Whether a job is sustainable on the reference day.
    pub(crate) fn verdict(&self, job: &Job) -> Verdict {
        self.definitions.sustainable_work.verdict(job.spell.start, &job.conditions_on(self.reference))
    }

    fn paid_work(&self) -> bool {
        self.active_jobs().next().is_some()
    }

    fn ever_paid_work(&self) -> bool {
        self.trajectory.jobs.iter().any(|job| self.on_some_day(&job.spell))
    }

    /// Whether it has come to this result.
    pub(crate) fn reached(&self, result: Intended) -> bool {
        match result {
            Intended::EverPaidWork => self.ever_paid_work(),
            Intended::EverUnpaidWork => self.trajectory.placements.iter().any(|(_, spell)| self.on_some_day(spell)),
            Intended::PaidWork => self.paid_work(),
            Intended::SustainableWork => self.active_jobs().any(|job| self.verdict(job) == Verdict::Yes),
            Intended::WorkReady => self.trajectory.outflow.is_some_and(|outflow| outflow.work_ready == Some(true)),
        }
    }

    /// Of those with paid work: when the first day of it was.
    pub(crate) fn first_job(&self) -> Measure {
        let start = self.trajectory.start;
        let first_day = self.trajectory.jobs.iter().filter_map(|job| job.spell.first_active_from(start)).min().unwrap_or(start);
        let [within, up_to] = self.definitions.first_job_months.map(|months| first_day <= start.plus_months(months));
        bucket(within, up_to, [Measure::FirstJobWithin3Months, Measure::FirstJob3To9Months, Measure::FirstJobAfter9Months])
    }

    /// Of those with paid work: for how long they have had it.
    pub(crate) fn employed(&self) -> Measure {
        let began = self.active_jobs().map(|job| job.spell.start).min().unwrap_or(self.trajectory.start);
        let [under, up_to] = self.definitions.employment_months.map(|months| self.reference < began.plus_months(months));
        bucket(under, up_to, [Measure::EmployedUnder6Months, Measure::Employed6To12Months, Measure::EmployedOver12Months])
    }

    fn measures(&self) -> Measures {
        let (trajectory, start) = (self.trajectory, self.trajectory.start);
        let outflow = self.outflow();
        let mut set = Measures::default();
        set.set(Measure::Running, true);
        set.set(Measure::Started, start >= self.quarter_first);
        set.set(Measure::Ended, outflow.is_some());

        let (paid_work, ever_paid_work) = (self.paid_work(), self.ever_paid_work());
        let (mut sustainable, mut undecided) = (false, false);
        for job in self.active_jobs() {
            match self.verdict(job) {
                Verdict::Yes => sustainable = true,
                Verdict::Unknown => undecided = true,
                Verdict::No => {}
            }
        }
        set.set(Measure::PaidWork, paid_work);
        set.set(Measure::SustainableWork, sustainable);
        set.set(Measure::SustainableWorkUnknown, !sustainable && undecided);
        set.set(Measure::EverPaidWork, ever_paid_work);
        set.set(Measure::PaidWorkStarted, trajectory.jobs.iter().any(|job| self.started(&job.spell)));
        set.set(Measure::PaidWorkStopped, trajectory.jobs.iter().any(|job| self.stopped(&job.spell)));

        let education = trajectory.educations.iter().any(|spell| self.active(spell));
        set.set(Measure::Education, education);
        set.set(Measure::EducationStarted, trajectory.educations.iter().any(|spell| self.started(spell)));
        set.set(Measure::EducationStopped, trajectory.educations.iter().any(|spell| self.stopped(spell)));

        for (kind, spell) in trajectory.placements.iter().filter(|(_, spell)| self.active(spell)) {
            set.set(measure_of(*kind), true);
            set.set(Measure::UnpaidAny, true);
            set.set(Measure::UnpaidBeforeStart, spell.start < start);
            set.set(Measure::UnpaidAlongside, paid_work || education);
        }

        if outflow.is_some() {
            set.set(Measure::OutflowPaidWork, paid_work);
            set.set(Measure::OutflowPaidWorkEarlier, !paid_work && ever_paid_work);
            set.set(Measure::OutflowNeverPaidWork, !ever_paid_work);
            let intended = self.definitions.intended(trajectory.method()).iter().any(|result| self.reached(*result));
            set.set(Measure::OutflowIntended, intended);
            set.set(Measure::OutflowNotIntended, !intended);
        }

        if paid_work {
            set.set(self.first_job(), true);
            set.set(self.employed(), true);
        } else {
            set.set(Measure::EmployedUnknown, true);
        }
        set
    }
}

/// The measure of active placements of this kind.
pub(crate) const fn measure_of(kind: PlacementKind) -> Measure {
    match kind {
        PlacementKind::TrialPlacement => Measure::TrialPlacement,
        PlacementKind::VolunteerWork | PlacementKind::WorkExperience => Measure::VolunteerOrWorkExperience,
        PlacementKind::DayActivity => Measure::DayActivity,
    }
}

const fn bucket(first: bool, second: bool, of: [Measure; 3]) -> Measure {
    match (first, second) {
        (true, _) => of[0],
        (false, true) => of[1],
        (false, false) => of[2],
    }
}
