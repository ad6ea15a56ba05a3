//! The quarterly report within the application: a sheet of paper, the way to its PDF, and the way back to the figures or the publications.

use std::borrow::Cow;

use askama::Template;

use crate::{
    dashboard::quarter_words,
    frame::{Frame, Page},
};

/// The page of `/cijfers/verslag`.
#[derive(Debug, Template)]
#[template(path = "report.html")]
pub struct ReportPage {
    /// What stands around it.
    pub frame: Frame,
    /// `2025Q1`.
    pub quarter: String,
    /// What the scope is called.
    pub scope_name: String,
    /// The scope, as the address has it.
    pub scope: String,
    /// The address of the report's own style sheet.
    pub style: String,
    /// The report as an `article` with the heading of the page: markup of a template that has escaped what it was given, put in as it is.
    pub article: String,
    /// The number of the publication that it is of; `None` of what the log holds now.
    pub publication: Option<u64>,
    /// Whether there is a PDF of it.
    pub has_pdf: bool,
}

impl Page for ReportPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        let f = &self.frame;
        let of_publication = self.publication_words().map_or_else(String::new, |words| format!(" · {words}"));
        let quarter = quarter_words(&self.quarter, f.lang);
        format!("{} {quarter} · {}{of_publication}", f.t("Kwartaalverslag", "Quarterly report"), self.scope_name).into()
    }

    fn at(&self) -> &'static str {
        "/cijfers"
    }
}

impl ReportPage {
    /// The figures that it tells of, or the publications that it is one of: address and words.
    fn back(&self) -> (String, &str) {
        let (f, of) = (&self.frame, of(&self.quarter, &self.scope));
        match self.publication {
            None => (format!("/cijfers?{of}"), f.t("Terug naar de cijfers", "Back to the figures")),
            Some(_) => (format!("/cijfers/publicaties?{of}"), f.t("Terug naar de publicaties", "Back to the publications")),
        }
    }

    /// `publicatie 3`.
    fn publication_words(&self) -> Option<String> {
        self.publication.map(|number| format!("{} {number}", self.frame.t("publicatie", "publication")))
    }

    fn pdf(&self) -> String {
        format!("/cijfers/verslag.pdf?{}", address_of(&self.quarter, &self.scope, self.publication))
    }
}

/// What the address of a report asks for.
pub(crate) fn address_of(quarter: &str, scope: &str, publication: Option<u64>) -> String {
    let of = of(quarter, scope);
    publication.map_or_else(|| of.clone(), |number| format!("{of}&publicatie={number}"))
}

/// What an address asks for.
pub(crate) fn of(quarter: &str, scope: &str) -> String {
    format!("kwartaal={quarter}&gebied={scope}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Assets, Lang, Theme};

    fn page(lang: Lang, publication: Option<u64>, has_pdf: bool) -> String {
        let frame = Frame { lang, theme: Theme::Auto, who: None, csrf: String::new(), assets: Assets::built_in() };
        let (quarter, scope, scope_name) = ("2025Q1".to_owned(), "region:AM18".to_owned(), "<Groot> Amsterdam".to_owned());
        let (style, article) = ("/static/0/report.css".to_owned(), "<article lang=\"nl\"><h1>Werkmonitor</h1></article>".to_owned());
        ReportPage { frame, quarter, scope_name, scope, style, article, publication, has_pdf }.html().unwrap()
    }

    #[test]
    fn a_report_stands_as_it_was_written_on_a_sheet_with_its_styles_and_ways_on_and_back() {
        let html = page(Lang::Nl, None, true);
        assert!(html.contains("<title>Kwartaalverslag 1e kwartaal 2025 · &#60;Groot&#62; Amsterdam"), "{html}");
        assert!(html.contains("<link rel=\"stylesheet\" href=\"/static/0/report.css\">"), "{html}");
        let sheet = html.split_once("<div class=\"report-sheet\">").unwrap().1.trim_start();
        assert!(sheet.starts_with("<article lang=\"nl\"><h1>Werkmonitor</h1></article>"), "{sheet}");
        for address in ["/cijfers", "/cijfers/verslag.pdf"] {
            assert!(html.contains(&format!("href=\"{address}?kwartaal=2025Q1&#38;gebied=region:AM18\"")), "{address}: {html}");
        }
    }

    #[test]
    fn where_no_pdf_is_written_none_is_offered() {
        assert!(!page(Lang::Nl, None, false).contains("pdf"));
    }

    #[test]
    fn in_english_it_is_said_that_the_report_is_in_dutch() {
        assert!(page(Lang::En, None, true).contains("It is in Dutch."));
    }

    #[test]
    fn the_report_on_a_publication_says_which_and_leads_back_to_the_publications() {
        let html = page(Lang::Nl, Some(12), true);
        assert!(html.contains("<title>Kwartaalverslag 1e kwartaal 2025 · &#60;Groot&#62; Amsterdam · publicatie 12"), "{html}");
        for address in ["/cijfers/publicaties?kwartaal=2025Q1", "/cijfers/verslag.pdf?kwartaal=2025Q1"] {
            assert!(html.contains(&format!("href=\"{address}&#38;gebied=region:AM18")), "{address}: {html}");
        }
        assert!(html.contains("&#38;gebied=region:AM18&#38;publicatie=12\" download"), "{html}");
        assert!(html.contains("Dit is het verslag van publicatie 12"), "{html}");
    }
}
