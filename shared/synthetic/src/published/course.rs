//! How many trajectories of each method run and end in every quarter. The report fixes three quarters; the others are chosen so
//! that the course is gradual. What starts follows: running(Q) = running(Q−1) − ended(Q−1) + started(Q).

use proto_events::Method;

use super::{Error, targets::Targets, targets::less};

/// The quarters, counted from 2022Q1.
pub(crate) const QUARTERS: usize = 13;
/// 2024Q1, 2024Q4 and 2025Q1, of which figures were published.
pub(crate) const YEAR_EARLIER: usize = 8;
pub(crate) const BEFORE: usize = 11;
pub(crate) const NOW: usize = 12;

/// Of the werkfit and naar_werk trajectories that came to be known late (75), those of werkfit, and of those the ones that
/// ended in 2024Q4. With 60 and 2, 51 werkfit trajectories start in 2025Q1, fewer than the 56 of 2024Q4 as published.
const LATE_WERKFIT: usize = 60;
const LATE_WERKFIT_ENDED: usize = 2;
/// Of the 350 trajectories that were neither IPS nor jobcoaching nor other in 2024Q1: werkfit and naar_werk have more than in
/// 2025Q1 together, WABZ fewer, naar_werk alone fewer.
const WERKFIT_YEAR_EARLIER: usize = 228;
const NAAR_WERK_YEAR_EARLIER: usize = 22;

/// The course of a method, as known in the end.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(crate) method: Method,
    /// What began before the first quarter.
    pub(crate) before: usize,
    pub(crate) started: [usize; QUARTERS],
    pub(crate) ended: [usize; QUARTERS],
    /// Brought in after the vintage of 2024Q4: running then, and of these ended then.
    pub(crate) late: (usize, usize),
    /// Begun and ended in April and May of 2025, as far as the log goes.
    pub(crate) after: (usize, usize),
}

/// Running and ended by quarter. A published number stands as 0 and is filled in.
type Chosen = ([usize; QUARTERS], [usize; QUARTERS]);

const IPS: Chosen =
    ([1450, 1680, 1930, 2200, 2620, 3060, 3480, 3860, 0, 4162, 4132, 0, 0], [150, 180, 215, 250, 320, 400, 490, 600, 720, 760, 752, 0, 0]);
const WABZ: Chosen = ([10, 16, 24, 38, 50, 62, 74, 88, 0, 122, 146, 0, 0], [1, 1, 1, 2, 3, 4, 4, 6, 6, 5, 4, 0, 0]);
const JOBCOACHING: Chosen =
    ([150, 165, 178, 190, 205, 222, 238, 250, 0, 223, 177, 0, 0], [18, 20, 22, 24, 25, 27, 30, 36, 48, 58, 40, 0, 0]);
const WERKFIT: Chosen = ([120, 132, 140, 150, 165, 180, 200, 215, 0, 205, 170, 0, 0], [30, 34, 38, 42, 46, 50, 55, 62, 75, 83, 76, 0, 0]);
const NAAR_WERK: Chosen = ([10, 11, 12, 13, 14, 15, 17, 20, 0, 21, 20, 0, 0], [4, 4, 5, 5, 5, 6, 6, 8, 10, 10, 9, 0, 0]);
const OTHER: Chosen = ([110, 125, 140, 155, 165, 180, 195, 210, 0, 170, 145, 0, 0], [35, 40, 45, 50, 55, 60, 65, 75, 95, 70, 66, 0, 0]);

/// The course of every method.
pub(crate) fn courses(targets: &Targets) -> Result<Vec<Course>, Error> {
    let of_wabz = {
        let year_earlier = targets.count("vintages.2024Q1.all.running")?;
        let named = ["ips", "jobcoaching", "other"].iter().try_fold(0, |sum, m| Ok(sum + targets.year_earlier(m, "running")?))?;
        less("wabz in 2024Q1", year_earlier, named + WERKFIT_YEAR_EARLIER + NAAR_WERK_YEAR_EARLIER)?
    };
    let together = |measure: &str| targets.count(&format!("as_known_at_2025Q1.2024Q4.werkfit_and_naar_werk.{measure}"));
    let both = |measure: &str| Ok::<_, Error>(targets.before("werkfit", measure)? + targets.before("naar_werk", measure)?);
    let late = less("trajectories brought in late", together("running")?, both("running")?)?;
    let late_ended = less("ended trajectories brought in late", together("ended")?, both("ended")?)?;
    let late_naar_werk = (less("late naar_werk", late, LATE_WERKFIT)?, less("late naar_werk that ended", late_ended, LATE_WERKFIT_ENDED)?);
    let known = |method: Method, chosen: Chosen, year_earlier: usize, initial: usize, after| {
        let name = method.as_str();
        let before = (targets.known_later(name, "running")?, targets.known_later(name, "ended")?);
        course(targets, method, chosen, year_earlier, before, initial, after, (0, 0))
    };
    let late_known = |method: Method, chosen: Chosen, year_earlier: usize, initial: usize, after, late| {
        let name = method.as_str();
        let before = (targets.before(name, "running")?, targets.before(name, "ended")?);
        course(targets, method, chosen, year_earlier, before, initial, after, late)
    };
    Ok(vec![
        known(Method::Ips, IPS, targets.year_earlier("ips", "running")?, 1050, (470, 380))?,
        known(Method::Wabz, WABZ, of_wabz, 6, (4, 3))?,
        known(Method::Jobcoaching, JOBCOACHING, targets.year_earlier("jobcoaching", "running")?, 115, (6, 9))?,
        late_known(Method::Werkfit, WERKFIT, WERKFIT_YEAR_EARLIER, 85, (33, 40), (LATE_WERKFIT, LATE_WERKFIT_ENDED))?,
        late_known(Method::NaarWerk, NAAR_WERK, NAAR_WERK_YEAR_EARLIER, 5, (13, 8), late_naar_werk)?,
        known(Method::Other, OTHER, targets.year_earlier("other", "running")?, 75, (40, 26))?,
    ])
}

#[allow(clippy::too_many_arguments, reason = "a row of a table")]
fn course(
    targets: &Targets,
    method: Method,
    (mut running, mut ended): Chosen,
    year_earlier: usize,
    before: (usize, usize),
    initial: usize,
    after: (usize, usize),
    late: (usize, usize),
) -> Result<Course, Error> {
    running[YEAR_EARLIER] = year_earlier;
    (running[BEFORE], ended[BEFORE]) = before;
    running[NOW] = targets.of(method.as_str(), "running")?;
    ended[NOW] = targets.of(method.as_str(), "ended")?;
    let mut started = [0; QUARTERS];
    for quarter in 0..QUARTERS {
        let (ran, left) = match quarter {
            0 => (initial, 0),
            NOW => (running[BEFORE] + late.0, ended[BEFORE] + late.1),
            later => (running[later - 1], ended[later - 1]),
        };
        let stayed = less("trajectories that end", ran, left)?;
        started[quarter] = less("trajectories that run on", running[quarter], stayed)?;
    }
    if let Ok(published) = targets.of(method.as_str(), "started")
        && published != started[NOW]
    {
        return Err(Error::Infeasible { what: "started in 2025Q1", wanted: published, available: started[NOW] });
    }
    Ok(Course { method, before: initial, started, ended, late, after })
}
