//! Appendices: changes on both bases, terms, and where the numbers come from.

use domain::{Funding, Method};
use figures::{CellKey, ChangeBasis, Measure};

use crate::{
    change::Change,
    document::{Block, Section, Table},
    dutch,
    facts::{Facts, Known},
};

/// The changes that the report speaks of.
fn told() -> Vec<(String, CellKey, Measure)> {
    let mut told = vec![("Alle, lopend".to_owned(), CellKey::All, Measure::Running)];
    told.extend(
        Method::ALL.iter().map(|method| (format!("{}, lopend", dutch::method(*method)), CellKey::Method(*method), Measure::Running)),
    );
    let ips = CellKey::Method(Method::Ips);
    let rest = [
        ("Alle, gestart", CellKey::All, Measure::Started),
        ("Alle, beëindigd", CellKey::All, Measure::Ended),
        ("Alle, met betaald werk", CellKey::All, Measure::PaidWork),
        ("Alle, beëindigd met beoogd resultaat", CellKey::All, Measure::OutflowIntended),
        ("IPS via de gemeente, lopend", CellKey::MethodFunding(Method::Ips, Funding::Municipality), Measure::Running),
        ("IPS via UWV, lopend", CellKey::MethodFunding(Method::Ips, Funding::Uwv), Measure::Running),
        ("IPS, beëindigd", ips.clone(), Measure::Ended),
        ("IPS, met betaald werk", ips.clone(), Measure::PaidWork),
        ("IPS, met een opleiding", ips, Measure::Education),
        ("Werkfit, gestart", CellKey::Method(Method::Werkfit), Measure::Started),
    ];
    told.extend(rest.map(|(name, key, measure)| (name.to_owned(), key, measure)));
    told
}

/// Each change as a part of the earlier and of the current number.
pub(super) fn changes(facts: &Facts) -> Section {
    let title = "Bijlage 2. Veranderingen, op twee manieren uitgedrukt";
    let mut blocks = vec![Block::paragraph(
        "Een verandering kan een deel zijn van wat er was of van wat er is. Beide staan hier naast elkaar, omdat rapporten daarin verschillen. Punten zijn \
         procentpunten: het verschil tussen twee percentages.",
    )];
    let columns = ["Wat", "Toen", "Nu", "Verschil", "Van toen", "Van nu", "Punten"];
    for then in facts.earlier_as_told() {
        let row = |(name, key, measure): (String, CellKey, Measure)| {
            let change = Change::of(facts.now(), then, &key, measure, &facts.definitions);
            let percent = |basis| {
                change.relative_to(basis).map_or_else(|| dutch::NONE.to_owned(), |tenths| format!("{}%", dutch::signed_tenths(tenths)))
            };
            let cells = vec![
                dutch::count(change.then.count),
                dutch::count(change.now.count),
                change.absolute().map_or_else(|| dutch::SHIELDED.to_owned(), dutch::signed),
                percent(ChangeBasis::Earlier),
                percent(ChangeBasis::Current),
                change.points().map_or_else(|| dutch::NONE.to_owned(), dutch::signed_tenths),
            ];
            (name, cells)
        };
        blocks.push(Block::Table(Table {
            caption: format!("{} vergeleken met {}", dutch::quarter_short(facts.now().quarter()), dutch::quarter_short(then.quarter())),
            columns: columns.map(str::to_owned).to_vec(),
            rows: told().into_iter().map(row).collect(),
            numeric: true,
        }));
    }
    if blocks.len() == 1 {
        blocks = vec![Block::paragraph("Er is geen vergelijking mogelijk met eerdere kwartalen.")];
    }
    Section::new("veranderingen", title, blocks)
}

/// What the words mean.
pub(super) fn terms(facts: &Facts) -> Section {
    let definitions = &facts.definitions;
    let work = &definitions.sustainable_work;
    let hundredths = |number: i32| {
        let (whole, rest) = (number / 100, number % 100);
        if rest == 0 { whole.to_string() } else { format!("{whole},{rest:02}").trim_end_matches('0').to_owned() }
    };
    let workplace = if work.regular_workplace { "op een reguliere werkplek, " } else { "" };
    let left_out: Vec<String> = definitions.sustainable_leaves_out.iter().map(|method| dutch::method(*method).to_owned()).collect();
    let left_out = if left_out.is_empty() {
        String::new()
    } else {
        format!(" In het percentage tellen trajecten van {} niet mee, niet in het deel en niet in het geheel.", dutch::joined(&left_out))
    };
    let terms = [
        ("Lopend traject", "Gestart op of voor de laatste dag van het kwartaal, en niet beëindigd voor de eerste.".to_owned()),
        ("Gestart, beëindigd", "De startdag, of de dag van uitstroom, valt in het kwartaal.".to_owned()),
        ("Peildag", "De laatste dag van het kwartaal, of de dag van uitstroom als die eerder was.".to_owned()),
        ("Betaald werk", "Een betaalde baan die op de peildag loopt.".to_owned()),
        (
            "Duurzaam betaald werk",
            format!(
                "Een betaalde baan {workplace}van ten minste {} uur per week, met een loonwaarde van ten minste {}% en een contract van ten minste {} maanden; \
                 alles in één en dezelfde baan.{left_out}",
                hundredths(work.min_hours_per_week),
                hundredths(work.min_wage_value_percent),
                work.min_contract_months
            ),
        ),
        ("Ooit betaald werk", "Een betaalde baan op enige dag van de start tot en met de peildag.".to_owned()),
        ("Proefplaatsing, vrijwilligerswerk of werkervaringsplaats, arbeidsmatige dagbesteding", "Onbetaald werk van die soort op de peildag.".to_owned()),
        ("Opleiding", "Een opleiding die op de peildag loopt.".to_owned()),
        ("Beoogd resultaat", "Wat de methode wil bereiken, beoordeeld bij uitstroom: zie Bijlage 1.".to_owned()),
        ("Eerste baan", "De eerste dag in het traject met een betaalde baan, gerekend vanaf de start; een baan die al liep, telt als gevonden op de startdag.".to_owned()),
        ("Dienstverband", "De duur van de lopende baan die het eerst begon, tot de peildag.".to_owned()),
        ("Financiering, type", "Zoals die gelden op de peildag.".to_owned()),
    ];
    Section::new("begrippen", "Begrippen", vec![Block::Terms(terms.map(|(term, meaning)| (term.to_owned(), meaning)).to_vec())])
}

/// From which state of the log something was made.
pub(super) fn state(known: &Known) -> String {
    match &known.recorded_at {
        Some(recorded_at) => {
            format!("Stand van het logboek: positie {}, vastgelegd op {}.", dutch::number(known.position), dutch::moment(recorded_at))
        }
        None => "Stand van het logboek: leeg, positie 0.".to_owned(),
    }
}

/// Where the numbers come from.
pub(super) fn section(facts: &Facts) -> Section {
    let now = facts.now().quarter();
    let row = |(quarter, known): (domain::Quarter, Option<&Known>)| {
        let position = known.map_or_else(|| dutch::NONE.to_owned(), |known| dutch::number(known.position));
        let moment = known.and_then(|known| known.recorded_at.clone()).unwrap_or_else(|| dutch::NONE.to_owned());
        (dutch::quarter_short(quarter), vec![position, moment])
    };
    let rows = [(now, Some(&facts.current)), (now.previous(), facts.previous.as_ref()), (now.year_earlier(), facts.year_earlier.as_ref())]
        .map(row);
    let table = Table {
        caption: "Uit welke stand van het logboek elk kwartaal geteld is".to_owned(),
        columns: ["Kwartaal", "Positie", "Laatst vastgelegd (UTC)"].map(str::to_owned).to_vec(),
        rows: rows.to_vec(),
        numeric: true,
    };
    let provisional = if facts.provisional {
        "voorlopig: het kwartaal was nog niet voorbij"
    } else {
        "gemaakt nadat het kwartaal voorbij was; latere correcties veranderen ze niet, maar wel die van een later rapport"
    };
    // The name is made of the code, and says less.
    let code = facts.scope.organisation.as_ref().map_or_else(String::new, |code| format!(", in het logboek {code}"));
    let blocks = vec![
        Block::paragraph(
            "Alle cijfers in dit rapport zijn geteld uit een logboek van gebeurtenissen waaraan alleen wordt toegevoegd. Dezelfde positie en dezelfde definities \
             geven altijd dezelfde cijfers. Wat later gecorrigeerd wordt, verandert de cijfers van een latere positie, niet die van deze.",
        ),
        Block::Bullets(vec![
            format!("Definities: {}.", facts.definitions.name),
            format!("Bereik: {}{code}.", facts.scope_words()),
            format!("De cijfers zijn {provisional}."),
        ]),
        Block::Table(table),
    ];
    Section::new("herkomst", "Herkomst van de cijfers", blocks)
}
