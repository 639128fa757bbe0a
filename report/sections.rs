//! The sections of a report.

use crate::drawing::{draw, legend};
use crate::limits::{hidden, not_checked, not_proved, placed};
use crate::markup::Markup;
use crate::words::{Standing, VERSION, Verdicts, by_standing, holds, quoted, testimony, utc};
use crate::{About, File};
use zkimg_pipeline::{LinkReport, Report, Verdict};

/// The verdict, and the files that it is about.
pub(crate) fn verdict(page: &mut Markup, report: &Report, about: &About) {
    let words = Verdicts::of(report);
    // One look for all that is not trusted and not wrong: a proof that holds is no praise of its camera.
    page.tags(match report.verdict {
        Verdict::Trusted => "<section class=\"verdict trusted\">\n<h1>",
        Verdict::Invalid => "<section class=\"verdict invalid\">\n<h1>",
        _ => "<section class=\"verdict untrusted\">\n<h1>",
    });
    page.text(words.title).tags("</h1>\n<p>").text(capital(words.before));
    let subject = about.picture.as_ref().or(about.proof.as_ref());
    page.isolated(subject.map_or("this file", |file| &file.name)).text(words.after).tags("</p>\n</section>\n<dl>\n");
    file(page, "Picture", about.picture.as_ref());
    file(page, "Proof", about.proof.as_ref());
    page.tags("<dt>Checked</dt><dd>").text(utc(about.checked)).text(", by zkimg ").text(VERSION).tags("</dd>\n</dl>\n");
}

/// The first word of a sentence.
fn capital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

fn file(page: &mut Markup, what: &'static str, file: Option<&File>) {
    if let Some(File { name, sha256 }) = file {
        page.tags("<dt>").text(what).tags("</dt><dd>").isolated(name);
        page.tags("<br><span class=\"digest\">SHA-256 ").text(sha256).tags("</span></dd>\n");
    }
}

/// Where the picture lay; nothing, if the file says what does not hold.
pub(crate) fn placement(page: &mut Markup, report: &Report) {
    let Some(placement) = report.placement.as_ref().filter(|_| holds(report)) else { return };
    page.tags("<section>\n<h2>What part of the photo it is</h2>\n<figure>\n");
    draw(page, placement);
    page.tags("<figcaption>\n")
        .paragraph(placed(report, placement))
        .list(&legend(placement))
        .tags("</figcaption>\n</figure>\n</section>\n");
}

/// Who did what, if it holds.
pub(crate) fn edits(page: &mut Markup, report: &Report) {
    if !holds(report) {
        return;
    }
    page.tags("<section>\n<h2>Who did what</h2>\n");
    if let Some(to) = report.published {
        let from = report.original;
        page.paragraph(format_args!(
            "{} × {} pixels became {} × {}. Places are counted from the left and from the top, in the picture as it was then.",
            from.width, from.height, to.width, to.height
        ));
    }
    page.tags("<ol class=\"links\">\n");
    report.links.iter().for_each(|link| maker(page, link));
    page.tags("</ol>\n</section>\n");
}

fn maker(page: &mut Markup, link: &LinkReport) {
    page.tags("<li><p>");
    match Standing::of(link) {
        Standing::Confirmed(label) => page.text("confirmed by the key ").isolated(quoted(label)),
        other => page.text(other),
    };
    match &link.name {
        Some(name) => page.text(": ").isolated(quoted(name)),
        None => page.text(", no name"),
    };
    page.tags("</p>\n");
    if let Some(note) = &link.note {
        page.tags("<p class=\"note\">Note: ").isolated(quoted(note)).tags("</p>\n");
    }
    if link.words.is_empty() {
        page.paragraph("No edits.");
    }
    page.tags("<ol>\n");
    for words in &link.words {
        page.tags("<li>").text(words).tags("</li>\n");
    }
    page.tags("</ol></li>\n");
}

/// What is shown of the photo's EXIF data, if it holds, and what stands behind it.
pub(crate) fn shown(page: &mut Markup, report: &Report) {
    if report.shown.is_empty() || !holds(report) {
        return;
    }
    page.tags("<section>\n<h2>What is shown of the photo's EXIF data</h2>\n");
    for (standing, fields) in by_standing(&report.shown) {
        page.tags("<p>").text(capital(&standing.to_string())).tags(":</p>\n<dl>\n");
        for field in fields {
            page.tags("<dt>").text(field.title).tags("</dt><dd>").isolated(quoted(&field.value)).tags("</dd>\n");
        }
        page.tags("</dl>\n");
    }
    page.tags("</section>\n");
}

/// What every check found, and which were not made.
pub(crate) fn checks(page: &mut Markup, report: &Report) {
    page.tags("<section>\n<h2>What was checked</h2>\n<table>\n");
    for finding in &report.findings {
        page.tags(if finding.holds() { "<tr><td>✓</td><th>" } else { "<tr><td>✗</td><th>" });
        page.text(finding.checked().name()).tags("</th><td>").text(finding).tags("</td></tr>\n");
    }
    for (check, why) in not_checked(report) {
        page.tags("<tr class=\"unchecked\"><td>–</td><th>").text(check.name()).tags("</th><td>").text(why).tags("</td></tr>\n");
    }
    page.tags("</table>\n");
    if report.security_bits > 0 {
        page.paragraph(format_args!("Soundness of the weakest link: {} bits.", report.security_bits));
    }
    page.tags("</section>\n");
}

/// The camera or the notary, what a notary says, and who vouches for either.
pub(crate) fn signer(page: &mut Markup, report: &Report, about: &About) {
    page.tags(if report.source.is_notary() { "<section>\n<h2>The notary</h2>\n" } else { "<section>\n<h2>The camera</h2>\n" });
    if holds(report) {
        for sentence in testimony(&report.source) {
            page.tags("<p>").isolated(capital(&sentence)).tags(".</p>\n");
        }
    }
    page.tags("<dl>\n<dt>Key</dt><dd class=\"digest\">").text(&report.source.key).tags("</dd>\n<dt>Vouched for by</dt><dd>");
    match &about.vouchers[..] {
        [] => {
            page.text("nobody whom this reader trusts");
        }
        vouchers => {
            for (at, voucher) in vouchers.iter().enumerate() {
                let whose = if about.store { "the reader's trust store, as " } else { "the reader's list " };
                page.text(if at == 0 { whose } else { ", " }).isolated(quoted(voucher));
            }
        }
    }
    page.tags("</dd>\n<dt>Signed</dt><dd>");
    match report.captured {
        Some(time) => page.text(utc(time)).text(format_args!(", by the {}'s clock", report.source.role().name)),
        None => page.text("at a time that stays hidden"),
    };
    if let Some(decoder) = &report.source.decoder {
        page.tags("</dd>\n<dt>Decoded by</dt><dd>").text(decoder);
    }
    page.tags("</dd>\n</dl>\n</section>\n");
}

/// What stays hidden, what is not proved, and what this page itself is worth.
pub(crate) fn limits(page: &mut Markup, report: &Report) {
    let hidden = hidden(report);
    if !hidden.is_empty() {
        page.tags("<section>\n<h2>What stays hidden</h2>\n").list(&hidden).tags("</section>\n");
    }
    page.tags("<section>\n<h2>What is not proved</h2>\n").list(&not_proved(report)).tags("</section>\n");
    page.tags("<footer><p>This page is a note of what one reader's program found, and anyone can write such a page. ");
    page.tags("To be sure, check the picture and its proof yourself: <code>zkimg verify PICTURE PROOF ");
    page.tags(if report.source.is_notary() { "--notaries NOTARY.pub" } else { "--trust CAMERA.pub" }).tags("</code></p></footer>\n");
}
