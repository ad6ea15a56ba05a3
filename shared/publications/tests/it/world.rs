//! A small publication to test with.

use domain::{Funding, Method, Region};
use figures::{
    AsOf, CellKey, Counts, Definitions, Measure,
    disclosure::{Area, Table, Tables},
};
use proto_events::Timestamp;
use publications::{NewVintage, Status};

pub fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// So many who run without a job.
fn counts(running: u64) -> Counts {
    let mut by_number = [0; Measure::COUNT];
    for measure in [Measure::Running, Measure::EmployedUnknown] {
        by_number[measure as usize] = running;
    }
    by_number[Measure::Organisations as usize] = u64::from(running > 0);
    Counts::restored(by_number, [running, 0, 0], vec![("scheme-a".into(), 0)])
}

fn table(running: u64) -> Table {
    let keys = [CellKey::All, CellKey::Method(Method::Other), CellKey::MethodFunding(Method::Other, Funding::Uwv)];
    keys.into_iter().map(|key| (key, counts(running))).collect()
}

/// 40 in the country, in two regions and of two organisations.
pub fn tables() -> Tables {
    let region = |code| Area::Region(Region::of_code(code));
    let organisation = |name: &str| Area::Organisation(name.into());
    Tables(
        [
            (Area::National, table(40)),
            (region("AM01"), table(3)),
            (region("AM02"), table(37)),
            (organisation("een"), table(18)),
            (organisation("twee"), table(22)),
        ]
        .into(),
    )
}

pub fn vintage(quarter: &str, at: &str, status: Status) -> NewVintage {
    NewVintage {
        quarter: quarter.parse().unwrap(),
        moment: moment(at),
        status,
        as_of: AsOf { position: 7, recorded_at: Some(at.to_owned()), provisional: false },
        definitions_text: "name = \"ours\"\n".to_owned(),
        definitions: Definitions::from_toml("name = \"ours\"\n").unwrap(),
        tables: tables(),
    }
}
