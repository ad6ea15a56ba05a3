//! A form as a browser has it: what it asks and offers, and the events that the script makes of it.

use std::{collections::BTreeMap, fs, path::Path};

use domain::Date;
use serde_json::{Map, Value, json};

use crate::world::{id, trajectory};

/// Something that is filled in, as the page shows it.
#[derive(Clone, Debug)]
struct Control {
    name: String,
    /// The input's type, `select` or `textarea`.
    kind: String,
    /// Of a radio button or a box: what is sent when it is chosen. Else what stands in it.
    value: String,
    chosen: bool,
    /// Of a select.
    options: Vec<String>,
}

/// The form of a page.
#[derive(Clone, Debug)]
pub struct Sheet {
    of: BTreeMap<String, String>,
    controls: Vec<Control>,
    pub html: String,
}

fn plain(text: &str) -> String {
    // As askama writes them.
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .into_iter()
        .fold(text.to_owned(), |text, (written, is)| text.replace(written, is))
}

/// Name and attributes of the tag that begins here, and what comes after it.
fn tag(html: &str) -> (String, BTreeMap<String, String>, &str) {
    let (mut rest, mut attributes) = (html, BTreeMap::new());
    let end = rest.find([' ', '>', '\n']).unwrap();
    let name = rest[..end].to_owned();
    rest = &rest[end..];
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            return (name, attributes, after);
        }
        let end = rest.find(['=', ' ', '>']).unwrap();
        let key = rest[..end].to_owned();
        rest = &rest[end..];
        let value = if let Some(quoted) = rest.strip_prefix("=\"") {
            let (value, after) = quoted.split_once('"').unwrap();
            rest = after;
            plain(value)
        } else {
            String::new()
        };
        attributes.insert(key, value);
    }
}

impl Sheet {
    pub fn read(html: &str) -> Self {
        let whole = html.to_owned();
        let begin = html.find("<form class=\"form log\"").unwrap_or_else(|| panic!("no form: {html}"));
        let html = &html[begin..html[begin..].find("</form>").unwrap() + begin];
        let (_, of, mut rest) = tag(&html[1..]);
        let mut controls: Vec<Control> = Vec::new();
        while let Some(at) = rest.find('<') {
            rest = &rest[at + 1..];
            if rest.starts_with('/') {
                continue;
            }
            let (name, attributes, after) = tag(rest);
            rest = after;
            let one = |key: &str| attributes.get(key).cloned().unwrap_or_default();
            let (named, value, chosen) = (one("name"), one("value"), attributes.contains_key("checked"));
            match name.as_str() {
                "input" => controls.push(Control { name: named, kind: one("type"), value, chosen, options: vec![] }),
                "textarea" => {
                    let value = plain(rest.split_once("</textarea>").unwrap().0);
                    controls.push(Control { name: named, kind: name, value, chosen, options: vec![] });
                }
                "select" => controls.push(Control { name: named, kind: name, value: String::new(), chosen, options: vec![] }),
                "option" => {
                    let select = controls.last_mut().unwrap();
                    if attributes.contains_key("selected") {
                        select.value.clone_from(&value);
                    }
                    select.options.push(value);
                }
                _ => {}
            }
        }
        Self { of, controls, html: whole }
    }

    pub fn data(&self, name: &str) -> Option<&str> {
        self.of.get(&format!("data-{name}")).map(String::as_str)
    }

    /// What may be chosen.
    pub fn offered(&self, name: &str) -> Vec<String> {
        let of = self.controls.iter().filter(|control| control.name == name);
        of.flat_map(|control| if control.kind == "select" { control.options.clone() } else { vec![control.value.clone()] }).collect()
    }

    /// Chooses or writes it; panics when the form does not ask for it, or does not offer it.
    pub fn put(&mut self, name: &str, value: &str) {
        let offered = self.offered(name);
        assert!(!offered.is_empty(), "{name} is not asked for");
        for control in self.controls.iter_mut().filter(|control| control.name == name) {
            match control.kind.as_str() {
                "radio" => control.chosen = control.value == value,
                "checkbox" => control.chosen |= control.value == value,
                "hidden" => panic!("{name} is hidden"),
                _ => control.value = value.to_owned(),
            }
        }
        let free = self.controls.iter().any(|control| control.name == name && !["radio", "checkbox", "select"].contains(&&*control.kind));
        assert!(free || offered.iter().any(|one| one == value), "{name}: {value} is not offered, but {offered:?}");
    }

    pub fn on(&mut self, day: &str) {
        for (part, value) in ["year", "month", "day"].iter().zip(day.split('-')) {
            self.put(&format!("occurred_on.{part}"), value);
        }
    }

    /// What would be sent.
    pub fn all(&self, name: &str) -> Vec<String> {
        let sent = |control: &&Control| control.name == name && (control.chosen || !["radio", "checkbox"].contains(&&*control.kind));
        self.controls.iter().filter(sent).map(|control| control.value.clone()).filter(|value| !value.is_empty()).collect()
    }

    pub fn one(&self, name: &str) -> String {
        self.all(name).into_iter().next().unwrap_or_default()
    }

    pub fn day(&self, name: &str) -> Date {
        let part =
            |part: &str| self.one(&format!("{name}.{part}")).parse::<i32>().unwrap_or_else(|_| panic!("{name}.{part}: {:?}", self.of));
        Date::from_civil(part("year"), part("month"), part("day"))
    }

    /// The events of it, as `assets/js/events.js` makes them: the table of fields is that script's own.
    pub fn events(&self, n: u32) -> Vec<Value> {
        let kind = self.data("event-type").unwrap().to_owned();
        let mut data = Map::new();
        let changed = kind.ends_with("_changed");
        for (field, how) in &fields()[&kind] {
            if let Some(value) = self.field(field, how, changed) {
                data.insert(field.clone(), value);
            }
        }
        let day = match self.offered("occurred_on.day").is_empty() {
            true => "2026-07-01".to_owned(),
            false if kind.ends_with("_stopped") => self.day("occurred_on").plus_days(1).to_string(),
            false => self.day("occurred_on").to_string(),
        };
        let of = self.data("trajectory").filter(|of| !of.is_empty()).map_or_else(|| trajectory(1), str::to_owned);
        let event = |place: usize, kind: &str, data: Value, corrects: Option<&str>| {
            let event_id = id(0xe100_0000 + n, u32::try_from(place).unwrap());
            let organisation = self.data("organisation").unwrap();
            let mut event = json!({"event_id": event_id, "trajectory_id": of, "organisation": organisation, "type": kind, "occurred_on": day, "data": data});
            if let Some(corrects) = corrects {
                event["corrects"] = corrects.into();
            }
            event
        };
        if kind == "retraction" {
            let reason = data["reason"].clone();
            let meant = self.all("event_id").into_iter().enumerate();
            return meant.map(|(place, meant)| event(place, &kind, json!({"event_id": meant, "reason": reason}), None)).collect();
        }
        let own = event(0, &kind, data.into(), self.data("corrects"));
        let ended = self.all("ends_job_id").into_iter();
        let ended = ended.enumerate().map(|(place, job)| event(place + 1, "paid_work_stopped", json!({"job_id": job}), None));
        let reason = self.one("also_retract.reason");
        let also = self.all("also_retract").into_iter().enumerate();
        let also = also.map(|(place, other)| {
            let mut event = event(place + 1, "retraction", json!({"event_id": other, "reason": reason}), None);
            event["occurred_on"] = "2026-07-01".into();
            event
        });
        [own].into_iter().chain(ended).chain(also).collect()
    }

    fn field(&self, field: &str, how: &str, changed: bool) -> Option<Value> {
        let unknown = || changed.then_some(Value::Null);
        let value = match self.one(field) {
            other if other == ":other" => self.one(&format!("{field}.other")),
            value => value,
        };
        if !self.one(&format!("{field}.unknown")).is_empty() {
            return unknown();
        }
        let number = |value: &str| {
            let number: f64 = value.replace(',', ".").parse().unwrap();
            if number.fract() == 0.0 { json!(number as i64) } else { json!(number) }
        };
        match how {
            "new" if value.is_empty() => Some(id(0xa000_0000, u32::from(field.as_bytes()[0])).into()),
            "pay" => match self.one("pay").as_str() {
                "" => None,
                "normal" => Some(json!(100)),
                "unknown" => unknown(),
                _ => Some(number(&value)),
            },
            "contract" => match self.one("contract.kind").as_str() {
                "" => None,
                "unknown" => unknown(),
                "fixed_term" => Some(json!({"kind": "fixed_term", "until": self.day("contract.until").to_string()})),
                kind => Some(json!({"kind": kind})),
            },
            _ if value.is_empty() => None,
            _ if value == "unknown" => unknown(),
            "bool" => Some((value == "yes").into()),
            "decimal" | "integer" => Some(number(&value)),
            "list" => Some(value.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>().into()),
            _ => Some(value.into()),
        }
    }
}

/// The fields of each type, and how each is read, from the script.
fn fields() -> BTreeMap<String, Vec<(String, String)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/pages/assets/js/events.js");
    let script = fs::read_to_string(path).unwrap();
    let table = script.split_once("const TYPES = {").unwrap().1.split_once("\n};").unwrap().0;
    let clean = |text: &str| text.trim().trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let mut types = BTreeMap::new();
    for one in table.split("},") {
        let Some((name, fields)) = one.split_once(": {") else { continue };
        let pairs = fields.split(',').filter_map(|field| field.split_once(':'));
        types.insert(clean(name), pairs.map(|(field, how)| (clean(field), clean(how))).collect());
    }
    assert_eq!(types.len(), 14);
    types
}
