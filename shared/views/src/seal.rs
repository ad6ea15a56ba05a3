//! The seal: what the folder's files were when the views were closed in order.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use event_log::Position;

/// The seal's file, beside the store.
const SEAL: &str = "seal";

/// How every store lies in sled: before the name of its form. Another way is another layout, and older stores are built anew.
const LAYOUT: &str = "one tree";

/// The seal's first line.
fn first_line(form: &str) -> String {
    format!("{LAYOUT}, {form}")
}

/// Whether the folder is as it was sealed. Reading everything once is far cheaper than building it again.
pub(crate) fn fits(folder: &Path, store: &Path, form: &str) -> bool {
    let sealed = fs::read_to_string(folder.join(SEAL));
    let checkpoint = checkpoint(folder, form).unwrap_or_default();
    sealed.is_ok_and(|sealed| describe(store, form, checkpoint).is_ok_and(|now| now == sealed))
}

/// The checkpoint of a sealed view of this form, without opening it: how far a log reached when it was closed.
pub(crate) fn checkpoint(folder: &Path, form: &str) -> Option<Position> {
    let sealed = fs::read_to_string(folder.join(SEAL)).ok()?;
    let mut lines = sealed.lines();
    lines.next().filter(|sealed| *sealed == first_line(form))?;
    lines.next()?.strip_prefix("checkpoint ")?.parse().ok().map(Position)
}

/// Seals what the closed store holds.
pub(crate) fn put(folder: &Path, store: &Path, form: &str, checkpoint: Position) -> io::Result<()> {
    let new = folder.join("seal.new");
    fs::write(&new, describe(store, form, checkpoint)?)?;
    fs::rename(new, folder.join(SEAL))
}

/// Breaks the seal: from now on the store changes.
pub(crate) fn break_it(folder: &Path) -> io::Result<()> {
    match fs::remove_file(folder.join(SEAL)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Every file below the store, with its length and checksum.
fn describe(store: &Path, form: &str, checkpoint: Position) -> io::Result<String> {
    let (mut files, mut folders) = (Vec::<PathBuf>::new(), vec![store.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() { folders.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    files.sort_unstable();
    let mut text = format!("{}\ncheckpoint {checkpoint}\n", first_line(form));
    for file in files {
        let (length, checksum) = checksum(&file)?;
        let name = file.strip_prefix(store).unwrap_or(&file);
        writeln!(text, "{} {length} {checksum:08x}", name.display()).map_err(io::Error::other)?;
    }
    Ok(text)
}

fn checksum(path: &Path) -> io::Result<(u64, u32)> {
    const BLOCK: usize = 1 << 20;
    let mut file = fs::File::open(path)?;
    let (mut block, mut length, mut checksum) = (vec![0; BLOCK], 0, 0);
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok((length, checksum));
        }
        length += read as u64;
        checksum = crc32c::crc32c_append(checksum, &block[..read]);
    }
}
