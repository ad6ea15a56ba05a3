//! Writes a synthetic log as JSON Lines on standard output: `write published SEED`, or `write random SEED TRAJECTORIES`.
//! `write count SEED TRAJECTORIES` only makes the lines of a random log and counts them.

use std::{
    error::Error,
    io::{BufWriter, Write},
};

use proto_events::json::EventLine;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise: u64| arguments.get(at).map_or(Ok(otherwise), |text| text.parse());
    let seed = number(1, 1)?;
    match arguments.first().map(String::as_str) {
        Some("published") => write(synthetic::published(seed)?.into_iter()),
        Some("random") => write(synthetic::random(seed, number(2, 1_000)?)),
        Some("count") => {
            let many = synthetic::random(seed, number(2, 1_000)?).count();
            Ok(writeln!(std::io::stdout(), "{many}")?)
        }
        _ => Err("use: write published SEED | write random SEED TRAJECTORIES".into()),
    }
}

fn write(lines: impl Iterator<Item = EventLine>) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    for line in lines {
        serde_json::to_writer(&mut out, &line.out())?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}
