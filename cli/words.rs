//! What only the tool says of a check.

use zkimg_pipeline::{DeviceTrust, Finding};

/// What a check found.
pub(crate) fn finding(finding: &Finding) -> String {
    match finding {
        Finding::Device(DeviceTrust::Unjudged) => {
            "no trusted camera was named (--trust); trust the key that signed only if you know whose it is".into()
        }
        other => other.to_string(),
    }
}
