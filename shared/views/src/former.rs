//! The former layout, in which the index lay in the folder of all views itself and nothing could be built beside it.

use std::{fs, io, path::Path};

use crate::ViewError;

/// What a store in the former layout consists of. The lock goes last: it is held meanwhile.
const PARTS: [&str; 3] = ["store", "seal", "lock"];

/// Moves an index of the former layout to where it lies now; where there is one already, the former one is removed. Nothing is touched that
/// an older program holds.
///
/// # Errors
/// [`ViewError::Io`]; what was moved in part is not believed and begins again.
pub(crate) fn take_over(root: &Path, living: &Path) -> Result<(), ViewError> {
    let io = |e: io::Error| ViewError::Io { what: "moving the index", folder: root.to_owned(), cause: e.to_string() };
    let held = match fs::File::open(root.join("lock")) {
        Ok(lock) => lock,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(io(e)),
    };
    if held.try_lock().is_err() {
        return Ok(());
    }
    let moves = !living.exists();
    if moves {
        fs::create_dir_all(living).map_err(io)?;
    }
    for part in PARTS {
        let (from, to) = (root.join(part), living.join(part));
        let done = match (moves, fs::metadata(&from)) {
            (_, Err(e)) => Err(e),
            (true, Ok(_)) => fs::rename(&from, to),
            (false, Ok(what)) if what.is_dir() => fs::remove_dir_all(&from),
            (false, Ok(_)) => fs::remove_file(&from),
        };
        match done {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(io(e)),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}
