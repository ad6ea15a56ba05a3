//! What everybody who knows the definitions knows of the numbers of one cell: whatever breaks one of these cannot be the truth, so that
//! it is no witness. Each holds of one trajectory, and so of any sum of them.

use domain::Method;

use super::grid::Columns;
use crate::{Definitions, Intended, Measure as M};

/// What a reader would reckon with besides: a job that is started or stopped was held on some day (one that lasted no day is the exception, which figures.md
/// counts as started), and what was started is there still or was stopped. It is asked of a cell of which it is true, where there is a witness that keeps it.
pub(super) fn as_expected(numbers: &[i64]) -> bool {
    let n = |measure: M| numbers[measure as usize];
    n(M::PaidWorkStarted) <= n(M::EverPaidWork)
        && n(M::PaidWorkStopped) <= n(M::EverPaidWork)
        && n(M::PaidWorkStarted) <= n(M::PaidWork) + n(M::PaidWorkStopped)
        && n(M::EducationStarted) <= n(M::Education) + n(M::EducationStopped)
}

/// Whether these numbers of a cell could be true. `method` is that of the cell, `None` for all of them together; `numbers` are by column.
pub(super) fn could_be(numbers: &[i64], method: Option<Method>, columns: &Columns, definitions: &Definitions) -> bool {
    let n = |measure: M| numbers[measure as usize];
    let each = |measures: &[M], at_most: i64| measures.iter().all(|measure| n(*measure) <= at_most);
    let sum = |measures: &[M]| measures.iter().map(|measure| n(*measure)).sum::<i64>();
    let (running, ended, paid, ever) = (n(M::Running), n(M::Ended), n(M::PaidWork), n(M::EverPaidWork));
    let (any, with_work, earlier) = (n(M::UnpaidAny), n(M::OutflowPaidWork), n(M::OutflowPaidWorkEarlier));
    let unpaid = [M::TrialPlacement, M::VolunteerOrWorkExperience, M::DayActivity];

    numbers.iter().all(|number| *number >= 0)
        && each(&[M::Started, M::Ended, M::EverPaidWork, M::PaidWorkStarted, M::PaidWorkStopped], running)
        && each(&[M::UnpaidAny, M::Education, M::EducationStarted, M::EducationStopped], running)
        && paid + n(M::EmployedUnknown) == running
        && sum(&[M::SustainableWork, M::SustainableWorkUnknown]) <= paid
        && paid <= ever
        && sum(&[M::FirstJobWithin3Months, M::FirstJob3To9Months, M::FirstJobAfter9Months]) == paid
        && sum(&[M::EmployedUnder6Months, M::Employed6To12Months, M::EmployedOver12Months]) == paid
        && sum(&unpaid) == n(M::UnpaidSum)
        && each(&unpaid, any)
        && each(&[M::UnpaidBeforeStart, M::UnpaidAlongside], any)
        && any <= n(M::UnpaidSum)
        && n(M::UnpaidAlongside) <= paid + n(M::Education)
        && sum(&[M::OutflowPaidWork, M::OutflowPaidWorkEarlier, M::OutflowNeverPaidWork]) == ended
        && sum(&[M::OutflowIntended, M::OutflowNotIntended]) == ended
        && with_work <= paid
        && earlier <= ever - paid
        && n(M::OutflowNeverPaidWork) <= running - ever
        && (!columns.first_quarter || columns.schemes(numbers).sum::<i64>() <= n(M::Started))
        && method.is_none_or(|method| intended_could_be(&n, definitions.intended(method), with_work, earlier))
}

/// The intended result against the outflow that it follows from.
fn intended_could_be(n: &impl Fn(M) -> i64, intended: &[Intended], with_work: i64, earlier: i64) -> bool {
    let has = |result| intended.contains(&result);
    let reached = n(M::OutflowIntended);
    let by_work = if has(Intended::EverPaidWork) {
        with_work + earlier
    } else if has(Intended::PaidWork) {
        with_work
    } else {
        0
    };
    let nothing_else = !has(Intended::EverUnpaidWork) && !has(Intended::WorkReady);
    let at_most = if by_work == 0 && has(Intended::SustainableWork) { with_work.min(n(M::SustainableWork)) } else { by_work };
    reached >= by_work && (!nothing_else || reached <= at_most.max(by_work))
}
