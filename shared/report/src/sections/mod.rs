//! The sections of the report, one module each.

mod charts;
mod conclusions;
mod general;
mod introduction;
mod ips;
mod jobcoaching;
mod methods;
mod other;
mod provenance;
mod uwv;
mod wabz;

use domain::Method;
use figures::{CellKey, Measure};

use crate::{
    document::{Block, Report},
    dutch,
    facts::{FUNDINGS, Facts},
};

/// Writes a report. What it says follows from the facts alone: the same facts give the same report.
#[must_use]
pub fn write(facts: &Facts) -> Report {
    let provisional = if facts.provisional { "Voorlopig: het kwartaal was nog niet voorbij. " } else { "" };
    Report {
        title: format!("Werkmonitor: begeleiding naar betaald werk in {}", facts.quarter()),
        subtitle: format!("Cijfers over {}", facts.scope_words()),
        made_from: format!("{provisional}{}", provenance::state(&facts.current)),
        sections: vec![
            introduction::section(facts),
            general::section(facts),
            ips::section(facts),
            jobcoaching::section(facts),
            uwv::section(facts),
            wabz::section(facts),
            other::section(facts),
            conclusions::section(facts),
            methods::section(),
            provenance::changes(facts),
            provenance::terms(facts),
            provenance::section(facts),
        ],
    }
}

/// The sentence of a method that nobody was guided with, and how many there were before.
fn nobody(facts: &Facts, method: Method, what: &str) -> Option<Vec<Block>> {
    let key = CellKey::Method(method);
    if facts.count(&key, Measure::Running) != Some(0) {
        return None;
    }
    let mut text = format!("In {} liepen er geen {what}.", facts.quarter());
    if !facts.never_any(method) {
        text = format!("{text} {}", facts.comparison(&key, Measure::Running));
    }
    Some(vec![Block::paragraph(text)])
}

/// `waren 54 trajecten (32,0%; 54 van 169) gefinancierd door UWV, 114 … door een gemeente en 1 … op een andere manier`.
fn by_funding(facts: &Facts, method: Method) -> String {
    let part = |funding| {
        let key = CellKey::MethodFunding(method, funding);
        let count = facts.count(&key, Measure::Running);
        let share = if count == Some(0) { String::new() } else { dutch::of_whole(facts.share(&key)) };
        format!("{}{share} {}", dutch::trajectories(count), paid_by(funding))
    };
    format!("Naar financiering: {}.", dutch::joined(&FUNDINGS.map(part)))
}

const fn paid_by(funding: domain::Funding) -> &'static str {
    match funding {
        domain::Funding::Municipality => "via de gemeente",
        domain::Funding::Uwv => "via UWV",
        domain::Funding::Other => "via overige financiering",
    }
}
