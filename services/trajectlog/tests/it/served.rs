//! The program as a service, and a client of it.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::support::Folder;

/// Nothing takes longer than this.
const WITHIN: Duration = Duration::from_secs(30);

/// A service that is ready; killed when the test ends.
pub struct Served {
    child: Child,
    pub address: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// A line of its head; empty when there is none.
    pub fn header(&self, name: &str) -> String {
        let of =
            |line: &str| line.split_once(": ").filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned());
        self.head.lines().find_map(of).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port()
}

impl Served {
    /// Serves this folder's data to everybody.
    pub fn on(folder: &Folder, more: &[&str]) -> Self {
        Self::with(folder.command(&["serve", "--auth", "none"]), more)
    }

    /// Serves it to those who have an account.
    pub fn to_the_known(folder: &Folder, more: &[&str]) -> Self {
        Self::with(folder.command(&["serve"]), more)
    }

    pub fn with(command: Command, more: &[&str]) -> Self {
        let served = Self::not_yet_ready(command, more);
        served.wait_until("it is ready", || served.get("/readyz").is_some_and(|answer| answer.status == 200));
        served
    }

    pub fn not_yet_ready(mut command: Command, more: &[&str]) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        command.args(["--listen", &address]).args(more).stdout(Stdio::null()).stderr(Stdio::inherit());
        Self::of(command, address)
    }

    /// What it says goes into a file, and it says much.
    pub fn saying_into(folder: &Folder, file: &std::path::Path, more: &[&str]) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let mut command = folder.command(&["serve", "--listen", &address]);
        command.args(more).env("TRAJECTLOG_LOG", "debug").stdout(Stdio::null()).stderr(std::fs::File::create(file).expect("a file"));
        let served = Self::of(command, address);
        served.wait_until("it is ready", || served.get("/readyz").is_some_and(|answer| answer.status == 200));
        served
    }

    fn of(mut command: Command, address: String) -> Self {
        Self { child: command.spawn().expect("the program starts"), address }
    }

    pub fn wait_until(&self, what: &str, condition: impl Fn() -> bool) {
        let began = Instant::now();
        while !condition() {
            assert!(began.elapsed() < WITHIN, "{what}: not in time");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// `None` when nobody answers.
    pub fn get(&self, path: &str) -> Option<Answer> {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address))
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        let (host, length) = (&self.address, body.len());
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}"
        );
        self.ask(&format!("{head}\r\n\r\n{body}")).expect("an answer")
    }

    /// A request with these lines in its head.
    pub fn send(&self, method: &str, path: &str, head: &[(&str, &str)], body: &str) -> Answer {
        let lines: String = head.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let (host, length) = (&self.address, body.len());
        let request =
            format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{lines}content-length: {length}\r\n\r\n{body}");
        self.ask(&request).expect("an answer")
    }

    fn ask(&self, request: &str) -> Option<Answer> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(WITHIN)).ok()?;
        stream.write_all(request.as_bytes()).ok()?;
        let mut all = Vec::new();
        stream.read_to_end(&mut all).ok()?;
        let end = all.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8(all[..end].to_vec()).ok()?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let rest = &all[end + 4..];
        let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
        Some(Answer { status, body: if chunked { unchunked(rest) } else { rest.to_vec() }, head })
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).expect("a process id")
    }

    /// Ends it in order: its exit code.
    pub fn end(mut self, signal: rustix::process::Signal) -> i32 {
        let pid = rustix::process::Pid::from_raw(self.pid()).expect("a process");
        rustix::process::kill_process(pid, signal).expect("the signal is sent");
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return status.code().expect("it ended by itself");
            }
            assert!(began.elapsed() < WITHIN, "it ends in time");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("its end");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).ok().and_then(|size| usize::from_str_radix(size, 16).ok()).unwrap_or(0);
        if size == 0 {
            break;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 2 + size + 2..];
    }
    body
}

/// A file in a folder of its own, for settings and certificates.
pub fn file(folder: &Folder, name: &str, content: &str) -> PathBuf {
    PathBuf::from(folder.file(name, content))
}
