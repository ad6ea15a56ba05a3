//! What goes over NATS beside the log: commands in, questions between processes, statuses and notices out.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use async_nats::{
    Client,
    jetstream::{kv, stream::StorageType},
};
use gateway::{
    Gateway,
    nats::{Asking, NatsError, answer_figures, answer_projectors, answer_statuses, serve_commands},
};
use serde_json::json;
use sustainable_work::{Lying, Publish, PublishFailed, Put};
use tokio::{
    sync::{broadcast::error::RecvError, watch},
    task::AbortHandle,
};

use super::{Running, local};
use crate::{failure::Failure, log::Log};

/// The bucket of statuses.
const BUCKET: &str = "sustainable_work";
/// Before the quarter in the subject of a notice.
const FIGURES: &str = "traject.figures";
/// Before a projector that was stopped is looked at again.
const PAUSE: Duration = Duration::from_secs(1);

impl From<NatsError> for Failure {
    fn from(error: NatsError) -> Self {
        Self::cannot_open(error.to_string())
    }
}

/// The connection of a log on NATS.
fn client(log: &Log) -> Option<Client> {
    match log {
        Log::Embedded(_) => None,
        Log::JetStream(log) => Some(log.client()),
    }
}

/// Those who answer in other processes; `None` when there are none.
pub fn asking(log: &Log) -> Option<Arc<Asking>> {
    client(log).map(|client| Arc::new(Asking::new(client)))
}

/// Ends when it is dropped.
#[derive(Default)]
pub struct Tasks(Vec<AbortHandle>);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.iter().for_each(AbortHandle::abort);
    }
}

/// Begins to answer over NATS: commands where there is a gateway, questions where there is a view.
pub async fn begin(log: &Log, gateway: Option<&Gateway>, projectors: &Running, shutdown: &watch::Receiver<bool>) -> Result<Tasks, Failure> {
    let Some(client) = client(log) else { return Ok(Tasks::default()) };
    let mut tasks = Tasks::default();
    let mut keep = |task: tokio::task::JoinHandle<()>| tasks.0.push(task.abort_handle());
    if let Some(projector) = &projectors.sustainable_work {
        let statuses = Arc::new(local::LocalStatuses(Arc::clone(projector)));
        answer_statuses(client.clone(), statuses, shutdown.clone()).await?.into_iter().for_each(&mut keep);
    }
    if let Some(projector) = &projectors.werkmonitor {
        let figures = Arc::new(local::LocalFigures::new(Arc::clone(projector), None));
        keep(answer_figures(client.clone(), figures, shutdown.clone()).await?);
        keep(tokio::spawn(tell_changes(client.clone(), Arc::clone(projector))));
    }
    if !projectors.views.0.is_empty() {
        keep(answer_projectors(client.clone(), Arc::new(projectors.views.clone()), shutdown.clone()).await?);
    }
    if let Some(gateway) = gateway {
        keep(serve_commands(gateway, client, env!("CARGO_PKG_VERSION")).await?);
    }
    Ok(tasks)
}

/// Publishes a notice whenever the national figures of a quarter have changed.
async fn tell_changes(client: Client, projector: Arc<app::projector::Projector<werkmonitor::Werkmonitor>>) {
    loop {
        let Ok(mut notices) = projector.read(werkmonitor::Werkmonitor::notices) else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        loop {
            match notices.recv().await {
                Ok(notice) => {
                    let (quarter, position) = (notice.quarter.to_string(), notice.position.0);
                    let told = json!({"quarter": quarter, "position": position}).to_string();
                    // Who missed it asks, or hears the next one.
                    if let Err(e) = client.publish(format!("{FIGURES}.{quarter}"), told.into()).await {
                        tracing::warn!("that figures of {quarter} have changed could not be told: {e}");
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => break,
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The bucket of statuses, made where there is none; `None` of a log that is not on NATS.
pub async fn bucket(log: &Log, replicas: usize) -> Result<Option<Bucket>, Failure> {
    let Log::JetStream(log) = log else { return Ok(None) };
    let context = log.context();
    if let Ok(bucket) = context.get_key_value(BUCKET).await {
        return Ok(Some(Bucket(bucket, log.client())));
    }
    let config = kv::Config {
        bucket: BUCKET.to_owned(),
        description: "Each trajectory's status today, derived from the log".to_owned(),
        history: 1,
        storage: StorageType::File,
        num_replicas: replicas,
        ..kv::Config::default()
    };
    let failed = |e: &dyn std::fmt::Display| Failure::cannot_open(format!("the bucket {BUCKET} at {}: {e}", log.address()));
    match context.create_key_value(config).await {
        Ok(bucket) => Ok(Some(Bucket(bucket, log.client()))),
        // Another process was first.
        Err(e) => context.get_key_value(BUCKET).await.map(|bucket| Some(Bucket(bucket, log.client()))).map_err(|_| failed(&e)),
    }
}

/// Where statuses are published, and over which connection.
pub struct Bucket(kv::Store, Client);

impl Publish for Bucket {
    fn life(&self) -> u64 {
        self.1.statistics().connects.load(Ordering::SeqCst)
    }

    async fn look(&self, key: &str) -> Result<Lying, PublishFailed> {
        let entry = self.0.entry(key).await.map_err(|e| PublishFailed(e.to_string()))?;
        Ok(entry.map_or_else(Lying::default, |entry| {
            let value = match entry.operation {
                kv::Operation::Put => Some(entry.value.to_vec()),
                kv::Operation::Delete | kv::Operation::Purge => None,
            };
            Lying { revision: entry.revision, value }
        }))
    }

    async fn put(&self, key: &str, value: Vec<u8>, over: u64) -> Result<Put, PublishFailed> {
        match self.0.update(key, value.into(), over).await {
            Ok(revision) => Ok(Put::Taken(revision)),
            Err(error) => match error.kind() {
                kv::UpdateErrorKind::WrongLastRevision => Ok(Put::AnotherWasFirst),
                kv::UpdateErrorKind::InvalidKey | kv::UpdateErrorKind::TimedOut | kv::UpdateErrorKind::Other => {
                    Err(PublishFailed(error.to_string()))
                }
            },
        }
    }
}
