//! The living caseload of one coach: a few trajectories as they stand on a day, so that an application has something to show on any day.
//!
//! Each stands for one thing that a list of trajectories tells: work that lacks an hour, a contract that runs out, a long silence, a standstill,
//! work that has just become sustainable, and what goes well.

use proto_events::{Date, Timestamp};
use serde_json::{Map, Value, json};

/// The namespace of the ids, so that the same day has the same ones.
const NAMESPACE: u128 = 0x7a5c_1d0e_44f2_4e0b_9c36_d2f1_0b6e_5a71;

const MICROS_OF_DAY: i64 = 24 * 3600 * 1_000_000;
/// What happened is recorded in the afternoon of its day, 14.00 UTC: in Amsterdam it is the same day.
const AFTERNOON: i64 = 14 * 3600 * 1_000_000;

/// Whose caseload, and on which day.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// Today.
    pub today: Date,
    /// The organisation's code.
    pub organisation: &'a str,
    /// The coach's code.
    pub coach: &'a str,
    /// The code of the labour-market region.
    pub region: &'a str,
    /// The last moment at which the log recorded something: nothing is recorded before it.
    pub recorded_until: Option<Timestamp>,
}

/// A trajectory that is being told.
struct Case<'a> {
    of: Of<'a>,
    number: u32,
    lines: Vec<(i32, Value)>,
}

impl<'a> Case<'a> {
    /// It begins so many days ago, of a client who is known by this name.
    fn begun(of: Of<'a>, number: u32, days_ago: i32, name: &str, more: Value) -> Self {
        let mut case = Self { of, number, lines: Vec::new() };
        let mut data = json!({
            "client_id": case.id("client"), "method": "ips", "funding": "municipality", "region": of.region, "coach": of.coach,
            "label": name, "in_care": true,
        });
        merge(&mut data, more);
        case.tell(days_ago, "intake", data);
        case
    }

    fn id(&self, what: &str) -> String {
        let name = format!("{}/{}/{}/{what}", self.of.coach, self.of.today, self.number);
        // FNV-1a, and so version 8: made by a rule of our own.
        let bits = name.bytes().fold(NAMESPACE, |bits, byte| (bits ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b));
        uuid::Builder::from_custom_bytes(bits.to_be_bytes()).into_uuid().to_string()
    }

    fn tell(&mut self, days_ago: i32, kind: &str, data: Value) -> String {
        let event = self.id(&format!("event-{}", self.lines.len()));
        let line = json!({
            "event_id": event, "trajectory_id": self.id("trajectory"), "organisation": self.of.organisation, "type": kind,
            "occurred_on": self.day(days_ago), "actor": self.of.coach, "data": data,
        });
        self.lines.push((days_ago, line));
        event
    }

    /// The day so many days ago; a negative number is to come.
    fn day(&self, days_ago: i32) -> String {
        Date::from_days(self.of.today.days() - days_ago).unwrap_or(self.of.today).to_string()
    }

    fn wishes(&mut self, days_ago: i32, wish: &str, goals: &str) {
        self.tell(days_ago, "engagement", json!({"wish": wish, "goals": goals}));
    }

    fn assessed(&mut self, days_ago: i32, sectors: &[&str], hours: u32) {
        self.tell(days_ago, "assessment", json!({"sectors": sectors, "max_hours_per_week": hours}));
    }

    fn spoke(&mut self, days_ago: i32, with: &str, channel: &str, minutes: u32, note: &str) -> String {
        self.tell(days_ago, "contact", json!({"with": with, "channel": channel, "minutes": minutes, "note": note}))
    }

    fn works(&mut self, days_ago: i32, employer: &str, sector: &str, terms: Value) {
        let mut data = json!({"job_id": self.id("job"), "employer": employer, "sector": sector});
        merge(&mut data, terms);
        self.tell(days_ago, "paid_work_started", data);
    }

    fn until(&self, days_ago: i32) -> Value {
        json!({"kind": "fixed_term", "until": self.day(days_ago)})
    }
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}

fn terms(regular: bool, hours: f64, wage: u32, contract: Value) -> Value {
    Value::Object(Map::from_iter([
        ("regular_workplace".to_owned(), regular.into()),
        ("hours_per_week".to_owned(), hours.into()),
        ("wage_value_percent".to_owned(), wage.into()),
        ("contract".to_owned(), contract),
    ]))
}

/// The events of a caseload, in the order in which they can be recorded: form and rules are those of the event contract. Each was recorded on the
/// day on which it happened, but for those of before `recorded_until`. None is of today, so that none is recorded after now.
#[must_use]
pub fn caseload(of: Of<'_>) -> Vec<Value> {
    let permanent = || json!({"kind": "permanent"});
    let mut cases = Vec::new();
    let mut next = 0;
    let mut begun = |days_ago: i32, name: &str, more: Value| {
        next += 1;
        Case::begun(of, next, days_ago, name, more)
    };

    let mut one = begun(148, "Fatima A.", json!({"variant": "epa", "benefit": "participatiewet"}));
    one.wishes(139, "paid_work", "Weer onder de mensen zijn, en een eigen inkomen.");
    one.assessed(128, &["zorg", "verkoop"], 16);
    one.spoke(101, "employer", "in_person", 45, "Proefdag gepland in de bakkerij.");
    one.works(84, "Bakkerij Van Vliet", "verkoop", terms(true, 11.0, 100, permanent()));
    one.spoke(33, "client", "phone", 15, "Gaat goed. Wil proberen een uur langer te werken.");
    one.spoke(6, "employer", "phone", 10, "Een twaalfde uur kan vanaf volgende maand.");
    cases.push(one);

    let mut one = begun(260, "Henk V.", json!({"variant": "cmd", "funding": "uwv"}));
    one.wishes(251, "paid_work", "Iets met techniek.");
    one.assessed(240, &["techniek"], 24);
    let contract = one.until(-20);
    one.works(160, "Fietsenmakerij De Ketting", "techniek", terms(true, 20.0, 80, contract));
    one.spoke(41, "client", "in_person", 30, "Zou graag blijven. Verlenging bespreken met de werkgever.");
    one.spoke(9, "employer", "phone", 10, "Beslist eind van de maand over verlenging.");
    cases.push(one);

    let mut one = begun(330, "Joyce M.", json!({"variant": "epa"}));
    one.wishes(322, "paid_work", "Werk dichtbij huis.");
    one.assessed(310, &["schoonmaak", "horeca"], 20);
    let contract = one.until(12);
    one.works(196, "Hotel De Haven", "horeca", terms(true, 16.0, 100, contract));
    one.spoke(15, "client", "message", 5, "Contract loopt af, hoort nog of er een nieuw komt.");
    cases.push(one);

    let mut one = begun(97, "Ibrahim D.", json!({"variant": "epa", "benefit": "wajong", "funding": "uwv"}));
    one.wishes(90, "paid_work", "Eerst klein beginnen.");
    one.assessed(71, &["groen", "logistiek"], 12);
    one.spoke(37, "client", "phone", 20, "Twijfelt. Belt zelf terug.");
    cases.push(one);

    let mut one = begun(131, "Loes P.", json!({"variant": "other"}));
    one.wishes(112, "education", "Een vak leren.");
    one.spoke(60, "family", "in_person", 50, "Kennisgemaakt met haar broer.");
    one.spoke(8, "client", "in_person", 40, "Moeite met kiezen. Samen vacatures bekeken.");
    cases.push(one);

    let mut one = begun(188, "Ricardo S.", json!({"variant": "epa"}));
    one.wishes(180, "paid_work", "Weer koken.");
    one.assessed(171, &["horeca"], 28);
    one.works(118, "Eetcafé De Brug", "horeca", terms(true, 8.0, 100, permanent()));
    let job = one.id("job");
    one.tell(15, "paid_work_changed", json!({"job_id": job, "hours_per_week": 20}));
    one.spoke(3, "client", "phone", 10, "Trots op de uitbreiding.");
    cases.push(one);

    let mut one = begun(76, "Annelies B.", json!({"variant": "cmd"}));
    one.wishes(70, "unpaid_work", "Ritme opbouwen.");
    one.assessed(55, &["dieren"], 10);
    let placement = one.id("placement");
    one.tell(40, "placement_started", json!({"placement_id": placement, "kind": "volunteer_work"}));
    one.spoke(9, "client", "in_person", 30, "Geniet van het werk in het asiel.");
    cases.push(one);

    let mut one = begun(150, "Tygo R.", json!({"variant": "epa", "target_group": "other"}));
    one.wishes(140, "education", "Het diploma halen.");
    one.assessed(121, &["ict"], 24);
    let education = one.id("education");
    one.tell(61, "education_started", json!({"education_id": education, "level": "mbo-3"}));
    one.spoke(12, "client", "video", 25, "Eerste toets gehaald.");
    cases.push(one);

    cases.push(begun(5, "Marloes K.", json!({"variant": "epa"})));

    let mut one = begun(210, "Samir E.", json!({"method": "jobcoaching", "funding": "uwv"}));
    one.works(
        170,
        "Transport De Vaart",
        "logistiek",
        json!({"regular_workplace": true, "hours_per_week": 24, "contract": {"kind": "permanent"}}),
    );
    let wrong = one.spoke(21, "client", "phone", 10, "Ziek gemeld.");
    one.spoke(21, "employer", "phone", 10, "Werkgever belde: een week ziek.");
    if let Some((_, Value::Object(line))) = one.lines.last_mut() {
        line.insert("corrects".to_owned(), wrong.into());
    }
    one.spoke(14, "client", "in_person", 30, "Weer aan het werk, loopt goed.");
    cases.push(one);

    let mut one = begun(290, "Dirk-Jan H.", json!({"variant": "epa"}));
    one.wishes(281, "paid_work", "Buiten werken.");
    one.assessed(270, &["groen"], 24);
    one.works(205, "Hoveniersbedrijf Groenrijk", "groen", terms(true, 20.0, 70, permanent()));
    let job = one.id("job");
    one.tell(20, "paid_work_changed", json!({"job_id": job, "hours_per_week": 10.5}));
    one.spoke(11, "care_team", "phone", 15, "Rustig aan na een terugval, daarna weer opbouwen.");
    cases.push(one);

    let mut one = begun(66, "Wendy T.", json!({"variant": "epa", "benefit": "participatiewet"}));
    one.wishes(60, "paid_work", "Administratief werk, drie ochtenden.");
    one.assessed(45, &["administratie"], 12);
    one.spoke(2, "employer", "in_person", 40, "Gesprek bij het gemeentehuis, vervolg volgende week.");
    cases.push(one);

    let mut lines: Vec<(i32, Value)> = cases.into_iter().flat_map(|case| case.lines).collect();
    lines.sort_by_key(|(days_ago, _)| std::cmp::Reverse(*days_ago));
    let mut last = of.recorded_until.map_or(i64::MIN, Timestamp::micros);
    let recorded = |(days_ago, mut line): (i32, Value)| {
        let day = i64::from(of.today.days() - days_ago);
        last = last.max(day * MICROS_OF_DAY + AFTERNOON);
        if let (Value::Object(line), Some(moment)) = (&mut line, Timestamp::from_micros(last)) {
            line.insert("recorded_at".to_owned(), moment.to_string().into());
        }
        line
    };
    lines.into_iter().map(recorded).collect()
}
