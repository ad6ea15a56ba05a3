//! Text is Unicode, or the line is malformed.

use proto_events::{EventType, Payload};

use crate::samples::{Pieces, accepted, read, refused, text};

fn note(literal: &str) -> String {
    Pieces::full(EventType::Contact).data_with("note", literal).line()
}

fn note_of(line: impl AsRef<[u8]>) -> Option<proto_events::Text> {
    match accepted(line).payload {
        Payload::Contact(contact) => contact.note,
        _ => panic!(),
    }
}

#[test]
fn a_lone_surrogate_is_refused_wherever_it_stands() {
    for lone in ["\\ud800", "\\udc00", "\\udfff", "\\ud800\\ud800", "\\ud800x", "\\udc00\\ud800", "\\ud83d\\u0041", "\\uD800"] {
        refused(note(&format!("\"{lone}\"")));
        refused(Pieces::full(EventType::Contact).with("actor", &format!("\"{lone}\"")).line());
        refused(Pieces::full(EventType::Intake).data_with("region", &format!("\"{lone}\"")).line());
        refused(Pieces::full(EventType::Assessment).data_with("sectors", &format!("[\"{lone}\"]")).line());
        // In a name too.
        refused(Pieces::full(EventType::Contact).line().replace("\"note\":", &format!("\"{lone}\":1,\"note\":")));
        refused(Pieces::full(EventType::Contact).line().replace("{\"event_id\":", &format!("{{\"{lone}\":1,\"event_id\":")));
    }
}

#[test]
fn a_pair_of_surrogates_is_one_code_point() {
    assert_eq!(note_of(note("\"\\ud83d\\ude00\"")), Some(text("😀")));
    assert_eq!(note_of(note("\"😀\"")), Some(text("😀")));
}

#[test]
fn escapes_are_read_as_what_they_stand_for() {
    assert_eq!(note_of(note("\"\\u0041\\n\\t\\\"\\\\\\/\\b\\f\\r\\u0000\"")), Some(text("A\n\t\"\\/\u{8}\u{c}\r\0")));
    for escape in ["\\x41", "\\u41", "\\", "\\u{41}", "\\'"] {
        refused(note(&format!("\"{escape}\"")));
    }
}

#[test]
fn texts_are_kept_as_they_are_written() {
    // Not normalised: composed and decomposed stay apart.
    for kept in ["é", "e\u{301}", " leading and trailing ", "", "\u{feff}", "\u{200b}", "\u{10ffff}"] {
        assert_eq!(note_of(note(&serde_json::to_string(kept).unwrap())), Some(text(kept)));
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_refused_wherever_they_stand() {
    let invalid: [&[u8]; 6] = [b"\xff", b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80"];
    let line = Pieces::full(EventType::Contact).with("actor", "\"@\"").data_with("note", "\"@\"").line().into_bytes();
    let places: Vec<_> = (0..line.len()).filter(|place| line[*place] == b'@').collect();
    assert_eq!(places.len(), 2);
    accepted(&line);
    for bytes in invalid {
        for place in &places {
            let broken: Vec<u8> = [&line[..*place], bytes, &line[place + 1..]].concat();
            refused(&broken);
            assert_eq!(read(&broken).unwrap_err().event_id, None, "an id out of rubble is not to be trusted");
        }
        // In a name, and between the fields.
        refused([b"{\"", bytes, b"\":1,", &line[1..]].concat());
        refused([b"{", bytes, &line[1..]].concat());
        refused([&line[..], bytes].concat());
    }
}

#[test]
fn control_characters_must_be_escaped() {
    for control in ["\0", "\n", "\t", "\u{1f}"] {
        refused(note(&format!("\"{control}\"")));
    }
    assert_eq!(note_of(note("\"\u{7f}\"")), Some(text("\u{7f}")));
}
