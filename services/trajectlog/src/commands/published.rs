//! What `trajectlog figures` tells of publications: the public answers, and changes since what was published.

use app::AsOf;
use domain::Quarter;
use figures::{
    CellKey, Counts, Figures, Measure, Scope,
    disclosure::{Area, Column, Published, Set, Tables},
};
use proto_events::Timestamp;
use publications::{Publications, Vintage};
use report::{Facts, Known, Numbers};
use serde_json::{Value, json};

use super::{
    figures::put_out,
    publish::{open, read},
};
use crate::{
    cli::{self, Disclosure, Format},
    commands::not_in_the_future,
    failure::Failure,
    output,
    place::Place,
};

/// The moment at which vintages are looked for: the one that was asked for; of a position, none is meant.
fn moment(as_of: AsOf) -> Result<Option<Timestamp>, Failure> {
    match as_of {
        AsOf::Now => Ok(None),
        AsOf::Moment(moment) => Ok(Some(moment)),
        AsOf::Position(_) => Err(Failure::wrong_use("vintages are told apart by their moment: give --as-of a moment, not a position")),
    }
}

/// Whose table it is.
fn area(scope: &Scope) -> Result<Area, Failure> {
    Area::of(scope).ok_or_else(|| {
        Failure::refused("nothing was published of an organisation within a region: its numbers would be too small. Ask for one of the two")
    })
}

/// The vintages of the two quarters that a quarter is compared with, as they had been published then: at the asked moment, else when the quarter itself was last published.
fn earlier(publications: &Publications, quarter: Quarter, at: Option<Timestamp>) -> [Option<&Vintage>; 2] {
    let then = at.or_else(|| publications.vintage(quarter, None).map(|(_, vintage)| vintage.moment));
    [quarter.previous(), quarter.year_earlier()].map(|quarter| publications.vintage(quarter, then).map(|(_, vintage)| vintage))
}

/// Changes since what had been published of the earlier quarters.
pub fn compare(place: &Place, args: &cli::Figures, figures: &mut Figures) -> Result<(), Failure> {
    let at = moment(args.as_of.unwrap_or_default())?;
    let publications = open(place)?;
    let area = area(&args.scope)?;
    let [previous, year_earlier] = earlier(&publications, args.quarter, at);
    if previous.is_none() && year_earlier.is_none() {
        let (one, other) = (args.quarter.previous(), args.quarter.year_earlier());
        return Err(Failure::refused(format!(
            "nothing was published of {one} or {other} to compare with: publish one first (`trajectlog publish --quarter {one}`), or ask without --against published"
        )));
    }
    let counts = |vintage: &Vintage, key: &CellKey| {
        let (area, key) = Tables::place(&area, key);
        vintage.tables.cell(&area, &key).cloned().unwrap_or_else(Counts::of_nobody)
    };
    let previous = previous.map(|vintage| move |key: &CellKey| counts(vintage, key));
    let year_earlier = year_earlier.map(|vintage| move |key: &CellKey| counts(vintage, key));
    let of = std::mem::take(figures);
    *figures = of.against(
        previous.as_ref().map(|then| then as &dyn Fn(&CellKey) -> Counts),
        year_earlier.as_ref().map(|then| then as &dyn Fn(&CellKey) -> Counts),
    );
    Ok(())
}

/// `trajectlog figures --disclosure public`.
pub async fn run(place: &Place, args: &cli::Figures) -> Result<(), Failure> {
    if args.definitions.is_some() {
        return Err(Failure::wrong_use("what was published was made by the definitions of then: ask without --definitions"));
    }
    let at = moment(not_in_the_future(args.as_of)?)?;
    let publications = read(place).await?;
    let area = area(&args.scope)?;
    let answer = public(&publications, args.quarter, &area, at, args.tables).ok_or_else(|| {
        let then = at.map_or_else(String::new, |at| format!(" at or before {at}"));
        Failure::refused(format!(
            "nothing was published of {}{then} for this scope: only published sets may be seen by everybody (`trajectlog publish` makes one)",
            args.quarter
        ))
    })?;
    let bytes = match args.format {
        Format::Json => format!("{answer}\n").into_bytes(),
        Format::Table => output::public::table_of(&answer).into_bytes(),
        Format::Csv => output::public::csv(&answer).into_bytes(),
        Format::Xlsx | Format::Parquet => {
            return Err(Failure::wrong_use("published figures come as table, json or csv"));
        }
    };
    put_out(args, &bytes)
}

/// A published quarter that reports are written on: its vintage, and those of the quarters before as they had been published then.
pub struct PublishedQuarter {
    publications: Publications,
    quarter: Quarter,
    moment: Timestamp,
    public: bool,
}

impl PublishedQuarter {
    /// The vintage that a report means.
    pub async fn of(place: &Place, args: &cli::Report) -> Result<Self, Failure> {
        let at = moment(not_in_the_future(args.as_of)?)?;
        let publications = read(place).await?;
        let Some((_, vintage)) = publications.vintage(args.quarter, at) else {
            let then = at.map_or_else(String::new, |at| format!(" at or before {at}"));
            return Err(Failure::refused(format!("nothing was published of {}{then}: `trajectlog publish` makes a vintage", args.quarter)));
        };
        let moment = vintage.moment;
        Ok(Self { publications, quarter: args.quarter, moment, public: args.disclosure == Disclosure::Public })
    }

    /// The vintage with this number, for who may see all of its numbers; `None` where it is none of the quarter's.
    pub fn numbered(publications: Publications, quarter: Quarter, number: u64) -> Option<Self> {
        let moment = publications.numbered(quarter, number).map(|(_, vintage)| vintage.moment)?;
        Some(Self { publications, quarter, moment, public: false })
    }

    /// Every area that has a table in it.
    pub fn areas(&self) -> Vec<Area> {
        self.vintage(self.quarter).map(|vintage| vintage.tables.0.keys().cloned().collect()).unwrap_or_default()
    }

    /// What a report on a scope is written from, with a line of so many quarters.
    pub fn facts(&self, scope: &Scope, quarters: usize) -> Result<Facts, Failure> {
        let area = area(scope)?;
        let Some(vintage) = self.vintage(self.quarter) else {
            return Err(Failure::refused(format!("nothing was published of {}", self.quarter)));
        };
        let known = |quarter: Quarter| self.vintage(quarter).map(|vintage| known(vintage, &area, self.public));
        let before = std::iter::successors(Some(self.quarter), |quarter| Some(quarter.previous())).take(quarters);
        let mut trend: Vec<Numbers> = before.map_while(|quarter| known(quarter).map(|known| known.numbers)).collect();
        trend.reverse();
        Ok(Facts {
            scope: scope.clone(),
            definitions: vintage.definitions.clone(),
            current: self::known(vintage, &area, self.public),
            previous: known(self.quarter.previous()),
            year_earlier: known(self.quarter.year_earlier()),
            trend,
            provisional: vintage.as_of.provisional,
            published: true,
        })
    }

    /// A quarter as it had been published when this one was.
    fn vintage(&self, quarter: Quarter) -> Option<&Vintage> {
        self.publications.vintage(quarter, Some(self.moment)).map(|(_, vintage)| vintage)
    }
}

/// The numbers of a table of a vintage; `public`: those that everybody may see.
fn known(vintage: &Vintage, area: &Area, public: bool) -> Known {
    let set = vintage.set();
    let cells: Vec<(CellKey, Counts)> = set.keys(area, false).into_iter().map(|key| (key.clone(), set.counts(area, &key))).collect();
    let figures = Figures { cells, ..Figures::default() };
    let mut numbers = Numbers::of(vintage.quarter, &figures, &vintage.definitions);
    if public {
        shield(&mut numbers, vintage, area, &figures);
    }
    Known { numbers, position: vintage.as_of.position, recorded_at: vintage.as_of.recorded_at.clone() }
}

/// Takes out what is suppressed, and every percentage that would tell it.
fn shield(numbers: &mut Numbers, vintage: &Vintage, area: &Area, figures: &Figures) {
    let set = vintage.set();
    for (key, _) in &figures.cells {
        for measure in Measure::ALL {
            if !set.shows(area, key, &Column::Measure(*measure)) {
                numbers.shield(key, *measure);
            } else if !set.shows_percentage(area, key, *measure, &vintage.definitions) {
                numbers.shield_percentage(key, *measure);
            }
        }
    }
    for (key, column) in vintage.hidden.get(area).into_iter().flatten() {
        if let Column::Scheme(scheme) = column {
            numbers.shield_scheme(key, scheme);
        }
    }
}

/// The public answer; `None` where nothing was published.
pub fn public(publications: &Publications, quarter: Quarter, area: &Area, at: Option<Timestamp>, tables: bool) -> Option<Value> {
    let (_, vintage) = publications.vintage(quarter, at)?;
    let [previous_quarter, year_earlier] = earlier(publications, quarter, at).map(|then| then.map(Vintage::set));
    let set: Set<'_> = vintage.set();
    let published = Published { quarter, area, set, definitions: &vintage.definitions, previous_quarter, year_earlier };
    if !published.exists() {
        return None;
    }
    let mut answer = published.to_json(tables, &vintage.as_of);
    answer["vintage"] = json!({"moment": vintage.moment.to_string(), "status": vintage.status.as_str()});
    Some(answer)
}
