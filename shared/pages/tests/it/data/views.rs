//! The views that are made of the log.

use pages::{Lang, Role, ViewDoing, ViewRow, Views};

use super::{Sample, frame, sample};

fn row(name: &str, doing: ViewDoing, lag: u64, cause: Option<&str>) -> ViewRow {
    ViewRow { name: name.to_owned(), doing, position: 128_440 - lag, lag, cause: cause.map(str::to_owned) }
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let (figures, states) = ("werkmonitor", "sustainable-work");
    let page = |role, rows, refused| Views { frame: frame(lang, role), rows, may_manage: role == Role::Administrator, refused };
    let calm = vec![row(figures, ViewDoing::Following, 0, None), row(states, ViewDoing::Rebuilding(Some(90_112)), 3, None)];
    let stopped = "position 128391 cannot be read: unknown schema 7";
    let trouble = vec![
        row(figures, ViewDoing::Stopped, 50, Some(stopped)),
        row(states, ViewDoing::Waiting, 12, Some("no space left on device")),
        row("other", ViewDoing::Rebuilding(None), 0, None),
    ];
    vec![
        sample("views", &page(Role::Administrator, calm.clone(), false)),
        sample("views-trouble", &page(Role::Administrator, trouble, true)),
        sample("views-auditor", &page(Role::Auditor, calm, false)),
    ]
}
