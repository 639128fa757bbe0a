//! A report as HTML: one file that needs no other, or a piece of another page.

use crate::markup::Markup;
use crate::words::Verdicts;
use crate::{About, sections};
use zkimg_pipeline::Report;

/// How a report looks, on a screen and on paper.
pub const STYLE: &str = include_str!("report.css");

/// A whole file. It loads nothing, runs nothing and sends nothing, and says so to the browser.
pub fn document(report: &Report, about: &About) -> String {
    let mut page = Markup::default();
    page.tags(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"",
    );
    page.tags("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n");
    page.tags("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    page.text(Verdicts::of(report).title)
        .text(": zkimg report")
        .tags("</title>\n<style>\n")
        .tags(STYLE)
        .tags("</style>\n</head>\n<body>\n");
    write(&mut page, report, about);
    page.tags("</body>\n</html>\n");
    page.finish()
}

/// The same to be put into another page, which has [`STYLE`].
pub fn fragment(report: &Report, about: &About) -> String {
    let mut page = Markup::default();
    write(&mut page, report, about);
    page.finish()
}

fn write(page: &mut Markup, report: &Report, about: &About) {
    page.tags("<main class=\"zkimg-report\">\n");
    sections::verdict(page, report, about);
    sections::placement(page, report);
    sections::edits(page, report);
    sections::shown(page, report);
    sections::checks(page, report);
    sections::signer(page, report, about);
    sections::limits(page, report);
    page.tags("</main>\n");
}
