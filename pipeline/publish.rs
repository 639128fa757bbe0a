//! From a negative and a recipe to a published picture and its proof, or to a picture that is handed on.

use crate::chain::Steps;
use crate::coefficients::{coefficients, digest as coefficients_digest};
use crate::compact::{Compact, Linked, Making, NotCompact, Place, Publishing, class, received};
use crate::fields::ShownFields;
use crate::parts::{Part, missing_for};
use crate::proof_file::{Link, MAX_LINKS, ProofFile};
use crate::recipe::{Edits, Recipe, RecipeError};
use crate::statement::{Digest, Form, From, Shown, Statement, digest, picture_digest};
use crate::unpublished::{BadChain, PublishError};
use zkimg_attest::{Maker, MakerSignature, Negative, Origin, Purpose, SignedCapture, SigningKey};
use zkimg_graph::graph::{Graph, Kind};
use zkimg_graph::step::Budget;
use zkimg_graph::tensor::{Bounds, Cells, CellsRef};
use zkimg_group::generators::MAX_ROW_BITS;
use zkimg_picture::{Coefficients, ExifField, Picture, PictureError, Profile, embed, encode_png, write_jpeg};
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::Layout;
use zkimg_proof::commitment::root;
use zkimg_proof::observer::{Observer, Phase};
use zkimg_proof::prove::{Proved, prove_watched};
use zkimg_proof::relation::{BadRelation, Output};
use zkimg_recursion::chain::Handed;
use zkimg_recursion::class::Class;

/// What is published: the edited picture and its proof.
#[derive(Debug)]
pub struct Published {
    /// The edited picture.
    pub picture: Picture,
    /// Its proof.
    pub proof: ProofFile,
}

impl Published {
    /// One file for everyone: the picture as PNG, with its proof inside. [`zkimg_picture::embedded`] takes it out.
    pub fn to_file(&self) -> Result<Vec<u8>, PictureError> {
        embed(&encode_png(&self.picture), &self.proof.to_bytes())
    }
}

/// What is handed on: a hidden picture, for the next person alone, and its proof.
#[derive(Debug)]
pub struct HandedOn {
    /// The hidden picture with its blinders, and nothing of any picture before it. Secret.
    pub negative: Negative,
    /// Its proof.
    pub proof: ProofFile,
}

/// What is published as a JPEG.
#[derive(Debug)]
pub struct PublishedJpeg {
    /// The coefficients, which are what is proved.
    pub coefficients: Coefficients,
    /// The photo's profile, if it fits.
    pub profile: Profile,
    /// Their proof.
    pub proof: ProofFile,
}

impl PublishedJpeg {
    /// One file for everyone: the JPEG with its proof inside.
    pub fn to_file(&self) -> Result<Vec<u8>, PictureError> {
        embed(&write_jpeg(&self.coefficients, &self.profile), &self.proof.to_bytes())
    }
}

/// Applies a recipe to a picture, without a proof: the same integers, bit for bit.
pub fn preview(picture: &Picture, recipe: &Recipe) -> Result<Picture, PublishError> {
    let edits = recipe.resolve(*picture.dims())?;
    if edits.jpeg().is_some() { Err(RecipeError::Jpeg.into()) } else { edited(picture, &edits) }
}

/// The coefficients of the JPEG that a recipe ends with, without a proof: the same integers. With the profile that they are in.
pub fn preview_jpeg(picture: &Picture, recipe: &Recipe) -> Result<(Coefficients, Profile), PublishError> {
    let edits = recipe.resolve(*picture.dims())?;
    let jpeg = edits.jpeg().ok_or(RecipeError::NoJpeg)?;
    let edited = edited(picture, &edits)?;
    let wrong = |error| RecipeError::Edit { number: edits.values().len(), error };
    let ending = jpeg.ending(edits.output()).map_err(wrong)?;
    let graph = Graph::ending(edits.output(), &[], &ending).map_err(BadRelation::from)?;
    let cells = graph.evaluate(&[CellsRef::U8(edited.cells())]).pop().ok_or(BadRelation::Empty)?;
    Ok((coefficients(cells.view(), jpeg, edits.output()).map_err(wrong)?, edited.profile().clone()))
}

fn edited(picture: &Picture, edits: &Edits) -> Result<Picture, PublishError> {
    let mut steps = edits.steps().iter();
    let Some(first) = steps.next() else { return Ok(picture.clone()) };
    let cells = steps.fold(first.apply(picture.cells()), |cells, step| step.apply(&cells));
    Ok(Picture::new(edits.output(), cells)?.with_profile(picture.profile().clone()))
}

/// Applies a recipe to a photo's negative and proves it. The proof is verified before it is returned.
///
/// Takes seconds for a picture of several megapixels, and both cores. [`Work`] does the same for a chain.
pub fn prove(negative: &Negative, recipe: &Recipe) -> Result<Published, PublishError> {
    Work::new(negative, recipe).publish()
}

/// What proving takes, before it is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Committed values of all pictures.
    pub cells: usize,
    /// Lookups in tables.
    pub lookups: usize,
    /// Bytes, within the limit that was given if that can be done.
    pub memory: usize,
    /// Bytes at the least.
    pub least: usize,
}

/// One person's link: edits on a hidden picture, perhaps after others, perhaps with a name and a signature.
pub struct Work<'a> {
    negative: &'a Negative,
    recipe: &'a Recipe,
    after: Option<&'a ProofFile>,
    name: Option<String>,
    note: Option<String>,
    key: Option<&'a SigningKey>,
    compact: bool,
    show: Vec<ExifField>,
    observer: &'a dyn Observer,
}

/// It is on a secret: only what everyone will see is printed, without the edits and proofs, which are long.
impl std::fmt::Debug for Work<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("name", &self.name).field("note", &self.note).finish_non_exhaustive()
    }
}

impl<'a> Work<'a> {
    /// Edits on a negative's picture, by nobody in particular.
    pub fn new(negative: &'a Negative, recipe: &'a Recipe) -> Work<'a> {
        Work { negative, recipe, after: None, name: None, note: None, key: None, compact: false, show: Vec::new(), observer: &() }
    }

    /// Goes on from the chain that came with a negative. The chain's own proofs are not checked here: [`crate::verify_hidden`]
    /// does that, and this takes no longer however many links there are.
    pub fn after(self, chain: &'a ProofFile) -> Work<'a> {
        Work { after: Some(chain), ..self }
    }

    /// Says who made the edits, for everyone to see.
    pub fn named(self, name: impl Into<String>) -> Work<'a> {
        Work { name: Some(name.into()), ..self }
    }

    /// Says something about the edits, for everyone to see.
    pub fn noted(self, note: impl Into<String>) -> Work<'a> {
        Work { note: Some(note.into()), ..self }
    }

    /// Signs the link with its maker's own key.
    pub fn signed(self, key: &'a SigningKey) -> Work<'a> {
        Work { key: Some(key), ..self }
    }

    /// Begins a chain with one proof for all its links, however many there will be. A chain goes on in the form in which it began.
    pub fn compact(self) -> Work<'a> {
        Work { compact: true, ..self }
    }

    /// Shows a field of the photo's EXIF data, and so on with every call: exactly these are opened, for everyone and for good. Only whoever has the
    /// photo's own negative can do so; whoever goes on from there keeps what is shown.
    pub fn showing(mut self, field: ExifField) -> Work<'a> {
        self.show.push(field);
        self
    }

    /// Is watched while it is proved, by somebody who may stop it.
    pub fn watched(self, observer: &'a dyn Observer) -> Work<'a> {
        Work { observer, ..self }
    }

    /// What proving would take, for a picture that is handed on or published, in `memory` bytes if that is said.
    pub fn estimate(&self, hidden: bool, memory: Option<usize>) -> Result<Estimate, PublishError> {
        let layout = self.negative.layout();
        let edits = self.recipe.resolve(layout.dims)?;
        let output = if hidden { Output::Hidden(Kind::Picture) } else { Output::Revealed };
        let relation = edits.relation(layout.m, output)?;
        // A step of a chain with one proof takes what its class takes, whatever the limit.
        let step = self.one_proof().map(|capture| class(capture).ok_or(NotCompact::Size)).transpose()?.map(Class::memory);
        Ok(Estimate {
            cells: relation.tensors.iter().map(|tensor| tensor.dims.cells()).sum(),
            lookups: relation.looked_up(),
            memory: step.unwrap_or_else(|| relation.memory(memory)),
            least: step.unwrap_or_else(|| relation.memory(Some(0))),
        })
    }

    /// What this process must still be given before it proves, for a picture that is handed on or published; not of a chain with one proof.
    pub fn missing(&self, hidden: bool) -> Result<Vec<Part>, PublishError> {
        let m = self.negative.layout().m;
        let output = if hidden { Output::Hidden(Kind::Picture) } else { Output::Revealed };
        Ok(missing_for(m, self.edits()?.relation(m, output)?.class()))
    }

    /// Publishes the picture: the chain ends.
    pub fn publish(self) -> Result<Published, PublishError> {
        let edits = self.edits()?;
        if edits.jpeg().is_some() {
            return Err(RecipeError::Jpeg.into());
        }
        let dims = edits.output();
        let digest = |cells: CellsRef<'_>| Ok(picture_digest(&Pixels::of_cells(dims, Bounds::BYTE, cells)));
        let mut made = self.link(edits, Some(&digest))?;
        let picture = Picture::new(dims, made.proved.take_pixels())?.with_profile(self.negative.profile().clone());
        let shown = Pixels::new(*picture.dims(), picture.cells());
        let picture_digest = picture_digest(&shown);
        let proof = made.finish(&self, Shown::Picture(picture_digest), &picture_digest, shown)?;
        Ok(Published { picture, proof })
    }

    /// Publishes the picture as a JPEG, which the recipe must end with: the chain ends.
    pub fn publish_jpeg(self) -> Result<PublishedJpeg, PublishError> {
        let edits = self.edits()?;
        let (jpeg, output) = (*edits.jpeg().ok_or(RecipeError::NoJpeg)?, edits.output());
        let wrong = |error| RecipeError::Edit { number: edits.values().len(), error };
        let ending = jpeg.ending(output).map_err(wrong)?;
        let profile = self.negative.profile().clone().on(output.channels);
        let digest = |cells: CellsRef<'_>| {
            Ok(coefficients_digest(&Pixels::of_cells(ending.dims, ending.bounds, cells), &jpeg, output, &profile.id()))
        };
        let mut made = self.link(edits.clone(), Some(&digest))?;
        let cells = std::mem::replace(&mut made.proved.output, Cells::U8(Vec::new()));
        let coefficients = coefficients(cells.view(), &jpeg, output).map_err(wrong)?;
        let digest = digest(cells.view())?;
        let pixels = Pixels::of_cells(ending.dims, ending.bounds, cells.view());
        let proof = made.finish(&self, Shown::Picture(digest), &digest, pixels)?;
        Ok(PublishedJpeg { coefficients, profile, proof })
    }

    /// Keeps the picture hidden and makes its negative, for the next person.
    pub fn hand_on(self) -> Result<HandedOn, PublishError> {
        let edits = self.edits()?;
        if edits.jpeg().is_some() {
            return Err(RecipeError::Jpeg.into());
        }
        let mut made = self.link(edits, None)?;
        let pixels = made.proved.take_pixels();
        let rows = std::mem::take(&mut made.proved.output_rows);
        let blinders = std::mem::take(&mut *made.proved.output_blinders);
        let m = if made.compact.is_some() { MAX_ROW_BITS } else { self.negative.layout().m };
        let layout = Layout::new(made.edits.output(), m);
        let root = made.compact.as_ref().map_or_else(|| root(&layout, &rows), Linked::picture);
        // The negative comes first: from here on it wipes its secrets, whatever happens.
        let profile = self.negative.profile().clone().on(layout.dims.channels);
        let negative = Negative::handed_on(digest(&made.context, &root), layout, profile, pixels, blinders, rows)?;
        Ok(HandedOn { negative, proof: made.finish(&self, Shown::Hidden, &root, Pixels::none())? })
    }

    /// The edits, with every parameter fixed.
    fn edits(&self) -> Result<Edits, PublishError> {
        Ok(self.recipe.resolve(self.negative.layout().dims)?)
    }

    /// Proves the link's own edits; `publishing` gives the digest of what is published, if the output does not stay hidden.
    fn link(&self, edits: Edits, publishing: Option<Publishing<'_>>) -> Result<Made, PublishError> {
        let maker = Maker::new(self.name.clone(), self.note.clone(), self.key.map(SigningKey::public))?;
        let fields = ShownFields::of(self.negative, &self.show)?;
        let mut together = Budget::together();
        let before = self.after.iter().flat_map(|chain| &chain.links).map(|link| link.edits.budget());
        before.chain([edits.budget()]).try_for_each(|chain| together.take_chain(chain)).map_err(|_| BadChain::TooMuch)?;
        let (place, received) = self.place()?;
        let Place { number, from, root, input } = place;
        let (chain, hidden) = (self.one_proof(), publishing.is_none());
        let form = if chain.is_some() { Form::Compact } else { Form::Listed };
        let context = Statement { number, from, root, input: &input, edits: &edits, maker: &maker, hidden, form }.context();
        if let Some(capture) = chain {
            let before = self.after.and_then(|chain| chain.compact.as_deref()).map_or(0, Compact::steps);
            let (negative, received, observer) = (self.negative, received.as_ref(), self.observer);
            let making = Making { capture, negative, received, before, edits: &edits, context: &context, publishing, observer };
            let (proved, linked) = making.link()?;
            return Ok(Made { edits, maker, fields, context, proved, compact: Some(linked) });
        }
        let output = if hidden { Output::Hidden(Kind::Picture) } else { Output::Revealed };
        let relation = edits.relation(input.m, output)?;
        let proved = prove_watched(&relation, &context, &[self.negative.input()], self.observer)?;
        Ok(Made { edits, maker, fields, context, proved, compact: None })
    }

    /// What was signed of the photo that a chain with one proof begins with, if this begins or goes on with one.
    fn one_proof(&self) -> Option<&SignedCapture> {
        match (self.after, self.negative.origin()) {
            (Some(chain), _) => chain.compact.is_some().then_some(&chain.capture),
            (None, Origin::Capture { capture, .. }) => self.compact.then_some(&**capture),
            (None, Origin::Link { .. }) => None,
        }
    }

    /// Where the link stands and what it starts from; the negative and the chain must fit. Of a chain with one proof also what it is made on.
    fn place(&self) -> Result<(Place<'a>, Option<Handed>), PublishError> {
        let (root, input) = (self.negative.root(), self.negative.layout().clone());
        self.after.map_or(Ok(()), ProofFile::check_shown).map_err(BadChain::Shown)?;
        match (self.negative.origin(), self.after) {
            (Origin::Capture { capture, .. }, None) => {
                let input = if self.compact { Layout::new(input.dims, MAX_ROW_BITS) } else { input };
                Ok((Place { number: 0, from: From::Capture(capture), root, input }, None))
            }
            (Origin::Capture { .. }, Some(_)) => Err(BadChain::Unwanted.into()),
            (Origin::Link { .. }, None) => Err(BadChain::Missing.into()),
            (Origin::Link { .. }, Some(chain)) if !chain.is_hidden() => Err(BadChain::Revealed.into()),
            (Origin::Link { statement }, Some(chain)) => match &chain.compact {
                Some(compact) => {
                    let (place, handed) = received(chain, compact, self.negative, statement, self.observer)?;
                    Ok((place, Some(handed)))
                }
                None if self.compact => Err(BadChain::Listed.into()),
                None => {
                    self.fits(statement, chain)?;
                    Ok((Place { number: chain.links.len(), from: From::Link(*statement), root, input }, None))
                }
            },
        }
    }

    /// That the chain ends with this negative's picture: the digest covers the statements of all links and the last root.
    fn fits(&self, statement: &Digest, chain: &ProofFile) -> Result<(), BadChain> {
        if chain.links.len() >= MAX_LINKS {
            return Err(BadChain::TooLong(MAX_LINKS));
        }
        let steps = Steps::of(chain).map_err(|(number, error)| BadChain::Link(number + 1, error))?;
        let layout = Layout::new(chain.output(), chain.capture.statement.m());
        let same_statement = steps.steps.last().is_some_and(|step| step.digest == *statement);
        let same_rows = *self.negative.layout() == layout && steps.output_root == self.negative.root();
        if !same_statement || !same_rows || self.negative.profile().id() != chain.profile() {
            return Err(BadChain::Foreign);
        }
        steps.check_signatures().map_err(|(number, error)| BadChain::Signature(number + 1, error))
    }
}

/// A link that is proved, and not yet in a file.
struct Made {
    edits: Edits,
    maker: Maker,
    /// What is shown of the photo's EXIF data, where the chain begins.
    fields: ShownFields,
    context: Vec<u8>,
    proved: Proved,
    /// Of a chain with one proof.
    compact: Option<Linked>,
}

impl Made {
    /// Signs the link and appends it to its chain. A chain with one proof is checked as a reader does before it is given out.
    fn finish(self, work: &Work<'_>, shown: Shown, output: &Digest, pixels: Pixels<'_>) -> Result<ProofFile, PublishError> {
        let sign = |key| MakerSignature::sign(key, Purpose::Link, &digest(&self.context, output));
        let signature = work.key.map(sign).transpose()?;
        let link = Link { edits: self.edits, maker: self.maker, signature, shown, proof: self.proved.proof };
        let mut file = match (work.after, work.negative.origin()) {
            (Some(chain), _) => chain.without_body(),
            (None, Origin::Capture { capture, .. }) => {
                let (capture, rows) = (SignedCapture::clone(capture), work.negative.rows().to_vec());
                ProofFile { capture, fields: self.fields, rows, links: Vec::new(), compact: None }
            }
            (None, Origin::Link { .. }) => return Err(BadChain::Missing.into()),
        };
        file.links.push(link);
        if let Some(linked) = self.compact {
            work.observer.phase(Phase::Checking);
            file.compact = Some(Box::new(linked.onto(file.compact.take().map(|compact| *compact))));
            file.check_own(pixels)?;
        }
        Ok(file)
    }
}
