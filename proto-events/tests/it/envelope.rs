//! The envelope of a line: which fields, in which form, and what is said where it is malformed.

use proto_events::{
    EventType,
    json::{LONGEST_ACTOR, LONGEST_LINE},
};

use crate::samples::{Pieces, accepted, full, full_line, id, least, least_line, read, refused, written};

const REQUIRED: [&str; 6] = ["event_id", "trajectory_id", "organisation", "type", "occurred_on", "data"];
const IDS: [&str; 6] = ["event_id", "trajectory_id", "corrects", "correlation_id", "causation_id", "decision"];

fn contact() -> Pieces {
    Pieces::full(EventType::Contact)
}

#[test]
fn every_type_goes_out_and_comes_back_the_same() {
    for event_type in EventType::ALL.iter().copied() {
        for line in [full_line(full(event_type)), full_line(least(event_type)), least_line(full(event_type)), least_line(least(event_type))]
        {
            assert_eq!(line.payload.event_type(), event_type);
            let json = written(&line);
            assert_eq!(accepted(&json), line);
            assert_eq!(written(&accepted(&json)), json);
        }
    }
}

#[test]
fn fields_may_stand_in_any_order() {
    for event_type in EventType::ALL.iter().copied() {
        let mut pieces = Pieces::full(event_type);
        pieces.envelope.reverse();
        pieces.data.reverse();
        assert_eq!(accepted(pieces.line()), full_line(full(event_type)));
    }
}

#[test]
fn white_space_around_and_inside_a_line_is_passed_over() {
    let line = contact().line();
    assert_eq!(accepted(format!(" \t{line} \r\n")), accepted(&line));
    assert_eq!(accepted(line.replace("\":", "\" : ")), accepted(&line));
}

#[test]
fn only_these_six_fields_must_be_there() {
    for name in REQUIRED {
        let line =
            if name == "data" { contact().line().replace("\"data\":", "\"correlation_id\":") } else { contact().without(name).line() };
        refused(&line);
    }
    for name in contact().envelope.iter().map(|(name, _)| name).filter(|name| !REQUIRED.contains(&name.as_str())) {
        accepted(contact().without(name).line());
    }
}

#[test]
fn a_missing_field_is_named() {
    assert!(refused(contact().without("organisation").line()).contains("organisation"));
}

#[test]
fn an_unknown_field_is_refused_and_named() {
    for name in ["x", "eventId", "Type", "expected_revision", "event", ""] {
        assert!(refused(contact().with(name, "1").line()).contains(name));
    }
}

#[test]
fn a_field_twice_is_refused_even_with_the_same_value() {
    let whole = contact().with("revision", "1").with("position", "1");
    for piece in &whole.envelope {
        let mut twice = whole.clone();
        twice.envelope.push(piece.clone());
        assert!(refused(twice.line()).contains(&piece.0), "{}", piece.0);
    }
    refused(contact().line().replace("\"data\":", "\"data\":{},\"data\":"));
}

#[test]
fn a_field_twice_is_seen_through_its_escapes() {
    refused(contact().line().replace("{\"event_id\"", "{\"event\\u005fid\":\"01010101-0101-0101-0101-010101010101\",\"event_id\""));
    accepted(contact().line().replace("{\"event_id\"", "{\"event\\u005fid\""));
}

#[test]
fn null_is_refused_in_every_field() {
    for (name, _) in contact().with("revision", "1").with("position", "1").envelope {
        refused(contact().with(&name, "null").line());
    }
    refused(contact().line_with_data("null"));
}

#[test]
fn other_kinds_of_value_are_refused_in_every_field() {
    for (name, _) in contact().with("revision", "1").with("position", "1").envelope {
        for literal in ["[]", "{}", "true", "1.5", "\"\\u00e9\"", "[1]"] {
            if name != "actor" || !literal.starts_with('"') {
                refused(contact().with(&name, literal).line());
            }
        }
    }
    for data in ["[]", "1", "\"x\"", "true", "", "[{}]"] {
        refused(contact().line_with_data(data));
    }
}

#[test]
fn an_array_in_the_place_of_the_line_is_refused() {
    let values: Vec<_> = contact().envelope.into_iter().map(|(_, literal)| literal).collect();
    refused(format!("[{}]", values.join(",")));
    let line = contact().line();
    refused(format!("[{line}]"));
    for other in ["", " ", "null", "1", "\"x\"", "{", "}", "{}"] {
        refused(other);
    }
}

#[test]
fn an_array_in_the_place_of_the_data_is_refused() {
    for event_type in EventType::ALL.iter().copied() {
        let pieces = Pieces::full(event_type);
        let values: Vec<_> = pieces.data.iter().map(|(_, literal)| literal.clone()).collect();
        refused(pieces.line_with_data(&format!("[{}]", values.join(","))));
    }
}

#[test]
fn one_line_is_one_event() {
    let line = contact().line();
    for more in ["{}", "x", ",", "}", "\0", "null", "//"] {
        refused(format!("{line}{more}"));
    }
    refused(format!("{line}\n{line}"));
    refused(format!("\u{feff}{line}"));
    for cut in 0..line.len() {
        assert!(read(&line.as_bytes()[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn types_are_those_of_the_page() {
    for event_type in EventType::ALL.iter().copied() {
        assert_eq!(event_type.as_str().parse(), Ok(event_type));
    }
    for other in ["", "Intake", "INTAKE", "intake ", "client_erased", "advice_given", "paidWorkStarted", "unknown"] {
        refused(contact().with("type", &format!("{other:?}")).line());
    }
    assert_eq!(EventType::ALL.len(), 14);
}

#[test]
fn every_id_must_have_hyphens_and_is_written_in_lower_case() {
    let upper = "ABCDEF01-2345-6789-ABCD-EF0123456789";
    for name in IDS {
        let line = accepted(contact().with(name, &format!("{upper:?}")).line());
        assert!(written(&line).contains(&format!("\"{name}\":\"{}\"", upper.to_lowercase())));
        for form in [
            "abcdef0123456789abcdef0123456789",
            "{abcdef01-2345-6789-abcd-ef0123456789}",
            "urn:uuid:abcdef01-2345-6789-abcd-ef0123456789",
            "abcdef01-2345-6789-abcd-ef012345678",
            "abcdef01-2345-6789-abcd-ef01234567890",
            "abcdef012-345-6789-abcd-ef0123456789",
            "abcdef01-2345-6789-abcd-ef012345678g",
            " abcdef01-2345-6789-abcd-ef012345678",
            "",
        ] {
            refused(contact().with(name, &format!("{form:?}")).line());
        }
    }
}

#[test]
fn an_actor_has_at_most_two_hundred_characters() {
    let of = |count| contact().with("actor", &format!("\"{}\"", "é".repeat(count))).line();
    assert_eq!(accepted(of(LONGEST_ACTOR)).actor.unwrap().chars().count(), 200);
    assert!(refused(of(LONGEST_ACTOR + 1)).contains("actor"));
    accepted(of(0));
}

#[test]
fn revision_and_position_are_accepted_and_ignored() {
    for name in ["revision", "position"] {
        for literal in ["1", "9", "2147483648", "18446744073709551615", "99999999999999999999999999"] {
            assert_eq!(accepted(contact().with(name, literal).line()), accepted(contact().line()));
        }
        for literal in ["0", "-1", "-0", "1.0", "1e0", "\"1\"", "true", "01"] {
            refused(contact().with(name, literal).line());
        }
    }
}

#[test]
fn schema_is_one_when_it_is_left_out() {
    assert_eq!(accepted(contact().without("schema").line()).schema, 1);
    assert_eq!(accepted(contact().with("schema", "1").line()).schema, 1);
}

#[test]
fn an_unknown_schema_is_refused_with_a_sentence() {
    for literal in ["0", "2", "7", "65535"] {
        let said = refused(contact().with("schema", literal).line());
        assert_eq!(said, format!("schema {literal} of contact is unknown to this version of the program: it reads up to 1"));
    }
    for literal in ["65536", "-1", "99999999999", "1.0", "1e0", "\"1\"", "true", "01", "+1", "0x1"] {
        refused(contact().with("schema", literal).line());
    }
}

#[test]
fn a_line_has_a_longest_length() {
    let line = contact().line();
    let padded = |length: usize| format!("{line}{}", " ".repeat(length - line.len()));
    assert_eq!(accepted(padded(LONGEST_LINE)), accepted(&line));
    assert!(refused(padded(LONGEST_LINE + 1)).contains(&LONGEST_LINE.to_string()));
    assert_eq!(read(padded(LONGEST_LINE + 1)).unwrap_err().event_id, Some(id(1)));
}

#[test]
fn the_largest_valid_event_is_short_enough() {
    // Fifty sectors and a profile of 4,000 code points, each escaped as a pair of surrogates.
    let text = format!("\"{}\"", "\\ud83d\\ude00".repeat(4_000));
    let sectors = format!("[{}]", vec![text.as_str(); 50].join(","));
    let line = Pieces::full(EventType::Assessment).data_with("sectors", &sectors).data_with("profile", &text).line();
    assert!(line.len() < LONGEST_LINE, "{} bytes", line.len());
    accepted(line);
}

#[test]
fn a_malformed_line_carries_its_id_wherever_that_can_be_read() {
    let of = |line: String| read(line).unwrap_err().event_id;
    for broken in [
        contact().with("type", "\"nothing\""),
        contact().with("occurred_on", "\"2025-02-30\""),
        contact().with("x", "1"),
        contact().with("schema", "9"),
        contact().without("trajectory_id"),
        contact().data_with("x", "1"),
        contact().data_without("with"),
    ] {
        assert_eq!(of(broken.line()), Some(id(1)), "{}", broken.line());
    }
    assert_eq!(of(contact().line_with_data("[]")), Some(id(1)));
    let mut last = contact().with("x", "1");
    last.envelope.rotate_left(1);
    assert_eq!(of(last.line()), Some(id(1)));
}

#[test]
fn a_malformed_line_carries_no_id_where_none_or_two_can_be_read() {
    let of = |line: String| read(line).unwrap_err().event_id;
    assert_eq!(of(contact().without("event_id").line()), None);
    assert_eq!(of(contact().with("event_id", "\"1\"").line()), None);
    assert_eq!(of(contact().with("event_id", "null").line()), None);
    let mut two = contact();
    two.envelope.push(("event_id".to_owned(), format!("\"{}\"", id(9))));
    assert_eq!(of(two.line()), None);
    assert_eq!(of(contact().line().replacen('}', "", 1)), None);
    assert_eq!(of(format!("[{}]", contact().line())), None);
    assert_eq!(of("not JSON".to_owned()), None);
    // An id out of what is not even Unicode is not to be trusted.
    assert_eq!(of(contact().data_with("note", "\"\\ud800\"").line()), None);
}

#[test]
fn what_goes_out_stands_in_the_order_of_the_page() {
    let names: Vec<_> = Pieces::full(EventType::Contact).envelope.into_iter().map(|(name, _)| name).collect();
    let page = "event_id trajectory_id organisation type occurred_on recorded_at actor corrects correlation_id causation_id decision \
                source_recorded_at schema";
    assert_eq!(names.join(" "), page);
    let line = full_line(full(EventType::Outflow));
    let mut out = line.out();
    (out.revision, out.position) = (Some(9), Some(u64::MAX));
    let json = serde_json::to_string(&out).unwrap();
    assert!(json.ends_with(",\"revision\":9,\"position\":18446744073709551615}"), "{json}");
    assert_eq!(accepted(json), line);
}

#[test]
fn a_name_in_the_wrong_field_is_not_repeated_in_the_error() {
    for name in ["occurred_on", "organisation", "type", "schema", "corrects", "recorded_at"] {
        let detail = refused(contact().with(name, "\"Mevrouw \\\"De\\\" Wit, expected\"").line());
        assert!(!detail.contains("Mevrouw") && !detail.contains("Wit"), "{detail}");
        assert!(detail.contains("expected"), "{detail}");
    }
}
