//! A data folder of its own for each test, and the program run on it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// What a run of the program left behind.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: Vec<u8>,
    pub err: String,
}

impl Run {
    pub fn of(output: Output) -> Self {
        let code = output.status.code().expect("no signal ended it");
        Self { code, out: output.stdout, err: String::from_utf8(output.stderr).expect("sentences in UTF-8") }
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.out).expect("UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// The lines of standard error that are JSON objects.
    pub fn faults(&self) -> Vec<Value> {
        self.err.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
    }

    /// It did what was asked, and said nothing about it.
    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!((self.code, self.err.as_str()), (0, ""));
        self
    }

    /// It failed with this code and a sentence that holds these words, and standard output is empty.
    #[track_caller]
    pub fn failed(self, code: i32, words: &str) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.err.contains(words), "'{words}' in {}", self.err);
        assert_eq!(self.text(), "");
        self
    }
}

/// A data folder, not yet made.
pub struct Folder {
    around: TempDir,
}

impl Folder {
    pub fn new() -> Self {
        Self { around: TempDir::new().expect("a folder") }
    }

    /// A folder that holds these lines.
    pub fn with(lines: &str) -> Self {
        let folder = Self::new();
        folder.import(lines).done();
        folder
    }

    pub fn data(&self) -> PathBuf {
        self.around.path().join("data")
    }

    /// A place beside the data folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.around.path().join(name)
    }

    /// The program, in a directory of its own and with nothing of the caller's settings.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trajectlog"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TRAJECTLOG_")) {
            command.env_remove(name);
        }
        command.current_dir(self.around.path()).stdin(Stdio::null());
        command
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.program();
        command.arg("--data").arg(self.data()).args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().expect("the program starts"))
    }

    /// A file beside the data folder.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.beside(name);
        fs::write(&path, content).expect("a file");
        path.to_str().expect("UTF-8").to_owned()
    }

    pub fn import(&self, lines: &str) -> Run {
        self.import_with(lines, &[])
    }

    pub fn import_with(&self, lines: &str, arguments: &[&str]) -> Run {
        let file = self.file("lines.jsonl", lines);
        self.run(&[&["import", &file], arguments].concat())
    }

    pub fn import_from_standard_input(&self, lines: &[u8]) -> Run {
        let mut child = self
            .command(&["import", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("its input").write_all(lines).expect("it reads");
        Run::of(child.wait_with_output().expect("it ends"))
    }

    pub fn export(&self) -> String {
        self.run(&["export"]).done().text().to_owned()
    }

    /// The figures of 2025Q1 as JSON.
    pub fn figures(&self, arguments: &[&str]) -> Value {
        self.run(&[&["figures", "--quarter", "2025Q1", "--format", "json"], arguments].concat()).done().json()
    }

    /// How many trajectories run in 2025Q1.
    pub fn running(&self, arguments: &[&str]) -> u64 {
        self.figures(arguments)["figures"]["all"]["running"].as_u64().expect("a number")
    }

    /// The files below one of its folders, in order.
    pub fn files(&self, below: &str) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            fs::read_dir(self.data().join(below)).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        files.retain(|path| path.is_file() && fs::metadata(path).expect("a file").len() > 0);
        files.sort();
        files
    }
}

pub fn summary(imported: u64, already_present: u64, refused: u64) -> String {
    format!("{{\"imported\":{imported},\"already_present\":{already_present},\"refused\":{refused}}}\n")
}

/// Everything below a folder, its files' content included.
pub fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let content = fs::read(&path).expect("a file");
                found.push((path, content));
            }
        }
    }
    found.sort();
    found
}

pub fn copy(from: &Path, to: &Path) {
    for (path, content) in contents(from) {
        let target = to.join(path.strip_prefix(from).expect("below it"));
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        fs::write(&target, content).expect("a file");
        fs::set_permissions(&target, fs::metadata(&path).expect("a file").permissions()).expect("its mode");
    }
}

/// Numbers that are the same in every run.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below this one.
    pub fn below(&mut self, end: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % end as u64) as usize
    }
}
