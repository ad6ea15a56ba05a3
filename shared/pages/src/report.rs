//! The quarterly report within the application: a sheet of paper, the way to its PDF, and the way back to the figures.

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
    /// Whether there is a PDF of it.
    pub has_pdf: bool,
}

impl Page for ReportPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        let f = &self.frame;
        format!("{} {} · {}", f.t("Kwartaalverslag", "Quarterly report"), quarter_words(&self.quarter, f.lang), self.scope_name).into()
    }

    fn at(&self) -> &'static str {
        "/cijfers"
    }
}

impl ReportPage {
    /// The figures that it tells of.
    fn figures(&self) -> String {
        format!("/cijfers?{}", of(&self.quarter, &self.scope))
    }

    fn pdf(&self) -> String {
        format!("/cijfers/verslag.pdf?{}", of(&self.quarter, &self.scope))
    }
}

/// What an address asks for.
pub(crate) fn of(quarter: &str, scope: &str) -> String {
    format!("kwartaal={quarter}&gebied={scope}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Assets, Lang, Theme};

    fn page(lang: Lang, has_pdf: bool) -> String {
        let frame = Frame { lang, theme: Theme::Auto, who: None, csrf: String::new(), assets: Assets::built_in() };
        let (quarter, scope, scope_name) = ("2025Q1".to_owned(), "region:AM18".to_owned(), "<Groot> Amsterdam".to_owned());
        let (style, article) = ("/static/0/report.css".to_owned(), "<article lang=\"nl\"><h1>Werkmonitor</h1></article>".to_owned());
        ReportPage { frame, quarter, scope_name, scope, style, article, has_pdf }.html().unwrap()
    }

    #[test]
    fn a_report_stands_as_it_was_written_on_a_sheet_with_its_styles_and_ways_on_and_back() {
        let html = page(Lang::Nl, true);
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
        assert!(!page(Lang::Nl, false).contains("pdf"));
    }

    #[test]
    fn in_english_it_is_said_that_the_report_is_in_dutch() {
        assert!(page(Lang::En, true).contains("It is in Dutch."));
    }
}
