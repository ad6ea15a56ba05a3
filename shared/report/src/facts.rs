//! What a report is written from: the numbers of the quarter and of those that it is compared with, and where they come from.

use domain::{Funding, Method, Quarter, Variant};
use figures::{AsOf, CellKey, Definitions, Measure, Scope};

use crate::{
    change::Change,
    dutch,
    numbers::{Figure, Fraction, Numbers},
};

/// The funds, in the order in which they are told.
pub(crate) const FUNDINGS: [Funding; 3] = [Funding::Municipality, Funding::Uwv, Funding::Other];
/// The variants of IPS, in the order in which they are told.
pub(crate) const VARIANTS: [Option<Variant>; 4] = [Some(Variant::Epa), Some(Variant::Cmd), Some(Variant::Other), None];

/// So many quarters the line of a report goes back, this one included: two years.
pub const TREND: usize = 8;

/// The quarters of the line up to this one, oldest first: the two that a report compares with are among them.
#[must_use]
pub fn line(quarter: Quarter) -> Vec<Quarter> {
    let mut quarters: Vec<Quarter> = std::iter::successors(Some(quarter), |quarter| Some(quarter.previous())).take(TREND).collect();
    quarters.reverse();
    quarters
}

/// What the file of a report is called, without its ending: `2025Q1-landelijk`, `2025Q1-regio-AM18`, `2025Q1-organisatie-ggz-voorbeeld`.
#[must_use]
pub fn file_name(quarter: Quarter, scope: &Scope) -> String {
    let region = scope.region.map(|region| format!("-regio-{}", region.code()));
    let organisation = scope.organisation.as_ref().map(|slug| format!("-organisatie-{slug}"));
    let place: String = organisation.into_iter().chain(region).collect();
    format!("{quarter}{}", if place.is_empty() { "-landelijk" } else { &place })
}

/// The numbers of a quarter, as they were known at a state of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The numbers.
    pub numbers: Numbers,
    /// The log position; 0 of an empty log.
    pub position: u64,
    /// That event's `recorded_at` (RFC 3339, UTC); `None` at position 0.
    pub recorded_at: Option<String>,
}

/// All that a report says follows from this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// For which part of the country or which organisation.
    pub scope: Scope,
    /// By which definitions all numbers were made.
    pub definitions: Definitions,
    /// The quarter.
    pub current: Known,
    /// The quarter before, as it was known when it was published, or at the same state of the log; `None` when that is not known.
    pub previous: Option<Known>,
    /// The same quarter a year earlier, likewise.
    pub year_earlier: Option<Known>,
    /// Quarters up to this one, oldest first, all as known at the state of the log of this report; empty when they were not asked for.
    pub trend: Vec<Numbers>,
    /// Whether the quarter had not ended at the moment that was asked for.
    pub provisional: bool,
    /// Whether it is of what was published: each quarter of [`Facts::trend`] is then as it was published, at a state of its own.
    pub published: bool,
}

impl Facts {
    /// From one state of the log, at which every quarter of [`line`] is counted: `numbers` are those of a quarter.
    #[must_use]
    pub fn of_state(quarter: Quarter, scope: Scope, definitions: Definitions, as_of: &AsOf, numbers: impl Fn(Quarter) -> Numbers) -> Self {
        // Each quarter is counted once: those that the report compares with are of the line.
        let counted: Vec<Numbers> = line(quarter).into_iter().map(&numbers).collect();
        let known = |quarter: Quarter| {
            let counted = counted.iter().find(|counted| counted.quarter() == quarter);
            let numbers = counted.cloned().unwrap_or_else(|| numbers(quarter));
            Known { numbers, position: as_of.position, recorded_at: as_of.recorded_at.clone() }
        };
        Self {
            scope,
            definitions,
            current: known(quarter),
            previous: Some(known(quarter.previous())),
            year_earlier: Some(known(quarter.year_earlier())),
            trend: counted.iter().skip_while(|numbers| numbers.is_empty()).cloned().collect(),
            provisional: as_of.provisional,
            published: false,
        }
    }

    pub(crate) const fn now(&self) -> &Numbers {
        &self.current.numbers
    }

    /// The quarters that the report compares with, oldest first; those in which nobody was guided are none.
    pub(crate) fn earlier(&self) -> impl Iterator<Item = &Numbers> {
        let known = self.year_earlier.iter().chain(&self.previous).map(|known| &known.numbers);
        known.filter(|numbers| !numbers.is_empty())
    }

    /// The same, nearest first: the order in which sentences tell them.
    pub(crate) fn earlier_as_told(&self) -> impl Iterator<Item = &Numbers> {
        let known = self.previous.iter().chain(&self.year_earlier).map(|known| &known.numbers);
        known.filter(|numbers| !numbers.is_empty())
    }

    /// The earlier quarters and this one, oldest first.
    pub(crate) fn quarters(&self) -> Vec<&Numbers> {
        self.earlier().chain(std::iter::once(self.now())).collect()
    }

    pub(crate) fn figure(&self, key: &CellKey, measure: Measure) -> Figure {
        self.now().figure(key, measure)
    }

    pub(crate) fn count(&self, key: &CellKey, measure: Measure) -> Option<u64> {
        self.now().count(key, measure)
    }

    pub(crate) fn share(&self, key: &CellKey) -> Option<Fraction> {
        self.now().share(key)
    }

    pub(crate) fn changes(&self, key: &CellKey, measure: Measure) -> Vec<Change> {
        self.earlier_as_told().map(|then| Change::of(self.now(), then, key, measure, &self.definitions)).collect()
    }

    /// The change since the quarter before.
    pub(crate) fn since_previous(&self, key: &CellKey, measure: Measure) -> Option<Change> {
        let then = self.previous.as_ref().map(|known| &known.numbers).filter(|numbers| !numbers.is_empty())?;
        Some(Change::of(self.now(), then, key, measure, &self.definitions))
    }

    /// The change since the same quarter a year earlier.
    pub(crate) fn since_year_earlier(&self, key: &CellKey, measure: Measure) -> Option<Change> {
        let then = self.year_earlier.as_ref().map(|known| &known.numbers).filter(|numbers| !numbers.is_empty())?;
        Some(Change::of(self.now(), then, key, measure, &self.definitions))
    }

    /// Compares a number with the earlier quarters: `Dat zijn er 104 meer dan in … (+2,2%) en 140 minder dan in … (−2,8%).`
    pub(crate) fn comparison(&self, key: &CellKey, measure: Measure) -> String {
        self.comparison_after(key, measure, |verb| format!("Dat {verb} er"))
    }

    /// The same after a beginning of its own, which is made of its verb.
    pub(crate) fn comparison_after(&self, key: &CellKey, measure: Measure, beginning: impl Fn(&str) -> String) -> String {
        let (told, shielded): (Vec<Change>, Vec<Change>) =
            self.changes(key, measure).into_iter().partition(|change| change.absolute().is_some());
        let shielded: Vec<String> = shielded.iter().map(|change| dutch::quarter(change.quarter)).collect();
        let untold = format!("Met {} is het niet te vergelijken: een van de aantallen is afgeschermd.", dutch::joined(&shielded));
        let words: Vec<String> = told.iter().map(Change::words).collect();
        let beginning = beginning(told.first().map_or("zijn", Change::verb));
        match (words.is_empty(), shielded.is_empty()) {
            (_, true) => self.comparing(&beginning, &words),
            (true, false) => untold,
            (false, false) => format!("{} {untold}", self.comparing(&beginning, &words)),
        }
    }

    /// Compares a share with the earlier quarters.
    pub(crate) fn share_comparison(&self, key: &CellKey, measure: Measure) -> String {
        let changes: Vec<String> = self.changes(key, measure).iter().map(Change::share_words).collect();
        self.comparing("Het percentage is", &changes)
    }

    fn comparing(&self, beginning: &str, changes: &[String]) -> String {
        let missing: Vec<String> = self.not_comparable();
        match (changes.is_empty(), missing.is_empty()) {
            (true, _) => "Er is geen vergelijking mogelijk met eerdere kwartalen.".to_owned(),
            (false, true) => format!("{beginning} {}.", dutch::joined(changes)),
            (false, false) => {
                format!("{beginning} {}. Met {} is geen vergelijking mogelijk.", dutch::joined(changes), dutch::joined(&missing))
            }
        }
    }

    /// The quarters that cannot be compared with.
    pub(crate) fn not_comparable(&self) -> Vec<String> {
        let quarter = self.now().quarter();
        let wanted = [(&self.previous, quarter.previous()), (&self.year_earlier, quarter.year_earlier())];
        let unknown = |known: &Option<Known>| known.as_ref().is_none_or(|known| known.numbers.is_empty());
        wanted.into_iter().filter(|(known, _)| unknown(known)).map(|(_, quarter)| dutch::quarter(quarter)).collect()
    }

    /// `kwartaal 1 van 2025`.
    pub(crate) fn quarter(&self) -> String {
        dutch::quarter(self.now().quarter())
    }

    /// Of which part of the country or which organisation the report is.
    pub(crate) fn scope_words(&self) -> String {
        let region = self.scope.region.map(|region| format!("arbeidsmarktregio {} ({})", region.name(), region.code()));
        let organisation = self.scope.organisation.as_ref().map(|slug| format!("organisatie {}", dutch::organisation(slug)));
        match (organisation, region) {
            (None, None) => "heel Nederland".to_owned(),
            (Some(only), None) | (None, Some(only)) => only,
            (Some(organisation), Some(region)) => format!("{organisation} in {region}"),
        }
    }

    /// Whether nobody was guided with this method in this quarter or any that it is compared with.
    pub(crate) fn never_any(&self, method: Method) -> bool {
        self.quarters().iter().all(|numbers| numbers.count(&CellKey::Method(method), Measure::Running) == Some(0))
    }

    /// Whether anything that the report is written from is shielded.
    pub(crate) fn anything_shielded(&self) -> bool {
        self.quarters().iter().any(|numbers| numbers.anything_shielded())
    }
}
