//! The kinds of values that parameters take: which are allowed, how they are read, and their canonical form.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::fixed::Fixed;
use serde_json::Value;
use std::fmt::Display;

/// A set of values.
pub(crate) trait Values: Sync {
    /// One of them.
    type Item: Clone + Sync;

    /// Which are allowed, as the documentation and refusals say it.
    fn allowed(&self) -> String;

    /// The names of all, where these are a few.
    fn choices(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// Reads one, canonical or as people write it.
    ///
    /// # Errors
    /// With what stands there in place of an allowed value.
    fn read(&self, given: &Value) -> Result<Self::Item, String>;

    /// The canonical form.
    fn write(&self, item: &Self::Item) -> Value;
}

/// Integers from a least to a greatest.
#[derive(Clone, Copy)]
pub(crate) struct Integer<T> {
    low: T,
    high: T,
    said: Option<&'static str>,
}

impl<T: Copy> Integer<T> {
    pub(crate) const fn between(low: T, high: T) -> Integer<T> {
        Integer { low, high, said: None }
    }

    /// Integers of which the picture decides which are allowed; it cannot be any beyond these bounds.
    pub(crate) const fn that_fit(low: T, high: T, said: &'static str) -> Integer<T> {
        Integer { low, high, said: Some(said) }
    }
}

impl<T: Copy + PartialOrd + Display + TryFrom<i64> + Into<Value> + Sync> Values for Integer<T> {
    type Item = T;

    fn allowed(&self) -> String {
        let Integer { low, high, said } = self;
        said.map_or_else(|| format!("an integer from {low} to {high}"), |said| format!("an integer {said}"))
    }

    fn read(&self, given: &Value) -> Result<T, String> {
        let value = integer(given).and_then(|i| T::try_from(i).ok());
        value.filter(|i| (self.low..=self.high).contains(i)).ok_or_else(|| given.to_string())
    }

    fn write(&self, item: &T) -> Value {
        (*item).into()
    }
}

/// Real numbers from a least to a greatest, these written as a user writes them.
pub(crate) struct Real(pub(crate) &'static str, pub(crate) &'static str);

impl Values for Real {
    type Item = Fixed;

    fn allowed(&self) -> String {
        format!("a decimal number from {} to {}", self.0, self.1)
    }

    /// From a decimal text, a JSON number (by its decimal text) or the canonical form.
    fn read(&self, given: &Value) -> Result<Fixed, String> {
        let fixed = plain(given).and_then(|text| Fixed::parse(&text));
        fixed.filter(|f| Fixed::parse(self.0) <= Some(*f) && Some(*f) <= Fixed::parse(self.1)).ok_or_else(|| given.to_string())
    }

    fn write(&self, item: &Fixed) -> Value {
        item.to_string().into()
    }
}

/// One of a few, by name; a name in digits is an integer.
pub(crate) struct Choice<T: 'static>(pub(crate) &'static [(&'static str, T)]);

impl<T: Copy> Choice<T> {
    pub(crate) fn named(&self, name: &str) -> Option<T> {
        self.0.iter().find(|(choice, _)| *choice == name).map(|(_, item)| *item)
    }
}

impl<T: PartialEq> Choice<T> {
    /// What one is called.
    pub(crate) fn name(&self, item: &T) -> &'static str {
        self.0.iter().find(|(_, choice)| choice == item).map_or("", |(name, _)| name)
    }
}

/// A choice's name in JSON.
fn named(name: &str) -> Value {
    name.parse::<u32>().map_or_else(|_| name.into(), Value::from)
}

impl<T: Copy + PartialEq + Sync> Values for Choice<T> {
    type Item = T;

    fn allowed(&self) -> String {
        let names: Vec<String> = self.0.iter().map(|(name, _)| named(name).to_string()).collect();
        let (last, others) = names.split_last().map_or(("", &[][..]), |(last, others)| (last, others));
        format!("{} or {last}", others.join(", "))
    }

    fn choices(&self) -> Vec<&'static str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }

    fn read(&self, given: &Value) -> Result<T, String> {
        plain(given).and_then(|text| self.named(&text)).ok_or_else(|| given.to_string())
    }

    fn write(&self, item: &T) -> Value {
        named(self.name(item))
    }
}

/// Lists of so many bytes.
pub(crate) struct Bytes<const N: usize>;

impl<const N: usize> Values for Bytes<N> {
    type Item = [u8; N];

    fn allowed(&self) -> String {
        format!("a list of {N} integers from 0 to 255")
    }

    /// Of a long list only the item is shown that is wrong, or how many there are.
    fn read(&self, given: &Value) -> Result<[u8; N], String> {
        let list = given.as_array().map_or(&[][..], Vec::as_slice);
        let byte = |item: &Value| integer(item).and_then(|value| u8::try_from(value).ok());
        let bytes: Option<Vec<u8>> = list.iter().map(byte).collect();
        bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| match list.iter().find(|item| byte(item).is_none()) {
            _ if N < 16 => given.to_string(),
            Some(item) if list.len() == N => item.to_string(),
            _ => format!("a list of {}", list.len()),
        })
    }

    fn write(&self, bytes: &[u8; N]) -> Value {
        bytes.to_vec().into()
    }
}

/// A text, or a number's digits.
fn plain(given: &Value) -> Option<String> {
    match given {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
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
