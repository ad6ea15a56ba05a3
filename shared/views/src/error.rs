//! Why a view cannot be used.

use std::path::PathBuf;

/// A view is not there for us; the log still is.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// Another process holds the views.
    #[error("the views in {} are held by another process: wait until it has finished", folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder cannot be read or written.
    #[error("{what} in {}: {cause}", folder.display())]
    Io {
        /// What was being done.
        what: &'static str,
        /// The folder.
        folder: PathBuf,
        /// The cause in the system's words.
        cause: String,
    },
    /// What the store gives is not what was put in.
    #[error("the views in {} are damaged ({cause}): remove the folder, or run 'trajectlog rebuild'", folder.display())]
    Damaged {
        /// The folder.
        folder: PathBuf,
        /// What does not fit.
        cause: String,
    },
}
