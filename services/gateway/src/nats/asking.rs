//! Questions between the processes of one service: those who hold a view answer, and a gateway alone asks.
//!
//! A question is JSON. An answer is the view's, with [`POSITION`] where it has one; a failure has [`FAILURE`] and a sentence.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use async_nats::{Client, HeaderMap, Message, Subscriber};
use bytes::Bytes;
use domain::Quarter;
use figures::Scope;
use futures_util::StreamExt;
use proto_events::Id;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, interval, timeout},
};
use uuid::Uuid;

use super::{NatsError, is_inbox};
use crate::ports::{
    CaseloadAsk, CaseloadPage, FiguresAnswer, FiguresAsk, Form, Later, LiveFigures, PortError, ProjectorState, Projectors, Statuses,
};

const FIGURES: &str = "traject.query.figures";
const STATUS: &str = "traject.query.status";
const TRAJECTORIES: &str = "traject.query.trajectories";
const PROJECTORS: &str = "traject.query.projectors";
/// Before the quarter in the subject that tells of changes.
const CHANGED: &str = "traject.figures.";
/// Those who hold the same view answer in turns.
const QUEUE: &str = "views";
const POSITION: &str = "Traject-Position";
const FAILURE: &str = "Traject-Failure";

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long is waited for more projectors to say how they are.
const GATHERING: Duration = Duration::from_millis(300);
/// How often figures that are followed are asked for without a notice, because one may be lost: NATS keeps none, and a connection that breaks
/// loses what was on its way. A figure on a screen is that late at the worst.
const ASK_AGAIN: Duration = Duration::from_secs(5);
/// How often is looked whether the connection was made anew.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FiguresQuestion {
    quarter: String,
    scope: String,
    tables: bool,
    form: Form,
    at_least: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusQuestion {
    trajectory: Id,
    at_least: u64,
}

/// What a projector is told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verb {
    States,
    Rebuild,
    Cancel,
    Retry,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectorQuestion {
    verb: Verb,
    #[serde(default)]
    name: String,
}

type Answered = Result<(Option<u64>, Bytes), PortError>;

/// Answers questions for figures until `shutdown`.
///
/// # Errors
/// When the server does not let it subscribe.
pub async fn answer_figures(
    client: Client,
    figures: Arc<dyn LiveFigures>,
    shutdown: watch::Receiver<bool>,
) -> Result<JoinHandle<()>, NatsError> {
    let subscribed = subscribe(&client, FIGURES, true).await?;
    Ok(answering(client, subscribed, shutdown, move |payload| {
        let figures = Arc::clone(&figures);
        async move {
            let asked: FiguresQuestion = read(&payload)?;
            let wrong = |_| PortError::Wrong("the question has no quarter or scope that is one".to_owned());
            let ask = FiguresAsk {
                quarter: asked.quarter.parse().map_err(wrong)?,
                scope: asked.scope.parse::<Scope>().map_err(|e| PortError::Wrong(e.to_string()))?,
                tables: asked.tables,
                form: asked.form,
                at_least: asked.at_least,
            };
            let answer = figures.figures(&ask).await?;
            Ok((Some(answer.position), answer.body))
        }
    }))
}

/// Answers questions for statuses until `shutdown`.
///
/// # Errors
/// When the server does not let it subscribe.
pub async fn answer_statuses(
    client: Client,
    statuses: Arc<dyn Statuses>,
    shutdown: watch::Receiver<bool>,
) -> Result<[JoinHandle<()>; 2], NatsError> {
    let one = subscribe(&client, STATUS, true).await?;
    let many = subscribe(&client, TRAJECTORIES, true).await?;
    let of_one = Arc::clone(&statuses);
    let one = answering(client.clone(), one, shutdown.clone(), move |payload| {
        let statuses = Arc::clone(&of_one);
        async move {
            let asked: StatusQuestion = read(&payload)?;
            Ok((None, write(&statuses.status(asked.trajectory.0, asked.at_least).await?)?))
        }
    });
    let asked = client.clone();
    let many = answering(client, many, shutdown, move |payload| {
        let (statuses, most) = (Arc::clone(&statuses), most_of_a_message(&asked));
        async move { Ok((None, page_that_fits(&*statuses, read(&payload)?, most).await?)) }
    });
    Ok([one, many])
}

/// Says how the projectors of this process are, and hands on what they are told, until `shutdown`.
///
/// # Errors
/// When the server does not let it subscribe.
pub async fn answer_projectors(
    client: Client,
    projectors: Arc<dyn Projectors>,
    shutdown: watch::Receiver<bool>,
) -> Result<JoinHandle<()>, NatsError> {
    let subscribed = subscribe(&client, PROJECTORS, false).await?;
    Ok(answering(client, subscribed, shutdown, move |payload| {
        let projectors = Arc::clone(&projectors);
        async move {
            let asked: ProjectorQuestion = read(&payload)?;
            match asked.verb {
                Verb::States => return Ok((None, write(&projectors.states().await?)?)),
                Verb::Rebuild => projectors.rebuild(&asked.name).await?,
                Verb::Cancel => projectors.cancel(&asked.name).await?,
                Verb::Retry => projectors.retry(&asked.name).await?,
            }
            Ok((None, Bytes::new()))
        }
    }))
}

async fn subscribe(client: &Client, subject: &'static str, in_turns: bool) -> Result<Subscriber, NatsError> {
    let subscribed = if in_turns { client.queue_subscribe(subject, QUEUE.to_owned()).await } else { client.subscribe(subject).await };
    let subscribed = subscribed.map_err(NatsError::of("listening for questions"))?;
    client.flush().await.map_err(NatsError::of("reaching the server"))?;
    Ok(subscribed)
}

fn answering<F: Future<Output = Answered> + Send + 'static>(
    client: Client,
    mut questions: Subscriber,
    mut shutdown: watch::Receiver<bool>,
    answer: impl Fn(Bytes) -> F + Send + 'static,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let question = tokio::select! {
                question = questions.next() => question,
                _ = shutdown.wait_for(|ends| *ends) => None,
            };
            let Some(question) = question else { return };
            let Some(to) = question.reply else { continue };
            if !is_inbox(&to) {
                tracing::warn!("a question over NATS was not answered: its reply subject is no inbox");
                continue;
            }
            let (client, answered) = (client.clone(), answer(question.payload));
            tokio::spawn(async move {
                let mut headers = HeaderMap::new();
                let body = match answered.await {
                    Ok((_, body)) if body.len() > most_of_a_message(&client) => {
                        headers.insert(FAILURE, "unavailable");
                        Bytes::from("the answer is larger than a message may be")
                    }
                    Ok((position, body)) => {
                        headers.insert(POSITION, position.unwrap_or_default().to_string().as_str());
                        body
                    }
                    Err(failure) => {
                        let (kind, sentence) = take_apart(failure);
                        headers.insert(FAILURE, kind);
                        Bytes::from(sentence)
                    }
                };
                if let Err(e) = client.publish_with_headers(to, headers, body).await {
                    tracing::warn!("an answer could not be sent over NATS: {e}");
                }
            });
        }
    })
}

fn take_apart(failure: PortError) -> (&'static str, String) {
    match failure {
        PortError::Unavailable(cause) => ("unavailable", cause),
        PortError::NotFound => ("not_found", String::new()),
        PortError::Wrong(detail) => ("wrong", detail),
        PortError::Conflict(detail) => ("conflict", detail),
        PortError::Broken(cause) => ("broken", cause),
    }
}

fn put_together(kind: &str, sentence: String) -> PortError {
    match kind {
        "unavailable" => PortError::Unavailable(sentence),
        "not_found" => PortError::NotFound,
        "wrong" => PortError::Wrong(sentence),
        "conflict" => PortError::Conflict(sentence),
        _ => PortError::Broken(sentence),
    }
}

/// Bytes of a body that a message may have, beside its headers.
fn most_of_a_message(client: &Client) -> usize {
    client.server_info().max_payload.max(2_048) - 1_024
}

/// A page as a message: with fewer trajectories than were asked for when so many do not fit, and then with where the next page begins.
async fn page_that_fits(statuses: &dyn Statuses, mut ask: CaseloadAsk, most: usize) -> Result<Bytes, PortError> {
    loop {
        let page = write(&statuses.list(&ask).await?)?;
        if page.len() <= most || ask.limit <= 1 {
            return Ok(page);
        }
        ask.limit /= 2;
    }
}

fn read<T: DeserializeOwned>(payload: &[u8]) -> Result<T, PortError> {
    serde_json::from_slice(payload).map_err(|_| PortError::Wrong("the question cannot be read".to_owned()))
}

fn write(answer: &impl Serialize) -> Result<Bytes, PortError> {
    serde_json::to_vec(answer).map(Bytes::from).map_err(|e| PortError::Broken(e.to_string()))
}

/// Asks the processes that hold the views: the ports of a gateway alone.
#[derive(Clone, Debug)]
pub struct Asking {
    client: Client,
}

impl Asking {
    /// Over this connection.
    #[must_use]
    pub const fn new(client: Client) -> Self {
        Self { client }
    }

    async fn ask(&self, subject: &'static str, question: &impl Serialize) -> Result<(u64, Bytes), PortError> {
        let asked = self.client.request(subject, write(question)?);
        let message = timeout(PATIENCE, asked).await.map_err(|_| PortError::Unavailable("no answer in time".to_owned()))?;
        answer_of(&message.map_err(|e| PortError::Unavailable(e.to_string()))?)
    }

    async fn value<T: DeserializeOwned>(&self, subject: &'static str, question: &impl Serialize) -> Result<T, PortError> {
        let (_, body) = self.ask(subject, question).await?;
        serde_json::from_slice(&body).map_err(|_| PortError::Broken("the answer cannot be read".to_owned()))
    }

    /// What every process says within a while.
    async fn gather(&self, question: &ProjectorQuestion) -> Result<Vec<Result<Bytes, PortError>>, PortError> {
        let gone = |e: String| PortError::Unavailable(e);
        let inbox = self.client.new_inbox();
        let mut answers = self.client.subscribe(inbox.clone()).await.map_err(|e| gone(e.to_string()))?;
        let sent = self.client.publish_with_reply(PROJECTORS, inbox, write(question)?);
        sent.await.map_err(|e| gone(e.to_string()))?;
        let mut said = Vec::new();
        let until = Instant::now() + GATHERING;
        while let Ok(Some(message)) = tokio::time::timeout_at(until, answers.next()).await {
            if message.status.is_none() {
                said.push(answer_of(&message).map(|(_, body)| body));
            }
        }
        Ok(said)
    }

    /// What the one that has this projector says; the others do not know it.
    async fn tell(&self, verb: Verb, name: &str) -> Result<(), PortError> {
        let mut failure = PortError::NotFound;
        for said in self.gather(&ProjectorQuestion { verb, name: name.to_owned() }).await? {
            match said {
                Ok(_) => return Ok(()),
                Err(PortError::NotFound) => {}
                Err(other) => failure = other,
            }
        }
        Err(failure)
    }
}

fn answer_of(message: &Message) -> Result<(u64, Bytes), PortError> {
    let header = |name: &str| message.headers.as_ref().and_then(|headers| headers.get(name)).map(|value| value.as_str());
    if let Some(kind) = header(FAILURE) {
        return Err(put_together(kind, String::from_utf8_lossy(&message.payload).into_owned()));
    }
    let position = header(POSITION).and_then(|position| position.parse().ok()).unwrap_or_default();
    Ok((position, message.payload.clone()))
}

impl Statuses for Asking {
    fn list<'a>(&'a self, ask: &'a CaseloadAsk) -> Later<'a, Result<CaseloadPage, PortError>> {
        Box::pin(self.value(TRAJECTORIES, ask))
    }

    fn status(&self, trajectory: Uuid, at_least: u64) -> Later<'_, Result<Option<Value>, PortError>> {
        Box::pin(async move { self.value(STATUS, &StatusQuestion { trajectory: Id(trajectory), at_least }).await })
    }
}

impl LiveFigures for Asking {
    fn figures<'a>(&'a self, ask: &'a FiguresAsk) -> Later<'a, Result<FiguresAnswer, PortError>> {
        Box::pin(async move {
            let (quarter, scope) = (ask.quarter.to_string(), ask.scope.as_text());
            let question = FiguresQuestion { quarter, scope, tables: ask.tables, form: ask.form, at_least: ask.at_least };
            let (position, body) = self.ask(FIGURES, &question).await?;
            Ok(FiguresAnswer { position, body })
        })
    }

    fn changes(&self, quarter: Quarter) -> Later<'_, Result<watch::Receiver<u64>, PortError>> {
        Box::pin(async move {
            let subscribed = async {
                let changed = self.client.subscribe(format!("{CHANGED}{quarter}")).await.map_err(|e| e.to_string())?;
                // A question that is asked now comes to the server after it, over the same connection.
                self.client.flush().await.map_err(|e| e.to_string())?;
                Ok(changed)
            };
            let subscribed = timeout(PATIENCE, subscribed).await.unwrap_or_else(|_| Err("no connection in time".to_owned()));
            let changed = subscribed.map_err(PortError::Unavailable)?;
            let (told, changes) = watch::channel(0);
            tokio::spawn(tell_changes(self.client.clone(), changed, told));
            Ok(changes)
        })
    }
}

/// Tells of each notice; and, because a notice may be lost, every [`ASK_AGAIN`] and after each reconnect that there may have been one.
async fn tell_changes(client: Client, mut changed: Subscriber, told: watch::Sender<u64>) {
    let statistics = client.statistics();
    let connects = || statistics.connects.load(Ordering::Relaxed);
    let (mut seen, mut asked, mut look) = (connects(), Instant::now(), interval(LOOK_AGAIN));
    loop {
        tokio::select! {
            message = changed.next() => {
                let Some(message) = message else { return };
                // Views that answer in turns tell of the same change one after the other.
                told.send_modify(|told| *told = position_of(&message.payload).max(*told));
            }
            _ = look.tick() => {
                let now = connects();
                if now != seen || asked.elapsed() >= ASK_AGAIN {
                    (seen, asked) = (now, Instant::now());
                    told.send_modify(|_| ());
                }
            }
            () = told.closed() => return,
        }
    }
}

/// `{"position":N, …}` or `N`; 0 when it says something else: something has changed all the same.
fn position_of(payload: &[u8]) -> u64 {
    let value: Value = serde_json::from_slice(payload).unwrap_or_default();
    let said = value.get("position").or_else(|| value.pointer("/as_of/position")).unwrap_or(&value);
    said.as_u64().unwrap_or_default()
}

impl Projectors for Asking {
    fn states(&self) -> Later<'_, Result<Vec<ProjectorState>, PortError>> {
        Box::pin(async move {
            let mut states = Vec::new();
            for said in self.gather(&ProjectorQuestion { verb: Verb::States, name: String::new() }).await? {
                let of_one: Vec<ProjectorState> = read(&said?).map_err(|_| PortError::Broken("the answer cannot be read".to_owned()))?;
                states.extend(of_one);
            }
            if states.is_empty() { Err(PortError::Unavailable("no projector answers".to_owned())) } else { Ok(states) }
        })
    }

    fn rebuild<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>> {
        Box::pin(self.tell(Verb::Rebuild, name))
    }

    fn cancel<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>> {
        Box::pin(self.tell(Verb::Cancel, name))
    }

    fn retry<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>> {
        Box::pin(self.tell(Verb::Retry, name))
    }
}
