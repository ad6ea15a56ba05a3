//! MessagePack as the JSON that it stands for, and back.
//!
//! Only what JSON can say is read. A map becomes an object key by key, duplicates included, so that the reader of JSON refuses them as it
//! always does.

use std::fmt::Write;

use rmpv::{Value, decode};

/// How deep a command may nest: an event has four levels.
const DEPTH: usize = 32;

/// The JSON text of a message, of at most `most` bytes.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn to_json(message: &[u8], most: usize) -> Result<String, String> {
    let mut rest = message;
    let value = decode::read_value_with_max_depth(&mut rest, DEPTH).map_err(|_| "this is not MessagePack, or nests too deep".to_owned())?;
    if !rest.is_empty() {
        return Err("bytes after the message".to_owned());
    }
    let mut json = String::with_capacity(message.len() * 2);
    write(&value, &mut json)?;
    if json.len() > most { Err("the command is too large".to_owned()) } else { Ok(json) }
}

fn write(value: &Value, json: &mut String) -> Result<(), String> {
    let number = |json: &mut String, number: &dyn std::fmt::Display| {
        // Writing to a text does not fail.
        let _ = write!(json, "{number}");
    };
    match value {
        Value::Nil => json.push_str("null"),
        Value::Boolean(yes) => json.push_str(if *yes { "true" } else { "false" }),
        Value::Integer(integer) => number(json, integer),
        // Debug writes the shortest form that reads back as the same, with a point or an exponent.
        Value::F32(float) if float.is_finite() => number(json, &format_args!("{float:?}")),
        Value::F64(float) if float.is_finite() => number(json, &format_args!("{float:?}")),
        Value::F32(_) | Value::F64(_) => return Err("a number that is none".to_owned()),
        Value::String(text) => text_of(text, json)?,
        Value::Array(elements) => {
            json.push('[');
            for (place, element) in elements.iter().enumerate() {
                if place > 0 {
                    json.push(',');
                }
                write(element, json)?;
            }
            json.push(']');
        }
        Value::Map(fields) => {
            json.push('{');
            for (place, (name, value)) in fields.iter().enumerate() {
                if place > 0 {
                    json.push(',');
                }
                let Value::String(name) = name else { return Err("a key that is no text".to_owned()) };
                text_of(name, json)?;
                json.push(':');
                write(value, json)?;
            }
            json.push('}');
        }
        Value::Binary(_) => return Err("bytes where a text is expected".to_owned()),
        Value::Ext(..) => return Err("an extension type".to_owned()),
    }
    Ok(())
}

fn text_of(text: &rmpv::Utf8String, json: &mut String) -> Result<(), String> {
    let text = text.as_str().ok_or("a text that is not UTF-8")?;
    json.push_str(&serde_json::Value::from(text).to_string());
    Ok(())
}

/// The same as MessagePack, with named fields.
pub(crate) fn of_json(json: &[u8]) -> Option<Vec<u8>> {
    let value: serde_json::Value = serde_json::from_slice(json).ok()?;
    rmp_serde::to_vec_named(&value).ok()
}
