//! What a report consists of: sections of paragraphs, lists, notes, tables and charts. Texts are plain; whoever renders them escapes them.

/// A report, ready to be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its title: what it is about and which quarter.
    pub title: String,
    /// For which part of the country or which organisation.
    pub subtitle: String,
    /// One line on the state of the log that it was made from.
    pub made_from: String,
    /// Its sections, in order.
    pub sections: Vec<Section>,
}

/// A section with its subsections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its address within the report: small letters and hyphens.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
    /// Sections within it, one level deep.
    pub subsections: Vec<Section>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A list.
    Bullets(Vec<String>),
    /// A remark on how a number is to be read.
    Note(String),
    /// Terms and what they mean.
    Terms(Vec<(String, String)>),
    /// A table of its own.
    Table(Table),
    /// A chart, with its numbers as a table.
    Chart(Box<Chart>),
}

/// A table: the first column names the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The heads of the columns, the first included.
    pub columns: Vec<String>,
    /// The rows: the head of a row, and a cell for each further column.
    pub rows: Vec<(String, Vec<String>)>,
    /// Whether the cells are numbers, which stand to the right.
    pub numeric: bool,
}

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// `1a`, `12`.
    pub number: &'static str,
    /// What it shows.
    pub title: String,
    /// The same in a sentence or two, for who cannot see it.
    pub description: String,
    /// How it is drawn.
    pub plot: Plot,
    /// Its numbers.
    pub table: Table,
}

/// The form of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A bar for each category and series, from one line.
    Bars,
    /// A bar for each category, made of the series: each is a part of the whole.
    Stacked,
    /// A line for each series, over the categories.
    Lines,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plot {
    /// The form.
    pub form: Form,
    /// What stands along the axis.
    pub categories: Vec<String>,
    /// What is told apart by colour.
    pub series: Vec<Series>,
    /// The size at the end of the axis; `None` for the largest that occurs.
    pub full: Option<u64>,
}

/// One colour of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// A value for each category.
    pub values: Vec<Value>,
}

/// A value that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Its size: a count, or tenths of a percent; `None` when it is shielded or there is none.
    pub size: Option<u64>,
    /// What stands beside it.
    pub label: String,
}

impl Section {
    /// A section without subsections.
    #[must_use]
    pub fn new(id: &'static str, title: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self { id, title: title.into(), blocks, subsections: Vec::new() }
    }

    /// With subsections.
    #[must_use]
    pub fn with(mut self, subsections: Vec<Self>) -> Self {
        self.subsections = subsections;
        self
    }
}

impl Block {
    /// A paragraph.
    #[must_use]
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph(text.into())
    }

    /// A note.
    #[must_use]
    pub fn note(text: impl Into<String>) -> Self {
        Self::Note(text.into())
    }
}

impl Report {
    /// Every chart, in order.
    pub fn charts(&self) -> impl Iterator<Item = &Chart> {
        let all = self.sections.iter().flat_map(|section| std::iter::once(section).chain(&section.subsections));
        all.flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Chart(chart) => Some(chart.as_ref()),
            Block::Paragraph(_) | Block::Bullets(_) | Block::Note(_) | Block::Terms(_) | Block::Table(_) => None,
        })
    }
}
