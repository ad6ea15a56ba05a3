//! The log for auditors, page by page.

use std::sync::Arc;

use axum::{Extension, extract::State, http::StatusCode};
use event_log::Position;
use serde_json::{json as value, value::RawValue};

use super::{Answered, Gate, PREFIX, json, query::Asked, trajectories::link_next};
use crate::{
    access::{Action, Caller, Object},
    problem::Problem,
    reading::{self, Texts},
};

/// Events on a page when nothing is said.
const PAGE: usize = 100;

/// `GET /events`.
pub(super) async fn page(State(inner): Gate, Extension(caller): Extension<Caller>, Extension(asked): Extension<Asked>) -> Answered {
    caller.may(Action::ReadLog, Object::Any)?;
    let texts = Texts::of_the_log(&caller);
    let from = asked.number("from", 0, u64::MAX)?.unwrap_or(1).max(1);
    let limit = asked.limit(PAGE, inner.limits.page_events)?;
    let head = inner.log.head().await?.position.0;
    let end = from.saturating_add(limit as u64);
    let batches = if from <= head { inner.log.page(Position(from), limit).await? } else { Vec::new() };
    let keys = Arc::clone(&inner.keys);
    // Keys are read from disk, and a page holds many texts: no other request waits for it.
    let shown = move || {
        let mut events: Vec<Box<RawValue>> = Vec::new();
        for batch in &batches {
            for record in &batch.records {
                let shown = reading::events(batch, record, &keys, texts, |position| (from..end).contains(&position))?;
                events.extend(shown.into_iter().map(|shown| shown.json));
            }
        }
        Ok::<_, Problem>(events)
    };
    let events = tokio::task::spawn_blocking(shown).await.map_err(|error| {
        tracing::error!("a page of the log could not be read to the end: {error}");
        Problem::internal()
    })??;
    let next = (end <= head).then(|| format!("{PREFIX}/events?from={end}&limit={limit}"));
    let response = json(StatusCode::OK, &value!({"events": events, "next": next}))?;
    Ok(link_next(response, next.as_deref()))
}
