//! A gateway that listens, and a client.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use app::{Desk, DeskOptions, Keep, Ledger, Reach, figures::Ask};
use axum::http::{HeaderMap, Method, Request};
use bytes::Bytes;
use domain::{Quarter, Status, SustainableWork};
use event_log::{EventLog, MemoryLog, Position, RecordReader, Until};
use figures::{CellKey, Counts, Definitions, Figures, Measure, Scope, disclosure::Column, vintage::Cause};
use gateway::{
    Gateway, Limits, Parts,
    access::{Access, Hosts, NoAuth},
    entrance::SignIn,
    ports::{
        CaseloadAsk, CaseloadPage, CausedPart, Declaration, Declarations, DeclareAsk, Difference, Differences, DifferencesAsk, Doing,
        FiguresAnswer, FiguresAsk, Form, Later, LiveFigures, PortError, ProjectorState, Projectors, PublishedAsk, PublishedReportAsk,
        SeriesAnswer, SeriesAsk, Statuses, Vintage, Vintages,
    },
};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use keys::{KeyStore, MasterKey, Mode};
use proto_events::Timestamp;
use report::{Facts, Numbers};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use uuid::Uuid;

pub fn now() -> Timestamp {
    "2026-07-01T00:00:00Z".parse().unwrap()
}

/// The declarations that a register keeps, by quarter; `None` where there is none.
type Kept = Arc<Mutex<Option<Vec<(Quarter, Declaration)>>>>;

/// What a register says was published, by quarter; `None` where there is none.
type Issued = Arc<Mutex<Option<HashMap<Quarter, Vintages>>>>;

/// Views that read the whole log each time.
pub struct Views<L> {
    log: Arc<L>,
    changes: watch::Receiver<u64>,
    pub stopped: Arc<Mutex<BTreeSet<String>>>,
    /// Those that wait for the log.
    pub waiting: Arc<Mutex<BTreeSet<String>>>,
    /// Those that do not answer.
    pub silent: Arc<Mutex<BTreeSet<String>>>,
    pub gone: Arc<Mutex<bool>>,
    /// What was declared complete.
    pub declared: Kept,
    /// What was published: each number is that of the log at the position of the vintage.
    pub published: Issued,
}

impl<L: EventLog> Views<L> {
    fn check(&self) -> Result<(), PortError> {
        if *self.gone.lock().unwrap() { Err(PortError::Unavailable("gone".to_owned())) } else { Ok(()) }
    }

    fn published_of(&self, quarter: Quarter) -> Result<Vintages, PortError> {
        let published = self.published.lock().unwrap();
        let all = published.as_ref().ok_or_else(|| PortError::Unavailable("no register".to_owned()))?;
        Ok(all.get(&quarter).cloned().unwrap_or_default())
    }

    fn vintage(&self, quarter: Quarter, number: u64) -> Result<Option<Vintage>, PortError> {
        Ok(self.published_of(quarter)?.all.into_iter().find(|vintage| vintage.number == number))
    }

    async fn as_of(&self, vintage: &Vintage, quarter: Quarter, scope: &Scope) -> (Figures, figures::AsOf) {
        let (scope, definitions) = (scope.clone(), Definitions::built_in().clone());
        let ask = Ask { quarter, scope, definitions, tables: false, as_of: app::AsOf::Position(Position(vintage.position)) };
        app::figures::answer(&*self.log, &ask, now, &mut |_| {}).await.unwrap()
    }

    async fn all(&self) -> Vec<(Uuid, Value)> {
        self.of(&Reach::All).await
    }

    /// Those of this reach.
    async fn of(&self, reach: &Reach) -> Vec<(Uuid, Value)> {
        let reach = reach.clone();
        let statuses = move |timelines: app::Timelines| {
            let within = |timeline: &domain::Timeline| {
                let coach = app::coach_of(timeline, app::amsterdam_day(now()));
                reach.has(timeline.organisation().as_str(), coach.as_ref().map(domain::Name::as_str))
            };
            let timelines = timelines.into_iter().filter(|(_, timeline)| within(timeline));
            let status = |(id, timeline): (domain::TrajectoryId, domain::Timeline)| {
                let status = Status::on(&timeline, app::amsterdam_day(now()), &SustainableWork::default());
                (id.0, app::status::to_json(id.0, &timeline, &status))
            };
            timelines.map(status).collect::<Vec<_>>()
        };
        let (_, parts) = app::fold(&*self.log, Until::Head, Keep::All, &mut |_| {}, statuses).await.unwrap();
        let mut all: Vec<_> = parts.into_iter().flatten().collect();
        all.sort_by_key(|(id, _)| *id);
        all
    }
}

impl<L: EventLog> Statuses for Views<L> {
    fn list<'a>(&'a self, ask: &'a CaseloadAsk) -> Later<'a, Result<CaseloadPage, PortError>> {
        Box::pin(async move {
            self.check()?;
            match ask.coach.as_deref() {
                Some("breaks") => panic!("as it was told"),
                Some("hangs") => std::future::pending().await,
                _ => {}
            }
            let after =
                ask.cursor.as_deref().map(|cursor| cursor.parse::<Uuid>().map_err(|_| PortError::Wrong("cursor: unknown".to_owned())));
            let after = after.transpose()?;
            let fits = |(id, status): &(Uuid, Value)| {
                let is = |name: &str, wanted: &Option<String>| wanted.as_ref().is_none_or(|wanted| status[name] == **wanted);
                after.is_none_or(|after| if ask.descending { *id < after } else { *id > after })
                    && is("organisation", &ask.organisation)
                    && is("step", &ask.step)
                    && is("method", &ask.method)
                    && is("sustainable_work", &ask.sustainable_work)
                    && ask.running.is_none_or(|running| status["running"] == running)
            };
            let mut all: Vec<_> = self.of(&ask.reach).await.into_iter().filter(fits).collect();
            if ask.descending {
                all.reverse();
            }
            let next = (all.len() > ask.limit).then(|| all[ask.limit - 1].0.to_string());
            all.truncate(ask.limit);
            Ok(CaseloadPage { items: all.into_iter().map(|(_, status)| status).collect(), next, position: ask.at_least })
        })
    }

    fn status(&self, trajectory: Uuid, _: u64) -> Later<'_, Result<Option<Value>, PortError>> {
        Box::pin(async move { Ok(self.all().await.into_iter().find(|(id, _)| *id == trajectory).map(|(_, status)| status)) })
    }
}

impl<L: EventLog> LiveFigures for Views<L> {
    fn published<'a>(&'a self, _: &'a PublishedAsk) -> Later<'a, Result<Option<Bytes>, PortError>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    fn vintages(&self, quarter: Quarter) -> Later<'_, Result<Vintages, PortError>> {
        Box::pin(std::future::ready(self.published_of(quarter)))
    }

    fn differences<'a>(&'a self, ask: &'a DifferencesAsk) -> Later<'a, Result<Option<Differences>, PortError>> {
        Box::pin(async move {
            let two = self.vintage(ask.quarter, ask.then)?.zip(self.vintage(ask.quarter, ask.now)?);
            let Some((then, now)) = two else { return Ok(None) };
            let (before, _) = self.as_of(&then, ask.quarter, &ask.scope).await;
            let (after, _) = self.as_of(&now, ask.quarter, &ask.scope).await;
            Ok(Some(differences(&before, &after)))
        })
    }

    fn published_report<'a>(&'a self, ask: &'a PublishedReportAsk) -> Later<'a, Result<Option<Facts>, PortError>> {
        Box::pin(async move {
            let Some(vintage) = self.vintage(ask.quarter, ask.number)? else { return Ok(None) };
            let (mut numbers, mut state) = (BTreeMap::new(), None);
            for quarter in report::line(ask.quarter) {
                let (figures, as_of) = self.as_of(&vintage, quarter, &ask.scope).await;
                numbers.insert(quarter, Numbers::of(quarter, &figures, Definitions::built_in()));
                state = Some(as_of);
            }
            let definitions = Definitions::built_in().clone();
            let of = |quarter: Quarter| numbers[&quarter].clone();
            Ok(Some(Facts { published: true, ..Facts::of_state(ask.quarter, ask.scope.clone(), definitions, &state.unwrap(), of) }))
        })
    }

    fn declarations(&self, quarter: Quarter) -> Later<'_, Result<Declarations, PortError>> {
        let declared = self.declared.lock().unwrap().clone().ok_or_else(|| PortError::Unavailable("no register".to_owned()));
        let of = |all: Vec<(Quarter, Declaration)>| all.into_iter().filter(|(of, _)| *of == quarter).map(|(_, one)| one).collect();
        Box::pin(std::future::ready(declared.map(|all| Declarations { all: of(all), shared: false })))
    }

    fn declare<'a>(&'a self, ask: &'a DeclareAsk) -> Later<'a, Result<Vec<domain::Method>, PortError>> {
        let mut kept = self.declared.lock().unwrap();
        let Some(all) = kept.as_mut() else {
            return Box::pin(std::future::ready(Err(PortError::Unavailable("no register".to_owned()))));
        };
        let mut new = Vec::new();
        for (method, latest) in &ask.methods {
            let is_same = |(quarter, one): &(Quarter, Declaration)| {
                (*quarter, &one.organisation, one.method) == (ask.quarter, &ask.organisation, *method)
            };
            let holds = all
                .iter()
                .rev()
                .find(|one| is_same(one))
                .is_some_and(|(_, one)| latest.is_none_or(|latest| one.seen.is_some_and(|seen| latest.position <= seen)));
            if !holds {
                let by = ask.by.clone();
                all.push((
                    ask.quarter,
                    Declaration { organisation: ask.organisation.clone(), method: *method, by, at: ask.at, seen: Some(ask.position) },
                ));
                new.push(*method);
            }
        }
        Box::pin(std::future::ready(Ok(new)))
    }

    fn series<'a>(&'a self, ask: &'a SeriesAsk) -> Later<'a, Result<SeriesAnswer, PortError>> {
        Box::pin(async move {
            self.check()?;
            let (mut figures, mut state) = (Vec::new(), None);
            for quarter in ask.quarters() {
                let (scope, definitions) = (ask.scope.clone(), Definitions::built_in().clone());
                let question = Ask { quarter, scope, definitions, tables: false, as_of: app::AsOf::Now };
                let (counted, as_of) = app::figures::answer(&*self.log, &question, now, &mut |_| {}).await.unwrap();
                figures.push(counted);
                state = state.or(Some(as_of));
            }
            Ok(SeriesAnswer { as_of: state.unwrap(), figures })
        })
    }

    fn figures<'a>(&'a self, ask: &'a FiguresAsk) -> Later<'a, Result<FiguresAnswer, PortError>> {
        Box::pin(async move {
            self.check()?;
            let question = Ask {
                quarter: ask.quarter,
                scope: ask.scope.clone(),
                definitions: Definitions::built_in().clone(),
                tables: ask.tables,
                as_of: app::AsOf::Now,
            };
            let (figures, as_of) = app::figures::answer(&*self.log, &question, now, &mut |_| {}).await.unwrap();
            let body = match ask.form {
                Form::Json => figures.to_json(&question.question(), &as_of).to_string(),
                Form::Csv => figures.to_csv(&question.question(), &as_of),
            };
            Ok(FiguresAnswer { position: as_of.position, body: body.into() })
        })
    }

    fn changes(&self, _: Quarter) -> Later<'_, Result<watch::Receiver<u64>, PortError>> {
        Box::pin(async { Ok(self.changes.clone()) })
    }
}

/// All of it was recorded late.
fn differences(before: &Figures, after: &Figures) -> Differences {
    let [then, now] = [before, after].map(|figures| figures.cells.iter().cloned().collect::<BTreeMap<CellKey, Counts>>());
    let count = |of: &BTreeMap<CellKey, Counts>, key: &CellKey, measure| of.get(key).map_or(0, |counts| counts.get(measure));
    let keys: BTreeSet<&CellKey> = then.keys().chain(now.keys()).collect();
    let mut cells = Vec::new();
    for (key, measure) in keys.into_iter().flat_map(|key| Measure::ALL.iter().map(move |measure| (key, *measure))) {
        let (was, is) = (count(&then, key, measure), count(&now, key, measure));
        let difference = i64::try_from(is).unwrap() - i64::try_from(was).unwrap();
        let trajectories = usize::try_from(difference.unsigned_abs()).unwrap();
        let part = CausedPart { cause: Cause::LateRegistration, difference, trajectories };
        let causes = if measure == Measure::Organisations { Vec::new() } else { vec![part] };
        if was != is {
            cells.push(Difference { key: key.clone(), column: Column::Measure(measure), then: was, now: is, causes });
        }
    }
    let counted = [&then, &now].iter().any(|of| count(of, &CellKey::All, Measure::Running) > 0);
    Differences { counted, cells }
}

impl<L: EventLog> Projectors for Views<L> {
    fn states(&self) -> Later<'_, Result<Vec<ProjectorState>, PortError>> {
        Box::pin(async move {
            self.check()?;
            let doing = |name: &str| if self.stopped.lock().unwrap().contains(name) { Doing::Stopped } else { Doing::Following };
            let cause = |name: &str| self.waiting.lock().unwrap().contains(name).then(|| "the log is away".to_owned());
            let state = |name: &str| ProjectorState {
                name: name.to_owned(),
                doing: doing(name),
                position: 1,
                lag: 0,
                cause: cause(name),
                rebuilt: None,
            };
            let answers = |state: &ProjectorState| !self.silent.lock().unwrap().contains(&state.name);
            Ok([state("werkmonitor"), state("sustainable-work")].into_iter().filter(answers).collect())
        })
    }

    fn rebuild<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>> {
        Box::pin(async move { known(name) })
    }

    fn cancel<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>> {
        Box::pin(async move { known(name).and(Err(PortError::Conflict("it is not being rebuilt".to_owned()))) })
    }

    fn retry<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>> {
        Box::pin(async move { known(name) })
    }
}

fn known(name: &str) -> Result<(), PortError> {
    if ["werkmonitor", "sustainable-work"].contains(&name) { Ok(()) } else { Err(PortError::NotFound) }
}

pub struct World<L: EventLog = MemoryLog> {
    pub log: Arc<L>,
    pub keys: Arc<KeyStore>,
    pub gateway: Gateway,
    pub address: SocketAddr,
    pub views: Arc<Views<L>>,
    pub shutdown: watch::Sender<bool>,
    /// Gone with the world.
    _folder: TempDir,
}

pub fn new_keys(folder: &Path) -> KeyStore {
    let folder = folder.join("keys");
    std::fs::create_dir_all(&folder).unwrap();
    KeyStore::open(&folder, MasterKey::load_or_create(&folder.join("master.key")).unwrap(), Mode::Write).unwrap()
}

impl World {
    pub async fn new() -> Self {
        Self::with(Limits::default()).await
    }

    pub async fn with(limits: Limits) -> Self {
        Self::over(MemoryLog::new(), limits).await
    }

    /// Figures come from what is made of the views.
    pub async fn with_figures(make: impl AsyncFnOnce(Arc<Views<MemoryLog>>, watch::Receiver<bool>) -> Arc<dyn LiveFigures>) -> Self {
        Self::made(MemoryLog::new(), Limits::default(), Door::open(false), make).await
    }

    /// Whoever asks comes through this door.
    pub async fn behind(door: Door, limits: Limits) -> Self {
        Self::made(MemoryLog::new(), limits, door, async |views, _| views as Arc<dyn LiveFigures>).await
    }
}

/// Who is let in.
pub struct Door {
    pub access: Arc<dyn Access>,
    pub sign_in: Option<SignIn>,
    /// Under any name, or as this machine only.
    pub any_host: bool,
    /// What the gateway is told; its connections are plain ones.
    pub over_tls: bool,
    /// How long the desk waits for its log before it says that it is away.
    pub patience: Duration,
}

impl Door {
    /// Everybody, as this machine.
    fn open(over_tls: bool) -> Self {
        Self { access: Arc::new(NoAuth), sign_in: None, any_host: false, over_tls, patience: Duration::from_millis(300) }
    }
}

impl<L: EventLog> World<L> {
    pub async fn over(log: L, limits: Limits) -> Self {
        Self::of(log, limits, false).await
    }

    /// `over_tls` is what the gateway is told; its connections are plain ones.
    pub async fn of(log: L, limits: Limits, over_tls: bool) -> Self {
        Self::made(log, limits, Door::open(over_tls), async |views, _| views as Arc<dyn LiveFigures>).await
    }

    async fn made(
        log: L,
        limits: Limits,
        door: Door,
        figures: impl AsyncFnOnce(Arc<Views<L>>, watch::Receiver<bool>) -> Arc<dyn LiveFigures>,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let (log, keys) = (Arc::new(log), Arc::new(new_keys(folder.path())));
        let ledger = Ledger::open(log.clone(), keys.clone(), None, now, false).await.unwrap();
        let desk = Desk::open(ledger, log.clone(), DeskOptions { patience: door.patience, follow: true }).unwrap();
        let (told, changes) = watch::channel(0);
        let followed = log.clone();
        tokio::spawn(async move {
            let mut follower = followed.follow(Position::START).await.unwrap();
            while let Ok(Some(batch)) = follower.next().await {
                if let Some(last) = batch.records.last() {
                    told.send_replace(last.header.last_position().0);
                }
            }
        });
        let views = Arc::new(Views {
            log: log.clone(),
            changes,
            stopped: Arc::default(),
            waiting: Arc::default(),
            silent: Arc::default(),
            gone: Arc::default(),
            declared: Arc::new(Mutex::new(Some(Vec::new()))),
            published: Arc::new(Mutex::new(Some(HashMap::new()))),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (shutdown, ends) = watch::channel(false);
        let figures = figures(views.clone(), ends.clone()).await;
        let gateway = Gateway::new(Parts {
            log: log.clone(),
            keys: keys.clone(),
            desk,
            clock: now,
            statuses: views.clone(),
            figures,
            projectors: views.clone(),
            views: &["sustainable-work", "werkmonitor"],
            access: door.access,
            sign_in: door.sign_in,
            hosts: if door.any_host { Hosts::Any } else { Hosts::Loopback { port: address.port() } },
            limits: limits.clone(),
            over_tls: door.over_tls,
            metrics: || "trajectlog_up 1\n".to_owned(),
            shutdown: ends.clone(),
        });
        let router = gateway.router();
        tokio::spawn(async move { gateway::serve(listener, router, &limits, ends).await });
        Self { log, keys, gateway, address, views, shutdown, _folder: folder }
    }

    pub async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        send(self.address, request).await
    }

    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        Request::builder().method(method).uri(path).header("host", format!("127.0.0.1:{}", self.address.port()))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Full::default()).unwrap()).await
    }

    pub async fn post(&self, path: &str, body: impl Into<Bytes>) -> Answer {
        let request = self.request(Method::POST, path).header("content-type", "application/json");
        self.send(request.body(Full::new(body.into())).unwrap()).await
    }

    pub async fn record(&self, event: &Value) -> Answer {
        let trajectory = event["trajectory_id"].as_str().unwrap();
        self.post(&format!("/api/v1/trajectories/{trajectory}/events"), event.to_string()).await
    }
}

pub async fn send(address: SocketAddr, request: Request<Full<Bytes>>) -> Answer {
    let asked = (request.method().clone(), request.uri().path().to_owned());
    let answer = exchange(address, request).await;
    crate::openapi::is_documented(&asked.0, &asked.1, &answer);
    answer
}

/// As [`send`], of questions that no client asks: whether each answer is described is not looked at.
pub async fn exchange(address: SocketAddr, request: Request<Full<Bytes>>) -> Answer {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    connection.abort();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// It is a problem of this status and code, in the one shape.
    pub fn is_problem(&self, status: u16, code: &str) -> Value {
        let problem = self.json();
        assert_eq!((self.status, problem["code"].as_str()), (status, Some(code)), "{problem}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("urn:trajectlog:problem:{code}"));
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{problem}");
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        assert!(!self.header("x-request-id").is_empty() && !self.header("api-version").is_empty());
        problem
    }
}

pub fn id(kind: u32, n: u32) -> String {
    format!("{kind:08x}-0000-4000-8000-{n:012x}")
}

pub fn trajectory(n: u32) -> String {
    id(0x7000_0000, n)
}

pub fn line(of: u32, n: u32, kind: &str, on: &str, data: Value) -> Value {
    json!({"event_id": id(0xe000_0000 + n, of), "trajectory_id": trajectory(of), "organisation": "org-1", "type": kind, "occurred_on": on, "data": data})
}

pub fn intake(of: u32, on: &str) -> Value {
    let data = json!({"client_id": id(0xc000_0000, of), "method": "ips", "funding": "uwv", "region": "AM18", "label": "Mevrouw De Wit"});
    line(of, 1, "intake", on, data)
}

pub fn contact(of: u32, n: u32, on: &str, note: &str) -> Value {
    line(of, n, "contact", on, json!({"with": "client", "channel": "phone", "note": note}))
}
