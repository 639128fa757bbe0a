//! A link on a chain with one proof.

use super::check::{CompactFault, Place, checked, is_original, steps};
use super::{Body, Compact, MAX_STEPS, Told, base, class, origin, parts, statement, steps_fit};
use crate::chain::check_signatures;
use crate::proof_file::{MAX_COMPACT_LINKS, ProofFile};
use crate::recipe::Edits;
use crate::statement::Digest;
use crate::unpublished::{BadChain, PublishError};
use ff::PrimeField;
use zeroize::Zeroizing;
use zkimg_attest::{Negative, SignedCapture};
use zkimg_graph::tensor::{Cells, CellsRef};
use zkimg_group::field::{F, scalar_to_bytes};
use zkimg_group::randomness::hedged;
use zkimg_proof::argument::Pixels;
use zkimg_proof::observer::{Observer, Phase};
use zkimg_proof::prove::{ProveError, Proved, begin};
use zkimg_proof::relation::Witness;
use zkimg_recursion::chain::{Given, Handed, Known};
use zkimg_recursion::class::{Class, generators};
use zkimg_recursion::compact;
use zkimg_recursion::step::points::crossing_digest;
use zkimg_recursion::verifier::weighing;

/// Why a chain has no one proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotCompact {
    /// A picture that no class of chains holds.
    #[error("the camera's photo is too large for one proof of a whole chain; prove it without, each link with a proof of its own")]
    Size,
    /// Edits that are no step.
    #[error(
        "one of these edits, or the picture after it, is larger than one proof of this chain holds; use smaller ones, or a chain in which each \
         link has a proof of its own"
    )]
    Edits,
    /// A JPEG in a class of small pictures.
    #[error(
        "a chain with one proof from a photo of so few pixels has no room for a JPEG at its end, or for one of these edits; write a .png, or \
         use a chain in which each link has a proof of its own"
    )]
    Jpeg,
    /// A link that does not hold, which shows in the negative.
    #[error("the negative's picture and its commitments do not fit; use a backup of it")]
    Negative,
    /// The chain that was made fails its own check.
    #[error("the chain that was made fails its own check ({0}); the computer may be faulty, try again")]
    SelfCheck(CompactFault),
}

/// Gives the digest of what is published, of the last cells.
pub(crate) type Publishing<'a> = &'a dyn Fn(CellsRef<'_>) -> Result<Digest, PublishError>;

/// What a link on a chain is made of.
pub(crate) struct Making<'a> {
    pub capture: &'a SignedCapture,
    pub negative: &'a Negative,
    /// What was handed on, if the chain has begun.
    pub received: Option<&'a Handed>,
    /// How many steps the chain has.
    pub before: usize,
    pub edits: &'a Edits,
    /// The statement's bytes.
    pub context: &'a [u8],
    /// `None` if the output stays hidden.
    pub publishing: Option<Publishing<'a>>,
    pub observer: &'a dyn Observer,
}

/// A link that is made.
pub(crate) struct Linked {
    /// What a reader is told of it.
    pub told: Vec<Told>,
    /// The camera's picture in longer rows, if the chain begins.
    pub longer: Vec<zkimg_group::field::Affine>,
    /// What proves the chain.
    pub body: Body,
}

impl Linked {
    /// What a reader takes the digest of a hidden output's rows for.
    pub(crate) fn picture(&self) -> Digest {
        self.told.last().map_or([0; 32], |told| told.picture)
    }

    /// The chain with this link, after those before.
    pub(crate) fn onto(self, before: Option<Compact>) -> Compact {
        let Linked { told, longer, body } = self;
        match before {
            None => Compact { longer, told: vec![told], body },
            Some(mut chain) => {
                chain.told.push(told);
                Compact { body, ..chain }
            }
        }
    }
}

impl ProofFile {
    /// The same without what was handed on, which is long, and proves nothing any more once a link has been added.
    pub(crate) fn without_body(&self) -> ProofFile {
        let compact = self.compact.as_deref().map(|compact| {
            Box::new(Compact { longer: compact.longer.clone(), told: compact.told.clone(), body: Body::Handed(Vec::new()) })
        });
        ProofFile {
            capture: self.capture.clone(),
            fields: self.fields.clone(),
            rows: self.rows.clone(),
            links: self.links.clone(),
            compact,
        }
    }

    /// Checks a chain of one's own as a reader does.
    pub(crate) fn check_own(&self, pixels: Pixels<'_>) -> Result<(), PublishError> {
        let (Some(compact), Some(class)) = (self.compact.as_deref(), class(&self.capture)) else { return Err(NotCompact::Size.into()) };
        let (steps, _) = steps(self, compact, class).map_err(BadChain::Compact)?;
        if !is_original(self) {
            return Err(NotCompact::SelfCheck(CompactFault::Original).into());
        }
        checked(self, compact, &steps, pixels).map_err(ProveError::from)?.map_err(NotCompact::SelfCheck)?;
        Ok(())
    }
}

impl Making<'_> {
    /// Makes the link, step after step; also the output with the rows of a hidden one, whose own proof is empty.
    pub(crate) fn link(&self) -> Result<(Proved, Linked), PublishError> {
        let Making { negative, edits, context, observer, .. } = self;
        let class = class(self.capture).ok_or(NotCompact::Size)?;
        let parts = parts(class, edits, self.publishing.is_none(), MAX_STEPS);
        let parts = parts.ok_or(if edits.jpeg().is_some() { NotCompact::Jpeg } else { NotCompact::Edits })?;
        if !steps_fit(self.before, parts.len()) {
            return Err(BadChain::TooManySteps.into());
        }
        enough(class, *observer)?;
        begin(*observer, Phase::Computing)?;
        let parameters = class.parameters().map_err(ProveError::from)?;
        let hedge = hedge(context, negative.blinders(), self.received);
        let mut random = hedged("compact chain", &hedge.each_ref().map(|part| part.as_slice())).map_err(ProveError::from)?;
        if !parameters.opens(negative.layout(), negative.cells(), (negative.rows(), negative.blinders()), &mut random) {
            return Err(NotCompact::Negative.into());
        }
        let mut longer = Vec::new();
        let (mut handed, mut rows, mut blinders) = match self.received {
            Some(handed) => {
                let (rows, blinders) = parameters.filled(negative.rows(), negative.blinders());
                (handed.clone(), rows, Zeroizing::new(blinders))
            }
            None => {
                let known =
                    Known { layout: negative.layout(), cells: negative.cells(), rows: negative.rows(), blinders: negative.blinders() };
                let begun = parameters.begun(origin(self.capture), &known, &mut random).ok_or(NotCompact::Size)?;
                longer = begun.longer.unwrap_or_default();
                let rows = begun.beginning.rows().to_vec();
                (parameters.begin(&begun.beginning, begun.pictures), rows, begun.blinders)
            }
        };
        let mut told = Vec::with_capacity(parts.len());
        let base = base(context);
        let mut cells = Zeroizing::new(negative.cells().clone());
        let mut own_rows = 0;
        for (i, relation) in parts.iter().enumerate() {
            begin(*observer, Phase::Computing)?;
            let mut witness = Witness::new(relation, vec![std::mem::replace(&mut *cells, Cells::U8(Vec::new()))]);
            *cells = std::mem::replace(&mut witness.output, Cells::U8(Vec::new()));
            let publishing = self.publishing.filter(|_| i + 1 == parts.len());
            let published = publishing.map(|digest| digest(cells.view())).transpose()?;
            let statement = statement(&base, i, relation, published.as_ref());
            let output = if published.is_some() { cells.view() } else { Pixels::none().cells() };
            begin(*observer, Phase::Lookups)?;
            let given = Given { relation, statement, witness, rows: &rows, blinders: &blinders, output };
            let appended = parameters.append(&handed, given, &mut random).ok_or(NotCompact::Negative)?;
            let picture = crossing_digest(11, &appended.rows).to_repr();
            told.push(Told { picture, weighing: weighing(&appended.challenges, &appended.point) });
            own_rows = relation.hidden_output.map_or(0, |t| relation.tensors[t].rows.len());
            (handed, rows, blinders) = (appended.handed, appended.rows, appended.blinders);
        }
        begin(*observer, Phase::Opening)?;
        let body = match self.publishing {
            None => Body::Handed(handed.to_bytes().to_vec()),
            Some(_) => {
                let both = generators().map_err(ProveError::from)?;
                Body::Proof(compact::publish(parameters, &handed, both, &mut random).map_err(|_| NotCompact::Negative)?)
            }
        };
        rows.truncate(own_rows);
        blinders.truncate(own_rows);
        let output = std::mem::replace(&mut *cells, Cells::U8(Vec::new()));
        Ok((Proved { proof: Vec::new(), output, output_rows: rows, output_blinders: blinders }, Linked { told, longer, body }))
    }
}

/// Whether a step of the class may take the memory that it takes.
fn enough(class: Class, observer: &dyn Observer) -> Result<(), ProveError> {
    let memory = class.memory();
    if observer.memory().is_some_and(|limit| limit < memory) { Err(ProveError::Memory(memory.div_ceil(1_000_000))) } else { Ok(()) }
}

/// What a link's draws depend on beside the system's randomness: its statement, what its maker alone knows, and all that was received. Of one
/// state there may be several folds, and under other challenges the same draws would give the witness away.
fn hedge(context: &[u8], blinders: &[F], received: Option<&Handed>) -> [Zeroizing<Vec<u8>>; 3] {
    let known = Zeroizing::new(blinders.iter().flat_map(scalar_to_bytes).collect());
    [known, Zeroizing::new(context.to_vec()), received.map_or_else(Zeroizing::default, Handed::to_bytes)]
}

/// A chain that a negative goes on from: where the next link stands, and what it is made on, which is checked.
pub(crate) fn received<'a>(
    file: &'a ProofFile,
    compact: &Compact,
    negative: &Negative,
    statement: &Digest,
    observer: &dyn Observer,
) -> Result<(Place<'a>, Handed), PublishError> {
    if file.links().len() >= MAX_COMPACT_LINKS {
        return Err(BadChain::TooLong(MAX_COMPACT_LINKS).into());
    }
    if !is_original(file) {
        return Err(BadChain::Compact(CompactFault::Original).into());
    }
    let class = class(file.capture()).ok_or(NotCompact::Size)?;
    enough(class, observer)?;
    let (steps, place) = steps(file, compact, class).map_err(BadChain::Compact)?;
    let same = steps.last().is_some_and(|step| step.digest == *statement) && *negative.layout() == place.input;
    if !same || negative.profile().id() != file.profile() {
        return Err(BadChain::Foreign.into());
    }
    let signed = steps.iter().map(|step| (step.link, &step.digest));
    check_signatures(signed).map_err(|(number, error)| BadChain::Signature(number + 1, error))?;
    let parameters = class.parameters().map_err(ProveError::from)?;
    let (rows, _) = parameters.filled(negative.rows(), &[]);
    if crossing_digest(10, &rows).to_repr() != place.root {
        return Err(BadChain::Foreign.into());
    }
    let held = checked(file, compact, &steps, Pixels::none()).map_err(ProveError::from)?.map_err(BadChain::Compact)?;
    let handed = held.handed.ok_or(BadChain::Revealed)?;
    Ok((place, *handed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use zkimg_graph::tensor::Dims;
    use zkimg_group::generators::MAX_ROW_BITS;
    use zkimg_proof::commitment::Layout;
    use zkimg_recursion::fold::Committed;

    /// Handed on twice from one state, with other masks: whoever receives both draws afresh, even where the system repeats itself.
    #[test]
    fn draws_depend_on_every_byte_of_what_was_received() {
        let parameters = Class::numbered(0).expect("a class").parameters().expect("generators");
        let layout = Layout::new(Dims::new(1, 1, 1).expect("dims"), MAX_ROW_BITS);
        let point = generators().expect("generators").0.h;
        let beginning = parameters.beginning(F::from(7), (&layout, &[point]), &[]).expect("a beginning");
        let vector = Committed::open(Zeroizing::new(vec![F::from(1)]), 1);
        let handed = parameters.begin(&beginning, vector);
        let mut again = handed.clone();
        again.folded.witness.blinders[0] += F::from(1);
        assert_eq!(again.state, handed.state);
        let blinders = [F::from(3), F::from(4)];
        let own = hedge(b"a statement", &blinders, Some(&handed));
        assert_ne!(own, hedge(b"a statement", &blinders, Some(&again)));
        assert_ne!(own, hedge(b"a statement", &blinders[..1], Some(&handed)));
        assert_ne!(own, hedge(b"a statement", &blinders, None));
        assert_ne!(own, hedge(b"another one", &blinders, Some(&handed)));
        // Each part is the whole of what it stands for.
        assert_eq!(own.each_ref().map(|part| part.len()), [64, 11, handed.to_bytes().len()]);
    }
}
