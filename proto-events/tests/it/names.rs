//! UUIDs, slugs and region codes.

use proptest::prelude::*;
use proto_events::{EventType, Id, Slug};

use crate::samples::{Pieces, accepted, id, refused};

#[test]
fn a_slug_is_one_to_sixty_four_letters_digits_and_hyphens() {
    for fine in ["a", "0", "a-", "a--b", "0-9", "org-17", &"a".repeat(64), &format!("a{}", "-".repeat(63))] {
        assert_eq!(fine.parse::<Slug>().unwrap().as_str(), fine);
        accepted(Pieces::full(EventType::Contact).with("organisation", &format!("{fine:?}")).line());
    }
    for wrong in ["", "-", "-a", "A", "aB", "a_b", "a b", " a", "a ", "a.b", "é", "aé", "ａ", &"a".repeat(65), "a\n", "a\0"] {
        assert!(wrong.parse::<Slug>().is_err(), "{wrong:?}");
        let literal = serde_json::to_string(wrong).unwrap();
        for field in ["scheme", "coach"] {
            refused(Pieces::full(EventType::Intake).data_with(field, &literal).line());
            refused(Pieces::full(EventType::TrajectoryChanged).data_with(field, &literal).line());
        }
        refused(Pieces::full(EventType::Contact).with("organisation", &literal).line());
        refused(Pieces::full(EventType::EducationStarted).data_with("level", &literal).line());
        refused(Pieces::full(EventType::Outflow).data_with("reason", &literal).line());
    }
}

#[test]
fn a_slug_may_be_escaped() {
    let line = accepted(Pieces::full(EventType::Contact).with("organisation", "\"org\\u002d17\"").line());
    assert_eq!(line.organisation.as_str(), "org-17");
}

#[test]
fn an_id_in_either_case_is_the_same_id() {
    let lower: Id = "abcdef01-2345-6789-abcd-ef0123456789".parse().unwrap();
    let upper: Id = "ABCDEF01-2345-6789-ABCD-EF0123456789".parse().unwrap();
    let mixed: Id = "aBcDeF01-2345-6789-AbCd-Ef0123456789".parse().unwrap();
    assert_eq!((lower, mixed), (upper, upper));
    assert_eq!(upper.to_string(), "abcdef01-2345-6789-abcd-ef0123456789");
    assert_eq!(upper.bytes()[..2], [0xab, 0xcd]);
}

#[test]
fn an_id_of_any_version_is_an_id() {
    for text in ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "0198d6f2-1234-7abc-8def-0123456789ab"] {
        assert_eq!(text.parse::<Id>().unwrap().to_string(), text);
    }
}

#[test]
fn ids_inside_the_data_must_have_hyphens_too() {
    for (event_type, field) in [
        (EventType::Intake, "client_id"),
        (EventType::PlacementStarted, "placement_id"),
        (EventType::PaidWorkChanged, "job_id"),
        (EventType::EducationStopped, "education_id"),
        (EventType::Retraction, "event_id"),
    ] {
        accepted(Pieces::full(event_type).data_with(field, &format!("\"{}\"", id(7)).to_uppercase()).line());
        let bare = id(7).to_string().replace('-', "");
        for form in [bare.clone(), format!("{{{}}}", id(7)), format!("urn:uuid:{}", id(7)), format!("{bare}----")] {
            refused(Pieces::full(event_type).data_with(field, &format!("{form:?}")).line());
        }
    }
}

proptest! {
    #[test]
    fn a_slug_is_what_the_page_says(text in "[a-c0-1A_ é-]{0,4}|[a-z0-9-]{60,66}") {
        let fine = |(place, c): (usize, char)| c.is_ascii_lowercase() || c.is_ascii_digit() || (c == '-' && place > 0);
        let page = (1..=64).contains(&text.len()) && text.chars().enumerate().all(fine);
        prop_assert_eq!(text.parse::<Slug>().is_ok(), page);
    }

    #[test]
    fn an_id_is_written_as_it_is_read(bytes: [u8; 16]) {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
        let id: Id = text.parse().unwrap();
        prop_assert_eq!(id.bytes(), &bytes);
        prop_assert_eq!(id.to_string(), text.clone());
        prop_assert_eq!(text.to_uppercase().parse::<Id>(), Ok(id));
    }
}
