//! The parameters of an edit, read from a JSON object.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::error::{EditError, nearest, shown};
use super::parameter::{Described, Parameter};
use super::values::Values;
use serde_json::{Map, Value};

/// An object whose keys are parameters of an edit, and `op`.
pub(crate) struct Fields<'a> {
    edit: &'static str,
    map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// Checks that every key is a parameter, and that none is missing.
    pub(crate) fn new(
        edit: &'static str,
        parameters: &[&'static dyn Described],
        map: &'a Map<String, Value>,
    ) -> Result<Fields<'a>, EditError> {
        let names = || parameters.iter().map(|p| p.name());
        if let Some(name) = map.keys().find(|key| *key != "op" && names().all(|name| name != *key)) {
            return Err(EditError::UnknownParameter { edit, name: shown(name), suggestion: nearest(name, names()) });
        }
        match parameters.iter().find(|p| !p.optional() && !map.contains_key(p.name())) {
            Some(p) => Err(EditError::Missing { edit, parameter: p.name(), allowed: p.range() }),
            None => Ok(Fields { edit, map }),
        }
    }

    /// A parameter's value, or what is meant by leaving it out.
    pub(crate) fn read<V: Values>(&self, parameter: &Parameter<V>) -> Result<V::Item, EditError> {
        let (edit, name, allowed) = (self.edit, parameter.name, || parameter.values.allowed());
        let Some(given) = self.map.get(name) else {
            return parameter.default.clone().ok_or_else(|| EditError::Missing { edit, parameter: name, allowed: allowed() });
        };
        let wrong = |value: String| EditError::Parameter { edit, parameter: name, value: shown(&value), allowed: allowed() };
        parameter.values.read(given).map_err(wrong)
    }
}
