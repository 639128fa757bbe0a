//! What the active manifest's assertions say that the library reads for its own use alone. The library's report has each as JSON.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use serde_json::Value;
use std::ops::Range;

/// The assertions of one manifest, by their labels.
pub(crate) struct Assertions<'a>(Vec<(&'a str, &'a Value)>);

/// What the actions of a claim come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// The first action.
    pub(crate) action: Option<String>,
    /// What it says that the picture is.
    pub(crate) source_type: Option<String>,
    /// Whether there are more.
    pub(crate) more: bool,
}

/// Where names of source types are said to be; what stands behind is kept.
const SOURCE_TYPES: [&str; 4] = [
    "http://cv.iptc.org/newscodes/digitalsourcetype/",
    "https://cv.iptc.org/newscodes/digitalsourcetype/",
    "http://c2pa.org/digitalsourcetype/",
    "https://c2pa.org/digitalsourcetype/",
];

impl<'a> Assertions<'a> {
    /// Those of the manifest with this label.
    pub(crate) fn of(report: &'a Value, label: &str) -> Option<Assertions<'a>> {
        let store = report.get("manifests")?.get(label)?.get("assertion_store")?.as_object()?;
        Some(Assertions(store.iter().map(|(label, value)| (label.as_str(), value)).collect()))
    }

    /// The assertions with this label, whatever their version and instance.
    fn named(&self, label: &str) -> impl Iterator<Item = &'a Value> {
        let plain = |name: &str| name.split("__").next().is_some_and(|name| name.strip_prefix(label).is_some_and(is_version));
        self.0.iter().filter(move |(name, _)| plain(name)).map(|(_, value)| *value).collect::<Vec<_>>().into_iter()
    }

    /// What the hash over the file leaves out; `None` unless the file is bound by exactly one such hash, over its bytes.
    pub(crate) fn excluded(&self) -> Option<Vec<Range<usize>>> {
        let hashes: Vec<&Value> = self.named("c2pa.hash.data").collect();
        let [hash] = hashes.as_slice() else { return None };
        let Some(ranges) = hash.get("exclusions") else { return Some(Vec::new()) };
        let range = |range: &Value| {
            let number = |name: &str| range.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
            let (start, length) = (number("start")?, number("length")?);
            Some(start..start.checked_add(length)?)
        };
        ranges.as_array()?.iter().map(range).collect()
    }

    /// What was done, as the claim says.
    pub(crate) fn history(&self) -> History {
        let actions: Vec<&Value> = self.named("c2pa.actions").filter_map(|value| value.get("actions")?.as_array()).flatten().collect();
        let text = |name: &str| actions.first().and_then(|action| action.get(name)).map(|value| word(value.as_str().unwrap_or_default()));
        History { action: text("action"), source_type: text("digitalSourceType"), more: actions.len() > 1 }
    }
}

/// What may stand behind a label: nothing, or `.v2`.
fn is_version(rest: &str) -> bool {
    rest.is_empty() || rest.strip_prefix(".v").is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A name as statements have them; one that they cannot have is some other.
fn word(text: &str) -> String {
    let text = SOURCE_TYPES.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte);
    if (1..=48).contains(&text.len()) && text.bytes().all(allowed) { text.into() } else { "other".into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report(store: Value) -> Value {
        json!({"manifests": {"m": {"assertion_store": store}, "other": {"assertion_store": {"c2pa.hash.data": {}}}}})
    }

    #[test]
    fn what_is_left_out_is_read_from_one_hash_alone() {
        let hash = json!({"exclusions": [{"start": 2, "length": 40}], "hash": "…"});
        let of = |store| Assertions::of(&report(store), "m").expect("a store").excluded();
        assert_eq!(of(json!({"c2pa.hash.data": hash})), Some(std::iter::once(2..42).collect()));
        assert_eq!(of(json!({"c2pa.hash.data": {"hash": "…"}})), Some(Vec::new()));
        assert_eq!(of(json!({"c2pa.hash.data": hash, "c2pa.hash.data__1": hash})), None);
        assert_eq!(of(json!({"c2pa.hash.boxes": {}})), None);
        assert_eq!(of(json!({"c2pa.hash.data": {"exclusions": [{"start": -1, "length": 40}]}})), None);
        assert_eq!(of(json!({"c2pa.hash.data": {"exclusions": [{"start": 1, "length": u64::MAX}]}})), None);
        assert_eq!(of(json!({"c2pa.hash.data": {"exclusions": "all"}})), None);
        assert!(Assertions::of(&report(json!({})), "nobody").is_none());
    }

    #[test]
    fn a_history_is_its_first_action_and_whether_there_are_more() {
        let created =
            json!({"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"});
        let of = |store| Assertions::of(&report(store), "m").expect("a store").history();
        let capture = History { action: Some("c2pa.created".into()), source_type: Some("digitalCapture".into()), more: false };
        assert_eq!(of(json!({"c2pa.actions.v2": {"actions": [created]}})), capture);
        assert_eq!(of(json!({"c2pa.actions": {"actions": [created, created]}})), History { more: true, ..capture.clone() });
        assert!(of(json!({"c2pa.actions": {"actions": [created]}, "c2pa.actions.v2__1": {"actions": [{}]}})).more);
        assert_eq!(of(json!({"c2pa.actionsandmore": {"actions": [created]}})), History::default());
        let odd = json!({"action": "<b>", "digitalSourceType": "http://elsewhere/digitalCapture"});
        let other = Some("other".to_owned());
        assert_eq!(of(json!({"c2pa.actions": {"actions": [odd]}})), History { action: other.clone(), source_type: other, more: false });
    }
}
