//! Texts: personal data. In clear on their way in and out, sealed at rest.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

/// A text in clear, or one whose key was destroyed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Text {
    /// As the coach wrote it.
    Clear(String),
    /// `{"erased":true}`: the text is gone for ever. As content it equals any text.
    Erased,
}

/// Never shows the text: what is printed ends in logs.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clear(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Erased => f.write_str("Erased"),
        }
    }
}

impl Text {
    /// Its length in Unicode code points; 0 when erased.
    #[must_use]
    pub fn code_points(&self) -> usize {
        match self {
            Self::Clear(text) => text.chars().count(),
            Self::Erased => 0,
        }
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Clear(text) => serializer.serialize_str(text),
            Self::Erased => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("erased", &true)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Form(|text: &str| Self::Clear(text.to_owned()), Self::Erased))
    }
}

/// A text whose form is checked and that is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedText;

impl<'de> Deserialize<'de> for CheckedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Form(|_: &str| Self, Self))
    }
}

/// The JSON form of a text: what becomes of a text in clear, and of an erased one.
struct Form<F, T>(F, T);

impl<'de, T, F: FnOnce(&str) -> T> de::Visitor<'de> for Form<F, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        Ok(self.0(text))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let form = ErasedForm::deserialize(de::value::MapAccessDeserializer::new(map))?;
        if form.erased { Ok(self.1) } else { Err(de::Error::custom("expected a text, or {\"erased\":true}")) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ErasedForm {
    erased: bool,
}

/// A sealed text as the crate `keys` lays it out; opaque here.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedText(#[serde(with = "serde_bytes")] pub Vec<u8>);

/// A text that is passed over unread: figures need none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skipped;

impl<'de> Deserialize<'de> for Skipped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}
