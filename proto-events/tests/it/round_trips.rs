//! Any payload survives both forms; any bytes are read or refused, never a panic.

use proptest::{collection::vec, prelude::*};
use proto_events::{
    EventType, Payload, SealedText, Skipped, Text,
    stored::{StoredDecision, StoredEvent, decode, encode_payload},
    upcast::Upcasters,
};

use crate::{
    arbitrary::{any_id, any_line},
    samples::{accepted, full, full_line, read, written},
};

fn sealed(payload: Payload<Text>) -> Payload<SealedText> {
    let seal = |_, text| {
        Ok::<_, ()>(SealedText(match text {
            Text::Clear(clear) => clear.into_bytes(),
            Text::Erased => Vec::new(),
        }))
    };
    payload.try_map_texts(seal).unwrap()
}

proptest! {
    #[test]
    fn any_line_is_read_as_it_was_written(line in any_line()) {
        let json = written(&line);
        let read = accepted(&json);
        prop_assert_eq!(&read, &line);
        prop_assert_eq!(written(&read), json);
    }

    #[test]
    fn any_decision_is_read_as_it_was_stored(lines in vec(any_line(), 1..4), client in proptest::option::of(any_id()), position: u64, revision: u32) {
        let payloads: Vec<_> = lines.iter().map(|line| sealed(line.payload.clone())).collect();
        let data: Vec<_> = payloads.iter().map(|payload| {
            let mut bytes = Vec::new();
            encode_payload(payload, &mut bytes).unwrap();
            bytes
        }).collect();
        let events = lines.iter().zip(&data).map(|(line, data)| StoredEvent {
            event_id: line.event_id,
            event_type: line.payload.event_type(),
            occurred_on: line.occurred_on,
            recorded_at: line.recorded_at.unwrap_or_else(|| "2025-01-01T00:00:00Z".parse().unwrap()),
            actor: line.actor.as_deref().unwrap_or_default(),
            corrects: line.corrects,
            correlation_id: line.correlation_id,
            causation_id: line.causation_id,
            source_recorded_at: line.source_recorded_at,
            schema: 1,
            data,
        }).collect();
        let decision = StoredDecision {
            trajectory_id: lines[0].trajectory_id,
            organisation: lines[0].organisation.as_str(),
            client_id: client,
            first_position: position,
            first_revision: revision,
            events,
        };
        let mut body = Vec::new();
        decision.encode(&mut body).unwrap();
        let read = decode(&body).unwrap();
        prop_assert_eq!(&read, &decision);
        for (event, payload) in read.events.iter().zip(&payloads) {
            prop_assert_eq!(&event.payload::<SealedText>(&Upcasters::of_today()).unwrap(), payload);
            let unread: Payload<Skipped> = event.payload(&Upcasters::of_today()).unwrap();
            prop_assert_eq!(unread.event_type(), payload.event_type());
        }
        let mut again = Vec::new();
        read.encode(&mut again).unwrap();
        prop_assert_eq!(again, body);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
        let _ = decode(&bytes);
        for event_type in EventType::ALL.iter().copied() {
            let _ = Payload::<SealedText>::deserialize(event_type, &mut rmp_serde::Deserializer::from_read_ref(&bytes));
        }
    }

    #[test]
    fn a_line_with_some_bytes_changed_is_read_or_refused(which in 0..14_usize, changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut line = written(&full_line(full(EventType::ALL[which]))).into_bytes();
        for (place, byte) in changes {
            let place = place.index(line.len());
            line[place] = byte;
        }
        // What is read can be written and read again: nothing half understood is taken in.
        if let Ok(read) = read(&line) {
            prop_assert_eq!(accepted(written(&read)), read);
        }
    }
}
