//! `datapackage.json` beside a file (Frictionless Data Package 1, with a Table Schema): what its fields are, of which types, and what an empty place means.

use serde_json::{Map, Value, json};

use crate::{FIELDS, Field, Form, Kind, Tidy};

/// What is left empty, in every form.
const MISSING: [&str; 1] = [""];

/// The description of a file of this name and form that has these rows.
#[must_use]
pub fn package(tidy: &Tidy, file: &str, form: Form) -> Value {
    let (quarter, scope) = (tidy.said("quarter"), tidy.said("scope"));
    let mut resource = json!({
        "name": "figures",
        "path": file,
        "format": form.ending(),
        "mediatype": form.media_type(),
        "schema": {
            "fields": FIELDS.iter().map(described).collect::<Vec<_>>(),
            "missingValues": MISSING,
            "primaryKey": ["table", "method", "breakdown", "measure"],
        },
    });
    if form == Form::Csv {
        resource["profile"] = "tabular-data-resource".into();
        resource["encoding"] = "utf-8".into();
        resource["dialect"] = json!({"delimiter": ",", "quoteChar": "\"", "doubleQuote": true, "lineTerminator": "\n", "header": true});
    }
    let mut package = json!({
        "name": format!("werkmonitor-{}", quarter.to_ascii_lowercase()),
        "title": format!("Werkmonitor {quarter}"),
        "description": format!(
            "One number a row, of {scope}, by the definitions {}. All of it is of one state of the log: position {}.",
            tidy.said("definitions"),
            tidy.said("position"),
        ),
        "profile": if form == Form::Csv { "tabular-data-package" } else { "data-package" },
    });
    // When the last event was recorded that it knows of; the file itself is made anew each time, and is the same each time.
    if !tidy.said("recorded_at").is_empty() {
        package["created"] = tidy.said("recorded_at").into();
    }
    package["resources"] = json!([resource]);
    package
}

fn described(field: &Field) -> Value {
    let mut described = Map::new();
    let kind = match field.kind {
        Kind::Text => "string",
        Kind::Percentage => "number",
        Kind::Count => "integer",
        Kind::Flag => "boolean",
        Kind::Moment => "datetime",
    };
    let mut constraints = Map::new();
    if field.required {
        constraints.insert("required".to_owned(), true.into());
    }
    match field.kind {
        Kind::Count | Kind::Percentage => {
            // No maximum: of unpaid work one trajectory may count more than once.
            constraints.insert("minimum".to_owned(), 0.into());
        }
        Kind::Moment => {
            described.insert("format".to_owned(), "any".into());
        }
        Kind::Text | Kind::Flag => {}
    }
    for (key, value) in [("name", field.name), ("type", kind), ("title", field.title), ("description", field.about)] {
        described.insert(key.to_owned(), value.into());
    }
    if !constraints.is_empty() {
        described.insert("constraints".to_owned(), constraints.into());
    }
    Value::Object(described)
}
