//! The log for auditors, the newest first, page by page. No text is in it.

use app::export;
use axum::{Extension, extract::State, response::Response};
use event_log::Position;
use pages::{Kind, Log, LogRow};

use super::{
    Visitor, convert,
    names::{self, Names},
    page,
};
use crate::{
    Inner,
    access::{Action, Object},
    http::{Asked, Gate},
    problem::Problem,
};

/// Events on a page.
const PAGE: u64 = 50;

/// `GET /logboek`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    visitor.caller.may(Action::ReadLog, Object::Any)?;
    let head = inner.log.head().await?.position.0;
    let newest = asked.number("van", 1, u64::MAX)?.unwrap_or(head).min(head);
    let oldest = newest.saturating_sub(PAGE - 1).max(1);
    let address = |van: u64| format!("/logboek?van={van}");
    page(&Log {
        total: head,
        rows: if newest == 0 { Vec::new() } else { rows(&inner, oldest, newest).await? },
        newer: (newest < head).then(|| if head - newest <= PAGE { "/logboek".to_owned() } else { address(newest + PAGE) }),
        older: (oldest > 1).then(|| address(oldest - 1)),
        frame: visitor.frame,
    })
}

/// The events at these positions, the newest first.
async fn rows(inner: &Inner, oldest: u64, newest: u64) -> Result<Vec<LogRow>, Problem> {
    let names = Names::of(&inner.sign_in()?.accounts);
    let mut rows: Vec<LogRow> = Vec::new();
    let many = usize::try_from(newest - oldest + 1).unwrap_or(usize::MAX);
    for batch in inner.log.page(Position(oldest), many).await? {
        for record in &batch.records {
            export::each_event(
                &batch,
                record,
                &inner.keys,
                |position| (oldest..=newest).contains(&position.0),
                |event| {
                    rows.push(LogRow {
                        position: event.position.unwrap_or_default(),
                        recorded: convert::minute(event.recorded_at.unwrap_or(record.header.recorded_at)),
                        kind: Kind::of_type(event.r#type.as_str()).unwrap_or(Kind::TrajectoryChanged),
                        corrects: event.corrects.is_some(),
                        trajectory: event.trajectory_id.to_string(),
                        organisation: names::organisation(event.organisation),
                        actor: names.actor(event.organisation, event.actor.unwrap_or_default()),
                    });
                    Ok(())
                },
            )?;
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.position));
    Ok(rows)
}
