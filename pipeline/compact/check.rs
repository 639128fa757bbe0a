//! The check of a chain with one proof.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::{Body, Compact, base, class, origin, parts};
use crate::proof_file::{Link, ProofFile};
use crate::statement::{Digest, Form, From, Shown, Statement, digest};
use zkimg_group::field::F;
use zkimg_group::generators::{BadParameters, MAX_ROW_BITS};
use zkimg_group::parallel;
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::{Layout, root};
use zkimg_proof::relation::Relation;
use zkimg_proof::soundness::REQUIRED_BITS;
use zkimg_recursion::chain::{Handed, Parameters, limbs};
use zkimg_recursion::class::{Class, element, generators};
use zkimg_recursion::compact::{self, Known};
use zkimg_recursion::step::transcript::history;
use zkimg_recursion::verifier::weighed;

/// Why a chain with one proof is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompactFault {
    /// A picture that no class of chains holds.
    #[error("the camera's picture is too large for one proof of a whole chain")]
    Size,
    /// Edits that are no step, or another number of steps than is told of.
    #[error("link {0} has edits that one proof of a whole chain does not hold")]
    Edits(usize),
    /// What is told of a link is not canonical.
    #[error("what is told of link {0} is not in its one form")]
    Told(usize),
    /// The rows are not those that the camera signed, or it signed none.
    #[error("it starts from another picture than the one that a camera signed")]
    Original,
    /// The camera's rows and the longer ones are not as many as they should be.
    #[error("the list of the original's longer rows is not valid")]
    Rows,
    /// A class that would leave too few bits of security.
    #[error("its soundness error leaves {0} bits, and {REQUIRED_BITS} are asked for")]
    Security(u32),
    /// The proof is refused.
    #[error("the proof of the chain does not hold, so at least one of its edits was not made as it says")]
    Proof,
    /// What is handed on is refused, and by which check.
    #[error("what is handed on with the chain does not hold ({0}), so nobody can go on from it; get the original file")]
    Handed(&'static str),
}

/// Whether a device signed the capture and the rows are those that it signed.
pub(crate) fn is_original(file: &ProofFile) -> bool {
    let statement = &file.capture().statement;
    root(&statement.layout(), file.rows()) == *statement.root() && file.capture().verify_signature().is_ok()
}

/// A link, its statement, and the steps that its edits are cut into.
pub(crate) struct Step<'a> {
    /// The link.
    pub link: &'a Link,
    /// What stands for the statement's bytes in those of the steps.
    pub base: Digest,
    /// Digest of the statement and its output.
    pub digest: Digest,
    /// The steps.
    pub parts: Vec<Relation>,
}

/// The root of the picture that a link starts from, and what it starts from.
pub(crate) struct Place<'a> {
    pub number: usize,
    pub from: From<'a>,
    pub root: Digest,
    pub input: Layout,
}

/// Lays out the statements of a chain's links; then where the next one would stand.
pub(crate) fn steps<'a>(file: &'a ProofFile, compact: &Compact, class: Class) -> Result<(Vec<Step<'a>>, Place<'a>), CompactFault> {
    let statement = &file.capture().statement;
    let input = Layout::new(*statement.dims(), MAX_ROW_BITS);
    let mut place = Place { number: 0, from: From::Capture(file.capture()), root: *statement.root(), input };
    let mut steps = Vec::with_capacity(file.links().len());
    for (link, told) in file.links().iter().zip(&compact.told) {
        let number = place.number + 1;
        let hidden = link.shown == Shown::Hidden;
        let Place { from, root, input, .. } = place;
        let edits = &link.edits;
        let said = Statement { number: number - 1, from, root, input: &input, edits, maker: &link.maker, hidden, form: Form::Compact };
        let context = said.context();
        let parts = parts(class, edits, hidden, told.len()).filter(|parts| parts.len() == told.len()).ok_or(CompactFault::Edits(number))?;
        let picture = told.last().ok_or(CompactFault::Edits(number))?.picture;
        let digest = digest(&context, &if let Shown::Picture(published) = link.shown { published } else { picture });
        place = Place { number, from: From::Link(digest), root: picture, input: Layout::new(edits.output(), MAX_ROW_BITS) };
        steps.push(Step { link, base: base(&context), digest, parts });
    }
    Ok((steps, place))
}

/// Whether a chain with one proof holds: that it does, or that a link of it fails, or that this installation is damaged.
pub(crate) fn checked(
    file: &ProofFile,
    compact: &Compact,
    steps: &[Step<'_>],
    pixels: Pixels<'_>,
) -> Result<Result<Held, CompactFault>, BadParameters> {
    let Some(class) = class(file.capture()) else { return Ok(Err(CompactFault::Size)) };
    let bits = class.security_bits();
    if bits < REQUIRED_BITS {
        return Ok(Err(CompactFault::Security(bits)));
    }
    let parameters = class.parameters()?;
    let both = generators()?;
    Ok(known(file, compact, steps, pixels, parameters).and_then(|known| match &compact.body {
        Body::Proof(proof) => match compact::verify(parameters, &known, both, proof) {
            Ok(()) => Ok(Held { handed: None, bits }),
            Err(_) => Err(CompactFault::Proof),
        },
        Body::Handed(bytes) => {
            let handed = parameters.read(&known, bytes).ok_or(CompactFault::Handed("form"))?;
            parameters.check(&handed).map_err(CompactFault::Handed)?;
            Ok(Held { handed: Some(Box::new(handed)), bits })
        }
    }))
}

/// What was found of a chain that holds.
pub(crate) struct Held {
    /// What the next step is made on, if the chain is handed on.
    pub handed: Option<Box<Handed>>,
    /// Bits of security.
    pub bits: u32,
}

/// What a reader makes of the statements and of what it is told: where the chain began, its history, and the digest of its last picture's rows.
fn known(
    file: &ProofFile,
    compact: &Compact,
    steps: &[Step<'_>],
    pixels: Pixels<'_>,
    parameters: &Parameters<'_>,
) -> Result<Known, CompactFault> {
    let statement = &file.capture().statement;
    let beginning =
        parameters.beginning(origin(file.capture()), (&statement.layout(), file.rows()), &compact.longer).ok_or(CompactFault::Rows)?;
    let start = parameters.start(&beginning);
    let sizes = parameters.class().sizes;
    let each: Vec<_> = steps
        .iter()
        .zip(&compact.told)
        .enumerate()
        .flat_map(|(number, (step, told))| {
            step.parts.iter().zip(told).enumerate().map(move |(i, (part, told))| (number + 1, step, i, part, told))
        })
        .collect();
    let read = parallel::map(&each, |(number, step, i, part, told)| {
        let last = i + 1 == step.parts.len();
        let published = match step.link.shown {
            Shown::Picture(digest) if last => Some(digest),
            _ => None,
        };
        let output = if published.is_some() { pixels } else { Pixels::none() };
        let picture = element(&told.picture).ok_or(CompactFault::Told(*number))?;
        let (challenges, point) = weighed(&sizes, &told.weighing).ok_or(CompactFault::Told(*number))?;
        let claims = parameters.claims(part, &challenges, &point, output).ok_or(CompactFault::Edits(*number))?;
        Ok((super::statement(&step.base, *i, part, published.as_ref()), picture, claims))
    });
    let mut sum = origin(file.capture());
    let mut last = None;
    for (read, (.., told)) in read.into_iter().zip(&each) {
        let (statement, picture, claims): (F, _, Vec<F>) = read?;
        sum = history(&sum, &statement, &limbs(picture), &told.weighing, &claims);
        last = Some(picture);
    }
    let links = each.len() as u64;
    last.map(|picture| Known { links, start, history: sum, picture }).ok_or(CompactFault::Edits(1))
}
