//! The trust store: whom a reader trusts, in a folder of public keys.
//!
//! | folder in it | whose keys |
//! |---|---|
//! | `cameras` | cameras', one or a list of them in each file |
//! | `notaries` | notaries', likewise |
//! | `people` | a person's, one in each file |
//!
//! A file is called by what the reader calls its key, and `.pub`. Whoever can write there decides what the reader takes for verified, so a store
//! that others than the user and root can change is refused (`files/guard.rs`).

use crate::failure::{Code, Failure, shown};
use crate::guard::check;
use crate::input;
use crate::keys::{self, Lists};
use crate::output::{Access, Outputs, Writer};
use crate::system::reason;
use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use zkimg_pipeline::{Maker, PublicKey, TrustedDevices, TrustedNotaries};

/// Names another store.
pub const VARIABLE: &str = "ZKIMG_TRUST";

/// As what a key is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// To sign what its sensor saw.
    Camera,
    /// To sign what its holder saw.
    Notary,
    /// To be its holder's, who makes edits, models' cards or enrolments.
    Person,
}

impl Kind {
    /// All.
    pub const ALL: [Kind; 3] = [Kind::Camera, Kind::Notary, Kind::Person];

    /// `camera`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Camera => "camera",
            Kind::Notary => "notary",
            Kind::Person => "person",
        }
    }

    /// `cameras`: the name of their folder.
    pub fn plural(self) -> &'static str {
        match self {
            Kind::Camera => "cameras",
            Kind::Notary => "notaries",
            Kind::Person => "people",
        }
    }

    /// The keys of a file: of a person one, of others one or a list.
    pub fn keys(self, path: &Path) -> Result<Vec<PublicKey>, Failure> {
        if self == Kind::Person { Ok(vec![keys::public_key(path)?]) } else { keys::public_keys(path) }
    }
}

/// A file of the store.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As what its keys are trusted.
    pub kind: Kind,
    /// What the reader calls it.
    pub label: String,
    /// Where it is.
    pub path: PathBuf,
    /// Its keys.
    pub keys: Vec<PublicKey>,
}

/// Where a reader's keys are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    place: PathBuf,
    /// Whether it was named by [`VARIABLE`], and so must be there to be read.
    named: bool,
}

impl Store {
    /// The user's, whether it exists yet or not; none if the system does not say where settings are kept.
    pub fn of_user() -> Result<Option<Store>, Failure> {
        Store::at(env::var_os(VARIABLE), env::var_os("XDG_CONFIG_HOME"), env::home_dir())
    }

    /// By the rules of <https://specifications.freedesktop.org/basedir-spec/>: what is empty is not set, and a path that is not absolute is passed over.
    /// Ours is refused then: in every folder it would name another store, and in one that was downloaded a stranger's.
    fn at(named: Option<OsString>, config: Option<OsString>, home: Option<PathBuf>) -> Result<Option<Store>, Failure> {
        if let Some(named) = named.filter(|named| !named.is_empty()).map(PathBuf::from) {
            if !named.is_absolute() {
                let what = format!(
                    "{VARIABLE} names the trust store by a relative path, which is another place in each folder; give the absolute path"
                );
                return Err(Failure::at(Code::Usage, &named, what));
            }
            return Ok(Some(Store { place: named, named: true }));
        }
        let config = config.map(PathBuf::from).filter(|config| config.is_absolute());
        let config = config.or_else(|| home.filter(|home| home.is_absolute()).map(|home| home.join(".config")));
        Ok(config.map(|config| Store { place: config.join("zkimg").join("trust"), named: false }))
    }

    /// The folder, or the list of cameras that [`VARIABLE`] names.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// All of it, by kind and label. A store that was not begun yet is empty.
    pub fn entries(&self) -> Result<Vec<Entry>, Failure> {
        match fs::metadata(&self.place) {
            Err(error) if error.kind() == ErrorKind::NotFound && !self.named => return Ok(Vec::new()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let what = format_args!("{VARIABLE} names this trust store, and it does not exist; `zkimg trust add` begins one");
                return Err(Failure::at(Code::Operational, &self.place, what));
            }
            Err(error) => return Err(input::unreadable(&self.place, &error)),
            Ok(meta) if meta.is_dir() => check(&self.place)?,
            Ok(_) => {
                check(&self.place)?;
                let (label, keys) = (input::name(&self.place), keys::public_keys(&self.place)?);
                return Ok(vec![Entry { kind: Kind::Camera, label, path: self.place.clone(), keys }]);
            }
        }
        if let Some(stray) = keys::keys_in(&self.place)?.first() {
            let what = "this key is in none of the trust store's folders; move it to cameras, notaries or people";
            return Err(Failure::at(Code::Unsupported, stray, what));
        }
        let mut all = Vec::new();
        for kind in Kind::ALL {
            let folder = self.folder(kind);
            match fs::metadata(&folder) {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(input::unreadable(&folder, &error)),
                Ok(_) => check(&folder)?,
            }
            for path in keys::keys_in(&folder)? {
                all.push(entry(kind, path)?);
            }
        }
        Ok(all)
    }

    /// Whom the reader trusts by it.
    pub fn lists(&self) -> Result<Lists, Failure> {
        Ok(Lists { store: Some(self.place.clone()), ..lists(self.entries()?) })
    }

    fn folder(&self, kind: Kind) -> PathBuf {
        self.place.join(kind.plural())
    }

    /// That it is a folder, whose files come and go.
    fn is_folder(&self) -> Result<(), Failure> {
        let what = format!("{VARIABLE} names this file, which is a list of cameras and kept by hand; let it name a folder");
        if self.place.is_file() { Err(Failure::at(Code::Usage, &self.place, what)) } else { Ok(()) }
    }

    /// Trusts one more file of keys, or the key of one more person, under a label; gives what was written.
    pub fn add(&self, writer: &Writer, kind: Kind, label: &str, keys: Vec<PublicKey>) -> Result<Entry, Failure> {
        self.is_folder()?;
        check_label(label)?;
        let mut all = if self.place.exists() { self.entries()? } else { Vec::new() };
        let known = |entry: &&Entry| entry.kind == kind && entry.keys.iter().any(|key| keys.contains(key));
        if let Some(entry) = all.iter().find(known) {
            let what = format!("the trust store has this key already, as the {} {:?}; nothing was changed", kind.name(), entry.label);
            return Err(Failure::new(Code::Exists, what));
        }
        let path = self.folder(kind).join(format!("{label}.pub"));
        let new = Entry { kind, label: label.to_owned(), path: path.clone(), keys };
        all.push(new.clone());
        // With what is there it must not be a contradiction.
        lists(all).trust()?;
        let taken = || {
            let what = format!("the trust store has a {} {label:?} already; choose another --label, or remove it first", kind.name());
            Failure::new(Code::Exists, what)
        };
        if path.symlink_metadata().is_ok() {
            return Err(taken());
        }
        check(&self.folder(kind))?;
        make(&self.folder(kind))?;
        let text: String = new.keys.iter().map(PublicKey::to_pem).collect();
        Outputs::stage(writer, false, &[], &[(&path, Access::Own)])?
            .finish(&[text.as_bytes()])
            .map_err(|failure| if failure.code == Code::Exists { taken() } else { failure })?;
        Ok(new)
    }

    /// Takes away what has this label; gives it, and the entries of its kind by which some of its keys are still trusted.
    /// With the same label in two folders the kind must be said.
    pub fn remove(&self, kind: Option<Kind>, label: &str) -> Result<(Entry, Vec<Entry>), Failure> {
        self.is_folder()?;
        let meant = |entry: &Entry| entry.label == label && kind.is_none_or(|kind| entry.kind == kind);
        let mut found: Vec<Entry> = self.entries()?.into_iter().filter(meant).collect();
        let called = kind.map_or("key", Kind::name);
        let entry = match (found.pop(), found.pop()) {
            (Some(entry), None) => entry,
            (None, _) => {
                return Err(Failure::new(Code::Usage, format!("the trust store has no {called} {label:?}; `zkimg trust list` shows all")));
            }
            (Some(one), Some(other)) => {
                let (one, other) = (one.kind.name(), other.kind.name());
                let what = format!("the trust store has a {other} {label:?} and a {one}; say which one with --as");
                return Err(Failure::new(Code::Usage, what));
            }
        };
        let failed = |error: &Error| Failure::new(Code::Operational, format!("cannot remove {}: {}", shown(&entry.path), reason(error)));
        fs::remove_file(&entry.path).map_err(|error| failed(&error))?;
        if let Ok(folder) = File::open(self.folder(entry.kind)) {
            let _ = folder.sync_all();
        }
        let gone: BTreeSet<[u8; 32]> = entry.keys.iter().map(PublicKey::id).collect();
        let vouches = |other: &Entry| other.kind == entry.kind && other.keys.iter().any(|key| gone.contains(&key.id()));
        let left = self.entries()?.into_iter().filter(vouches).collect();
        Ok((entry, left))
    }
}

/// A file of keys, whose name is its label.
fn entry(kind: Kind, path: PathBuf) -> Result<Entry, Failure> {
    check(&path)?;
    let named = path.file_stem().and_then(|stem| stem.to_str()).ok_or_else(|| "the name is no text".to_owned());
    let label = named.and_then(|label| check_label(label).map(|()| label.to_owned()).map_err(|failure| failure.sentence));
    let label = label.map_err(|why| Failure::at(Code::Unsupported, &path, format_args!("this file cannot be called so: {why}")))?;
    let keys = kind.keys(&path)?;
    Ok(Entry { kind, label, path, keys })
}

fn lists(entries: Vec<Entry>) -> Lists {
    let mut lists = Lists::default();
    for Entry { kind, label, keys, .. } in entries {
        match kind {
            Kind::Camera => {
                let mut list = TrustedDevices::default();
                keys.into_iter().for_each(|key| list.insert(key));
                lists.cameras.push((label, list));
            }
            Kind::Notary => {
                let mut list = TrustedNotaries::default();
                keys.into_iter().for_each(|key| list.insert(key));
                lists.notaries.push((label, list));
            }
            Kind::Person => lists.people.extend(keys.into_iter().map(|key| (label.clone(), key))),
        }
    }
    lists
}

/// What a key may be called: what a maker may, and as a file.
fn check_label(label: &str) -> Result<(), Failure> {
    Maker::new(Some(label.to_owned()), None, None).map_err(|error| Failure::new(Code::Usage, error.to_string()))?;
    if label.is_empty() || label.starts_with('.') || label.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) {
        let what = "a label is the name of a file, too; it cannot begin with a dot or have one of / \\ : * ? \" < > | in it";
        return Err(Failure::new(Code::Usage, what));
    }
    Ok(())
}

/// A folder that its owner alone may look into.
fn make(folder: &Path) -> Result<(), Failure> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| Failure::new(Code::Operational, format!("cannot make {}: {}", shown(folder), reason(&error))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(named: &str, config: &str, home: &str) -> Option<Store> {
        let set = |text: &str| (text != "-").then(|| text.into());
        Store::at(set(named), set(config), (home != "-").then(|| home.into())).expect("an absolute path")
    }

    #[cfg(unix)]
    #[test]
    fn where_it_is() {
        let store = |place: &str, named| Some(Store { place: place.into(), named });
        assert_eq!(at("-", "-", "/home/a"), store("/home/a/.config/zkimg/trust", false));
        assert_eq!(at("", "", "/home/a"), store("/home/a/.config/zkimg/trust", false));
        assert_eq!(at("-", "/c", "/home/a"), store("/c/zkimg/trust", false));
        assert_eq!(at("-", "c", "/home/a"), store("/home/a/.config/zkimg/trust", false));
        assert_eq!(at("/keys", "/c", "/home/a"), store("/keys", true));
        assert!(Store::at(Some("keys".into()), None, Some("/home/a".into())).is_err());
        assert_eq!([at("-", "-", "-"), at("-", "c", "home")], [None, None]);
    }

    #[test]
    fn labels_are_names_of_makers_and_of_files() {
        for good in ["canon", "Photo desk", "Фото", "a.b", "press (2026)"] {
            assert!(check_label(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            " ",
            " a",
            "a ",
            ".a",
            "..",
            "a/b",
            "../a",
            "a\\b",
            "c:d",
            "a\0b",
            "a\nb",
            "a\u{202e}b",
            "a\u{a0}b",
            "a  b",
            &"a".repeat(65),
        ] {
            assert!(check_label(bad).is_err(), "{bad:?}");
        }
    }
}
