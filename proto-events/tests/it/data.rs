//! The payloads: for each field of each type what may be left out, what may be `null`, and what is malformed.

use proto_events::{Contract, EventType, Payload, Text};

use crate::samples::{Pieces, accepted, date, full, full_line, least, refused, text};

/// Every field of every type, with the pieces it stands in.
fn fields() -> impl Iterator<Item = (EventType, Pieces, String)> {
    EventType::ALL.iter().copied().flat_map(|event_type| {
        let pieces = Pieces::full(event_type);
        let names: Vec<_> = pieces.data.iter().map(|(name, _)| name.clone()).collect();
        names.into_iter().map(move |name| (event_type, pieces.clone(), name))
    })
}

fn required(event_type: EventType) -> Vec<String> {
    Pieces::of(&full_line(least(event_type))).data.into_iter().map(|(name, _)| name).collect()
}

/// `null` says something in these only: unknown, or none, from this day on.
fn nullable(event_type: EventType, field: &str) -> bool {
    match event_type {
        EventType::PaidWorkChanged => field != "job_id",
        EventType::TrajectoryChanged => !["funding", "region"].contains(&field),
        _ => false,
    }
}

#[test]
fn the_fields_are_those_of_the_page() {
    let of = |event_type| Pieces::full(event_type).data.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ");
    let job = "job_id regular_workplace hours_per_week wage_value_percent contract sector employer";
    let page = [
        (EventType::Intake, "client_id method variant funding scheme region coach target_group benefit in_care label"),
        (EventType::Engagement, "wish goals"),
        (EventType::Assessment, "sectors max_hours_per_week profile"),
        (EventType::PlacementStarted, "placement_id kind"),
        (EventType::PlacementStopped, "placement_id reason"),
        (EventType::PaidWorkStarted, job),
        (EventType::PaidWorkChanged, job),
        (EventType::PaidWorkStopped, "job_id reason"),
        (EventType::EducationStarted, "education_id level"),
        (EventType::EducationStopped, "education_id completed"),
        (EventType::Contact, "with channel minutes note"),
        (EventType::TrajectoryChanged, "variant funding scheme region coach target_group benefit in_care label"),
        (EventType::Outflow, "reason work_ready"),
        (EventType::Retraction, "event_id reason"),
    ];
    for (event_type, names) in page {
        assert_eq!(of(event_type), names);
    }
    assert_eq!(page.len(), EventType::ALL.len());
}

#[test]
fn the_required_fields_are_those_of_the_page() {
    let page = [
        (EventType::Intake, "client_id method funding region"),
        (EventType::Engagement, "wish"),
        (EventType::Assessment, ""),
        (EventType::PlacementStarted, "placement_id kind"),
        (EventType::PlacementStopped, "placement_id"),
        (EventType::PaidWorkStarted, "job_id"),
        (EventType::PaidWorkChanged, "job_id"),
        (EventType::PaidWorkStopped, "job_id"),
        (EventType::EducationStarted, "education_id"),
        (EventType::EducationStopped, "education_id"),
        (EventType::Contact, "with channel"),
        (EventType::TrajectoryChanged, ""),
        (EventType::Outflow, ""),
        (EventType::Retraction, "event_id reason"),
    ];
    for (event_type, names) in page {
        assert_eq!(required(event_type).join(" "), names);
    }
}

#[test]
fn a_field_may_be_left_out_exactly_when_it_is_optional() {
    for (event_type, pieces, field) in fields() {
        let line = pieces.data_without(&field).line();
        if required(event_type).contains(&field) {
            assert!(refused(line).contains(&field), "{event_type}.{field}");
        } else {
            accepted(line);
        }
    }
}

#[test]
fn null_is_allowed_only_in_changes() {
    for (event_type, pieces, field) in fields() {
        let line = pieces.data_with(&field, "null").line();
        if nullable(event_type, &field) {
            assert!(crate::samples::written(&accepted(&line)).contains(&format!("\"{field}\":null")), "{event_type}.{field}");
        } else {
            refused(line);
        }
    }
}

#[test]
fn null_and_absent_differ_in_a_change() {
    let pieces = Pieces::full(EventType::TrajectoryChanged);
    let none = accepted(pieces.clone().data_with("coach", "null").line());
    let absent = accepted(pieces.data_without("coach").line());
    assert_ne!(none.payload, absent.payload);
    let coach = |payload| match payload {
        Payload::TrajectoryChanged(changes) => changes.coach,
        _ => panic!(),
    };
    assert_eq!((coach(none.payload), coach(absent.payload)), (Some(None), None));
}

#[test]
fn a_field_twice_is_refused_even_with_the_same_value() {
    for (event_type, mut pieces, field) in fields() {
        let piece = pieces.data.iter().find(|(name, _)| *name == field).unwrap().clone();
        pieces.data.push(piece);
        assert!(refused(pieces.line()).contains(&field), "{event_type}.{field}");
    }
}

#[test]
fn an_unknown_field_is_refused_and_named() {
    for event_type in EventType::ALL.iter().copied() {
        for name in ["unknown_field", "JOB_ID", "decision"] {
            assert!(refused(Pieces::full(event_type).data_with(name, "1").line()).contains(name), "{event_type}");
        }
    }
}

#[test]
fn values_of_another_kind_are_refused_in_every_field() {
    for (event_type, pieces, field) in fields() {
        let literal = &pieces.data.iter().find(|(name, _)| *name == field).unwrap().1;
        let (text, number, truth) = (literal.starts_with('"'), literal.starts_with(|c: char| c.is_ascii_digit()), literal.contains("e,"));
        for (other, fits) in [("{\"a\":1}", false), ("[1]", false), ("[null]", false), ("\"\\ud800\"", false), ("{}", false)] {
            assert!(!fits && !truth);
            refused(pieces.clone().data_with(&field, other).line());
        }
        if text {
            for other in ["1", "true", "[]", "[\"a\"]"] {
                refused(pieces.clone().data_with(&field, other).line());
            }
        }
        if number {
            for other in ["\"1\"", "true", "[]"] {
                refused(pieces.clone().data_with(&field, other).line());
            }
        }
        if ["true", "false"].contains(&literal.as_str()) {
            for other in ["\"true\"", "1", "0", "[]"] {
                refused(pieces.clone().data_with(&field, other).line());
            }
        }
        assert_eq!(pieces.line(), Pieces::full(event_type).line());
    }
}

#[test]
fn words_outside_the_vocabularies_are_refused() {
    for (event_type, field, known) in [
        (EventType::Intake, "method", "ips wabz jobcoaching werkfit naar_werk other"),
        (EventType::Intake, "variant", "epa cmd other"),
        (EventType::Intake, "funding", "municipality uwv other"),
        (EventType::Intake, "target_group", "epa cmd other"),
        (EventType::Intake, "benefit", "wia wao waz wajong zw ww participatiewet none"),
        (EventType::Engagement, "wish", "paid_work education unpaid_work explore"),
        (EventType::PlacementStarted, "kind", "trial_placement volunteer_work work_experience day_activity"),
        (EventType::Contact, "with", "client employer care_team uwv municipality family"),
        (EventType::Contact, "channel", "in_person phone video message"),
        (EventType::TrajectoryChanged, "variant", "epa cmd other"),
        (EventType::TrajectoryChanged, "funding", "municipality uwv other"),
        (EventType::TrajectoryChanged, "benefit", "wia wao waz wajong zw ww participatiewet none"),
    ] {
        for word in known.split(' ') {
            accepted(Pieces::full(event_type).data_with(field, &format!("{word:?}")).line());
            refused(Pieces::full(event_type).data_with(field, &format!("{:?}", word.to_uppercase())).line());
        }
        for word in ["", "unknown", "Other", " other"] {
            refused(Pieces::full(event_type).data_with(field, &format!("{word:?}")).line());
        }
    }
}

fn contract(json: &str) -> String {
    Pieces::full(EventType::PaidWorkStarted).data_with("contract", json).line()
}

#[test]
fn a_contract_is_permanent_or_of_a_fixed_term_or_other() {
    for (json, expected) in [
        ("{\"kind\":\"permanent\"}", Contract::Permanent),
        ("{\"kind\":\"other\"}", Contract::Other),
        ("{\"kind\":\"fixed_term\",\"until\":\"2025-08-31\"}", Contract::FixedTerm { until: date("2025-08-31") }),
        ("{\"until\":\"2025-08-31\",\"kind\":\"fixed_term\"}", Contract::FixedTerm { until: date("2025-08-31") }),
    ] {
        let Payload::PaidWorkStarted(job) = accepted(contract(json)).payload else { panic!() };
        assert_eq!(job.contract, Some(expected));
        let changed = Pieces::full(EventType::PaidWorkChanged).data_with("contract", json).line();
        let Payload::PaidWorkChanged(job) = accepted(changed).payload else { panic!() };
        assert_eq!(job.contract, Some(Some(expected)));
    }
}

#[test]
fn a_contract_of_another_form_is_refused() {
    for json in [
        "{}",
        "\"permanent\"",
        "[\"permanent\"]",
        "[\"fixed_term\",\"2025-08-31\"]",
        "{\"kind\":\"fixed_term\"}",
        "{\"kind\":\"fixed_term\",\"until\":null}",
        "{\"kind\":\"fixed_term\",\"until\":\"2025-02-29\"}",
        "{\"kind\":\"permanent\",\"until\":\"2025-08-31\"}",
        "{\"kind\":\"permanent\",\"until\":null}",
        "{\"kind\":\"other\",\"until\":\"2025-08-31\"}",
        "{\"kind\":\"temporary\"}",
        "{\"kind\":null}",
        "{\"until\":\"2025-08-31\"}",
        "{\"kind\":\"permanent\",\"x\":1}",
        "{\"kind\":\"permanent\",\"kind\":\"permanent\"}",
        "{\"kind\":\"fixed_term\",\"until\":\"2025-08-31\",\"until\":\"2025-08-31\"}",
        "{\"fixed_term\":{\"until\":\"2025-08-31\"}}",
    ] {
        refused(contract(json));
        refused(Pieces::full(EventType::PaidWorkChanged).data_with("contract", json).line());
    }
}

#[test]
fn an_erased_text_is_this_object_alone() {
    let note = |json: &str| Pieces::full(EventType::Contact).data_with("note", json).line();
    for json in ["{\"erased\":true}", "{ \"erased\" : true }"] {
        let Payload::Contact(contact) = accepted(note(json)).payload else { panic!() };
        assert_eq!(contact.note, Some(Text::Erased));
    }
    for json in [
        "{}",
        "{\"erased\":false}",
        "{\"erased\":null}",
        "{\"erased\":1}",
        "{\"erased\":\"true\"}",
        "{\"erased\":true,\"x\":1}",
        "{\"erased\":true,\"erased\":true}",
        "{\"Erased\":true}",
        "[true]",
        "[]",
        "1",
        "true",
        "null",
    ] {
        refused(note(json));
    }
}

#[test]
fn every_text_field_can_be_erased() {
    for (event_type, pieces, field) in fields() {
        let fits = ["label", "goals", "profile", "sector", "employer", "note"].contains(&field.as_str())
            || (field == "reason" && event_type != EventType::Outflow);
        let line = pieces.data_with(&field, "{\"erased\":true}").line();
        if fits {
            assert!(crate::samples::written(&accepted(&line)).contains(&format!("\"{field}\":{{\"erased\":true}}")));
        } else {
            refused(line);
        }
    }
    let some = Pieces::full(EventType::Assessment).data_with("sectors", "[\"zorg\",{\"erased\":true}]").line();
    let Payload::Assessment(assessment) = accepted(some).payload else { panic!() };
    assert_eq!(assessment.sectors, Some(vec![text("zorg"), Text::Erased]));
}

#[test]
fn a_list_of_sectors_may_be_empty_and_as_long_as_the_rules_need() {
    for count in [0, 1, 50, 51] {
        let sectors = format!("[{}]", vec!["\"x\""; count].join(","));
        let line = Pieces::full(EventType::Assessment).data_with("sectors", &sectors).line();
        let Payload::Assessment(assessment) = accepted(line).payload else { panic!() };
        assert_eq!(assessment.sectors.unwrap().len(), count);
    }
}

#[test]
fn any_text_has_the_form_of_a_region_code() {
    // Whether it is in the list is rule 7, not rule 1.
    for code in ["AM18", "AM99", "am18", ""] {
        accepted(Pieces::full(EventType::Intake).data_with("region", &format!("{code:?}")).line());
    }
}

#[test]
fn texts_are_visited_in_the_order_of_their_fields_and_told_their_names() {
    for event_type in EventType::ALL.iter().copied() {
        let mut seen = Vec::new();
        let turned = full(event_type).try_map_texts(|field, text| {
            seen.push((field, format!("{text:?}")));
            Ok::<_, ()>(text)
        });
        assert_eq!(turned, Ok(full(event_type)));
        let written = serde_json::to_string(&full(event_type)).unwrap();
        let places: Vec<_> =
            seen.iter().map(|(field, _)| written.find(&format!("\"{}\":", field.split('.').next().unwrap())).unwrap()).collect();
        assert!(places.is_sorted(), "{event_type}: {seen:?}");
    }
    let failing = full(EventType::Assessment).try_map_texts(|field, _| Err::<(), _>(field));
    assert_eq!(failing, Err("sectors.0"));
}

#[test]
fn a_text_never_shows_itself_where_it_is_printed() {
    for event_type in EventType::ALL.iter().copied() {
        let printed = format!("{:?}", full_line(full(event_type)));
        for secret in ["Anna", "Bakker", "horeca", "zorg", "Rustig", "Afgerond", "afgelopen", "goed", "Verkeerde"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
    assert_eq!(format!("{:?}", Text::Erased), "Erased");
}

#[test]
fn a_text_counts_its_code_points() {
    assert_eq!(text("").code_points(), 0);
    assert_eq!(text("é😀e\u{301}").code_points(), 4);
    assert_eq!(Text::Erased.code_points(), 0);
}
