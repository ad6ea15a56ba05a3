//! The fonts: how wide words are, and which glyphs they are made of.

use std::collections::HashMap;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::{FontRef, MetadataProvider, instance::LocationRef, instance::Size};

static REGULAR: &[u8] = include_bytes!("../fonts/OpenSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/OpenSans-Bold.ttf");

/// What stands for a character that the font does not have.
const UNKNOWN: char = '?';

pub struct Fonts {
    regular: Face,
    bold: Face,
}

pub struct Face {
    pub font: Font,
    /// The glyph of each character that the font has, and its width in ems.
    glyphs: HashMap<char, (u32, f32)>,
}

impl Fonts {
    pub fn new() -> Option<Self> {
        Some(Self { regular: Face::of(REGULAR)?, bold: Face::of(BOLD)? })
    }

    pub const fn face(&self, bold: bool) -> &Face {
        if bold { &self.bold } else { &self.regular }
    }
}

impl Face {
    fn of(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes.into(), 0)?;
        let units_per_em = font.units_per_em();
        let parsed = FontRef::new(bytes).ok()?;
        let metrics = parsed.glyph_metrics(Size::unscaled(), LocationRef::default());
        let known = parsed.charmap().mappings().filter_map(|(of, glyph)| {
            let advance = metrics.advance_width(glyph).unwrap_or_default() / units_per_em;
            Some((char::from_u32(of)?, (glyph.to_u32(), advance)))
        });
        Some(Self { font, glyphs: known.collect() })
    }

    /// The glyph of a character and its width in ems.
    fn glyph(&self, of: char) -> (u32, f32) {
        let of = if of.is_control() { ' ' } else { of };
        self.glyphs.get(&of).or_else(|| self.glyphs.get(&UNKNOWN)).copied().unwrap_or_default()
    }

    /// How wide words are, in points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|of| self.glyph(of).1).sum::<f32>() * size
    }

    /// The glyphs of words, each with its place in the text.
    pub fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let glyph = |(place, of): (usize, char)| {
            let (id, advance) = self.glyph(of);
            KrillaGlyph::new(GlyphId::new(id), advance, 0.0, 0.0, 0.0, place..place + of.len_utf8(), None)
        };
        text.char_indices().map(glyph).collect()
    }

    /// Words in lines that are no wider than this; a word that is wider is broken.
    pub fn wrapped(&self, text: &str, size: f32, widest: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        let space = self.width(" ", size);
        let mut used = 0.0;
        for word in text.split_whitespace() {
            for (place, piece) in self.broken(word, size, widest).into_iter().enumerate() {
                let wide = self.width(&piece, size);
                let joined = if used > 0.0 && place == 0 { space } else { 0.0 };
                if used > 0.0 && (place > 0 || used + joined + wide > widest) {
                    lines.push(String::new());
                    used = 0.0;
                } else if joined > 0.0 {
                    used += joined;
                    if let Some(line) = lines.last_mut() {
                        line.push(' ');
                    }
                }
                used += wide;
                if let Some(line) = lines.last_mut() {
                    line.push_str(&piece);
                }
            }
        }
        lines
    }

    fn broken(&self, word: &str, size: f32, widest: f32) -> Vec<String> {
        if self.width(word, size) <= widest {
            return vec![word.to_owned()];
        }
        let mut pieces = vec![String::new()];
        let mut used = 0.0;
        for of in word.chars() {
            let wide = self.glyph(of).1 * size;
            if used > 0.0 && used + wide > widest {
                pieces.push(String::new());
                used = 0.0;
            }
            used += wide;
            if let Some(piece) = pieces.last_mut() {
                piece.push(of);
            }
        }
        pieces
    }
}
