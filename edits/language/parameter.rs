//! A parameter of an edit, said once: its name, its meaning and its values.

use super::values::Values;
use serde_json::Value;

/// A parameter's name and value, in JSON.
pub type Entry = (&'static str, Value);

/// A parameter whose values are of kind `V`.
pub(crate) struct Parameter<V: Values> {
    pub(crate) name: &'static str,
    pub(crate) values: V,
    meaning: &'static str,
    /// What is meant if it is left out; `None` if it must not be.
    pub(crate) default: Option<V::Item>,
}

impl<V: Values> Parameter<V> {
    /// A parameter that must be given.
    pub(crate) const fn required(name: &'static str, meaning: &'static str, values: V) -> Parameter<V> {
        Parameter { name, values, meaning, default: None }
    }

    /// A parameter that may be left out.
    pub(crate) const fn optional(name: &'static str, meaning: &'static str, values: V, default: V::Item) -> Parameter<V> {
        Parameter { name, values, meaning, default: Some(default) }
    }

    /// The parameter with a value, in canonical form.
    pub(crate) fn entry(&self, item: &V::Item) -> Entry {
        (self.name, self.values.write(item))
    }
}

/// What a parameter says of itself, whatever its values are.
pub trait Described: Sync {
    /// The key in recipes.
    fn name(&self) -> &'static str;

    /// What it is.
    fn meaning(&self) -> &'static str;

    /// What is allowed.
    fn range(&self) -> String;

    /// Whether it may be left out.
    fn optional(&self) -> bool;

    /// The names of all its values, where these are a few.
    fn choices(&self) -> Vec<&'static str>;
}

impl<V: Values> Described for Parameter<V> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meaning(&self) -> &'static str {
        self.meaning
    }

    fn range(&self) -> String {
        self.values.allowed()
    }

    fn optional(&self) -> bool {
        self.default.is_some()
    }

    fn choices(&self) -> Vec<&'static str> {
        self.values.choices()
    }
}
