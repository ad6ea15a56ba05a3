//! Figures as files: what is read, what is written, and what is said of it.

use ::parquet::file::reader::{FileReader, SerializedFileReader};

use super::*;

fn csv() -> String {
    let heads: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
    let rows = [
        "2025Q1,national,all,,,running,4844,,,,4740,4009,false,12,2025-04-21T08:00:00.000000Z,werkmonitor-2025.1,Lopend,,false",
        "2025Q1,national,by_method,ips,,sustainable_work,1375,29.6,1375,4645,1300,1200,false,12,2025-04-21T08:00:00.000000Z,werkmonitor-2025.1,\"Duurzaam, werk\",310,false",
        "2025Q1,national,by_method,wabz,,paid_work,,,,,,,false,12,2025-04-21T08:00:00.000000Z,werkmonitor-2025.1,Betaald werk,,true",
    ];
    format!("{}\n{}\n", heads.join(","), rows.join("\n"))
}

#[test]
fn the_rows_of_figures_are_read_and_no_others() {
    let tidy = Tidy::read(csv().as_bytes()).unwrap();
    assert_eq!((tidy.len(), tidy.is_empty()), (3, false));
    assert_eq!(tidy.column("label").collect::<Vec<_>>(), ["Lopend", "Duurzaam, werk", "Betaald werk"]);
    for wrong in ["", "a,b\n1,2\n", &csv().replace("quarter", "kwartaal")] {
        assert!(matches!(Tidy::read(wrong.as_bytes()), Err(TableError::Form(_))), "{wrong}");
    }
}

#[test]
fn rows_that_are_kept_and_joined_are_written_as_they_were_read() {
    let tidy = || Tidy::read(csv().as_bytes()).unwrap();
    assert_eq!(tidy().csv().unwrap(), csv().as_bytes());
    let of_methods = tidy().keep(|row| row.get("table") == "by_method");
    assert_eq!(of_methods.rows().map(|row| (row.get("method"), row.get("nothing"))).collect::<Vec<_>>(), [("ips", ""), ("wabz", "")]);
    let earlier = Tidy::read(csv().replace("2025Q1,", "2024Q4,").as_bytes()).unwrap().keep(|row| row.get("table") == "all");
    let both = earlier.join(of_methods);
    assert_eq!(both.column("quarter").collect::<Vec<_>>(), ["2024Q4", "2025Q1", "2025Q1"]);
    assert!((both.is_alike("scope"), both.is_alike("quarter")) == (true, false) && both.xlsx().unwrap().starts_with(b"PK"));
    assert_eq!(Tidy::read(&both.csv().unwrap()).unwrap(), both);
    assert_eq!(Tidy::default().csv().unwrap(), csv().lines().take(1).map(|heads| format!("{heads}\n")).collect::<String>().as_bytes());
}

#[test]
fn parquet_has_numbers_where_there_are_some_and_nothing_where_there_is_none() {
    let bytes = Tidy::read(csv().as_bytes()).unwrap().parquet().unwrap();
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let rows: Vec<String> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
    assert!(rows[1].contains("percentage: 29.6, numerator: 1375, denominator: 4645") && rows[1].contains("unknown: 310"), "{rows:?}");
    assert!(rows[2].contains("count: null") && rows[2].contains("suppressed: true"), "{rows:?}");
    assert!(rows[0].contains("recorded_at: 2025-04-21 08:00:00"), "a moment, not a text: {rows:?}");
    for (right, wrong) in [("4844", "many"), ("29.6", "29.65"), ("2025-04-21T", "2025-04-31T")] {
        let wrong = csv().replace(right, wrong);
        assert!(matches!(Tidy::read(wrong.as_bytes()).unwrap().parquet(), Err(TableError::Form(_))), "{wrong}");
    }
}

#[test]
fn a_spreadsheet_is_written_of_any_rows() {
    for text in [csv(), csv().lines().next().unwrap().to_owned()] {
        assert!(Tidy::read(text.as_bytes()).unwrap().xlsx().unwrap().starts_with(b"PK\x03\x04"));
    }
}

#[test]
fn a_package_describes_every_field_of_its_file() {
    let tidy = Tidy::read(csv().as_bytes()).unwrap();
    let told = package(&tidy, "q1.csv", Form::Csv);
    assert_eq!((&told["name"], &told["resources"][0]["path"]), (&"werkmonitor-2025q1".into(), &"q1.csv".into()));
    let schema = &told["resources"][0]["schema"];
    let names: Vec<_> = schema["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(names, csv().lines().next().unwrap().split(',').collect::<Vec<_>>());
    assert_eq!(schema["missingValues"], serde_json::json!([""]));
    let of = |told: &serde_json::Value, name: &str| {
        let fields = told["resources"][0]["schema"]["fields"].as_array().unwrap().clone();
        fields.into_iter().find(|field| field["name"] == name).unwrap()["type"].clone()
    };
    assert_eq!([of(&told, "count"), of(&told, "percentage"), of(&told, "suppressed")], ["integer", "number", "boolean"]);
    assert_eq!(of(&package(&tidy, "q1.parquet", Form::Parquet), "percentage"), "number");
}
