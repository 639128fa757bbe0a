//! What an edit is.

use super::error::{EditError, shown};
use super::fields::Fields;
use super::files::{Files, read};
use super::fixed::Fixed;
use super::json::object;
use super::parameter::{Described, Entry};
use crate::placement::{Cover, Frame};
use serde_json::{Map, Value};
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zkimg_graph::step::Step;
use zkimg_graph::tensor::Dims;

/// One edit with its parameters, all of them checked and in integers.
pub trait Edit: Send + Sync + Debug {
    /// Which edit.
    fn kind(&self) -> &'static Kind;

    /// The parameters in their canonical form, in any order.
    fn parameters(&self) -> Vec<Entry> {
        Vec::new()
    }

    /// What it does with these parameters, in plain words of one line.
    fn words(&self) -> String;

    /// The same as people write it in a recipe: real numbers as decimals, which read back as the same numbers.
    fn plain(&self) -> Value {
        let decimal = |value: Value| value.as_str().and_then(Fixed::parse).map_or(value.clone(), |number| number.written().into());
        let entries = self.parameters().into_iter().map(|(name, value)| (name, decimal(value)));
        object(entries.chain([("op", self.kind().name.into())]).collect())
    }

    /// What follows the `=` in its word, which [`parse_word`](crate::parse_word) reads back, without spaces; `None` if no word says it.
    fn value(&self) -> Option<String> {
        let plain = self.plain();
        let value = |p: &&dyn Described| plain.get(p.name()).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        Some(self.kind().parameters.iter().filter_map(value).collect::<Vec<_>>().join(","))
    }

    /// The whole word, as the tool's `--edit` takes it.
    fn written(&self) -> Option<String> {
        let value = self.value()?;
        let name = self.kind().name.replace('_', "-");
        Some(if value.is_empty() { name } else { format!("{name}={value}") })
    }

    /// Where its output lies in a picture of this shape, which the parameters fit.
    fn frame(&self, _input: Dims) -> Frame {
        Frame::STILL
    }

    /// What it covers of a picture of this shape.
    fn covers(&self, _input: Dims) -> Vec<Cover> {
        Vec::new()
    }

    /// What computing the steps' integers takes beyond writing them down, in products of the field or so ([`Step::work`]): known
    /// before it is done.
    fn effort(&self, _input: Dims) -> usize {
        0
    }

    /// The steps that are the edit's meaning on pictures of this shape.
    ///
    /// # Errors
    /// If the parameters do not fit the picture.
    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError>;

    /// The exact form that proof files hold and statements hash: `op` and the parameters, keys sorted, real numbers as
    /// `"75366/65536"`. [`parse`](crate::parse) gives the same edit back.
    fn canonical(&self) -> Value {
        let mut entries = self.parameters();
        entries.push(("op", self.kind().name.into()));
        object(entries)
    }
}

/// A kind of edit: everything the parsers, the documentation and the suite need to know.
pub struct Kind {
    /// The name in recipes, with underscores.
    pub name: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// Its parameters, in the order of its word.
    pub parameters: &'static [&'static dyn Described],
    /// An example in words.
    pub example_word: &'static str,
    /// Builds the edit from an object whose keys are already known to be parameters.
    pub(crate) from_json: fn(&Fields<'_>) -> Result<Box<dyn Edit>, EditError>,
    /// Builds the edit from what follows the `=` in its word; [`Kind::positional`] for most.
    pub(crate) from_word: fn(&'static Kind, &str) -> Result<Draft, EditError>,
    /// Edits of this kind that fit a picture of this shape, for the suite; none if it has no meaning there.
    pub samples: fn(Dims) -> Vec<Box<dyn Edit>>,
}

impl Kind {
    /// Builds the edit from a JSON object.
    pub(crate) fn read(&'static self, map: &Map<String, Value>) -> Result<Box<dyn Edit>, EditError> {
        (self.from_json)(&Fields::new(self.name, self.parameters, map)?)
    }

    /// A word whose values are the parameters in order, between commas: `white-balance=1.08,1,0.93`.
    pub(crate) fn positional(&'static self, word: &str) -> Result<Draft, EditError> {
        let values: Vec<&str> = if word.is_empty() { Vec::new() } else { word.split(',').collect() };
        if values.len() > self.parameters.len() {
            return Err(self.malformed(word));
        }
        self.draft(self.parameters.iter().zip(values).map(|(p, value)| (p.name(), value.into())))
    }

    /// The edit with these parameters.
    pub(crate) fn draft(&'static self, entries: impl IntoIterator<Item = Entry>) -> Result<Draft, EditError> {
        let map: Map<String, Value> = entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.read(&map)?;
        Ok(Draft::new(move |_| self.read(&map)))
    }

    /// The error for a word of another form.
    pub(crate) fn malformed(&self, word: &str) -> EditError {
        EditError::Word { edit: self.name, word: shown(word), example: self.example_word }
    }

    /// The error for a parameter that does not fit the picture or the others.
    pub(crate) fn refuse(&self, parameter: &'static str, value: String, allowed: String) -> EditError {
        EditError::Parameter { edit: self.name, parameter, value, allowed }
    }

    /// Refuses a picture that is not red, green and blue.
    pub(crate) fn needs_colour(&self, input: Dims) -> Result<(), EditError> {
        let (edit, found) = (self.name, input.channels);
        if found == 3 { Ok(()) } else { Err(EditError::Channels { edit, found }) }
    }
}

impl Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kind({})", self.name)
    }
}

type Resolve = dyn Fn(Dims) -> Result<Box<dyn Edit>, EditError> + Send + Sync;
type Open = dyn Fn(&[u8]) -> Result<Draft, EditError> + Send + Sync;

/// An edit as written in words, which may still depend on the picture's size, and on a file. A clone has what was read of the file.
#[derive(Clone)]
pub struct Draft(Form);

#[derive(Clone)]
enum Form {
    Complete(Arc<Resolve>),
    Names(PathBuf, Arc<Open>),
}

impl Draft {
    /// An edit whose parameters follow from the picture's shape.
    pub fn new(resolve: impl Fn(Dims) -> Result<Box<dyn Edit>, EditError> + Send + Sync + 'static) -> Draft {
        Draft(Form::Complete(Arc::new(resolve)))
    }

    /// An edit that follows from what is in a file.
    pub(crate) fn of_file(path: &Path, open: impl Fn(&[u8]) -> Result<Draft, EditError> + Send + Sync + 'static) -> Draft {
        Draft(Form::Names(path.into(), Arc::new(open)))
    }

    /// The file that it names and that has not been read.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Form::Complete(_) => None,
            Form::Names(path, _) => Some(path),
        }
    }

    /// The edit with the file that it names, if any, read.
    ///
    /// # Errors
    /// If the file is not given, or is none for this edit.
    pub fn read(self, files: &Files<'_>) -> Result<Draft, EditError> {
        match self.0 {
            Form::Complete(_) => Ok(self),
            Form::Names(path, open) => open(&read(&path, files)?),
        }
    }

    /// The edit for a picture of this shape, with absolute integers.
    ///
    /// # Errors
    /// If the words make no sense for this picture, or name a file that has not been read.
    pub fn resolve(&self, dims: Dims) -> Result<Box<dyn Edit>, EditError> {
        match &self.0 {
            Form::Complete(resolve) => resolve(dims),
            Form::Names(path, _) => Err(EditError::NotRead { path: path.clone() }),
        }
    }
}

impl Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Draft")
    }
}
