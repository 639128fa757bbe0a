//! What only the tool says of a check.

use zkimg_pipeline::{Finding, KeyTrust};

/// What a check found.
pub(crate) fn finding(finding: &Finding) -> String {
    match finding {
        Finding::Device(KeyTrust::Unjudged) => {
            "no trusted camera was named (--trust); trust the key that signed only if you know whose it is".into()
        }
        Finding::Notary(KeyTrust::Unjudged) => {
            "no trusted notary was named (--notaries); trust the key that signed only if you know whose it is".into()
        }
        Finding::Device(KeyTrust::OtherKind) => format!("{finding} (--trust, or in the trust store --as camera)"),
        Finding::Notary(KeyTrust::OtherKind) => format!("{finding} (--notaries, or in the trust store --as notary)"),
        Finding::OfPhoto(of) => format!("{}{}", of.which(), self::finding(&of.found)),
        other => other.to_string(),
    }
}
