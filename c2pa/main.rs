//! `zkimg-c2pa`: between Content Credentials (C2PA) and zkimg. It attests photos of cameras that sign C2PA manifests, as a notary, and puts
//! proofs of published pictures into manifests. It asks nobody over a network: what a file does not hold is not known.
//!
//! | where | what |
//! |---|---|
//! | `attest.rs` | `attest`: a photo with Content Credentials in, a capture and a negative out |
//! | `credentials.rs` | what is found in Content Credentials, and what of it is accepted |
//! | `store.rs` | what a manifest says that the library has no type for |
//! | `outside.rs` | which bytes of a file the signed hash leaves out |
//! | `embed.rs` | `embed` and `manifest`: a published picture with a proof in, a signed one or a definition out |
//! | `definition.rs`, `actions.rs` | what our manifests say |

mod actions;
mod attest;
mod credentials;
mod definition;
// A definition that the tool has, too.
#[path = "../cli/dumps.rs"]
mod dumps;
mod embed;
mod outside;
mod store;

use clap::{Parser, Subcommand};
use serde_json::{Map, Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use zkimg_files::{Code, Failure, Writer};
use zkimg_pipeline::text;

/// The library that checks and signs, as it is pinned.
pub(crate) const LIBRARY: &str = "c2pa 0.90.22";

const EXAMPLES: &str = "\
A photo of a camera that signs Content Credentials, attested by a notary who has checked them:
  zkimg keygen --out desk.key
  zkimg-c2pa attest photo.jpg --notary desk.key --anchors anchors.pem
  zkimg prove photo.negative --edit crop=16:9 --out edited.jpg
  zkimg verify edited.jpg --notaries desk.pub

The published picture with Content Credentials of its own, and the proof inside them:
  zkimg-c2pa embed edited.jpg --sign cert.pem key.pem --out published.jpg

Exit codes: 0 done, 1 the Content Credentials or the proof do not hold, 2 the command is wrong, 3 a file of a kind that cannot be read,
4 the computer said no, 6 an output exists already.";

/// Between Content Credentials (C2PA) and zkimg: attests as a notary, and embeds proofs in manifests. Nothing is sent or fetched.
#[derive(Parser)]
#[command(name = "zkimg-c2pa", version, after_help = EXAMPLES, propagate_version = true, max_term_width = 100)]
struct Cli {
    /// Answer with one JSON object on standard output, also for errors
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Attest(attest::Args),
    Embed(embed::Args),
    Manifest(embed::ManifestArgs),
}

/// What a verb has to say: words for people, and an object for programs.
pub(crate) struct Outcome {
    pub(crate) text: String,
    pub(crate) fields: Value,
}

/// The exit code of a program that was interrupted, by convention of shells.
const INTERRUPTED: i32 = 130;

fn main() -> ExitCode {
    dumps::forbid();
    let Cli { json: as_json, verb } = Cli::parse();
    let writer = Writer::default();
    clean_up_when_interrupted(&writer);
    // Manifests come from strangers, and a fault of whatever reads them is a sentence, too.
    std::panic::set_hook(Box::new(|_| {}));
    let run = || match verb {
        Verb::Attest(args) => attest::run(&args, &writer),
        Verb::Embed(args) => embed::run(&args, &writer),
        Verb::Manifest(args) => embed::manifest(&args),
    };
    let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let sentence = "stopped by a fault of the program itself, and left no unfinished file behind; please report what you did";
        Err(Failure::new(Code::Operational, sentence))
    });
    let (code, fields, text) = match outcome {
        Ok(Outcome { text, fields }) => (Code::Ok, fields, text),
        Err(Failure { code, sentence }) => {
            let sentence = text::shown(&sentence);
            if !as_json {
                eprintln!("zkimg-c2pa: {sentence}");
            }
            (code, json!({"error": {"kind": code.name(), "message": sentence}}), String::new())
        }
    };
    if as_json {
        let mut fields = if let Value::Object(fields) = fields { fields } else { Map::new() };
        fields.insert("exit_code".into(), (code as u8).into());
        fields.insert("ok".into(), (code == Code::Ok).into());
        println!("{}", Value::Object(fields));
    } else if !text.is_empty() {
        println!("{}", text.trim_end());
    }
    ExitCode::from(code as u8)
}

/// From now on Ctrl-C, a request to terminate and a closed terminal remove temporary files first.
fn clean_up_when_interrupted(writer: &Writer) {
    let writer = writer.clone();
    // Without a handler the default action stays; nothing else depends on it.
    let _ = ctrlc::set_handler(move || {
        let _removed = writer.remove_all();
        eprintln!("zkimg-c2pa: interrupted; no unfinished file was left behind");
        std::process::exit(INTERRUPTED);
    });
}

#[cfg(test)]
mod tests {
    #[test]
    fn statements_name_the_library_that_is_pinned() {
        let (name, version) = super::LIBRARY.split_once(' ').expect("a version");
        let pin =
            format!("{name} = {{ version = \"={version}\", default-features = false, features = [\"rust_native_crypto\", \"file_io\"] }}");
        assert!(include_str!("Cargo.toml").contains(&pin));
    }
}
