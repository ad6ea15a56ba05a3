//! How complete a quarter is: for people in Dutch, as JSON, and as one number a row.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use comfy_table::Cell;
use domain::{Method, Name, Quarter};
use figures::{
    AsOf,
    completeness::{COMPARED, Completeness, DeclaredAt, Delays, Delivery, Group, InQuarter, Panel, Standing, WITHIN_DAYS},
};
use proto_events::Timestamp;
use serde_json::{Value, json};

use super::table::{method, right, table, thousands};

/// In the place of a number where nothing was delivered.
const NO_DELIVERY: &str = "geen levering";

/// Who declared something complete.
pub struct DeclaredBy {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The last position of the log that they had seen, where it was kept.
    pub seen: Option<u64>,
}

/// What is told.
pub struct Told<'a> {
    /// The quarter.
    pub quarter: Quarter,
    /// How complete it is.
    pub completeness: &'a Completeness,
    /// By which state of the log.
    pub as_of: &'a AsOf,
    /// The last declaration of each.
    pub declared: &'a BTreeMap<(Name, Method), DeclaredBy>,
}

impl Told<'_> {
    /// Whatever was ever delivered or declared.
    fn pairs(&self) -> BTreeSet<(Name, Method)> {
        let delivered = self.completeness.deliveries.all().map(|one| (one.organisation, one.method));
        delivered.chain(self.declared.keys().cloned()).collect()
    }

    fn standing(&self, of: &(Name, Method)) -> Standing {
        let at = self.declared.get(of).map(|one| DeclaredAt { position: one.seen, micros: one.at.micros() });
        self.completeness.standing(&of.0, of.1, self.quarter, at)
    }
}

/// All of it; the members that are not of declarations are those of [`Completeness::to_json`].
pub fn json(told: &Told<'_>) -> Value {
    let mut whole = told.completeness.to_json(told.quarter, told.as_of);
    let declared = |of: (Name, Method)| {
        let by = told.declared.get(&of);
        json!({
            "organisation": of.0.as_str(),
            "method": of.1.as_str(),
            "state": told.standing(&of).as_str(),
            "by": by.map(|one| &one.by),
            "at": by.map(|one| one.at.to_string()),
        })
    };
    whole["declarations"] = told.pairs().into_iter().map(declared).collect();
    whole
}

/// One number a row.
pub fn csv(told: &Told<'_>) -> String {
    let mut rows = told.completeness.to_csv(told.quarter, told.as_of);
    let head = format!("{},{}", told.quarter, told.as_of.position);
    for of in told.pairs() {
        let by = told.declared.get(&of);
        let columns = [
            ("state", told.standing(&of).as_str().to_owned()),
            ("by", by.map_or_else(String::new, |one| quoted(&one.by))),
            ("at", by.map_or_else(String::new, |one| one.at.to_string())),
        ];
        for (measure, value) in columns {
            // Of "declared, recorded since" the comma is none between columns.
            let value = if measure == "state" { quoted(&value) } else { value };
            let _ = writeln!(rows, "{head},declarations,{},{},,{measure},{value}", of.0, of.1.as_str());
        }
    }
    rows
}

/// What somebody wrote, as one column.
fn quoted(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// Three tables, each with what it says and what it does not.
pub fn tables(told: &Told<'_>) -> String {
    let provisional = if told.as_of.provisional { ", voorlopig" } else { "" };
    let moment = told.as_of.recorded_at.as_ref().map_or_else(|| "leeg logboek".to_owned(), |at| format!("geregistreerd tot en met {at}"));
    let mut text = format!("Volledigheid {}{provisional}\nPositie {}, {moment}\n", told.quarter, told.as_of.position);
    deliveries(&mut text, told);
    timeliness(&mut text, told);
    for (then, panels) in told.completeness.panels(told.quarter) {
        panel(&mut text, told.quarter, then, &panels);
    }
    text
}

fn deliveries(text: &mut String, told: &Told<'_>) {
    let here = format!("In {}", told.quarter);
    let heading =
        ["Organisatie", "Methode", "Eerste kwartaal", "Laatste kwartaal", "Daartussen geen levering", here.as_str(), "Compleet verklaard"];
    let mut rows = table(heading);
    let all: BTreeMap<(Name, Method), Delivery> =
        told.completeness.deliveries.all().map(|one| ((one.organisation.clone(), one.method), one)).collect();
    for of in told.pairs() {
        let one = all.get(&of);
        let quarter = |of: Option<Quarter>| Cell::new(of.map_or_else(|| NO_DELIVERY.to_owned(), |quarter| quarter.to_string()));
        let without = one.map_or_else(String::new, |one| one.without.iter().map(Quarter::to_string).collect::<Vec<_>>().join(" "));
        rows.add_row([
            Cell::new(&of.0),
            Cell::new(method(of.1)),
            quarter(one.map(|one| one.first)),
            quarter(one.map(|one| one.last)),
            Cell::new(without),
            Cell::new(in_quarter(told.completeness.in_quarter(&of.0, of.1, told.quarter))),
            Cell::new(declaration(told, &of)),
        ]);
    }
    let _ = writeln!(
        text,
        "\nWie levert wat aan?\n{rows}\n'{NO_DELIVERY}' is geen 0: het logboek weet niet of er niets was, of dat er niets is vastgelegd. Wie verklaart dat een \
         kwartaal compleet is, zegt het eerste. 'niets vastgelegd': er lopen trajecten, maar van geen ervan is iets vastgelegd dat in het kwartaal gebeurde."
    );
}

const fn in_quarter(what: InQuarter) -> &'static str {
    match what {
        InQuarter::NoDelivery => NO_DELIVERY,
        InQuarter::Silent => "niets vastgelegd",
        InQuarter::Delivered => "geleverd",
    }
}

/// Who declared it and when.
fn declaration(told: &Told<'_>, of: &(Name, Method)) -> String {
    let by = told.declared.get(of).map_or_else(String::new, |one| format!("{}, {}", one.by, one.at));
    match told.standing(of) {
        Standing::NoDelivery => in_quarter(InQuarter::NoDelivery).to_owned(),
        Standing::Silent => format!("nee; {}", in_quarter(InQuarter::Silent)),
        Standing::NotDeclared => "nee".to_owned(),
        Standing::Declared => by,
        Standing::RecordedSince => format!("{by}; daarna is nog vastgelegd"),
    }
}

fn timeliness(text: &mut String, told: &Told<'_>) {
    let [soon, at_all] = WITHIN_DAYS.map(|days| format!("Binnen {days} dagen"));
    let heading = ["Organisatie", "Gebeurtenissen", "Helft binnen (dagen)", "90 % binnen (dagen)", soon.as_str(), at_all.as_str()];
    let mut rows = table(heading);
    for (organisation, delays) in told.completeness.timeliness() {
        let days = |percent| delays.percentile(percent).map_or_else(|| "-".to_owned(), |days| days.to_string());
        let events = if delays.events() == 0 { "niets vastgelegd".to_owned() } else { thousands(delays.events()) };
        let [soon, at_all] = WITHIN_DAYS.map(|days| right(share(delays, days)));
        rows.add_row([Cell::new(organisation), right(events), right(days(50)), right(days(90)), soon, at_all]);
    }
    let _ = writeln!(
        text,
        "\nHoe snel is vastgelegd wat in {} gebeurde?\n{rows}\nDagen van de gebeurtenis tot de eerste vastlegging, van wat nu geldt. Wat nog niet is vastgelegd, telt hier \
         niet mee: van een kwartaal dat kort voorbij is, lijkt alles snel.",
        told.quarter
    );
}

fn share(delays: &Delays, days: u32) -> String {
    let percentage = delays.share_within(days).map(|share| format!("{} ({} %)", thousands(delays.within(days)), share.replace('.', ",")));
    percentage.unwrap_or_else(|| "-".to_owned())
}

fn panel(text: &mut String, now: Quarter, then: Quarter, panels: &[Panel]) {
    let (before, after) = (then.to_string(), now.to_string());
    let (panel_before, panel_after) = (format!("vast panel {then}"), format!("vast panel {now}"));
    let heading = [
        "Methode",
        "Maat",
        before.as_str(),
        after.as_str(),
        "verandering",
        panel_before.as_str(),
        panel_after.as_str(),
        "verandering",
        "gestopt",
        "erbij",
    ];
    let mut rows = table(heading);
    for panel in panels {
        for (place, measure) in COMPARED.iter().enumerate() {
            let (was, is) = panel.raw(place);
            // Running tells who delivers; of the others only what occurs.
            if place > 0 && was == 0 && is == 0 {
                continue;
            }
            let of = |counts: &[u64]| counts.get(place).copied().unwrap_or_default();
            let group = |group: &Group, count: u64, sign: &str| match group.organisations.len() {
                0 => "-".to_owned(),
                many => format!("{many} org., {}{}", if count == 0 { "" } else { sign }, thousands(count)),
            };
            rows.add_row([
                Cell::new(panel.method.map_or("Alle", method)),
                Cell::new(measure.dutch()),
                right(thousands(was)),
                right(thousands(is)),
                right(format!("{:+}", panel.raw_change(place))),
                right(thousands(of(&panel.both.then))),
                right(thousands(of(&panel.both.now))),
                right(format!("{:+}", panel.both.change(place))),
                right(group(&panel.stopped, of(&panel.stopped.then), "-")),
                right(group(&panel.joined, of(&panel.joined.now), "+")),
            ]);
        }
    }
    let _ = writeln!(
        text,
        "\nVan {then} naar {now}: alle organisaties, en alleen wie de methode in beide kwartalen aanleverde (vast panel)\n{rows}\nVerandering = die van het vaste panel, \
         min wat er in {then} was bij wie stopte met aanleveren, plus wat er in {now} is bij wie erbij kwam."
    );
    for panel in panels.iter().filter(|panel| panel.method.is_some()) {
        let names = |group: &Group| group.organisations.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
        let parts: Vec<String> = [("gestopt met aanleveren", &panel.stopped), ("erbij gekomen", &panel.joined)]
            .into_iter()
            .filter(|(_, group)| !group.organisations.is_empty())
            .map(|(words, group)| format!("{words}: {}", names(group)))
            .collect();
        if !parts.is_empty() {
            let _ = writeln!(text, "  {}: {}", panel.method.map_or("", method), parts.join("; "));
        }
    }
}
