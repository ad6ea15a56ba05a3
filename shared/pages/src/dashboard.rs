//! The figures of a quarter, for those who may see them: what counts, beside what it is a part of, beside what it was; over the quarters and over the regions.

use std::borrow::Cow;

use askama::Template;

use crate::{
    frame::{Frame, Page},
    lang::{Lang, thousands},
    parts::Choosable,
    report,
};

/// A number of the quarter. All numbers are exact; percentages were rounded elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureRow {
    /// What is counted.
    pub name: String,
    /// The address of the page that explains it.
    pub explained: String,
    /// How many.
    pub count: u64,
    /// The percentage with a decimal point, and what it is of; `None` where there is none.
    pub part: Option<Part>,
    /// How many more than in the quarter before; negative for fewer.
    pub previous: i64,
    /// How many more than in the same quarter of the year before.
    pub year: i64,
}

/// A percentage with its fraction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// `35.5`.
    pub percentage: String,
    /// The numerator; it can differ from the row's count, where a percentage leaves trajectories out.
    pub of: u64,
    /// The denominator.
    pub whole: u64,
}

/// A quarter of the series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarterRow {
    /// `2025Q1`.
    pub quarter: String,
    /// Trajectories that ran.
    pub running: u64,
    /// Those with paid work, and their percentage.
    pub paid: (u64, Option<String>),
    /// Those with sustainable work, and their percentage.
    pub sustainable: (u64, Option<String>),
    /// The one that is shown.
    pub shown: bool,
}

/// A labour-market region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionTile {
    /// `AM18`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Trajectories that ran.
    pub running: u64,
    /// Those with paid work.
    pub paid: u64,
    /// Their percentage, with a decimal point.
    pub percentage: Option<String>,
    /// From 0 to 4: how the percentage stands among the regions.
    pub shade: u8,
}

/// The page of `/cijfers`.
#[derive(Debug, Template)]
#[template(path = "dashboard.html")]
pub struct Dashboard {
    /// What stands around it.
    pub frame: Frame,
    /// `2025Q1`.
    pub quarter: String,
    /// What the scope is called.
    pub scope_name: String,
    /// The quarters that can be chosen.
    pub quarters: Vec<Choosable>,
    /// The scopes that can be chosen, and the one that was.
    pub scopes: Vec<Choosable>,
    /// The scope that was chosen, as the address has it.
    pub scope: String,
    /// The methods that can be chosen.
    pub methods: Vec<Choosable>,
    /// The method that was chosen; `all` for all of them.
    pub method: String,
    /// Whether the quarter has not ended.
    pub provisional: bool,
    /// The log position that the figures were made from.
    pub position: u64,
    /// The definition set.
    pub definitions: String,
    /// The figures.
    pub rows: Vec<FigureRow>,
    /// The quarters, the oldest first.
    pub series: Vec<QuarterRow>,
    /// The regions; empty where the scope is one.
    pub regions: Vec<RegionTile>,
}

impl Page for Dashboard {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        format!("{} {} · {}", self.frame.t("Cijfers", "Figures"), self.quarter_words(&self.quarter), self.scope_name).into()
    }

    fn at(&self) -> &'static str {
        "/cijfers"
    }
}

/// Where each region stands on the map, by column and row: roughly where it lies. One tile a region, so that none looks important by its area.
const PLACES: [(&str, usize, usize); 35] = [
    ("AM02", 4, 0),
    ("AM01", 5, 0),
    ("AM15", 2, 1),
    ("AM36", 4, 1),
    ("AM03", 5, 1),
    ("AM37", 1, 2),
    ("AM17", 2, 2),
    ("AM11", 3, 2),
    ("AM06", 4, 2),
    ("AM05", 5, 2),
    ("AM19", 1, 3),
    ("AM18", 2, 3),
    ("AM12", 3, 3),
    ("AM14", 4, 3),
    ("AM09", 5, 3),
    ("AM21", 0, 4),
    ("AM34", 1, 4),
    ("AM20", 2, 4),
    ("AM13", 3, 4),
    ("AM38", 4, 4),
    ("AM07", 5, 4),
    ("AM22", 1, 5),
    ("AM35", 2, 5),
    ("AM10", 3, 5),
    ("AM08", 5, 5),
    ("AM24", 0, 6),
    ("AM23", 1, 6),
    ("AM25", 2, 6),
    ("AM26", 3, 6),
    ("AM27", 4, 6),
    ("AM29", 5, 6),
    ("AM28", 3, 7),
    ("AM32", 4, 7),
    ("AM33", 5, 7),
    ("AM30", 5, 8),
];
/// A tile's side, and the room between two.
const TILE: usize = 96;
const BETWEEN: usize = 6;
/// As many letters of a name stand beside each other in a tile.
const LETTERS: usize = 13;

impl Dashboard {
    fn quarter_words(&self, quarter: &str) -> String {
        quarter_words(quarter, self.frame.lang)
    }

    /// `1.509` and `36,3% van 4.156`.
    fn part_words(&self, row: &FigureRow) -> Option<String> {
        row.part.as_ref().map(|part| part_words(part, row.count, self.frame.lang))
    }

    fn count_words(&self, count: &u64) -> String {
        thousands(*count, self.frame.lang)
    }

    fn with_percentage(&self, (count, percentage): &(u64, Option<String>)) -> String {
        let lang = self.frame.lang;
        let count = thousands(*count, lang);
        percentage.as_ref().map_or_else(|| count.clone(), |percentage| format!("{count} ({}%)", decimal(percentage, lang)))
    }

    fn percentage_words(&self, percentage: &str) -> String {
        format!("{}%", decimal(percentage, self.frame.lang))
    }

    /// `+104`, `−23`, `0`.
    fn change_words(&self, change: &i64) -> String {
        let size = thousands(change.unsigned_abs(), self.frame.lang);
        match change.signum() {
            1 => format!("+{size}"),
            -1 => format!("−{size}"),
            _ => size,
        }
    }

    /// The words of the tables, as the definitions have them. Measures are called as the report calls them, in both languages.
    fn terms(&self) -> [(&'static str, &str); 8] {
        let f = &self.frame;
        [
            ("Lopend", f.t("Trajecten die op een dag van het kwartaal liepen.", "Trajectories that ran on a day of the quarter.")),
            (
                f.lang.t("Deel", "Part"),
                f.t(
                    "Het percentage, en waarvan: van de lopende trajecten, bij uitstroom van de beëindigde, en bij de eerste baan van wie betaald werk heeft.",
                    "The percentage, and of what: of those that ran, of those that ended for outflow, and of those with paid work for the first job.",
                ),
            ),
            (
                "Betaald werk",
                f.t(
                    "Er is een betaalde baan op de laatste dag van het kwartaal, of van het traject als dat eerder eindigde.",
                    "There is a paid job on the last day of the quarter, or of the trajectory where that ended before.",
                ),
            ),
            (
                "Duurzaam betaald werk",
                f.t(
                    "Die baan is op een gewone werkplek, met genoeg uren, genoeg loonwaarde en een contract dat lang genoeg duurt.",
                    "That job is at a regular workplace, with enough hours, enough wage value and a contract that lasts long enough.",
                ),
            ),
            (
                "Duurzaam onbekend",
                f.t("Van geen baan staat vast dat die duurzaam is, en van ten minste één is een voorwaarde niet bekend. Werkfit telt hier niet mee.", "No job is known to be sustainable, and of at least one a condition is not known. Werkfit is left out here."),
            ),
            (
                "Onbetaald werk",
                f.t(
                    "De som telt wie twee soorten heeft twee keer, personen telt iedereen één keer.",
                    "The sum (som) counts who has two kinds twice, the persons (personen) count everybody once.",
                ),
            ),
            (
                "Uitstroom met beoogd resultaat",
                f.t(
                    "Beëindigd met het resultaat waarvoor de methode bedoeld is, zoals betaald werk of, bij Werkfit, klaar zijn om te werken.",
                    "Ended with what the method is for, such as paid work or, with Werkfit, being ready to work.",
                ),
            ),
            (
                f.lang.t("Voorlopig", "Provisional"),
                f.t(
                    "Het kwartaal loopt nog: de cijfers veranderen met wat er nog gebeurt.",
                    "The quarter has not ended: its figures change with what still happens.",
                ),
            ),
        ]
    }

    /// The regions at their places: left, top, the region.
    fn tiles(&self) -> Vec<(usize, usize, &RegionTile)> {
        let place = |tile: &'_ RegionTile| {
            PLACES
                .iter()
                .find(|(code, _, _)| *code == tile.code)
                .map(|(_, column, row)| (column * (TILE + BETWEEN), row * (TILE + BETWEEN)))
        };
        self.regions.iter().filter_map(|tile| place(tile).map(|(left, top)| (left, top, tile))).collect()
    }

    /// What a region's tile is filled with; one in which nothing runs stands outside the scale.
    fn fill(&self, tile: &RegionTile) -> String {
        if tile.running == 0 { "tile-none".to_owned() } else { format!("tile-{}", tile.shade) }
    }

    /// A region's name in lines that fit its tile.
    fn name_lines(&self, tile: &RegionTile) -> Vec<String> {
        lines_of(&tile.name)
    }

    /// What stands for what on the map: how a tile is filled, and the percentages of the regions that are.
    fn scale(&self) -> Vec<(String, String)> {
        let lang = self.frame.lang;
        let part = |tile: &&RegionTile| (tile.paid, tile.running);
        let less = |a: &(u64, u64), b: &(u64, u64)| (u128::from(a.0) * u128::from(b.1)).cmp(&(u128::from(b.0) * u128::from(a.1)));
        let mut scale = Vec::new();
        for shade in 0..=4 {
            let those = || self.regions.iter().filter(move |tile| tile.running > 0 && tile.shade == shade);
            let ends = [those().min_by(|a, b| less(&part(a), &part(b))), those().max_by(|a, b| less(&part(a), &part(b)))];
            let words =
                ends.map(|tile| tile.and_then(|tile| tile.percentage.as_deref()).map(|percentage| self.percentage_words(percentage)));
            if let [Some(least), Some(most)] = words {
                let words = if least == most { least } else { format!("{least} {} {most}", lang.t("tot en met", "to")) };
                scale.push((format!("tile-{shade}"), words));
            }
        }
        if self.regions.iter().any(|tile| tile.running == 0) {
            scale.push(("tile-none".to_owned(), lang.t("geen lopende trajecten", "none running").to_owned()));
        }
        scale
    }

    /// What the bars of the series show, each within the one before.
    fn bars(&self) -> [(&'static str, &str); 3] {
        let f = &self.frame;
        [
            ("other", f.t("Lopend", "Running")),
            ("work", f.t("waarvan met betaald werk", "of these with paid work")),
            ("sustainable", f.t("waarvan duurzaam", "of these sustainable")),
        ]
    }

    /// A region's address: the same page for it alone.
    fn address_of(&self, tile: &RegionTile) -> String {
        let joined = match self.scope.strip_prefix("organisation:") {
            Some(_) => format!("region:{},{}", tile.code, self.scope),
            None => format!("region:{}", tile.code),
        };
        self.address(&self.quarter, &joined)
    }

    fn address(&self, quarter: &str, scope: &str) -> String {
        format!("/cijfers?{}&methode={}", report::of(quarter, scope), self.method)
    }

    /// The stream that tells when the same changes.
    fn live(&self) -> String {
        format!("/api/v1/figures/{}/live?scope={}", self.quarter, self.scope)
    }

    /// The quarterly report on the same, of all methods.
    fn report(&self) -> String {
        format!("/cijfers/verslag?{}", report::of(&self.quarter, &self.scope))
    }

    /// The questions that the figures leave open, of the same.
    fn questions(&self) -> String {
        format!("/cijfers/vragen?{}", report::of(&self.quarter, &self.scope))
    }

    /// The same figures by rows and columns that one chooses.
    fn pivot(&self) -> String {
        format!("/cijfers/draaitabel?{}", report::of(&self.quarter, &self.scope))
    }

    /// What was published of the same; nothing is of an organisation within a region.
    fn publications(&self) -> String {
        if self.scope.contains(',') {
            return format!("/cijfers/publicaties?kwartaal={}", self.quarter);
        }
        format!("/cijfers/publicaties?{}", report::of(&self.quarter, &self.scope))
    }

    /// All figures of the same as files: address and what each is.
    fn files(&self) -> [(String, &str); 4] {
        let address = |name: &str| format!("/cijfers/{name}?{}", report::of(&self.quarter, &self.scope));
        [
            (address("tabellen.csv"), "CSV"),
            (address("tabellen.xlsx"), "Excel (XLSX)"),
            (address("tabellen.parquet"), "Parquet"),
            (address("datapackage.json"), self.frame.t("beschrijving van de CSV (data package)", "description of the CSV (data package)")),
        ]
    }

    /// How high a bar of the series is, of 100.
    fn bar(&self, row: &QuarterRow, count: &u64) -> u64 {
        let most = self.series.iter().map(|row| row.running).max().unwrap_or(0).max(1);
        debug_assert!(row.running <= most, "the most is the most");
        count * 100 / most
    }
}

/// `36,3% van 4.156`, with the numerator where that is not the count.
pub(crate) fn part_words(Part { percentage, of, whole }: &Part, count: u64, lang: Lang) -> String {
    let whole = thousands(*whole, lang);
    let percentage = decimal(percentage, lang);
    let from = lang.t("van", "of");
    if *of == count { format!("{percentage}% {from} {whole}") } else { format!("{percentage}% ({} {from} {whole})", thousands(*of, lang)) }
}

/// `1e kwartaal 2025`.
pub(crate) fn quarter_words(quarter: &str, lang: Lang) -> String {
    match quarter.split_once('Q') {
        Some((year, number)) => match lang {
            Lang::Nl => format!("{number}e kwartaal {year}"),
            Lang::En => format!("quarter {number} of {year}"),
        },
        None => quarter.to_owned(),
    }
}

/// A name in lines: broken at spaces, and after hyphens and strokes. A longer word stands in a line of its own.
fn lines_of(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in name.split_inclusive([' ', '-', '/']) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + part.trim_end().chars().count() <= LETTERS => line.push_str(part),
            _ => lines.push(part.to_owned()),
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// A decimal with the mark of the language.
fn decimal(number: &str, lang: Lang) -> String {
    number.replace('.', lang.t(",", "."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tile_has_a_place_of_its_own() {
        let mut codes: Vec<_> = PLACES.iter().map(|(code, _, _)| code).collect();
        let mut places: Vec<_> = PLACES.iter().map(|(_, column, row)| (column, row)).collect();
        codes.sort_unstable();
        codes.dedup();
        places.sort_unstable();
        places.dedup();
        assert_eq!((codes.len(), places.len()), (PLACES.len(), PLACES.len()));
    }

    #[test]
    fn a_name_is_broken_where_it_may_be() {
        assert_eq!(lines_of("Twente"), ["Twente"]);
        assert_eq!(lines_of("Groot Amsterdam"), ["Groot", "Amsterdam"]);
        assert_eq!(lines_of("Zuid-Kennemerland en IJmond"), ["Zuid-", "Kennemerland", "en IJmond"]);
        assert_eq!(lines_of("Zaanstreek/Waterland"), ["Zaanstreek/", "Waterland"]);
        assert_eq!(lines_of("Veluwe Stedendriehoek"), ["Veluwe", "Stedendriehoek"]);
    }

    #[test]
    fn numbers_are_said_in_the_language() {
        assert_eq!([thousands(4_844, Lang::Nl), thousands(1_234_567, Lang::En), thousands(12, Lang::Nl)], ["4.844", "1,234,567", "12"]);
        assert_eq!([decimal("35.5", Lang::Nl), decimal("35.5", Lang::En)], ["35,5", "35.5"]);
    }
}
