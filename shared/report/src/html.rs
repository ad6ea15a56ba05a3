//! The report as HTML: a fragment for a page that has its own frame and styles, and a page that stands alone.

use askama::{Template, filters::HtmlSafe};

use crate::{
    document::{Block, Chart, Report, Section, Table},
    svg::svg,
};

/// The style sheet of the report: within a page of its own, or served beside a fragment.
pub const STYLE: &str = include_str!("../templates/report.css");

/// HTML that was made here, and goes into a template as it is.
struct Safe(String);

impl std::fmt::Display for Safe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl HtmlSafe for Safe {}

#[derive(Template)]
#[template(path = "report.html")]
struct Fragment<'a> {
    report: &'a Report,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    report: &'a Report,
    style: Safe,
    fragment: Safe,
}

#[derive(Template)]
#[template(path = "blocks.html")]
struct Blocks<'a> {
    section: &'a Section,
}
impl HtmlSafe for Blocks<'_> {}

#[derive(Template)]
#[template(path = "table.html")]
struct Tabular<'a> {
    table: &'a Table,
}
impl HtmlSafe for Tabular<'_> {}

const fn blocks(section: &Section) -> Blocks<'_> {
    Blocks { section }
}

const fn table(table: &Table) -> Tabular<'_> {
    Tabular { table }
}

fn picture(chart: &Chart) -> Safe {
    Safe(svg(chart, &format!("figuur-{}", chart.number)))
}

/// The report as an `article` element: headings begin at level 1; no inline style, no script. It wants [`STYLE`] on its page.
///
/// # Errors
/// When it cannot be written, which no report causes.
pub fn fragment(report: &Report) -> Result<String, askama::Error> {
    Fragment { report }.render()
}

/// The report as a page that stands alone, with its styles inside.
///
/// # Errors
/// As [`fragment`].
pub fn page(report: &Report) -> Result<String, askama::Error> {
    Page { report, style: Safe(STYLE.to_owned()), fragment: Safe(fragment(report)?) }.render()
}
