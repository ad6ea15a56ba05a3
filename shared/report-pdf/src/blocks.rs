//! How each piece of a report is laid out.

use std::num::NonZeroU16;

use krilla::tagging::{ListNumbering, TableHeaderScope, Tag};
use report::{Anchor, Block, Chart, Report, Scene, Section, Table, WIDTH, WORDS};

use crate::{
    fonts::Fonts,
    layout::{Heading, LEFT, Layout, Link, PAGE_HEIGHT, PAGE_WIDTH, Shape, Style, TEXT_WIDTH},
};

const INK: [u8; 3] = [0x16, 0x26, 0x2c];
const MUTED: [u8; 3] = [0x4a, 0x5b, 0x63];
const ACCENT: [u8; 3] = [0x0b, 0x5c, 0x66];
const DEEP: [u8; 3] = [0x0b, 0x3c, 0x5d];
const RULE: [u8; 3] = [0xa9, 0xb7, 0xbd];

const BODY: Style = Style { size: 9.6, line: 14.2, bold: false, colour: INK };
const NOTE: Style = Style { size: 8.6, line: 12.4, bold: false, colour: MUTED };
const STRONG: Style = Style { bold: true, ..BODY };
const CELL: Style = Style { size: 8.2, line: 11.2, bold: false, colour: INK };
const HEAD: Style = Style { bold: true, ..CELL };
const H1: Style = Style { size: 19.0, line: 25.0, bold: true, colour: DEEP };
const H2: Style = Style { size: 14.0, line: 19.0, bold: true, colour: DEEP };
const H3: Style = Style { size: 11.0, line: 15.5, bold: true, colour: ACCENT };
const SUBTITLE: Style = Style { size: 11.5, line: 16.0, bold: false, colour: INK };

const GAP: f32 = 6.0;
const PAD: f32 = 3.0;
const INDENT: f32 = 14.0;
/// A table that is no higher than this is not parted over two pages.
const TOGETHER: f32 = 260.0;
/// The first column of a table of numbers keeps at least this part of the width.
const NAMES: f32 = 0.3;

/// Lays a report out. `known` are the headings of the same report laid out before, for the numbers in the table of contents.
pub fn lay_out<'a>(report: &Report, fonts: &'a Fonts, known: &[Heading]) -> Layout<'a> {
    let mut layout = Layout::new(fonts);
    heading(&mut layout, 1, &report.title, H1);
    layout.paragraph(&report.subtitle, SUBTITLE);
    layout.paragraph(&report.made_from, NOTE);
    layout.y += GAP * 2.0;
    contents(&mut layout, report, known);
    layout.new_page();
    for section in &report.sections {
        one_section(&mut layout, section, 2);
        for sub in &section.subsections {
            one_section(&mut layout, sub, 3);
        }
    }
    footers(&mut layout, &report.title);
    layout
}

fn heading(layout: &mut Layout<'_>, level: u16, title: &str, style: Style) {
    layout.headings.push(Heading { level, title: title.to_owned(), page: layout.page(), y: layout.y });
    layout.open(Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(title.to_owned())));
    layout.words(title, style, LEFT, TEXT_WIDTH);
    layout.close();
    layout.y += GAP / 2.0;
}

fn contents(layout: &mut Layout<'_>, report: &Report, known: &[Heading]) {
    heading(layout, 2, "Inhoud", H2);
    layout.open(Tag::TOC);
    // The title and this heading come before those of the sections.
    let mut number = 2;
    for section in &report.sections {
        entry(layout, &section.title, 0.0, number, known);
        number += 1;
        for sub in &section.subsections {
            entry(layout, &sub.title, INDENT, number, known);
            number += 1;
        }
    }
    layout.close();
}

fn entry(layout: &mut Layout<'_>, title: &str, indent: f32, heading: usize, known: &[Heading]) {
    layout.room(BODY.line);
    let page = known.get(heading).map_or_else(String::new, |heading| (heading.page + 1).to_string());
    layout.open(Tag::TOCI);
    layout.open(Tag::Link);
    let link = layout.content();
    let top = layout.y;
    layout.words(&format!("{title} "), BODY, LEFT + indent, TEXT_WIDTH - indent - 40.0);
    let wide = layout.fonts.face(false).width(&page, BODY.size);
    let content = layout.content();
    let y = layout.y - 0.28 * BODY.line;
    layout.mark(Some(content), Shape::Words { x: LEFT + TEXT_WIDTH - wide, y, size: BODY.size, bold: false, colour: INK, text: page });
    layout.close();
    layout.close();
    let rect = [LEFT, top, LEFT + TEXT_WIDTH, layout.y];
    if let Some(page) = layout.pages.last_mut() {
        page.links.push(Link { content: link, rect, heading, words: title.to_owned() });
    }
}

fn one_section(layout: &mut Layout<'_>, section: &Section, level: u16) {
    let style = if level == 2 { H2 } else { H3 };
    layout.y += if layout.at_top() { 0.0 } else { GAP * 2.0 };
    // A heading never stands alone: something follows it on its page, below the next heading when that comes first.
    let below = if section.blocks.is_empty() { H3.line + GAP * 3.0 } else { 0.0 };
    layout.room(style.line + below + BODY.line * 4.0);
    heading(layout, level, &section.title, style);
    for block in &section.blocks {
        one_block(layout, block);
        layout.y += GAP;
    }
}

fn one_block(layout: &mut Layout<'_>, block: &Block) {
    match block {
        Block::Paragraph(text) => layout.paragraph(text, BODY),
        Block::Note(text) => layout.paragraph(text, NOTE),
        Block::Bullets(items) => bullets(layout, items),
        Block::Terms(terms) => {
            for (term, meaning) in terms {
                layout.room(BODY.line * 2.0);
                layout.paragraph(term, STRONG);
                layout.paragraph(meaning, BODY);
                layout.y += GAP / 2.0;
            }
        }
        Block::Table(of) => table(layout, of),
        Block::Chart(of) => chart(layout, of),
    }
}

fn bullets(layout: &mut Layout<'_>, items: &[String]) {
    layout.open(Tag::L(ListNumbering::Disc));
    for item in items {
        layout.room(BODY.line);
        layout.open(Tag::LI);
        layout.open(Tag::Lbl);
        let content = layout.content();
        let y = layout.y + 0.72 * BODY.line;
        layout.mark(Some(content), Shape::Words { x: LEFT, y, size: BODY.size, bold: false, colour: ACCENT, text: "• ".to_owned() });
        layout.close();
        layout.open(Tag::LBody);
        layout.words(item, BODY, LEFT + INDENT, TEXT_WIDTH - INDENT);
        layout.close();
        layout.close();
        layout.y += 1.5;
    }
    layout.close();
}

/// How wide each column is: those of numbers as wide as they need, the rest for the names; columns of sentences share evenly.
fn columns(layout: &Layout<'_>, table: &Table) -> Vec<f32> {
    let count = table.columns.len().max(1);
    let even = TEXT_WIDTH / f32::from(u16::try_from(count).unwrap_or(u16::MAX));
    if !table.numeric {
        let first = (TEXT_WIDTH * 0.13).min(even);
        let rest = (TEXT_WIDTH - first) / f32::from(u16::try_from(count.saturating_sub(1).max(1)).unwrap_or(u16::MAX));
        return (0..count).map(|place| if place == 0 { first } else { rest }).collect();
    }
    let most = TEXT_WIDTH * (1.0 - NAMES) / f32::from(u16::try_from(count.saturating_sub(1).max(1)).unwrap_or(u16::MAX));
    let widest = |place: usize| {
        let cells =
            table.rows.iter().filter_map(|(_, cells)| cells.get(place - 1)).map(|cell| layout.fonts.face(false).width(cell, CELL.size));
        let head = table.columns.get(place).map_or(0.0, |head| layout.fonts.face(true).width(head, HEAD.size));
        (cells.fold(head, f32::max) + 4.0 * PAD).min(most)
    };
    let rest: Vec<f32> = (1..count).map(widest).collect();
    std::iter::once(TEXT_WIDTH - rest.iter().sum::<f32>()).chain(rest).collect()
}

fn table(layout: &mut Layout<'_>, table: &Table) {
    let widths = columns(layout, table);
    let height = |head: &String, cells: &[String]| {
        let texts: Vec<String> = std::iter::once(head.clone()).chain(cells.iter().cloned()).collect();
        row_height(layout, &texts, &widths, CELL)
    };
    let whole: f32 = table.rows.iter().map(|(head, cells)| height(head, cells)).sum::<f32>() + NOTE.line + CELL.line * 2.0;
    layout.room(if whole <= TOGETHER { whole } else { NOTE.line + CELL.line * 5.0 });
    layout.open(Tag::Table.with_summary(Some(table.caption.clone())));
    layout.open(Tag::Caption);
    layout.words(&table.caption, NOTE, LEFT, TEXT_WIDTH);
    layout.close();
    layout.open(Tag::THead);
    row(layout, table, &table.columns, &widths, Row::Head);
    layout.close();
    layout.open(Tag::TBody);
    for (head, cells) in &table.rows {
        let texts: Vec<String> = std::iter::once(head.clone()).chain(cells.iter().cloned()).collect();
        let height = row_height(layout, &texts, &widths, CELL);
        if layout.room(height) {
            row(layout, table, &table.columns, &widths, Row::Repeated);
        }
        row(layout, table, &texts, &widths, Row::Body);
    }
    layout.close();
    layout.close();
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    Head,
    /// The head again on the next page: decoration, it was told already.
    Repeated,
    Body,
}

fn row_height(layout: &Layout<'_>, texts: &[String], widths: &[f32], style: Style) -> f32 {
    let heights = texts.iter().zip(widths).map(|(text, width)| layout.height(text, style, width - 2.0 * PAD));
    heights.fold(style.line, f32::max) + 2.0 * PAD
}

fn row(layout: &mut Layout<'_>, table: &Table, texts: &[String], widths: &[f32], kind: Row) {
    let style = if kind == Row::Body { CELL } else { HEAD };
    let height = row_height(layout, texts, widths, style);
    let top = layout.y;
    if kind != Row::Repeated {
        layout.open(Tag::TR);
    }
    let mut x = LEFT;
    for (place, (text, width)) in texts.iter().zip(widths).enumerate() {
        let content = match (kind, place) {
            (Row::Repeated, _) => None,
            (Row::Head, _) => {
                layout.open(Tag::TH(TableHeaderScope::Column));
                Some(layout.content())
            }
            (Row::Body, 0) => {
                layout.open(Tag::TH(TableHeaderScope::Row));
                Some(layout.content())
            }
            (Row::Body, _) => {
                layout.open(Tag::TD);
                Some(layout.content())
            }
        };
        let face = layout.fonts.face(style.bold);
        let mut y = top + PAD + 0.74 * style.line;
        for line in face.wrapped(text, style.size, width - 2.0 * PAD) {
            let right = table.numeric && place > 0;
            let at = if right { x + width - PAD - face.width(&line, style.size) } else { x + PAD };
            // A word ends with its cell, or its line.
            let text = format!("{line} ");
            layout.mark(content, Shape::Words { x: at, y, size: style.size, bold: style.bold, colour: style.colour, text });
            y += style.line;
        }
        if content.is_some() {
            layout.close();
        }
        x += width;
    }
    if kind != Row::Repeated {
        layout.close();
    }
    layout.y = top + height;
    let thick = if kind == Row::Body { 0.5 } else { 1.1 };
    let points = vec![(LEFT, layout.y), (LEFT + TEXT_WIDTH, layout.y)];
    layout.mark(None, Shape::Line { points, colour: RULE, width: thick, dashes: Vec::new() });
}

/// A number of a scene, in points.
fn scaled(number: i32) -> f32 {
    f32::from(i16::try_from(number).unwrap_or(i16::MAX)) * TEXT_WIDTH / f32::from(i16::try_from(WIDTH).unwrap_or(i16::MAX))
}

/// `#rrggbb`; black where it is something else.
fn colour(hex: &str) -> [u8; 3] {
    let part = |from: usize| hex.get(from..from + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or_default();
    [part(1), part(3), part(5)]
}

fn chart(layout: &mut Layout<'_>, chart: &Chart) {
    let scene = Scene::of(chart);
    let title = format!("Figuur {}. {}", chart.number, chart.title);
    layout.room(scaled(scene.height) + layout.height(&title, STRONG, TEXT_WIDTH) + GAP * 2.0);
    layout.y += GAP / 2.0;
    layout.paragraph(&title, STRONG);
    layout.y += GAP / 2.0;
    layout.open(Tag::Figure(Some(format!("{}. {}", chart.title, chart.description))));
    let content = layout.content();
    let top = layout.y;
    for shape in &scene.shapes {
        let drawn = drawn(layout, shape, top);
        layout.mark(Some(content), drawn);
    }
    layout.close();
    layout.y = top + scaled(scene.height) + GAP;
    table(layout, &chart.table);
}

fn drawn(layout: &Layout<'_>, shape: &report::Shape, top: f32) -> Shape {
    match shape {
        report::Shape::Bar { x, y, width, height, fill } => Shape::Box {
            x: LEFT + scaled(*x),
            y: top + scaled(*y),
            width: scaled(*width),
            height: scaled(*height),
            fill: colour(fill),
            edge: Some(INK),
        },
        report::Shape::Line { points, stroke, tenths, dashes } => Shape::Line {
            points: points.iter().map(|(x, y)| (LEFT + scaled(*x), top + scaled(*y))).collect(),
            colour: colour(stroke),
            width: scaled(*tenths) / 10.0,
            dashes: dashes.iter().map(|dash| scaled(*dash)).collect(),
        },
        report::Shape::Words { x, y, text, anchor, fill } => {
            let size = scaled(WORDS);
            let wide = layout.fonts.face(false).width(text, size);
            let shift = match anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => wide / 2.0,
                Anchor::End => wide,
            };
            let text = format!("{text} ");
            Shape::Words { x: LEFT + scaled(*x) - shift, y: top + scaled(*y), size, bold: false, colour: colour(fill), text }
        }
    }
}

fn footers(layout: &mut Layout<'_>, title: &str) {
    let count = layout.pages.len();
    let face = layout.fonts.face(false);
    let y = PAGE_HEIGHT - 36.0;
    for (place, page) in layout.pages.iter_mut().enumerate() {
        let number = format!("{} / {count}", place + 1);
        let wide = face.width(&number, NOTE.size);
        for (x, text) in [(LEFT, title.to_owned()), (PAGE_WIDTH - LEFT - wide, number)] {
            let shape = Shape::Words { x, y, size: NOTE.size, bold: false, colour: MUTED, text };
            page.marks.push(crate::layout::Mark { content: None, shape });
        }
    }
}
