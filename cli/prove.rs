//! `zkimg prove`: an edited picture and its proof, or a hidden picture that is handed on.

use crate::also::{Also, Wanted, distinct, wanted};
use crate::describe::{links_of_maker, size};
use crate::memory::{self, MemoryArgs};
use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::progress::Progress;
use crate::recipe::RecipeArgs;
use crate::session::Session;
use crate::target::{JpegArgs, Target};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zkimg_files::{Access, Outputs, append, exif_fields, input, nothing_beside, stem};
use zkimg_pipeline::{Estimate, ExifField, Negative, ProofFile, Recipe, SigningKey, Trust, Work, describe_links, embed, write_jpeg};
use zkimg_report::exif;

const EXAMPLES: &str = "\
Examples:
  zkimg prove photo.negative --edit crop=640x480+320+120 --edit contrast=1.15 --out edited.png
      writes edited.png with its proof inside; publish that one file
  zkimg prove photo.negative --edit grayscale --out grey.png --sidecar
      writes grey.png and its proof grey.zkimg, for sites that take out what they do not know; publish both
  zkimg prove photo.negative --recipe web.json --out web.jpg --quality 85
      a JPEG; coded anew without loss (jpegtran, progressive) it is the same picture, compressed again it is another
  zkimg prove photo.negative --recipe web.json --out web.jpg --also small.jpg=resize=50% --also square.webp=crop=1:1
      three pictures, each with its own proof inside; what --also says is done to the picture after all other edits, so that
      what they cover is covered in all. Each picture tells something more of the original: two that differ in how they
      are blurred or pixelated tell more than either alone

  zkimg prove photo.negative --edit crop=16:9 --show DateTimeOriginal --show Model --out edited.png
      also shows when and with what the photo was taken, signed by the camera, and no other field of its EXIF data; it stays
      shown. `zkimg inspect photo.negative` lists what there is. Only where a chain begins; whoever goes on keeps it

Several people, one after the other, none of whom sees more than the one before lets through:
  zkimg prove photo.negative --edit redact=200x80+40+60 --hidden --out desk --name \"Anna Roth\"
      writes desk.zkimg (public) and desk.negative (secret); give both to the next person, and to nobody else
      the negative: it is the redacted picture, without anything of the original
  zkimg verify desk.zkimg --trust camera.pub
      the next person checks what they were given, as `prove` does not check the links before its own (but those of a
      chain with one proof)
  zkimg prove desk.negative --after desk.zkimg --edit crop=16:9 --out published.png --sign desk.key
      writes published.png with the proof of the whole chain inside

Many people, one proof: with --compact the first of them begins a chain whose proof does not grow with its links
  zkimg prove photo.negative --edit redact=200x80+40+60 --hidden --compact --out desk
      desk.zkimg has some megabytes while the picture is handed on; whoever goes on with --after needs no option. Making a
      link takes some ten times as long, and photos of up to 640x480 cannot end in a JPEG then
  zkimg prove desk.negative --after desk.zkimg --edit crop=16:9 --out published.png
      the published proof has about 20 kilobytes, and 2 more for each link

A recipe file holds the edits in order:
  {\"zkimg\": 1, \"edits\": [
    {\"op\": \"crop\", \"x\": 320, \"y\": 120, \"width\": 640, \"height\": 480},
    {\"op\": \"contrast\", \"factor\": \"1.15\"}]}

Everyone will see the edited picture, the edits with their numbers, names and notes, the sizes of the pictures, and the
photo's colour profile (ICC), which goes into the edited picture as it is: its name and bytes can tell the device.
The same goes for fields named with --show. The rest of the original stays secret.
`zkimg edits` lists the edits, `zkimg edit` tries them out without a proof.";

/// Edit a signed photo and prove it: an edited picture with its proof inside
#[derive(Default, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The photo's negative, from `zkimg attest`, or one that was handed on to you
    #[arg(value_name = "NEGATIVE")]
    pub negative: PathBuf,
    #[command(flatten)]
    pub recipe: RecipeArgs,
    /// Where to write the edited picture (.png, .webp or .jpg) with the proof inside; with --hidden the beginning of two names
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// One more picture with a proof of its own, and the edit that makes it from the picture after all others, such as
    /// small.jpg=resize=50%; repeat it for more
    #[arg(long, value_name = "FILE=EDIT", conflicts_with = "hidden")]
    pub also: Vec<Also>,
    #[command(flatten)]
    pub jpeg: JpegArgs,
    /// Write the proof into a file beside the picture (.zkimg) and not into the picture
    #[arg(long, conflicts_with = "hidden")]
    pub sidecar: bool,
    /// Show the picture to nobody: write a proof and a negative for the next person
    #[arg(long)]
    pub hidden: bool,
    /// The proof file that came with a negative that was handed on
    #[arg(long, value_name = "FILE.zkimg")]
    pub after: Option<PathBuf>,
    /// Begin a chain with one proof for all its links, as long for two people as for a hundred
    #[arg(long)]
    pub compact: bool,
    /// Show this EXIF field of the photo to everyone, such as DateTimeOriginal or Model, and no other; may be repeated
    #[arg(long, value_name = "FIELD")]
    pub show: Vec<String>,
    /// Your name, for everyone to see; without --sign it is only a claim
    #[arg(long)]
    pub name: Option<String>,
    /// A remark on your edits, for everyone to see
    #[arg(long)]
    pub note: Option<String>,
    /// Your own private key (from `zkimg keygen`, not a camera's), to sign your edits
    #[arg(long, value_name = "FILE.key")]
    pub sign: Option<PathBuf>,
    /// Replace existing files
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub memory: MemoryArgs,
}

/// What the work is on, read from files.
struct Inputs {
    negative: Negative,
    show: Vec<ExifField>,
    after: Option<ProofFile>,
    key: Option<SigningKey>,
}

impl Inputs {
    /// Every file that they came from.
    fn files<'a>(&self, args: &'a Args, recipe: &'a Recipe) -> Vec<&'a Path> {
        let own = [Some(&args.negative), args.after.as_ref(), args.sign.as_ref()].into_iter().flatten().map(PathBuf::as_path);
        own.chain(args.recipe.files(recipe)).collect()
    }

    fn work<'a>(&'a self, args: &Args, recipe: &'a Recipe) -> Work<'a> {
        let mut work = Work::new(&self.negative, recipe);
        if let Some(after) = &self.after {
            work = work.after(after);
        }
        if args.compact {
            work = work.compact();
        }
        for field in &self.show {
            work = work.showing(*field);
        }
        if let Some(name) = &args.name {
            work = work.named(name);
        }
        if let Some(note) = &args.note {
            work = work.noted(note);
        }
        if let Some(key) = &self.key {
            work = work.signed(key);
        }
        work
    }
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let recipe = args.recipe.load()?;
    let made = if args.hidden {
        check_stem(args)?;
        Made::Hidden(recipe)
    } else {
        Made::Shown(wanted(&args.out, &args.also, recipe, &args.recipe, &args.jpeg)?)
    };
    let inputs = Inputs {
        show: exif_fields(&args.show)?,
        negative: input::negative(&args.negative)?,
        after: args.after.as_ref().map(|path| input::proof(path)).transpose()?,
        key: args.sign.as_ref().map(|path| input::key(path)).transpose()?,
    };
    if args.memory.estimate {
        let estimate = made.estimate(args, &inputs)?;
        return memory::answer(&estimate, args.memory.memory);
    }
    match made {
        Made::Hidden(recipe) => hand_on(args, &inputs, &recipe, session),
        Made::Shown(wanted) => publish(args, &inputs, &wanted, session),
    }
}

/// What is made of a negative.
enum Made {
    Hidden(Recipe),
    /// At least one.
    Shown(Vec<Wanted>),
}

impl Made {
    /// What all of it takes; the memory is needed by one picture after the other.
    fn estimate(&self, args: &Args, inputs: &Inputs) -> Result<Estimate, Failure> {
        let of =
            |recipe, hidden| inputs.work(args, recipe).estimate(hidden, args.memory.memory).map_err(|error| args.recipe.explain(&error));
        match self {
            Made::Hidden(recipe) => of(recipe, true),
            Made::Shown(wanted) => {
                let mut all = Estimate { cells: 0, lookups: 0, memory: 0, least: 0 };
                for wanted in wanted {
                    let one = of(&wanted.recipe, false)?;
                    let (memory, least) = (all.memory.max(one.memory), all.least.max(one.least));
                    all = Estimate { cells: all.cells + one.cells, lookups: all.lookups + one.lookups, memory, least };
                }
                Ok(all)
            }
        }
    }
}

/// A picture's files and what is said of it.
struct Finished {
    /// The picture's file; and the proof's, if it has one of its own.
    files: (Vec<u8>, Option<Vec<u8>>),
    outcome: Outcome,
}

fn publish(args: &Args, inputs: &Inputs, wanted: &[Wanted], session: &Session) -> Result<Outcome, Failure> {
    let beside: Vec<PathBuf> = wanted.iter().map(Wanted::beside).collect();
    let mut targets = Vec::new();
    for (wanted, beside) in wanted.iter().zip(&beside) {
        wanted.target.check(&wanted.out, &wanted.recipe, inputs.negative.layout().dims)?;
        targets.push((wanted.out.as_path(), Access::Public));
        if args.sidecar {
            stem(&wanted.out)?;
            targets.push((beside.as_path(), Access::Public));
        } else {
            nothing_beside(beside)?;
        }
    }
    distinct(targets.iter().map(|(target, _)| *target))?;
    let files: Vec<&Path> = wanted.iter().flat_map(|wanted| inputs.files(args, &wanted.recipe)).collect();
    let outputs = Outputs::stage(&session.writer, args.force, &files, &targets)?;
    let finished = wanted.iter().map(|wanted| finish(args, inputs, wanted, session)).collect::<Result<Vec<_>, Failure>>()?;
    let contents = finished.iter().flat_map(|one| std::iter::once(&one.files.0).chain(&one.files.1)).map(Vec::as_slice);
    outputs.finish(&contents.collect::<Vec<_>>())?;
    let mut outcomes = finished.into_iter().map(|one| one.outcome);
    let first = outcomes.next().ok_or_else(|| Failure::new(Code::Usage, "give --out the picture's file"))?;
    Ok(outcomes.fold(first, |first, more| first.and("also", more)))
}

/// Makes one picture and its proof, in memory.
fn finish(args: &Args, inputs: &Inputs, wanted: &Wanted, session: &Session) -> Result<Finished, Failure> {
    let Wanted { out: path, target, recipe } = wanted;
    let progress = Progress::start(session, "Editing and proving").within(args.memory.memory);
    let work = inputs.work(args, recipe).watched(&progress);
    let (picture, proof) = match target {
        Target::Pixels(lossless) => {
            let made = work.publish().map_err(|error| args.recipe.explain(&error))?;
            (lossless.encode(path, &made.picture)?, made.proof)
        }
        Target::Jpeg => {
            let made = work.publish_jpeg().map_err(|error| args.recipe.explain(&error))?;
            (write_jpeg(&made.coefficients, &made.profile), made.proof)
        }
    };
    drop(progress);
    let (bytes, dims) = (proof.to_bytes(), size(&proof.output()));
    let (out, beside, length) = (shown(path), wanted.beside(), bytes.len());
    let (text, holder, files) = if args.sidecar {
        let beside_it = shown(&beside);
        let text = format!("Wrote {out} ({dims}) and its proof {beside_it} ({length} bytes); publish both, and keep the negative.");
        (text, &beside, (picture, Some(bytes)))
    } else {
        let file = embed(&picture, &bytes).map_err(|error| Failure::new(Code::Usage, format!("{error} (--sidecar)")))?;
        let text = format!("Wrote {out} ({dims}) with its proof inside ({length} bytes); publish it, and keep the negative.");
        (text, path, (file, None))
    };
    let fields = json!({"picture": lossy(path), "proof": lossy(holder), "proof_bytes": length});
    Ok(Finished { files, outcome: answer(&proof, &text, fields) })
}

fn hand_on(args: &Args, inputs: &Inputs, recipe: &Recipe, session: &Session) -> Result<Outcome, Failure> {
    let (public, secret) = (append(stem(&args.out)?, ".zkimg"), append(&args.out, ".negative"));
    let outputs =
        Outputs::stage(&session.writer, args.force, &inputs.files(args, recipe), &[(&public, Access::Public), (&secret, Access::Secret)])?;
    let progress = Progress::start(session, "Editing and proving").within(args.memory.memory);
    let handed_on = inputs.work(args, recipe).watched(&progress).hand_on().map_err(|error| args.recipe.explain(&error))?;
    drop(progress);
    let proof = handed_on.proof.to_bytes();
    outputs.finish(&[&proof, &handed_on.negative.to_bytes()])?;
    let text = format!(
        "Wrote {} ({} bytes, public) and {} (secret: it holds the edited picture, {}); give both to the next person.",
        shown(&public),
        proof.len(),
        shown(&secret),
        size(&handed_on.proof.output()),
    );
    let fields = json!({"proof": lossy(&public), "negative": lossy(&secret), "proof_bytes": proof.len()});
    Ok(answer(&handed_on.proof, &text, fields))
}

/// What both ways have in common: the size and the links of the chain so far.
fn answer(file: &ProofFile, text: &str, mut fields: Value) -> Outcome {
    let (dims, all) = (file.output(), describe_links(file, &Trust::default()));
    let fields_shown = file.shown();
    let also: String = exif(&fields_shown).iter().map(|line| format!("\nShown: {line}")).collect();
    let text = format!("{text}{also}\nEdits:\n{}", links_of_maker(&all));
    let last = all.last().map(|link| link.edits.clone()).unwrap_or_default();
    for (name, value) in [
        ("width", dims.width.into()),
        ("height", dims.height.into()),
        ("channels", dims.channels.into()),
        ("edits", json!(last)),
        ("links", json!(all)),
        ("shown", json!(fields_shown)),
    ] {
        fields[name] = value;
    }
    Outcome::new(Code::Ok, text, fields)
}

/// With `--hidden` no picture is written: two names begin with `--out`.
fn check_stem(args: &Args) -> Result<(), Failure> {
    let out = args.out.as_path();
    if args.jpeg.quality.is_some() || args.jpeg.sampling.is_some() {
        return Err(Failure::at(Code::Usage, out, "with --hidden no picture is written; leave --quality and --sampling out"));
    }
    let known = ["png", "webp", "jpg", "jpeg", "zkimg", "negative"];
    let wrong = out.extension().is_some_and(|extension| known.iter().any(|known| extension.eq_ignore_ascii_case(known)));
    let what =
        "with --hidden no picture is written, but a .zkimg and a .negative file; give --out the beginning of their names, such as desk";
    if wrong { Err(Failure::at(Code::Usage, out, what)) } else { Ok(()) }
}
