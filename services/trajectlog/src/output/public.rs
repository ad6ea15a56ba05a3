//! Published figures for people and for spreadsheets: a suppressed number is a dot in a table, and an empty place in CSV.

use std::fmt::Write;

use comfy_table::Cell;
use figures::Measure;
use serde_json::Value;

use super::table::{right, table, thousands};

/// In the place of a suppressed number.
const SUPPRESSED: &str = "·";

/// A measure a line, a method a column, with percentages where they are told.
pub fn table_of(answer: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut told = format!(
        "Werkmonitor {} zoals gepubliceerd ({}, {}), {}\nPositie {}; definities {}\n\n",
        text(&answer["quarter"]),
        text(&answer["vintage"]["moment"]),
        text(&answer["vintage"]["status"]),
        answer["scope"].as_object().into_iter().flatten().map(|(_, value)| text(value)).collect::<Vec<_>>().join(" "),
        answer["as_of"]["position"],
        text(&answer["definitions"]),
    );
    let methods: Vec<&String> = answer["figures"]["by_method"].as_object().into_iter().flat_map(serde_json::Map::keys).collect();
    let mut shown = table(["Maat", "Naam", "Alle"].into_iter().chain(methods.iter().map(|method| method.as_str())));
    for measure in Measure::ALL {
        let name = measure.as_str();
        let number = |figures: &Value, percentages: &Value| {
            let count = figures[name].as_u64().map_or_else(|| SUPPRESSED.to_owned(), thousands);
            let percentage = percentages[name].as_str().map_or_else(String::new, |text| format!("  {:>5} %", text.replace('.', ",")));
            right(format!("{count}{percentage}"))
        };
        let all = number(&answer["figures"]["all"], &answer["percentages"]["all"]);
        let of =
            methods.iter().map(|method| number(&answer["figures"]["by_method"][*method], &answer["percentages"]["by_method"][*method]));
        shown.add_row([Cell::new(measure.dutch()), Cell::new(name), all].into_iter().chain(of));
    }
    let _ = writeln!(told, "{shown}\n{SUPPRESSED} = onderdrukt: het gaat om weinig mensen, of het zou dat verraden");
    told
}

/// One number a row: its path, and an empty place where it is suppressed, which the last field says too.
pub fn csv(answer: &Value) -> String {
    let mut rows = String::from("quarter,moment,path,count,percentage,suppressed\n");
    let field = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let start = format!("{},{}", field(&answer["quarter"]), field(&answer["vintage"]["moment"]));
    walk(&start, &mut Vec::new(), &answer["figures"], &answer["percentages"], &mut rows);
    rows
}

/// Names of paths are words and slugs: nothing in them needs a quote.
fn walk(start: &str, path: &mut Vec<String>, figures: &Value, percentages: &Value, rows: &mut String) {
    if let Some(below) = figures.as_object() {
        for (name, value) in below {
            path.push(name.clone());
            walk(start, path, value, &percentages[name], rows);
            path.pop();
        }
        return;
    }
    let count = figures.as_u64().map_or_else(String::new, |count| count.to_string());
    let _ = writeln!(rows, "{start},{},{count},{},{}", path.join("."), percentages.as_str().unwrap_or_default(), figures.is_null());
}
