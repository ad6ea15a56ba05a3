//! Facts of one state of the log, and what the file of a report is called.

use domain::Quarter;
use figures::{AsOf, Definitions, Scope};
use report::{Facts, Known, Numbers, file_name};

use crate::support::{cells, known, quarter};

#[test]
fn one_state_tells_of_the_quarter_the_two_that_it_is_compared_with_and_two_years() {
    let first = quarter("2024Q1");
    let asked = std::cell::RefCell::new(Vec::new());
    let counted =
        |of: Quarter| if of < first { known(&of.to_string(), Vec::new()).numbers } else { known(&of.to_string(), cells(10, 4)).numbers };
    let numbers = |of: Quarter| {
        asked.borrow_mut().push(of.to_string());
        counted(of)
    };
    let as_of = AsOf { position: 7, recorded_at: Some("2025-05-15T12:00:00Z".to_owned()), provisional: true };
    let facts = Facts::of_state(quarter("2025Q1"), Scope::default(), Definitions::built_in().clone(), &as_of, numbers);
    let at = |known: &Known| (known.numbers.quarter().to_string(), known.position, known.recorded_at.clone());
    let seen = |of: &str| (of.to_owned(), 7, as_of.recorded_at.clone());
    assert_eq!(at(&facts.current), seen("2025Q1"));
    assert_eq!([&facts.previous, &facts.year_earlier].map(|known| at(known.as_ref().unwrap())), [seen("2024Q4"), seen("2024Q1")]);
    assert!(facts.provisional && !facts.published);
    // The quarters before anybody was guided are left out.
    let line: Vec<String> = facts.trend.iter().map(|numbers| numbers.quarter().to_string()).collect();
    assert_eq!(line, ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1"]);
    assert!(facts.trend.iter().all(|numbers| !Numbers::is_empty(numbers)));
    let told: Vec<String> = report::line(quarter("2025Q1")).iter().map(ToString::to_string).collect();
    assert_eq!(told, ["2023Q2", "2023Q3", "2023Q4", "2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1"]);
    assert_eq!(*asked.borrow(), told, "each quarter is counted once");
}

#[test]
fn a_file_is_called_after_its_quarter_and_its_scope() {
    for (scope, name) in [
        ("national", "2025Q1-landelijk"),
        ("region:AM18", "2025Q1-regio-AM18"),
        ("organisation:ggz-voorbeeld", "2025Q1-organisatie-ggz-voorbeeld"),
        ("region:AM18,organisation:ggz-voorbeeld", "2025Q1-organisatie-ggz-voorbeeld-regio-AM18"),
    ] {
        assert_eq!(file_name(quarter("2025Q1"), &scope.parse().unwrap()), name);
    }
}
