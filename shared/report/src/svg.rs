//! A scene as SVG. Everything stands in presentation attributes: a page under a strict policy shows them, and would not show an inline style.

use std::fmt::Write;

use crate::{
    document::Chart,
    scene::{Anchor, INK, Scene, Shape, WIDTH, WORDS},
};

/// A chart as an SVG element with its title and description; `id` is unique on its page.
#[must_use]
pub fn svg(chart: &Chart, id: &str) -> String {
    let scene = Scene::of(chart);
    let mut text = String::new();
    let _ = write!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {}\" width=\"{WIDTH}\" height=\"{}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" font-family=\"'DejaVu Sans', Verdana, sans-serif\" font-size=\"{WORDS}\">\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>\
         <rect width=\"{WIDTH}\" height=\"{}\" fill=\"#ffffff\"/>",
        scene.height,
        scene.height,
        escaped(&chart.title),
        escaped(&chart.description),
        scene.height
    );
    for shape in &scene.shapes {
        write_shape(&mut text, shape);
    }
    text.push_str("</svg>");
    text
}

fn write_shape(text: &mut String, shape: &Shape) {
    let _ = match shape {
        Shape::Bar { x, y, width, height, fill } => {
            write!(
                text,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\" stroke=\"{INK}\" stroke-width=\"0.8\"/>"
            )
        }
        Shape::Line { points, stroke, tenths, dashes } => {
            let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
            let dashes: Vec<String> = dashes.iter().map(ToString::to_string).collect();
            let dashed = if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{}\"", dashes.join(" ")) };
            let (whole, rest) = (tenths / 10, tenths % 10);
            write!(
                text,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{whole}.{rest}\"{dashed}/>",
                points.join(" ")
            )
        }
        Shape::Words { x, y, text: words, anchor, fill } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            write!(text, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{fill}\">{}</text>", escaped(words))
        }
    };
}

/// What somebody wrote never becomes markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
