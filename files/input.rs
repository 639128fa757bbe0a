//! Reading files: bounded, wiped from memory after use, and each fault in one sentence.

use crate::digest::Source;
use crate::failure::{Code, Failure, lossy, shown};
use crate::names::is_standard;
use crate::system::reason;
use crate::words;
use std::fs::File;
use std::io::{BufReader, Cursor, Error, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use zeroize::Zeroizing;
use zkimg_pipeline::image::{announced, check_container};
use zkimg_pipeline::{Begun, Dims, MAX_EMBEDDED, Negative, Picture, PictureError, ProofFile, SigningKey, Unverified, embedded};

const KEY: u64 = 64 << 10;
/// How a proof's file begins.
pub(crate) const PROOF: &[u8] = b"zkimgprf";
/// As much of a picture's file as tells its size.
pub(crate) const HEAD: u64 = 1 << 20;
/// Pictures and negatives: 2^28 pixels of three 16-bit samples, and some more.
const PICTURE: u64 = 2 << 30;
/// Of a published picture: what no format needs a byte more for, and texts, profiles, thumbnails.
const REST: u64 = 8 << 20;

/// A file, or standard input; and its length, where that is known.
fn open(path: &Path) -> Result<(Box<dyn Read>, Option<u64>), Failure> {
    if is_standard_input(path) {
        return Ok((standard_input()?, None));
    }
    let failed = |error: Error| unreadable(path, &error);
    let file = File::open(path).map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    if meta.is_dir() {
        return Err(Failure::at(Code::Operational, path, "this is a folder; give a file"));
    }
    Ok((Box::new(file), meta.is_file().then_some(meta.len())))
}

/// Whether standard input may be read, and was. It is no file of a library's user, whose names may come from elsewhere.
static STANDARD: AtomicU8 = AtomicU8::new(CLOSED);
const CLOSED: u8 = 0;
const OFFERED: u8 = 1;
const TAKEN: u8 = 2;

/// Lets `-` stand for standard input from now on, where a file is read.
pub fn offer_standard_input() {
    STANDARD.store(OFFERED, Ordering::Relaxed);
}

/// Whether a path stands for standard input.
pub fn is_standard_input(path: &Path) -> bool {
    is_standard(path) && STANDARD.load(Ordering::Relaxed) != CLOSED
}

/// What comes through a pipe can be read only once.
fn standard_input() -> Result<Box<dyn Read>, Failure> {
    if STANDARD.swap(TAKEN, Ordering::Relaxed) == TAKEN {
        return Err(Failure::new(Code::Usage, "standard input can be read only once; give - for one file alone"));
    }
    Ok(Box::new(std::io::stdin()))
}

/// Reads a whole file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let (mut file, length) = open(path)?;
    let too_long = || {
        Failure::at(
            Code::Unsupported,
            path,
            format_args!("the file is longer than {limit} bytes, which is more than any file of its kind; give another file"),
        )
    };
    if length.is_some_and(|length| length > limit) {
        return Err(too_long());
    }
    // One byte more, so that a file that is as long as it says is read without asking for more room.
    let bytes = wiped(path, &mut file, length.map_or(64 << 10, |length| length + 1), limit + 1)?;
    if bytes.len() as u64 > limit { Err(too_long()) } else { Ok(bytes) }
}

/// Reads to the end, or so many bytes. Room is reserved at once, and a larger one by hand: a Vec that grows leaves copies behind, and what is
/// read may be secret.
fn wiped(path: &Path, from: &mut dyn Read, room: u64, most: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    let mut room = room.min(most);
    loop {
        let mut larger = Zeroizing::new(Vec::new());
        larger.try_reserve_exact(usize::try_from(room).unwrap_or(usize::MAX)).map_err(|_| {
            Failure::at(Code::Operational, path, "there is not enough memory to read this file; close other programs or raise the limit")
        })?;
        larger.extend_from_slice(&bytes);
        bytes = larger;
        let spare = room - bytes.len() as u64;
        let read = from.take(spare).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
        if (read as u64) < spare || room == most {
            return Ok(bytes);
        }
        room = room.saturating_mul(2).min(most);
    }
}

/// Whether a file begins so: which kind of file a user gave. Of what comes through a pipe, which can be read only once, nothing is known.
pub fn begins_with(path: &Path, magic: &[u8]) -> bool {
    beginning(path, magic.len() as u64).is_some_and(|head| head == magic)
}

/// Whether a file is a proof.
pub fn is_proof(path: &Path) -> bool {
    begins_with(path, PROOF)
}

/// The first bytes of a plain file.
pub(crate) fn beginning(path: &Path, length: u64) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let plain = !is_standard_input(path) && path.is_file();
    (plain && File::open(path).is_ok_and(|file| file.take(length).read_to_end(&mut head).is_ok())).then_some(head)
}

/// Whether a file begins as a picture does, also one of a format that is not read.
pub fn holds_picture(path: &Path) -> bool {
    const BEGINNING: u64 = 4096;
    beginning(path, BEGINNING).is_some_and(|head| !matches!(announced(&head), Err(PictureError::NotAPicture | PictureError::Empty)))
}

/// A picture file's bytes.
pub fn photo(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read(path, PICTURE)
}

/// A picture's file of which only the beginning is read.
#[derive(Debug)]
pub struct PictureBegun {
    path: PathBuf,
    source: Source,
    bytes: Zeroizing<Vec<u8>>,
    /// Whether that is all of it.
    whole: bool,
}

impl PictureBegun {
    /// Reads as much of a picture's file as tells its size, in any file that a camera or an editor writes.
    pub fn open(path: &Path, digest: bool) -> Result<PictureBegun, Failure> {
        PictureBegun::of(path, source(path, digest)?)
    }

    /// The same of a picture that comes from elsewhere; `path` is its name in sentences.
    pub(crate) fn of(path: &Path, source: Source) -> Result<PictureBegun, Failure> {
        let mut begun = PictureBegun { path: path.into(), source, bytes: Zeroizing::new(Vec::new()), whole: false };
        begun.read(HEAD)?;
        match if begun.whole { check_container(&begun.bytes) } else { announced(&begun.bytes).map(drop) } {
            // The header may still come.
            Err(PictureError::CutShort(_)) if !begun.whole => {}
            Err(error) => return Err(begun.refused(error)),
            Ok(()) => {}
        }
        Ok(begun)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Width and height, as the header announces them.
    pub fn size(&self) -> Result<(usize, usize), Failure> {
        announced(&self.bytes).map(|(_, width, height)| (width, height)).map_err(|error| self.refused(error))
    }

    /// The same file, to take its digest when it has been read.
    pub fn source(&self) -> Source {
        self.source.clone()
    }

    fn read(&mut self, length: u64) -> Result<(), Failure> {
        let read = self.source.by_ref().take(length).read_to_end(&mut self.bytes).map_err(|error| unreadable(&self.path, &error))?;
        self.whole = (read as u64) < length;
        Ok(())
    }

    fn refused(&self, error: PictureError) -> Failure {
        Failure::at(Code::Unsupported, &self.path, Unverified::Picture(error))
    }

    /// The proof inside it. The longest one, texts and a profile may come before the pixels; behind more than that nothing is looked for.
    pub fn proof(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        loop {
            match embedded(&self.bytes) {
                Ok(proof) => return Ok(proof),
                Err(PictureError::CutShort(_)) if !self.whole => {}
                Err(error) => return Err(self.refused(error)),
            }
            let length = self.bytes.len() as u64;
            if length > REST + MAX_EMBEDDED as u64 {
                return Ok(None);
            }
            self.read(length)?;
        }
    }

    /// The proof inside it, read up to the signed capture.
    pub fn proof_begun(&mut self) -> Result<Option<ProofBegun>, Failure> {
        let proof = self.proof()?;
        proof.map(|proof| begun(&self.path, Box::new(Cursor::new(proof)))).transpose()
    }

    /// Reads the rest, unless the picture has another size than is expected, which its beginning tells: then there is no use for it.
    /// No more is read than the largest file of a picture of that size has.
    pub fn finish(mut self, expected: Dims) -> Result<(Zeroizing<Vec<u8>>, PathBuf), Failure> {
        const A_PIXEL: u64 = 9;
        if announced(&self.bytes).is_ok_and(|(_, width, height)| (width, height) != (expected.width, expected.height)) {
            return Ok((self.bytes, self.path));
        }
        // It may be there twice, and once as text in base64: in a place of its own and in Content Credentials.
        let inside = self.proof()?.map_or(0, |proof| 3 * proof.len() as u64);
        let most = A_PIXEL * expected.width as u64 * expected.height as u64 + REST + inside;
        self.read((most + 1).saturating_sub(self.bytes.len() as u64))?;
        if self.bytes.len() as u64 > most {
            let what = format_args!("the file is longer than {most} bytes, which is more than a picture of {} × {} pixels takes; ask whoever published it for the file that belongs to the proof", expected.width, expected.height).to_string();
            return Err(Failure::at(Code::Unsupported, &self.path, what));
        }
        Ok((self.bytes, self.path))
    }
}

/// A decoded picture.
pub fn picture(path: &Path) -> Result<Picture, Failure> {
    Picture::decode(&photo(path)?).map_err(|error| Failure::at(Code::Unsupported, path, error))
}

/// A proof of which nothing is read but the signed capture: a file of its own, or inside a picture's.
pub type ProofBegun = Begun<Box<dyn Read>>;

/// A file at its beginning, and whether its digest is wanted.
pub(crate) fn source(path: &Path, digest: bool) -> Result<Source, Failure> {
    Ok(Source::new(open(path)?.0, digest))
}

/// A proof file, read up to the signed capture.
pub(crate) fn proof_begun(path: &Path, source: Source) -> Result<(ProofBegun, Source), Failure> {
    Ok((begun(path, Box::new(BufReader::new(source.clone())))?, source))
}

/// The same of a proof that comes from elsewhere; `path` is its name in sentences.
pub(crate) fn begun(path: &Path, source: Box<dyn Read>) -> Result<ProofBegun, Failure> {
    ProofFile::begin(source).map_err(|error| Failure::at(Code::Unsupported, path, words::proof_file(&error)))
}

/// The rest of a proof.
pub fn finish(begun: ProofBegun, path: &Path) -> Result<ProofFile, Failure> {
    begun.finish().map_err(|error| Failure::at(Code::Unsupported, path, words::proof_file(&error)))
}

/// A proof file.
pub fn proof(path: &Path) -> Result<ProofFile, Failure> {
    finish(proof_begun(path, source(path, false)?)?.0, path)
}

/// The secret of whoever holds a hidden picture.
pub fn negative(path: &Path) -> Result<Negative, Failure> {
    Negative::from_bytes(&read(path, PICTURE)?).map_err(|error| Failure::at(Code::Unsupported, path, error))
}

/// A private key.
pub fn key(path: &Path) -> Result<SigningKey, Failure> {
    let bytes = read(path, KEY)?;
    let text = utf8(path, &bytes, "this is not a private key in PEM form; give the .key file that `zkimg keygen` made")?;
    if text.contains("BEGIN PUBLIC KEY") {
        return Err(Failure::at(Code::Unsupported, path, "this is a public key, which cannot sign; give the private one (.key)"));
    }
    SigningKey::from_pem(text).map_err(|error| Failure::at(Code::Unsupported, path, error))
}

/// A file's name without its folder.
pub fn name(path: &Path) -> String {
    lossy(path.file_name().map_or(path, Path::new))
}

/// Text, or a sentence about what the file should have been.
pub fn utf8<'a>(path: &Path, bytes: &'a [u8], otherwise: &str) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes).map_err(|_| Failure::at(Code::Unsupported, path, otherwise))
}

/// That the system does not give a file.
pub fn unreadable(path: &Path, error: &Error) -> Failure {
    let sentence = match error.kind() {
        ErrorKind::NotFound => format!("there is no file {}; check the name and the folder", shown(path)),
        ErrorKind::PermissionDenied => format!("no permission to read {}; change its access rights or copy it", shown(path)),
        ErrorKind::IsADirectory => format!("{}: this is a folder; give a file", shown(path)),
        _ => format!("cannot read {}: {}", shown(path), reason(error)),
    };
    Failure::new(Code::Operational, sentence)
}
