//! Public keys: whom a reader trusts and knows, named one by one or in folders.

use crate::failure::{Code, Failure};
use crate::input;
use std::fs::read_dir;
use std::io::Error;
use std::path::{Path, PathBuf};
use zkimg_pipeline::{KeyError, People, PublicKey, SignedCapture, Trust, TrustedDevices, TrustedNotaries};

const KEY: u64 = 64 << 10;
const LIST: u64 = 32 << 20;

/// The reader's own lists, each under the name that the reader knows it by.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Lists of cameras.
    pub cameras: Vec<(String, TrustedDevices)>,
    /// Lists of notaries.
    pub notaries: Vec<(String, TrustedNotaries)>,
    /// A key of a person each.
    pub people: Vec<Person>,
    /// The trust store that all of them are kept in; none if they were named one by one.
    pub store: Option<PathBuf>,
}

/// A person's key, by what the reader calls its holder.
pub type Person = (String, PublicKey);

impl Lists {
    /// Reads files, and those of folders.
    pub fn read(cameras: &[PathBuf], notaries: &[PathBuf], people: &[PathBuf]) -> Result<Lists, Failure> {
        Ok(Lists { cameras: self::cameras(cameras)?, notaries: self::notaries(notaries)?, people: self::people(people)?, store: None })
    }

    /// Whom the reader trusts. A key is a camera's or a notary's, never both.
    pub fn trust(&self) -> Result<Trust, Failure> {
        let mut known = People::default();
        self.people.iter().for_each(|(name, key)| known.insert(key.clone(), name.clone()));
        let (mut devices, mut notaries) = (TrustedDevices::default(), TrustedNotaries::default());
        let all = self.cameras.iter().try_for_each(|(_, list)| devices.extend(list));
        let all = all.and_then(|()| self.notaries.iter().try_for_each(|(_, list)| notaries.extend(list)));
        all.map_err(|error: KeyError| Failure::new(Code::Unsupported, error.to_string()))?;
        Trust::new(devices, notaries, known).map_err(|error| Failure::new(Code::Usage, error.to_string()))
    }

    /// Which lists name the key that signed a capture, as what it signed.
    pub fn vouchers(&self, capture: &SignedCapture) -> Vec<String> {
        let (devices, notaries) = (TrustedDevices::default(), TrustedNotaries::default());
        let cameras = self.cameras.iter().filter(|(_, list)| capture.is_trusted(list, &notaries)).map(|(name, _)| name);
        let notaries = self.notaries.iter().filter(|(_, list)| capture.is_trusted(&devices, list)).map(|(name, _)| name);
        cameras.chain(notaries).cloned().collect()
    }
}

/// The keys of people, each known by its file's name.
pub fn people(paths: &[impl AsRef<Path>]) -> Result<Vec<Person>, Failure> {
    each_file(paths)?.iter().map(|path| Ok((input::name(path), public_key(path)?))).collect()
}

/// The files of keys that are named, in place of a folder those in it.
fn each_file(paths: &[impl AsRef<Path>]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths.iter().map(AsRef::as_ref) {
        if !path.is_dir() {
            files.push(path.to_owned());
            continue;
        }
        let inside = keys_in(path)?;
        if inside.is_empty() {
            let what = "there is no public key in this folder; give a file, or a folder with files whose names end in .pub";
            return Err(Failure::at(Code::Unsupported, path, what));
        }
        files.extend(inside);
    }
    Ok(files)
}

/// The files of public keys in a folder, in the order of their names, which end in `.pub`. What is hidden is passed over.
pub(crate) fn keys_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: Error| input::unreadable(folder, &error);
    let mut files = Vec::new();
    for entry in read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden && path.extension().is_some_and(|ending| ending == "pub") && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The public keys of a file, in order; at least one.
pub fn public_keys(path: &Path) -> Result<Vec<PublicKey>, Failure> {
    let bytes = input::read(path, LIST)?;
    let text = public_text(path, &bytes, "a private key, which belongs to its owner alone; give the public one (.pub)")?;
    let keys = PublicKey::list_from_pem(text).and_then(|keys| if keys.is_empty() { Err(KeyError::NoKey) } else { Ok(keys) });
    keys.map_err(|error| Failure::at(Code::Unsupported, path, error))
}

/// A person's public key.
pub fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let bytes = input::read(path, KEY)?;
    let text = public_text(path, &bytes, "a private key, which belongs to its owner alone; give the public one (such as desk.pub)")?;
    PublicKey::from_pem(text)
        .map_err(|_| Failure::at(Code::Unsupported, path, "this is not one public key in PEM form; give one .pub file for each person"))
}

/// The text of a file of public keys.
fn public_text<'a>(path: &Path, bytes: &'a [u8], private: &str) -> Result<&'a str, Failure> {
    let text = input::utf8(path, bytes, "this is not a public key in PEM form; give the .pub file that `zkimg keygen` made")?;
    if text.contains("PRIVATE KEY-----") {
        return Err(Failure::at(Code::Unsupported, path, format_args!("this is {private}")));
    }
    Ok(text)
}

/// Lists of cameras' public keys.
pub fn cameras(paths: &[impl AsRef<Path>]) -> Result<Vec<(String, TrustedDevices)>, Failure> {
    lists(paths, "a private key, which belongs to the camera alone; give the public one (camera.pub)", |text| {
        TrustedDevices::from_pems([text])
    })
}

/// Lists of notaries' public keys.
pub fn notaries(paths: &[impl AsRef<Path>]) -> Result<Vec<(String, TrustedNotaries)>, Failure> {
    lists(paths, "a private key, which belongs to the notary alone; give the public one (notary.pub)", |text| {
        TrustedNotaries::from_pems([text])
    })
}

fn lists<List>(
    paths: &[impl AsRef<Path>],
    private: &str,
    parse: impl Fn(&str) -> Result<List, KeyError>,
) -> Result<Vec<(String, List)>, Failure> {
    let list = |path: &Path| {
        let bytes = input::read(path, LIST)?;
        let list = parse(public_text(path, &bytes, private)?).map_err(|error| Failure::at(Code::Unsupported, path, error))?;
        Ok((input::name(path), list))
    };
    each_file(paths)?.iter().map(|path| list(path)).collect()
}

/// Whether a file can be read and is a public key, or a list of them: text with such a marker.
pub fn holds_public_key(path: &Path) -> bool {
    let holds = |head: Vec<u8>| std::str::from_utf8(&head).is_ok_and(|text| text.contains("-----BEGIN PUBLIC KEY-----"));
    input::beginning(path, KEY).is_some_and(holds)
}
