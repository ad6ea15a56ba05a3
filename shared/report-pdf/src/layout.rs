//! Pages that are filled from above, and the tree of what stands on them.

use krilla::tagging::{Tag, TagKind};

use crate::fonts::Fonts;

/// A4, in points.
pub const PAGE_WIDTH: f32 = 595.0;
pub const PAGE_HEIGHT: f32 = 842.0;
pub const LEFT: f32 = 62.0;
pub const TEXT_WIDTH: f32 = PAGE_WIDTH - 2.0 * LEFT;
const TOP: f32 = 62.0;
const BOTTOM: f32 = PAGE_HEIGHT - 66.0;

/// Something drawn; part of the content with this number, or of none: then it is decoration.
pub struct Mark {
    pub content: Option<usize>,
    pub shape: Shape,
}

pub enum Shape {
    Words { x: f32, y: f32, size: f32, bold: bool, colour: [u8; 3], text: String },
    Box { x: f32, y: f32, width: f32, height: f32, fill: [u8; 3], edge: Option<[u8; 3]> },
    Line { points: Vec<(f32, f32)>, colour: [u8; 3], width: f32, dashes: Vec<f32> },
}

/// A place that leads elsewhere in the document.
pub struct Link {
    pub content: usize,
    pub rect: [f32; 4],
    pub heading: usize,
    pub words: String,
}

#[derive(Default)]
pub struct Page {
    pub marks: Vec<Mark>,
    pub links: Vec<Link>,
}

pub struct Heading {
    pub level: u16,
    pub title: String,
    pub page: usize,
    pub y: f32,
}

/// What stands on the pages, as a reader hears it.
pub enum Node {
    Group(TagKind, Vec<Self>),
    Content(usize),
}

/// How words look.
#[derive(Clone, Copy)]
pub struct Style {
    pub size: f32,
    pub line: f32,
    pub bold: bool,
    pub colour: [u8; 3],
}

pub struct Layout<'a> {
    pub fonts: &'a Fonts,
    pub pages: Vec<Page>,
    pub headings: Vec<Heading>,
    pub y: f32,
    open: Vec<(TagKind, Vec<Node>)>,
    pub nodes: Vec<Node>,
    contents: usize,
}

impl<'a> Layout<'a> {
    pub fn new(fonts: &'a Fonts) -> Self {
        Self { fonts, pages: vec![Page::default()], headings: Vec::new(), y: TOP, open: Vec::new(), nodes: Vec::new(), contents: 0 }
    }

    /// Begins a group of the tree; what follows is in it until it is closed.
    pub fn open(&mut self, tag: impl Into<TagKind>) {
        self.open.push((tag.into(), Vec::new()));
    }

    pub fn close(&mut self) {
        if let Some((tag, nodes)) = self.open.pop() {
            self.add(Node::Group(tag, nodes));
        }
    }

    fn add(&mut self, node: Node) {
        self.open.last_mut().map_or(&mut self.nodes, |(_, nodes)| nodes).push(node);
    }

    /// A new piece of content in the open group.
    pub fn content(&mut self) -> usize {
        let number = self.contents;
        self.contents += 1;
        self.add(Node::Content(number));
        number
    }

    pub fn mark(&mut self, content: Option<usize>, shape: Shape) {
        if let Some(page) = self.pages.last_mut() {
            page.marks.push(Mark { content, shape });
        }
    }

    pub fn page(&self) -> usize {
        self.pages.len() - 1
    }

    pub fn new_page(&mut self) {
        self.pages.push(Page::default());
        self.y = TOP;
    }

    pub fn at_top(&self) -> bool {
        self.y <= TOP
    }

    /// Goes to the next page when so much has no room on this one; says whether it did.
    pub fn room(&mut self, height: f32) -> bool {
        let full = self.y + height > BOTTOM && !self.at_top();
        if full {
            self.new_page();
        }
        full
    }

    /// Words below each other in the open group, from `x` and no wider than `width`.
    pub fn words(&mut self, text: &str, style: Style, x: f32, width: f32) {
        let lines = self.fonts.face(style.bold).wrapped(text, style.size, width);
        let mut content = None;
        let last = lines.len().saturating_sub(1);
        for (place, mut line) in lines.into_iter().enumerate() {
            if self.room(style.line) {
                content = None;
            }
            if place < last {
                // Whoever reads the document's text must find where words end.
                line.push(' ');
            }
            let number = content.unwrap_or_else(|| self.content());
            content = Some(number);
            self.y += style.line;
            let y = self.y - 0.28 * style.line;
            self.mark(Some(number), Shape::Words { x, y, size: style.size, bold: style.bold, colour: style.colour, text: line });
        }
    }

    /// How high these words are.
    pub fn height(&self, text: &str, style: Style, width: f32) -> f32 {
        let lines = self.fonts.face(style.bold).wrapped(text, style.size, width).len();
        f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * style.line
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str, style: Style) {
        self.open(Tag::P);
        self.words(text, style, LEFT, TEXT_WIDTH);
        self.close();
    }
}
