//! Dates and numbers in words.

use std::{fs, path::Path};

use pages::{Day, Decimal, ErrorPage, Help, Kind, Lang, Minute, Page, Role, Step, Trouble, What};

use crate::data::{frame, trajectory::noor};

fn day(year: i32, month: u8, day: u8) -> Day {
    Day::new(year, month, day).expect("a day")
}

#[test]
fn a_day_is_the_same_when_it_is_taken_apart_and_put_together() {
    let mut last = day(1899, 12, 31);
    for n in 0..90_000 {
        let next = last.plus(1);
        let (year, month, of_month) = next.parts();
        assert_eq!(Day::new(year, month, of_month), Some(next), "day {n}");
        assert_eq!(next.since(last), 1);
        last = next;
    }
    assert_eq!(last.parts(), (2146, 5, 30));
}

#[test]
fn a_day_that_the_calendar_does_not_have_is_none() {
    for (year, month, of_month) in [(2025, 2, 29), (2025, 0, 1), (2025, 13, 1), (2025, 4, 31), (2025, 4, 0), (2100, 2, 29)] {
        assert_eq!(Day::new(year, month, of_month), None);
    }
    assert!(Day::new(2024, 2, 29).is_some());
}

#[test]
fn a_day_is_said_as_each_language_says_it() {
    let spring = day(2025, 3, 1);
    assert_eq!((spring.long(Lang::Nl), spring.long(Lang::En)), ("1 maart 2025".to_owned(), "1 March 2025".to_owned()));
    assert_eq!(spring.short(Lang::Nl), "1 maart");
    assert_eq!(spring.near(Lang::Nl, day(2025, 11, 20)), "1 maart");
    assert_eq!(spring.near(Lang::Nl, day(2026, 1, 2)), "1 maart 2025");
}

#[test]
fn how_long_ago_is_said_in_days_then_weeks_then_months_then_years() {
    let today = day(2025, 11, 20);
    let expected = [
        (0, "vandaag", "today"),
        (1, "gisteren", "yesterday"),
        (2, "2 dagen geleden", "2 days ago"),
        (13, "13 dagen geleden", "13 days ago"),
        (14, "2 weken geleden", "2 weeks ago"),
        (69, "9 weken geleden", "9 weeks ago"),
        (70, "2 maanden geleden", "2 months ago"),
        (400, "13 maanden geleden", "13 months ago"),
        (800, "2 jaar geleden", "2 years ago"),
        (-2, "22 november", "22 November"),
    ];
    for (days, nl, en) in expected {
        let then = today.plus(-days);
        assert_eq!((then.ago(Lang::Nl, today).as_str(), then.ago(Lang::En, today).as_str()), (nl, en), "{days}");
    }
}

#[test]
fn a_moment_is_said_as_each_language_says_it() {
    let minute = Minute { day: day(2025, 11, 19), hour: 16, minute: 5 };
    assert_eq!(minute.ago(Lang::Nl, day(2025, 11, 20)), "gisteren om 16.05 uur");
    assert_eq!(minute.ago(Lang::En, day(2025, 11, 20)), "yesterday at 16:05");
}

#[test]
fn a_number_is_said_as_short_as_possible_with_the_mark_of_its_language() {
    for (hundredths, nl, en) in [(0, "0", "0"), (1600, "16", "16"), (1150, "11,5", "11.5"), (1105, "11,05", "11.05"), (5, "0,05", "0.05")] {
        let number = Decimal::hundredths(hundredths);
        assert_eq!((number.words(Lang::Nl).as_str(), number.words(Lang::En).as_str()), (nl, en));
    }
    assert_eq!(Decimal::hundredths(1150).short_of(Decimal::whole(12)), Decimal::hundredths(50));
    assert_eq!(Decimal::whole(16).short_of(Decimal::whole(12)), Decimal::whole(0));
}

#[test]
fn one_of_a_thing_is_said_otherwise_than_more() {
    assert_eq!(Lang::Nl.count(1, ("traject", "trajecten"), ("trajectory", "trajectories")), "1 traject");
    assert_eq!(Lang::En.count(0, ("traject", "trajecten"), ("trajectory", "trajectories")), "0 trajectories");
}

#[test]
fn whoever_has_several_roles_has_the_menu_of_each() {
    let menu = |role, also: &[Role]| {
        let mut frame = frame(Lang::Nl, role);
        frame.who.as_mut().expect("somebody").also = also.to_vec();
        let html = Help { frame, hours: Decimal::whole(12), wage: Decimal::whole(35), months: 3 }.html().expect("rendered");
        let list = html.split_once(r#"<ul class="nav-list">"#).expect("a menu").1.split_once("</ul>").expect("its end").0.to_owned();
        let who = html.split_once("</strong><br>").expect("a role").1.split_once("</p>").expect("its end").0.to_owned();
        let addresses: Vec<String> =
            list.split("href=\"").skip(1).map(|link| link.split('"').next().unwrap_or_default().to_owned()).collect();
        (addresses, who)
    };
    let of = |addresses: &[&str]| addresses.iter().map(|address| (*address).to_owned()).collect::<Vec<_>>();
    assert_eq!(menu(Role::Coach, &[]).0, of(&["/", "/hulp"]));
    let (all, who) = menu(Role::Manager, &[Role::Coach, Role::Auditor, Role::Administrator]);
    assert_eq!(all, of(&["/", "/organisatie", "/cijfers", "/logboek", "/beheer/weergaven", "/beheer/accounts", "/hulp"]));
    assert!(who.starts_with("Manager, coach, auditor, beheerder"), "{who}");
    assert_eq!(menu(Role::Coach, &[Role::Analyst, Role::Auditor]).0, of(&["/", "/cijfers", "/logboek", "/beheer/weergaven", "/hulp"]));
}

#[test]
fn a_thing_is_called_the_same_in_forms_on_the_timeline_in_the_phases_and_by_the_scripts() {
    for lang in [Lang::Nl, Lang::En] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/js/strings.{}.js", lang.code()));
        let script = fs::read_to_string(path).expect("the script");
        let of_form = |kind: &Kind| !matches!(kind, Kind::Intake | Kind::Contact | Kind::Transfer | Kind::Outflow);
        for kind in Kind::ALL.into_iter().filter(of_form) {
            let line = format!("  {}: '{}',", kind.event_type(), kind.words(lang));
            assert!(script.contains(&line), "{line}");
        }
        assert_eq!(Step::Engagement.words(lang), Kind::Engagement.words(lang));
        assert_eq!(Step::Assessment.words(lang), Kind::Assessment.words(lang));
    }
    let page = noor(Lang::Nl).html().expect("rendered");
    for what in ["Engagement", "Assessment"] {
        assert!(page.contains(&format!(r#"<h4 class="event-title">{what}</h4>"#)), "{page}");
        assert!(page.contains(&format!("\">{what}</a></li>")), "{page}");
    }
}

#[test]
fn a_code_is_told_in_words_and_one_that_no_list_has_is_readable() {
    let told = |lang, reason: &str| {
        let mut page = noor(lang);
        page.events.truncate(1);
        page.events[0].what = What::Outflow { reason: Some(reason.to_owned()), work_ready: None };
        page.facts.scheme = Some("landelijke-ips-regeling-gemeenten".to_owned());
        page.html().expect("rendered")
    };
    for (code, nl, en) in [
        ("overgedragen-aan-jobcoach", "Reden: overgedragen aan een jobcoach", "Reason: handed over to a job coach"),
        ("goal-reached", "Reden: doel bereikt", "Reason: goal reached"),
        ("einde-van-de-regeling", "Reden: einde van de regeling", "Reason: einde van de regeling"),
    ] {
        let (dutch, english) = (told(Lang::Nl, code), told(Lang::En, code));
        assert!(dutch.contains(nl) && !dutch.contains(code), "{code}: {dutch}");
        assert!(english.contains(en), "{code}: {english}");
        assert!(dutch.contains("<dd>Landelijke IPS-regeling voor gemeenten</dd>"), "{dutch}");
    }
}

#[test]
fn each_role_is_told_what_it_can_do_where_and_what_it_does_not_see() {
    let help = |lang, role, also: &[Role]| {
        let mut frame = frame(lang, role);
        frame.who.as_mut().expect("somebody").also = also.to_vec();
        Help { frame, hours: Decimal::whole(12), wage: Decimal::whole(35), months: 3 }.html().expect("rendered")
    };
    let list = |page: &str| page.split_once("<div class=\"prose\">").expect("help").1.to_owned();
    for (role, leads, sees_not, records) in [
        (Role::Coach, &["/"][..], "Trajecten van andere coaches", true),
        (Role::Manager, &["/", "/organisatie", "/cijfers"], "andere organisaties", true),
        (Role::Analyst, &["/cijfers"], "Trajecten, namen, teksten en het logboek", false),
        (Role::Auditor, &["/logboek", "/cijfers", "/beheer/weergaven"], "die zijn verzegeld", false),
        (Role::Administrator, &["/beheer/accounts", "/beheer/weergaven"], "Trajecten, teksten, cijfers", false),
    ] {
        let page = list(&help(Lang::Nl, role, &[]));
        assert!(page.contains(&format!("<h2 class=\"utrecht-heading-2\">{}</h2>", role.words(Lang::Nl))), "{page}");
        for address in leads {
            assert!(page.contains(&format!("href=\"{address}\"")), "{address}: {page}");
        }
        assert!(page.contains("Wat je niet ziet:") && page.contains(sees_not), "{page}");
        assert_eq!(page.contains("Wanneer is werk duurzaam?"), records, "{page}");
        let english = list(&help(Lang::En, role, &[]));
        assert!(english.contains("What you do not see:") && !english.contains("Wat je niet"), "{english}");
    }
    let both = list(&help(Lang::Nl, Role::Manager, &[Role::Auditor]));
    assert!(both.contains(">Manager</h2>") && both.contains(">Auditor</h2>") && both.contains("href=\"/logboek\""), "{both}");
}

#[test]
fn of_a_colleagues_trajectory_only_those_are_told_who_have_some() {
    let told = |role| {
        let html = ErrorPage { frame: frame(Lang::Nl, role), trouble: Trouble::NotFound }.html().expect("rendered");
        html.contains("op naam van een collega")
    };
    assert_eq!(Role::ALL.map(told), [true, true, false, false, false]);
}
