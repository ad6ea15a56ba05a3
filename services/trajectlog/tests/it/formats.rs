//! The forms of an answer: each can be read by what reads that form, and all say the same numbers.

use std::fs;

use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::{lines::history, support::Folder};

fn figures(folder: &Folder, format: &str) -> Vec<u8> {
    folder.run(&["figures", "--quarter", "2025Q1", "--tables", "--format", format]).done().out
}

#[test]
fn csv_has_one_number_a_row_and_says_what_the_json_says() {
    let folder = Folder::with(&history(6));
    let json = folder.figures(&["--tables"]);
    let csv = figures(&folder, "csv");
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let headers = reader.headers().expect("a header").clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap_or_else(|| panic!("{name} in {headers:?}"));
    let mut rows = 0;
    for row in reader.records() {
        let row = row.expect("a row");
        let at = |name| row.get(column(name)).expect("a field");
        assert_eq!((at("quarter"), at("scope"), at("definitions"), at("position")), ("2025Q1", "national", "werkmonitor-2025.1", "33"));
        let path = ["table", "method", "breakdown"].map(at);
        let path: Vec<&str> = path.into_iter().filter(|part| !part.is_empty()).collect();
        let cell = |tree: &str| json[tree].pointer(&format!("/{}/{}", path.join("/"), at("measure").replace('.', "/"))).cloned();
        assert_eq!(cell("figures").expect("a number").to_string(), at("count"), "{row:?}");
        let percentage = cell("percentages").and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default();
        assert_eq!(percentage, at("percentage"), "{row:?}");
        rows += 1;
    }
    assert!(rows > 200, "{rows}");
}

#[test]
fn a_spreadsheet_is_a_zip_with_a_workbook() {
    let bytes = figures(&Folder::with(&history(2)), "xlsx");
    assert!(bytes.starts_with(b"PK\x03\x04"));
    let name = b"xl/workbook.xml";
    assert!(bytes.windows(name.len()).any(|window| window == name));
}

#[test]
fn parquet_has_as_many_rows_as_csv() {
    let folder = Folder::with(&history(6));
    let bytes = figures(&folder, "parquet");
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let path = folder.file("figures.parquet", bytes);
    let reader = SerializedFileReader::new(fs::File::open(path).expect("a file")).expect("Parquet");
    let rows = csv::Reader::from_reader(figures(&folder, "csv").as_slice()).records().count();
    assert_eq!(reader.metadata().file_metadata().num_rows(), i64::try_from(rows).expect("few"));
    let measures = reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row").to_string());
    assert!(measures.filter(|row| row.contains("\"paid_work\"")).count() > 2);
}

#[test]
fn a_table_for_people_names_the_quarter_and_the_state_of_the_log() {
    let table = figures(&Folder::with(&history(2)), "table");
    let table = String::from_utf8(table).expect("UTF-8");
    for word in ["2025Q1", "werkmonitor-2025.1", "11"] {
        assert!(table.contains(word), "{word} in {table}");
    }
}

#[test]
fn every_form_can_be_written_to_a_file_instead() {
    let folder = Folder::with(&history(2));
    for format in ["table", "json", "csv", "parquet"] {
        let path = folder.beside(&format!("figures.{format}"));
        let out = path.to_str().expect("UTF-8");
        let run = folder.run(&["figures", "--quarter", "2025Q1", "--tables", "--format", format, "--out", out]).done();
        assert_eq!(run.text(), "");
        assert_eq!(fs::read(&path).expect("a file"), figures(&folder, format), "{format}");
    }
    folder.run(&["figures", "--quarter", "2025Q1", "--out", "no/such/folder/f.csv"]).failed(2, "cannot be written");
}

#[test]
fn a_data_package_stands_beside_the_file_that_it_describes() {
    let folder = Folder::with(&history(2));
    for format in ["csv", "xlsx", "parquet"] {
        let path = folder.beside(&format!("q1.{format}"));
        let out = path.to_str().expect("UTF-8");
        folder.run(&["figures", "--quarter", "2025Q1", "--tables", "--format", format, "--out", out, "--datapackage"]).done();
        assert_eq!(fs::read(&path).expect("a file"), figures(&folder, format), "{format}");
        let text = fs::read(path.with_file_name("datapackage.json")).expect("a description");
        let told: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(told["resources"][0]["path"], format!("q1.{format}"));
        let fields = told["resources"][0]["schema"]["fields"].as_array().expect("fields");
        let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().expect("a name")).collect();
        let csv = figures(&folder, "csv");
        let heads = csv::Reader::from_reader(csv.as_slice()).headers().expect("heads").clone();
        assert_eq!(names, heads.iter().collect::<Vec<_>>(), "{format}");
    }
    let wrong = folder.beside("q1.json");
    let out = wrong.to_str().expect("UTF-8");
    folder.run(&["figures", "--quarter", "2025Q1", "--format", "json", "--out", out, "--datapackage"]).failed(2, "--format csv");
    folder.run(&["figures", "--quarter", "2025Q1", "--format", "csv", "--datapackage"]).failed(2, "--out");
}

#[test]
fn a_log_of_nothing_has_every_form_too() {
    let folder = Folder::with("");
    for format in ["table", "json", "csv", "xlsx", "parquet"] {
        assert!(!figures(&folder, format).is_empty(), "{format}");
    }
}
