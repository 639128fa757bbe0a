//! JSON that refuses what the usual reader forgives.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::error::{EditError, shown};
use super::parameter::Entry;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// The most values of one text: a recipe of 32 kernels of 63 rows has hardly fewer. A value takes a few bytes to write and many
/// more to hold.
pub const MAX_VALUES: usize = 1 << 17;

/// Reads one JSON text; a key that stands twice in an object is refused, where `serde_json` would keep the last.
///
/// # Errors
/// If the text is not JSON, an object repeats a key, or there are more than [`MAX_VALUES`].
pub fn strict(text: &str) -> Result<Value, EditError> {
    let mut left = MAX_VALUES;
    let mut json = serde_json::Deserializer::from_str(text);
    let value = Strict(&mut left).deserialize(&mut json);
    value.and_then(|value| json.end().map(|()| value)).map_err(|e| EditError::Json(e.to_string()))
}

/// Reads one value, and counts it.
struct Strict<'a>(&'a mut usize);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        *self.0 = self.0.checked_sub(1).ok_or_else(|| D::Error::custom(format_args!("it has more than {MAX_VALUES} values")))?;
        deserializer.deserialize_any(StrictVisitor(self.0))
    }
}

struct StrictVisitor<'a>(&'a mut usize);

impl<'de> Visitor<'de> for StrictVisitor<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number that is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict(self.0))? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("\"{}\" is given twice", shown(&key))));
            }
            let value = entries.next_value_seed(Strict(self.0))?;
            map.insert(key, value);
        }
        Ok(map.into())
    }
}

/// A JSON object with its keys in order, however the map keeps them.
pub(crate) fn object(mut entries: Vec<Entry>) -> Value {
    entries.sort_by_key(|(name, _)| *name);
    Value::Object(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_given_twice_is_refused_at_any_depth() {
        assert!(strict(r#"{"a": 1, "b": [{"c": 1.5, "d": null}], "e": "x"}"#).is_ok());
        for text in [r#"{"a": 1, "a": 1}"#, r#"[{"b": {"c": 1, "c": 2}}]"#, "{", "", "1 2"] {
            assert!(strict(text).is_err(), "{text}");
        }
    }

    #[test]
    fn more_values_than_any_recipe_has_are_refused_while_they_are_read() {
        let nested = |count: usize| format!("[{}[]]", "[],".repeat(count - 2));
        assert!(strict(&nested(MAX_VALUES)).is_ok());
        let error = strict(&nested(MAX_VALUES + 1)).expect_err("too many").to_string();
        assert!(error.contains("more than 131072 values"), "{error}");
        // Refused where the count is exceeded: what follows is not even looked at.
        assert_eq!(strict(&format!("{}]]]]", nested(MAX_VALUES + 1))).expect_err("too many").to_string(), error);
    }
}
