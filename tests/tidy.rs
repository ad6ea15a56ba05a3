//! The rules of the house, kept by a program.
//!
//! ARCHITECTURE.md says who may import whom and what is absent where; this file reads `cargo metadata` and the tree and says where that is no
//! longer so. Every rule is a function from what it looks at to its violations, and has two tests: one on the real tree (module `house`), which
//! prints all violations, and one on made-up input (module `rules_can_fail`), for a rule that cannot fail is no rule.
//!
//! A new crate gets a line in [`MAY_IMPORT`], a new top-level entry one in [`TOP_LEVEL`]: on purpose, so that both are decided, not drifted
//! into.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Which crates of the workspace a crate may use (dev-dependencies are free). `EVERYTHING` is every crate but `acceptance`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("proto-events", &[]),
    ("domain", &[]),
    ("keys", &[]),
    ("keys-nats", &["keys"]),
    ("pages", &[]),
    ("accounts", &["proto-events"]),
    ("figures", &["domain"]),
    ("cohorts", &["domain"]),
    ("tables", &["proto-events"]),
    ("report", &["domain", "figures"]),
    ("report-pdf", &["report"]),
    ("event-log", &["proto-events"]),
    ("log-embedded", &["event-log", "proto-events"]),
    ("log-jetstream", &["event-log", "proto-events"]),
    ("views", &["event-log", "proto-events"]),
    ("publications", &["figures", "domain", "proto-events"]),
    ("app", &["domain", "figures", "event-log", "proto-events", "keys", "views"]),
    ("synthetic", &["proto-events", "domain", "figures"]),
    ("sustainable-work", &["app", "domain", "figures", "views", "event-log", "proto-events"]),
    ("werkmonitor", &["app", "domain", "figures", "views", "event-log", "proto-events"]),
    (
        "gateway",
        &[
            "app",
            "accounts",
            "cohorts",
            "domain",
            "figures",
            "event-log",
            "proto-events",
            "keys",
            "pages",
            "report",
            "report-pdf",
            "tables",
        ],
    ),
    ("trajectlog", EVERYTHING),
    ("acceptance", EVERYTHING),
];
const EVERYTHING: &[&str] = &["*"];

/// What the pure core does without, as any kind of dependency: input and output, clocks, randomness, stored forms.
const NEVER_IN_DOMAIN: &[&str] = &[
    "tokio",
    "serde",
    "serde_json",
    "rmp-serde",
    "jiff",
    "chrono",
    "time",
    "rand",
    "rand_chacha",
    "rand_core",
    "getrandom",
    "fastrand",
    "rustix",
    "libc",
    "sled",
    "tracing",
];

/// External crates that stay in one place, and the crate that holds them.
const CONFINED: &[(&str, &str)] = &[("sled", "views")];

/// What may lie at the top of the repository.
const TOP_LEVEL: &[&str] = &[
    ".cargo",
    ".ci",
    ".config",
    ".git",
    ".gitattributes",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "clippy.toml",
    "deny.toml",
    "deploy",
    "docs",
    "justfile",
    "proto-events",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "services",
    "shared",
    "tests",
];
/// Made by running things here, never committed (`.gitignore` names them).
const LEFT_BY_RUNNING: &[&str] = &["target", "data", "demo-data"];
/// Folders at any depth in which nothing is ours.
const NOT_OURS: &[&str] = &[".git", "target", "node_modules", ".tools", "__pycache__", "demo-data"];

/// Lines of a Rust file, at most, unless its module docs say why it is longer.
const LONGEST_FILE: usize = 600;
/// The words that begin such a reason.
const REASON_FOR_LENGTH: &str = "Long because";

/// Hosts of package registries. How packages are found is a matter of the machine's settings, never of this tree.
/// Written in two parts so that this file keeps its own rule.
const REGISTRIES: &[&str] = &[
    concat!("crates", ".io"),
    concat!("registry.npmjs", ".org"),
    concat!("registry.yarnpkg", ".com"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("proxy.golang", ".org"),
    concat!("deb.debian", ".org"),
];
/// Folders of one machine: what stands below them is somewhere else, or nowhere, for everybody else.
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ho", "me/")];
/// Written by cargo, with the registry's address in it.
const WRITTEN_BY_TOOLS: &[&str] = &["Cargo.lock"];

/// A crate of the workspace, as far as the rules look at it.
struct Crate {
    name: String,
    /// Its manifest's path and text.
    manifest: Source,
    dependencies: Vec<Dependency>,
}

struct Dependency {
    name: String,
    for_tests_only: bool,
    features: Vec<String>,
}

/// A file of the tree: its path from the top, and its text.
struct Source {
    path: String,
    text: String,
}

/// A crate that this project uses, from wherever, and the licence that it states.
struct Used {
    name: String,
    licence: Option<String>,
}

type Violations = Vec<String>;

// ---- The rules -------------------------------------------------------------------------------------------------------------------------

fn arrows_run_as_the_architecture_says(crates: &[Crate]) -> Violations {
    let ours: BTreeSet<&str> = crates.iter().map(|one| one.name.as_str()).collect();
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut violations = Vec::new();
    for one in crates {
        let Some(allowed) = allowed.get(one.name.as_str()) else {
            violations.push(format!("crate {} has no line in MAY_IMPORT: decide what it may import", one.name));
            continue;
        };
        for used in one.dependencies.iter().filter(|used| !used.for_tests_only && ours.contains(used.name.as_str())) {
            let free = *allowed == EVERYTHING && used.name != "acceptance";
            if !free && !allowed.contains(&used.name.as_str()) {
                violations.push(format!("{} imports {}, which the architecture does not allow", one.name, used.name));
            }
        }
    }
    violations
}

fn the_domain_is_pure(crates: &[Crate]) -> Violations {
    let mut violations = Vec::new();
    for used in crates.iter().filter(|one| one.name == "domain").flat_map(|one| &one.dependencies) {
        if NEVER_IN_DOMAIN.contains(&used.name.as_str()) {
            violations.push(format!("domain depends on {}: the core is pure, in its tests too", used.name));
        }
        let random_ids = used.features.iter().filter(|feature| ["v1", "v4", "v6", "v7"].contains(&feature.as_str()));
        for feature in random_ids.filter(|_| used.name == "uuid") {
            violations.push(format!("domain asks for uuid with {feature}: new ids come with the command"));
        }
    }
    violations
}

fn confined_crates_stay_in_their_place(crates: &[Crate]) -> Violations {
    let mut violations = Vec::new();
    for (confined, home) in CONFINED {
        for one in crates.iter().filter(|one| one.name != *home) {
            if one.dependencies.iter().any(|used| used.name == *confined) {
                violations.push(format!("{} depends on {confined}, which stays in {home}", one.name));
            }
        }
    }
    violations
}

fn every_crate_takes_the_lints_of_the_workspace(crates: &[Crate]) -> Violations {
    let takes_them = |one: &&Crate| {
        let mut lines = one.manifest.text.lines().map(str::trim).skip_while(|line| *line != "[lints]").skip(1);
        lines.find(|line| !line.is_empty() && !line.starts_with('#')) != Some("workspace = true")
    };
    let lacking = crates.iter().filter(takes_them);
    lacking.map(|one| format!("{}: no `[lints]` with `workspace = true`", one.manifest.path)).collect()
}

/// Clippy reads the nearest `clippy.toml` only, so a crate's own must repeat the root's lines.
fn a_crates_clippy_file_repeats_the_roots(files: &[Source]) -> Violations {
    let of_the_root = files.iter().filter(|file| file.path == "clippy.toml").flat_map(|root| root.text.lines().map(str::trim));
    let wanted: Vec<&str> = of_the_root.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with("/clippy.toml")) {
        let own: BTreeSet<&str> = file.text.lines().map(str::trim).collect();
        for line in wanted.iter().filter(|line| !own.contains(*line)) {
            violations.push(format!("{} replaces the root's file and lacks its line `{line}`", file.path));
        }
    }
    violations
}

fn every_rust_file_begins_with_module_docs(files: &[Source]) -> Violations {
    let undocumented = rust(files).filter(|file| !file.text.starts_with("//!"));
    undocumented.map(|file| format!("{} does not begin with `//!` module docs", file.path)).collect()
}

fn no_rust_file_is_long_without_a_reason(files: &[Source]) -> Violations {
    let lines = |file: &Source| file.text.lines().count();
    let reason = |file: &Source| file.text.lines().take_while(|line| line.starts_with("//!")).any(|line| line.contains(REASON_FOR_LENGTH));
    let long = rust(files).filter(|file| lines(file) > LONGEST_FILE && !reason(file));
    let say = |file: &Source| {
        let count = lines(file);
        format!("{} has {count} lines (at most {LONGEST_FILE}): split it, or say `{REASON_FOR_LENGTH} …` in its module docs", file.path)
    };
    long.map(say).collect()
}

fn no_test_is_ignored(files: &[Source]) -> Violations {
    lines_with(rust(files), &[concat!("#[", "ignore"), concat!(", ", "ignore)]"), concat!(", ", "ignore =")], "a test that does not run")
}

fn nothing_is_left_to_do(files: &[Source]) -> Violations {
    lines_with(rust(files), &[concat!("to", "do!"), concat!("unimplement", "ed!")], "left to do")
}

fn names_of_tests_are_sentences(files: &[Source]) -> Violations {
    lines_with(rust(files), &[concat!("fn te", "st_")], "a test's name is a sentence, without that prefix")
}

fn the_tree_names_no_registry_and_no_path_of_one_machine(files: &[Source]) -> Violations {
    let ours = || files.iter().filter(|file| !WRITTEN_BY_TOOLS.iter().any(|tool| Path::new(&file.path).ends_with(tool)));
    let mut violations = lines_with(ours(), REGISTRIES, "a package registry");
    for file in ours() {
        for (number, line) in (1..).zip(file.text.lines()) {
            if MACHINE_PATHS.iter().any(|path| begins_a_path(line, path)) {
                violations.push(at(file, number, "a path of one machine", line));
            }
        }
    }
    violations
}

fn the_top_level_is_known(entries: &[String]) -> Violations {
    let unknown = entries.iter().filter(|entry| !TOP_LEVEL.contains(&entry.as_str()) && !LEFT_BY_RUNNING.contains(&entry.as_str()));
    unknown.map(|entry| format!("{entry} is not a known top-level entry: give it a place below, or a line in TOP_LEVEL")).collect()
}

/// A document that names the tests which keep it: each is there, and no row of a table of tests is without one. Named are
/// `crate/file.rs: name`, a file by its path from the top, and for a browser `path: "name"`; `tests/run: name` is a step.
fn every_test_that_a_document_names_is_there(document: &Source, files: &[Source]) -> Violations {
    let mut violations = Vec::new();
    let mut of_tests = false;
    for (number, line) in (1..).zip(document.text.lines()) {
        of_tests = if line.starts_with('|') { of_tests || line.ends_with(" tests |") } else { false };
        let quoted = line.split('`').skip(1).step_by(2);
        let named: Vec<_> = quoted.filter_map(|one| one.split_once(": ")).filter(|(place, _)| is_a_place_of_tests(place)).collect();
        for (place, name) in &named {
            if !has_test(files, place, name) {
                violations.push(at(document, number, "no such test", &format!("{place}: {name}")));
            }
        }
        if of_tests && named.is_empty() && !line.starts_with("| ---") && !line.ends_with(" tests |") {
            violations.push(at(document, number, "a row without a test", line));
        }
    }
    violations
}

fn is_a_place_of_tests(place: &str) -> bool {
    place == "tests/run" || place.ends_with(".rs") || place.ends_with(".mjs")
}

fn has_test(files: &[Source], place: &str, name: &str) -> bool {
    let Some((first, rest)) = place.split_once('/') else { return false };
    let is_meant = |path: &str| path == place || (path.ends_with(&format!("/{rest}")) && path.split('/').any(|folder| folder == first));
    let holds = |text: &str| match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(name) => ["test", "scene"].iter().any(|begins| text.contains(&format!("\n{begins}('{name}', "))),
        None if place == "tests/run" => text.contains(&format!("step \"{name}\"")),
        None => is_a_test(text, name),
    };
    files.iter().any(|file| is_meant(&file.path) && holds(&file.text))
}

/// Whether a function of this name follows an attribute that makes it a test.
fn is_a_test(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let begins = |line: &str| ["", "async ", "pub ", "pub async "].iter().any(|before| line.starts_with(&format!("{before}fn {name}(")));
    let attributes = |place: usize| lines[..place].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
    let is_marked = |place: usize| attributes(place).any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"));
    lines.iter().enumerate().any(|(place, line)| begins(line) && is_marked(place))
}

/// `cargo deny` looks at this too, where it is installed; the list is its file's.
fn licences_are_allowed(used: &[Used], allowed: &[&str]) -> Violations {
    let refused = |one: &&Used| !one.licence.as_deref().is_some_and(|licence| licence_allowed(&one_line(licence), allowed));
    let refused = used.iter().filter(refused);
    refused.map(|one| format!("{} has the licence {:?}, which deny.toml does not allow", one.name, one.licence)).collect()
}

fn everything_comes_from_one_registry(lock: &str) -> Violations {
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = "));
    let mut registries = BTreeSet::new();
    let mut violations = Vec::new();
    for source in sources {
        if !source.starts_with("\"registry+") {
            violations.push(format!("{source} is no registry"));
        } else if registries.insert(source) && registries.len() > 1 {
            violations.push(format!("{source} is a second registry"));
        }
    }
    violations
}

// ---- What they share -------------------------------------------------------------------------------------------------------------------

fn rust(files: &[Source]) -> impl Iterator<Item = &Source> {
    files.iter().filter(|file| file.path.ends_with(".rs"))
}

fn lines_with<'a>(files: impl Iterator<Item = &'a Source>, words: &[&str], what: &str) -> Violations {
    let mut violations = Vec::new();
    for file in files {
        for (number, line) in (1..).zip(file.text.lines()) {
            if words.iter().any(|word| line.contains(word)) {
                violations.push(at(file, number, what, line));
            }
        }
    }
    violations
}

fn at(file: &Source, number: usize, what: &str, line: &str) -> String {
    let line: String = line.trim().chars().take(100).collect();
    format!("{}:{number}: {what}: {line}", file.path)
}

/// Whether an absolute path begins with `path` somewhere in the line: `/x/` does in `cd /x/y`, and does not in `a/x/y`.
fn begins_a_path(line: &str, path: &str) -> bool {
    let goes_on = |before: char| before.is_alphanumeric() || "_-.}~/)>".contains(before);
    line.match_indices(path).any(|(from, _)| !line[..from].chars().next_back().is_some_and(goes_on))
}

/// An SPDX expression with a space around each parenthesis; some old crates write `/` for `OR`.
fn one_line(licence: &str) -> String {
    licence.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether an expression can be met with allowed licences alone: one side of each `OR`, both of each `AND`.
fn licence_allowed(expression: &str, allowed: &[&str]) -> bool {
    // `AND` binds closer than `OR`, and parentheses closest.
    let split = |word: &str| -> Option<(String, String)> {
        let mut depth = 0;
        let words: Vec<&str> = expression.split(' ').collect();
        for (place, here) in words.iter().enumerate() {
            match *here {
                "(" => depth += 1,
                ")" => depth -= 1,
                here if here == word && depth == 0 => return Some((words[..place].join(" "), words[place + 1..].join(" "))),
                _ => {}
            }
        }
        None
    };
    if let Some((left, right)) = split("OR") {
        licence_allowed(&left, allowed) || licence_allowed(&right, allowed)
    } else if let Some((left, right)) = split("AND") {
        licence_allowed(&left, allowed) && licence_allowed(&right, allowed)
    } else if let Some(inner) = expression.strip_prefix("( ").and_then(|rest| rest.strip_suffix(" )")) {
        licence_allowed(inner, allowed)
    } else {
        allowed.contains(&expression)
    }
}

/// The strings of the list `allow` in deny.toml.
fn allowed_licences(deny: &str) -> Vec<&str> {
    let lines = deny.lines().map(str::trim).skip_while(|line| *line != "allow = [").skip(1).take_while(|line| *line != "]");
    lines.map(|line| line.trim_matches(['"', ','])).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The text files of the tree; what is not UTF-8 is no text.
fn files() -> Vec<Source> {
    let root = root();
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) {
                folders.push(entry.path());
            } else if kind.is_file()
                && let Ok(text) = fs::read_to_string(entry.path())
            {
                let path = entry.path().strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                files.push(Source { path, text });
            }
        }
    }
    assert!(files.len() > 20, "the tree was not found");
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn crates() -> Vec<Crate> {
    let root = root();
    let metadata = cargo_metadata::MetadataCommand::new().manifest_path(root.join("Cargo.toml")).no_deps().exec().unwrap();
    let read = |package: &cargo_metadata::Package| {
        let path = package.manifest_path.strip_prefix(&root).unwrap().to_string();
        let dependencies = package.dependencies.iter().map(|used| Dependency {
            name: used.name.clone(),
            for_tests_only: used.kind == cargo_metadata::DependencyKind::Development,
            features: used.features.clone(),
        });
        Crate {
            name: package.name.to_string(),
            manifest: Source { path, text: fs::read_to_string(&package.manifest_path).unwrap() },
            dependencies: dependencies.collect(),
        }
    };
    let crates: Vec<_> = metadata.packages.iter().map(read).collect();
    assert!(crates.len() >= MAY_IMPORT.len(), "a crate that MAY_IMPORT names is gone");
    crates
}

/// Everything that is built into the program or its tests on this kind of machine.
fn used() -> Vec<Used> {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let options = ["--locked", "--filter-platform", &platform].map(str::to_owned);
    let metadata = cargo_metadata::MetadataCommand::new().manifest_path(root().join("Cargo.toml")).other_options(options).exec().unwrap();
    let used: Vec<_> = metadata.packages.iter().map(|one| Used { name: one.name.to_string(), licence: one.license.clone() }).collect();
    assert!(used.len() > 100, "the dependencies were not found");
    used
}

/// The rules on the real tree.
mod house {
    use super::*;

    fn none(violations: Violations) {
        assert!(violations.is_empty(), "{} violations:\n  {}\n", violations.len(), violations.join("\n  "));
    }

    #[test]
    fn arrows_run_as_the_architecture_says() {
        none(super::arrows_run_as_the_architecture_says(&crates()));
    }

    #[test]
    fn the_domain_is_pure() {
        none(super::the_domain_is_pure(&crates()));
    }

    #[test]
    fn confined_crates_stay_in_their_place() {
        none(super::confined_crates_stay_in_their_place(&crates()));
    }

    #[test]
    fn every_crate_takes_the_lints_of_the_workspace() {
        none(super::every_crate_takes_the_lints_of_the_workspace(&crates()));
    }

    #[test]
    fn a_crates_clippy_file_repeats_the_roots() {
        none(super::a_crates_clippy_file_repeats_the_roots(&files()));
    }

    #[test]
    fn licences_are_allowed() {
        let deny = fs::read_to_string(root().join("deny.toml")).unwrap();
        none(super::licences_are_allowed(&used(), &allowed_licences(&deny)));
    }

    #[test]
    fn everything_comes_from_one_registry() {
        none(super::everything_comes_from_one_registry(&fs::read_to_string(root().join("Cargo.lock")).unwrap()));
    }

    #[test]
    fn every_test_that_a_document_names_is_there() {
        let files = files();
        let document = files.iter().find(|file| file.path == "docs/asvs.md").unwrap();
        none(super::every_test_that_a_document_names_is_there(document, &files));
    }

    #[test]
    fn every_rust_file_begins_with_module_docs() {
        none(super::every_rust_file_begins_with_module_docs(&files()));
    }

    #[test]
    fn no_rust_file_is_long_without_a_reason() {
        none(super::no_rust_file_is_long_without_a_reason(&files()));
    }

    #[test]
    fn no_test_is_ignored() {
        none(super::no_test_is_ignored(&files()));
    }

    #[test]
    fn nothing_is_left_to_do() {
        none(super::nothing_is_left_to_do(&files()));
    }

    #[test]
    fn names_of_tests_are_sentences() {
        none(super::names_of_tests_are_sentences(&files()));
    }

    #[test]
    fn the_tree_names_no_registry_and_no_path_of_one_machine() {
        none(super::the_tree_names_no_registry_and_no_path_of_one_machine(&files()));
    }

    #[test]
    fn the_top_level_is_known() {
        let names = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        none(super::the_top_level_is_known(&names.collect::<Vec<_>>()));
    }
}

#[path = "tidy/rules_can_fail.rs"]
mod rules_can_fail;
