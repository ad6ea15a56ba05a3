//! The charts of the report: what of the numbers is drawn, and the same as a table.

use figures::{CellKey, Measure};

use crate::{
    document::{Block, Chart, Form, Plot, Series, Table, Value},
    dutch,
    numbers::{Figure, Fraction, Numbers},
};

/// What a value shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// How many.
    Count,
    /// Which percentage.
    Share,
}

/// A percentage as the size of a bar ends here: a hundred, in tenths.
const HUNDRED: u64 = 1_000;

pub(super) fn count_value(count: Option<u64>) -> Value {
    Value { size: count, label: dutch::count(count) }
}

fn value(figure: Figure, shown: Shown) -> Value {
    match shown {
        Shown::Count => count_value(figure.count),
        Shown::Share => Value { size: figure.fraction.map(Fraction::tenths), label: dutch::percent_or_none(figure.fraction) },
    }
}

/// A count, and beside it which share it is.
pub(super) fn value_with_share(count: Option<u64>, share: Option<Fraction>) -> Value {
    let share = share.map_or_else(String::new, |share| format!(" ({})", dutch::percent(share)));
    Value { size: count, label: format!("{}{share}", dutch::count(count)) }
}

/// A chart whose table and description follow from what is drawn.
pub(super) fn chart(number: &'static str, title: &str, kind: &str, plot: Plot) -> Chart {
    let columns = std::iter::once(String::new()).chain(plot.series.iter().map(|series| series.name.clone())).collect();
    let row = |(place, category): (usize, &String)| {
        let cells = plot.series.iter().map(|series| series.values.get(place).map_or_else(String::new, |value| value.label.clone()));
        (category.clone(), cells.collect::<Vec<_>>())
    };
    let rows: Vec<(String, Vec<String>)> = plot.categories.iter().enumerate().map(row).collect();
    let sentence = |(head, cells): &(String, Vec<String>)| {
        let told = plot.series.iter().zip(cells);
        let told: Vec<String> =
            told.map(|(series, cell)| if plot.series.len() == 1 { cell.clone() } else { format!("{} {cell}", series.name) }).collect();
        format!("{head}: {}.", told.join("; "))
    };
    let description = std::iter::once(kind.to_owned()).chain(rows.iter().map(sentence)).collect::<Vec<_>>().join(" ");
    let table = Table { caption: format!("Cijfers bij figuur {number}: {title}"), columns, rows, numeric: true };
    Chart { number, title: title.to_owned(), description, plot, table }
}

fn with_columns(mut chart: Chart, columns: &[&str], rows: Vec<(String, Vec<String>)>) -> Block {
    chart.table.columns = columns.iter().map(|column| (*column).to_owned()).collect();
    chart.table.rows = rows;
    Block::Chart(Box::new(chart))
}

/// Measures of a cell over the quarters: a bar for each quarter, and in the table counts, percentages and what they are of.
pub(super) fn over_quarters(
    number: &'static str,
    title: &str,
    quarters: &[&Numbers],
    cells: &[(String, CellKey, Measure)],
    shown: Shown,
) -> Block {
    let series = |numbers: &&Numbers| Series {
        name: dutch::quarter_short(numbers.quarter()),
        values: cells.iter().map(|(_, key, measure)| value(numbers.figure(key, *measure), shown)).collect(),
    };
    let plot = Plot {
        form: Form::Bars,
        categories: cells.iter().map(|(name, ..)| name.clone()).collect(),
        series: quarters.iter().map(series).collect(),
        full: None,
    };
    let mut chart = chart(number, title, "Staafdiagram, een staaf voor elk kwartaal.", plot);
    match shown {
        Shown::Count => {
            if let Some(head) = chart.table.columns.first_mut() {
                "Aantal".clone_into(head);
            }
            Block::Chart(Box::new(chart))
        }
        Shown::Share => {
            let rows = cells.iter().flat_map(|(name, key, measure)| {
                quarters.iter().map(move |numbers| {
                    let figure = numbers.figure(key, *measure);
                    let of = figure.fraction.map_or_else(|| dutch::NONE.to_owned(), |fraction| dutch::number(fraction.whole));
                    let cells = vec![dutch::count(figure.count), of, dutch::percent_or_none(figure.fraction)];
                    (format!("{name}, {}", dutch::quarter_short(numbers.quarter())), cells)
                })
            });
            let rows = rows.collect();
            with_columns(chart, &["Resultaat en kwartaal", "Aantal", "Van", "Percentage"], rows)
        }
    }
}

/// Figures beside each other, each with its percentage.
pub(super) fn figures_with_share(number: &'static str, title: &str, first: &str, figures: &[(String, Figure)], shown: Shown) -> Block {
    let value = |figure: &Figure| match shown {
        Shown::Count => value_with_share(figure.count, figure.fraction),
        Shown::Share => {
            let label = figure.fraction.map_or_else(
                || dutch::count(figure.count),
                |of| format!("{} ({} van {})", dutch::percent(of), dutch::number(of.part), dutch::number(of.whole)),
            );
            Value { size: figure.fraction.map(Fraction::tenths), label }
        }
    };
    let plot = Plot {
        form: Form::Bars,
        categories: figures.iter().map(|(name, _)| name.clone()).collect(),
        series: vec![Series { name: "Aantal".to_owned(), values: figures.iter().map(|(_, figure)| value(figure)).collect() }],
        full: None,
    };
    let chart = chart(number, title, "Staafdiagram.", plot);
    with_columns(chart, &[first, "Aantal", "Van", "Percentage"], rows_with_share(figures))
}

fn rows_with_share(figures: &[(String, Figure)]) -> Vec<(String, Vec<String>)> {
    let row = |(name, figure): &(String, Figure)| {
        let of = figure.fraction.map_or_else(|| dutch::NONE.to_owned(), |fraction| dutch::number(fraction.whole));
        (name.clone(), vec![dutch::count(figure.count), of, dutch::percent_or_none(figure.fraction)])
    };
    figures.iter().map(row).collect()
}

/// Parts of one whole in one bar.
pub(super) fn parts(number: &'static str, title: &str, whole: &str, first: &str, figures: &[(String, Figure)]) -> Block {
    let series =
        |(name, figure): &(String, Figure)| Series { name: name.clone(), values: vec![value_with_share(figure.count, figure.fraction)] };
    let plot = Plot { form: Form::Stacked, categories: vec![whole.to_owned()], series: figures.iter().map(series).collect(), full: None };
    let chart = chart(number, title, "Een staaf, verdeeld in delen.", plot);
    with_columns(chart, &[first, "Aantal", "Van", "Percentage"], rows_with_share(figures))
}

/// Parts of a whole for each of several bars; the longest fills the width unless each is a hundred percent.
pub(super) fn stacked(number: &'static str, title: &str, first: &str, categories: Vec<String>, series: Vec<Series>) -> Block {
    let plot = Plot { form: Form::Stacked, full: largest_sum(&series, categories.len()), categories, series };
    let mut chart = chart(number, title, "Staafdiagram, elke staaf verdeeld in delen.", plot);
    if let Some(head) = chart.table.columns.first_mut() {
        first.clone_into(head);
    }
    Block::Chart(Box::new(chart))
}

fn largest_sum(series: &[Series], categories: usize) -> Option<u64> {
    let sum = |place: usize| series.iter().filter_map(|one| one.values.get(place)?.size).sum::<u64>();
    (0..categories).map(sum).max()
}

/// Shares of a whole for each quarter, each bar a hundred percent.
pub(super) fn shares_over_quarters(number: &'static str, title: &str, quarters: &[&Numbers], cells: &[(String, CellKey)]) -> Block {
    let series = |(name, key): &(String, CellKey)| Series {
        name: name.clone(),
        values: quarters
            .iter()
            .map(|numbers| {
                let (share, count) = (numbers.share(key), numbers.count(key, Measure::Running));
                let label = share.map_or_else(|| dutch::count(count), |of| format!("{} ({})", dutch::percent(of), dutch::count(count)));
                Value { size: share.map(Fraction::tenths), label }
            })
            .collect(),
    };
    let plot = Plot {
        form: Form::Stacked,
        categories: quarters.iter().map(|numbers| dutch::quarter_short(numbers.quarter())).collect(),
        series: cells.iter().map(series).collect(),
        full: Some(HUNDRED),
    };
    let mut chart = chart(number, title, "Staafdiagram, elk kwartaal een staaf van honderd procent.", plot);
    if let Some(head) = chart.table.columns.first_mut() {
        "Kwartaal".clone_into(head);
    }
    Block::Chart(Box::new(chart))
}

/// Numbers over many quarters.
pub(super) fn lines(number: &'static str, title: &str, quarters: &[Numbers], cells: &[(String, CellKey)]) -> Block {
    let series = |(name, key): &(String, CellKey)| Series {
        name: name.clone(),
        values: quarters.iter().map(|numbers| count_value(numbers.count(key, Measure::Running))).collect(),
    };
    let plot = Plot {
        form: Form::Lines,
        categories: quarters.iter().map(|numbers| dutch::quarter_short(numbers.quarter())).collect(),
        series: cells.iter().map(series).collect(),
        full: None,
    };
    let mut chart = chart(number, title, "Lijndiagram over de kwartalen.", plot);
    if let Some(head) = chart.table.columns.first_mut() {
        "Kwartaal".clone_into(head);
    }
    Block::Chart(Box::new(chart))
}
