//! Styles, scripts and icons, and the addresses under which a browser finds them.

use std::sync::{LazyLock, OnceLock};

use crate::strip::stripped;

/// Letters of the hash in an address: enough that two versions never share one.
const HASH: usize = 16;
/// The script that stands at the root, where it may serve every page: its address cannot change.
static SERVICE_WORKER: LazyLock<&'static [u8]> = LazyLock::new(|| sent(include_bytes!("../assets/sw.js")));

/// A script as it is sent. Kept for as long as the process lives, and made once for each.
fn sent(source: &'static [u8]) -> &'static [u8] {
    std::str::from_utf8(source).map_or(source, |script| stripped(script).leak().as_bytes())
}

/// A file that a browser loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its path below the folder of its version: `js/app.js`.
    pub name: &'static str,
    /// Its media type, as `Content-Type` says it.
    pub media_type: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
}

macro_rules! files {
    ($media_type:literal: $($name:literal),+ $(,)?) => {
        [$(Asset { name: $name, media_type: $media_type, bytes: include_bytes!(concat!("../assets/", $name)) }),+]
    };
}

const STYLES: [Asset; 2] = files!("text/css; charset=utf-8": "vendor/nl-design-system/nl-design-system.css", "app.css");
const SCRIPTS: [Asset; 12] = files!("text/javascript; charset=utf-8":
    "js/app.js",
    "js/events.js",
    "js/forms.js",
    "js/live.js",
    "js/look.js",
    "js/outbox.js",
    "js/page.js",
    "js/store.js",
    "js/strings.en.js",
    "js/strings.en.refusals.js",
    "js/strings.nl.js",
    "js/view.js",
);
const PICTURES: [Asset; 2] = files!("image/svg+xml": "icons.svg", "mark.svg");

/// All files of this build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    files: Vec<Asset>,
    folder: String,
}

impl Assets {
    /// Those of this program.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Assets> = OnceLock::new();
        let scripts = || SCRIPTS.into_iter().map(|script| Asset { bytes: sent(script.bytes), ..script });
        BUILT_IN.get_or_init(|| Self::of(STYLES.into_iter().chain(scripts()).chain(PICTURES).collect()))
    }

    /// These files, under an address of their own.
    #[must_use]
    pub fn of(files: Vec<Asset>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for file in &files {
            for part in [file.name.as_bytes(), file.bytes] {
                // With its length: no two lists of files read alike.
                hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
            }
        }
        let hash = hasher.finalize().to_hex();
        Self { files, folder: format!("/static/{}", &hash[..HASH]) }
    }

    /// The folder of all addresses, with the hash: `/static/0123456789abcdef`.
    #[must_use]
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The address of a file; `None` when there is none of this name.
    #[must_use]
    pub fn address(&self, name: &str) -> Option<String> {
        self.files.iter().find(|file| file.name == name).map(|file| format!("{}/{}", self.folder, file.name))
    }

    /// The file at this address; `None` for one of another version too, which must not be taken for this one.
    #[must_use]
    pub fn at(&self, address: &str) -> Option<Asset> {
        let name = address.strip_prefix(&self.folder)?.strip_prefix('/')?;
        self.files.iter().find(|file| file.name == name).copied()
    }

    /// All of them.
    #[must_use]
    pub fn files(&self) -> &[Asset] {
        &self.files
    }

    /// What a device has to know to install the application, at `/manifest.webmanifest` as `application/manifest+json`.
    #[must_use]
    pub fn manifest(&self) -> String {
        let icon = format!("{}/mark.svg", self.folder);
        let icons = format!(r#"[{{"src":"{icon}","type":"image/svg+xml","sizes":"any","purpose":"any"}}]"#);
        let colours = r##""background_color":"#f5f7f7","theme_color":"#0b5c66""##;
        format!(
            r#"{{"name":"Trajectlog","short_name":"Trajectlog","lang":"nl","id":"/","start_url":"/","scope":"/","display":"standalone",{colours},"icons":{icons}}}"#
        )
    }

    /// The service worker, without the line that says which files there are.
    #[must_use]
    pub fn service_worker() -> &'static [u8] {
        &SERVICE_WORKER
    }
}
