//! IPS: how many, work and education, outflow.

use domain::{Funding, Method};
use figures::{CellKey, Measure};

use super::{
    charts::{self, Shown},
    general::capitalised,
    nobody,
};
use crate::{
    change::{Change, Direction},
    document::{Block, Section},
    dutch,
    facts::{FUNDINGS, Facts, VARIANTS},
};

const IPS: CellKey = CellKey::Method(Method::Ips);
/// How the national scheme by which municipalities pay for IPS is written in events, and what it is called.
const KNOWN_SCHEMES: [(&str, &str); 1] = [("landelijke-ips-regeling-gemeenten", "de landelijke IPS-regeling voor gemeenten")];
/// A line over fewer quarters shows nothing that the other charts do not.
const LEAST_TREND: usize = 4;

pub(super) fn section(facts: &Facts) -> Section {
    let title = "Individuele Plaatsing en Steun (IPS)";
    if let Some(blocks) = nobody(facts, Method::Ips, "IPS-trajecten") {
        return Section::new("ips", title, blocks);
    }
    Section::new("ips", title, Vec::new()).with(vec![number(facts), work(facts), outflow(facts)])
}

const fn funded(funding: Funding) -> CellKey {
    CellKey::MethodFunding(Method::Ips, funding)
}

fn number(facts: &Facts) -> Section {
    let figure = |measure| facts.figure(&IPS, measure);
    let with_share = |key: &CellKey| crate::Figure { count: facts.count(key, Measure::Running), fraction: facts.share(key) };
    let by_funding: Vec<String> = FUNDINGS
        .iter()
        .map(|funding| format!("{} {}", super::paid_by(*funding), dutch::clients_of(with_share(&funded(*funding)))))
        .collect();
    let by_variant: Vec<String> = VARIANTS
        .iter()
        .map(|variant| (variant, with_share(&CellKey::MethodVariant(Method::Ips, *variant))))
        .filter(|(variant, figure)| variant.is_some() || !figure.is_zero())
        .map(|(variant, figure)| format!("{}: {}", dutch::variant(*variant), dutch::clients_of(figure)))
        .collect();
    let mut blocks = vec![
        Block::Bullets(vec![
            format!("Lopend: {}. {}", dutch::clients(figure(Measure::Running).count), facts.comparison(&IPS, Measure::Running)),
            format!("Gestart: {}. {}", dutch::clients_of(figure(Measure::Started)), facts.comparison(&IPS, Measure::Started)),
            format!("Beëindigd: {}. {}", dutch::clients_of(figure(Measure::Ended)), facts.comparison(&IPS, Measure::Ended)),
        ]),
        Block::paragraph(format!("Naar financiering: {}. {}", dutch::joined(&by_funding), directions(facts))),
        Block::paragraph(format!("Naar type: {}. {}", by_variant.join("; "), variant_directions(facts))),
        Block::note("Het percentage per type is genomen van de trajecten waarvan het type bekend is."),
        distribution(facts),
    ];
    blocks.extend(schemes(facts));
    blocks.extend(trend(facts));
    Section::new("ips-aantal", "Aantal trajecten", blocks)
}

/// In which direction each of these went, grouped by what is said of them.
fn directions_of(facts: &Facts, cells: &[(&str, CellKey)]) -> String {
    let said: Vec<String> = cells
        .iter()
        .filter_map(|(name, key)| {
            let changes = facts.changes(key, Measure::Running);
            let told: Vec<(Direction, String)> =
                changes.iter().filter_map(|change| Some((change.direction()?, dutch::quarter(change.quarter)))).collect();
            match told.as_slice() {
                [] => None,
                [(first, one), (second, other)] if first == second => {
                    Some(format!("{name} {} ten opzichte van zowel {one} als {other}", first.participle()))
                }
                several => {
                    let each: Vec<String> = several
                        .iter()
                        .map(|(direction, quarter)| format!("{} ten opzichte van {quarter}", direction.participle()))
                        .collect();
                    Some(format!("{name} {}", dutch::joined(&each)))
                }
            }
        })
        .collect();
    if said.is_empty() { String::new() } else { format!("Het aantal is {}.", said.join("; ")) }
}

fn directions(facts: &Facts) -> String {
    let cells = FUNDINGS.map(|funding| (super::paid_by(funding), funded(funding)));
    directions_of(facts, &cells)
}

fn variant_directions(facts: &Facts) -> String {
    let cells = [VARIANTS[0], VARIANTS[1], VARIANTS[2]].map(|variant| {
        let name = match variant {
            Some(domain::Variant::Epa) => "bij EPA",
            Some(domain::Variant::Cmd) => "bij CMD",
            Some(domain::Variant::Other) | None => "bij andere typen",
        };
        (name, CellKey::MethodVariant(Method::Ips, variant))
    });
    directions_of(facts, &cells)
}

fn distribution(facts: &Facts) -> Block {
    let by_funding = FUNDINGS.iter().map(|funding| (format!("Financiering: {}", dutch::funding(*funding)), funded(*funding)));
    let by_variant = VARIANTS.iter().map(|variant| {
        let name = format!("Type: {}", dutch::variant(*variant));
        (name, CellKey::MethodVariant(Method::Ips, *variant))
    });
    let figures: Vec<(String, crate::Figure)> = by_funding
        .chain(by_variant)
        .map(|(name, key)| (name, crate::Figure { count: facts.count(&key, Measure::Running), fraction: facts.share(&key) }))
        .collect();
    let title = format!("IPS-trajecten naar financiering en type in {}", facts.quarter());
    charts::figures_with_share("2", &title, "Financiering of type", &figures, Shown::Count)
}

fn schemes(facts: &Facts) -> Vec<Block> {
    let quarter = facts.now().quarter();
    let told = facts.now().schemes(&IPS).iter().map(|(slug, count)| {
        let name = KNOWN_SCHEMES
            .iter()
            .find(|(known, _)| *known == slug.as_str())
            .map_or_else(|| format!("regeling ‘{slug}’"), |(_, name)| (*name).to_owned());
        format!(
            "Onder {name} begonnen van 1 januari tot en met {} {}.",
            dutch::date(quarter.last_day()),
            dutch::some(*count, "IPS-traject", "IPS-trajecten")
        )
    });
    told.map(Block::Paragraph).collect()
}

fn trend(facts: &Facts) -> Option<Block> {
    if facts.trend.len() < LEAST_TREND {
        return None;
    }
    let cells: Vec<(String, CellKey)> = FUNDINGS.iter().map(|funding| (dutch::funding(*funding).to_owned(), funded(*funding))).collect();
    Some(charts::lines(
        "13",
        if facts.published {
            "Lopende IPS-trajecten naar financiering over de kwartalen, elk zoals het gepubliceerd is"
        } else {
            "Lopende IPS-trajecten naar financiering over de kwartalen, in één stand van het logboek"
        },
        &facts.trend,
        &cells,
    ))
}

fn work(facts: &Facts) -> Section {
    let figure = |measure| facts.figure(&IPS, measure);
    let quarters = facts.quarters();
    let since_year_earlier = facts
        .since_year_earlier(&IPS, Measure::PaidWork)
        .map_or_else(String::new, |change| format!(" In aantal {} dat er {}.", change.verb(), change.words()));
    let mut blocks = vec![
        Block::paragraph(format!(
            "Betaald werk: {}. {}{since_year_earlier} Duurzaam is het werk van {}.",
            dutch::clients_of(figure(Measure::PaidWork)),
            facts.share_comparison(&IPS, Measure::PaidWork),
            dutch::clients_of(figure(Measure::SustainableWork))
        )),
        Block::paragraph(format!(
            "In het kwartaal {} met betaald werk en {}. Op enig moment van het traject betaald gewerkt: {}.",
            dutch::verb_clients(figure(Measure::PaidWorkStarted).count, "begon", "begonnen"),
            dutch::verb_clients(figure(Measure::PaidWorkStopped).count, "stopte", "stopten"),
            dutch::clients_of(figure(Measure::EverPaidWork))
        )),
    ];
    blocks.extend(municipal(facts).map(Block::Paragraph));
    blocks.push(first_jobs(facts));
    blocks.push(charts::over_quarters(
        "3a",
        "IPS: betaald werk als percentage van de lopende trajecten",
        &quarters,
        &[
            ("Betaald werk", Measure::PaidWork),
            ("Duurzaam betaald werk", Measure::SustainableWork),
            ("Ooit betaald werk tijdens traject", Measure::EverPaidWork),
        ]
        .map(|(name, measure)| (name.to_owned(), IPS, measure)),
        Shown::Share,
    ));
    blocks.push(placed(facts));
    blocks.extend(unpaid(facts));
    blocks.push(education(facts));
    Section::new("ips-werk", "Werk en opleiding", blocks)
}

fn municipal(facts: &Facts) -> Option<String> {
    let (part, all) =
        (facts.figure(&funded(Funding::Municipality), Measure::PaidWork).fraction?, facts.figure(&IPS, Measure::PaidWork).fraction?);
    let way = match Direction::of_shares(part, all) {
        Direction::Up => "hoger dan",
        Direction::Down => "lager dan",
        Direction::AboutEqual => "nagenoeg gelijk aan",
        Direction::Equal => "gelijk aan",
    };
    let started = facts.figure(&funded(Funding::Municipality), Measure::Started);
    Some(format!(
        "Bij trajecten via de gemeente heeft {} betaald werk ({} van {}). Dat is {way} het gemiddelde van alle IPS-trajecten. \
         Van deze trajecten begonnen er {} in dit kwartaal; wie pas begon, is vaak nog op zoek.",
        dutch::percent(part),
        dutch::number(part.part),
        dutch::number(part.whole),
        if started.is_zero() { "geen".to_owned() } else { format!("{}{}", dutch::count(started.count), dutch::of_whole(started.fraction)) }
    ))
}

fn first_jobs(facts: &Facts) -> Block {
    let paid = facts.figure(&IPS, Measure::PaidWork);
    if paid.is_zero() {
        return Block::paragraph("Niemand had op de peildag betaald werk; hoe snel het gevonden werd, valt dus niet te zeggen.");
    }
    let [short, long] = facts.definitions.first_job_months;
    let figure = |measure| dutch::clients_of(facts.figure(&IPS, measure));
    let compared = facts.since_previous(&IPS, Measure::FirstJobWithin3Months);
    let compared = compared
        .map_or_else(String::new, |change| format!(" Het aandeel dat binnen {short} maanden werk vond is {}.", change.share_words()));
    Block::paragraph(format!(
        "Van wie nu betaald werk heeft, begon de eerste baan binnen {short} maanden na de start van het traject bij {}, na {short} tot {long} maanden bij {} \
         en na meer dan {long} maanden bij {}.{compared}",
        figure(Measure::FirstJobWithin3Months),
        figure(Measure::FirstJob3To9Months),
        figure(Measure::FirstJobAfter9Months)
    ))
}

fn placed(facts: &Facts) -> Block {
    let by_funding = FUNDINGS.iter().map(|funding| (format!("Financiering: {}", dutch::funding(*funding)), funded(*funding)));
    let by_variant =
        VARIANTS.iter().map(|variant| (format!("Type: {}", dutch::variant(*variant)), CellKey::MethodVariant(Method::Ips, *variant)));
    let figures: Vec<(String, crate::Figure)> =
        by_funding.chain(by_variant).map(|(name, key)| (name, facts.figure(&key, Measure::PaidWork))).collect();
    let title = format!("IPS: betaald werk naar financiering en type in {}", facts.quarter());
    charts::figures_with_share("3b", &title, "Financiering of type", &figures, Shown::Share)
}

fn unpaid(facts: &Facts) -> Vec<Block> {
    let figure = |measure| facts.figure(&IPS, measure);
    if figure(Measure::UnpaidAny).is_zero() {
        return vec![Block::paragraph("Onbetaald werk had op de peildag niemand.")];
    }
    vec![
        Block::paragraph(format!(
            "Onbetaald werk: {} met een proefplaatsing, {} met vrijwilligerswerk of een werkervaringsplaats en {} met arbeidsmatige dagbesteding. \
             Opgeteld {} dat er {}.",
            dutch::clients_of(figure(Measure::TrialPlacement)),
            dutch::clients_of(figure(Measure::VolunteerOrWorkExperience)),
            dutch::clients_of(figure(Measure::DayActivity)),
            if figure(Measure::UnpaidSum).count == Some(1) { "is" } else { "zijn" },
            with_share(facts, Measure::UnpaidSum)
        )),
        Block::paragraph(format!(
            "Wie twee soorten onbetaald werk doet, telt in die som dubbel. Als personen geteld gaat het om {}. Bij {} begon het onbetaalde werk al vóór het \
             traject, en daarnaast {} ook betaald werk of een opleiding.",
            dutch::clients_of(figure(Measure::UnpaidAny)),
            dutch::clients_of(figure(Measure::UnpaidBeforeStart)),
            dutch::verb_clients(figure(Measure::UnpaidAlongside).count, "had", "hadden")
        )),
    ]
}

fn with_share(facts: &Facts, measure: Measure) -> String {
    let figure = facts.figure(&IPS, measure);
    format!("{}{}", dutch::count(figure.count), dutch::of_whole(figure.fraction))
}

fn education(facts: &Facts) -> Block {
    let figure = |measure| facts.figure(&IPS, measure);
    let text = format!(
        "{} een opleiding{}. {} Met een opleiding {} en {}.",
        capitalised(&following(figure(Measure::Education).count)),
        dutch::of_whole(figure(Measure::Education).fraction.filter(|fraction| fraction.part > 0)),
        facts.comparison(&IPS, Measure::Education),
        dutch::verb_clients(figure(Measure::EducationStarted).count, "begon", "begonnen"),
        dutch::verb_clients(figure(Measure::EducationStopped).count, "stopte", "stopten")
    );
    Block::paragraph(text)
}

fn following(count: Option<u64>) -> String {
    match count {
        Some(0) => "geen enkele cliënt volgde".to_owned(),
        Some(1) | None => format!("{} volgde", dutch::clients(count)),
        Some(_) => format!("{} volgden", dutch::clients(count)),
    }
}

fn outflow(facts: &Facts) -> Section {
    let figure = |measure| facts.figure(&IPS, measure);
    let ended = figure(Measure::Ended);
    if ended.is_zero() {
        let since = facts
            .since_previous(&IPS, Measure::Ended)
            .map_or_else(String::new, |change: Change| format!(" Dat {} er {}.", change.verb(), change.words()));
        return Section::new(
            "ips-uitstroom",
            "Uitstroom",
            vec![Block::paragraph(format!("Niemand beëindigde in dit kwartaal een IPS-traject.{since}"))],
        );
    }
    let parts = [
        ("Met betaald werk", Measure::OutflowPaidWork),
        ("Zonder, maar eerder wel betaald werk", Measure::OutflowPaidWorkEarlier),
        ("Nooit betaald werk tijdens traject", Measure::OutflowNeverPaidWork),
    ];
    let figures: Vec<(String, crate::Figure)> = parts.iter().map(|(name, measure)| ((*name).to_owned(), figure(*measure))).collect();
    let blocks = vec![
        Block::paragraph(format!("Beëindigd: {}. {}", dutch::clients_of(ended), facts.comparison(&IPS, Measure::Ended))),
        Block::Bullets(vec![
            format!("Met betaald werk op de dag van uitstroom: {}.", dutch::clients_of(figure(Measure::OutflowPaidWork))),
            format!(
                "Dan zonder betaald werk, maar eerder in het traject wel: {}.",
                dutch::clients_of(figure(Measure::OutflowPaidWorkEarlier))
            ),
            format!("Tijdens het traject nooit betaald gewerkt: {}.", dutch::clients_of(figure(Measure::OutflowNeverPaidWork))),
        ]),
        Block::paragraph(format!(
            "Het beoogde resultaat van IPS, betaald werk op enig moment van het traject, is daarmee bereikt door {}. {}",
            dutch::clients_of(figure(Measure::OutflowIntended)),
            facts.share_comparison(&IPS, Measure::OutflowIntended)
        )),
        charts::parts(
            "4",
            &format!("Beëindigde IPS-trajecten met en zonder betaald werk in {}", facts.quarter()),
            "Beëindigd",
            "Uitkomst",
            &figures,
        ),
    ];
    Section::new("ips-uitstroom", "Uitstroom", blocks)
}
