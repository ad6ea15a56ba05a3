//! What the report says of numbers.

use domain::Method;
use figures::{CellKey, Definitions, Measure};
use report::{Change, Direction, Fraction, Numbers, write};

use crate::support::{cells, facts, known, quarter, text};

#[test]
fn a_quarter_without_trajectories_says_so_and_compares_with_nothing() {
    let report = text(&write(&facts(Vec::new(), None, None)));
    assert!(report.contains("In kwartaal 1 van 2025 liepen er geen trajecten naar werk in organisatie ggz Voorbeeld."), "{report}");
    assert!(report.contains("er is geen vergelijking mogelijk"), "{report}");
    assert!(report.contains("In kwartaal 1 van 2025 liepen er geen IPS-trajecten."), "{report}");
    assert!(!report.contains("procentpunt hoger") && !report.contains("procentpunt lager"), "{report}");
}

#[test]
fn a_quarter_without_trajectories_after_one_with_some_says_how_many_there_were() {
    let report = text(&write(&facts(Vec::new(), Some(cells(10, 4)), None)));
    assert!(report.contains("Eerder waren het er wel: 10 trajecten in kwartaal 4 van 2024."), "{report}");
    assert!(
        report
            .contains("Dat zijn er 10 minder dan in kwartaal 4 van 2024 (−100,0%). Met kwartaal 1 van 2024 is geen vergelijking mogelijk."),
        "{report}"
    );
}

#[test]
fn every_percentage_stands_beside_its_part_and_its_whole() {
    let report = text(&write(&facts(cells(10, 4), Some(cells(8, 4)), Some(cells(12, 3)))));
    assert!(report.contains("Betaald werk: 4 cliënten (40,0%; 4 van 10)."), "{report}");
    assert!(report.contains("10,0 procentpunt lager dan in kwartaal 4 van 2024 (toen 50,0%; 4 van 8)"), "{report}");
    assert!(report.contains("15,0 procentpunt hoger dan in kwartaal 1 van 2024 (toen 25,0%; 3 van 12)"), "{report}");
    assert!(
        report
            .contains("In totaal zijn dat er 2 meer dan in kwartaal 4 van 2024 (+25,0%) en 2 minder dan in kwartaal 1 van 2024 (−16,7%)."),
        "{report}"
    );
}

#[test]
fn one_is_told_in_the_singular() {
    let report = text(&write(&facts(cells(10, 4), None, None)));
    assert!(report.contains("1 ggz-organisatie leverde de gegevens."), "{report}");
    assert!(
        report.contains("1 cliënt volgde een opleiding (10,0%; 1 van 10). Er is geen vergelijking mogelijk met eerdere kwartalen. Met een opleiding begon 1 cliënt en stopte geen enkele cliënt."),
        "{report}"
    );
    assert!(report.contains("Met betaald werk op de dag van uitstroom: 1 cliënt (33,3%; 1 van 3)."), "{report}");
    assert!(!report.contains("1 cliënten"), "{report}");
    let one_less = text(&write(&facts(cells(10, 4), Some(cells(11, 4)), None)));
    for words in
        ["Dat is er 1 minder dan in kwartaal 4 van 2024 (−9,1%)", "In totaal is dat er 1 minder dan in kwartaal 4 van 2024 (−9,1%)"]
    {
        assert!(one_less.contains(words), "{words}: {one_less}");
    }
    let one_more = text(&write(&facts(cells(10, 4), None, Some(cells(12, 3)))));
    assert!(one_more.contains("In aantal is dat er 1 meer dan in kwartaal 1 van 2024 (+33,3%)."), "{one_more}");
}

#[test]
fn words_for_a_direction_follow_the_stated_rule() {
    assert_eq!(Direction::of_counts(201, 200), Direction::Up);
    assert_eq!(Direction::of_counts(202, 201), Direction::AboutEqual);
    assert_eq!(Direction::of_counts(199, 200), Direction::Down);
    assert_eq!(Direction::of_counts(7, 7), Direction::Equal);
    assert_eq!(Direction::of_counts(1, 0), Direction::Up);
    let share = |part, whole| Fraction::of(part, whole).expect("of something");
    assert_eq!(Direction::of_shares(share(1509, 4156), share(1516, 4130)), Direction::AboutEqual);
    assert_eq!(Direction::of_shares(share(1719, 4844), share(1749, 4740)), Direction::Down);
    assert_eq!(Direction::of_shares(share(1, 2), share(2, 4)), Direction::Equal);
    assert_eq!(Direction::of_shares(share(505, 1000), share(500, 1000)), Direction::Up);
}

#[test]
fn a_change_names_the_basis_that_the_definitions_choose() {
    let definitions = Definitions::from_toml("name = \"ours\"\n[change_relative_to]\nrunning = \"current\"\n").expect("a set");
    let all = |count| vec![(CellKey::All, vec![(Measure::Running, Some(count))])];
    let now = Numbers::of_counts(quarter("2025Q1"), &definitions, all(4844));
    let then = Numbers::of_counts(quarter("2024Q4"), &definitions, all(4740));
    let change = Change::of(&now, &then, &CellKey::All, Measure::Running, &definitions);
    assert_eq!(change.words(), "104 meer dan in kwartaal 4 van 2024 (+2,1%)");
    let built_in = Change::of(&now, &then, &CellKey::All, Measure::Running, Definitions::built_in());
    assert_eq!(built_in.words(), "104 meer dan in kwartaal 4 van 2024 (+2,2%)");
    let mut ours = facts(all(4844), Some(all(4740)), None);
    ours.definitions = definitions;
    assert!(text(&write(&ours)).contains("bij ‘lopend’ is ze genomen van de huidige waarde"));
}

#[test]
fn counts_that_were_kept_give_the_percentages_that_the_definitions_say() {
    let method = |method, running, sustainable| {
        (CellKey::Method(method), vec![(Measure::Running, Some(running)), (Measure::SustainableWork, Some(sustainable))])
    };
    let all = (CellKey::All, vec![(Measure::Running, Some(4844)), (Measure::SustainableWork, Some(1375))]);
    let numbers = known("2025Q1", vec![all, method(Method::Werkfit, 199, 0), method(Method::NaarWerk, 47, 4)]).numbers;
    let of = |key: &CellKey| numbers.figure(key, Measure::SustainableWork).fraction;
    assert_eq!(of(&CellKey::All), Fraction::of(1375, 4645));
    assert_eq!(of(&CellKey::All).map(Fraction::tenths), Some(296));
    assert_eq!(of(&CellKey::Method(Method::Werkfit)), None);
    assert_eq!(of(&CellKey::Method(Method::NaarWerk)), Fraction::of(4, 47));
}

#[test]
fn the_same_facts_give_the_same_report() {
    let facts = facts(cells(10, 4), Some(cells(8, 4)), None);
    assert_eq!(write(&facts), write(&facts));
}

/// The whole text of three reports. With `GOLDEN=write` in the environment the files are written anew; look at what changed.
#[test]
fn the_whole_text_of_a_report_is_as_it_was() {
    let organisation = facts(cells(10, 4), Some(cells(8, 4)), Some(cells(12, 3)));
    let mut shielded = facts(cells(10, 4), Some(cells(8, 4)), None);
    shielded.current.numbers.shield(&crate::support::IPS, Measure::PaidWork);
    let all = [("organisation", organisation), ("empty", facts(Vec::new(), None, None)), ("shielded", shielded)];
    for (name, facts) in all {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/golden/{name}.txt"));
        let told = format!("{}\n", text(&write(&facts)));
        if std::env::var("GOLDEN").is_ok_and(|word| word == "write") {
            std::fs::write(&path, &told).expect("it is written");
        }
        let golden = std::fs::read_to_string(&path).expect("the golden text");
        assert!(told == golden, "{name} differs from {}:\n{told}", path.display());
    }
}
