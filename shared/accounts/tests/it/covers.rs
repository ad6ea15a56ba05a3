//! Cover for an absent coach: on which days, for whom, and for nobody else.

use std::collections::BTreeSet;

use accounts::{AccountsError, By, NewCover, Profile, Role, Rule, Swept};
use proto_events::{Date, Slug};

use crate::{DAY, World, administrator, assert_rule, coach, profile};

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn cover(absent: &str, by: &str, from: &str, until: &str) -> NewCover {
    NewCover { organisation: slug("org-1"), absent: slug(absent), by: slug(by), from: date(from), until: date(until) }
}

impl World {
    fn covered_by(&self, coach: &str, on: &str) -> BTreeSet<Slug> {
        self.accounts.covers(&slug("org-1"), &slug(coach), date(on))
    }
}

#[tokio::test]
async fn a_cover_holds_from_its_first_to_its_last_day() {
    let world = World::new().await;
    let ria = world.with(profile("ria", &[Role::Manager])).await;
    world.with(coach("jo")).await;
    world.with(coach("bo")).await;
    let made = world.accounts.create_cover(ria.id, cover("bo", "jo", "2026-03-02", "2026-03-13")).await.unwrap();
    assert_eq!((made.made_by, made.ended), (ria.id, None));
    for (on, holds) in [("2026-03-01", false), ("2026-03-02", true), ("2026-03-13", true), ("2026-03-14", false)] {
        assert_eq!(world.covered_by("jo", on) == [slug("bo")].into(), holds, "{on}");
    }
    assert!(world.covered_by("bo", "2026-03-05").is_empty(), "not the other way round");
    assert!(world.accounts.covers(&slug("org-2"), &slug("jo"), date("2026-03-05")).is_empty(), "not in another organisation");
    assert_eq!(world.reopened().await.covers(&slug("org-1"), &slug("jo"), date("2026-03-05")), [slug("bo")].into());
}

#[tokio::test]
async fn covers_add_up_and_are_not_handed_on() {
    let world = World::new().await;
    let ria = world.with(profile("ria", &[Role::Manager])).await;
    for login in ["jo", "bo", "mo"] {
        world.with(coach(login)).await;
    }
    for (absent, by) in [("bo", "jo"), ("left-long-ago", "jo"), ("mo", "bo")] {
        world.accounts.create_cover(ria.id, cover(absent, by, "2026-03-02", "2026-03-13")).await.unwrap();
    }
    assert_eq!(world.covered_by("jo", "2026-03-05"), [slug("bo"), slug("left-long-ago")].into(), "not mo, for whom bo acts");
}

#[tokio::test]
async fn who_covers_is_another_active_coach_of_the_organisation() {
    let world = World::new().await;
    world.with(administrator("root")).await;
    let ria = world.with(Profile { coach: Some(slug("ria")), ..profile("ria", &[Role::Manager]) }).await;
    let jo = world.with(coach("jo")).await;
    world.with(Profile { organisation: Some(slug("org-2")), ..coach("elsewhere") }).await;
    let with =
        async |absent: &str, by: &str, from: &str, until: &str| world.accounts.create_cover(ria.id, cover(absent, by, from, until)).await;
    assert_rule(with("jo", "jo", "2026-03-02", "2026-03-03").await, Rule::CoverOfOneself);
    for nobody in ["nobody", "elsewhere", "ria"] {
        assert_rule(with("bo", nobody, "2026-03-02", "2026-03-03").await, Rule::CoverByNobody);
    }
    assert_rule(with("bo", "jo", "2026-03-02", "2026-03-01").await, Rule::CoverDays);
    assert_rule(with("bo", "jo", "2026-03-02", "2027-03-03").await, Rule::CoverDays);
    with("bo", "jo", "2026-03-02", "2027-03-02").await.unwrap();
    with("bo", "jo", "2026-03-02", "2026-03-02").await.unwrap();
    world.accounts.lock(By::Machine, jo.id, jo.revision).await.unwrap();
    assert_rule(with("bo", "jo", "2026-03-02", "2026-03-03").await, Rule::CoverByNobody);
}

#[tokio::test]
async fn a_cover_that_is_ended_covers_no_day_and_stays_known() {
    let world = World::new().await;
    let ria = world.with(profile("ria", &[Role::Manager])).await;
    world.with(coach("jo")).await;
    let made = world.accounts.create_cover(ria.id, cover("bo", "jo", "2026-03-02", "2026-03-13")).await.unwrap();
    let elsewhere = world.accounts.end_cover(ria.id, &slug("org-2"), made.id).await;
    assert!(matches!(elsewhere, Err(AccountsError::NotFound)), "another organisation's is not there");
    let ended = world.accounts.end_cover(ria.id, &slug("org-1"), made.id).await.unwrap();
    assert_eq!(ended.ended.unwrap().by, ria.id);
    assert!(world.covered_by("jo", "2026-03-05").is_empty());
    assert!(matches!(world.accounts.end_cover(ria.id, &slug("org-1"), made.id).await, Err(AccountsError::Changed)));
    assert_eq!(world.accounts.covers_of(&slug("org-1")), [ended]);
    assert!(world.accounts.covers_of(&slug("org-2")).is_empty());
}

#[tokio::test]
async fn covers_are_kept_for_two_years() {
    let world = World::new().await;
    let ria = world.with(profile("ria", &[Role::Manager])).await;
    world.with(coach("jo")).await;
    world.accounts.create_cover(ria.id, cover("bo", "jo", "2026-03-02", "2026-03-02")).await.unwrap();
    world.clock.advance(DAY * 732);
    assert_eq!(world.accounts.sweep().await.unwrap(), Swept::default());
    world.clock.advance(DAY);
    assert_eq!(world.accounts.sweep().await.unwrap(), Swept { covers: 1, ..Swept::default() });
    assert!(world.accounts.covers_of(&slug("org-1")).is_empty());
}
