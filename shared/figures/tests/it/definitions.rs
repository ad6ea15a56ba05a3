//! Definition sets: the printed one is the built-in one, a part is enough, and what is wrong is said in a sentence.

use domain::{Conditions, Method};
use figures::{Base, ChangeBasis, Definitions, Intended, Measure};

use crate::life::{Asked, Life, Q, few_hours, measure, sustainable, unknown};

fn wrong(text: &str) -> String {
    match Definitions::from_toml(text) {
        Err(wrong) => wrong.to_string(),
        Ok(set) => panic!("{text} was taken for {set:?}"),
    }
}

fn read(text: &str) -> Definitions {
    Definitions::from_toml(text).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn the_printed_set_is_exactly_the_built_in_one() {
    assert_eq!(read(Definitions::built_in_text()), *Definitions::built_in());
    assert_eq!(Definitions::built_in().name, "werkmonitor-2025.1");
}

#[test]
fn the_printed_set_names_every_measure_and_every_method() {
    let printed: toml::Table = Definitions::built_in_text().parse().expect("TOML");
    for measure in Measure::ALL {
        assert!(printed["percentage_of"].get(measure.as_str()).is_some(), "{}", measure.as_str());
    }
    for method in Method::ALL {
        assert!(printed["intended_result"].get(method.as_str()).is_some(), "{}", method.as_str());
    }
}

#[test]
fn what_a_set_leaves_out_is_as_in_the_built_in_one() {
    let mut set = read("name = \"mine\"");
    assert_ne!(set, *Definitions::built_in());
    set.name.clone_from(&Definitions::built_in().name);
    assert_eq!(set, *Definitions::built_in());
}

#[test]
fn a_changed_set_that_bears_the_built_in_name_is_called_modified() {
    let set = read("name = \"werkmonitor-2025.1\"\n[sustainable_work]\nmin_hours_per_week = 13\n");
    assert_eq!(set.name, "werkmonitor-2025.1-modified");
    let same = read("name = \"werkmonitor-2025.1\"\n[sustainable_work]\nmin_hours_per_week = 12\n");
    assert_eq!(same.name, "werkmonitor-2025.1");
    let own = read("name = \"mine\"\n[sustainable_work]\nmin_hours_per_week = 13\n");
    assert_eq!(own.name, "mine");
}

#[test]
fn a_threshold_has_up_to_two_decimals() {
    for (written, hundredths) in
        [("11.5", 11_50), ("11.49", 11_49), ("12", 12_00), ("12.0", 12_00), ("\"12.25\"", 12_25), ("0", 0), ("1000", 1_000_00), ("0.07", 7)]
    {
        let set = read(&format!("name = \"mine\"\n[sustainable_work]\nmin_hours_per_week = {written}\n"));
        assert_eq!(set.sustainable_work.min_hours_per_week, hundredths, "{written}");
    }
    for written in ["12.345", "-1", "1000.01", "1001", "\"twelve\"", "nan", "inf", "1e30", "true", "[12]", "\"\"", "\".5\""] {
        let sentence = wrong(&format!("name = \"mine\"\n[sustainable_work]\nmin_hours_per_week = {written}\n"));
        assert!(sentence.contains("min_hours_per_week") || sentence.contains("number from 0 to 1000"), "{written}: {sentence}");
    }
}

#[test]
fn a_threshold_of_eleven_and_a_half_hours_counts_jobs_of_that_many() {
    let job = |hours| Life::starts("2024-06-01").job(1, "2024-07-01", Conditions { hours_per_week: Some(hours), ..sustainable() });
    let asked = Asked::of(Q).definitions("name = \"mine\"\n[sustainable_work]\nmin_hours_per_week = 11.5\n");
    let count = |life| asked.all(&[life]).get(measure("sustainable_work"));
    assert_eq!((count(job(11_50)), count(job(11_49)), count(job(12_00))), (1, 0, 1));
}

#[test]
fn the_other_thresholds_can_be_set_too() {
    let set =
        read("name = \"m\"\n[sustainable_work]\nregular_workplace = false\nmin_wage_value_percent = 50.25\nmin_contract_months = 6\n");
    let work = set.sustainable_work;
    assert_eq!(
        (work.regular_workplace, work.min_hours_per_week, work.min_wage_value_percent, work.min_contract_months),
        (false, 12_00, 50_25, 6)
    );
}

#[test]
fn without_the_condition_any_known_workplace_will_do() {
    let asked = Asked::of(Q).definitions("name = \"m\"\n[sustainable_work]\nregular_workplace = false\n");
    let job = |regular_workplace| Life::starts("2024-06-01").job(1, "2024-07-01", Conditions { regular_workplace, ..sustainable() });
    assert_eq!(asked.all(&[job(Some(false))]).get(measure("sustainable_work")), 1);
    assert_eq!(asked.all(&[job(Some(true))]).get(measure("sustainable_work")), 1);
}

#[test]
fn limits_of_buckets_can_be_set() {
    let asked = Asked::of(Q).definitions("name = \"m\"\n[first_job]\nmonths = [1, 2]\n[employment]\nmonths = [0, 1200]\n");
    let of = |job: &str| asked.all(&[Life::starts("2025-01-10").job(1, job, unknown())]);
    assert_eq!(of("2025-02-10").get(measure("first_job_within_3_months")), 1);
    assert_eq!(of("2025-02-11").get(measure("first_job_3_to_9_months")), 1);
    assert_eq!(of("2025-03-11").get(measure("first_job_after_9_months")), 1);
    assert_eq!(of("2025-03-31").get(measure("employed_6_to_12_months")), 1);
}

#[test]
fn intended_results_can_be_set() {
    let asked = Asked::of(Q).definitions("name = \"m\"\n[intended_result]\nips = [\"sustainable_work\", \"work_ready\"]\nwabz = []\n");
    assert_eq!(asked.definitions.intended(Method::Ips), [Intended::SustainableWork, Intended::WorkReady]);
    assert_eq!(asked.definitions.intended(Method::Wabz), []);
    assert_eq!(asked.definitions.intended(Method::Werkfit), [Intended::PaidWork, Intended::WorkReady]);
    let ended = |conditions| Life::starts("2024-06-01").job(1, "2024-07-01", conditions).outflow("2025-02-20");
    assert_eq!(asked.all(&[ended(few_hours()), ended(sustainable())]).get(measure("outflow_intended")), 1);
}

#[test]
fn denominators_and_bases_of_changes_can_be_set() {
    let set = read("name = \"m\"\n[percentage_of]\nstarted = \"ended\"\nended = \"none\"\n[change_relative_to]\nrunning = \"current\"\n");
    assert_eq!(
        (set.base(measure("started")), set.base(measure("ended")), set.base(measure("paid_work"))),
        (Base::Ended, Base::None, Base::Running)
    );
    assert_eq!((set.change_basis(measure("running")), set.change_basis(measure("ended"))), (ChangeBasis::Current, ChangeBasis::Earlier));
}

#[test]
fn methods_left_out_of_the_percentage_can_be_set() {
    let werkfit = Life::of(Method::Werkfit, "2024-06-01").job(1, "2024-07-01", sustainable());
    let lives = [werkfit, Life::starts("2024-06-01")];
    let fraction = |text| {
        let asked = Asked::of(Q).definitions(text);
        asked.all(&lives).fraction(measure("sustainable_work"), &asked.definitions)
    };
    assert_eq!(fraction("name = \"m\"\n[sustainable_work]\npercentage_leaves_out = []\n"), Some((1, 2)));
    assert_eq!(fraction("name = \"m\"\n[sustainable_work]\npercentage_leaves_out = [\"ips\"]\n"), Some((1, 1)));
    assert_eq!(fraction("name = \"m\"\n"), Some((0, 1)));
}

#[test]
fn wrong_names_are_named() {
    assert!(wrong("name = \"m\"\n[percentage_of]\npaid_wrok = \"running\"\n").contains("there is no measure 'paid_wrok'"));
    assert!(wrong("name = \"m\"\n[change_relative_to]\nscheme_started_year_to_date = \"current\"\n").contains("there is no measure"));
    assert!(wrong("name = \"m\"\n[intended_result]\nIPS = []\n").contains("there is no method 'IPS'"));
    assert!(wrong("name = \"m\"\n[sustainable_work]\npercentage_leaves_out = [\"werk\"]\n").contains("there is no method 'werk'"));
    assert!(wrong("name = \"m\"\n[intended_result]\nips = [\"luck\"]\n").contains("luck"));
    assert!(wrong("name = \"m\"\n[percentage_of]\nended = \"everybody\"\n").contains("everybody"));
    assert!(wrong("name = \"m\"\n[sustainable_work]\nmin_hours = 12\n").contains("min_hours"));
    assert!(wrong("name = \"m\"\n[thresholds]\n").contains("thresholds"));
}

#[test]
fn wrong_limits_are_refused_with_the_limits() {
    for months in ["[9, 3]", "[-1, 3]", "[3, 1201]"] {
        assert!(
            wrong(&format!("name = \"m\"\n[first_job]\nmonths = {months}\n")).contains("months: two limits from 0 to 1200"),
            "{months}"
        );
        assert!(
            wrong(&format!("name = \"m\"\n[employment]\nmonths = {months}\n")).contains("months: two limits from 0 to 1200"),
            "{months}"
        );
    }
    assert!(wrong("name = \"m\"\n[first_job]\nmonths = [3]\n").contains("months"));
    for months in ["-1", "1201"] {
        assert!(
            wrong(&format!("name = \"m\"\n[sustainable_work]\nmin_contract_months = {months}\n"))
                .contains("min_contract_months: from 0 to 1200")
        );
    }
}

#[test]
fn a_set_has_a_name() {
    assert!(wrong("").contains("name"));
    assert!(wrong("name = \"  \"").contains("name: give it a name"));
    assert!(wrong(&format!("name = \"{}\"", "n".repeat(101))).contains("name: give it a name"));
    assert_eq!(read(&format!("name = \"{}\"", "é".repeat(100))).name.chars().count(), 100);
    assert!(wrong("name = 7").contains("name"));
    assert!(wrong("this is no TOML").contains("this is no definition set"));
}
