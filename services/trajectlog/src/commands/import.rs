//! `trajectlog import`.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Seek, Write},
    path::Path,
    sync::Arc,
    time::Duration,
};

use app::{
    AppError, Desk, DeskOptions, Ledger, RecordedMode,
    import::{Fault, Summary, check_form, judge, record},
};
use event_log::{EventLog, Position};
use keys::KeyStore;
use views::Views;

use crate::{
    cli::{Import, Recorded},
    failure::Failure,
    folder::now,
    log::Log,
    place::Place,
    progress,
    socket::Service,
};

/// Standard input up to this many bytes is held in memory, more in a file without a name; encrypted either way.
const HELD: usize = 64 << 20;
/// Views that lag by no more than this many events are brought up to date at the end of an import. A longer lag would take
/// longer than the import itself: it is left to `rebuild`, and until then what the views lack is read from the log.
const SHORT_LAG: u64 = 50_000;

/// How long an import waits for a log that takes no events, before it ends with what stands in the way.
const PATIENCE: Duration = Duration::from_secs(5);

pub async fn run(place: &Place, args: &Import) -> Result<(), Failure> {
    let mut input = Input::open(&args.file)?;
    if let Some(service) = Service::of(place.folder().path()).await.filter(|_| !place.is_shared()) {
        return service.import(input, args.strict, args.recorded).await;
    }
    let malformed = {
        let bar = progress::bytes("checking the form", input.length()?);
        let mut errors = Faults::new();
        let malformed = tokio::task::block_in_place(|| check_form(&mut input, &mut |fault| errors.say(&fault), &mut |read| bar.inc(read)))?;
        bar.finish_and_clear();
        malformed
    };
    if malformed > 0 {
        say(Summary::default())?;
        return Err(Failure::said(2));
    }
    let mode = match args.recorded {
        Recorded::Keep => RecordedMode::Keep,
        Recorded::Now => RecordedMode::Now,
    };
    let (log, keys) = place.for_writing().await?;
    let mut views = place.views(false);
    if args.strict {
        let summary;
        (summary, views) = judging(&log, &keys, views, mode, &mut input).await?;
        if summary.refused > 0 {
            close(views);
            say(Summary { imported: 0, ..summary })?;
            return Err(Failure::said(1));
        }
    }
    let (summary, views) = recording(&log, &keys, views, mode, &mut input).await?;
    bring_up_to_date(place, &log, &keys, views).await?;
    say(summary)?;
    outcome(summary, args.strict)
}

/// What a recorded input means for who handed it in.
pub fn outcome(summary: Summary, strict: bool) -> Result<(), Failure> {
    match summary.refused {
        0 => Ok(()),
        // Every line was judged and accepted before: only someone who writes to the same log elsewhere can have come between.
        refused if strict => Err(Failure::refused(format!(
            "others recorded on the same trajectories meanwhile, so that {refused} lines do not fit any more; the others are recorded. Mend these lines and import the file again: what is there already stays as it is"
        ))),
        _ => Err(Failure::said(1)),
    }
}

type Keys = Arc<KeyStore>;

/// The first pass of `--strict`: nothing is recorded.
async fn judging(
    log: &Arc<Log>,
    keys: &Keys,
    views: Option<Views>,
    mode: RecordedMode,
    input: &mut Input,
) -> Result<(Summary, Option<Views>), Failure> {
    input.rewind()?;
    let bar = progress::bytes("judging", input.length()?);
    let mut errors = Faults::new();
    let mut ledger = Ledger::open(Arc::clone(log), Arc::clone(keys), views, now, false).await?;
    let summary = judge(&mut ledger, mode, input, &mut |fault| errors.say(&fault), &mut |read| bar.inc(read)).await?;
    bar.finish_and_clear();
    Ok((summary, ledger.into_views()))
}

async fn recording(
    log: &Arc<Log>,
    keys: &Keys,
    views: Option<Views>,
    mode: RecordedMode,
    input: &mut Input,
) -> Result<(Summary, Option<Views>), Failure> {
    input.rewind()?;
    let bar = progress::bytes("recording", input.length()?);
    let mut errors = Faults::new();
    let recorded = into(log, keys, views, mode, input, &mut |fault| errors.say(&fault), &mut |read| bar.inc(read)).await;
    bar.finish_and_clear();
    recorded
}

/// Records a well-formed input at a desk of its own; the views come back as they were.
pub async fn into(
    log: &Arc<Log>,
    keys: &Keys,
    views: Option<Views>,
    mode: RecordedMode,
    input: impl Read + Send,
    report: &mut (dyn FnMut(Fault) + Send),
    read: app::Progress<'_>,
) -> Result<(Summary, Option<Views>), Failure> {
    let ledger = Ledger::open(Arc::clone(log), Arc::clone(keys), views, now, false).await?;
    let desk = Desk::open(ledger, Arc::clone(log), DeskOptions { patience: PATIENCE, follow: matches!(**log, Log::JetStream(_)) })?;
    let recorded = record(&desk, mode, input, report, read).await;
    let views = desk.close().await;
    Ok((recorded?, views?))
}

/// Brings views with a short lag up to date. They never stand in the way: without them everything works, only slower.
async fn bring_up_to_date(place: &Place, log: &Log, keys: &KeyStore, views: Option<Views>) -> Result<(), Failure> {
    let head = log.head().await?.position;
    let from = views.as_ref().map_or(Position::START, Views::checkpoint);
    if head.0.saturating_sub(from.0) > SHORT_LAG {
        close(views);
        return Ok(());
    }
    let Some(mut views) = views.or_else(|| place.views(true)) else {
        return Ok(());
    };
    match app::catch_up(log, &mut views, keys.digest_key(), &mut |_| {}).await {
        Ok(_) => close(Some(views)),
        Err(AppError::View(e)) => tracing::warn!("the views are not up to date: {e}"),
        Err(e) => return Err(e.into()),
    }
    Ok(())
}

fn close(views: Option<Views>) {
    if let Some(Err(e)) = views.map(Views::close) {
        tracing::warn!("the views will be built anew: {e}");
    }
}

/// The last line of standard output. That nobody reads it any more changes nothing about what was done, or how it ends.
fn say(summary: Summary) -> Result<(), Failure> {
    match writeln!(io::stdout(), "{}", summary.to_json()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(()),
    }
}

/// Malformed and refused lines, one JSON object a line on standard error.
struct Faults(BufWriter<io::Stderr>);

impl Faults {
    fn new() -> Self {
        Self(BufWriter::new(io::stderr()))
    }

    fn say(&mut self, fault: &Fault) {
        // Nothing can be done when standard error is closed; the summary still counts the line.
        let _ = writeln!(self.0, "{}", fault.to_json());
    }
}

/// What is read twice: a file, or standard input set aside.
pub enum Input {
    File(File),
    SetAside(keys::SetAside<tempfile::SpooledTempFile>),
}

impl Input {
    fn open(path: &Path) -> Result<Self, Failure> {
        let unreadable = |e: io::Error| Failure::wrong_use(format!("{} cannot be read: {e}", path.display()));
        let mut source: Box<dyn Read> = if path == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            let file = File::open(path).map_err(unreadable)?;
            let kind = file.metadata().map_err(unreadable)?.file_type();
            if kind.is_dir() {
                return Err(Failure::wrong_use(format!("{} is a folder: name a file of JSON Lines", path.display())));
            }
            if kind.is_file() {
                return Ok(Self::File(file));
            }
            // A pipe can be read once only, like standard input.
            Box::new(file)
        };
        Self::set_aside(&mut source)
    }

    /// What can be read once only, set aside.
    pub fn set_aside(source: &mut dyn Read) -> Result<Self, Failure> {
        let unreadable = |e: io::Error| Failure::wrong_use(format!("the input cannot be read: {e}"));
        keys::SetAside::all_of(source, tempfile::SpooledTempFile::new(HELD)).map(Self::SetAside).map_err(unreadable)
    }

    /// Its length in bytes.
    fn length(&mut self) -> Result<u64, Failure> {
        let length = match self {
            Self::File(file) => file.metadata().map(|metadata| metadata.len()),
            Self::SetAside(aside) => Ok(aside.length()),
        };
        length.map_err(|e| Failure::wrong_use(format!("the input cannot be read: {e}")))
    }

    /// Back to its beginning.
    pub fn rewind(&mut self) -> Result<(), Failure> {
        let rewound = match self {
            Self::File(file) => file.rewind(),
            Self::SetAside(file) => file.rewind(),
        };
        rewound.map_err(|e| Failure::wrong_use(format!("the input cannot be read twice: {e}")))
    }
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::SetAside(file) => file.read(into),
        }
    }
}
