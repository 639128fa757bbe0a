//! Our edits as C2PA's actions.

use serde_json::{Value, json};
use zkimg_pipeline::LinkReport;

/// The parameter that holds which edit of zkimg an action is.
const EDIT: &str = "io.github.zkimg.edit";

/// C2PA's name for an edit. `c2pa.redacted` is of assertions, never of pixels.
fn action(edit: &str) -> &'static str {
    match edit {
        "crop" => "c2pa.cropped",
        "resize" => "c2pa.resized",
        "flip" | "rotate" => "c2pa.orientation",
        "contrast" | "brightness" | "gamma" | "curve" | "white_balance" | "grayscale" | "rgb_to_ycbcr" | "ycbcr_to_rgb" => {
            "c2pa.adjustedColor"
        }
        "convolve" | "blur" | "sharpen" => "c2pa.filtered",
        "overlay" => "c2pa.placed",
        "jpeg" => "c2pa.transcoded",
        _ => "c2pa.edited",
    }
}

/// The actions of a chain, in order: the original, which nobody sees, and then what each person did.
pub(crate) fn actions(links: &[LinkReport], original: &str) -> Vec<Value> {
    let agent = json!({"name": "zkimg", "version": env!("CARGO_PKG_VERSION")});
    let mut all = vec![json!({"action": "c2pa.opened", "softwareAgent": agent, "parameters": {"ingredientIds": [original]}})];
    for link in links {
        for (edit, words) in link.edits.iter().zip(&link.words) {
            let name = edit.get("op").and_then(Value::as_str).unwrap_or_default();
            all.push(json!({
                "action": action(name), "softwareAgent": agent, "description": words, "parameters": {EDIT: name},
            }));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use zkimg_pipeline::edits::KINDS;

    #[test]
    fn every_edit_has_an_action() {
        let plain: Vec<_> = KINDS.iter().map(|kind| kind.name).filter(|name| action(name) == "c2pa.edited").collect();
        assert_eq!(plain, ["redact", "pixelate"], "an edit of pixels that C2PA has no name of its own for");
    }
}
