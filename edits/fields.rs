//! The parameters of an edit, read from a JSON object.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::edit::Kind;
use crate::error::{EditError, nearest, shown};
use crate::fixed::Fixed;
use crate::rectangle::Rectangle;
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// An object whose keys are parameters of a kind, and `op`.
pub struct Fields<'a> {
    kind: &'static Kind,
    map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// Checks that every key is a parameter, and that none is missing.
    pub fn new(kind: &'static Kind, map: &'a Map<String, Value>) -> Result<Fields<'a>, EditError> {
        let names = || kind.parameters.iter().map(|p| p.name);
        if let Some(name) = map.keys().find(|key| *key != "op" && names().all(|name| name != *key)) {
            let suggestion = nearest(name, names());
            return Err(EditError::UnknownParameter { edit: kind.name, name: shown(name), suggestion });
        }
        match kind.parameters.iter().find(|p| !p.optional && !map.contains_key(p.name)) {
            Some(p) => Err(EditError::Missing { edit: kind.name, parameter: p.name, allowed: p.range }),
            None => Ok(Fields { kind, map }),
        }
    }

    /// A parameter's value, if it was given.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name)
    }

    /// The error for a value that is not allowed.
    pub fn refuse(&self, name: &str, value: &Value) -> EditError {
        let (parameter, allowed) = self.kind.parameters.iter().find(|p| p.name == name).map_or(("", ""), |p| (p.name, p.range));
        EditError::Parameter { edit: self.kind.name, parameter, value: shown(&value.to_string()), allowed: allowed.into() }
    }

    /// A parameter's value.
    pub(crate) fn value(&self, name: &'static str) -> Result<&'a Value, EditError> {
        let allowed = self.kind.parameters.iter().find(|p| p.name == name).map_or("", |p| p.range);
        self.get(name).ok_or(EditError::Missing { edit: self.kind.name, parameter: name, allowed })
    }

    /// An integer, as a JSON number or its decimal text.
    pub fn integer(&self, name: &'static str, range: RangeInclusive<i64>) -> Result<i64, EditError> {
        let value = self.value(name)?;
        integer(value).filter(|i| range.contains(i)).ok_or_else(|| self.refuse(name, value))
    }

    /// A rectangle from `x`, `y`, `width` and `height`, each at most 2^26; whether it lies in the picture is seen later.
    pub(crate) fn rectangle(&self) -> Result<Rectangle, EditError> {
        let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| self.integer(name, 0..=1 << 26).map(|i| i as usize));
        Ok(Rectangle { x: x?, y: y?, width: width?, height: height? })
    }

    /// A real number, as a decimal text, a JSON number (by its decimal text) or the canonical form.
    pub fn real(&self, name: &'static str, range: RangeInclusive<Fixed>) -> Result<Fixed, EditError> {
        let value = self.value(name)?;
        let fixed = match value {
            Value::String(text) => Fixed::parse(text),
            Value::Number(number) => Fixed::parse(&number.to_string()),
            _ => None,
        };
        fixed.filter(|f| range.contains(f)).ok_or_else(|| self.refuse(name, value))
    }

    /// One of a few texts (or numbers, by their text).
    pub fn choice<T: Copy>(&self, name: &'static str, choices: &[(&str, T)]) -> Result<T, EditError> {
        let value = self.value(name)?;
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let found = choices.iter().find(|(choice, _)| *choice == text);
        found.map(|(_, result)| *result).ok_or_else(|| self.refuse(name, value))
    }
}

/// An integer, as a JSON number or its decimal text.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let decimal = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            if decimal { text.parse().ok() } else { None }
        }
        _ => None,
    }
}
