//! `trajectlog generate`.

use std::{
    fs::File,
    io::{BufWriter, Write},
};

use proto_events::json::EventLine;

use crate::{cli::Generate, failure::Failure};

pub fn run(args: &Generate) -> Result<(), Failure> {
    let mut out: Box<dyn Write> = match &args.out {
        None => Box::new(std::io::stdout().lock()),
        Some(path) => {
            let file = File::create(path).map_err(|e| Failure::wrong_use(format!("{} cannot be written: {e}", path.display())))?;
            Box::new(file)
        }
    };
    let mut out = BufWriter::new(&mut *out);
    let mut write = |line: &EventLine| -> Result<(), Failure> {
        serde_json::to_writer(&mut out, &line.out()).map_err(std::io::Error::from)?;
        Ok(out.write_all(b"\n")?)
    };
    if args.published {
        let lines = synthetic::published(args.seed).map_err(|e| Failure::refused(e.to_string()))?;
        lines.iter().try_for_each(&mut write)?;
    } else {
        synthetic::random(args.seed, args.trajectories).try_for_each(|line| write(&line))?;
    }
    out.flush()?;
    Ok(())
}
