//! `zkimg`: publish an edited photo with a proof that it came from a camera-signed picture.

mod also;
mod answer;
mod attest;
mod batch;
mod compare;
mod completions;
mod demo;
mod describe;
mod dumps;
mod edit;
mod edits;
mod embed;
mod extract;
mod face;
mod infer;
mod inspect;
mod keygen;
mod man;
mod many;
mod memory;
mod model;
mod outcome;
mod progress;
mod prove;
mod recipe;
mod serve;
mod session;
mod target;
mod trust;
mod trusted;
mod usage;
mod verdict;
mod verify;
mod words;

use clap::{Parser, Subcommand};
use outcome::{Code, Failure, Outcome};
use session::{Session, Voice};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use zkimg_files::input;

const EXAMPLES: &str = "\
From a photo to a checked picture:
  zkimg keygen --out camera.key
  zkimg attest photo.jpg --key camera.key
  zkimg prove photo.negative --edit crop=640x480+320+120 --edit contrast=1.15 --out edited.png
  zkimg verify edited.png --trust camera.pub

From one person to the next, who never sees the original:
  zkimg prove photo.negative --edit redact=200x80+40+60 --hidden --out desk
  zkimg prove desk.negative --after desk.zkimg --edit contrast=1.15 --out published.png

What a network with hidden weights makes of a hidden photo:
  zkimg model import person_detect.tflite --out person
  zkimg infer photo.negative --model person.model --edit resize=96x96 --edit grayscale --show class --out answer
  zkimg verify answer.zkimg --trust camera.pub --model person.card

That a hidden photo shows a face that was enrolled from another hidden photo:
  zkimg face enrol portrait.negative --model face.model --edit crop=400x400+200+80 --edit resize=224x224 --out anna
  zkimg face match photo.negative --model face.model --template anna.template --edit crop=300x300+10+20 --edit resize=224x224 --threshold 0.58 --out match
  zkimg verify match.zkimg --trust camera.pub --model face.card --enrolled anna.enrolled

Many files, and an interrupted run that goes on:
  zkimg batch jobs.jsonl --key camera.key --resume

See it all happen on a sample photo:
  zkimg demo

- stands for standard input where a file is read, for one file of a command; and for standard output where one public file is written (a
picture is a PNG then), and what there is to say goes to standard error. Secret files are never written there. A file of that name is ./-
  age -d photo.negative.age | zkimg prove - --edit crop=16:9 --out - | ssh web 'cat > edited.png'

Exit codes:
  0  done; or: verified, and signed by a trusted camera or notary
  1  not valid: the picture, the proof or the signature does not hold
  2  the command is wrong: an option, an edit, a value
  3  no proof, or a file of a kind or version that cannot be read
  4  the computer said no: a missing file, no permission, a full disk
  5  the camera is not among those given with --trust, or the notary not with --notaries, or neither in the trust store
     (nothing else is checked then); valid if none was given
  6  an output exists already and was not touched; --force replaces it";

/// Publish an edited photo with a proof that it came, by the stated edits alone, from a picture that a camera signed.
/// The original stays secret.
#[derive(Parser)]
#[command(name = "zkimg", version, after_help = EXAMPLES, propagate_version = true, max_term_width = 100)]
struct Cli {
    /// Answer with one JSON object on standard output, also for errors; docs/schema.json says what is in it
    #[arg(long, global = true)]
    json: bool,
    /// Say nothing but errors; the exit code tells, and --json still answers
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say on standard error how long each part of the work took
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Keygen(keygen::Args),
    Attest(attest::Args),
    Prove(prove::Args),
    Verify(verify::Args),
    Trust(trust::Args),
    Compare(compare::Args),
    Batch(batch::Args),
    Embed(embed::Args),
    Extract(extract::Args),
    Model(model::Args),
    Infer(infer::Args),
    Face(face::Args),
    Inspect(inspect::Args),
    Serve(serve::Args),
    Edit(edit::Args),
    Edits(edits::Args),
    Demo(demo::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Verb {
    fn name(&self) -> &'static str {
        match self {
            Verb::Keygen(_) => "keygen",
            Verb::Attest(_) => "attest",
            Verb::Prove(_) => "prove",
            Verb::Verify(_) => "verify",
            Verb::Trust(_) => "trust",
            Verb::Compare(_) => "compare",
            Verb::Batch(_) => "batch",
            Verb::Embed(_) => "embed",
            Verb::Extract(_) => "extract",
            Verb::Model(_) => "model",
            Verb::Infer(_) => "infer",
            Verb::Face(_) => "face",
            Verb::Inspect(_) => "inspect",
            Verb::Serve(_) => "serve",
            Verb::Edit(_) => "edit",
            Verb::Edits(_) => "edits",
            Verb::Demo(_) => "demo",
            Verb::Completions(_) => "completions",
            Verb::Man(_) => "man",
        }
    }

    fn run(self, session: &Session) -> Result<Outcome, Failure> {
        match self {
            Verb::Keygen(args) => keygen::run(&args, session),
            Verb::Attest(args) => attest::run(&args, session),
            Verb::Prove(args) => prove::run(&args, session),
            Verb::Verify(args) => verify::run(&args, session),
            Verb::Trust(args) => trust::run(&args, session),
            Verb::Compare(args) => compare::run(&args, session),
            Verb::Batch(args) => batch::run(&args, session),
            Verb::Embed(args) => embed::run(&args, session),
            Verb::Extract(args) => extract::run(&args, session),
            Verb::Model(args) => model::run(&args, session),
            Verb::Infer(args) => infer::run(&args, session),
            Verb::Face(args) => face::run(&args, session),
            Verb::Inspect(args) => inspect::run(&args),
            Verb::Serve(args) => serve::run(&args, session),
            Verb::Edit(args) => edit::run(&args, session),
            Verb::Edits(args) => edits::run(&args),
            Verb::Demo(args) => demo::run(&args, session),
            Verb::Completions(args) => completions::run(&args),
            Verb::Man(args) => man::run(&args, session),
        }
    }
}

fn main() -> ExitCode {
    dumps::forbid();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::answer(&error),
    };
    let verb = cli.verb.name();
    let voice = match (cli.quiet, cli.verbose) {
        (true, _) => Voice::Quiet,
        (_, true) => Voice::Verbose,
        _ => Voice::Plain,
    };
    let session = Session::new(cli.json, voice);
    session.clean_up_when_interrupted();
    input::offer_standard_input();
    // A fault of the program is one sentence too, and its temporary files go away while the stack unwinds.
    let fault = Arc::new(OnceLock::new());
    let seen = Arc::clone(&fault);
    std::panic::set_hook(Box::new(move |info| drop(seen.set(info.location().map(ToString::to_string)))));
    let result = catch_unwind(AssertUnwindSafe(|| cli.verb.run(&session))).unwrap_or_else(|_| {
        let place = fault.get().cloned().flatten().unwrap_or_else(|| "an unknown place".into());
        let sentence =
            format!("stopped by a fault of the program itself at {place}, and left no unfinished file behind; please report what you did");
        Err(Failure::new(Code::Operational, sentence))
    });
    outcome::answer(verb, result, &session)
}
