//! The adapters keep the port's contract, and what was changed on disk is named.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use publications::{FiledRegister, MemoryRegister, Publications, Register, RegisterError, Status, conformance};

use crate::world::{moment, vintage};

#[test]
fn memory_keeps_the_contract() {
    conformance::keeps_the_contract(&MemoryRegister::default());
}

#[test]
fn a_folder_keeps_the_contract_also_when_it_is_opened_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("publications");
    conformance::keeps_the_contract(&FiledRegister::new(&path));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    let refused = FiledRegister::new(&path).append(3, b"again");
    assert!(matches!(refused, Err(RegisterError::Conflict { .. })));
}

fn three_vintages(folder: &Path) {
    let mut publications = Publications::open(Arc::new(FiledRegister::new(folder))).unwrap();
    for at in ["2025-05-15T12:00:00Z", "2025-05-16T12:00:00Z", "2025-05-17T12:00:00Z"] {
        publications.publish(vintage("2025Q1", at, Status::Provisional), None, "anna", moment("2025-06-01T00:00:00Z")).unwrap();
    }
}

/// What opening a register says after somebody did this to its folder.
fn after(damage: impl FnOnce(&Path)) -> Option<RegisterError> {
    let folder = tempfile::tempdir().unwrap();
    three_vintages(folder.path());
    damage(folder.path());
    Publications::open(Arc::new(FiledRegister::new(folder.path()))).err()
}

#[test]
fn what_was_published_is_read_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    three_vintages(folder.path());
    let publications = Publications::open(Arc::new(FiledRegister::new(folder.path()))).unwrap();
    let records = publications.records();
    assert_eq!(records.len(), 3);
    assert_eq!(records[2].previous, records[1].hash);
}

#[test]
fn any_changed_byte_and_any_missing_or_exchanged_record_is_noticed() {
    assert!(after(|_| {}).is_none());
    for place in [0, 10, 200, 900] {
        let found = after(|folder| {
            let file = folder.join("00000002");
            let mut bytes = fs::read(&file).unwrap();
            bytes[place] ^= 1;
            fs::write(&file, bytes).unwrap();
        });
        assert!(matches!(found, Some(RegisterError::Damaged { .. })), "byte {place}: {found:?}");
    }
    let missing = after(|folder| fs::remove_file(folder.join("00000002")).unwrap());
    assert!(matches!(missing, Some(RegisterError::Damaged { .. })));
    let exchanged = after(|folder| {
        fs::rename(folder.join("00000002"), folder.join("x")).unwrap();
        fs::rename(folder.join("00000001"), folder.join("00000002")).unwrap();
        fs::rename(folder.join("x"), folder.join("00000001")).unwrap();
    });
    assert!(matches!(exchanged, Some(RegisterError::Damaged { .. })));
    let rewritten = after(|folder| {
        // In the right form, with another author: only the next record tells.
        let file = folder.join("00000001");
        let text = fs::read_to_string(&file).unwrap().replace("\"by\":\"anna\"", "\"by\":\"bert\"");
        fs::write(&file, text).unwrap();
    });
    assert!(matches!(rewritten, Some(RegisterError::Damaged { .. })));
}

#[test]
fn a_record_that_was_on_its_way_when_the_power_went_is_none() {
    assert!(after(|folder| fs::write(folder.join(".new"), "half").unwrap()).is_none());
}
