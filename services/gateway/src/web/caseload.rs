//! The caseload: what needs attention first, then the rest, and what colleagues who are away have left.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use axum::{Extension, extract::State, response::Response};
use domain::{Date, Step};
use pages::{Attention, Caseload, Choosable, Covered, Doing, Row, Shown};
use proto_events::Payload;
use serde_json::Value;
use uuid::Uuid;

use super::{Visitor, attention, case, case::Case, convert, happened, names::Names, page};
use crate::{
    Inner,
    access::{Action, Object},
    http::{Asked, Gate, see_other},
    ports::{CaseloadAsk, SortField},
    problem::Problem,
};

/// The most trajectories of a list. A coach has some tens, an organisation some hundreds.
const MOST: usize = 1_000;
/// The most that a search looks through.
const MOST_SEARCHED: usize = 10_000;
/// Trajectories that are in memory at once.
const PORTION: usize = 64;
/// The longest search, in characters: no name is longer, and what comes after is cut, as the page shows.
const LONGEST_SEARCH: usize = 100;

/// `GET /`.
pub(crate) async fn list(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    match visitor.role() {
        pages::Role::Coach | pages::Role::Manager => {}
        pages::Role::Administrator => return see_other("/beheer/accounts"),
        pages::Role::Auditor => return see_other("/logboek"),
        pages::Role::Analyst => return see_other("/cijfers"),
    }
    visitor.caller.may(Action::SeeTrajectory, Object::Any)?;
    let words = asked.text("zoek").map(in_short).filter(|words| !words.is_empty());
    let shown = match (words, asked.word("afgesloten", &["1"])?) {
        (Some(words), _) => Shown::Found(words),
        (None, Some(_)) => Shown::Ended,
        (None, None) => Shown::Running,
    };
    let names = Names::of(&inner.sign_in()?.accounts);
    let is_manager = visitor.role() == pages::Role::Manager;
    let coach = asked.value::<proto_events::Slug>("coach").ok().flatten().filter(|_| is_manager);
    let running = match shown {
        Shown::Running => Some(true),
        Shown::Ended => Some(false),
        Shown::Found(_) => None,
    };
    let most = if matches!(shown, Shown::Found(_)) { MOST_SEARCHED } else { MOST };
    let mut found = ids_up_to(&inner, &visitor, coach.as_ref().map(|coach| coach.as_str()), running, most + 1).await?;
    let only = (found.len() > most).then_some(most);
    found.truncate(most);
    let mut page_of = Caseload {
        today: convert::day(visitor.today),
        running: 0,
        wanting: 0,
        attention: Vec::new(),
        others: Vec::new(),
        covered: Vec::new(),
        coaches: Vec::new(),
        coach: coach.map(|coach| coach.as_str().to_owned()).unwrap_or_default(),
        only,
        may_begin: true,
        shown,
        frame: visitor.frame.clone(),
    };
    let mut holders = BTreeSet::new();
    // Of others nothing is read only to be chosen: who has no account here is in the list of all coaches.
    if is_manager && !page_of.coach.is_empty() {
        holders.insert(page_of.coach.clone());
    }
    let mut parts = Parts { covers: covers(&visitor, &inner)?, ..Parts::default() };
    for ids in found.chunks(PORTION) {
        let mut cases = case::read_all(&inner, &visitor, ids).await?;
        // The view may be a moment behind: whose a trajectory is now, the log says.
        let of = |case: &Case| Some(page_of.coach.as_str()) == case.coach.as_ref().map(|coach| coach.as_str());
        cases.retain(|case| page_of.coach.is_empty() || of(case));
        holders.extend(coaches_in(&cases));
        parts.take_in(&mut page_of, &visitor, &names, &cases);
    }
    parts.put_into(&mut page_of, &visitor, &names);
    if is_manager {
        page_of.coaches = choosable(&visitor, &names, &holders);
    }
    page(&page_of)
}

/// What is searched for: at most [`LONGEST_SEARCH`] characters of it.
fn in_short(words: &str) -> String {
    words.trim().chars().take(LONGEST_SEARCH).collect::<String>().trim_end().to_owned()
}

/// The codes of those who have these trajectories.
fn coaches_in(cases: &[Case]) -> impl Iterator<Item = String> {
    cases.iter().filter_map(|case| case.coach.as_ref()).map(|coach| coach.as_str().to_owned())
}

/// All coaches first, then each who has an account or one of these codes, by name.
fn choosable(visitor: &Visitor, names: &Names, holders: &BTreeSet<String>) -> Vec<Choosable> {
    let (organisation, f) = (visitor.organisation(), &visitor.frame);
    let name = |code: &String| {
        let name = names.coach(organisation, code);
        if names.knows_coach(organisation, code) { name } else { format!("{name} ({})", f.t("geen account hier", "no account here")) }
    };
    let mut all: BTreeMap<String, String> = holders.iter().map(|code| (code.clone(), name(code))).collect();
    all.extend(names.coaches_of(organisation));
    let mut each: Vec<Choosable> = all.into_iter().map(|(code, name)| Choosable::new(code, name)).collect();
    each.sort_by(|a, b| (&a.words, &a.value).cmp(&(&b.words, &b.value)));
    [Choosable::new("", f.t("Alle coaches", "All coaches"))].into_iter().chain(each).collect()
}

/// What does not need attention first, on its way to the page.
#[derive(Default)]
struct Parts {
    /// The last day on which the visitor stands in for a colleague, by the colleague's code.
    covers: HashMap<String, pages::Day>,
    /// With what they are sorted by.
    others: Vec<(String, Row)>,
    /// By the colleague's code.
    covered: Vec<(String, Vec<Row>)>,
}

impl Parts {
    /// Sorts trajectories into the parts of the page.
    fn take_in(&mut self, page_of: &mut Caseload, visitor: &Visitor, names: &Names, cases: &[Case]) {
        let is_manager = visitor.role() == pages::Role::Manager;
        let Self { covers, others, covered } = self;
        let wanted = match &page_of.shown {
            Shown::Found(words) => Some(plain(words)),
            Shown::Running | Shown::Ended => None,
        };
        for case in cases {
            let row = row(case, visitor, names, is_manager);
            if wanted.as_ref().is_some_and(|wanted| !row.name.as_deref().is_some_and(|name| plain(name).contains(wanted))) {
                continue;
            }
            let own = case.coach.as_ref().map(|coach| coach.as_str()) == visitor.coach();
            if !is_manager && !own && page_of.shown == Shown::Running {
                let coach = case.coach.as_ref().map_or("", |coach| coach.as_str());
                // Of whom they do not stand in for, whoever may see it by another role finds it there.
                if !covers.contains_key(coach) {
                    continue;
                }
                match covered.iter_mut().find(|(code, _)| code == coach) {
                    Some((_, rows)) => rows.push(row),
                    None => covered.push((coach.to_owned(), vec![row])),
                }
                continue;
            }
            page_of.running += 1;
            let why = match (&page_of.shown, &case.trajectory) {
                (Shown::Running, Some(trajectory)) => attention::of(&case.timeline, trajectory, visitor.today),
                (_, _) => None,
            };
            match why {
                Some(why) => page_of.attention.push(Attention { why, row }),
                None => others.push((row.name.as_deref().map(plain).unwrap_or_default(), row)),
            }
        }
    }

    /// In the order in which they are looked at.
    fn put_into(self, page_of: &mut Caseload, visitor: &Visitor, names: &Names) {
        let Self { covers, mut others, covered } = self;
        page_of.attention.sort_by_key(|one| attention::order(&one.why));
        page_of.wanting = page_of.attention.len();
        others.sort_by(|a, b| (a.0.is_empty(), &a.0).cmp(&(b.0.is_empty(), &b.0)));
        page_of.others = others.into_iter().map(|(_, row)| row).collect();
        page_of.covered = covered
            .into_iter()
            .filter_map(|(code, rows)| Some(Covered { name: names.coach(visitor.organisation(), &code), until: *covers.get(&code)?, rows }))
            .collect();
    }
}

/// The last day on which the visitor stands in for each colleague for whom they do today, by the colleague's code.
fn covers(visitor: &Visitor, inner: &Inner) -> Result<HashMap<String, pages::Day>, Problem> {
    let mut until = HashMap::new();
    let (profile, today) = (&visitor.seen.account.profile, proto_events::Date::from_days(visitor.today.days()));
    let (Some(organisation), Some(today)) = (&profile.organisation, today) else { return Ok(until) };
    for cover in inner.sign_in()?.accounts.covers_of(organisation) {
        if Some(&cover.what.by) == profile.coach.as_ref() && cover.holds(today) {
            let last = convert::day_of(cover.what.until);
            let longest = until.entry(cover.what.absent.as_str().to_owned()).or_insert(last);
            *longest = last.max(*longest);
        }
    }
    Ok(until)
}

/// The ids of the trajectories that the visitor may see, as the view has them: the latest first, at most so many.
pub(crate) async fn ids_up_to(
    inner: &Inner,
    visitor: &Visitor,
    coach: Option<&str>,
    running: Option<bool>,
    most: usize,
) -> Result<Vec<Uuid>, Problem> {
    let at_least = inner.log.head().await?.position.0;
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let ask = CaseloadAsk {
            reach: visitor.caller.sees(),
            organisation: Some(visitor.organisation().to_owned()),
            coach: coach.map(str::to_owned),
            running,
            sort: SortField::Started,
            descending: true,
            limit: inner.limits.page_trajectories.min(most),
            cursor,
            at_least,
            ..CaseloadAsk::default()
        };
        let part = inner.statuses.list(&ask).await?;
        found.extend(part.items.iter().filter_map(|item| item.get("trajectory_id").and_then(Value::as_str)?.parse::<Uuid>().ok()));
        cursor = part.next;
        if cursor.is_none() || found.len() >= most {
            found.truncate(most);
            return Ok(found);
        }
    }
}

/// A trajectory in a list.
pub(crate) fn row(case: &Case, visitor: &Visitor, names: &Names, with_coach: bool) -> Row {
    let today = visitor.today;
    let ended = case.trajectory.as_ref().and_then(|trajectory| trajectory.outflow.as_ref()).map(|outflow| outflow.on);
    // Without an intake the log takes no contact; after the end only of before it, which is recorded from its page.
    let runs = case.trajectory.as_ref().is_some_and(|trajectory| trajectory.outflow.is_none());
    Row {
        id: case.id.to_string(),
        name: case.name(today).map(str::to_owned),
        step: step(Step::on(&case.timeline, today)),
        // Of one that has ended: what went on at its end.
        doing: doing(case, ended.unwrap_or(today)),
        contact: attention::last_contact(&case.timeline, today).map(convert::day),
        ended: ended.map(convert::day),
        coach: case.coach.as_ref().filter(|_| with_coach).map(|coach| names.coach(case.organisation(), coach.as_str())),
        may_log: case.may_record && runs,
    }
}

/// A step as pages have it.
pub(crate) const fn step(step: Step) -> pages::Step {
    match step {
        Step::Intake => pages::Step::Intake,
        Step::Engagement => pages::Step::Engagement,
        Step::Assessment => pages::Step::Assessment,
        Step::Placement => pages::Step::Placement,
        Step::Coaching => pages::Step::Coaching,
        Step::Outflow => pages::Step::Outflow,
    }
}

/// What is going on: work before placements, those before education, then what is looked for.
fn doing(case: &Case, today: Date) -> Doing {
    let Some(trajectory) = &case.trajectory else { return Doing::Nothing };
    if let Some(job) = trajectory.jobs.iter().find(|job| job.spell.active_on(today)) {
        let terms = happened::terms_on(case, job.id.0, today).unwrap_or_default();
        return Doing::Job { employer: happened::called(&terms), hours: terms.hours.to().copied() };
    }
    if let Some((kind, _)) = trajectory.placements.iter().find(|(_, spell)| spell.active_on(today)) {
        return Doing::Placement(kind.as_str().to_owned());
    }
    if let Some((_, level)) = trajectory.educations.iter().zip(case.levels()).find(|(spell, _)| spell.active_on(today)) {
        return Doing::Education(level);
    }
    let mut found = Doing::Began(convert::day(trajectory.start));
    for told in case.counting().filter(|told| told.on.days() <= today.days()) {
        if let Payload::Engagement(engagement) = &told.payload {
            found = Doing::Wishes(engagement.wish.as_str().to_owned());
        } else if let Payload::Assessment(assessment) = &told.payload
            && let Some(sector) = assessment.sectors.iter().flatten().find_map(pages::Text::open)
        {
            found = Doing::Seeks(sector.to_owned());
        }
    }
    found
}

/// Letters without accents and capitals, so that "umit" finds Ümit; as `assets/js/look.js` finds.
pub(crate) fn plain(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_are_found_without_accents_and_capitals() {
        assert_eq!(plain(" Ümit Çelik "), "umit celik");
        assert!(plain("Renée").contains(&plain("ENÉ")));
    }
}
