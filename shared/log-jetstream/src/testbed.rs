//! Real servers for tests: started on free ports, killed, frozen and started again at will, and gone when the test ends.
//!
//! The binary is `nats-server` of the version that `tests/run` installs: `NATS_SERVER` names it, or it lies in `tests/.tools`, or in `PATH`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "for tests: panicking is how they fail")]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use tempfile::TempDir;

use crate::Options;

/// A server needs some tens of milliseconds to start; a machine that is busy with other tests needs more.
const START: Duration = Duration::from_secs(30);

/// What a server of a test is started with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// Syncs every two minutes, as a server does that is told nothing.
    pub default_sync: bool,
    /// No monitoring page.
    pub no_monitor: bool,
    /// Bytes that all streams may have together.
    pub max_file_store: Option<u64>,
    /// Bytes of the largest message.
    pub max_payload: Option<u64>,
}

/// A running server with a folder of its own. Killed and removed when it is dropped.
#[derive(Debug)]
pub struct Server {
    folder: TempDir,
    settings: Settings,
    /// Added to the configuration as it is.
    more: String,
    ports: Option<Ports>,
    child: Option<Child>,
}

#[derive(Clone, Copy, Debug)]
struct Ports {
    client: u16,
    monitor: Option<u16>,
}

/// What the server writes about its ports.
#[derive(Debug, Deserialize)]
struct Written {
    nats: Vec<String>,
    #[serde(default)]
    monitoring: Vec<String>,
}

impl Server {
    /// A durable server: it syncs before it acknowledges, and says so.
    #[must_use]
    pub fn start() -> Self {
        Self::with(Settings::default())
    }

    /// A server with these settings.
    #[must_use]
    pub fn with(settings: Settings) -> Self {
        Self::configured(settings, "")
    }

    /// A server with these settings and more lines of configuration.
    #[must_use]
    pub fn configured(settings: Settings, more: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut server = Self { folder, settings, more: more.to_owned(), ports: None, child: None };
        server.run();
        server
    }

    /// The address for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.ports.expect("it runs").client)
    }

    /// The address of the monitoring page.
    #[must_use]
    pub fn monitor_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.and_then(|ports| ports.monitor).unwrap_or(1))
    }

    /// Options for a log on this server.
    #[must_use]
    pub fn options(&self) -> Options {
        Options::new(self.url()).monitor(self.monitor_url())
    }

    /// Options for one of several logs on this server.
    #[must_use]
    pub fn options_for(&self, log: &str) -> Options {
        self.options().stream(format!("EVENTS_{log}"), format!("events.{log}"))
    }

    /// Ends the server as a power switch would end the process, if it runs: what it had not written is lost, what it had not synced is
    /// still with the operating system.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("killed");
            child.wait().expect("ended");
        }
    }

    /// Starts it again, on the same ports and with what it had stored.
    pub fn restart(&mut self) {
        self.kill();
        self.run();
    }

    /// Starts it again with other settings.
    pub fn restart_with(&mut self, settings: Settings) {
        self.settings = settings;
        self.restart();
    }

    /// A copy of what it has stored by now; it is started again.
    #[must_use]
    pub fn copy(&mut self) -> TempDir {
        self.kill();
        let copy = TempDir::new().expect("a folder");
        copy_folder(&self.store(), copy.path());
        self.run();
        copy
    }

    /// Starts it again with what was copied in the place of what it has stored, as after a power cut that took the rest.
    pub fn put_back(&mut self, copy: &TempDir) {
        self.kill();
        fs::remove_dir_all(self.store()).expect("removed");
        copy_folder(copy.path(), &self.store());
        self.run();
    }

    /// Stops it without ending it: connections stay, nothing is answered.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// The folder with the store of all streams.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    fn signal(&self, signal: Signal) {
        let id = self.child.as_ref().expect("it runs").id();
        let pid = i32::try_from(id).ok().and_then(Pid::from_raw).expect("a process");
        kill_process(pid, signal).expect("signalled");
    }

    fn run(&mut self) {
        let config = self.folder.path().join("server.conf");
        fs::write(&config, self.configuration()).expect("written");
        let log = fs::File::create(self.folder.path().join("server.log")).expect("a file");
        let child = Command::new(binary()).arg("-c").arg(&config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        let child = child.expect("nats-server started");
        let written = self.folder.path().join(format!("nats-server_{}.ports", child.id()));
        self.child = Some(child);
        self.ports = Some(self.wait_for(&written));
    }

    fn configuration(&self) -> String {
        let Settings { default_sync, no_monitor, max_file_store, max_payload } = self.settings;
        let (client, monitor) = self.ports.map_or((-1, -1), |ports| (i32::from(ports.client), ports.monitor.map_or(-1, i32::from)));
        let folder = self.folder.path().display();
        let mut text = format!("listen: \"127.0.0.1:{client}\"\nports_file_dir: \"{folder}\"\n");
        if !no_monitor {
            writeln!(text, "http: \"127.0.0.1:{monitor}\"").expect("text");
        }
        if let Some(bytes) = max_payload {
            writeln!(text, "max_payload: {bytes}").expect("text");
        }
        writeln!(text, "jetstream {{\n  store_dir: \"{}\"", self.store().display()).expect("text");
        if !default_sync {
            text.push_str("  sync_interval: always\n");
        }
        if let Some(bytes) = max_file_store {
            writeln!(text, "  max_file_store: {bytes}").expect("text");
        }
        text.push_str("}\n");
        text.push_str(&self.more);
        text
    }

    fn wait_for(&mut self, written: &Path) -> Ports {
        let began = Instant::now();
        while began.elapsed() < START {
            if let Some(Written { nats, monitoring }) = fs::read(written).ok().and_then(|text| serde_json::from_slice(&text).ok())
                && let Some(client) = nats.first().and_then(|url| port(url))
            {
                // The file is written before JetStream is ready; a healthy server is.
                let monitor = monitoring.first().and_then(|url| port(url));
                if monitor.is_none_or(is_healthy) {
                    return Ports { client, monitor };
                }
            }
            if let Some(child) = &mut self.child
                && let Ok(Some(status)) = child.try_wait()
            {
                panic!("nats-server ended with {status}: {}", self.output());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("nats-server did not start: {}", self.output());
    }

    fn output(&self) -> String {
        fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to);
        } else {
            fs::copy(&from, &to).expect("copied");
        }
    }
}

fn port(url: &str) -> Option<u16> {
    url.rsplit(':').next()?.parse().ok()
}

/// Whether the monitoring page says that the server is ready.
fn is_healthy(monitor: u16) -> bool {
    use std::io::{Read as _, Write as _};
    let ask = || -> std::io::Result<String> {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", monitor))?;
        stream.write_all(b"GET /healthz HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.split_whitespace().nth(1) == Some("200"))
}

/// Where the server's binary is.
fn binary() -> PathBuf {
    if let Some(named) = std::env::var_os("NATS_SERVER") {
        return named.into();
    }
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/.tools/venv/bin/nats-server");
    if installed.exists() {
        return installed;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("nats-server")).find(|file| file.exists());
    found.unwrap_or_else(|| panic!("there is no nats-server: `tests/run --only nats` installs it, or NATS_SERVER names it"))
}
