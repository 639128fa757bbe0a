//! What is done: a recipe applied to what was opened, words for it, a proof.

use crate::host::Told;
use crate::opened::{Opened, small_enough};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use zkimg_pipeline::edits::overlay::{self, MAX_FILE};
use zkimg_pipeline::edits::registry::{described, find};
use zkimg_pipeline::edits::{Edit, EditError, KINDS, Kind, parse_word};
use zkimg_pipeline::{Dims, Part, Picture, ProfileReport, Recipe, Size, Work, preview};

/// What a proof may take: half of what a module can have, as the negative, the preview and what the allocator loses stand beside it.
const MOST_MEMORY: usize = 1 << 31;

/// An answer in JSON, in which `error` is a sentence, and perhaps bytes.
#[derive(Debug)]
pub struct Made {
    /// The answer.
    pub answer: String,
    /// Pixels, or a file.
    pub bytes: Vec<u8>,
}

impl Made {
    /// No answer yet.
    pub const fn nothing() -> Made {
        Made { answer: String::new(), bytes: Vec::new() }
    }

    fn of(made: Result<(Value, Vec<u8>), String>) -> Made {
        let (answer, bytes) = made.unwrap_or_else(|error| (json!({"error": error}), Vec::new()));
        Made { answer: answer.to_string(), bytes }
    }
}

/// One picture that is worked on, and the files of overlays.
#[derive(Default)]
pub struct Studio {
    opened: Option<Opened>,
    overlays: BTreeMap<PathBuf, Vec<u8>>,
}

/// It may hold a secret.
impl std::fmt::Debug for Studio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Studio").finish_non_exhaustive()
    }
}

impl Studio {
    /// Nothing is opened yet.
    pub const fn new() -> Studio {
        Studio { opened: None, overlays: BTreeMap::new() }
    }

    /// Every kind of edit.
    pub fn edits() -> Made {
        Made::of(Ok((json!({"edits": KINDS.iter().copied().map(described).collect::<Vec<_>>()}), Vec::new())))
    }

    /// Opens a photo, or a negative and the chain that came with it.
    pub fn open(&mut self, file: &[u8], chain: &[u8]) -> Made {
        self.opened = None;
        Made::of(Opened::read(file, chain).map(|opened| {
            let profile = opened.picture.profile();
            let answer = json!({
                "kind": opened.kind,
                "size": Size::from(*opened.picture.dims()),
                "profile": ProfileReport::of(&profile.id(), profile.icc()),
                "refused": opened.proved_with.as_ref().err(),
            });
            self.opened = Some(opened);
            (answer, Vec::new())
        }))
    }

    /// Keeps a file for overlays that name it.
    pub fn lay(&mut self, name: &str, file: Vec<u8>) -> Made {
        Made::of(if file.len() as u64 > MAX_FILE {
            Err("the file is longer than any overlay's; give a smaller picture".into())
        } else {
            self.overlays.insert(name.into(), file);
            Ok((json!({}), Vec::new()))
        })
    }

    /// An edit of the kind `op` that fits the picture after the `edits` of a question.
    pub fn begin(&self, question: &str) -> Made {
        Made::of(self.first(question).map(|edit| (json!({"edit": edit}), Vec::new())))
    }

    fn first(&self, question: &str) -> Result<Value, String> {
        let question: Value = serde_json::from_str(question).map_err(|error| error.to_string())?;
        let kind = find(question.get("op").and_then(Value::as_str).unwrap_or_default()).map_err(|error| error.to_string())?;
        let before = json!({"zkimg": 1, "edits": question.get("edits")}).to_string();
        let dims = self.recipe(&before)?.resolve(*self.opened()?.picture.dims()).map_err(|error| error.to_string())?.output();
        let channels = || EditError::Channels { edit: kind.name, found: dims.channels }.to_string();
        if kind.name == overlay::KIND.name {
            // A file of the reader's own, which is still to be chosen.
            let edit = json!({"op": kind.name, "image": "", "x": 0, "y": 0});
            return if dims.channels == 3 { Ok(edit) } else { Err(channels()) };
        }
        let fits = |edit: &dyn Edit| edit.steps(dims).is_ok();
        let example = examples(kind).find_map(|word| parse_word(word).ok()?.resolve(dims).ok().filter(|edit| fits(&**edit)));
        let edit = example.or_else(|| (kind.samples)(dims).into_iter().next()).ok_or_else(channels)?;
        Ok(edit.plain())
    }

    /// What a recipe makes of the picture: sizes and words, the words of the command line, what a proof would take; and its pixels.
    pub fn preview(&self, recipe: &str) -> Made {
        Made::of(self.edited(recipe))
    }

    fn edited(&self, text: &str) -> Result<(Value, Vec<u8>), String> {
        let (opened, recipe) = (self.opened()?, self.recipe(text)?);
        let edits = recipe.resolve(*opened.picture.dims()).map_err(|error| error.to_string())?;
        edits.shapes().try_for_each(|dims| small_enough(dims.width, dims.height))?;
        let picture = preview(&opened.picture, &recipe).map_err(|error| error.to_string())?;
        let size = |dims: Dims| json!(Size::from(dims));
        let each: Vec<Value> =
            edits.words().into_iter().zip(edits.shapes()).map(|(words, shape)| json!({"words": words, "size": size(shape)})).collect();
        let proof = opened.proved_with.as_ref().map_err(ToString::to_string).and_then(|(negative, _)| {
            let estimate = Work::new(negative, &recipe).estimate(false, None).map_err(|error| error.to_string())?;
            if estimate.memory > MOST_MEMORY {
                return Err(
                    "this proof takes more memory than there is in a browser; save the recipe, and prove it with the command-line tool"
                        .into(),
                );
            }
            Ok(json!({"seconds": seconds(negative.layout().m, estimate.lookups), "memory_mb": estimate.memory.div_ceil(1_000_000)}))
        });
        let answer = json!({
            "size": size(*picture.dims()),
            "edits": each,
            "written": edits.written(),
            "proof": proof.as_ref().ok(),
            "refused": proof.as_ref().err(),
        });
        Ok((answer, rgba(&picture)))
    }

    /// Publishes what a recipe makes of a negative: a PNG with its proof inside.
    pub fn prove(&self, recipe: &str) -> Made {
        Made::of(self.proved(recipe))
    }

    fn proved(&self, text: &str) -> Result<(Value, Vec<u8>), String> {
        let (opened, recipe) = (self.opened()?, self.recipe(text)?);
        let (negative, chain) = opened.proved_with.as_ref().map_err(ToString::to_string)?;
        let mut work = Work::new(negative, &recipe).watched(&Told);
        if let Some(chain) = chain {
            work = work.after(chain);
        }
        let missing = work.missing(false).map_err(|error| error.to_string())?;
        if !missing.is_empty() {
            return Ok((json!({"missing": missing.into_iter().map(Part::name).collect::<Vec<_>>()}), Vec::new()));
        }
        let published = work.publish().map_err(|error| error.to_string())?;
        let file = published.to_file().map_err(|error| error.to_string())?;
        let answer = json!({"size": Size::from(*published.picture.dims()), "proof_bytes": published.proof.to_bytes().len()});
        Ok((answer, file))
    }

    fn opened(&self) -> Result<&Opened, String> {
        self.opened.as_ref().ok_or_else(|| "there is no picture yet; give a photo or a negative".into())
    }

    /// Reads a recipe as the tool reads a recipe's file, with the overlays that were given.
    fn recipe(&self, text: &str) -> Result<Recipe, String> {
        let file = |path: &Path| self.overlays.get(path).cloned().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "choose the file"));
        Recipe::from_file(text, Path::new(""), &file).map_err(|error| error.to_string())
    }
}

/// The words of a kind's examples.
fn examples(kind: &'static Kind) -> impl Iterator<Item = &'static str> {
    kind.example_word.split(' ').map(|word| word.trim_end_matches(',')).filter(|word| word.contains('=') || !word.contains('…'))
}

/// What a proof of a picture in rows of `2^m` cells takes, of one thread on a computer of 2025: `docs/page.md` has what was measured.
fn seconds(m: usize, lookups: usize) -> usize {
    1 + (1 << m) / 4096 + lookups / 500_000
}

/// Red, green, blue and 255 of each pixel, as a canvas has them.
fn rgba(picture: &Picture) -> Vec<u8> {
    let (dims, cells) = (picture.dims(), picture.cells());
    let plane = dims.width * dims.height;
    let mut all = vec![255; 4 * plane];
    for channel in 0..3 {
        // Of a grey picture the one that it has.
        let from = cells.get(plane * channel.min(dims.channels - 1)..).unwrap_or_default();
        for (pixel, value) in all.chunks_exact_mut(4).zip(from) {
            if let Some(place) = pixel.get_mut(channel) {
                *place = *value;
            }
        }
    }
    all
}
