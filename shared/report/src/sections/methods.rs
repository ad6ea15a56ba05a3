//! Appendix: the methods beside each other.

use crate::document::{Block, Section, Table};

const COLUMNS: [&str; 5] = ["Methode", "Voor wie", "Doel en beoogd resultaat", "Hoe het verloopt", "Wie betaalt"];

const ROWS: [(&str, [&str; 4]); 6] = [
    (
        "IPS",
        [
            "Mensen met een (ernstige) psychische aandoening (EPA, CMD) die zorg krijgen van de ggz of beschermd wonen",
            "Een gewone betaalde baan of opleiding vinden en houden. Beoogd: betaald werk op enig moment van het traject",
            "Kennismaken en wensen in kaart brengen; meteen zoeken, zonder eerst te trainen; zo snel mogelijk aan het werk; daarna steun op de werkplek",
            "UWV en gemeenten, volgens landelijke regelingen; anders bijvoorbeeld de werkgever",
        ],
    ),
    (
        "WABZ",
        [
            "Mensen met een (ernstige) psychische aandoening die zorg krijgen van de ggz",
            "Werk vinden en houden, betaald of onbetaald. Beoogd: betaald werk of een plaatsing op enig moment van het traject",
            "Aanmelden door ggz, UWV of gemeente; intake; samen zoeken en solliciteren; hulp bij de start, daarna steun door ggz of jobcoach",
            "Meestal UWV of gemeente, nog vaak per geval afgesproken",
        ],
    ),
    (
        "Jobcoaching",
        [
            "Mensen met werk en een beperking, ook lichamelijk of cognitief; hier alleen wie psychische problemen heeft",
            "Het werk houden. Beoogd: betaald werk op de dag van uitstroom",
            "Alleen de laatste fase: steun voor wie al werkt",
            "UWV en gemeenten, soms de werkgever",
        ],
    ),
    (
        "Werkfit",
        [
            "Mensen zonder werk met een uitkering van UWV; hier alleen wie psychische problemen heeft",
            "Klaar zijn om te gaan werken. Beoogd: werkfit, of betaald werk op de dag van uitstroom",
            "Intake; plan; oefenen met training, cursus of vrijwilligerswerk",
            "Alleen UWV",
        ],
    ),
    (
        "Naar Werk",
        [
            "Mensen met een uitkering van UWV die klaar zijn om te werken, vaak na Werkfit; hier alleen wie psychische problemen heeft",
            "Duurzaam betaald werk. Beoogd: dat, op de dag van uitstroom",
            "Intake; plan; zoeken en solliciteren; plaatsing; nazorg",
            "Alleen UWV",
        ],
    ),
    (
        "Overig",
        [
            "Mensen met psychische problemen voor wie geen van de andere vijf de methode is",
            "Per traject verschillend, van ander werk tot meedoen in bredere zin. Beoogd: betaald werk op enig moment van het traject",
            "Per traject verschillend",
            "Meestal anders dan door UWV of gemeente via een landelijke regeling",
        ],
    ),
];

pub(super) fn section() -> Section {
    let table = Table {
        caption: "De methoden naast elkaar".to_owned(),
        columns: COLUMNS.map(str::to_owned).to_vec(),
        rows: ROWS.iter().map(|(head, cells)| ((*head).to_owned(), cells.map(str::to_owned).to_vec())).collect(),
        numeric: false,
    };
    Section::new("methoden", "Bijlage 1. Verschillen tussen de methoden", vec![Block::Table(table)])
}
