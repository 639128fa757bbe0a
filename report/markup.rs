//! Markup with texts in it. Tags are written in this program; whatever else is written is text, and escaped.

use std::fmt::{Display, Write};
use zkimg_pipeline::text::shown;

/// A piece of a page, being written.
#[derive(Default)]
pub(crate) struct Markup(String);

impl Markup {
    /// Tags. They are known when this program is compiled, so no text of a stranger can be one.
    pub(crate) fn tags(&mut self, tags: &'static str) -> &mut Markup {
        self.0.push_str(tags);
        self
    }

    /// A text, which cannot end the element or the attribute that it stands in. Hidden characters are written out.
    pub(crate) fn text(&mut self, text: impl Display) -> &mut Markup {
        for c in shown(&text.to_string()).chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// A stranger's text, which cannot turn the words around it, whatever its script.
    pub(crate) fn isolated(&mut self, text: impl Display) -> &mut Markup {
        self.tags("<bdi>").text(text).tags("</bdi>")
    }

    /// A length in a drawing.
    pub(crate) fn number(&mut self, number: f64) -> &mut Markup {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "{number:.2}");
        self
    }

    /// A paragraph of words of our own.
    pub(crate) fn paragraph(&mut self, text: impl Display) -> &mut Markup {
        self.tags("<p>").text(text).tags("</p>\n")
    }

    /// A list of words of our own, if there is anything to list.
    pub(crate) fn list(&mut self, items: &[impl Display]) -> &mut Markup {
        if items.is_empty() {
            return self;
        }
        self.tags("<ul>\n");
        for item in items {
            self.tags("<li>").text(item).tags("</li>\n");
        }
        self.tags("</ul>\n")
    }

    /// The piece as it was written.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}
