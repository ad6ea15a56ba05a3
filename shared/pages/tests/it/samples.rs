//! Every page, rendered with the data of its sample, is the sample: so what the browser's tests find out about samples holds for what is sent.
//!
//! Where a script puts something into a page, the sample shows it filled; here it is put in the same place. The pages are also written to
//! `target/tmp/pages`, to look at them.

use std::{collections::BTreeSet, fs, path::Path};

use pages::Lang;

use crate::{
    data::{self, Sample},
    normal::normal,
};

fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("samples/{name}.html"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// As scripts do: each piece comes right behind its place.
fn with_what_scripts_put_in(Sample { html, put_in, .. }: &Sample) -> String {
    put_in.iter().fold(normal(html), |page, (place, content)| {
        let place = normal(place);
        assert!(page.contains(&place), "no place {place}");
        page.replacen(&place, &normal(content), 1)
    })
}

fn difference(served: &str, sample: &str) -> Option<String> {
    let (served, sample): (Vec<&str>, Vec<&str>) = (served.lines().collect(), sample.lines().collect());
    let same = served.iter().zip(&sample).take_while(|(one, other)| one == other).count();
    let around = |lines: &[&str]| lines.iter().skip(same.saturating_sub(3)).take(9).copied().collect::<Vec<_>>().join("\n    ");
    (served != sample).then(|| format!("  served\n    {}\n  sample\n    {}", around(&served), around(&sample)))
}

#[test]
fn every_page_is_its_sample() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(&folder).expect("a folder");
    let mut differences = Vec::new();
    for page in data::all(Lang::Nl) {
        fs::write(folder.join(format!("{}.html", page.name)), &page.html).expect("written");
        if let Some(difference) = difference(&with_what_scripts_put_in(&page), &normal(&sample(page.name))) {
            differences.push(format!("{}\n{difference}", page.name));
        }
    }
    for page in data::all(Lang::En) {
        fs::write(folder.join(format!("{}.en.html", page.name)), &page.html).expect("written");
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n\n"));
}

#[test]
fn every_sample_is_rendered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
    let there: BTreeSet<String> = files.filter_map(|name| name.strip_suffix(".html").map(str::to_owned)).collect();
    let rendered: BTreeSet<String> = data::all(Lang::Nl).into_iter().map(|page| page.name.to_owned()).collect();
    assert_eq!(there, rendered);
}

#[test]
fn a_difference_is_found() {
    assert!(difference(&normal("<p>one <a>two</a></p>"), &normal("<p>one<a>two</a></p>")).is_some());
    assert!(difference(&normal("<p>one</p>\n <p>two</p>"), &normal("<p>one</p><p>\n  two</p>")).is_none());
}
