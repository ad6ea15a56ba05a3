//! The master key's file: made once, closed to others, never overwritten.

use std::{fs, os::unix::fs::PermissionsExt, sync::Barrier, thread};

use keys::{Class, KeyError, KeyStore, MasterKey, Mode};

#[test]
fn a_master_key_is_made_once_with_mode_600_and_stays_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let made = MasterKey::load_or_create(&path).unwrap().id();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(MasterKey::load_or_create(&path).unwrap().id(), made);
    assert_eq!(MasterKey::load(&path).unwrap().id(), made);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.len(), 65);
    assert_eq!(MasterKey::from_hex(&text).unwrap().id(), made, "the file and the setting have one form");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_key_file_that_others_can_read_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    MasterKey::load_or_create(&path).unwrap();
    for mode in [0o640, 0o604, 0o660, 0o610, 0o644] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        for refused in [MasterKey::load(&path), MasterKey::load_or_create(&path)] {
            let error = refused.unwrap_err();
            assert_eq!(error.class(), Class::Broken);
            assert!(error.to_string().contains(&format!("chmod 600 {}", path.display())), "{error}");
        }
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    MasterKey::load(&path).unwrap();
}

#[test]
fn a_missing_master_key_says_that_texts_cannot_be_opened_without() {
    let folder = tempfile::tempdir().unwrap();
    let error = MasterKey::load(&folder.path().join("master.key")).unwrap_err();
    assert!(matches!(error, KeyError::MasterKeyMissing { .. }));
    assert!(error.to_string().contains("restore it. Texts cannot be opened without"), "{error}");
}

#[test]
fn what_is_not_a_key_is_refused_without_being_repeated_or_overwritten() {
    let digits = "a7".repeat(32);
    let wrong = [String::new(), "a7".to_owned(), format!("{digits}a7"), digits.replacen('a', "g", 1), digits.replacen("a7", "é", 1)];
    for content in wrong {
        let error = MasterKey::from_hex(&content).unwrap_err();
        assert!(content.is_empty() || !error.to_string().contains(&content), "{error}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        fs::write(&path, &content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(MasterKey::load_or_create(&path), Err(KeyError::MasterKeyMalformed { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn upper_case_and_white_space_around_do_not_matter() {
    let digits = "a7".repeat(32);
    let plain = MasterKey::from_hex(&digits).unwrap().id();
    assert_eq!(MasterKey::from_hex(&format!(" {}\r\n", digits.to_uppercase())).unwrap().id(), plain);
}

#[test]
fn processes_that_start_at_once_get_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let barrier = Barrier::new(8);
    let ids: Vec<_> = thread::scope(|scope| {
        let start = || {
            scope.spawn(|| {
                barrier.wait();
                MasterKey::load_or_create(&path).unwrap().id()
            })
        };
        let threads: Vec<_> = (0..8).map(|_| start()).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn another_master_key_is_told_by_its_id() {
    let folder = tempfile::tempdir().unwrap();
    drop(crate::open(folder.path(), Mode::Write));
    let other = MasterKey::from_hex(&"b8".repeat(32)).unwrap();
    let (wanted, given) = (crate::master().id(), other.id());
    for mode in [Mode::ReadOnly, Mode::Write, Mode::WriteExisting] {
        let other = MasterKey::from_hex(&"b8".repeat(32)).unwrap();
        let error = KeyStore::open(folder.path(), other, mode).unwrap_err();
        assert!(matches!(error, KeyError::WrongMasterKey { wanted: w, given: g, .. } if w == wanted && g == given));
        assert!(error.to_string().starts_with("wrong master key"), "{error}");
    }
}
