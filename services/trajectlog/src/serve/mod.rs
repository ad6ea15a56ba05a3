//! `trajectlog serve`: gateway, projectors and the folder's socket, in one process or each alone.
//!
//! ```text
//!                  ┌── gateway ── desk ──► the log ──┬──► sustainable-work ──► statuses (view, key-value bucket)
//!   HTTP, NATS ──► │      ▲                          └──► werkmonitor ───────► figures (view, live, subject)
//!                  └──────┴── asks: in this process, or over NATS ◄───────────────┘
//! ```

mod health;
pub(crate) mod index;
mod listen;
mod local;
mod nats;
pub(crate) mod people;
mod provider;
mod register;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use app::{
    Desk, DeskOptions, Ledger,
    projector::{Projection, Projector},
};
use domain::SustainableWork as Thresholds;
use event_log::EventLog;
use gateway::{
    Gateway, Limits, Parts,
    entrance::ShownAccount,
    ports::{LiveFigures, Projectors, Statuses},
};
use keys::KeyStore;
use metrics_exporter_prometheus::PrometheusHandle;
use sd_notify::NotifyState;
use sustainable_work::{Publisher, SustainableWork};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;
use werkmonitor::Werkmonitor;

pub use local::Views;
use people::People;

use crate::{
    cli::{Auth, Role, Serve},
    failure::Failure,
    folder::{now, private_folder},
    log::Log,
    place::Place,
    settings::Settings,
    socket::{self, Held},
    telemetry,
};

/// Where it listens when nothing is said.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// How long a command may wait for a log that is gone.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often numbers that nobody counts are looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How long answers under way may take when the process ends.
const END_WITHIN: Duration = Duration::from_secs(12);

/// What `/metrics` shows. One for the process: there is one recorder.
static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// What was asked for, from flags, environment and file.
struct Wanted {
    roles: Vec<Role>,
    listen: SocketAddr,
    auth: Auth,
    tls: Option<listen::Tls>,
    oidc: Option<provider::Oidc>,
    limits: Limits,
}

impl Wanted {
    fn of(place: &Place, args: &Serve, settings: &Settings) -> Result<Self, Failure> {
        let mut roles = settings.words(&args.roles, "role")?;
        if !roles.is_empty() && !place.is_shared() {
            return Err(Failure::wrong_use("a role alone needs a log that is shared: name it with --nats, or leave --role out"));
        }
        if roles.is_empty() {
            roles = vec![Role::Gateway, Role::SustainableWork, Role::Werkmonitor];
        }
        roles.sort_unstable();
        roles.dedup();
        let listen: SocketAddr = settings.value(args.listen, "listen")?.unwrap_or(LISTEN);
        let auth = settings.word(args.auth, "auth")?.unwrap_or(if place.is_shared() { Auth::None } else { Auth::Local });
        match auth {
            Auth::None if !listen.ip().is_loopback() => {
                return Err(Failure::wrong_use(format!(
                    "with --auth none everyone has every role, so it listens on a loopback address only, and {listen} is none: listen on 127.0.0.1, and let who is outside come through something that knows them"
                )));
            }
            Auth::Local | Auth::Oidc | Auth::None => {}
        }
        let tls = match (settings.path(args.tls_cert.as_ref(), "tls-cert")?, settings.path(args.tls_key.as_ref(), "tls-key")?) {
            (Some(certificate), Some(key)) => Some(listen::Tls { certificate, key }),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err(Failure::wrong_use("--tls-cert and --tls-key belong together: give both, or neither"));
            }
        };
        let oidc = provider::Oidc::of(&args.oidc, settings)?;
        if oidc.is_none() && auth == Auth::Oidc {
            return Err(Failure::wrong_use(
                "with --auth oidc one signs in by a provider alone: name it with --oidc-issuer and --oidc-client-id",
            ));
        }
        if oidc.is_some() && auth == Auth::None {
            return Err(Failure::wrong_use(
                "with --auth none nobody signs in, by a provider neither: leave --oidc-issuer out, or say --auth local",
            ));
        }
        let mut limits = Limits::default();
        if let Some(rate) = settings.value::<u32>(args.rate, "rate")? {
            let rate = rate.try_into().map_err(|_| Failure::wrong_use("the setting 'rate' must be at least 1"))?;
            limits.caller_rate = rate;
            limits.caller_burst = limits.caller_burst.max(rate.saturating_mul(std::num::NonZeroU32::MIN.saturating_add(1)));
        }
        Ok(Self { roles, listen, auth, tls, oidc, limits })
    }

    fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// Whether it could serve now: what is asked for makes sense, and the port is free. For who has much to do before it serves. Who is who then,
/// and where it would listen.
pub async fn could(place: &Place, args: &Serve, settings: &Settings) -> Result<(Auth, SocketAddr), Failure> {
    let wanted = Wanted::of(place, args, settings)?;
    listen::bind(wanted.listen).await?;
    Ok((wanted.auth, wanted.listen))
}

/// Serves until it is told to end.
pub async fn run(place: &Place, args: &Serve, settings: &Settings) -> Result<(), Failure> {
    run_and_tell(place, args, settings, &[], |_| {}).await
}

/// The same; the page for signing in shows these accounts, and `tell` is told the address when it answers.
pub async fn run_and_tell(
    place: &Place,
    args: &Serve,
    settings: &Settings,
    shown: &[ShownAccount],
    tell: impl FnOnce(&str) + Send,
) -> Result<(), Failure> {
    let wanted = Wanted::of(place, args, settings)?;
    // First the port and the folder: what does not begin must not half begin.
    let (listener, address) = listen::bind(wanted.listen).await?;
    let metrics = telemetry::count()?;
    METRICS.get_or_init(|| metrics);
    let ends = End::on_signals()?;
    // Waiting for a server, and building an index for minutes, ends when the process is to.
    let Some(opened) = unless(&ends.token, place.for_serving().for_writing()).await else { return Ok(()) };
    let (log, keys) = opened?;
    let people = People::of(place, &wanted, shown, address).await?;
    let projectors = Running::start(place, &log, &wanted).await?;
    let desk = if wanted.has(Role::Gateway) {
        match unless(&ends.token, desk(place, &log, &keys)).await {
            Some(desk) => Some(desk?),
            None => {
                projectors.stop().await;
                return Ok(());
            }
        }
    } else {
        None
    };

    let held = Held {
        log: Arc::clone(&log),
        keys: Arc::clone(&keys),
        desk: desk.clone(),
        accounts: people.accounts(),
        views: projectors.views.clone(),
        folder: place.folder().path().join("views"),
        rebuilding: Arc::default(),
    };
    socket::serve(place.folder().path(), held, ends.token.clone()).await?;
    let gateway = desk.clone().map(|desk| gateway(place.folder().path(), &log, &keys, desk, &projectors, &wanted, &people, address, &ends));
    let nats = nats::begin(&log, gateway.as_ref(), &projectors, &ends.watch).await?;
    let limits = wanted.limits.clone();
    let (router, shutdown) =
        (gateway.as_ref().map_or_else(|| health::router(projectors.views.clone()), Gateway::router), ends.watch.clone());
    let scheme = if wanted.tls.is_some() { "https" } else { "http" };
    let serving: JoinHandle<()> = match wanted.tls {
        None => tokio::spawn(async move { gateway::serve(listener, router, &limits, shutdown).await }),
        Some(tls) => {
            let listener = listen::TlsListener::over(listener, address, tls)?;
            tokio::spawn(async move { gateway::serve(listener, router, &limits, shutdown).await })
        }
    };
    let indexing =
        desk.clone().map(|desk| tokio::spawn(index::keep(Arc::clone(&log), Arc::clone(&keys), desk, place.folder().path().join("views"))));
    let sweeping = people.accounts().map(|accounts| tokio::spawn(people::sweep(accounts)));
    let watching = tokio::spawn(look_after(Arc::clone(&log), projectors.views.clone(), ends.token.clone()));
    let address = format!("{scheme}://{address}");
    tracing::info!("listening on {address}");
    say_address(&address);
    let readying = tokio::spawn(say_ready(projectors.views.clone()));
    tell(&address);
    let failed = tokio::select! {
        () = ends.token.cancelled() => None,
        failed = broken(Arc::clone(&log), desk.clone()) => Some(failed),
    };
    ends.token.cancel();
    notify(&[NotifyState::Stopping]);
    tracing::info!("ending: answers under way are finished, views are closed");
    if tokio::time::timeout(END_WITHIN, serving).await.is_err() {
        tracing::warn!("some answers were not finished");
    }
    drop(nats);
    if let Some(indexing) = indexing {
        indexing.abort();
    }
    if let Some(sweeping) = sweeping {
        sweeping.abort();
    }
    watching.abort();
    readying.abort();
    if let Some(desk) = desk {
        match desk.close().await.map(|views| views.map(views::Views::close)) {
            Ok(Some(Err(e))) => tracing::warn!("the index will be built anew: {e}"),
            Err(e) => tracing::warn!("the index will be built anew: {e}"),
            Ok(None | Some(Ok(()))) => {}
        }
    }
    projectors.stop().await;
    failed.map_or(Ok(()), Err)
}

/// The embedded log stops when a sync has failed: only a new start, which reads back what is on disk, may go on.
async fn broken(log: Arc<Log>, desk: Option<Desk>) -> Failure {
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        if desk.as_ref().is_some_and(Desk::is_closed) {
            return Failure::cannot_open(
                "the desk has ended by itself; please report this. Start the service again: nothing that was acknowledged is lost",
            );
        }
        match &*log {
            Log::Embedded(log) => {
                if let Some(cause) = log.stopped() {
                    let advice = "Start the service again: it reads back what is on disk";
                    return Failure::cannot_open(format!("the log has stopped: {cause}. {advice}"));
                }
            }
            Log::JetStream(log) if !log.is_writing() => {
                let sentence = "what sends events to NATS has ended by itself; please report this. Start the service again: nothing that was acknowledged is lost";
                return Failure::cannot_open(sentence);
            }
            Log::JetStream(_) => {}
        }
    }
}

/// What comes of something, unless the process is to end before that.
async fn unless<T>(ends: &CancellationToken, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        () = ends.cancelled() => None,
        done = work => Some(done),
    }
}

async fn desk(place: &Place, log: &Arc<Log>, keys: &Arc<KeyStore>) -> Result<Desk, Failure> {
    let views = place.folder().views(true);
    let ledger = Ledger::open(Arc::clone(log), Arc::clone(keys), views, now, true).await?;
    Ok(Desk::open(ledger, Arc::clone(log), DeskOptions { patience: PATIENCE, follow: true })?)
}

#[allow(clippy::too_many_arguments, reason = "each is one part, and there is one caller")]
fn gateway(
    data: &Path,
    log: &Arc<Log>,
    keys: &Arc<KeyStore>,
    desk: Desk,
    projectors: &Running,
    wanted: &Wanted,
    people: &People,
    address: SocketAddr,
    ends: &End,
) -> Gateway {
    // A log in a folder has one process with every role: nobody else is asked.
    let asking = nats::asking(log);
    let elsewhere = || asking.clone().unwrap_or_else(|| unreachable!("a role alone has a log on NATS"));
    let statuses: Arc<dyn Statuses> = match &projectors.sustainable_work {
        Some(projector) => Arc::new(local::LocalStatuses(Arc::clone(projector))),
        None => elsewhere(),
    };
    let figures: Arc<dyn LiveFigures> = match &projectors.werkmonitor {
        Some(projector) => {
            let home = register::Home { data: data.to_owned(), log: Arc::clone(log), shared: asking.is_some() };
            Arc::new(local::LocalFigures::new(Arc::clone(projector), Some(home)))
        }
        None => elsewhere(),
    };
    let all_here = projectors.sustainable_work.is_some() && projectors.werkmonitor.is_some();
    let all: Arc<dyn Projectors> = if all_here { Arc::new(projectors.views.clone()) } else { elsewhere() };
    Gateway::new(Parts {
        log: Arc::clone(log),
        keys: Arc::clone(keys),
        desk,
        clock: now,
        statuses,
        figures,
        projectors: all,
        views: &[SustainableWork::NAME, Werkmonitor::NAME],
        access: people.access(),
        sign_in: people.sign_in(),
        hosts: people.hosts(address.port()),
        limits: wanted.limits.clone(),
        over_tls: wanted.tls.is_some(),
        metrics: metrics_now,
        shutdown: ends.watch.clone(),
    })
}

/// What `/metrics` shows now.
fn metrics_now() -> String {
    METRICS.get().map_or_else(String::new, PrometheusHandle::render)
}

/// The projectors of this process.
pub struct Running {
    sustainable_work: Option<Arc<Projector<SustainableWork>>>,
    werkmonitor: Option<Arc<Projector<Werkmonitor>>>,
    views: Views,
    publisher: Option<Publisher>,
}

impl Running {
    async fn start(place: &Place, log: &Arc<Log>, wanted: &Wanted) -> Result<Self, Failure> {
        let folder = place.folder().path().join("views");
        private_folder(&folder)?;
        let settings = app::projector::Settings::default();
        let mut running = Self { sustainable_work: None, werkmonitor: None, views: Views::default(), publisher: None };
        if wanted.has(Role::SustainableWork) {
            let make = |folder: &std::path::Path| SustainableWork::open(folder, Thresholds::default(), now);
            let projector = Arc::new(Projector::start(Arc::clone(log), &folder, now, settings, make).await?);
            running.publisher = nats::bucket(log, place.replicas())
                .await?
                .map(|bucket| Publisher::start(Arc::clone(&projector), Arc::new(bucket), Arc::clone(log)));
            running.views.0.push(projector.clone());
            running.sustainable_work = Some(projector);
        }
        if wanted.has(Role::Werkmonitor) {
            let make = |_: &std::path::Path| Ok(Werkmonitor::new(now));
            let projector = Arc::new(Projector::start(Arc::clone(log), &folder, now, settings, make).await?);
            running.views.0.push(projector.clone());
            running.werkmonitor = Some(projector);
        }
        Ok(running)
    }

    async fn stop(self) {
        drop(self.publisher);
        self.views.stop().await;
    }
}

/// How the service learns that it is to end.
struct End {
    token: CancellationToken,
    /// The same for the gateway.
    watch: watch::Receiver<bool>,
}

impl End {
    fn on_signals() -> Result<Self, Failure> {
        let cannot = |e: std::io::Error| Failure::cannot_open(format!("signals cannot be waited for: {e}"));
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt()).map_err(cannot)?, signal(SignalKind::terminate()).map_err(cannot)?);
        let (token, (told, watch)) = (CancellationToken::new(), watch::channel(false));
        let ended = token.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                () = ended.cancelled() => {}
            }
            ended.cancel();
            told.send_replace(true);
        });
        Ok(Self { token, watch })
    }
}

/// Looks at what nobody counts, and tells systemd that the process lives.
async fn look_after(log: Arc<Log>, views: Views, stop: CancellationToken) {
    let alive = sd_notify::watchdog_enabled().map(|within| within / 2);
    let mut told = tokio::time::Instant::now();
    while !stop.is_cancelled() {
        let head = log.head().await;
        metrics::gauge!("trajectlog_log_available").set(if head.is_ok() { 1.0 } else { 0.0 });
        if let Ok(head) = head {
            metrics::gauge!("trajectlog_log_head_position").set(head.position.0 as f64);
        }
        for view in &views.0 {
            let state = view.state();
            let stopped = state.doing == gateway::ports::Doing::Stopped;
            metrics::gauge!("trajectlog_projector_position", "view" => view.name()).set(state.position as f64);
            metrics::gauge!("trajectlog_projector_lag_events", "view" => view.name()).set(state.lag as f64);
            metrics::gauge!("trajectlog_projector_lag_seconds", "view" => view.name()).set(view.lag_seconds(now().micros()) as f64);
            metrics::gauge!("trajectlog_projector_stopped", "view" => view.name()).set(if stopped { 1.0 } else { 0.0 });
            metrics::gauge!("trajectlog_rebuild_progress_ratio", "view" => view.name()).set(rebuilt_part(&state));
        }
        if alive.is_some_and(|every| told.elapsed() >= every) {
            notify(&[NotifyState::Watchdog]);
            told = tokio::time::Instant::now();
        }
        tokio::time::sleep(alive.map_or(LOOK_AGAIN, |every| every.min(LOOK_AGAIN))).await;
    }
}

/// How much of a rebuild is done: 1 when none is under way.
#[allow(clippy::float_arithmetic, reason = "a ratio for a chart")]
fn rebuilt_part(state: &gateway::ports::ProjectorState) -> f64 {
    state.rebuilt.map_or(1.0, |rebuilt| rebuilt as f64 / (state.position + state.lag).max(1) as f64)
}

/// Tells systemd, where there is one.
fn notify(state: &[NotifyState<'_>]) {
    if let Err(e) = sd_notify::notify(state) {
        tracing::debug!("systemd was not told: {e}");
    }
}

fn say_address(address: &str) {
    use std::io::Write;
    // Nothing can be done when standard error is closed.
    let _ = writeln!(std::io::stderr(), "trajectlog: listening on {address}");
}

/// Tells systemd that the service is ready when its views have caught up; until then, that it needs more time.
async fn say_ready(views: Views) {
    const EVERY: Duration = Duration::from_secs(5);
    const MORE: u32 = 30_000_000;
    const SHORTLY: Duration = Duration::from_millis(50);
    let mut asked = None::<tokio::time::Instant>;
    while views.0.iter().any(|view| view.state().lag > 0) {
        if asked.is_none_or(|asked| asked.elapsed() >= EVERY) {
            notify(&[NotifyState::ExtendTimeoutUsec(MORE)]);
            asked = Some(tokio::time::Instant::now());
        }
        tokio::time::sleep(SHORTLY).await;
    }
    notify(&[NotifyState::Ready]);
}
