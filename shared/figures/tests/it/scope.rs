//! Scopes as they are asked for.

use figures::{NotAScope, Scope};

#[test]
fn a_scope_is_written_as_it_is_read() {
    for text in ["national", "region:AM18", "organisation:org-1", "region:AM18,organisation:org-1", "organisation:0"] {
        assert_eq!(text.parse::<Scope>().expect("a scope").as_text(), text);
    }
    assert_eq!("organisation:x,region:AM01".parse::<Scope>().expect("a scope").as_text(), "region:AM01,organisation:x");
}

#[test]
fn a_scope_says_its_level() {
    for (text, level) in [
        ("national", "national"),
        ("region:AM18", "region"),
        ("organisation:x", "organisation"),
        ("organisation:x,region:AM18", "region+organisation"),
    ] {
        assert_eq!(text.parse::<Scope>().expect("a scope").level(), level);
    }
}

#[test]
fn a_region_that_is_not_in_the_list_is_named() {
    for code in ["AM04", "AM16", "AM31", "AM39", "am18", "AM1", "", "Groot Amsterdam"] {
        assert_eq!(format!("region:{code}").parse::<Scope>(), Err(NotAScope::UnknownRegion(code.to_owned())));
    }
}

#[test]
fn a_kind_of_scope_is_named_once() {
    assert_eq!("region:AM18,region:AM18".parse::<Scope>(), Err(NotAScope::Twice("region")));
    assert_eq!("organisation:a,region:AM18,organisation:b".parse::<Scope>(), Err(NotAScope::Twice("organisation")));
}

#[test]
fn what_is_no_scope_is_refused() {
    let long = format!("organisation:{}", "a".repeat(65));
    for text in [
        "",
        "land",
        "national,region:AM18",
        "region",
        "region=AM18",
        "organisation:",
        "organisation:-a",
        "organisation:A",
        "organisation:a b",
        ",",
        "region:AM18,",
        "organisation:é",
        &long,
    ] {
        assert!(matches!(text.parse::<Scope>(), Err(NotAScope::Form(_))), "{text}");
    }
    assert!(format!("organisation:{}", "a".repeat(64)).parse::<Scope>().is_ok());
}
