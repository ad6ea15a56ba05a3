//! Lists hold what fits, in order, each trajectory once.

use app::testbed::clock;
use domain::{Method, Step, Verdict};
use sustainable_work::{Filter, LONGEST_PAGE, NotACursor, Sort, SortBy, Summary};

use crate::world::{lives, place};

fn filters(some: &Summary) -> Vec<Filter> {
    let all = Filter::default;
    vec![
        all(),
        Filter { organisation: Some(some.organisation.clone()), ..all() },
        Filter { organisation: Some("nobody".into()), ..all() },
        Filter { coach: some.coach.clone(), ..all() },
        Filter { running: Some(true), ..all() },
        Filter { running: Some(false), method: Some(Method::Ips), ..all() },
        Filter { step: Some(Step::Coaching), ..all() },
        Filter { sustainable_work: Some(Verdict::Yes), running: Some(true), ..all() },
        Filter { sustainable_work: Some(Verdict::Unknown), ..all() },
    ]
}

clock!(now);
#[tokio::test(flavor = "multi_thread")]
async fn pages_of_any_length_hold_what_fits_in_order_each_once() {
    now::set("2025-05-20T10:00:00Z");
    let (feed, place) = (lives(6, 250).await, place(now::now));
    let projector = place.up_to_date(&feed).await;
    projector
        .read(|view| {
            let all = view.list(&Filter::default(), Sort::default(), LONGEST_PAGE, None).expect("a page").items;
            assert_eq!(all.len(), 250);
            let with_coach = all.iter().find(|one| one.coach.is_some()).expect("one with a coach");
            let mut nonempty = 0;
            for filter in filters(with_coach) {
                let fitting: Vec<&Summary> = all.iter().filter(|one| filter.fits(one)).collect();
                assert_eq!(view.count(&filter), fitting.len() as u64);
                nonempty += usize::from(!fitting.is_empty());
                let all_orders = [
                    SortBy::Trajectory,
                    SortBy::Started,
                    SortBy::Changed,
                    SortBy::Organisation,
                    SortBy::Coach,
                    SortBy::Method,
                    SortBy::Step,
                ];
                for by in all_orders {
                    for descending in [false, true] {
                        let key = |one: &Summary| match by {
                            SortBy::Trajectory => (None, None, None, one.trajectory),
                            SortBy::Started => (one.started, None, None, one.trajectory),
                            SortBy::Changed => (None, Some(one.position.0), None, one.trajectory),
                            SortBy::Organisation => (None, None, Some(one.organisation.as_str().to_owned()), one.trajectory),
                            SortBy::Coach => (None, None, one.coach.as_ref().map(|coach| coach.as_str().to_owned()), one.trajectory),
                            SortBy::Method => (None, one.method.map(|method| method as u64), None, one.trajectory),
                            SortBy::Step => (None, one.step.map(|step| step as u64), None, one.trajectory),
                        };
                        let mut expected = fitting.clone();
                        expected.sort_by_key(|one| key(one));
                        if descending {
                            expected.reverse();
                        }
                        for limit in [1, 7, 100, 5_000] {
                            let (mut found, mut cursor) = (Vec::new(), None);
                            loop {
                                let page = view.list(&filter, Sort { by, descending }, limit, cursor.as_deref()).expect("a page");
                                assert!(page.items.len() <= limit);
                                found.extend(page.items);
                                cursor = page.next;
                                if cursor.is_none() {
                                    break;
                                }
                            }
                            assert!(found.iter().eq(expected.iter().copied()), "{filter:?} {by:?} {descending} {limit}");
                        }
                    }
                }
            }
            assert!(nonempty >= 7, "{nonempty}");
            for text in ["", "1", "x.y", "1.2", "1.00000000-0000-0000-0000-00000000000"] {
                assert_eq!(view.list(&Filter::default(), Sort::default(), 10, Some(text)), Err(NotACursor), "{text}");
            }
        })
        .expect("open");
}
