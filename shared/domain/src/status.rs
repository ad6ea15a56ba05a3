//! The state of a trajectory on a day, as a coach sees it.

use crate::{Condition, Date, Event, Fact, JobId, Method, Spell, SustainableWork, Timeline, Trajectory, Verdict};

/// The steps of a trajectory, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the step of its name")]
pub enum Step {
    Intake,
    Engagement,
    Assessment,
    Placement,
    Coaching,
    Outflow,
}

impl Step {
    /// All, in their order.
    pub const ALL: [Self; 6] = [Self::Intake, Self::Engagement, Self::Assessment, Self::Placement, Self::Coaching, Self::Outflow];

    /// As the contract writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Engagement => "engagement",
            Self::Assessment => "assessment",
            Self::Placement => "placement",
            Self::Coaching => "coaching",
            Self::Outflow => "outflow",
        }
    }

    /// The latest step that was reached on this day.
    #[must_use]
    pub fn on(timeline: &Timeline, day: Date) -> Self {
        let until = |event: &&Event| event.occurred_on <= day;
        let (mut step, mut assessed) = (Self::Intake, false);
        // Held on some day until this one: a job or education that lasted no day was not held.
        let held = |spell: &Spell| spell.start <= day && spell.first_active_from(spell.start).is_some();
        if let Some(trajectory) = Trajectory::of(timeline)
            && trajectory.jobs.iter().map(|job| &job.spell).chain(&trajectory.educations).any(held)
        {
            step = Self::Coaching;
        }
        for event in timeline.events().iter().take_while(until) {
            assessed |= matches!(event.fact, Fact::Assessment { .. });
            step = step.max(match &event.fact {
                Fact::Engagement => Self::Engagement,
                Fact::Assessment { .. } => Self::Assessment,
                Fact::PlacementStarted { .. } => Self::Placement,
                // Looking for work: an employer was spoken to after the assessment, on its own day included.
                Fact::Contact { with_employer: true, .. } if assessed || assessed_on(timeline, event.occurred_on) => Self::Placement,
                Fact::Outflow { .. } => Self::Outflow,
                Fact::Intake(_)
                | Fact::PaidWorkStarted { .. }
                | Fact::EducationStarted { .. }
                | Fact::PlacementStopped { .. }
                | Fact::PaidWorkChanged { .. }
                | Fact::PaidWorkStopped { .. }
                | Fact::EducationStopped { .. }
                | Fact::Contact { .. }
                | Fact::TrajectoryChanged(_)
                | Fact::Retraction { .. } => Self::Intake,
            });
        }
        step
    }
}

fn assessed_on(timeline: &Timeline, day: Date) -> bool {
    let from = timeline.events().partition_point(|event| event.occurred_on < day);
    let same_day = timeline.events().iter().skip(from).take_while(|event| event.occurred_on == day);
    same_day.into_iter().any(|event| matches!(event.fact, Fact::Assessment { .. }))
}

/// The state of a trajectory on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The day.
    pub on: Date,
    /// The method; `None` when no intake counts.
    pub method: Option<Method>,
    /// Whether it runs on that day.
    pub running: bool,
    /// The latest step reached; `None` when no intake counts.
    pub step: Option<Step>,
    /// Whether a paid job is active.
    pub paid_work: bool,
    /// Whether an active job is sustainable; unknown when none is and one is undecided.
    pub sustainable_work: Verdict,
    /// The jobs that had begun, by start.
    pub jobs: Vec<JobStatus>,
}

/// A job on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStatus {
    /// The job.
    pub job: JobId,
    /// Its first day.
    pub started: Date,
    /// The first day without it, if a stop is recorded (a last working day of today gives tomorrow).
    pub stopped: Option<Date>,
    /// The verdict on it alone.
    pub sustainable: Verdict,
    /// Condition by condition.
    pub conditions: [(Condition, Verdict); 4],
}

impl Status {
    /// The state of this timeline on this day, by these thresholds.
    #[must_use]
    pub fn on(timeline: &Timeline, day: Date, sustainable: &SustainableWork) -> Self {
        let trajectory = Trajectory::of(timeline);
        let mut status = Self {
            on: day,
            method: trajectory.as_ref().map(Trajectory::method),
            running: trajectory.as_ref().is_some_and(|t| t.runs_on(day)),
            step: trajectory.as_ref().map(|_| Step::on(timeline, day)),
            paid_work: false,
            sustainable_work: Verdict::No,
            jobs: Vec::new(),
        };
        for job in trajectory.iter().flat_map(|t| &t.jobs).filter(|job| job.spell.start <= day) {
            let values = job.conditions_on(day);
            let verdict = sustainable.verdict(job.spell.start, &values);
            if job.spell.active_on(day) {
                status.paid_work = true;
                status.sustainable_work = match (status.sustainable_work, verdict) {
                    (Verdict::Yes, _) | (_, Verdict::Yes) => Verdict::Yes,
                    (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
                    (Verdict::No, Verdict::No) => Verdict::No,
                };
            }
            status.jobs.push(JobStatus {
                job: job.id,
                started: job.spell.start,
                stopped: job.spell.stop,
                sustainable: verdict,
                conditions: Condition::ALL.map(|condition| (condition, sustainable.condition(condition, job.spell.start, &values))),
            });
        }
        status
    }
}
