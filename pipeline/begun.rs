//! Reading a proof file ([`crate::proof_file`]), part by part.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[cfg(feature = "prover")]
use crate::compact::Reading;
use crate::fields::ShownFields;
use crate::proof_file::{BadProofFile, COMPACT, Link, MAGIC, MAX_COMPACT_LINKS, MAX_LINKS, ProofFile, SHOWING, VERSION};
use crate::recipe::{Recipe, most_bytes};
use crate::statement::Shown;
use crate::stream::Stream;
use std::io::Read;
use zkimg_attest::{Maker, MakerError, MakerSignature, SignedCapture};
use zkimg_graph::step::Budget;
use zkimg_graph::tensor::Dims;
use zkimg_group::field::point_from_bytes;
use zkimg_proof::relation::longest_proof;

const MAX_CAPTURE: usize = 4096;

/// A proof file of which nothing is read but the signed capture.
pub struct Begun<R> {
    stream: Stream<R>,
    head: Head,
}

/// What stands before anything that depends on the capture.
struct Head {
    count: usize,
    /// Whether one proof is for all links.
    compact: bool,
    /// Whether fields of the photo are shown.
    showing: bool,
    capture: SignedCapture,
}

/// Whatever it is read from: what is known of it so far.
impl<R> std::fmt::Debug for Begun<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Begun").field("count", &self.head.count).field("capture", &self.head.capture).finish_non_exhaustive()
    }
}

impl<R: Read> Begun<R> {
    pub(crate) fn read(source: R) -> Result<Begun<R>, BadProofFile> {
        let mut stream = Stream::new(source);
        match head(&mut stream) {
            Ok(head) => Ok(Begun { stream, head }),
            Err(error) => Err(stream.fault().map_or(error, BadProofFile::Unreadable)),
        }
    }

    /// What was signed of the photo; the signature may still be wrong.
    pub fn capture(&self) -> &SignedCapture {
        &self.head.capture
    }

    /// Reads the rest, part by part: each is bounded by what was read before it, and refused before the next is read.
    pub fn finish(self) -> Result<ProofFile, BadProofFile> {
        let Begun { mut stream, head } = self;
        rest(&mut stream, head).map_err(|error| stream.fault().map_or(error, BadProofFile::Unreadable))
    }
}

fn rest<R: Read>(r: &mut Stream<R>, head: Head) -> Result<ProofFile, BadProofFile> {
    let Head { count, compact, showing, capture } = head;
    let fields = if showing { ShownFields::read(r, &capture.statement)? } else { ShownFields::default() };
    let layout = capture.statement.layout();
    let point = |_| point_from_bytes(&r.array()?).map_err(|_| BadProofFile::Invalid("list of row commitments"));
    let rows = (0..layout.rows.len()).map(point).collect::<Result<_, _>>()?;
    #[cfg(feature = "prover")]
    let mut compact = if compact { Some(Reading::begin(r, &capture)?) } else { None };
    #[cfg(not(feature = "prover"))]
    let _ = compact;
    let mut file = ProofFile {
        capture,
        fields,
        rows,
        links: Vec::new(),
        #[cfg(feature = "prover")]
        compact: None,
    };
    let mut budget = Budget::together();
    for number in 1..=count {
        let input = file.output();
        let mut link = link(r, input, &mut budget)?;
        if link.shown != Shown::Hidden && number < count {
            return Err(BadProofFile::RevealedInside(number));
        }
        #[cfg(feature = "prover")]
        let listed = match &mut compact {
            Some(compact) => compact.told(r, link.edits.steps().len()).map(|()| false)?,
            None => true,
        };
        #[cfg(not(feature = "prover"))]
        let listed = true;
        if listed {
            link.proof = block(r, longest_proof(input, link.edits.output(), layout.m), "proof")?;
        }
        file.links.push(link);
    }
    #[cfg(feature = "prover")]
    if let Some(compact) = compact {
        file.compact = Some(Box::new(compact.finish(r, file.is_hidden())?));
    }
    if r.ends() { Ok(file) } else { Err(BadProofFile::TooLong) }
}

/// Up to the signed capture.
fn head<R: Read>(r: &mut Stream<R>) -> Result<Head, BadProofFile> {
    if r.array::<8>().ok().as_ref() != Some(MAGIC) {
        return Err(BadProofFile::NotAProof);
    }
    const SHOWN: u16 = VERSION + SHOWING;
    const COMPACT_SHOWN: u16 = COMPACT + SHOWING;
    let version = r.u16()?;
    let (compact, most) = match version {
        VERSION | SHOWN => (false, MAX_LINKS),
        COMPACT | COMPACT_SHOWN if cfg!(feature = "prover") => (true, MAX_COMPACT_LINKS),
        COMPACT | COMPACT_SHOWN => return Err(BadProofFile::Compact),
        version => return Err(BadProofFile::Version(version)),
    };
    let showing = matches!(version, SHOWN | COMPACT_SHOWN);
    let count = r.u16()?;
    if !(1..=most).contains(&usize::from(count)) {
        return Err(BadProofFile::Links(count, most));
    }
    let capture = SignedCapture::from_bytes(&block(r, MAX_CAPTURE, "capture")?)?;
    Ok(Head { count: count.into(), compact, showing, capture })
}

/// A link without what proves it.
fn link<R: Read>(r: &mut Stream<R>, input: Dims, budget: &mut Budget) -> Result<Link, BadProofFile> {
    const EDITS: &str = "list of edits";
    let text = String::from_utf8(block(r, most_bytes(input), EDITS)?).map_err(|_| BadProofFile::Invalid(EDITS))?;
    let edits = Recipe::from_json(&text)?.fix(input)?;
    if edits.canonical() != text {
        return Err(BadProofFile::Invalid(EDITS));
    }
    budget.take_chain(edits.budget()).map_err(|_| BadProofFile::TooMuch)?;
    let maker = match Maker::read_from(|n| r.take(n)) {
        Err(MakerError::CutShort) => return Err(BadProofFile::CutShort),
        maker => maker?,
    };
    let signature = match maker.key() {
        Some(_) => Some(MakerSignature::from_bytes(&r.array()?)?),
        None => None,
    };
    let shown = match r.array()? {
        [0] => Shown::Picture(r.array()?),
        [1] if edits.jpeg().is_none() => Shown::Hidden,
        _ => return Err(BadProofFile::Invalid("kind of output")),
    };
    Ok(Link { edits, maker, signature, shown, proof: Vec::new() })
}

fn block<R: Read>(r: &mut Stream<R>, limit: usize, name: &'static str) -> Result<Vec<u8>, BadProofFile> {
    r.block(limit)?.ok_or(BadProofFile::Invalid(name))
}
