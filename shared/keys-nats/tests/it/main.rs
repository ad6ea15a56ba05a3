//! Keys in a bucket of a real server, and several gateways at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_nats::jetstream::{self, stream::Config};
use keys::{Class, Context, KeyError, KeyStore, MasterKey, Mode, Place};
use keys_nats::{Options, open};
use log_jetstream::{
    JetStreamLog,
    testbed::{Server, Settings},
};
use uuid::Uuid;

fn master() -> MasterKey {
    MasterKey::from_hex(&"a7".repeat(32)).expect("a key")
}

fn client(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn context() -> Context<'static> {
    Context { event_id: client(1), trajectory_id: client(2), event_type: "contact", field: "note" }
}

/// A gateway: its own connection, its own store.
async fn gateway_with(server: &Server, master: MasterKey, mode: Mode) -> Result<Arc<KeyStore>, KeyError> {
    let log = JetStreamLog::open(server.options(), log_jetstream::Mode::Write).await.expect("a log");
    open(log.context(), Options::new(log.address()), master, mode).await.map(Arc::new)
}

async fn gateway(server: &Server) -> Arc<KeyStore> {
    gateway_with(server, master(), Mode::Write).await.expect("keys")
}

fn sealed(store: &KeyStore, client: Uuid) -> keys::SealedBytes {
    let key = store.get(client).expect("read").expect("a key");
    keys::seal(&key, store.digest_key(), context(), "called back").expect("sealed")
}

fn opens(store: &KeyStore, client: Uuid, sealed: &keys::SealedBytes) -> bool {
    let key = store.get(client).expect("read").expect("a key");
    keys::open(&key, context(), sealed.as_bytes()).is_ok_and(|text| text == "called back")
}

/// Waits for what another gateway did to be seen.
async fn soon(what: &str, seen: impl Fn() -> bool) {
    let began = Instant::now();
    while !seen() {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gateways_that_make_the_same_clients_keys_at_once_get_the_same_ones() {
    let server = Server::start();
    let stores = [gateway(&server).await, gateway(&server).await, gateway(&server).await];
    let mut working = Vec::new();
    for store in &stores {
        let store = Arc::clone(store);
        working.push(std::thread::spawn(move || {
            for round in 0..10 {
                let clients: Vec<Uuid> = (0..20).map(|n| client(round * 10 + n)).collect();
                store.ensure(&clients).expect("keys");
            }
        }));
    }
    for thread in working {
        thread.join().expect("a gateway");
    }
    for number in 0..110 {
        let text = sealed(&stores[0], client(number));
        assert!(stores.iter().all(|store| opens(store, client(number), &text)), "client {number}");
        let digest = |store: &KeyStore| keys::text_digest(store.digest_key(), context(), "x");
        assert!(stores.iter().all(|store| digest(store) == digest(&stores[0])));
    }
    assert!(stores[1].get(client(9_999)).expect("read").is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gateways_that_start_at_once_make_one_store() {
    let server = Server::start();
    let (one, other, third) = tokio::join!(gateway(&server), gateway(&server), gateway(&server));
    one.ensure(&[client(1)]).expect("a key");
    let text = sealed(&one, client(1));
    assert!(opens(&other, client(1), &text) && opens(&third, client(1), &text));
    let digest = |store: &KeyStore| keys::text_digest(store.digest_key(), context(), "x");
    assert_eq!((digest(&one), digest(&one)), (digest(&other), digest(&third)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_outlive_a_killed_server_and_the_gateway() {
    let mut server = Server::start();
    let store = gateway(&server).await;
    store.ensure(&[client(1), client(2), client(2)]).expect("keys");
    let text = sealed(&store, client(1));
    server.restart();
    for mode in [Mode::ReadOnly, Mode::Write, Mode::WriteExisting] {
        let again = gateway_with(&server, master(), mode).await.expect("keys");
        assert!(opens(&again, client(1), &text), "{mode:?}");
    }
    let reader = gateway_with(&server, master(), Mode::ReadOnly).await.expect("keys");
    assert!(matches!(reader.ensure(&[client(3)]), Err(KeyError::ReadOnly { .. })));
    assert!(matches!(reader.destroy(client(1)), Err(KeyError::ReadOnly { .. })));
    reader.ensure(&[client(1)]).expect("it is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_destroyed_key_is_gone_for_every_gateway_and_for_ever() {
    let server = Server::start();
    let (one, other) = (gateway(&server).await, gateway(&server).await);
    one.ensure(&[client(1), client(2)]).expect("keys");
    let text = sealed(&other, client(2));
    sealed(&other, client(1));
    assert!(one.destroy(client(1)).expect("destroyed"));
    soon("the other gateway sees it", || other.is_destroyed(client(1))).await;
    assert!(!other.destroy(client(1)).expect("destroyed before"));
    // One that never was made can be destroyed too, and never gets a key.
    assert!(!other.destroy(client(3)).expect("destroyed"));
    let late = gateway(&server).await;
    for store in [&one, &other, &late] {
        for gone in [client(1), client(3)] {
            assert!(matches!(store.get(gone), Err(KeyError::Destroyed { .. })));
            assert!(matches!(store.ensure(&[client(2), gone]), Err(KeyError::Destroyed { .. })));
            assert!(matches!(store.get_or_create(gone), Err(KeyError::Destroyed { .. })));
        }
        assert!(opens(store, client(2), &text));
    }
    // Neither is anything of it left where it was.
    let context = jetstream::new(async_nats::connect(server.url()).await.expect("connected"));
    let stream = context.get_stream("KV_client_keys").await.expect("the bucket");
    let entry = stream.get_last_raw_message_by_subject(&format!("$KV.client_keys.client.{}", client(1))).await.expect("an entry");
    assert_eq!(entry.payload.as_ref(), [1, 0]);
    assert!(stream.purge().await.is_err(), "purging is denied");
    assert!(stream.delete_message(entry.sequence).await.is_err(), "deleting is denied");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_destruction_during_an_outage_is_seen_before_a_key_is_used_from_memory() {
    let mut server = Server::start();
    let (one, other) = (gateway(&server).await, gateway(&server).await);
    for round in 0..3 {
        let gone = client(round);
        one.ensure(&[gone]).expect("a key");
        sealed(&other, gone);
        server.restart();
        // As soon as the key is destroyed nobody gets it, whether the watch has come back or not.
        let destroyed = loop {
            match one.destroy(gone) {
                Ok(was_live) => break was_live,
                Err(error) => assert_eq!(error.class(), Class::Retryable, "{error}"),
            }
        };
        // (When an answer was lost, the first attempt has destroyed it.)
        let _ = destroyed;
        soon("the other gateway does not give it out", || matches!(other.get(gone), Err(KeyError::Destroyed { .. }))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_master_key_is_refused_by_its_id() {
    let server = Server::start();
    gateway(&server).await.ensure(&[client(1)]).expect("a key");
    let wrong = MasterKey::from_hex(&"b8".repeat(32)).expect("a key");
    let (wanted, given) = (master().id(), wrong.id());
    for mode in [Mode::ReadOnly, Mode::Write, Mode::WriteExisting] {
        let wrong = MasterKey::from_hex(&"b8".repeat(32)).expect("a key");
        match gateway_with(&server, wrong, mode).await {
            Err(KeyError::WrongMasterKey { wanted: found, given: shown, .. }) => assert_eq!((found, shown), (wanted, given)),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_bucket_is_a_loss_where_keys_must_be_there() {
    let server = Server::start();
    for mode in [Mode::ReadOnly, Mode::WriteExisting] {
        assert!(matches!(gateway_with(&server, master(), mode).await, Err(KeyError::StoreMissing { .. })));
    }
    gateway(&server).await;
    gateway_with(&server, master(), Mode::WriteExisting).await.expect("keys");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_dies_while_keys_are_made_leaves_none_that_was_promised_out() {
    let mut server = Server::start();
    let store = gateway(&server).await;
    let making = std::thread::spawn({
        let store = Arc::clone(&store);
        move || {
            let mut made = Vec::new();
            for number in 0..300 {
                let clients = [client(number), client(number + 1)];
                // Repeated until it succeeds: that is what a caller does.
                let began = Instant::now();
                while let Err(error) = store.ensure(&clients) {
                    assert_eq!(error.class(), Class::Retryable, "{error}");
                    assert!(began.elapsed() < Duration::from_secs(40), "it heals");
                    std::thread::sleep(Duration::from_millis(20));
                }
                made.push(client(number));
            }
            made
        }
    });
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(120)).await;
        server.restart();
    }
    let made = tokio::task::spawn_blocking(move || making.join().expect("the gateway")).await.expect("made");
    let again = gateway_with(&server, master(), Mode::WriteExisting).await.expect("keys");
    for made in made {
        let text = sealed(&store, made);
        assert!(opens(&again, made, &text), "{made}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_that_were_changed_or_belong_to_another_are_damage() {
    let server = Server::start();
    let store = gateway(&server).await;
    store.ensure(&[client(1), client(2)]).expect("keys");
    let context = jetstream::new(async_nats::connect(server.url()).await.expect("connected"));
    let stream = context.get_stream("KV_client_keys").await.expect("the bucket");
    let subject = |number| format!("$KV.client_keys.client.{}", client(number));
    let entry = stream.get_last_raw_message_by_subject(&subject(1)).await.expect("an entry").payload;
    let mut flipped = entry.to_vec();
    flipped[40] ^= 1;
    for wrong in [entry.to_vec(), flipped, entry[..50].to_vec(), Vec::new()] {
        context.publish(subject(2), wrong.into()).await.expect("sent").await.expect("taken");
        let fresh = gateway(&server).await;
        let error = fresh.get(client(2)).expect_err("damage");
        assert!(matches!(error, KeyError::Damaged { place: Place::Client(found), .. } if found == client(2)), "{error}");
        assert!(fresh.get(client(1)).expect("read").is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_whose_settings_would_lose_keys_is_refused() {
    let server = Server::start();
    let context = jetstream::new(async_nats::connect(server.url()).await.expect("connected"));
    let forgetful = Config {
        name: "KV_client_keys".into(),
        subjects: vec!["$KV.client_keys.>".into()],
        max_messages_per_subject: 1,
        max_age: Duration::from_secs(1_000),
        ..Config::default()
    };
    context.create_stream(forgetful).await.expect("a stream");
    let error = gateway_with(&server, master(), Mode::Write).await.expect_err("refused").to_string();
    assert!(error.contains("would lose keys"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_room_is_told_as_such_and_keys_are_made_when_there_is_room() {
    let mut server = Server::start();
    let store = gateway(&server).await;
    store.ensure(&[client(1)]).expect("room for one");
    server.restart_with(Settings { max_file_store: Some(1), ..Settings::default() });
    let refused = store.ensure(&[client(2)]).expect_err("no room");
    assert!(matches!(&refused, KeyError::Io { source, .. } if source.kind() == std::io::ErrorKind::StorageFull), "{refused:?}");
    server.restart_with(Settings::default());
    let mut tries = 0;
    while let Err(e) = store.ensure(&[client(2)]) {
        tries += 1;
        assert!(tries < 50, "{e}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
