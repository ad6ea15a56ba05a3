//! Who may read the folder: its owner.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use crate::{lines::history, support::Folder};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

fn everything_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    let mut next = 0;
    while let Some(path) = found.get(next).cloned() {
        next += 1;
        if path.is_dir() {
            found.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        }
    }
    found
}

#[test]
fn log_and_keys_are_for_their_owner_alone() {
    let folder = Folder::with(&history(2));
    for below in ["log", "keys"] {
        for path in everything_below(&folder.data().join(below)) {
            let expected = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode(&path), expected, "{} has mode {:o}", path.display(), mode(&path));
        }
    }
}

#[test]
fn the_data_folder_lets_nobody_else_in() {
    let folder = Folder::with(&history(2));
    folder.run(&["rebuild"]).done();
    assert_eq!(mode(&folder.data()), 0o700, "the views below it have the modes that their store gives them");
}

#[test]
fn a_master_key_that_others_may_read_is_not_used() {
    let folder = Folder::with(&history(2));
    fs::set_permissions(folder.data().join("keys/master.key"), fs::Permissions::from_mode(0o644)).expect("changed");
    let run = folder.run(&["export"]);
    assert!(run.code != 0 && run.err.contains("master.key"), "{run:?}");
    assert_eq!(run.text(), "");
}

#[test]
fn a_credential_of_the_service_may_be_readable_by_its_group_and_nothing_else_may() {
    let folder = Folder::new();
    let (given, below) = (folder.beside("credentials"), folder.beside("credentials/below"));
    fs::create_dir_all(&below).expect("folders");
    let keys = [given.join("master.key"), below.join("master.key"), folder.beside("master.key")];
    for key in &keys {
        fs::write(key, "a7".repeat(32)).expect("written");
        fs::set_permissions(key, fs::Permissions::from_mode(0o600)).expect("changed");
    }
    let file = folder.file("lines.jsonl", history(2));
    let with = |key: &Path, credentials: Option<&Path>, arguments: &[&str]| {
        let mut command = folder.command(arguments);
        command.arg("--master-key-file").arg(key).env_remove("CREDENTIALS_DIRECTORY");
        if let Some(credentials) = credentials {
            command.env("CREDENTIALS_DIRECTORY", credentials);
        }
        command.output().expect("it runs").status.code()
    };
    assert_eq!(with(&keys[0], None, &["import", &file]), Some(0));
    let with_mode = |mode: u32, key: &Path, credentials: Option<&Path>| {
        fs::set_permissions(key, fs::Permissions::from_mode(mode)).expect("changed");
        with(key, credentials, &["export"])
    };
    for mode in [0o400, 0o440] {
        assert_eq!(with_mode(mode, &keys[0], Some(&given)), Some(0), "{mode:o}: as systemd gives it");
    }
    for mode in [0o444, 0o404, 0o460, 0o450, 0o640 | 0o004] {
        assert_eq!(with_mode(mode, &keys[0], Some(&given)), Some(3), "{mode:o}");
    }
    for (key, credentials) in [(&keys[0], None), (&keys[0], Some(below.as_path())), (&keys[0], Some(Path::new("")))] {
        assert_eq!(with_mode(0o440, key, credentials), Some(3), "{credentials:?} is not its folder");
    }
    for key in &keys[1..] {
        assert_eq!(with_mode(0o440, key, Some(&given)), Some(3), "{} is no credential", key.display());
    }
    std::os::unix::fs::symlink(&keys[2], given.join("link.key")).expect("a link");
    assert_eq!(with(&given.join("link.key"), Some(&given), &["export"]), Some(3), "what it leads to is no credential");
}

#[test]
fn a_master_key_elsewhere_is_used_and_none_is_made_in_the_folder() {
    let folder = Folder::new();
    let key = folder.beside("elsewhere.key");
    let file = folder.file("lines.jsonl", history(2));
    let with = |arguments: &[&str]| folder.command(arguments).arg("--master-key-file").arg(&key).output().expect("it runs");
    assert_eq!(with(&["import", &file]).status.code(), Some(0));
    assert_eq!(mode(&key), 0o600);
    assert!(!folder.data().join("keys/master.key").exists());
    assert_eq!(with(&["export"]).status.code(), Some(0));
    folder.run(&["export"]).failed(3, "master.key");
}

#[test]
fn a_master_key_in_the_environment_is_used_and_never_shown() {
    let folder = Folder::new();
    let secret = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    let file = folder.file("lines.jsonl", history(2));
    let with = |key: &str, arguments: &[&str]| folder.command(arguments).env("TRAJECTLOG_MASTER_KEY", key).output().expect("it runs");
    assert_eq!(with(secret, &["import", &file]).status.code(), Some(0));
    assert!(!folder.data().join("keys/master.key").exists());
    assert_eq!(with(secret, &["export"]).status.code(), Some(0));
    let other = secret.replace("1f", "20");
    for wrong in [other.as_str(), "not hexadecimal", ""] {
        let run = with(wrong, &["export"]);
        assert!(matches!(run.status.code(), Some(1..=3)), "{run:?}");
        let err = String::from_utf8(run.stderr).expect("UTF-8");
        assert!(!err.contains(wrong) || wrong.is_empty(), "{err}");
        assert!(run.stdout.is_empty());
    }
    let path = folder.data();
    assert!(
        crate::support::contents(&path).iter().all(|(_, content)| !content.windows(secret.len()).any(|window| window == secret.as_bytes()))
    );
}
