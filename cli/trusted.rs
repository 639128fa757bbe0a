//! Whom the reader trusts: keys named on the command line, or those of the trust store.

use crate::outcome::{Failure, lossy, shown};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use zkimg_files::keys::Lists;
use zkimg_files::store::Store;
use zkimg_pipeline::{SignedCapture, Trust, Verdict};
use zkimg_report::quoted;

/// Keys on the command line. If any is named, the trust store is not looked at.
#[derive(Clone, Default, clap::Args)]
pub(crate) struct TrustArgs {
    /// Public key of a camera you trust, a list of them, or a folder of .pub files; may be repeated; without any of the three, your
    /// trust store is asked (`zkimg trust`)
    #[arg(long, value_name = "FILE")]
    pub trust: Vec<PathBuf>,
    /// Public key of a notary you trust to have seen what they sign, a list of them, or a folder; may be repeated
    #[arg(long, value_name = "FILE")]
    pub notaries: Vec<PathBuf>,
    /// Public key of a person you know, who may have signed a link, a model's card or an enrolled face, or a folder; may be repeated
    #[arg(long, value_name = "FILE")]
    pub people: Vec<PathBuf>,
}

impl TrustArgs {
    /// One camera's key.
    pub(crate) fn camera(path: PathBuf) -> TrustArgs {
        TrustArgs { trust: vec![path], ..TrustArgs::default() }
    }

    /// All that are named.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.trust.iter().chain(&self.notaries).chain(&self.people).map(PathBuf::as_path)
    }

    /// Reads them, or the trust store if there are none.
    pub(crate) fn reader(&self) -> Result<Reader, Failure> {
        let store = if self.files().next().is_none() { Store::of_user()? } else { None };
        let lists = match store {
            Some(store) => store.lists()?,
            None => Lists::read(&self.trust, &self.notaries, &self.people)?,
        };
        Ok(Reader { trust: lists.trust()?, lists })
    }
}

/// Whom the reader trusts, and by which lists.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub lists: Lists,
    pub trust: Trust,
}

impl Reader {
    /// Why whoever signed a capture is trusted: nothing unless the verdict is that they are.
    pub(crate) fn vouches(&self, verdict: Verdict, capture: Option<&SignedCapture>) -> Vouched<'_> {
        let capture = capture.filter(|_| verdict == Verdict::Trusted);
        Vouched { lists: capture.map(|capture| self.lists.vouchers(capture)).unwrap_or_default(), store: self.lists.store.as_deref() }
    }
}

/// The lists by which whoever signed a capture is trusted, and the trust store if they are kept there.
#[derive(Debug)]
pub(crate) struct Vouched<'a> {
    lists: Vec<String>,
    store: Option<&'a Path>,
}

impl Vouched<'_> {
    /// A line of a report; the first word is as wide as is given, at the least.
    pub(crate) fn line(&self, indent: &str, wide: usize, option: &str) -> String {
        let lists: Vec<String> = self.lists.iter().map(|list| quoted(list)).collect();
        let lists = lists.join(", ");
        match self.store {
            _ if lists.is_empty() => String::new(),
            None => format!("{indent}{:wide$} by {lists} ({option})\n", "trusted"),
            Some(store) => format!("{indent}{:wide$} as {lists} in the trust store {}\n", "trusted", shown(store)),
        }
    }

    /// The same for programs, under a name.
    pub(crate) fn put(self, fields: &mut Map<String, Value>, name: &str) {
        fields.insert(name.into(), self.named());
        fields.insert("trust_store".into(), self.kept());
    }

    /// The lists for programs.
    pub(crate) fn named(&self) -> Value {
        json!(self.lists)
    }

    /// The trust store for programs.
    pub(crate) fn kept(&self) -> Value {
        self.store.map_or(Value::Null, |store| lossy(store).into())
    }
}
