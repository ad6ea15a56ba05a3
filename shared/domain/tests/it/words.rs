//! Codes, regions and the other words, as the contract writes them.

use domain::{Code, Condition, Funding, Method, PlacementKind, Refusal, Region, Step, Variant, Verdict};

use crate::given::event_id;

const CODES: [(Code, &str); 25] = [
    (Code::Malformed, "malformed"),
    (Code::EventIdReused, "event_id_reused"),
    (Code::RecordedAtBackwards, "recorded_at_backwards"),
    (Code::RecordedAtInFuture, "recorded_at_in_future"),
    (Code::OrganisationMismatch, "organisation_mismatch"),
    (Code::WrongExpectedRevision, "wrong_expected_revision"),
    (Code::InFuture, "in_future"),
    (Code::InvalidValue, "invalid_value"),
    (Code::NotEffective, "not_effective"),
    (Code::CorrectionTypeMismatch, "correction_type_mismatch"),
    (Code::NoIntake, "no_intake"),
    (Code::SecondIntake, "second_intake"),
    (Code::SecondOutflow, "second_outflow"),
    (Code::BeforeStart, "before_start"),
    (Code::AfterOutflow, "after_outflow"),
    (Code::VariantWithoutIps, "variant_without_ips"),
    (Code::UnknownJob, "unknown_job"),
    (Code::UnknownPlacement, "unknown_placement"),
    (Code::UnknownEducation, "unknown_education"),
    (Code::DuplicateId, "duplicate_id"),
    (Code::StopBeforeStart, "stop_before_start"),
    (Code::AlreadyStopped, "already_stopped"),
    (Code::ContractEndsBeforeStart, "contract_ends_before_start"),
    (Code::RetractionBreaksTimeline, "retraction_breaks_timeline"),
    (Code::CorrectionBreaksTimeline, "correction_breaks_timeline"),
];

#[test]
fn every_code_is_written_as_on_the_page() {
    for (code, written) in CODES {
        assert_eq!(code.as_str(), written);
        assert_eq!(code.to_string(), written);
    }
}

#[test]
fn every_refusal_says_in_a_sentence_of_its_own_what_a_coach_can_do() {
    let mut sentences: Vec<String> = CODES
        .iter()
        .map(|(code, _)| Refusal { code: *code, event: event_id(1), conflicts: Vec::new(), particular: None }.detail())
        .collect();
    for sentence in &sentences {
        assert!(sentence.starts_with(char::is_uppercase) && sentence.ends_with('.') && sentence.contains("; "), "{sentence}");
    }
    sentences.sort();
    sentences.dedup();
    assert_eq!(sentences.len(), CODES.len());
}

#[test]
fn every_region_of_the_list_is_found_by_its_code() {
    assert_eq!(Region::LIST.len(), 35);
    assert!(Region::LIST.is_sorted(), "it is searched by halving");
    for (code, name) in Region::LIST {
        let region = Region::of_code(code);
        assert_ne!(region, Region::Unlisted);
        assert_eq!((region.code(), region.name()), (*code, *name));
    }
}

#[test]
fn codes_that_are_not_in_the_list_are_no_regions() {
    for code in ["", "AM", "AM00", "AM04", "AM16", "AM31", "AM39", "AM1", "AM018", "am18", " AM18", "AM18 ", "GM0363"] {
        assert_eq!(Region::of_code(code), Region::Unlisted, "{code}");
    }
    assert_eq!((Region::Unlisted.code(), Region::Unlisted.name()), ("", ""));
}

#[test]
fn the_vocabularies_are_those_of_the_page() {
    let methods: Vec<_> = Method::ALL.iter().map(|word| word.as_str()).collect();
    assert_eq!(methods, ["ips", "wabz", "jobcoaching", "werkfit", "naar_werk", "other"]);
    let variants: Vec<_> = Variant::ALL.iter().map(|word| word.as_str()).collect();
    assert_eq!(variants, ["epa", "cmd", "other"]);
    let funding: Vec<_> = Funding::ALL.iter().map(|word| word.as_str()).collect();
    assert_eq!(funding, ["municipality", "uwv", "other"]);
    let kinds: Vec<_> = PlacementKind::ALL.iter().map(|word| word.as_str()).collect();
    assert_eq!(kinds, ["trial_placement", "volunteer_work", "work_experience", "day_activity"]);
    let conditions = Condition::ALL.map(Condition::as_str);
    assert_eq!(conditions, ["regular_workplace", "hours_per_week", "wage_value_percent", "contract"]);
    assert_eq!([Verdict::Yes, Verdict::No, Verdict::Unknown].map(Verdict::as_str), ["yes", "no", "unknown"]);
    let steps = [Step::Intake, Step::Engagement, Step::Assessment, Step::Placement, Step::Coaching, Step::Outflow];
    assert!(steps.is_sorted());
    assert_eq!(steps.map(Step::as_str), ["intake", "engagement", "assessment", "placement", "coaching", "outflow"]);
}
