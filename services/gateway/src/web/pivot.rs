//! The figures as a pivot table: two of what they are broken down by, the one in the rows and the other in the columns, as a page and as files of the lines
//! behind it. They are the lines that `/cijfers` has, a quarter from one state of the log; the table is made of what the files hold, and of nothing else.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Extension, extract::State, response::Response};
use bytes::Bytes;
use domain::{Funding, Method, Quarter, Variant};
use figures::{Measure, Scope};
use pages::{Choosable, NoFigures, Pivot, PivotAxis as Axis, PivotCell, PivotChoice, PivotHead, PivotRow};
use tables::{Form, Row, Tidy};

use super::{
    Visitor,
    dashboard::{Missing, SERIES, Wanted, back, is_known, method_name, methods, own_scope},
    names, page,
    questions::{about, part},
    tables::{failed, written},
};
use crate::{
    Inner,
    http::{About, Asked, Gate, counted},
    ports,
    problem::Problem,
};

/// `GET /cijfers/draaitabel`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    match turned(&inner, &visitor, &asked).await {
        Ok(pivot) => page(&pivot),
        Err(missing) => missing.page(visitor),
    }
}

/// `GET /cijfers/draaitabel.csv`.
pub(crate) async fn csv(state: Gate, visitor: Visitor, asked: Extension<Asked>) -> Result<Response, Problem> {
    file(state, visitor, asked, Form::Csv).await
}

/// `GET /cijfers/draaitabel.xlsx`.
pub(crate) async fn xlsx(state: Gate, visitor: Visitor, asked: Extension<Asked>) -> Result<Response, Problem> {
    file(state, visitor, asked, Form::Xlsx).await
}

/// `GET /cijfers/draaitabel.parquet`.
pub(crate) async fn parquet(state: Gate, visitor: Visitor, asked: Extension<Asked>) -> Result<Response, Problem> {
    file(state, visitor, asked, Form::Parquet).await
}

async fn file(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>, form: Form) -> Result<Response, Problem> {
    let (name, tidy) = match taken(&inner, &visitor, &asked).await {
        Ok(taken) => taken,
        Err(missing) => return missing.page(visitor),
    };
    let write = move || match form {
        Form::Csv => tidy.csv().map(Bytes::from),
        Form::Xlsx => tidy.xlsx().map(Bytes::from),
        Form::Parquet => tidy.parquet().map(Bytes::from),
    };
    written(&name, form, write).await
}

/// What a file is called, and its rows.
async fn taken(inner: &Inner, visitor: &Visitor, asked: &Asked) -> Result<(String, Tidy), Missing> {
    let layout = Layout::judged(visitor, asked)?;
    let of = report::file_name(layout.wanted.quarter, &layout.wanted.scope);
    let name = format!("draaitabel-{}-{}-{of}", layout.rows.code(), layout.columns.code());
    Ok((name, layout.behind(inner).await?.tidy))
}

async fn turned(inner: &Inner, visitor: &Visitor, asked: &Asked) -> Result<Pivot, Missing> {
    let layout = Layout::judged(visitor, asked)?;
    let behind = layout.behind(inner).await?;
    let (heads, lines) = layout.table(&behind.tidy, visitor);
    let least = behind.positions.iter().min().copied().unwrap_or_default();
    let most = behind.positions.iter().max().copied().unwrap_or_default();
    let sees_all = own_scope(visitor).organisation.is_none();
    Ok(Pivot {
        axes: Axis::ROWS.into_iter().filter(|axis| sees_all || *axis != Axis::Organisation).collect(),
        rows: layout.rows,
        columns: layout.columns,
        choices: layout.choices(visitor),
        provisional: behind.provisional,
        positions: (least, most),
        definitions: behind.definitions,
        summed: layout.sums(),
        heads,
        lines,
        about: about(inner, visitor, &layout.wanted).await,
        frame: visitor.frame.clone(),
    })
}

/// What is asked for.
struct Layout {
    /// Its method is that of all numbers; `None` for all of them, and where methods are an axis.
    wanted: Wanted,
    rows: Axis,
    columns: Axis,
    /// That of all numbers; `None` where measures are an axis.
    measure: Option<Measure>,
}

/// The rows behind a table, and of which state of the log those of each quarter are.
#[derive(Default)]
struct Behind {
    tidy: Tidy,
    provisional: bool,
    positions: Vec<u64>,
    definitions: String,
}

impl Behind {
    /// Whatever is said of the rows of a quarter.
    fn learn(&mut self, row: Row<'_>) {
        self.provisional |= row.get("provisional") == "true";
        self.positions.extend(row.get("position").parse::<u64>());
        row.get("definitions").clone_into(&mut self.definitions);
    }
}

/// What a place of the table is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    count: u64,
    /// Numerator and denominator; `None` where no row has them.
    fraction: Option<(u64, u64)>,
}

impl Sum {
    /// Of one row; `None` where it does not tell how many.
    fn of(row: Row<'_>) -> Option<Self> {
        let number = |name| row.get(name).parse::<u64>().ok();
        Some(Self { count: number("count")?, fraction: number("numerator").zip(number("denominator")) })
    }

    /// With those of another method: each trajectory has one.
    fn add(&mut self, other: Self) {
        self.count += other.count;
        let both = self.fraction.zip(other.fraction).map(|((of, whole), (more, of_more))| (of + more, whole + of_more));
        self.fraction = both.or(self.fraction).or(other.fraction);
    }

    fn cell(self) -> PivotCell {
        PivotCell { count: self.count, part: self.fraction.and_then(|(of, whole)| part(of, whole)) }
    }
}

impl Layout {
    /// Reads it, and judges whether the visitor may ask.
    fn judged(visitor: &Visitor, asked: &Asked) -> Result<Self, Missing> {
        let wanted = Wanted::judged(visitor, asked)?;
        let (rows, columns) = axes(asked)?;
        may_stand(rows, &wanted.scope, &own_scope(visitor))?;
        let measure = asked.text("maat").map(|name| Measure::of_name(name).ok_or(NoFigures::NoMeasure)).transpose()?;
        let is_axis = |axis| rows == axis || columns == axis;
        let layout = Self {
            measure: (!is_axis(Axis::Measure)).then(|| measure.unwrap_or(Measure::PaidWork)),
            wanted: Wanted { method: wanted.method.filter(|_| !is_axis(Axis::Method)), ..wanted },
            rows,
            columns,
        };
        match layout.measure {
            Some(measure) if !layout.has(measure) => Err(NoFigures::NoMeasure.into()),
            Some(_) | None => Ok(layout),
        }
    }

    fn is_axis(&self, axis: Axis) -> bool {
        self.rows == axis || self.columns == axis
    }

    /// The table of the figures in which the lines stand.
    fn of_figures(&self) -> &'static str {
        match self.rows {
            Axis::Funding => "by_method_funding",
            Axis::Variant => "by_method_variant",
            Axis::Region => "by_method_region",
            Axis::Organisation => "by_method_organisation",
            Axis::Measure | Axis::Method | Axis::Quarter if self.is_axis(Axis::Method) || self.wanted.method.is_some() => "by_method",
            Axis::Measure | Axis::Method | Axis::Quarter => "all",
        }
    }

    /// Whether a number is the sum of those of all methods: the figures break nothing down but a method.
    fn sums(&self) -> bool {
        is_breakdown(self.rows) && self.wanted.method.is_none() && !self.is_axis(Axis::Method)
    }

    /// Whether the table can have this measure. An organisation may have several methods, so that organisations are not added.
    fn has(&self, measure: Measure) -> bool {
        !(self.sums() && measure == Measure::Organisations)
    }

    /// Where a line stands, by the codes of row and column; `None` where it is not behind the table.
    fn place(&self, line: Row<'_>) -> Option<(String, String)> {
        let is_asked =
            line.get("table") == self.of_figures() && self.wanted.method.as_deref().is_none_or(|only| only == line.get("method"));
        // A scheme is no measure.
        let measure = Measure::of_name(line.get("measure")).filter(|_| is_asked)?;
        let is_behind = self.has(measure) && self.measure.is_none_or(|only| only == measure);
        let code = |axis| line.get(field(axis)).to_owned();
        is_behind.then(|| (code(self.rows), code(self.columns)))
    }

    /// The oldest first.
    fn quarters(&self) -> Vec<Quarter> {
        let many = if self.is_axis(Axis::Quarter) { SERIES } else { 1 };
        let mut quarters = back(self.wanted.quarter, many);
        quarters.reverse();
        quarters
    }

    async fn behind(&self, inner: &Inner) -> Result<Behind, Missing> {
        let scope = &self.wanted.scope;
        let tables = matches!(self.rows, Axis::Region | Axis::Organisation);
        let (mut behind, mut ran) = (Behind::default(), false);
        for quarter in self.quarters() {
            let csv = counted(inner, &About { quarter, scope: scope.clone(), tables }, ports::Form::Csv).await?;
            let all = Tidy::read(&csv).map_err(|error| failed(&error))?;
            ran |= all.column("count").any(|count| count != "0");
            if let Some(first) = all.rows().next() {
                behind.learn(first);
            }
            behind.tidy = behind.tidy.join(all.keep(|line| self.place(line).is_some()));
        }
        if ran || is_known(inner, scope) {
            Ok(behind)
        } else if self.is_axis(Axis::Quarter) {
            Err(NoFigures::NoOrganisation.into())
        } else {
            Err(NoFigures::NoneOfOrganisation.into())
        }
    }

    /// What the columns are of, and the rows. One of which there is no line does not stand there; a quarter that was asked for does.
    fn table(&self, lines: &Tidy, visitor: &Visitor) -> (Vec<PivotHead>, Vec<PivotRow>) {
        let mut places: BTreeMap<(String, String), Sum> = BTreeMap::new();
        for (place, of_line) in lines.rows().filter_map(|line| self.place(line).zip(Sum::of(line))) {
            places.entry(place).or_default().add(of_line);
        }
        let rows = self.codes(self.rows, places.keys().map(|(row, _)| row));
        let columns = self.codes(self.columns, places.keys().map(|(_, column)| column));
        let cell = |row: &String, column: &String| places.get(&(row.clone(), column.clone())).copied().map(Sum::cell);
        let row = |code: &String| PivotRow {
            head: head(self.rows, code, visitor),
            cells: columns.iter().map(|column| cell(code, column)).collect(),
        };
        (columns.iter().map(|code| head(self.columns, code, visitor)).collect(), rows.iter().map(row).collect())
    }

    /// The codes that occur on an axis, in the order in which they are shown.
    fn codes<'a>(&self, axis: Axis, found: impl Iterator<Item = &'a String>) -> Vec<String> {
        let mut codes: BTreeSet<String> = found.cloned().collect();
        if axis == Axis::Quarter {
            codes.extend(self.quarters().iter().map(Quarter::to_string));
        }
        let order = order(axis);
        let mut codes: Vec<String> = codes.into_iter().collect();
        // What is in no list comes last, and otherwise by its code.
        codes.sort_by_key(|code| order.iter().position(|listed| *listed == code.as_str()).unwrap_or(order.len()));
        codes
    }

    /// What is on neither axis, and what there is to choose.
    fn choices(&self, visitor: &Visitor) -> Vec<PivotChoice> {
        let measures = Measure::ALL.iter().filter(|measure| self.has(**measure));
        let measure = self.measure.map(|chosen| PivotChoice {
            of: Axis::Measure,
            chosen: chosen.as_str().to_owned(),
            all: measures.map(|measure| Choosable::new(measure.as_str(), measure.dutch())).collect(),
        });
        let method = (!self.is_axis(Axis::Method)).then(|| PivotChoice {
            of: Axis::Method,
            chosen: self.wanted.method.clone().unwrap_or_else(|| "all".to_owned()),
            all: methods(visitor),
        });
        measure.into_iter().chain(method).collect()
    }
}

/// Rows and columns. Where one of them is not said it is what the other leaves: methods by measures.
fn axes(asked: &Asked) -> Result<(Axis, Axis), NoFigures> {
    let read = |key: &str, those: &[Axis]| asked.text(key).map(|code| Axis::among(those, code).ok_or(NoFigures::NoAxis)).transpose();
    let (rows, columns) = (read("rijen", &Axis::ROWS)?, read("kolommen", &Axis::COLUMNS)?);
    let rows = rows.unwrap_or(if columns == Some(Axis::Method) { Axis::Measure } else { Axis::Method });
    let columns = columns.unwrap_or(if rows == Axis::Measure { Axis::Method } else { Axis::Measure });
    if rows == columns { Err(NoFigures::SameAxis) } else { Ok((rows, columns)) }
}

/// Whether there is more than one of these within the scope, of all that the visitor may see.
fn may_stand(rows: Axis, scope: &Scope, own: &Scope) -> Result<(), NoFigures> {
    match rows {
        Axis::Region if scope.region.is_some() => Err(NoFigures::NotByRegion),
        Axis::Organisation if scope.organisation.is_some() || own.organisation.is_some() => Err(NoFigures::NotByOrganisation),
        Axis::Measure | Axis::Method | Axis::Funding | Axis::Variant | Axis::Region | Axis::Organisation | Axis::Quarter => Ok(()),
    }
}

/// Whether the figures have it within a method.
const fn is_breakdown(axis: Axis) -> bool {
    match axis {
        Axis::Funding | Axis::Variant | Axis::Region | Axis::Organisation => true,
        Axis::Measure | Axis::Method | Axis::Quarter => false,
    }
}

/// The field of a line that says where it stands.
const fn field(axis: Axis) -> &'static str {
    match axis {
        Axis::Measure => "measure",
        Axis::Method => "method",
        Axis::Funding | Axis::Variant | Axis::Region | Axis::Organisation => "breakdown",
        Axis::Quarter => "quarter",
    }
}

/// The codes in the order of their list; none where their own order is that.
fn order(axis: Axis) -> Vec<&'static str> {
    match axis {
        Axis::Measure => Measure::ALL.iter().map(|measure| measure.as_str()).collect(),
        Axis::Method => Method::ALL.iter().map(|method| method.as_str()).collect(),
        Axis::Funding => Funding::ALL.iter().map(|funding| funding.as_str()).collect(),
        Axis::Variant => Variant::ALL.iter().map(|variant| variant.as_str()).collect(),
        Axis::Region | Axis::Organisation | Axis::Quarter => Vec::new(),
    }
}

/// What a row or a column is of.
fn head(axis: Axis, code: &str, visitor: &Visitor) -> PivotHead {
    match axis {
        Axis::Measure => PivotHead::Named(Measure::of_name(code).map_or(code, |measure| measure.dutch()).to_owned()),
        Axis::Method => {
            let method = Method::ALL.iter().copied().find(|method| method.as_str() == code);
            PivotHead::Named(method.map_or(code, |method| method_name(method, visitor)).to_owned())
        }
        Axis::Funding => PivotHead::Funding(code.to_owned()),
        Axis::Variant => PivotHead::Variant(code.to_owned()),
        Axis::Region => PivotHead::Named(names::region(code).name),
        Axis::Organisation => PivotHead::Named(names::organisation(code)),
        Axis::Quarter => PivotHead::Quarter(code.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_percentage_adds_nothing_to_one() {
        let sum = |parts: &[Sum]| {
            parts.iter().fold(Sum::default(), |mut sum, part| {
                sum.add(*part);
                sum
            })
        };
        let (one, other, none) =
            (Sum { count: 3, fraction: Some((2, 7)) }, Sum { count: 1, fraction: Some((1, 2)) }, Sum { count: 4, fraction: None });
        assert_eq!(sum(&[one, none, other]), Sum { count: 8, fraction: Some((3, 9)) });
        assert_eq!(sum(&[one, none, other]).cell().part.map(|part| part.percentage).as_deref(), Some("33.3"));
        assert_eq!(sum(&[none, none]), Sum { count: 8, fraction: None });
    }
}
