//! A chart as rectangles, lines and words at places: what a page draws as SVG and a document as paths, so that both show the same.
//!
//! Places and sizes are whole numbers; a scene is as wide as a column of text.

use crate::document::{Chart, Form, Plot, Value};

/// How wide a scene is.
pub const WIDTH: i32 = 680;
/// The size of words.
pub const WORDS: i32 = 13;

const LINE: i32 = 16;
const BAR: i32 = 18;
const BAR_GAP: i32 = 4;
const GROUP_GAP: i32 = 14;
const STACK: i32 = 30;
/// Where bars begin: to the left stand their names.
const LEFT: i32 = 190;
/// Between a bar and its value, and behind that.
const BESIDE: i32 = 8;
const LINES_HEIGHT: i32 = 220;
const POINT: i32 = 4;
/// Points that are no farther from each other than this have their words on different sides.
const CLOSE: i32 = 40;

/// Colours of bars by series: each differs from its neighbours in lightness too, and all have a dark edge, whose contrast to white and to each of them is
/// more than 3 : 1 or unneeded because they are dark themselves.
const COLOURS: [Paint; 6] = [
    Paint { fill: "#0b3c5d", dark: true },
    Paint { fill: "#d98c21", dark: false },
    Paint { fill: "#dce7ed", dark: false },
    Paint { fill: "#7a1f3d", dark: true },
    Paint { fill: "#9fb8c4", dark: false },
    Paint { fill: "#3f6b3f", dark: true },
];
/// Colours of lines: more than 3 : 1 to white; dashes tell them apart besides.
const LINE_COLOURS: [&str; 4] = ["#0b3c5d", "#b8690f", "#7a1f3d", "#3f6b3f"];
const DASHES: [&[i32]; 4] = [&[], &[7, 4], &[2, 3], &[10, 3, 2, 3]];
/// Of edges, axes and words.
pub const INK: &str = "#16262c";
const WHITE: &str = "#ffffff";

/// A colour, and whether words in it are white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// As `#rrggbb`.
    pub fill: &'static str,
    dark: bool,
}

/// Where words begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// They begin at the place.
    Start,
    /// They are centred on it.
    Middle,
    /// They end at it.
    End,
}

/// Something drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A rectangle with a dark edge.
    Bar {
        /// Left.
        x: i32,
        /// Top.
        y: i32,
        /// How wide.
        width: i32,
        /// How high.
        height: i32,
        /// Its colour.
        fill: &'static str,
    },
    /// A line through these places.
    Line {
        /// The places.
        points: Vec<(i32, i32)>,
        /// Its colour.
        stroke: &'static str,
        /// How thick, in tenths.
        tenths: i32,
        /// On and off, in pixels; drawn through when empty.
        dashes: &'static [i32],
    },
    /// Words.
    Words {
        /// Where.
        x: i32,
        /// The line that they stand on.
        y: i32,
        /// What.
        text: String,
        /// On which side of the place.
        anchor: Anchor,
        /// Their colour.
        fill: &'static str,
    },
}

/// A chart, laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// How high.
    pub height: i32,
    /// What is drawn, in order.
    pub shapes: Vec<Shape>,
}

/// How wide words are, roughly and rather too wide than too narrow, in pixels.
#[must_use]
pub fn width(text: &str) -> i32 {
    let thousandths = |c: char| match c {
        'i' | 'j' | 'l' | '.' | ',' | '\'' | '|' => 320,
        't' | 'f' | 'r' | ' ' | '(' | ')' | '-' => 420,
        'm' | 'w' | 'M' | 'W' | '%' => 980,
        'A'..='Z' => 740,
        '0'..='9' => 640,
        _ => 630,
    };
    text.chars().map(thousandths).sum::<i32>() * WORDS / 1000
}

/// Words in lines that are no wider than this; a word that is wider stands alone.
#[must_use]
pub fn wrapped(text: &str, widest: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + width(" ") + width(word) <= widest => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

fn paint(series: usize) -> Paint {
    COLOURS.get(series % COLOURS.len()).copied().unwrap_or(Paint { fill: INK, dark: true })
}

/// The colour of a series. Of bars that stand beside each other the last, which is the latest, is the darkest.
fn paint_of(plot: &Plot, series: usize) -> Paint {
    match plot.form {
        Form::Bars => paint(plot.series.len().saturating_sub(series + 1)),
        Form::Stacked | Form::Lines => paint(series),
    }
}

fn scaled(size: u64, full: u64, room: i32) -> i32 {
    let room = u64::try_from(room).unwrap_or_default();
    i32::try_from(size.min(full).saturating_mul(room) / full.max(1)).unwrap_or_default()
}

struct Drawing {
    y: i32,
    shapes: Vec<Shape>,
}

impl Drawing {
    fn words(&mut self, x: i32, y: i32, text: impl Into<String>, anchor: Anchor, fill: &'static str) {
        self.shapes.push(Shape::Words { x, y, text: text.into(), anchor, fill });
    }

    fn line(&mut self, points: Vec<(i32, i32)>, stroke: &'static str, tenths: i32) {
        self.shapes.push(Shape::Line { points, stroke, tenths, dashes: &[] });
    }

    /// Names the colours, in as many lines as that needs.
    fn legend(&mut self, plot: &Plot) {
        let (series, form) = (&plot.series, plot.form);
        let swatch = if form == Form::Lines { 30 } else { 14 };
        let mut x = 0;
        for (place, one) in series.iter().enumerate() {
            let wide = swatch + 8 + width(&one.name) + 20;
            if x > 0 && x + wide > WIDTH {
                x = 0;
                self.y += LINE + 6;
            }
            self.shapes.push(match form {
                Form::Bars | Form::Stacked => {
                    Shape::Bar { x: x + 1, y: self.y + 1, width: swatch, height: swatch, fill: paint_of(plot, place).fill }
                }
                Form::Lines => Shape::Line {
                    points: vec![(x, self.y + 8), (x + swatch, self.y + 8)],
                    stroke: LINE_COLOURS.get(place % LINE_COLOURS.len()).copied().unwrap_or(INK),
                    tenths: 25,
                    dashes: DASHES.get(place % DASHES.len()).copied().unwrap_or_default(),
                },
            });
            self.words(x + swatch + 8, self.y + 13, one.name.clone(), Anchor::Start, INK);
            x += wide;
        }
        self.y += LINE + 14;
    }

    /// A name to the left of what is `height` high and begins here; says how high both are.
    fn name(&mut self, name: &str, height: i32) -> i32 {
        let lines = wrapped(name, LEFT - 14);
        let of_words = i32::try_from(lines.len()).unwrap_or(1) * LINE;
        let high = height.max(of_words);
        let mut y = self.y + (high - of_words) / 2 + 12;
        for line in lines {
            self.words(LEFT - 10, y, line, Anchor::End, INK);
            y += LINE;
        }
        high
    }

    fn bars(&mut self, plot: &Plot) {
        let most = plot.series.iter().flat_map(|series| &series.values).filter_map(|value| value.size).max();
        let full = plot.full.or(most).unwrap_or(1).max(1);
        let widest = plot.series.iter().flat_map(|series| &series.values).map(|value| width(&value.label)).max();
        let room = WIDTH - LEFT - widest.unwrap_or_default() - 2 * BESIDE;
        let top = self.y;
        for (place, category) in plot.categories.iter().enumerate() {
            let bars = i32::try_from(plot.series.len()).unwrap_or(1);
            let of_bars = bars * (BAR + BAR_GAP) - BAR_GAP;
            let high = self.name(category, of_bars);
            let mut y = self.y + (high - of_bars) / 2;
            for (number, series) in plot.series.iter().enumerate() {
                if let Some(value) = series.values.get(place) {
                    self.bar(value, (full, room), y, paint_of(plot, number));
                }
                y += BAR + BAR_GAP;
            }
            self.y += high + GROUP_GAP;
        }
        self.line(vec![(LEFT, top - 4), (LEFT, self.y - GROUP_GAP + 4)], INK, 12);
    }

    /// A bar that is as long as its part of so much, which is so wide.
    fn bar(&mut self, value: &Value, (full, room): (u64, i32), y: i32, paint: Paint) {
        let long = value.size.map_or(0, |size| scaled(size, full, room));
        if long > 0 {
            self.shapes.push(Shape::Bar { x: LEFT, y, width: long, height: BAR, fill: paint.fill });
        }
        self.words(LEFT + long + BESIDE, y + 14, value.label.clone(), Anchor::Start, INK);
    }

    /// Parts of a whole: words that have no room in their part stand below it, in the next line that is free there.
    fn stacked(&mut self, plot: &Plot) {
        let room = WIDTH - LEFT - 10;
        for (place, category) in plot.categories.iter().enumerate() {
            let values: Vec<(usize, &Value)> =
                plot.series.iter().enumerate().filter_map(|(n, series)| Some((n, series.values.get(place)?))).collect();
            let whole: u64 = values.iter().filter_map(|(_, value)| value.size).sum();
            let full = plot.full.unwrap_or(whole).max(whole).max(1);
            let high = self.name(category, STACK);
            let y = self.y + (high - STACK) / 2;
            let (mut before, mut outside): (u64, Vec<i32>) = (0, Vec::new());
            for (number, value) in values {
                let size = value.size.unwrap_or(0);
                let (from, to) = (LEFT + scaled(before, full, room), LEFT + scaled(before + size, full, room));
                before += size;
                let (paint, wide) = (paint(number), width(&value.label));
                if to > from {
                    self.shapes.push(Shape::Bar { x: from, y, width: to - from, height: STACK, fill: paint.fill });
                }
                if value.size == Some(0) {
                    continue;
                }
                if wide + 8 <= to - from {
                    let fill = if paint.dark { WHITE } else { INK };
                    self.words(i32::midpoint(from, to), y + 20, value.label.clone(), Anchor::Middle, fill);
                    continue;
                }
                // What has no room stands below its part, behind a mark of the same colour.
                let (mark, whole) = (9, wide + 14);
                let left = (i32::midpoint(from, to) - whole / 2).clamp(LEFT, WIDTH - whole);
                let free = outside.iter().position(|end| *end + 10 <= left).unwrap_or(outside.len());
                if free == outside.len() {
                    outside.push(0);
                }
                outside[free] = left + whole;
                let below = y + STACK + LINE * (i32::try_from(free).unwrap_or_default() + 1);
                self.shapes.push(Shape::Bar { x: left, y: below - mark, width: mark, height: mark, fill: paint.fill });
                self.words(left + 14, below, value.label.clone(), Anchor::Start, INK);
            }
            self.y += high + LINE * i32::try_from(outside.len()).unwrap_or_default() + GROUP_GAP;
        }
    }

    fn lines(&mut self, plot: &Plot) {
        let most = plot.series.iter().flat_map(|series| &series.values).filter_map(|value| value.size).max();
        let full = plot.full.or(most).unwrap_or(1).max(1);
        let (left, right) = (50, WIDTH - 50);
        let bottom = self.y + 20 + LINES_HEIGHT;
        let steps = i32::try_from(plot.categories.len().max(2) - 1).unwrap_or(1);
        let x_of = |place: usize| left + (right - left) * i32::try_from(place).unwrap_or_default() / steps;
        self.line(vec![(left - 20, bottom), (right + 20, bottom)], INK, 12);
        for (place, category) in plot.categories.iter().enumerate() {
            self.words(x_of(place), bottom + 20, category.clone(), Anchor::Middle, INK);
        }
        // A point that lies close below another has its words below it.
        let heights: Vec<(usize, usize, i32)> = plot
            .series
            .iter()
            .enumerate()
            .flat_map(|(number, series)| series.values.iter().enumerate().map(move |(place, value)| (number, place, value.size)))
            .filter_map(|(number, place, size)| Some((number, place, bottom - scaled(size?, full, LINES_HEIGHT))))
            .collect();
        for (number, series) in plot.series.iter().enumerate() {
            let known = series.values.iter().enumerate().filter_map(|(place, value)| Some((place, value, value.size?)));
            let points: Vec<(usize, &Value, (i32, i32))> =
                known.map(|(place, value, size)| (place, value, (x_of(place), bottom - scaled(size, full, LINES_HEIGHT)))).collect();
            let through = points.iter().map(|(_, _, at)| *at).collect();
            let dashes = DASHES.get(number % DASHES.len()).copied().unwrap_or_default();
            let stroke = LINE_COLOURS.get(number % LINE_COLOURS.len()).copied().unwrap_or(INK);
            self.shapes.push(Shape::Line { points: through, stroke, tenths: 25, dashes });
            for (place, value, (x, y)) in points {
                self.shapes.push(Shape::Bar { x: x - POINT, y: y - POINT, width: 2 * POINT, height: 2 * POINT, fill: stroke });
                let is_above = |(of, at, other): &(usize, usize, i32)| *of != number && *at == place && (0..CLOSE).contains(&(y - other));
                let at = if heights.iter().any(is_above) { y + 20 } else { y - 9 };
                self.words(x, at, value.label.clone(), Anchor::Middle, INK);
            }
        }
        self.y = bottom + 30;
    }
}

impl Scene {
    /// Lays a chart out.
    #[must_use]
    pub fn of(chart: &Chart) -> Self {
        let mut drawing = Drawing { y: 4, shapes: Vec::new() };
        let plot = &chart.plot;
        if plot.series.len() > 1 {
            drawing.legend(plot);
        }
        match plot.form {
            Form::Bars => drawing.bars(plot),
            Form::Stacked => drawing.stacked(plot),
            Form::Lines => drawing.lines(plot),
        }
        Self { height: drawing.y + 2, shapes: drawing.shapes }
    }
}
