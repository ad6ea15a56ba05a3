//! The answers to the questions that a count on one day leaves open, for people, in Dutch.

use std::fmt::Write;

use cohorts::{
    Answers, MONTHS,
    first_job::Unpaid,
    placements::Cohort,
    sequels::{Became, Next},
    survival::{Curve, Estimate, Observation},
};
use comfy_table::{Cell, Table};
use domain::{Funding, Method};
use figures::Scope;

use super::table::{funding, method, right, scope_name, table};

/// All answers, each with what can be concluded from it and what cannot.
pub fn tables(answers: &Answers, scope: &Scope, position: u64) -> String {
    let mut text = format!(
        "Vragen over het verloop, waargenomen tot en met {} ({}), positie {position}\n\
         Een percentage is een schatting: wie nog zoekt of vertrok, telt mee zolang die gevolgd is (Kaplan-Meier; tussen haakjes het 95%-interval).\n",
        answers.window.until(),
        scope_name(scope)
    );
    first_jobs(&mut text, answers);
    placements(&mut text, answers);
    sequels(&mut text, answers);
    year_later(&mut text, answers);
    alongside(&mut text, answers);
    durations(&mut text, answers);
    text
}

fn section(text: &mut String, title: &str, table: &Table, conclusion: &str) {
    let _ = writeln!(text, "\n{title}\n{table}\n{conclusion}");
}

/// A table whose first columns are these, and then the months.
fn by_month(first: &[&'static str]) -> Table {
    let months: Vec<String> = MONTHS.iter().map(|month| format!("{month} mnd")).collect();
    table(first.iter().copied().chain(months.iter().map(String::as_str)))
}

fn curve_row(first: Vec<Cell>, observations: &[Observation]) -> Vec<Cell> {
    let curve = Curve::of(observations);
    let median = curve.median().map_or_else(|| "niet bereikt".to_owned(), |days| days.to_string());
    let points: Vec<_> = curve.by_month().collect();
    let cells = MONTHS.iter().map(|month| {
        let point = points.iter().find(|point| point.month == *month);
        right(point.map_or_else(|| "-".to_owned(), |point| estimate(&point.estimate)))
    });
    first.into_iter().chain([right(curve.observed), right(curve.happened), right(median)]).chain(cells).collect()
}

/// `36 (31-41)`: percentages, rounded to whole ones, which is as exact as an interval of this width deserves.
fn estimate(estimate: &Estimate) -> String {
    let percent = |part: f64| format!("{:.0}", percentage(part));
    let happened = percent(estimate.happened);
    match (estimate.lower, estimate.upper) {
        (Some(lower), Some(upper)) => format!("{happened} ({}-{})", percent(lower), percent(upper)),
        _ => happened,
    }
}

#[allow(clippy::float_arithmetic, reason = "an estimate, for reading")]
fn percentage(part: f64) -> f64 {
    part * 100.0
}

fn first_jobs(text: &mut String, answers: &Answers) {
    let mut rows = by_month(&["Methode", "Onbetaald werk", "Zochten", "Vonden", "Mediaan (dagen)"]);
    for (of, found) in answers.first_jobs.iter().filter(|(_, found)| !found.all.is_empty()) {
        rows.add_row(curve_row(vec![Cell::new(method(*of)), Cell::new("alle")], &found.all));
        for (unpaid, waits) in Unpaid::ALL.into_iter().zip(&found.by_unpaid) {
            let name = match unpaid {
                Unpaid::Without => "zonder",
                Unpaid::Before => "al voor de start",
                Unpaid::During => "tijdens het traject begonnen",
            };
            rows.add_row(curve_row(vec![Cell::new(method(*of)), Cell::new(name)], waits));
        }
    }
    let conclusion = "Wie onderweg met onbetaald werk begint, telt tot die dag bij 'zonder' en daarna bij 'tijdens'. Wel te zeggen: of de ene groep sneller een baan vindt dan de \
                      andere. Niet te zeggen: dat het onbetaalde werk de oorzaak is; wie verder van werk af staat, begint er eerder aan.";
    section(
        text,
        "Staat onbetaald werk betaald werk in de weg? Percentage dat na zoveel maanden een eerste betaalde baan had",
        &rows,
        conclusion,
    );
}

fn placements(text: &mut String, answers: &Answers) {
    let mut rows = by_month(&["Gestart in", "Financiering", "Zochten", "Vonden", "Mediaan (dagen)", "Vertrokken", "Zoeken nog"]);
    let ips = answers.placements.get(&Method::Ips);
    for ((quarter, funded_by), cohort) in ips.into_iter().flatten() {
        let Cohort { waits, left, looking, .. } = cohort;
        let funded_by = funded_by.map_or("alle", |funded_by: Funding| funding(funded_by));
        let mut row = curve_row(vec![Cell::new(quarter.to_string()), Cell::new(funded_by)], waits);
        row.splice(5..5, [right(left), right(looking)]);
        rows.add_row(row);
    }
    let conclusion = "Een streepje: zo lang is nog niemand van dit kwartaal gevolgd. Wel te zeggen: of wie kort geleden begon op hetzelfde moment na de start even ver is als wie eerder \
                      begon. Niet te zeggen: wat later nog komt, zolang geen eerdere groep zo ver gevolgd is.";
    section(text, "Vinden wie kort geleden begonnen nog werk? IPS naar kwartaal van de start", &rows, conclusion);
}

fn sequels(text: &mut String, answers: &Answers) {
    let mut rows = table(["Na een traject", "Volgde voor dezelfde cliënt", "Trajecten", "Mediaan (dagen ertussen)"]);
    for ((after, next), count) in &answers.sequels.counts {
        let (name, gap) = match next {
            Next::Nothing => ("niets tot nu toe", None),
            Next::Method(next) => (method(*next), answers.sequels.median_gap(*after, *next)),
        };
        let gap = gap.map_or_else(String::new, |days| days.to_string());
        rows.add_row([Cell::new(method(*after)), Cell::new(name), right(count), right(gap)]);
    }
    let conclusion = "Alleen trajecten die in dit logboek staan: een vervolg bij een aanbieder die niets aanlevert, is niet te zien.";
    section(text, "Wat volgt op wat?", &rows, conclusion);
}

fn year_later(text: &mut String, answers: &Answers) {
    let mut rows = table(["Liep een jaar eerder", "Nu", "Trajecten"]);
    for ((of, became), count) in &answers.year_later {
        let became = match became {
            Became::Running => "loopt nog".to_owned(),
            Became::Followed(next) => format!("beëindigd, daarna {}", method(*next)),
            Became::Ended => "beëindigd, geen vervolg".to_owned(),
        };
        rows.add_row([Cell::new(method(*of)), Cell::new(became), right(count)]);
    }
    let conclusion = "Hieruit volgt hoeveel trajecten van toen als ander traject zijn voortgezet; niet hoeveel aanvragen vanaf het begin als een andere methode zijn gedaan.";
    section(text, "Wat werd er van wie een jaar eerder een lopend traject had?", &rows, conclusion);
}

fn alongside(text: &mut String, answers: &Answers) {
    let heading = [
        "Methode",
        "Onbetaald werk",
        "ook een baan",
        "ook een opleiding",
        "ook beide",
        "geen van beide",
        "begon voor de start",
        "geen van beide en begon voor de start",
    ];
    let mut rows = table(heading);
    for (of, found) in answers.alongside.iter().filter(|(_, found)| found.unpaid > 0) {
        let numbers =
            [found.unpaid, found.paid_work, found.education, found.both, found.neither, found.began_before, found.neither_began_before];
        rows.add_row(std::iter::once(Cell::new(of.map_or("Alle", method))).chain(numbers.into_iter().map(right)));
    }
    section(
        text,
        "Hoeveel cliënten met onbetaald werk hebben daarnaast een baan of opleiding?",
        &rows,
        "Elk traject telt één keer, op zijn peildag.",
    );
}

fn durations(text: &mut String, answers: &Answers) {
    let mut rows = by_month(&["Methode", "Wat", "Begonnen", "Geëindigd", "Mediaan (dagen)"]);
    for (of, found) in answers.durations.iter().filter(|(_, found)| !found.jobs.is_empty()) {
        let of = of.map_or("Alle", method);
        rows.add_row(curve_row(vec![Cell::new(of), Cell::new("betaalde banen")], &found.jobs));
        rows.add_row(curve_row(vec![Cell::new(of), Cell::new("duurzaam werk")], &found.sustainable));
    }
    let conclusion = "Banen die tijdens het traject begonnen, gevolgd tot de uitstroom. Een baan waarvan niemand het einde vastlegt, lijkt langer te duren dan zij duurde.";
    section(
        text,
        "Hoe lang duren banen, en hoe lang blijft werk duurzaam? Percentage dat na zoveel maanden voorbij was",
        &rows,
        conclusion,
    );
}
