//! `zkimg trust`: the keys that a reader trusts, kept for every check.

use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::session::Session;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;
use zkimg_files::store::{Entry, Kind, Store, VARIABLE};
use zkimg_files::{hex, input};
use zkimg_report::quoted;

const EXAMPLES: &str = "\
Examples:
  zkimg trust add camera.pub --label \"Anna's camera\"
      from now on `zkimg verify edited.png` knows this camera
  zkimg trust add press-cameras.pub
      a list of cameras, under the name press-cameras
  zkimg trust add desk.pub --as notary
  zkimg trust add desk.pub --as person --label \"Photo desk\"
      a name that is confirmed in chains, cards and enrolled faces; no kind counts for another
  zkimg trust list
  zkimg trust remove \"Anna's camera\"

The trust store is the folder zkimg/trust in $XDG_CONFIG_HOME, or in ~/.config; ZKIMG_TRUST names another one, or a list of cameras.
Keys are files in it: cameras/*.pub, notaries/*.pub, people/*.pub, and may be copied there by hand. It counts where a verb is given
none of --trust, --notaries and --people, and then all of it. Whoever can write there decides what you take for verified; the
store is refused unless it, its files and every folder above belong to you or root and nobody else, nor their group, can write to them.

Exit codes: 0 done, 6 removed, but another entry has a key of it, too, or not added, as it is there already.";

/// Keep the public keys of cameras, notaries and people whom you trust
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    Add(Add),
    List,
    Remove(Remove),
}

/// Trust a key, or a list of keys
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
struct Add {
    /// The public key, or a list of them
    #[arg(value_name = "KEY.pub")]
    key: PathBuf,
    /// What you call it; the file's name if left out
    #[arg(long, value_name = "NAME")]
    label: Option<String>,
    /// As what it is trusted
    #[arg(long = "as", value_enum, value_name = "KIND", default_value = "camera")]
    kind: As,
}

/// Trust a key no longer
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
struct Remove {
    /// What you call it
    #[arg(value_name = "NAME")]
    label: String,
    /// As what it is trusted, where two kinds have the same name
    #[arg(long = "as", value_enum, value_name = "KIND")]
    kind: Option<As>,
}

/// As what a key is trusted.
#[derive(Clone, Copy, clap::ValueEnum)]
enum As {
    /// Signs what its sensor saw
    Camera,
    /// Signs what its holder was given
    Notary,
    /// Signs links of chains, cards of models, enrolled faces
    Person,
}

impl From<As> for Kind {
    fn from(kind: As) -> Kind {
        match kind {
            As::Camera => Kind::Camera,
            As::Notary => Kind::Notary,
            As::Person => Kind::Person,
        }
    }
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let store = Store::of_user()?.ok_or_else(|| {
        Failure::new(Code::Operational, format!("the system does not say where settings are kept; let {VARIABLE} name a folder"))
    })?;
    match &args.verb {
        Verb::Add(args) => add(args, &store, session),
        Verb::List => list(&store),
        Verb::Remove(args) => remove(args, &store),
    }
}

fn add(args: &Add, store: &Store, session: &Session) -> Result<Outcome, Failure> {
    let kind = Kind::from(args.kind);
    let found = kind.keys(&args.key)?;
    let label = match (&args.label, args.key.file_stem().and_then(|stem| stem.to_str())) {
        (Some(label), _) => label,
        (None, _) if input::is_standard_input(&args.key) => {
            return Err(Failure::new(Code::Usage, "a key from standard input has no name; say what you call it with --label"));
        }
        (None, Some(stem)) => stem,
        (None, None) => {
            return Err(Failure::at(Code::Usage, &args.key, "this file's name is no text; say what you call the key with --label"));
        }
    };
    let entry = store.add(&session.writer, kind, label, found)?;
    let meaning = match kind {
        Kind::Camera => "as a camera: what was made of a photo that it signed is verified",
        Kind::Notary => "as a notary: what was made of a photo that they signed is verified",
        Kind::Person => "as a person: links, cards and enrolled faces signed with it are confirmed by this name",
    };
    let keys = fingerprints(&entry);
    let text = format!("{} is trusted {meaning}.\n{}It is kept in {}.\n", quoted(&entry.label), lines("  key ", &keys), shown(&entry.path));
    Ok(Outcome::new(Code::Ok, text, object(&entry)))
}

fn remove(args: &Remove, store: &Store) -> Result<Outcome, Failure> {
    let (entry, left) = store.remove(args.kind.map(Kind::from), &args.label)?;
    let (label, kind, keys) = (quoted(&entry.label), entry.kind.name(), fingerprints(&entry));
    let mut fields = object(&entry);
    if left.is_empty() {
        let text = format!("{label} is no longer trusted as a {kind}.\n{}", lines("  key ", &keys));
        return Ok(Outcome::new(Code::Ok, text, fields));
    }
    let others: Vec<String> = left.iter().map(|entry| quoted(&entry.label)).collect();
    let still: Vec<String> = keys.into_iter().filter(|key| left.iter().any(|entry| fingerprints(entry).contains(key))).collect();
    let text = format!(
        "{label} was removed, but its key is STILL TRUSTED as a {kind}, by {}; remove that, too, to trust it no longer.\n{}",
        others.join(", "),
        lines("  key ", &still)
    );
    fields["still_trusted_by"] = left.iter().map(|entry| entry.label.clone()).collect();
    Ok(Outcome::new(Code::Exists, text, fields))
}

fn list(store: &Store) -> Result<Outcome, Failure> {
    /// More keys of one file are not shown here, as lists have thousands.
    const SHOWN: usize = 4;
    let entries = store.entries()?;
    let place = shown(store.place());
    let mut text = match entries.is_empty() {
        true => format!("The trust store {place} is empty; `zkimg trust add` puts a key into it.\n"),
        false => format!("The trust store {place}:\n"),
    };
    for kind in Kind::ALL {
        let of_kind: Vec<&Entry> = entries.iter().filter(|entry| entry.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let _ = writeln!(text, "  {}", kind.plural());
        for entry in of_kind {
            let keys = fingerprints(entry);
            let _ = writeln!(text, "    {}", quoted(&entry.label));
            text.push_str(&lines("      ", keys.get(..SHOWN).unwrap_or(&keys)));
            if keys.len() > SHOWN {
                let _ = writeln!(text, "      and {} more in {}", keys.len() - SHOWN, shown(&entry.path));
            }
        }
    }
    let all: Vec<Value> = entries.iter().map(object).collect();
    Ok(Outcome::new(Code::Ok, text, json!({"trust_store": lossy(store.place()), "entries": all})))
}

fn lines(begin: &str, keys: &[String]) -> String {
    keys.iter().map(|key| format!("{begin}{key}\n")).collect()
}

fn fingerprints(entry: &Entry) -> Vec<String> {
    entry.keys.iter().map(|key| hex(&key.id())).collect()
}

fn object(entry: &Entry) -> Value {
    json!({"as": entry.kind.name(), "label": entry.label, "file": lossy(&entry.path), "keys": fingerprints(entry)})
}
