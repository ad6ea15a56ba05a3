//! The whole service as its users have it: the program serves on a folder or over NATS, clients record over HTTP.
//!
//! Latency is counted from the acknowledgement: until the figures that are pushed to a listener, and the view of statuses, have come to
//! the acknowledged position.

mod http;

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::time::sleep;
use uuid::Uuid;

use self::http::Client;
use crate::line;

/// Events a second while latency is measured.
const RATE: u64 = 200;
/// Clients of the throughput table.
const CLIENTS: [usize; 3] = [1, 16, 64];

/// A process that ends with the bench.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/trajectlog"))
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn serve(folder: &Path, more: &[String]) -> (Running, String) {
    let address = format!("127.0.0.1:{}", free_port());
    let child = Command::new(program())
        .args(["serve", "--auth", "none", "--listen", &address, "--rate", "1000000", "--data"])
        .arg(folder)
        .args(more)
        .stdout(Stdio::null())
        .spawn()
        .expect("build the program first: cargo build --release");
    let running = Running(child);
    for _ in 0..600 {
        if let Ok(mut client) = Client::to(&address).await
            && client.get("/readyz").await.is_ok_and(|(status, _)| status == 200)
        {
            return (running, address);
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("the service is not ready");
}

/// A nats-server that syncs every write.
async fn nats(folder: &Path) -> (Running, Vec<String>) {
    let (port, monitor) = (free_port(), free_port());
    let config = folder.join("nats.conf");
    let text = format!(
        "listen: 127.0.0.1:{port}\nhttp: 127.0.0.1:{monitor}\njetstream {{ store_dir: {:?}, sync_interval: always }}\n",
        folder.join("store")
    );
    std::fs::write(&config, text).unwrap();
    let installed = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/venv/bin/nats-server"));
    let server = std::env::var_os("NATS_SERVER").map_or(installed, PathBuf::from);
    let child = Command::new(server).arg("-c").arg(&config).stderr(Stdio::null()).spawn().expect("tests/run installs nats-server");
    sleep(Duration::from_secs(1)).await;
    let place =
        ["--nats".to_owned(), format!("nats://127.0.0.1:{port}"), "--nats-monitor".to_owned(), format!("http://127.0.0.1:{monitor}")];
    (Running(child), place.to_vec())
}

fn intake(trajectory: Uuid) -> String {
    format!(
        r#"{{"event_id":"{}","trajectory_id":"{trajectory}","organisation":"org-1","type":"intake","occurred_on":"2025-01-06","data":{{"client_id":"{}","method":"ips","funding":"uwv","region":"AM18"}}}}"#,
        random(),
        random()
    )
}

fn random() -> Uuid {
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom").and_then(|mut f| std::io::Read::read_exact(&mut f, &mut bytes)).unwrap();
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

async fn record(client: &mut Client, event: &str, trajectory: Uuid) -> u64 {
    let (status, body) = client.post(&format!("/api/v1/trajectories/{trajectory}/events"), event).await.expect("an answer");
    assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
    let told: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    told["position"].as_u64().expect("a position")
}

async fn throughput(address: &str, clients: usize, within: Duration) -> (u64, Duration) {
    let began = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let address = address.to_owned();
            tokio::spawn(async move {
                let mut client = Client::to(&address).await.expect("a connection");
                let mut count = 0;
                while began.elapsed() < within {
                    let trajectory = random();
                    record(&mut client, &intake(trajectory), trajectory).await;
                    count += 1;
                }
                count
            })
        })
        .collect();
    let mut total = 0;
    for task in tasks {
        total += task.await.expect("a client");
    }
    (total, began.elapsed())
}

/// Positions that were seen, with the moment.
type Seen = Arc<Mutex<Vec<(u64, Instant)>>>;

/// Notes a position that is seen for the first time.
fn note(seen: &Seen, position: u64) {
    let mut seen = seen.lock().unwrap();
    if seen.last().is_none_or(|(last, _)| *last < position) {
        seen.push((position, Instant::now()));
    }
}

/// When a position was first seen, as milliseconds after its acknowledgement.
fn latencies(acknowledged: &[(u64, Instant)], seen: &Seen) -> Vec<f64> {
    let seen = seen.lock().unwrap();
    let after = |(position, at): &(u64, Instant)| {
        let place = seen.partition_point(|(seen, _)| seen < position);
        seen.get(place).map(|(_, when)| when.saturating_duration_since(*at).as_secs_f64() * 1_000.0)
    };
    let mut all: Vec<f64> = acknowledged.iter().filter_map(after).collect();
    all.sort_by(f64::total_cmp);
    all
}

fn percentiles(what: &str, all: &[f64], of: usize) {
    let at = |percent: usize| all.get(all.len() * percent / 100).copied().unwrap_or(f64::NAN);
    println!("{what:44} p50 {:>8.2} ms   p99 {:>8.2} ms   ({} of {of} seen)", at(50), at(99), all.len());
}

async fn latency(address: &str, seconds: u64) {
    let (figures, statuses) = (Seen::default(), Seen::default());
    let mut live = Client::to(address).await.expect("a connection");
    let told = Arc::clone(&figures);
    let listener = tokio::spawn(async move { live.listen("/api/v1/figures/2025Q1/live", |id| note(&told, id)).await });
    let mut asking = Client::to(address).await.expect("a connection");
    let told = Arc::clone(&statuses);
    let asker = tokio::spawn(async move {
        loop {
            let (_, body) = asking.get("/api/v1/projections").await.expect("an answer");
            let all: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
            let list = all.as_array().or_else(|| all["projections"].as_array()).cloned().unwrap_or_default();
            let of = list.iter().find(|one| one["name"].as_str().is_some_and(|name| name.contains("sustainable-work")));
            let position = of.and_then(|one| one["position"].as_u64()).unwrap_or_default();
            note(&told, position);
            sleep(Duration::from_micros(500)).await;
        }
    });
    sleep(Duration::from_millis(500)).await;
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let clients: Vec<_> = (0..8_u64)
        .map(|n| {
            let (address, acknowledged) = (address.to_owned(), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                let mut client = Client::to(&address).await.expect("a connection");
                let began = Instant::now() + Duration::from_millis(n * 1_000 / RATE);
                for number in 0..seconds * RATE / 8 {
                    tokio::time::sleep_until((began + Duration::from_micros(number * 8 * 1_000_000 / RATE)).into()).await;
                    let trajectory = random();
                    let position = record(&mut client, &intake(trajectory), trajectory).await;
                    acknowledged.lock().unwrap().push((position, Instant::now()));
                }
            })
        })
        .collect();
    for client in clients {
        client.await.expect("a client");
    }
    sleep(Duration::from_secs(2)).await;
    listener.abort();
    asker.abort();
    let acknowledged = acknowledged.lock().unwrap();
    percentiles("  acknowledged → figures pushed", &latencies(&acknowledged, &figures), acknowledged.len());
    percentiles("  acknowledged → status in the view", &latencies(&acknowledged, &statuses), acknowledged.len());
}

async fn measure(what: &str, address: &str, seconds: u64) {
    println!("{what}");
    for clients in CLIENTS {
        let (count, took) = throughput(address, clients, Duration::from_secs(seconds)).await;
        line(&format!("  HTTP, {clients} clients, one event each time"), count, took, None);
    }
    println!("  at {RATE} events a second:");
    latency(address, seconds).await;
}

/// Everything, on a folder and over NATS.
pub async fn run(seconds: u64) {
    let folder = tempfile::tempdir().unwrap();
    {
        let (_running, address) = serve(&folder.path().join("data"), &[]).await;
        measure("embedded", &address, seconds).await;
    }
    let (_nats, place) = nats(folder.path()).await;
    let (_running, address) = serve(&folder.path().join("views"), &place).await;
    measure("NATS, one server, sync_interval: always", &address, seconds).await;
}
