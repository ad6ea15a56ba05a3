//! The rules on made-up input: each finds what it is for, and nothing in what is right.

use super::*;

fn one(name: &str, uses: &[&str], in_tests: &[&str]) -> Crate {
    let manifest = format!("[package]\nname = \"{name}\"\n\n[lints]\nworkspace = true\n");
    let depend = |for_tests_only: bool| move |name: &&str| Dependency { name: (*name).to_owned(), for_tests_only, features: Vec::new() };
    Crate {
        name: name.to_owned(),
        manifest: Source { path: format!("{name}/Cargo.toml"), text: manifest },
        dependencies: uses.iter().map(depend(false)).chain(in_tests.iter().map(depend(true))).collect(),
    }
}

fn file(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

/// As many violations as there are words, each with its word.
fn finds(violations: Violations, words: &[&str]) {
    assert_eq!(violations.len(), words.len(), "{violations:#?}");
    for (violation, word) in violations.iter().zip(words) {
        assert!(violation.contains(word), "{violation} lacks {word}");
    }
}

#[test]
fn arrows_that_run_otherwise_are_found() {
    let tree = [
        one("domain", &["figures", "uuid"], &[]),
        one("figures", &["domain"], &["synthetic"]),
        one("synthetic", &["keys"], &[]),
        one("keys", &[], &["app"]),
        one("trajectlog", &["keys", "acceptance"], &[]),
        one("acceptance", &["trajectlog"], &[]),
        one("unheard-of", &[], &[]),
    ];
    let found = arrows_run_as_the_architecture_says(&tree);
    finds(found, &["domain imports figures", "synthetic imports keys", "trajectlog imports acceptance", "crate unheard-of"]);
}

#[test]
fn an_impure_domain_is_found_also_in_its_tests() {
    let mut domain = one("domain", &["uuid", "tokio"], &["serde", "proptest"]);
    domain.dependencies[0].features = vec!["std".to_owned(), "v4".to_owned()];
    finds(the_domain_is_pure(&[domain, one("app", &["tokio"], &[])]), &["v4", "tokio", "serde"]);
}

#[test]
fn a_confined_crate_elsewhere_is_found() {
    finds(confined_crates_stay_in_their_place(&[one("views", &["sled"], &[]), one("app", &["sled"], &[])]), &["app"]);
}

#[test]
fn a_crate_without_the_lints_is_found() {
    let with = |name, text: &str| Crate { manifest: file(name, text), ..one(name, &[], &[]) };
    let tree = [
        with("a", "[lints]\n\n# as all do\nworkspace = true\n"),
        with("b", "[package]\nworkspace = true\n"),
        with("c", "[lints]\n[dependencies]\nworkspace = true\n"),
    ];
    finds(every_crate_takes_the_lints_of_the_workspace(&tree), &["b", "c"]);
}

#[test]
fn a_clippy_file_that_forgets_the_root_is_found() {
    let root = file("clippy.toml", "# why\na = true\nb = true\n");
    let tree = [root, file("x/clippy.toml", "b = true\na = true\nc = 1"), file("y/clippy.toml", "a = true\n# b = true")];
    finds(a_crates_clippy_file_repeats_the_roots(&tree), &["`b = true`"]);
}

#[test]
fn a_file_without_module_docs_is_found() {
    let tree = [file("a.rs", "//! A.\n"), file("b.rs", "// b\n"), file("c.rs", ""), file("d.md", "d")];
    finds(every_rust_file_begins_with_module_docs(&tree), &["b.rs", "c.rs"]);
}

#[test]
fn a_long_file_without_a_reason_is_found() {
    let body = "x\n".repeat(600);
    let with_reason = format!("//! A.\n//!\n//! Long because it is a table.\n{body}");
    let tree = [file("a.rs", &body), file("b.rs", &format!("{body}//! Long because\n")), file("c.rs", &with_reason)];
    finds(no_rust_file_is_long_without_a_reason(&tree), &["b.rs has 601 lines"]);
}

#[test]
fn an_ignored_test_is_found() {
    let text = ["#[te", "st]\n#[ign", "ore]\n#[ign", "ore = \"slow\"]\n#[cfg_attr(x, ign", "ore)]\nlet ignored = 1;"].concat();
    finds(no_test_is_ignored(&[file("a.rs", &text)]), &["a.rs:2", "a.rs:3", "a.rs:4"]);
}

#[test]
fn what_is_left_to_do_is_found() {
    let text = ["to", "do!()\nunimple", "mented!()\nself.todo()"].concat();
    finds(nothing_is_left_to_do(&[file("a.rs", &text)]), &["a.rs:1", "a.rs:2"]);
}

#[test]
fn a_prefixed_test_name_is_found() {
    let text = ["fn te", "st_it() {}\nfn a_test_of_it() {}"].concat();
    finds(names_of_tests_are_sentences(&[file("a.rs", &text)]), &["a.rs:1"]);
}

#[test]
fn registries_and_machine_paths_are_found() {
    let registry = ["see https://crates", ".io/x"].concat();
    let path = ["cd /wo", "rk/x"].concat();
    let quoted = ["\"/ho", "me/x\""].concat();
    let relative = ["shared/wo", "rk/x and ${HERE}/wo", "rk/y"].concat();
    let tree = [file("a.md", &registry), file("Cargo.lock", &registry), file("b", &path), file("c", &quoted), file("d", &relative)];
    finds(the_tree_names_no_registry_and_no_path_of_one_machine(&tree), &["a.md:1", "b:1", "c:1"]);
}

#[test]
fn an_unknown_top_level_entry_is_found() {
    let entries = ["shared", "target", "Cargo.toml", "notes.txt"].map(str::to_owned);
    finds(the_top_level_is_known(&entries), &["notes.txt"]);
}

#[test]
fn a_licence_that_is_not_allowed_is_found() {
    let used = |name: &str, licence: Option<&str>| Used { name: name.to_owned(), licence: licence.map(str::to_owned) };
    let tree = [
        used("a", Some("MIT/Apache-2.0")),
        used("b", Some("(GPL-3.0 OR MIT) AND Zlib")),
        used("c", Some("GPL-3.0 AND Zlib OR Apache-2.0 WITH LLVM-exception")),
        used("d", Some("GPL-3.0")),
        used("e", None),
        used("f", Some("MIT AND GPL-3.0")),
        used("g", Some("(MIT AND GPL-3.0) OR (ISC AND MIT)")),
    ];
    let allowed = allowed_licences("[licenses]\nallow = [\n    \"MIT\",\n    \"Zlib\",\n  \"Apache-2.0 WITH LLVM-exception\"\n]\nISC\n");
    finds(licences_are_allowed(&tree, &allowed), &["d has", "e has", "f has", "g has"]);
}

#[test]
fn a_second_registry_and_a_repository_are_found() {
    let lock = "source = \"registry+a\"\nname = \"x\"\nsource = \"registry+a\"\nsource = \"git+b\"\nsource = \"registry+c\"\n";
    finds(everything_comes_from_one_registry(lock), &["git+b", "registry+c"]);
}

#[test]
fn a_test_that_is_named_and_not_there_is_found_and_a_row_that_names_none() {
    let marked = "#[test]\nfn it_holds() {}\nfn helper() {}\n#[tokio::test(flavor = \"multi_thread\")]\nasync fn it_waits() {}\n";
    let tree = [
        file("services/gateway/tests/it/csrf.rs", marked),
        file("shared/keys/src/text.rs", "mod tests {\n    /// Why.\n    #[test]\n    fn it_opens() {}\n}\n"),
        file("tests/browser/x.test.mjs", "\nscene('it is shown', async () => {});\n// it is said\n"),
        file("tests/run", "    step \"deploy: nats\"   15m  x\n"),
        file("shared/accounts/tests/it/csrf.rs", "fn it_is_elsewhere() {}"),
    ];
    let good = "| point | how | tests |\n| --- | --- | --- |\n\
                | 1 | a | `gateway/csrf.rs: it_holds`, `gateway/csrf.rs: it_waits` |\n| 2 | `x: y` | `keys/text.rs: it_opens` |\n\
                | 3 | c | `tests/browser/x.test.mjs: \"it is shown\"`, `tests/run: deploy: nats` |\n\n| 4 | without tests | |\n";
    finds(every_test_that_a_document_names_is_there(&file("d.md", good), &tree), &[]);
    let bad = "`gateway/csrf.rs: it_fails` `gateway/csrf.rs: helper` `keys/csrf.rs: it_holds` `gateway/csrf.rs: it_is_elsewhere`\n\
               `tests/browser/x.test.mjs: \"it is said\"` `tests/run: deploy`\n| point | tests |\n| --- | --- |\n| 5 | none `a: b` |\n";
    let found = every_test_that_a_document_names_is_there(&file("d.md", bad), &tree);
    finds(found, &["it_fails", "helper", "keys/csrf.rs", "elsewhere", "it is said", "deploy", "d.md:5: a row without"]);
}
