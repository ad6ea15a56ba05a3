//! Styles, scripts and icons, and their addresses.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use pages::{Asset, Assets};

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

#[test]
fn every_style_script_and_picture_is_sent() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let sent = |path: &PathBuf| path.extension().is_some_and(|kind| ["css", "js", "svg"].iter().any(|wanted| kind == *wanted));
    let name = |path: PathBuf| path.strip_prefix(&folder).expect("below").to_str().expect("a name").to_owned();
    let there: BTreeSet<String> = below(&folder).into_iter().filter(sent).map(name).filter(|name| name != "sw.js").collect();
    let listed: BTreeSet<String> = Assets::built_in().files().iter().map(|file| file.name.to_owned()).collect();
    assert_eq!(there, listed);
}

#[test]
fn an_address_leads_to_its_file_and_no_other_version_does() {
    let assets = Assets::built_in();
    for file in assets.files() {
        let address = assets.address(file.name).expect("an address");
        assert_eq!(assets.at(&address), Some(*file));
    }
    assert_eq!(assets.address("nothing.css"), None);
    for wrong in ["/static/app.css", "/static/0123456789abcdef/app.css", "app.css", "", "/"] {
        assert_eq!(assets.at(wrong), None, "{wrong}");
    }
}

#[test]
fn a_changed_byte_or_name_is_another_address() {
    let file = |name, bytes| Asset { name, media_type: "text/css", bytes };
    let folders: BTreeSet<String> =
        [file("a", b"b"), file("ab", b""), file("", b"ab"), file("a", b"c")].map(|file| Assets::of(vec![file]).folder().to_owned()).into();
    assert_eq!(folders.len(), 4);
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let worker = Asset { name: "sw.js", media_type: "text/javascript", bytes: Assets::service_worker() };
    for file in Assets::built_in().files().iter().copied().chain([worker]) {
        let text = std::str::from_utf8(file.bytes).expect("text");
        for (n, _) in text.match_indices("://") {
            let before = text[..n].rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            let after: String = text[n + 3..].chars().take_while(|c| !c.is_whitespace() && !"'\"`)<>".contains(*c)).collect();
            let names_a_format = after.starts_with("www.w3.org/");
            assert!(names_a_format || after.is_empty() || before.is_empty(), "{}: {before}://{after}", file.name);
        }
    }
}

#[test]
fn what_is_installed_begins_at_the_caseload_with_an_icon_of_this_version() {
    let assets = Assets::built_in();
    let manifest = assets.manifest();
    assert!(manifest.contains(r#""start_url":"/""#) && manifest.contains(r#""display":"standalone""#));
    let icon = manifest.split_once(r#""src":""#).expect("an icon").1.split('"').next().expect("an address");
    assert!(assets.at(icon).is_some(), "{icon}");
    assert_eq!(manifest.matches(['{', '[']).count(), manifest.matches(['}', ']']).count());
}

#[test]
fn every_asset_that_a_page_names_is_one() {
    for page in crate::data::all(pages::Lang::Nl) {
        for (n, _) in page.html.match_indices("/static/") {
            let address = page.html[n..].split(['"', '#']).next().expect("an address");
            assert!(Assets::built_in().at(address).is_some(), "{}: {address}", page.name);
        }
    }
}
