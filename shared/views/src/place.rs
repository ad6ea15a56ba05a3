//! Where a view lies: a folder for its name and version, and in it two slots, of which one is the living view's.
//!
//! ```text
//!   views/NAME-VERSION/a/      ◄── living   ("a" when there is no file `living`)
//!   views/NAME-VERSION/b/          a view that is being built beside it, or nothing
//!   views/NAME-VERSION/living      the name of the living slot; replaced in one step when the new view takes over
//! ```
//!
//! No open store is ever renamed: whichever name the file `living` holds when a process dies, both slots are what they say. The slot that
//! a view was replaced from is never sealed, so that it is not taken for one that is being built.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::ViewError;

const SLOTS: [&str; 2] = ["a", "b"];
/// So many bytes a store writes at first, about: with less than that it would fail again at once.
const ROOM: usize = 2 << 20;
/// The file that names the living slot.
const LIVING: &str = "living";

/// Where a view lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    root: PathBuf,
    name: String,
    version: u32,
}

impl Place {
    /// The place of a view of this name and version below the folder of all views.
    #[must_use]
    pub fn new(root: &Path, name: &str, version: u32) -> Self {
        Self { root: root.to_owned(), name: name.to_owned(), version }
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.root.join(format!("{}-{}", self.name, self.version))
    }

    /// The folder of the living view.
    #[must_use]
    pub fn living(&self) -> PathBuf {
        self.folder().join(self.slots()[0])
    }

    /// The folder of a view that is being built beside it.
    #[must_use]
    pub fn building(&self) -> PathBuf {
        self.folder().join(self.slots()[1])
    }

    /// The living slot's name and the other's. Where the file says neither, the first is living: a view is never lost by it, only built.
    fn slots(&self) -> [&'static str; 2] {
        let [a, b] = SLOTS;
        match fs::read_to_string(self.folder().join(LIVING)) {
            Ok(living) if living.trim() == b => [b, a],
            Ok(_) | Err(_) => [a, b],
        }
    }

    /// Makes the view that was built the living one, in one step. From then on the other slot is free.
    ///
    /// # Errors
    /// [`ViewError::Io`]; the living view is then the one that it was.
    pub fn swap(&self) -> Result<(), ViewError> {
        let new = self.folder().join("living.new");
        let write = || {
            use io::Write as _;
            // A view that is in memory alone has no folder yet.
            fs::create_dir_all(self.folder())?;
            let mut file = fs::File::create(&new)?;
            file.write_all(self.slots()[1].as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, self.folder().join(LIVING))
        };
        write().map_err(|e| self.io("putting the rebuilt view in its place", &e))
    }

    /// Whether a view could be written here now: writes what it writes first, and removes it.
    ///
    /// # Errors
    /// [`ViewError::Io`].
    pub fn look_for_room(&self) -> Result<(), ViewError> {
        let trial = self.folder().join("trial");
        let write = || {
            fs::create_dir_all(self.folder())?;
            let mut file = fs::File::create(&trial)?;
            io::Write::write_all(&mut file, &vec![0; ROOM])?;
            file.sync_all()
        };
        let written = write();
        let removed = fs::remove_file(&trial);
        written.and(removed).map_err(|e| self.io("looking for room for a view", &e))
    }

    /// Removes what lies in the slot that is not living.
    ///
    /// # Errors
    /// [`ViewError::Io`].
    pub fn remove_building(&self) -> Result<(), ViewError> {
        remove(&self.building()).map_err(|e| self.io("removing a view that is not needed any more", &e))
    }

    /// Removes the folders of older versions of this view, but for those that another process holds. Called once this version has caught
    /// up: until then an older program could still go on with the older one.
    ///
    /// # Errors
    /// [`ViewError::Io`].
    pub fn remove_older(&self) -> Result<(), ViewError> {
        let io = |e: io::Error| self.io("removing an older version of a view", &e);
        let entries = match fs::read_dir(&self.root) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(io)?,
        };
        for entry in entries {
            let entry = entry.map_err(io)?;
            let name = entry.file_name();
            let version = name.to_str().and_then(|name| name.strip_prefix(&self.name)?.strip_prefix('-')?.parse::<u32>().ok());
            if version.is_some_and(|version| version < self.version) && !SLOTS.iter().any(|slot| is_held(&entry.path().join(slot))) {
                remove(&entry.path()).map_err(io)?;
            }
        }
        Ok(())
    }

    fn io(&self, what: &'static str, cause: &io::Error) -> ViewError {
        ViewError::Io { what, folder: self.folder(), cause: cause.to_string() }
    }
}

/// Whether a process has the store of this slot open.
fn is_held(slot: &Path) -> bool {
    fs::File::open(slot.join("lock")).is_ok_and(|lock| lock.try_lock().is_err())
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
