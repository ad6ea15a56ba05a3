//! What is refused before a single event is written to it.

use async_nats::jetstream::{
    self,
    stream::{Config, DiscardPolicy, StorageType},
};
use event_log::{EventLog, Position, ReadError, Until, conformance::append, conformance::history, conformance::read_all};
use log_jetstream::{
    Durability, JetStreamLog, Mode, Options,
    testbed::{Server, Settings},
};

use crate::open;

fn cause(outcome: Result<JetStreamLog, ReadError>) -> String {
    match outcome {
        Err(error @ ReadError::Unfit { .. }) => error.to_string(),
        other => panic!("expected an unfit server, got {other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_does_not_sync_is_refused_unless_told_in_so_many_words() {
    let server = Server::with(Settings { default_sync: true, ..Settings::default() });
    let refused = cause(JetStreamLog::open(server.options(), Mode::Write).await);
    assert!(refused.contains("Set `sync_interval: always`"), "{refused}");
    let refused = cause(JetStreamLog::open(server.options().durability(Durability::Replicated), Mode::Write).await);
    assert!(refused.contains("has 1 replica(s)"), "{refused}");
    let log = open(server.options().durability(Durability::Unsafe)).await;
    let records = history(Position::START, 3);
    append(&log, &records).await;
    // Reading asks nothing of durability.
    let reader = JetStreamLog::open(server.options(), Mode::ReadOnly).await.expect("opened");
    assert_eq!(read_all(&reader, Position::START, Until::Head).await.expect("read").len(), 3);
    assert!(reader.submit(Position(1), Vec::new()).await.is_err(), "it was opened for reading");
}

#[tokio::test]
async fn a_server_whose_durability_cannot_be_known_is_refused() {
    let silent = Server::with(Settings { no_monitor: true, ..Settings::default() });
    let refused = cause(JetStreamLog::open(silent.options(), Mode::Write).await);
    assert!(refused.contains("http_port") && refused.contains(&silent.monitor_url()), "{refused}");
    let (one, other) = (Server::start(), Server::start());
    let refused = cause(JetStreamLog::open(one.options().monitor(other.monitor_url()), Mode::Write).await);
    assert!(refused.contains("the page of another server"), "{refused}");
}

#[tokio::test]
async fn every_setting_that_could_lose_or_change_an_event_is_refused_by_name() {
    let server = Server::start();
    let context = jetstream::new(async_nats::connect(server.url()).await.expect("connected"));
    let good = |name: &str| Config {
        name: format!("EVENTS_{name}"),
        subjects: vec![format!("events.{name}.*.*")],
        discard: DiscardPolicy::New,
        deny_delete: true,
        deny_purge: true,
        allow_direct: true,
        allow_atomic_publish: true,
        ..Config::default()
    };
    let wrong: Vec<(&str, Config)> = vec![
        ("subjects", Config { subjects: vec!["events.subjects.>".into()], ..good("subjects") }),
        ("storage", Config { storage: StorageType::Memory, ..good("storage") }),
        ("discard", Config { discard: DiscardPolicy::Old, ..good("discard") }),
        ("max_msgs", Config { max_messages: 1_000, ..good("max_msgs") }),
        ("max_bytes", Config { max_bytes: 1_000_000, ..good("max_bytes") }),
        ("max_msgs_per_subject", Config { max_messages_per_subject: 5, ..good("max_msgs_per_subject") }),
        ("max_msg_size", Config { max_message_size: 1_000, ..good("max_msg_size") }),
        ("max_age", Config { max_age: std::time::Duration::from_secs(1_000), ..good("max_age") }),
        ("deny_delete", Config { deny_delete: false, ..good("deny_delete") }),
        ("deny_purge", Config { deny_purge: false, ..good("deny_purge") }),
        ("allow_rollup_hdrs", Config { allow_rollup: true, deny_purge: false, ..good("allow_rollup_hdrs") }),
        ("allow_msg_ttl", Config { allow_message_ttl: true, ..good("allow_msg_ttl") }),
        ("first sequence", Config { first_sequence: Some(7), ..good("first") }),
        ("allow_direct", Config { allow_direct: false, ..good("allow_direct") }),
        ("allow_atomic", Config { allow_atomic_publish: false, ..good("allow_atomic") }),
        ("no_ack", Config { no_ack: true, allow_atomic_publish: false, ..good("no_ack") }),
    ];
    for (setting, config) in wrong {
        let log = config.name.trim_start_matches("EVENTS_").to_owned();
        context.create_stream(config).await.unwrap_or_else(|error| panic!("{setting}: {error}"));
        for mode in [Mode::Write, Mode::ReadOnly] {
            let refused = cause(JetStreamLog::open(server.options_for(&log), mode).await);
            assert!(refused.contains(setting), "{setting}: {refused}");
        }
    }
    context.create_stream(good("good")).await.expect("a stream");
    open(server.options_for("good")).await;
}

#[tokio::test]
async fn where_no_log_is_reading_says_so_and_makes_none() {
    let server = Server::start();
    for _ in 0..2 {
        let error = JetStreamLog::open(server.options(), Mode::ReadOnly).await.expect_err("no log");
        assert!(matches!(error, ReadError::Missing { .. }), "{error}");
    }
}

#[tokio::test]
async fn who_may_not_come_in_is_told_so_without_the_password() {
    let server = Server::configured(Settings::default(), "authorization { user: coach, password: geheim }\n");
    let with = |user: &str| Options::new(server.url().replace("nats://", &format!("nats://{user}@"))).monitor(server.monitor_url());
    open(with("coach:geheim")).await;
    for wrong in ["coach:verkeerd", "niemand:verkeerd"] {
        let error = JetStreamLog::open(with(wrong), Mode::Write).await.expect_err("refused");
        assert!(matches!(error, ReadError::Unreachable { .. }), "{error}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("verkeerd") && !shown.contains("niemand"), "{shown}");
    }
    let mut gone = server;
    let options = gone.options();
    gone.kill();
    let error = JetStreamLog::open(options, Mode::ReadOnly).await.expect_err("nobody is there");
    assert!(matches!(error, ReadError::Unreachable { .. }), "{error}");
}
