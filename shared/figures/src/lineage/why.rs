//! The reason of an outcome, measure by measure. Whether a trajectory counts is not decided here: the contribution says it, and this says by what.

use domain::{Condition, Name, PlacementKind, Spell, Trajectory, Verdict};

use crate::{
    CellKey, Intended, Measure,
    contribution::{Contribution, Lived, measure_of},
    lineage::{Evidence, Reason, Thing},
};

/// Why it is of another cell of the same scope.
pub(super) fn other_cell(trajectory: &Trajectory, contribution: &Contribution<'_>, key: &CellKey) -> Reason {
    let Contribution { method, .. } = contribution;
    match key {
        CellKey::Method(of)
        | CellKey::MethodFunding(of, _)
        | CellKey::MethodVariant(of, _)
        | CellKey::MethodOrganisation(of, _)
        | CellKey::MethodRegion(of, _)
            if of != method =>
        {
            Reason::OtherMethod
        }
        CellKey::MethodOrganisation(_, organisation) if *organisation != trajectory.organisation => Reason::OtherOrganisation,
        CellKey::MethodRegion(..) => Reason::OtherRegion,
        CellKey::MethodFunding(..) => Reason::OtherFunding,
        // All and the method's own cell hold whoever was not told apart above.
        CellKey::MethodVariant(..) | CellKey::MethodOrganisation(..) | CellKey::All | CellKey::Method(_) => Reason::OtherVariant,
    }
}

/// What it adds to the starts of a scheme in the year to date, and why.
pub(super) fn by_scheme(contribution: &Contribution<'_>, scheme: &Name) -> (u64, Reason) {
    if !contribution.started_in_year {
        return (0, Reason::StartedBeforeYear);
    }
    match contribution.attributes.scheme {
        Some(of) if of == scheme => (1, Reason::UnderScheme),
        Some(_) => (0, Reason::OtherScheme),
        None => (0, Reason::NoScheme),
    }
}

/// Why a measure counts a trajectory of the population, or does not; what decides it is chosen.
pub(super) fn by_measure(measure: Measure, contribution: &Contribution<'_>, evidence: &mut Evidence<'_>) -> Reason {
    let counted = contribution.measures.has(measure);
    let mut why = Why { lived: contribution.lived, counted, evidence };
    match measure {
        Measure::Running | Measure::Organisations => Reason::Runs,
        Measure::Started => either(counted, Reason::StartedInQuarter, Reason::StartedBeforeQuarter),
        Measure::Ended => either(counted, Reason::EndedInQuarter, Reason::NotEnded),
        Measure::PaidWork => why.active(Thing::Job),
        Measure::SustainableWork | Measure::SustainableWorkUnknown => why.sustainable(),
        Measure::EverPaidWork => why.on_some_day(Thing::Job),
        Measure::PaidWorkStarted => why.started(Thing::Job),
        Measure::PaidWorkStopped => why.stopped(Thing::Job),
        Measure::TrialPlacement => why.active(Thing::TrialPlacement),
        Measure::VolunteerOrWorkExperience => why.active(Thing::VolunteerOrWorkExperience),
        Measure::DayActivity => why.active(Thing::DayActivity),
        Measure::UnpaidSum | Measure::UnpaidAny => why.active(Thing::Placement),
        Measure::UnpaidBeforeStart => why.before_start(),
        Measure::UnpaidAlongside => why.alongside(),
        Measure::Education => why.active(Thing::Education),
        Measure::EducationStarted => why.started(Thing::Education),
        Measure::EducationStopped => why.stopped(Thing::Education),
        Measure::OutflowPaidWork
        | Measure::OutflowPaidWorkEarlier
        | Measure::OutflowNeverPaidWork
        | Measure::OutflowIntended
        | Measure::OutflowNotIntended
            if why.lived.outflow().is_none() =>
        {
            Reason::NotEnded
        }
        Measure::OutflowPaidWork => why.active(Thing::Job),
        Measure::OutflowPaidWorkEarlier if why.any(Thing::Job, Lived::active) => why.active(Thing::Job),
        Measure::OutflowPaidWorkEarlier | Measure::OutflowNeverPaidWork => why.on_some_day(Thing::Job),
        Measure::OutflowIntended | Measure::OutflowNotIntended => why.intended(),
        Measure::FirstJobWithin3Months | Measure::FirstJob3To9Months | Measure::FirstJobAfter9Months => why.bucket(Lived::first_job),
        Measure::EmployedUnder6Months | Measure::Employed6To12Months | Measure::EmployedOver12Months => why.bucket(Lived::employed),
        Measure::EmployedUnknown => why.active(Thing::Job),
    }
}

const fn either(counted: bool, yes: Reason, no: Reason) -> Reason {
    if counted { yes } else { no }
}

/// A question that one measure asks of a spell.
type Asked<'a> = fn(&Lived<'a>, &Spell) -> bool;

struct Why<'a, 't, 'e> {
    lived: Lived<'a>,
    counted: bool,
    evidence: &'e mut Evidence<'t>,
}

impl<'a> Why<'a, '_, '_> {
    /// What the trajectory has of a thing, each with its place among its like.
    fn spells(&self, thing: Thing) -> Vec<(usize, Spell)> {
        let trajectory = self.lived.trajectory;
        let of_kind = |thing: Thing, kind: PlacementKind| match thing {
            Thing::TrialPlacement => measure_of(kind) == Measure::TrialPlacement,
            Thing::VolunteerOrWorkExperience => measure_of(kind) == Measure::VolunteerOrWorkExperience,
            Thing::DayActivity => measure_of(kind) == Measure::DayActivity,
            Thing::Placement => true,
            Thing::Job | Thing::Education => false,
        };
        match thing {
            Thing::Job => trajectory.jobs.iter().map(|job| job.spell).enumerate().collect(),
            Thing::Education => trajectory.educations.iter().copied().enumerate().collect(),
            Thing::TrialPlacement | Thing::VolunteerOrWorkExperience | Thing::DayActivity | Thing::Placement => {
                let all = trajectory.placements.iter().enumerate();
                all.filter(|(_, (kind, _))| of_kind(thing, *kind)).map(|(place, (_, spell))| (place, *spell)).collect()
            }
        }
    }

    fn any(&self, thing: Thing, asked: Asked<'a>) -> bool {
        self.spells(thing).iter().any(|(_, spell)| asked(&self.lived, spell))
    }

    fn choose(&mut self, thing: Thing, place: usize) {
        let by = self.lived.reference;
        match thing {
            Thing::Job => {
                if let Some(job) = self.lived.trajectory.jobs.get(place) {
                    self.evidence.job(job, by);
                }
            }
            Thing::Education => self.evidence.education(place, by),
            Thing::TrialPlacement | Thing::VolunteerOrWorkExperience | Thing::DayActivity | Thing::Placement => {
                self.evidence.placement(place, by);
            }
        }
    }

    /// Chooses those of which it is so; all when of none. Says whether there is one.
    fn choose_those(&mut self, thing: Thing, asked: Asked<'a>) -> bool {
        let found = self.any(thing, asked);
        for (place, spell) in self.spells(thing) {
            if !found || asked(&self.lived, &spell) {
                self.choose(thing, place);
            }
        }
        found
    }

    fn active(&mut self, thing: Thing) -> Reason {
        if self.choose_those(thing, Lived::active) {
            return Reason::Active(thing);
        }
        self.absent(thing, Reason::Over(thing))
    }

    /// Why there is none: those that had begun by the reference day are told so.
    fn absent(&self, thing: Thing, begun: Reason) -> Reason {
        let spells = self.spells(thing);
        if spells.is_empty() {
            Reason::Never(thing)
        } else if spells.iter().any(|(_, spell)| spell.start <= self.lived.reference) {
            begun
        } else {
            Reason::BeginsLater(thing)
        }
    }

    fn on_some_day(&mut self, thing: Thing) -> Reason {
        if self.choose_those(thing, Lived::on_some_day) {
            return Reason::OnSomeDay(thing);
        }
        self.absent(thing, Reason::NotOnADay(thing))
    }

    fn started(&mut self, thing: Thing) -> Reason {
        if self.choose_those(thing, Lived::started) {
            return Reason::StartedThen(thing);
        }
        self.absent(thing, Reason::StartedOutside(thing))
    }

    fn stopped(&mut self, thing: Thing) -> Reason {
        if self.choose_those(thing, Lived::stopped) {
            return Reason::StoppedThen(thing);
        }
        self.absent(thing, Reason::StoppedOutside(thing))
    }

    fn sustainable(&mut self) -> Reason {
        let lived = self.lived;
        let with = |verdict: Verdict| lived.active_jobs().filter(move |job| lived.verdict(job) == verdict);
        for (verdict, all) in [(Verdict::Yes, false), (Verdict::Unknown, true), (Verdict::No, true)] {
            let Some(first) = with(verdict).next() else { continue };
            // That one holds is enough; that none does is decided by all of them.
            for job in lived.active_jobs().filter(|job| all || lived.verdict(job) == verdict) {
                self.evidence.conditions(job, lived.reference);
            }
            if verdict == Verdict::Yes {
                return Reason::Sustainable;
            }
            let (values, definition) = (first.conditions_on(lived.reference), &lived.definitions.sustainable_work);
            let is_so = |condition: &Condition| definition.condition(*condition, first.spell.start, &values) == verdict;
            let condition = Condition::ALL.into_iter().find(is_so).unwrap_or(Condition::Contract);
            return if verdict == Verdict::No { Reason::Fails(condition) } else { Reason::Unknown(condition) };
        }
        self.active(Thing::Job)
    }

    fn before_start(&mut self) -> Reason {
        let before: Asked<'a> = |lived, spell| lived.active(spell) && spell.start < lived.trajectory.start;
        if self.counted {
            self.choose_those(Thing::Placement, before);
            return Reason::BeganBeforeStart;
        }
        let active = self.active(Thing::Placement);
        if active == Reason::Active(Thing::Placement) { Reason::BeganSinceStart } else { active }
    }

    fn alongside(&mut self) -> Reason {
        let absent = self.active(Thing::Placement);
        if absent != Reason::Active(Thing::Placement) {
            return absent;
        }
        if !self.counted {
            self.choose_those(Thing::Job, Lived::active);
            self.choose_those(Thing::Education, Lived::active);
            return Reason::NothingAlongside;
        }
        for thing in [Thing::Job, Thing::Education] {
            if self.any(thing, Lived::active) {
                self.choose_those(thing, Lived::active);
            }
        }
        Reason::Alongside
    }

    /// The first intended result that was reached; when none was, all that could have been it decides.
    fn intended(&mut self) -> Reason {
        let lived = self.lived;
        let results = lived.definitions.intended(lived.trajectory.method());
        let reached = results.iter().copied().find(|result| lived.reached(*result));
        let mut reason = Reason::NotIntended;
        for result in results.iter().copied().filter(|result| reached.is_none_or(|only| only == *result)) {
            let told = match result {
                Intended::EverPaidWork => self.on_some_day(Thing::Job),
                Intended::EverUnpaidWork => self.on_some_day(Thing::Placement),
                Intended::PaidWork => self.active(Thing::Job),
                Intended::SustainableWork => self.sustainable(),
                Intended::WorkReady => Reason::WorkReady,
            };
            if reached.is_some() {
                reason = told;
            }
        }
        reason
    }

    /// Of those with paid work: all their jobs decide when the first was, and for how long there has been one.
    fn bucket(&mut self, of: fn(&Lived<'a>) -> Measure) -> Reason {
        if !self.any(Thing::Job, Lived::active) {
            return self.active(Thing::Job);
        }
        for (place, _) in self.spells(Thing::Job) {
            self.choose(Thing::Job, place);
        }
        Reason::Bucket(of(&self.lived))
    }
}
