//! The side of the service.

use std::{
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use accounts::Accounts;
use app::{AppError, Desk, Ledger, RecordedMode, import};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, State},
    response::{IntoResponse, Response},
    routing::post,
};
use event_log::EventLog;
use futures_util::{StreamExt, TryStreamExt, stream};
use keys::KeyStore;
use serde::Deserialize;
use tokio::{
    net::UnixListener,
    sync::{Mutex, mpsc},
    task::block_in_place,
};
use tokio_util::{
    io::{StreamReader, SyncIoBridge},
    sync::CancellationToken,
};

use super::{Said, run_folder, short_name, socket};
use crate::{
    commands::{accounts as people, import::Input, rebuild::report},
    failure::Failure,
    folder::{now, private_folder},
    log::Log,
    serve,
    serve::index,
};

/// What the service holds, and the command line cannot reach without it.
#[derive(Clone)]
pub struct Held {
    /// The log.
    pub log: Arc<Log>,
    /// Its keys.
    pub keys: Arc<KeyStore>,
    /// Where decisions are handed in; `None` of a service that takes none.
    pub desk: Option<Desk>,
    /// Its accounts; `None` of a service without sign-in.
    pub accounts: Option<Accounts>,
    /// The views of its projectors.
    pub views: serve::Views,
    /// The folder of all views, the desk's index among them.
    pub folder: PathBuf,
    /// Held while everything is built anew.
    pub rebuilding: Arc<Mutex<()>>,
}

/// Serves the folder's socket until it is told to stop.
pub async fn serve(data: &Path, held: Held, stop: CancellationToken) -> Result<(), Failure> {
    let cannot = |e: io::Error| Failure::cannot_open(format!("the socket in {} cannot be made: {e}", data.display()));
    private_folder(&run_folder(data))?;
    let path = socket(data);
    if super::Service::of(data).await.is_some() {
        tracing::warn!("another service has its views in {} and answers the command line: give each its own folder", data.display());
        return Ok(());
    }
    // What lies there was left by a service that died.
    match std::fs::remove_file(&path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(cannot(e)),
        _ => {}
    }
    let folder = std::fs::File::open(run_folder(data)).map_err(cannot)?;
    let listener = UnixListener::bind(short_name(&folder)).map_err(cannot)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).map_err(cannot)?;
    let router =
        Router::new().route("/import", post(import)).route("/rebuild", post(rebuild)).route("/accounts", post(accounts)).with_state(held);
    let removed = RemovedAtTheEnd(path);
    tokio::spawn(async move {
        let _removed = removed;
        if let Err(e) = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await {
            tracing::warn!("the folder's socket is closed: {e}");
        }
    });
    Ok(())
}

struct RemovedAtTheEnd(PathBuf);

impl Drop for RemovedAtTheEnd {
    fn drop(&mut self) {
        // Left there, it is removed by the next service.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Says lines to the one who asked; who left hears nothing. Who reads slowly holds nobody up: what waits for them is at most what they handed
/// in, line by line.
#[derive(Clone)]
struct Voice(mpsc::UnboundedSender<Said>);

impl Voice {
    fn say(&self, said: Said) {
        let _ = self.0.send(said);
    }

    fn end(&self, outcome: Result<(), Failure>) {
        let (code, sentence) = match outcome {
            Ok(()) => (0, None),
            Err(failure) => (failure.exit_code(), failure.sentence().map(str::to_owned)),
        };
        let _ = self.0.send(Said::End { code, sentence });
    }
}

/// Something that is answered line by line, as it happens.
fn telling<F: Future<Output = Result<(), Failure>> + Send + 'static>(work: impl FnOnce(Voice) -> F + Send + 'static) -> Response {
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let voice = Voice(sender);
        let outcome = work(voice.clone()).await;
        voice.end(outcome);
    });
    let lines = stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
    let lines = lines.map(|said| {
        let mut line = serde_json::to_vec(&said)?;
        line.push(b'\n');
        Ok::<_, serde_json::Error>(Bytes::from(line))
    });
    Body::from_stream(lines).into_response()
}

#[derive(Deserialize)]
struct HowToImport {
    strict: bool,
    recorded: HowRecorded,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum HowRecorded {
    Keep,
    Now,
}

async fn import(State(held): State<Held>, Query(how): Query<HowToImport>, body: Body) -> Response {
    telling(move |voice| async move {
        let Some(desk) = held.desk else {
            return Err(Failure::cannot_open("this service takes no commands: it runs another role. Import at a gateway, or with --nats"));
        };
        let mode = match how.recorded {
            HowRecorded::Keep => RecordedMode::Keep,
            HowRecorded::Now => RecordedMode::Now,
        };
        let lines = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
        let mut input = block_in_place(|| Input::set_aside(&mut SyncIoBridge::new(Box::pin(lines))))?;
        let mut report = |fault: import::Fault| voice.say(Said::Fault(fault.to_json()));
        let malformed = block_in_place(|| import::check_form(&mut input, &mut report, &mut |_| {}))?;
        if malformed > 0 {
            voice.say(Said::Out(import::Summary::default().to_json()));
            return Err(Failure::said(2));
        }
        // All or nothing: between judging and recording nobody else may record here.
        let desk = if how.strict { desk.alone().await.map_err(AppError::from)? } else { desk };
        if how.strict {
            input.rewind()?;
            let mut ledger = Ledger::open(Arc::clone(&held.log), held.keys, None, now, false).await?;
            let summary = import::judge(&mut ledger, mode, &mut input, &mut report, &mut |_| {}).await?;
            if summary.refused > 0 {
                voice.say(Said::Out(import::Summary { imported: 0, ..summary }.to_json()));
                return Err(Failure::said(1));
            }
        }
        input.rewind()?;
        let summary = import::record(&desk, mode, &mut input, &mut report, &mut |_| {}).await?;
        voice.say(Said::Out(summary.to_json()));
        crate::commands::import::outcome(summary, how.strict)
    })
}

async fn accounts(State(held): State<Held>, body: Bytes) -> Response {
    telling(move |voice| async move {
        let Some(accounts) = held.accounts else {
            return Err(Failure::cannot_open("this service runs without sign-in: it has no accounts"));
        };
        let ask = serde_json::from_slice(&body)
            .map_err(|_| Failure::wrong_use("this service is of another version: use the program that it was started from"))?;
        voice.say(Said::Out(people::answer(&accounts, ask).await?));
        Ok(())
    })
}

async fn rebuild(State(held): State<Held>) -> Response {
    telling(move |voice| async move {
        let Ok(_alone) = held.rebuilding.try_lock() else {
            return Err(Failure::refused("everything is being built anew already: wait for that"));
        };
        let began = Instant::now();
        let events = held.log.head().await?.position.0;
        let of = events * (held.views.0.len() + usize::from(held.desk.is_some())) as u64;
        let say = |done| voice.say(Said::Progress { done, of });
        held.views.rebuild(&mut |done| say(done)).await?;
        if let Some(desk) = &held.desk {
            let (voice, mut done) = (voice.clone(), events * held.views.0.len() as u64);
            let told = move |read| {
                done += read;
                voice.say(Said::Progress { done, of: of.max(done) });
            };
            index::renew(&held.log, &held.keys, desk, &held.folder, told).await?;
        }
        voice.say(Said::Out(report(events, began)));
        Ok(())
    })
}
