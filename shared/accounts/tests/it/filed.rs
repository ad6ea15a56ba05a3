//! The register in a folder: durable, closed to others, and every damage named.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use accounts::{
    FiledRegister, MemoryRegister,
    conformance::keeps_the_contract,
    register::{Expected, Key, Kind, Register, RegisterError, Revision},
};

fn key(text: &str) -> Key {
    Key::new(text).unwrap()
}

/// Opens a folder. A test beside this one starts processes, and between fork and exec each holds the locks of this process for a moment; so
/// what is in use is tried again, but not for ever.
fn open(folder: &Path) -> Result<FiledRegister, RegisterError> {
    for _ in 0..100 {
        match FiledRegister::open(folder) {
            Err(RegisterError::InUse { .. }) => sleep(Duration::from_millis(5)),
            opened => return opened,
        }
    }
    FiledRegister::open(folder)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// A folder with one account and one session, closed.
async fn with_records(folder: &Path) -> PathBuf {
    let folder = folder.join("accounts");
    let register = open(&folder).unwrap();
    register.put(Kind::Account, &key("one"), b"{\"a\":1}".to_vec(), Expected::Nothing).await.unwrap();
    register.put(Kind::Session, &key("two"), b"{\"b\":2}".to_vec(), Expected::Nothing).await.unwrap();
    folder
}

#[tokio::test]
async fn every_register_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    keeps_the_contract(&open(&folder.path().join("accounts")).unwrap()).await;
    keeps_the_contract(&MemoryRegister::new()).await;
    keeps_the_contract(&MemoryRegister::shared()).await;
}

#[tokio::test]
async fn what_was_put_is_there_after_opening_again_and_nobody_else_may_read_it() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = with_records(temporary.path()).await;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!((mode(&folder.join("account")), mode(&folder.join("account/one"))), (0o700, 0o600));
    let register = open(&folder).unwrap();
    let all = register.all().await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].value, b"{\"a\":1}");
    let next = register.put(Kind::Account, &key("one"), b"{}".to_vec(), Expected::Record(all[0].revision)).await.unwrap();
    assert!(next > all[1].revision, "revisions go on where they were");
    let refused = register.put(Kind::Account, &key("three"), b"{}".to_vec(), Expected::Kind(all[0].revision)).await;
    assert!(matches!(refused, Err(RegisterError::Conflict { .. })));
    assert_eq!(register.place(Kind::Account, &key("one")), folder.join("account/one").display().to_string());
}

#[tokio::test]
async fn a_folder_has_one_process() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("accounts");
    let register = open(&folder).unwrap();
    assert!(matches!(open(&folder), Err(RegisterError::InUse { .. })));
    drop(register);
    open(&folder).unwrap();
}

#[tokio::test]
async fn a_folder_that_others_may_enter_is_refused_with_what_to_do() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = with_records(temporary.path()).await;
    for wrong in [0o755, 0o750, 0o701] {
        fs::set_permissions(&folder, fs::Permissions::from_mode(wrong)).unwrap();
        let error = open(&folder).unwrap_err();
        assert!(error.to_string().contains(&format!("chmod 700 {}", folder.display())), "{error}");
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    open(&folder).unwrap();
}

#[tokio::test]
async fn a_record_that_was_on_its_way_when_the_process_died_is_cleaned_away() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = with_records(temporary.path()).await;
    let passing = folder.join("account/.new");
    fs::write(&passing, "trajectlog accounts v1 account one 9 0").unwrap();
    let register = open(&folder).unwrap();
    assert!(!passing.exists());
    assert_eq!(register.all().await.unwrap().len(), 2);
}

#[tokio::test]
async fn every_byte_of_a_record_counts() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = with_records(temporary.path()).await;
    let file = folder.join("account/one");
    let good = fs::read(&file).unwrap();
    let named = |what: &str| {
        let error = open(&folder).unwrap_err();
        let told = matches!(error, RegisterError::Damaged { .. } | RegisterError::Newer { .. });
        assert!(told && error.to_string().contains(&file.display().to_string()), "{what}: {error}");
    };
    for place in 0..good.len() {
        for bit in [0, 5, 7] {
            let mut wrong = good.clone();
            wrong[place] ^= 1 << bit;
            fs::write(&file, wrong).unwrap();
            named(&format!("bit {bit} of byte {place}"));
        }
        fs::write(&file, &good[..place]).unwrap();
        named(&format!("cut at {place}"));
    }
    fs::write(&file, [good.as_slice(), b"x"].concat()).unwrap();
    named("longer");
    fs::write(&file, "x".repeat(1_000_000)).unwrap();
    named("much longer");
    fs::write(&file, String::from_utf8(good.clone()).unwrap().replace("v1", "v2")).unwrap();
    assert!(matches!(open(&folder), Err(RegisterError::Newer { .. })));
    fs::write(&file, &good).unwrap();
    open(&folder).unwrap();
}

#[tokio::test]
async fn what_is_no_record_of_that_name_is_not_skipped() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = with_records(temporary.path()).await;
    let named = |path: PathBuf| {
        let error = open(&folder).unwrap_err();
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    };
    for stranger in ["one~", "One", "README.txt", ".hidden"] {
        let path = folder.join("account").join(stranger);
        fs::write(&path, "x").unwrap();
        named(path.clone());
        fs::remove_file(path).unwrap();
    }
    fs::create_dir(folder.join("cover/sub")).unwrap();
    named(folder.join("cover/sub"));
    fs::remove_dir(folder.join("cover/sub")).unwrap();
    fs::copy(folder.join("account/one"), folder.join("account/another")).unwrap();
    named(folder.join("account/another"));
    fs::rename(folder.join("account/another"), folder.join("token/one")).unwrap();
    named(folder.join("token/one"));
}

#[tokio::test]
async fn a_record_that_cannot_be_put_in_its_place_changes_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = with_records(temporary.path()).await;
    let register = open(&folder).unwrap();
    // A folder of that name, which a file does not replace.
    fs::create_dir_all(folder.join("account/three/in")).unwrap();
    let refused = register.put(Kind::Account, &key("three"), b"{}".to_vec(), Expected::Nothing).await;
    assert!(matches!(refused, Err(RegisterError::Unavailable { .. })), "{refused:?}");
    assert!(!folder.join("account/.new").exists());
    fs::remove_dir_all(folder.join("account/three")).unwrap();
    let one = register.all().await.unwrap()[0].revision;
    register.put(Kind::Account, &key("three"), b"{}".to_vec(), Expected::Kind(one)).await.unwrap();
}

/// Says to the child where to write.
const CHILD: &str = "ACCOUNTS_TEST_FOLDER";

/// Run by the test below in a process of its own; by itself it does nothing.
#[tokio::test]
async fn writes_until_it_is_killed() {
    let Some(folder) = env::var_os(CHILD) else { return };
    let register = open(Path::new(&folder)).unwrap();
    let mut revision = Revision(0);
    for number in 0.. {
        revision = match number {
            0 => register.put(Kind::Account, &key("one"), b"0".to_vec(), Expected::Nothing).await.unwrap(),
            _ => register.put(Kind::Account, &key("one"), number.to_string().into_bytes(), Expected::Record(revision)).await.unwrap(),
        };
        println!("acknowledged {number}");
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_kill_9() {
    let temporary = tempfile::tempdir().unwrap();
    for round in 0..5 {
        let folder = temporary.path().join(format!("accounts-{round}"));
        let mut child = Command::new(env::current_exe().unwrap());
        child.args(["--exact", "filed::writes_until_it_is_killed", "--nocapture"]).env(CHILD, &folder).stdout(Stdio::piped());
        let mut child = child.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut acknowledged = |line: String| line.split("acknowledged ").nth(1).and_then(|number| number.trim().parse::<u64>().ok());
        let enough = lines.by_ref().filter_map(&mut acknowledged).find(|number| *number >= 20 + round * 7).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let last = lines.filter_map(&mut acknowledged).max().unwrap_or(enough);
        let register = open(&folder).unwrap();
        let all = register.all().await.unwrap();
        let found: u64 = String::from_utf8(all[0].value.clone()).unwrap().parse().unwrap();
        assert!((last..=last + 1).contains(&found), "acknowledged {last}, found {found}");
        assert!(!folder.join("account/.new").exists());
    }
}
