//! Pages and their tree as bytes.

use krilla::{
    Document, SerializeSettings,
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    error::KrillaError,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, Stroke, StrokeDash},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TagGroup, TagTree},
};
use report::Report;

use crate::{
    NoPdf,
    fonts::Fonts,
    layout::{Heading, Layout, Mark, Node, PAGE_HEIGHT, PAGE_WIDTH, Shape},
};

/// How thick the edge of a bar is.
const EDGE: f32 = 0.5;

pub fn write(report: &Report, layout: &Layout<'_>, fonts: &Fonts) -> Result<Vec<u8>, NoPdf> {
    let invalid = |what: String| NoPdf::Invalid(what);
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| invalid("the standard is unknown".to_owned()))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut identifiers: Vec<(usize, Identifier)> = Vec::new();
    for page in &layout.pages {
        let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or_else(|| invalid("a page has no size".to_owned()))?;
        let mut drawn = document.start_page_with(settings);
        let mut surface = drawn.surface();
        let mut rest = page.marks.as_slice();
        while let Some(first) = rest.first() {
            let content = first.content;
            let together = rest.iter().take_while(|mark| mark.content == content).count();
            let (marks, after) = rest.split_at(together);
            rest = after;
            let tag =
                content.map_or(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)), |_| ContentTag::Span(SpanTag::empty()));
            let identifier = surface.start_tagged(tag);
            for Mark { shape, .. } in marks {
                draw(&mut surface, shape, fonts);
            }
            surface.end_tagged();
            if let Some(content) = content {
                identifiers.push((content, identifier));
            }
        }
        surface.finish();
        for link in &page.links {
            let [left, top, right, bottom] = link.rect;
            let (Some(rect), Some(to)) = (Rect::from_ltrb(left, top, right, bottom), layout.headings.get(link.heading)) else { continue };
            let annotation =
                Annotation::new_link(LinkAnnotation::new(rect, Target::Destination(destination(to).into())), Some(link.words.clone()));
            identifiers.push((link.content, drawn.add_tagged_annotation(annotation)));
        }
        drawn.finish();
    }
    let mut tree = TagTree::new().with_lang(Some("nl".to_owned()));
    for node in &layout.nodes {
        if let Some(node) = tagged(node, &identifiers) {
            tree.push(node);
        }
    }
    document.set_tag_tree(tree);
    document.set_outline(outline(&layout.headings));
    document.set_metadata(
        Metadata::new()
            .title(report.title.clone())
            .description(report.subtitle.clone())
            .language("nl".to_owned())
            .creator("Trajectlog".to_owned()),
    );
    document.finish().map_err(|error| invalid(words(&error)))
}

fn words(error: &KrillaError) -> String {
    format!("{error:?}").chars().take(500).collect()
}

fn destination(heading: &Heading) -> XyzDestination {
    XyzDestination::new(heading.page, Point::from_xy(0.0, heading.y))
}

fn outline(headings: &[Heading]) -> Outline {
    let mut outline = Outline::new();
    let mut rest = headings;
    while let Some((first, after)) = rest.split_first() {
        let mut node = OutlineNode::new(first.title.clone(), destination(first));
        let below = if first.level == 1 { 0 } else { after.iter().take_while(|heading| heading.level > first.level).count() };
        let (children, next) = after.split_at(below);
        for child in children {
            node.push_child(OutlineNode::new(child.title.clone(), destination(child)));
        }
        outline.push_child(node);
        rest = next;
    }
    outline
}

fn tagged(node: &Node, identifiers: &[(usize, Identifier)]) -> Option<krilla::tagging::Node> {
    match node {
        Node::Content(number) => {
            // Contents are numbered in the order in which they were laid out, links apart.
            identifiers.iter().find(|(content, _)| content == number).map(|(_, identifier)| (*identifier).into())
        }
        Node::Group(tag, nodes) => {
            let mut group = TagGroup::new(tag.clone());
            for node in nodes.iter().filter_map(|node| tagged(node, identifiers)) {
                group.push(node);
            }
            Some(group.into())
        }
    }
}

fn ink([red, green, blue]: [u8; 3]) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

fn filled(colour: [u8; 3]) -> Fill {
    Fill { paint: ink(colour).into(), ..Fill::default() }
}

fn draw(surface: &mut Surface<'_>, shape: &Shape, fonts: &Fonts) {
    match shape {
        Shape::Words { x, y, size, bold, colour, text } => {
            let face = fonts.face(*bold);
            surface.set_stroke(None);
            surface.set_fill(Some(filled(*colour)));
            surface.draw_glyphs(Point::from_xy(*x, *y), &face.glyphs(text), face.font.clone(), text, *size, false);
        }
        Shape::Box { x, y, width, height, fill, edge } => {
            let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) else { return };
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            surface.set_fill(Some(filled(*fill)));
            surface.set_stroke(edge.map(|edge| Stroke { paint: ink(edge).into(), width: EDGE, ..Stroke::default() }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        Shape::Line { points, colour, width, dashes } => {
            let Some(((x, y), rest)) = points.split_first() else { return };
            let mut path = PathBuilder::new();
            path.move_to(*x, *y);
            rest.iter().for_each(|(x, y)| path.line_to(*x, *y));
            let dash = (!dashes.is_empty()).then(|| StrokeDash { array: dashes.clone(), offset: 0.0 });
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint: ink(*colour).into(), width: *width, dash, ..Stroke::default() }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}
