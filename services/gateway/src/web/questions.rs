//! The questions that a count on one day leaves open, for those who may see figures: what `trajectlog questions` answers, of what the visitor may see, from one
//! state of the log.

use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use cohorts::{
    Answers, MONTHS, days_of_months,
    first_job::Unpaid,
    placements::{Cohort, Cohorts},
    sequels::{Became as What, Next},
    survival::{self, Observation},
};
use domain::{Funding, Method, Quarter};
use figures::{Definitions, percentage};
use pages::{
    AlongsideRow, Answer, AskedAbout, Became, BecameRow, Choosable, CohortRow, Curve, FigurePart, Further, Group, GroupName, Month,
    NoFigures, OpenQuestion, OpenQuestionPage, OpenQuestions, Parts,
};

use super::{
    Visitor, convert,
    dashboard::{Missing, QUARTERS, Wanted, back, is_known, method_name, own_scope, parts_at_hand, scope_name, scopes},
    page,
};
use crate::{
    Inner,
    http::{Asked, Gate, over_time},
    problem::Problem,
};

/// How many quarters of starts are drawn as one curve.
const YEAR: usize = 4;
/// Who pays, as the address has it.
const FUNDINGS: [&str; 4] = ["municipality", "uwv", "other", "all"];

/// `GET /cijfers/vragen`.
pub(crate) async fn index(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    let wanted = match Wanted::judged(&visitor, &asked) {
        Ok(wanted) => wanted,
        Err(missing) => return missing.page(visitor),
    };
    page(&OpenQuestions { about: about(&inner, &visitor, &wanted).await, frame: visitor.frame })
}

/// `GET /cijfers/vragen/{slug}`.
pub(crate) async fn show(
    State(inner): Gate,
    visitor: Visitor,
    Path(slug): Path<String>,
    Extension(asked): Extension<Asked>,
) -> Result<Response, Problem> {
    match asked_page(&inner, &visitor, &slug, &asked).await {
        Ok(shown) => page(&shown),
        Err(missing) => missing.page(visitor),
    }
}

async fn asked_page(inner: &Inner, visitor: &Visitor, slug: &str, asked: &Asked) -> Result<OpenQuestionPage, Missing> {
    let wanted = Wanted::judged(visitor, asked)?;
    let question = OpenQuestion::of(slug).ok_or_else(|| Problem::not_found("there is no such question"))?;
    let funding = asked.word("financiering", &FUNDINGS)?;
    // Who sees one organisation sees nothing of another, as a sequel neither.
    let within = own_scope(visitor).organisation;
    let own_only = within.is_some();
    let found = over_time(inner, wanted.quarter, wanted.scope.clone(), within).await?;
    if found.observed == 0 && !is_known(inner, &wanted.scope) {
        return Err(NoFigures::NoOrganisation.into());
    }
    let is_below_national = wanted.scope.region.is_some() || wanted.scope.organisation.is_some();
    let told = Told { answers: &found.answers, fewest: is_below_national.then_some(Definitions::built_in().disclosure_threshold), visitor };
    let chosen = Choice { method: wanted.method.as_deref(), funding: funding.as_deref().unwrap_or(FUNDINGS[0]) };
    Ok(OpenQuestionPage {
        question,
        further: told.further(question, &chosen),
        until: convert::day(found.answers.window.until()),
        provisional: found.as_of.provisional,
        position: found.as_of.position,
        observed: found.observed,
        fewest: told.fewest,
        own_only,
        months: MONTHS.map(|month| (month, days_of_months(month))).into(),
        answer: told.answer(question, &chosen)?,
        about: about(inner, visitor, &wanted).await,
        frame: visitor.frame.clone(),
    })
}

/// Quarter and scope, and what there is to choose.
pub(super) async fn about(inner: &Inner, visitor: &Visitor, wanted: &Wanted) -> AskedAbout {
    let own = own_scope(visitor);
    let parts = parts_at_hand(inner, wanted.quarter, &own).await;
    let mut quarters = back(Quarter::of(visitor.today), QUARTERS);
    if !quarters.contains(&wanted.quarter) {
        quarters.push(wanted.quarter);
    }
    AskedAbout {
        quarter: wanted.quarter.to_string(),
        quarters: quarters.iter().map(|quarter| Choosable::new(quarter.to_string(), "")).collect(),
        scope: wanted.scope.as_text(),
        scopes: scopes(parts, &own, &wanted.scope, visitor),
        scope_name: scope_name(&wanted.scope, visitor),
    }
}

/// What else was chosen.
struct Choice<'a> {
    /// `None` for all of them, or the first that there is.
    method: Option<&'a str>,
    funding: &'a str,
}

impl Choice<'_> {
    fn method(&self) -> Option<Method> {
        Method::ALL.iter().copied().find(|method| Some(method.as_str()) == self.method)
    }

    fn funding(&self) -> Option<Funding> {
        [Funding::Municipality, Funding::Uwv, Funding::Other].into_iter().find(|funding| funding.as_str() == self.funding)
    }
}

/// Answers, told as pages have them.
struct Told<'a> {
    answers: &'a Answers,
    /// Groups of fewer have no curve.
    fewest: Option<u64>,
    visitor: &'a Visitor,
}

impl Told<'_> {
    fn answer(&self, question: OpenQuestion, chosen: &Choice<'_>) -> Result<Answer, NoFigures> {
        Ok(match question {
            OpenQuestion::UnpaidWork => self.first_jobs(chosen.method().unwrap_or(Method::Ips))?,
            OpenQuestion::Recent => {
                let cohorts = self.answers.placements.get(&chosen.method().unwrap_or(Method::Ips)).ok_or(NoFigures::NoMethod)?;
                self.recent(cohorts, chosen.funding())
            }
            OpenQuestion::Sequels => Answer::Sequels { sequels: self.sequels(), year_later: self.year_later() },
            OpenQuestion::Alongside => Answer::Alongside(self.alongside()),
            OpenQuestion::Lasting => {
                let found = self.answers.durations.get(&chosen.method()).ok_or(NoFigures::NoMethod)?;
                let groups = [self.group(GroupName::Jobs, &found.jobs), self.group(GroupName::Sustainable, &found.sustainable)];
                Answer::Lasting(groups.into_iter().filter(|group| group.observed > 0).collect())
            }
        })
    }

    fn first_jobs(&self, method: Method) -> Result<Answer, NoFigures> {
        let found = self.answers.first_jobs.get(&method).ok_or(NoFigures::NoMethod)?;
        let name = |unpaid| match unpaid {
            Unpaid::Without => GroupName::Without,
            Unpaid::Before => GroupName::Before,
            Unpaid::During => GroupName::During,
        };
        let by_unpaid = Unpaid::ALL.into_iter().zip(&found.by_unpaid).map(|(unpaid, waits)| self.group(name(unpaid), waits));
        let groups = std::iter::once(self.group(GroupName::Everyone, &found.all)).chain(by_unpaid);
        Ok(Answer::UnpaidWork { had_one: found.had_one, groups: groups.collect() })
    }

    fn recent(&self, all: &Cohorts, funding: Option<Funding>) -> Answer {
        let those: Vec<(Quarter, &Cohort)> =
            all.iter().filter(|((_, of), _)| *of == funding).map(|((quarter, _), cohort)| (*quarter, cohort)).collect();
        let started = |from: Quarter, until: Quarter| GroupName::Started { from: from.to_string(), until: until.to_string() };
        let year = |quarters: &[Quarter]| {
            let (until, from) = quarters.first().zip(quarters.last())?;
            let of_year = those.iter().filter(|(quarter, _)| quarters.contains(quarter)).flat_map(|(_, cohort)| &cohort.waits);
            Some(self.group(started(*from, *until), &of_year.copied().collect::<Vec<_>>()))
        };
        let row = |(quarter, cohort): &(Quarter, &Cohort)| {
            let group = self.group(started(*quarter, *quarter), &cohort.waits);
            let found = part(group.happened, group.observed);
            CohortRow { group, found, had_one: cohort.had_one, left: cohort.left, looking: cohort.looking }
        };
        Answer::Recent {
            years: back(self.answers.window.quarter, 3 * YEAR).chunks(YEAR).filter_map(year).collect(),
            cohorts: those.iter().map(row).collect(),
        }
    }

    fn sequels(&self) -> Vec<BecameRow> {
        let counts = &self.answers.sequels.counts;
        let ended = |of: Method| counts.iter().filter(|((after, _), _)| *after == of).map(|(_, count)| count).sum();
        let row = |((of, next), count): (&(Method, Next), &u64)| {
            let (became, gap) = match next {
                Next::Nothing => (Became::Nothing, None),
                Next::Method(next) => (Became::Followed(self.name(*next)), self.answers.sequels.median_gap(*of, *next)),
            };
            // The middle of a few is somebody's own.
            let gap = gap.filter(|_| self.fewest.is_none_or(|fewest| *count >= fewest));
            Some(BecameRow { of: self.name(*of), became, part: part(*count, ended(*of))?, gap })
        };
        counts.iter().filter_map(row).collect()
    }

    fn year_later(&self) -> Vec<BecameRow> {
        let counts = &self.answers.year_later;
        let ran = |of: Method| counts.iter().filter(|((method, _), _)| *method == of).map(|(_, count)| count).sum();
        let row = |((of, became), count): (&(Method, What), &u64)| {
            let became = match became {
                What::Running => Became::Running,
                What::Followed(next) => Became::Followed(self.name(*next)),
                What::Ended => Became::Nothing,
            };
            Some(BecameRow { of: self.name(*of), became, part: part(*count, ran(*of))?, gap: None })
        };
        counts.iter().filter_map(row).collect()
    }

    fn alongside(&self) -> Vec<AlongsideRow> {
        let row = |(of, found): (&Option<Method>, &cohorts::alongside::Alongside)| {
            let beside = |count| part(count, found.unpaid);
            Some(AlongsideRow {
                of: of.map(|method| self.name(method)),
                unpaid: found.unpaid,
                beside: [beside(found.paid_work)?, beside(found.education)?, beside(found.both)?, beside(found.neither)?],
                before: [found.began_before, found.neither_began_before],
            })
        };
        // Of nobody there are no parts.
        self.answers.alongside.iter().filter_map(row).collect()
    }

    fn group(&self, name: GroupName, those: &[Observation]) -> Group {
        let found = survival::Curve::of(those);
        // As many as it happened to: every step of the curve is one of them.
        let may_be_drawn = self.fewest.is_none_or(|fewest| found.happened >= fewest);
        let curve = Some(&found).filter(|_| may_be_drawn).and_then(curve);
        Group { name, observed: found.observed, happened: found.happened, curve }
    }

    fn name(&self, method: Method) -> String {
        method_name(method, self.visitor).to_owned()
    }

    fn further(&self, question: OpenQuestion, chosen: &Choice<'_>) -> Vec<Further> {
        let choosable = |method: &Method| Choosable::new(method.as_str(), self.name(*method));
        let f = &self.visitor.frame;
        let all = Choosable::new("all", f.t("Alle methoden", "All methods"));
        let methods = |chosen: &str, all: Vec<Choosable>| Further { key: "methode", chosen: chosen.to_owned(), all };
        let of_first_jobs =
            || methods(chosen.method.unwrap_or(Method::Ips.as_str()), self.answers.first_jobs.keys().map(choosable).collect());
        match question {
            OpenQuestion::UnpaidWork => vec![of_first_jobs()],
            OpenQuestion::Recent => {
                let words = |funding: &str| match funding {
                    "municipality" => f.t("Gemeente", "Municipality"),
                    "uwv" => "UWV",
                    "other" => f.t("Overig", "Other"),
                    _ => f.t("Iedereen samen", "All together"),
                };
                let fundings = FUNDINGS.iter().map(|funding| Choosable::new(*funding, words(funding))).collect();
                vec![of_first_jobs(), Further { key: "financiering", chosen: chosen.funding.to_owned(), all: fundings }]
            }
            OpenQuestion::Sequels | OpenQuestion::Alongside => Vec::new(),
            OpenQuestion::Lasting => {
                vec![methods(chosen.method.unwrap_or("all"), std::iter::once(all).chain(Method::ALL.iter().map(choosable)).collect())]
            }
        }
    }
}

/// A percentage with what it is of.
pub(super) fn part(of: u64, whole: u64) -> Option<FigurePart> {
    percentage(of, whole).map(|percentage| FigurePart { percentage, of, whole })
}

fn parts(of: survival::Millionths) -> Parts {
    Parts { happened: of.happened, interval: of.interval }
}

/// `None` of nobody, and where it says nothing.
fn curve(found: &survival::Curve) -> Option<Curve> {
    let outline = found.outline(MONTHS.into_iter().max().map_or(0, days_of_months))?;
    let month =
        |point: survival::Point| Month { month: point.month, parts: parts(point.estimate.millionths()), at_risk: point.estimate.at_risk };
    Some(Curve {
        median: found.median(),
        months: found.by_month().map(month).collect(),
        steps: outline.steps.into_iter().map(|(day, of)| (day, parts(of))).collect(),
        end: outline.end,
    })
}
