//! The secret of whoever holds a model: `NAME.model`.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `zkimgmod` |
//! | 2 | version, 1 |
//! | 4 + … | the card's file |
//! | 32 each | the blinder of each of the card's rows |
//! | 8 each | biases, then the weights of each layer |
//! | 32 | BLAKE2bp-256 of all the above, against damage and not against malice |
//!
//! Numbers are little-endian. Nothing may follow.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::card::{BadCard, Card, bounds, context, head};
use super::output::OutputKind;
use super::photo::block;
use super::seal::CARD;
use zeroize::{Zeroize, Zeroizing};
use zkimg_attest::randomness::{NoRandomness, Randomness, blinders};
use zkimg_attest::secret::{BadFrame, Frame};
use zkimg_attest::{SignError, SigningKey};
use zkimg_graph::tensor::Cells;
use zkimg_group::field::{Affine, F, scalar_from_bytes, scalar_to_bytes};
use zkimg_group::generators::{BadParameters, Generators};
use zkimg_network::import::{ImportError, tflite};
use zkimg_network::model::{Model as Network, Weights};
use zkimg_network::quantise::Precision;
use zkimg_picture::reader::{CutShort, Reader};
use zkimg_proof::commitment::{Layout, commit_rows};
use zkimg_proof::observer::Observer;
use zkimg_proof::prove::{Input, ProveError, prove_watched};

const VERSION: u16 = 1;
const FRAME: Frame = Frame { magic: b"zkimgmod", version: VERSION };

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A file that is no network.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A network that no card describes.
    #[error(transparent)]
    Card(#[from] BadCard),
    /// No proof of the bounds.
    #[error("no proof could be made that the weights lie in their bounds: {0}")]
    Prove(#[from] ProveError),
    /// A damaged installation.
    #[error(transparent)]
    Parameters(#[from] BadParameters),
    /// No random bytes.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The card could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// A network on its way to a model, and what its card is to say of it.
pub struct NewModel<'a> {
    network: Network,
    output: OutputKind,
    key: Option<&'a SigningKey>,
    observer: &'a dyn Observer,
}

/// The weights are secret.
impl std::fmt::Debug for NewModel<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewModel").field("output", &self.output).finish_non_exhaustive()
    }
}

/// A file that is not a model this version reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadModelFile {
    /// Another kind of file.
    #[error("this is not a model; give the secret .model file that `zkimg model import` wrote")]
    NotAModel,
    /// Another version.
    #[error("the model has version {0}, this program reads version {VERSION}; import it again, or use the zkimg that made it")]
    Version(u16),
    /// Bytes changed or missing.
    #[error("the model is damaged or cut short (its checksum is wrong); use a backup of it")]
    Damaged,
    /// A value that a model never holds.
    #[error("the model's {0} is not valid; use a backup of it")]
    Invalid(&'static str),
    /// The card inside.
    #[error("the card inside the model is refused: {0}")]
    Card(#[from] BadCard),
}

impl From<BadFrame> for BadModelFile {
    fn from(error: BadFrame) -> BadModelFile {
        match error {
            BadFrame::Kind => BadModelFile::NotAModel,
            BadFrame::Version(version) => BadModelFile::Version(version),
            BadFrame::Damaged => BadModelFile::Damaged,
        }
    }
}

impl From<CutShort> for BadModelFile {
    fn from(_: CutShort) -> BadModelFile {
        BadModelFile::Damaged
    }
}

/// A network, its weights, and the blinders of its card's rows. Secret; wiped when dropped, never printed.
pub struct Model {
    card: Card,
    network: Network,
    /// Of each secret input.
    blinders: Vec<Vec<F>>,
}

impl Drop for Model {
    fn drop(&mut self) {
        self.blinders.iter_mut().for_each(Zeroize::zeroize);
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").finish_non_exhaustive()
    }
}

/// How the secret inputs of a card are cut.
fn layouts(network: &Network, m: usize) -> Vec<Layout> {
    network.architecture().secrets().map(|(dims, _)| Layout::new(dims, m)).collect()
}

/// Secret integers as bytes.
fn bytes_of(secrets: &[Cells]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(secrets.iter().map(|cells| 8 * cells.len()).sum()));
    for cells in secrets {
        (0..cells.len()).for_each(|i| bytes.extend_from_slice(&cells.get(i).to_le_bytes()));
    }
    bytes
}

impl<'a> NewModel<'a> {
    /// A network that gives scores, for which nobody vouches.
    pub fn new(network: Network) -> NewModel<'a> {
        NewModel { network, output: OutputKind::Scores, key: None, observer: &() }
    }

    /// The network of an int8 `.tflite` file.
    ///
    /// # Errors
    /// If the file holds anything that cannot be proved.
    pub fn import(file: &[u8], precision: Precision) -> Result<NewModel<'a>, ImportError> {
        Ok(NewModel::new(tflite(file, precision)?))
    }

    /// Says what the network makes.
    pub fn makes(self, output: OutputKind) -> NewModel<'a> {
        NewModel { output, ..self }
    }

    /// Vouches for the card with a key: its maker's, or that of somebody who approves it.
    pub fn signed(self, key: &'a SigningKey) -> NewModel<'a> {
        NewModel { key: Some(key), ..self }
    }

    /// Is watched while it is proved, by somebody who may stop it.
    pub fn watched(self, observer: &'a dyn Observer) -> NewModel<'a> {
        NewModel { observer, ..self }
    }

    /// Commits to the weights with fresh blinders and proves their bounds.
    ///
    /// # Errors
    /// If the network does not make what it should, or the proof cannot be made.
    pub fn commit(self) -> Result<Model, ModelError> {
        let NewModel { network, output, key, observer } = self;
        output.fits(network.architecture())?;
        let relation = bounds(network.architecture())?;
        let generators = Generators::load_for(relation.m)?;
        let secrets = Zeroizing::new(network.secrets());
        let random = Randomness::new(bytes_of(&secrets), network.architecture().to_bytes());
        let mut stream = random.stream("model blinders")?;
        let layouts = layouts(&network, relation.m);
        let blinders: Vec<Vec<F>> = layouts.iter().map(|layout| blinders(&mut stream, layout.rows.len())).collect();
        let each = layouts.iter().zip(secrets.iter()).zip(&blinders);
        let rows: Vec<Vec<Affine>> = each.map(|((layout, cells), blinders)| commit_rows(generators, layout, cells, blinders)).collect();
        let head = head(network.architecture(), &output, &rows);
        let inputs = inputs(&secrets, &blinders, &rows);
        let proof = prove_watched(&relation, &context(&head), &inputs, observer).map(|proved| proved.proof);
        drop(inputs);
        let mut blinders = Zeroizing::new(blinders);
        let mut body = head;
        block(&mut body, &proof?);
        // What was made is read as everybody will read it.
        let card = Card::from_bytes(&CARD.seal(body, key)?)?;
        Ok(Model { card, network, blinders: std::mem::take(&mut *blinders) })
    }
}

impl Model {
    /// Takes a network that gives scores from an int8 `.tflite` file; [`NewModel`] has more to say.
    ///
    /// # Errors
    /// If the file holds anything that cannot be proved, or the proof cannot be made.
    pub fn import(file: &[u8], precision: Precision, observer: &dyn Observer) -> Result<Model, ModelError> {
        NewModel::import(file, precision)?.watched(observer).commit()
    }

    /// Commits to the weights of a network that gives scores; [`NewModel`] has more to say.
    ///
    /// # Errors
    /// If the proof cannot be made.
    pub fn commit(network: Network, observer: &dyn Observer) -> Result<Model, ModelError> {
        NewModel::new(network).watched(observer).commit()
    }

    /// The public half.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// The network with its weights.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The blinder of each row of each secret input.
    pub fn blinders(&self) -> &[Vec<F>] {
        &self.blinders
    }

    /// The bytes of the model's file. Secret: write them where only its holder can read.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let (card, secrets) = (self.card.to_bytes(), Zeroizing::new(self.network.secrets()));
        let (numbers, rows) = (bytes_of(&secrets), self.blinders.iter().map(Vec::len).sum::<usize>());
        let mut out = FRAME.begin(4 + card.len() + 32 * rows + numbers.len());
        out.extend_from_slice(&(card.len() as u32).to_le_bytes());
        out.extend_from_slice(&card);
        self.blinders.iter().flatten().for_each(|blinder| out.extend_from_slice(&scalar_to_bytes(blinder)));
        out.extend_from_slice(&numbers);
        Frame::finish(out)
    }

    /// Reads a model's file: the checksum first, then every value. That the rows are those of the weights shows when it is used.
    ///
    /// # Errors
    /// If it is no model that this version reads.
    pub fn from_bytes(file: &[u8]) -> Result<Model, BadModelFile> {
        let mut r = FRAME.open(file)?;
        let card = Card::from_bytes(r.block()?)?;
        let rows: usize = card.rows().iter().map(Vec::len).sum();
        let numbers: usize = card.architecture().secrets().map(|(dims, _)| dims.cells()).sum();
        if r.rest().len() != 32 * rows + 8 * numbers {
            return Err(BadModelFile::Invalid("number of weights"));
        }
        let mut model =
            Model { blinders: Vec::with_capacity(card.rows().len()), network: read_network(&card, r.rest().get(32 * rows..))?, card };
        for rows in model.card.rows() {
            let mut read = Zeroizing::new(Vec::with_capacity(rows.len()));
            for _ in rows {
                read.push(scalar_from_bytes(&r.array()?).map_err(|_| BadModelFile::Invalid("blinder"))?);
            }
            model.blinders.push(std::mem::take(&mut *read));
        }
        Ok(model)
    }
}

fn read_network(card: &Card, numbers: Option<&[u8]>) -> Result<Network, BadModelFile> {
    const WEIGHTS: BadModelFile = BadModelFile::Invalid("list of weights");
    let architecture = card.architecture();
    let mut r = Reader::new(numbers.ok_or(WEIGHTS)?);
    let mut take = |count: usize| -> Result<Vec<i64>, BadModelFile> {
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(i64::from_le_bytes(r.array()?));
        }
        Ok(values)
    };
    let biases = take(architecture.biases())?;
    let layers = architecture.weights().iter().map(|shape| take(shape.dims.cells())).collect::<Result<_, _>>()?;
    Network::new(architecture.clone(), Weights::new(biases, layers)).map_err(|_| WEIGHTS)
}

/// A model's secret inputs as the prover takes them.
pub(crate) fn inputs<'a>(secrets: &'a [Cells], blinders: &'a [Vec<F>], rows: &'a [Vec<Affine>]) -> Vec<Input<'a>> {
    let each = secrets.iter().zip(blinders).zip(rows);
    each.map(|((cells, blinders), rows)| Input { cells: cells.view(), blinders, rows }).collect()
}
