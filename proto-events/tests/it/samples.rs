//! A payload of every type with all its fields and one with as few as it may have; a line in pieces, to break it anywhere.

use proto_events::{
    Assessment, Benefit, CheckedText, Contact, ContactChannel, ContactWith, Contract, Date, EducationStarted, EducationStopped, Engagement,
    EventType, Funding, Hundredths, Id, Intake, Method, Outflow, PaidWorkChanged, PaidWorkStarted, PaidWorkStopped, Payload, PlacementKind,
    PlacementStarted, PlacementStopped, RegionCode, Retraction, Slug, TargetGroup, Text, Timestamp, TrajectoryChanged, Variant,
    WholeNumber, Wish,
    json::{EventLine, Malformed, parse_line},
    upcast::Upcasters,
};

/// An id whose bytes are easily seen.
pub fn id(byte: u8) -> Id {
    let digits = format!("{byte:02x}");
    let [eight, four, twelve] = [4, 2, 6].map(|count| digits.repeat(count));
    format!("{eight}-{four}-{four}-{four}-{twelve}").parse().unwrap()
}

pub fn slug(name: &str) -> Slug {
    name.parse().unwrap()
}

pub fn text(clear: &str) -> Text {
    Text::Clear(clear.to_owned())
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn timestamp(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Every field of the type, each with a value of its own.
pub fn full(event_type: EventType) -> Payload<Text> {
    match event_type {
        EventType::Intake => Payload::Intake(Box::new(Intake {
            client_id: id(0xC1),
            method: Method::Ips,
            variant: Some(Variant::Epa),
            funding: Funding::Municipality,
            scheme: Some(slug("sroi-2025")),
            region: RegionCode("AM18".into()),
            coach: Some(slug("coach-7")),
            target_group: Some(TargetGroup::Cmd),
            benefit: Some(Benefit::Participatiewet),
            in_care: Some(true),
            label: Some(text("Anna de Vries")),
        })),
        EventType::Engagement => Payload::Engagement(Engagement { wish: Wish::PaidWork, goals: Some(text("Bakker worden")) }),
        EventType::Assessment => Payload::Assessment(Assessment {
            sectors: Some(vec![text("horeca"), text("zorg")]),
            max_hours_per_week: Some(Hundredths(24_50)),
            profile: Some(text("Rustige omgeving")),
        }),
        EventType::PlacementStarted => {
            Payload::PlacementStarted(PlacementStarted { placement_id: id(0xB1), kind: PlacementKind::TrialPlacement })
        }
        EventType::PlacementStopped => {
            Payload::PlacementStopped(PlacementStopped { placement_id: id(0xB1), reason: Some(text("Afgerond")) })
        }
        EventType::PaidWorkStarted => Payload::PaidWorkStarted(Box::new(PaidWorkStarted {
            job_id: id(0xA1),
            regular_workplace: Some(true),
            hours_per_week: Some(Hundredths(11_99)),
            wage_value_percent: Some(Hundredths(35_00)),
            contract: Some(Contract::FixedTerm { until: date("2025-08-31") }),
            sector: Some(text("bakkerij")),
            employer: Some(text("Bakker Jansen")),
        })),
        EventType::PaidWorkChanged => Payload::PaidWorkChanged(Box::new(PaidWorkChanged {
            job_id: id(0xA1),
            regular_workplace: Some(Some(false)),
            hours_per_week: Some(Some(Hundredths(20_00))),
            wage_value_percent: Some(None),
            contract: Some(Some(Contract::Permanent)),
            sector: Some(None),
            employer: Some(Some(text("Bakker Pietersen"))),
        })),
        EventType::PaidWorkStopped => {
            Payload::PaidWorkStopped(PaidWorkStopped { job_id: id(0xA1), reason: Some(text("Contract afgelopen")) })
        }
        EventType::EducationStarted => Payload::EducationStarted(EducationStarted { education_id: id(0xE1), level: Some(slug("mbo-2")) }),
        EventType::EducationStopped => Payload::EducationStopped(EducationStopped { education_id: id(0xE1), completed: Some(false) }),
        EventType::Contact => Payload::Contact(Contact {
            with: ContactWith::CareTeam,
            channel: ContactChannel::InPerson,
            minutes: Some(WholeNumber(45)),
            note: Some(text("Gaat goed")),
        }),
        EventType::TrajectoryChanged => Payload::TrajectoryChanged(Box::new(TrajectoryChanged {
            variant: Some(None),
            funding: Some(Funding::Uwv),
            scheme: Some(Some(slug("other"))),
            region: Some(RegionCode("AM22".into())),
            coach: Some(None),
            target_group: Some(Some(TargetGroup::Other)),
            benefit: Some(Some(Benefit::None)),
            in_care: Some(Some(false)),
            label: Some(Some(text("Anna Jansen"))),
        })),
        EventType::Outflow => Payload::Outflow(Outflow { reason: Some(slug("work")), work_ready: Some(true) }),
        EventType::Retraction => Payload::Retraction(Retraction { event_id: id(0x0E), reason: text("Verkeerde cliënt") }),
    }
}

/// Only the fields that the type must have.
pub fn least(event_type: EventType) -> Payload<Text> {
    match full(event_type) {
        Payload::Intake(p) => Payload::Intake(Box::new(Intake {
            variant: None,
            scheme: None,
            coach: None,
            target_group: None,
            benefit: None,
            in_care: None,
            label: None,
            ..*p
        })),
        Payload::Engagement(p) => Payload::Engagement(Engagement { goals: None, ..p }),
        Payload::Assessment(_) => Payload::Assessment(Assessment { sectors: None, max_hours_per_week: None, profile: None }),
        Payload::PlacementStarted(p) => Payload::PlacementStarted(p),
        Payload::PlacementStopped(p) => Payload::PlacementStopped(PlacementStopped { reason: None, ..p }),
        Payload::PaidWorkStarted(p) => Payload::PaidWorkStarted(Box::new(PaidWorkStarted {
            job_id: p.job_id,
            regular_workplace: None,
            hours_per_week: None,
            wage_value_percent: None,
            contract: None,
            sector: None,
            employer: None,
        })),
        Payload::PaidWorkChanged(p) => Payload::PaidWorkChanged(Box::new(PaidWorkChanged {
            job_id: p.job_id,
            regular_workplace: None,
            hours_per_week: None,
            wage_value_percent: None,
            contract: None,
            sector: None,
            employer: None,
        })),
        Payload::PaidWorkStopped(p) => Payload::PaidWorkStopped(PaidWorkStopped { reason: None, ..p }),
        Payload::EducationStarted(p) => Payload::EducationStarted(EducationStarted { level: None, ..p }),
        Payload::EducationStopped(p) => Payload::EducationStopped(EducationStopped { completed: None, ..p }),
        Payload::Contact(p) => Payload::Contact(Contact { minutes: None, note: None, ..p }),
        Payload::TrajectoryChanged(_) => Payload::TrajectoryChanged(Box::new(TrajectoryChanged {
            variant: None,
            funding: None,
            scheme: None,
            region: None,
            coach: None,
            target_group: None,
            benefit: None,
            in_care: None,
            label: None,
        })),
        Payload::Outflow(_) => Payload::Outflow(Outflow { reason: None, work_ready: None }),
        Payload::Retraction(p) => Payload::Retraction(p),
    }
}

/// With every field of the envelope.
pub fn full_line(payload: Payload<Text>) -> EventLine {
    EventLine {
        event_id: id(0x01),
        trajectory_id: id(0x02),
        organisation: slug("org-17"),
        occurred_on: date("2025-03-31"),
        recorded_at: Some(timestamp("2025-03-31T09:30:00.123456Z")),
        actor: Some("coach-7@org-17".to_owned()),
        corrects: Some(id(0x03)),
        correlation_id: Some(id(0x04)),
        causation_id: Some(id(0x05)),
        decision: Some(id(0x06)),
        source_recorded_at: Some(timestamp("2024-12-31T23:59:59Z")),
        schema: 1,
        payload,
    }
}

/// With as few fields as an envelope may have.
pub fn least_line(payload: Payload<Text>) -> EventLine {
    EventLine {
        recorded_at: None,
        actor: None,
        corrects: None,
        correlation_id: None,
        causation_id: None,
        decision: None,
        source_recorded_at: None,
        ..full_line(payload)
    }
}

pub fn written(line: &EventLine) -> String {
    serde_json::to_string(&line.out()).unwrap()
}

/// Read with its texts; the check without them, which goes over a whole file first, must say the same.
#[track_caller]
pub fn read_with(line: impl AsRef<[u8]>, upcasters: &Upcasters) -> Result<EventLine, Malformed> {
    let read = parse_line::<Text>(line.as_ref(), upcasters);
    let checked = parse_line::<CheckedText>(line.as_ref(), upcasters);
    assert_eq!(checked.map(|line| line.event_id), read.as_ref().map(|line| line.event_id).map_err(Clone::clone), "the check differs");
    read
}

#[track_caller]
pub fn read(line: impl AsRef<[u8]>) -> Result<EventLine, Malformed> {
    read_with(line, &Upcasters::of_today())
}

#[track_caller]
pub fn accepted(line: impl AsRef<[u8]>) -> EventLine {
    read(&line).unwrap_or_else(|malformed| panic!("{malformed}: {}", String::from_utf8_lossy(line.as_ref())))
}

/// Refused as malformed; the sentence.
#[track_caller]
pub fn refused(line: impl AsRef<[u8]>) -> String {
    let malformed = read(&line).map(|read| format!("{read:?} from {}", String::from_utf8_lossy(line.as_ref()))).unwrap_err();
    assert!(!malformed.detail.is_empty() && !malformed.detail.contains(" line 1"), "{malformed}");
    malformed.detail
}

/// A line in pieces: names and literals, in any order and number.
#[derive(Clone)]
pub struct Pieces {
    pub envelope: Vec<(String, String)>,
    pub data: Vec<(String, String)>,
}

fn pieces(json: &str) -> Vec<(String, String)> {
    let map: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).unwrap();
    map.into_iter().map(|(name, value)| (name, value.to_string())).collect()
}

fn join(pieces: &[(String, String)]) -> String {
    let all: Vec<_> = pieces.iter().map(|(name, literal)| format!("{name:?}:{literal}")).collect();
    format!("{{{}}}", all.join(","))
}

impl Pieces {
    pub fn of(line: &EventLine) -> Self {
        let mut envelope = pieces(&written(line));
        let place = envelope.iter().position(|(name, _)| name == "data").unwrap();
        let (_, data) = envelope.remove(place);
        Self { envelope, data: pieces(&data) }
    }

    /// With every field of envelope and payload, except those that only a log gives.
    pub fn full(event_type: EventType) -> Self {
        Self::of(&full_line(full(event_type)))
    }

    /// The envelope's field with another literal, in its place or at the end.
    pub fn with(mut self, name: &str, literal: &str) -> Self {
        set(&mut self.envelope, name, literal);
        self
    }

    /// The payload's field with another literal.
    pub fn data_with(mut self, name: &str, literal: &str) -> Self {
        set(&mut self.data, name, literal);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.envelope.retain(|(other, _)| other != name);
        self
    }

    pub fn data_without(mut self, name: &str) -> Self {
        self.data.retain(|(other, _)| other != name);
        self
    }

    pub fn line(&self) -> String {
        self.line_with_data(&join(&self.data))
    }

    pub fn line_with_data(&self, data: &str) -> String {
        let mut all = self.envelope.clone();
        all.push(("data".to_owned(), data.to_owned()));
        join(&all)
    }
}

fn set(pieces: &mut Vec<(String, String)>, name: &str, literal: &str) {
    match pieces.iter_mut().find(|(other, _)| other == name) {
        Some((_, old)) => *old = literal.to_owned(),
        None => pieces.push((name.to_owned(), literal.to_owned())),
    }
}
