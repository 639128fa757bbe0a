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
const PAGE: &str = "text/html; charset=utf-8";
const DRAWING: &str = "image/svg+xml";
const MODULE: &str = "application/wasm";

/// The page itself.
pub(super) const INDEX: &str = include_str!("../../web/site/index.html");

/// The page that edits and proves.
pub(super) const MAKE: &str = include_str!("../../web/site/make.html");

/// The modules, the verifier's and the maker's, if the program was built with them.
#[cfg(feature = "page")]
const MODULES: Option<[&[u8]; 2]> = Some([include_bytes!("../../web/zkimg.wasm"), include_bytes!("../../web/zkimg-maker.wasm")]);
#[cfg(not(feature = "page"))]
const MODULES: Option<[&[u8]; 2]> = None;

/// All of them; `None` if the program was built without the page.
pub(super) fn all() -> Option<Vec<Served>> {
    macro_rules! site {
        ($($name:literal $kind:ident),* $(,)?) => { [$(($name, $kind, include_bytes!(concat!("../../web/site/", $name)).as_slice())),*] };
    }
    let [verifier, maker] = MODULES?;
    let site = site![
        "page.js" SCRIPT, "page.css" STYLE, "trust.js" SCRIPT, "trusted.js" SCRIPT, "zkimg.js" SCRIPT, "worker.js" SCRIPT, "core.js" SCRIPT,
        "rooms.js" SCRIPT, "loading.js" SCRIPT, "icon.svg" DRAWING, "make.html" PAGE, "make.js" SCRIPT, "make.css" STYLE, "recipe.js" SCRIPT,
        "box.js" SCRIPT, "maker.js" SCRIPT, "maker-worker.js" SCRIPT, "maker-core.js" SCRIPT,
    ];
    let others = [
        ("", PAGE, INDEX.as_bytes()),
        ("report.css", STYLE, zkimg_report::STYLE.as_bytes()),
        ("zkimg.wasm", MODULE, verifier),
        ("zkimg-maker.wasm", MODULE, maker),
    ];
    let fixed = site.into_iter().chain(others);
    let fixed = fixed.map(|(name, kind, bytes)| Served { name: name.into(), kind, bytes });
    let parts = Part::all().map(|(part, bytes)| Served { name: part.name().into(), kind: "application/octet-stream", bytes });
    Some(fixed.chain(parts).collect())
}
