//! The files of the page, which are part of the program.

use std::borrow::Cow;
use zkimg_pipeline::Part;

/// A file: its name, its media type, its bytes.
pub(super) struct Served {
    pub(super) name: Cow<'static, str>,
    pub(super) kind: &'static str,
    pub(super) bytes: &'static [u8],
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// The page itself.
pub(super) const INDEX: &str = include_str!("../../web/site/index.html");

/// The module, if the program was built with it.
#[cfg(feature = "page")]
const MODULE: Option<&[u8]> = Some(include_bytes!("../../web/zkimg.wasm"));
#[cfg(not(feature = "page"))]
const MODULE: Option<&[u8]> = None;

/// All of them; `None` if the program was built without the page.
pub(super) fn all() -> Option<Vec<Served>> {
    let fixed: [(&str, &str, &[u8]); 11] = [
        ("", "text/html; charset=utf-8", INDEX.as_bytes()),
        ("page.js", SCRIPT, include_bytes!("../../web/site/page.js")),
        ("page.css", STYLE, include_bytes!("../../web/site/page.css")),
        ("trust.js", SCRIPT, include_bytes!("../../web/site/trust.js")),
        ("trusted.js", SCRIPT, include_bytes!("../../web/site/trusted.js")),
        ("zkimg.js", SCRIPT, include_bytes!("../../web/site/zkimg.js")),
        ("worker.js", SCRIPT, include_bytes!("../../web/site/worker.js")),
        ("core.js", SCRIPT, include_bytes!("../../web/site/core.js")),
        ("icon.svg", "image/svg+xml", include_bytes!("../../web/site/icon.svg")),
        ("report.css", STYLE, zkimg_report::STYLE.as_bytes()),
        ("zkimg.wasm", "application/wasm", MODULE?),
    ];
    let fixed = fixed.into_iter().map(|(name, kind, bytes)| Served { name: name.into(), kind, bytes });
    let parts = Part::all().map(|(part, bytes)| Served { name: part.name().into(), kind: "application/octet-stream", bytes });
    Some(fixed.chain(parts).collect())
}
