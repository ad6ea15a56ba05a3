//! The introduction: what the report is about, and how its numbers are to be read.

use figures::ChangeBasis;

use crate::{
    document::{Block, Section},
    dutch,
    facts::Facts,
};

pub(super) fn section(facts: &Facts) -> Section {
    let day = dutch::date(facts.now().quarter().last_day());
    let blocks = vec![
        Block::paragraph(format!(
            "Dit rapport laat zien hoeveel mensen met psychische problemen in {} vanuit de ggz begeleid werden naar betaald werk, en wat dat opleverde. \
             De cijfers gaan over {}. Ze volgen rechtstreeks uit wat begeleiders per traject vastlegden.",
            facts.quarter(),
            facts.scope_words()
        )),
        Block::paragraph("Vijf soorten trajecten komen aan bod:"),
        Block::Bullets(
            [
                "Individuele Plaatsing en Steun (IPS)",
                "Jobcoaching",
                "Werkfit en Naar Werk, beide van UWV",
                "Werk als Beste Zorg (WABZ)",
                "overige trajecten naar werk",
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
        Block::paragraph("Bijlage 1 zet de methoden naast elkaar; de begrippen staan achterin uitgelegd."),
        Block::paragraph("Bij het lezen is dit van belang:"),
        Block::Bullets(notes(facts, &day)),
    ];
    Section::new("inleiding", "Inleiding", blocks)
}

fn notes(facts: &Facts, day: &str) -> Vec<String> {
    let mut notes = vec![
        "Jobcoaching, Werkfit en Naar Werk worden ook buiten de ggz gegeven. Hier tellen alleen trajecten die een ggz-organisatie zelf uitvoert: \
         over deze methoden als geheel zegt het rapport dus niets."
            .to_owned(),
        "De methoden hebben elk een eigen doelgroep, aanpak en doel. Hun resultaten laten zich daarom slecht onderling vergelijken.".to_owned(),
        format!(
            "Wie betaald werk, een plaatsing of een opleiding heeft, wordt geteld op {day}, of op de dag waarop het traject eindigde als dat eerder was."
        ),
        "Een client met twee trajecten telt twee keer: er worden trajecten geteld. Waar ‘cliënten’ staat, is een traject bedoeld.".replace("client ", "cliënt "),
        "Achter een percentage staat waarvan het genomen is: het deel en het geheel. Percentages zijn één keer afgerond, vanuit de exacte breuk.".to_owned(),
        basis(facts),
        "‘Nagenoeg gelijk’ is een aantal dat minder dan een half procent verschilt van het eerdere, of een percentage dat minder dan een half \
         procentpunt verschilt. Wat meer verschilt, is gestegen of gedaald."
            .to_owned(),
        compared(facts),
    ];
    if facts.provisional {
        notes
            .push(format!("Het kwartaal was nog niet voorbij toen deze cijfers gemaakt werden (het eindigt op {day}): ze zijn voorlopig."));
    }
    if facts.anything_shielded() {
        notes.push(format!(
            "Afgeschermd is een aantal van 1 tot en met {}, en elk aantal waaruit zo’n aantal te berekenen zou zijn. Percentages die het zouden \
             verraden, ontbreken dan ook.",
            facts.definitions.disclosure_threshold.saturating_sub(1)
        ));
    }
    notes
}

fn basis(facts: &Facts) -> String {
    let current: Vec<String> = figures::Measure::ALL
        .iter()
        .filter(|measure| facts.definitions.change_basis(**measure) == ChangeBasis::Current)
        .map(|measure| format!("‘{}’", measure.dutch().to_lowercase()))
        .collect();
    let rule = "Een verandering in procenten is genomen van de eerdere waarde";
    let also = "Bijlage 2 geeft de veranderingen ook als deel van de huidige waarde.";
    if current.is_empty() {
        format!("{rule}. Een verschil tussen twee percentages staat in procentpunten. {also}")
    } else {
        format!(
            "{rule}; bij {} is ze genomen van de huidige waarde, omdat de gebruikte definities dat zeggen. \
             Een verschil tussen twee percentages staat in procentpunten. {also}",
            dutch::joined(&current)
        )
    }
}

fn compared(facts: &Facts) -> String {
    let same = |known: &crate::Known| known.position == facts.current.position;
    let known: Vec<&crate::Known> = facts.previous.iter().chain(&facts.year_earlier).filter(|known| !known.numbers.is_empty()).collect();
    if known.is_empty() {
        format!("Van {} zijn geen trajecten bekend: er is geen vergelijking mogelijk.", dutch::joined(&facts.not_comparable()))
    } else if known.iter().all(|known| same(known)) {
        "De eerdere kwartalen zijn geteld in dezelfde stand van het logboek, met de correcties die daarna kwamen. Ze kunnen daardoor afwijken van wat \
         toen gemeld is."
            .to_owned()
    } else {
        "De eerdere kwartalen staan hier zoals ze toen bekend waren, zonder de correcties van daarna (zie ‘Herkomst van de cijfers’). Lopende, gestarte \
         en beëindigde trajecten van twee kwartalen hoeven daardoor niet precies op elkaar aan te sluiten."
            .to_owned()
    }
}
