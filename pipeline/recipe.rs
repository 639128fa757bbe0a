//! Recipes: the edits, in order.
//!
//! A file holds `{"zkimg": 1, "edits": [{"op": "crop", …}, …]}`; in words each edit is one.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zkimg_edits::jpeg::{self, Jpeg, Quality, Sampling};
use zkimg_edits::{Draft, Edit, EditError, Files, overlay, parse, parse_word};
use zkimg_graph::graph::BadNode;
use zkimg_graph::step::{Budget, Step};
use zkimg_graph::tensor::Dims;
use zkimg_proof::relation::{BadRelation, Output, Relation};

/// The most edits one proof takes.
pub const MAX_EDITS: usize = 32;

/// A recipe that cannot be read or applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecipeError {
    /// Not JSON.
    #[error("{0}")]
    Json(EditError),
    /// JSON, but no recipe.
    #[error("a recipe looks like {{\"zkimg\": 1, \"edits\": [ … ]}}, and this one {0}")]
    Form(&'static str),
    /// Too many edits.
    #[error("a recipe has at most {MAX_EDITS} edits and this one has {0}; hand the picture on and go on from there")]
    TooMany(usize),
    /// A JPEG where a picture of bytes is to be made.
    #[error("these edits end with a JPEG, which is a file to publish, and here a picture is needed; leave that edit out")]
    Jpeg,
    /// No JPEG where one is to be made.
    #[error("these edits do not end with a JPEG")]
    NoJpeg,
    /// More text than a proof holds.
    #[error("the edits are {0} bytes long, and a proof holds at most {1} for a picture of this size; use smaller overlays")]
    TooLong(usize, usize),
    /// One edit is wrong.
    #[error("edit {number}: {error}")]
    Edit {
        /// Counted from 1.
        number: usize,
        /// What is wrong.
        error: EditError,
    },
}

/// Edits as a user wrote them; sizes may still depend on the picture.
#[derive(Clone, Debug, Default)]
pub struct Recipe {
    drafts: Vec<Draft>,
    files: Vec<PathBuf>,
    jpeg: Option<AsJpeg>,
}

/// How the picture at the end becomes a JPEG.
#[derive(Clone, Copy, Debug)]
enum AsJpeg {
    /// By these tables.
    Exactly(Jpeg),
    /// By the usual tables.
    Of(Quality, Sampling),
}

fn numbered<T>(index: usize, result: Result<T, EditError>) -> Result<T, RecipeError> {
    result.map_err(|error| RecipeError::Edit { number: index + 1, error })
}

fn limited<T>(edits: &[T]) -> Result<&[T], RecipeError> {
    if edits.len() > MAX_EDITS { Err(RecipeError::TooMany(edits.len())) } else { Ok(edits) }
}

impl Recipe {
    /// Reads a recipe as proof files hold it: complete in itself.
    pub fn from_json(text: &str) -> Result<Recipe, RecipeError> {
        Recipe::from_value(zkimg_edits::strict(text).map_err(RecipeError::Json)?)
    }

    /// Reads a recipe file whose overlays may name pictures; the names are relative to `folder`, and `pictures` reads them.
    pub fn from_file(text: &str, folder: &Path, pictures: &Files<'_>) -> Result<Recipe, RecipeError> {
        let mut recipe = zkimg_edits::strict(text).map_err(RecipeError::Json)?;
        let mut files = Vec::new();
        if let Some(edits) = recipe.get_mut("edits").and_then(Value::as_array_mut) {
            for (i, edit) in edits.iter_mut().enumerate() {
                files.extend(numbered(i, overlay::embed(edit, folder, pictures))?);
            }
        }
        Ok(Recipe { files, ..Recipe::from_value(recipe)? })
    }

    fn from_value(recipe: Value) -> Result<Recipe, RecipeError> {
        let Value::Object(fields) = &recipe else { return Err(RecipeError::Form("is no object")) };
        if fields.keys().any(|key| key != "zkimg" && key != "edits") {
            return Err(RecipeError::Form("has other fields"));
        }
        if fields.get("zkimg") != Some(&json!(1)) {
            return Err(RecipeError::Form("has no \"zkimg\": 1"));
        }
        let Some(Value::Array(edits)) = fields.get("edits") else {
            return Err(RecipeError::Form("has no list \"edits\""));
        };
        let (edits, jpeg) = match edits.split_last().map(|(last, before)| (as_jpeg(last), before)) {
            Some((Some(jpeg), before)) => (before, Some(AsJpeg::Exactly(numbered(before.len(), Jpeg::parse(jpeg))?))),
            _ => (edits.as_slice(), None),
        };
        let draft = |(i, edit): (usize, &Value)| {
            numbered(i, if as_jpeg(edit).is_some() { Err(EditError::NotLast) } else { parse(edit) })?;
            let edit = edit.clone();
            Ok(Draft::new(move |_| parse(&edit)))
        };
        let drafts = limited(edits)?.iter().enumerate().map(draft).collect::<Result<_, RecipeError>>()?;
        Ok(Recipe { drafts, files: Vec::new(), jpeg })
    }

    /// The same edits, and at their end the coefficients of a JPEG with the usual tables of a quality.
    pub fn as_jpeg(self, quality: Quality, sampling: Sampling) -> Recipe {
        Recipe { jpeg: Some(AsJpeg::Of(quality, sampling)), ..self }
    }

    /// How many edits there are, without a JPEG at the end.
    pub fn count(&self) -> usize {
        self.drafts.len()
    }

    /// These edits, then others.
    pub fn then(mut self, next: Recipe) -> Result<Recipe, RecipeError> {
        let count = self.drafts.len() + next.drafts.len();
        if count > MAX_EDITS {
            return Err(RecipeError::TooMany(count));
        }
        if self.jpeg.is_some() {
            return numbered(self.drafts.len(), Err(EditError::NotLast));
        }
        self.drafts.extend(next.drafts);
        self.files.extend(next.files);
        Ok(Recipe { jpeg: next.jpeg, ..self })
    }

    /// Whether they end with a JPEG.
    pub fn ends_with_jpeg(&self) -> bool {
        self.jpeg.is_some()
    }

    /// Reads words such as `crop=640x480+320+120`, none of which may name a file.
    pub fn from_words(words: &[impl AsRef<str>]) -> Result<Recipe, RecipeError> {
        Recipe::drafted(words, |draft| match draft.file() {
            Some(path) => Err(EditError::NotRead { path: path.into() }),
            None => Ok(draft),
        })
    }

    /// Reads words of which overlays name pictures, as `overlay=logo.png+40+60` does; `pictures` reads them.
    pub fn from_words_with(words: &[impl AsRef<str>], pictures: &Files<'_>) -> Result<Recipe, RecipeError> {
        let mut files = Vec::new();
        let recipe = Recipe::drafted(words, |draft| {
            files.extend(draft.file().map(Path::to_owned));
            draft.read(pictures)
        })?;
        Ok(Recipe { files, ..recipe })
    }

    fn drafted(words: &[impl AsRef<str>], mut complete: impl FnMut(Draft) -> Result<Draft, EditError>) -> Result<Recipe, RecipeError> {
        let words = limited(words)?.iter().enumerate();
        let drafts = words.map(|(i, word)| numbered(i, parse_word(word.as_ref()).and_then(&mut complete)));
        Ok(Recipe { drafts: drafts.collect::<Result<_, _>>()?, files: Vec::new(), jpeg: None })
    }

    /// The files of its overlays, which were read with it.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(PathBuf::as_path)
    }

    /// Fixes every parameter for a picture of the given shape; the text of the edits must be one that a proof holds.
    pub fn resolve(&self, input: Dims) -> Result<Edits, RecipeError> {
        let resolved = self.fix(input)?;
        let (length, most) = (resolved.canonical().len(), most_bytes(input));
        if length > most { Err(RecipeError::TooLong(length, most)) } else { Ok(resolved) }
    }

    /// The same for whoever knows the text already, and how long it is.
    pub(crate) fn fix(&self, input: Dims) -> Result<Edits, RecipeError> {
        let mut resolved = Edits { input, edits: Vec::new(), steps: Vec::new(), jpeg: None, budget: Budget::chain(input) };
        for (i, draft) in self.drafts.iter().enumerate() {
            let shape = resolved.output();
            let edit = numbered(i, draft.resolve(shape))?;
            numbered(i, resolved.budget.take_effort(edit.effort(shape)).map_err(Into::into))?;
            // Counted as they come, so that a recipe from a stranger never holds more than one edit too many.
            for step in numbered(i, edit.steps(shape))? {
                numbered(i, resolved.budget.take(&step).map_err(Into::into))?;
                resolved.steps.push(step);
            }
            resolved.edits.push((edit.into(), shape));
        }
        if let Some(jpeg) = &self.jpeg {
            let output = resolved.output();
            let jpeg = match jpeg {
                AsJpeg::Exactly(jpeg) => *jpeg,
                AsJpeg::Of(quality, sampling) => Jpeg::new(*quality, *sampling, output),
            };
            numbered(self.drafts.len(), jpeg.layout(output))?;
            resolved.jpeg = Some(jpeg);
        }
        Ok(resolved)
    }
}

/// An edit's fields, if it is the one that makes a JPEG.
fn as_jpeg(edit: &Value) -> Option<&Map<String, Value>> {
    edit.as_object().filter(|fields| fields.get("op").and_then(Value::as_str) == Some(jpeg::NAME))
}

/// The longest text of edits of a picture: a megabyte, and some overlays as large as the picture.
pub(crate) fn most_bytes(input: Dims) -> usize {
    (1 << 20) + (24 * input.width * input.height).min(64 << 20)
}

/// Edits with every parameter fixed, and the steps they mean.
#[derive(Clone, Debug)]
pub struct Edits {
    input: Dims,
    /// Each with the shape of the picture that it is made on.
    edits: Vec<(Arc<dyn Edit>, Dims)>,
    steps: Vec<Step>,
    jpeg: Option<Jpeg>,
    budget: Budget,
}

impl Edits {
    /// The steps, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How the picture at the end is published, if not by its pixels.
    pub fn jpeg(&self) -> Option<&Jpeg> {
        self.jpeg.as_ref()
    }

    /// What proves them over a picture in rows of `2^m` cells.
    pub(crate) fn relation(&self, m: usize, output: Output) -> Result<Relation, BadRelation> {
        self.part(0..self.steps.len(), m, output, true)
    }

    /// What proves some of the steps, and the JPEG at the end if the `last` of them is among these.
    pub(crate) fn part(&self, range: std::ops::Range<usize>, m: usize, output: Output, last: bool) -> Result<Relation, BadRelation> {
        let input = self.before(range.start);
        let steps = self.steps.get(range).ok_or(BadRelation::Empty)?;
        let Some(jpeg) = self.jpeg.as_ref().filter(|_| last) else { return Relation::compile(input, m, steps, output) };
        match (jpeg.ending(self.output()), output) {
            (Ok(ending), Output::Revealed) => Relation::compile_to(input, m, steps, &ending),
            _ => Err(BadNode::Shape.into()),
        }
    }

    /// The shape of the picture before a step, or after the last.
    pub(crate) fn before(&self, step: usize) -> Dims {
        self.steps.get(step).map_or(self.output(), Step::input)
    }

    /// The shape of the picture they start from.
    pub fn input(&self) -> Dims {
        self.input
    }

    /// What the steps take of everybody's time.
    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The shape of the picture at the end.
    pub fn output(&self) -> Dims {
        self.steps.last().map_or(self.input, Step::output)
    }

    /// The names of the edits, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.edits.iter().map(|(edit, _)| edit.kind().name)
    }

    /// The edits, each as in a recipe, with exact parameters.
    pub fn values(&self) -> Vec<Value> {
        self.each().map(|(edit, _)| edit.canonical()).chain(self.jpeg.iter().map(Jpeg::canonical)).collect()
    }

    /// The edits in plain words, one line each.
    pub fn words(&self) -> Vec<String> {
        self.each().map(|(edit, _)| edit.words()).chain(self.jpeg.iter().map(Jpeg::words)).collect()
    }

    /// The edits as the words of `zkimg prove --edit`, in order; `None` if one has no word, as an overlay or a JPEG.
    pub fn written(&self) -> Option<Vec<String>> {
        if self.jpeg.is_some() { None } else { self.each().map(|(edit, _)| edit.written()).collect() }
    }

    /// The shape of the picture after each edit.
    pub fn shapes(&self) -> impl Iterator<Item = Dims> {
        self.each().map(|(_, before)| before).chain([self.output()]).skip(1)
    }

    /// The edits, each with the shape of the picture that it is made on.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&dyn Edit, Dims)> {
        self.edits.iter().map(|(edit, input)| (&**edit, *input))
    }

    /// The one text of these edits: a recipe without white space, keys in order.
    pub fn canonical(&self) -> String {
        json!({"edits": self.values(), "zkimg": 1}).to_string()
    }
}
