//! No page can carry what a strict policy forbids, and nothing that somebody wrote becomes markup.

use pages::{Lang, Occasion};

use crate::{
    data::{self, sign_in},
    normal::tags,
};

#[test]
fn no_page_has_an_inline_script_style_or_handler() {
    for page in data::all(Lang::Nl).into_iter().chain(data::all(Lang::En)) {
        for tag in tags(&page.html) {
            let attributes = tag.split_whitespace().skip(1).map(|one| one.split('=').next().unwrap_or_default().to_ascii_lowercase());
            for attribute in attributes {
                assert!(attribute != "style" && !attribute.starts_with("on"), "{}: {tag}", page.name);
            }
            assert!(!tag.starts_with("<style"), "{}: {tag}", page.name);
            assert!(!tag.starts_with("<script") || tag.contains(" src="), "{}: {tag}", page.name);
            assert!(!tag.contains("javascript:"), "{}: {tag}", page.name);
        }
    }
}

#[test]
fn every_id_of_a_page_is_its_own_and_every_reference_has_an_id() {
    for page in data::all(Lang::Nl).into_iter().chain(data::all(Lang::En)) {
        let values = |key: &str| -> Vec<String> {
            let of = |tag: String| tag.split_once(key).map(|(_, rest)| rest.split('"').next().unwrap_or_default().to_owned());
            tags(&page.html).into_iter().filter_map(of).collect()
        };
        let mut ids = values(" id=\"");
        ids.sort_unstable();
        assert!(ids.windows(2).all(|two| two[0] != two[1]), "{}: an id twice in {ids:?}", page.name);
        for key in [" for=\"", " aria-labelledby=\"", " aria-describedby=\""] {
            for id in values(key).iter().flat_map(|value| value.split(' ')) {
                assert!(ids.iter().any(|there| there == id), "{}: {key}{id} is nowhere", page.name);
            }
        }
    }
}

#[test]
fn every_form_that_posts_carries_the_token() {
    for page in data::all(Lang::Nl) {
        let forms = page.html.matches(r#"method="post""#).count();
        let tokens = page.html.matches(r#"<input type="hidden" name="csrf" value="c2FtcGxl">"#).count();
        assert_eq!(forms, tokens, "{}", page.name);
    }
}

#[test]
fn what_somebody_typed_does_not_become_markup() {
    let mut page = sign_in::page(Lang::Nl, Occasion::Wrong);
    page.next = r#"/"><script>alert(1)</script>"#.to_owned();
    let html = pages::Page::html(&page).expect("rendered");
    assert!(!html.contains("<script>"), "{html}");
}
