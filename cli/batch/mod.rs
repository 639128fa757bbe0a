//! `zkimg batch`: many jobs, and a ledger of what has been done.

mod job;
mod ledger;
mod shard;

use crate::memory::bytes;
use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::session::{Session, Voice};
use crate::trusted::{Reader, TrustArgs};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use job::Job;
use ledger::{Ledger, State, placed};
use serde_json::{Map, json};
use shard::Shard;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use zkimg_files::{Journal, append, folder, hex, now, sweep};

const EXAMPLES: &str = "\
Each line of the file is a job, with the words of its verb; names of files are seen from where the command is run:
  {\"do\": \"attest\", \"photo\": \"raw/a.jpg\", \"out\": \"signed/a\"}
  {\"do\": \"prove\", \"negative\": \"signed/b.negative\", \"edits\": [\"crop=16:9\", \"contrast=1.15\"], \"out\": \"web/b.png\"}
  {\"do\": \"prove\", \"negative\": \"signed/c.negative\", \"recipe\": \"web.json\", \"out\": \"web/c.jpg\", \"quality\": 85, \"name\": \"Photo desk\"}
  {\"do\": \"prove\", \"negative\": \"signed/e.negative\", \"edits\": [\"crop=16:9\"], \"show\": [\"DateTimeOriginal\"], \"out\": \"web/e.png\"}
  {\"do\": \"prove\", \"negative\": \"signed/f.negative\", \"edits\": [\"crop=16:9\"], \"out\": \"web/f.png\", \"also\": [\"web/f.jpg=resize=50%\"]}
  {\"do\": \"verify\", \"picture\": \"web/d.png\"}
Jobs are done in no certain order: what one needs of another belongs into two batches.

Examples:
  zkimg batch jobs.jsonl --key camera.key --trust camera.pub
      two cores, two jobs at a time; what became of each is in jobs.jsonl.ledger/
  zkimg batch jobs.jsonl --key camera.key --trust camera.pub --resume
      goes on where it was interrupted, by whatever: nothing is lost, nothing is done twice
  zkimg batch jobs.jsonl --shard 3/8 --resume
      an eighth of the jobs, for one of eight machines that see the same folder; docs/batch.md has Slurm, HyperQueue, Kubernetes
  jq 'select(.state == \"failed\")' jobs.jsonl.ledger/*.jsonl

Exit codes: 0 all done (and what was verified is trusted), 1 something failed or is not valid, 4 something can be tried again with
--resume, 5 what was verified is valid, but not all cameras or notaries are trusted.";

/// Attest, prove or verify many files, with a ledger that an interrupted run goes on from
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A file of jobs, one JSON object a line
    #[arg(value_name = "JOBS.jsonl")]
    jobs: PathBuf,
    /// How many jobs at a time; as many as there are cores, if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    parallel: Option<u16>,
    /// Only this part of the jobs, as 3/8; auto/8 where an engine tells the part
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Go on: what is done stays, what could not be done is tried again
    #[arg(long)]
    resume: bool,
    /// With --resume, also try again what was refused for a reason of its own
    #[arg(long, requires = "resume")]
    retry: bool,
    /// The folder of the ledgers; JOBS.jsonl.ledger if left out
    #[arg(long, value_name = "FOLDER")]
    ledger: Option<PathBuf>,
    /// The memory that all proofs together may take, such as `4GB`
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    memory: Option<usize>,
    /// The camera's private key, for jobs that name none
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    keys: TrustArgs,
    /// Replace existing files
    #[arg(long)]
    force: bool,
}

/// What all jobs are given.
struct Given {
    key: Option<PathBuf>,
    /// Whom jobs that verify trust.
    reader: Reader,
    memory: Option<usize>,
    force: bool,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let begin = Instant::now();
    let shard = args.shard.unwrap_or(Shard::ALL);
    let jobs = job::read(&args.jobs)?;
    let jobs: Vec<Job> = jobs.into_iter().enumerate().filter_map(|(place, job)| shard.holds(place).then_some(job)).collect();
    let reader = if jobs.iter().any(Job::verifies) { args.keys.reader()? } else { Reader::default() };
    let folder = args.ledger.clone().unwrap_or_else(|| append(&args.jobs, ".ledger"));
    let mut ledger = Ledger::open(&folder, &shard.name(), args.resume)?;
    sweep_up(&jobs, &ledger);
    let mut tally = Tally { before: jobs.len(), ..Tally::default() };
    let left = left(&jobs, &mut ledger, args.retry, &mut tally)?;
    tally.before -= left.len() + tally.recovered;

    let tag = tag();
    ledger.begin(&tag, now()?)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = args.parallel.map_or(cores, usize::from).min(left.len().max(1));
    let batch = Batch {
        given: Given { key: args.key.clone(), reader, memory: args.memory.map(|memory| memory / workers), force: args.force },
        left,
        next: AtomicUsize::new(0),
        ledger: Arc::new(Mutex::new(ledger)),
        tally: Mutex::new(tally),
        bar: bar(session),
    };
    batch.bar.set_length(batch.left.len() as u64);
    let writer = session.writer.tagged(&tag).with_standard_output(false);
    let threads = (cores / workers).max(1);
    let outcomes: Vec<Result<(), Failure>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|_| {
                let session = Session { json: true, voice: Voice::Quiet, writer: writer.clone() };
                scope.spawn(|| batch.work(session, threads))
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err(fault()))).collect()
    });
    batch.bar.finish_and_clear();
    outcomes.into_iter().collect::<Result<(), Failure>>()?;
    let tally = batch.tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(tally.answer(jobs.len(), &folder, begin.elapsed().as_secs_f64()))
}

/// Removes what runs that were killed left behind.
fn sweep_up(jobs: &[Job], ledger: &Ledger) {
    if ledger.over().is_empty() {
        return;
    }
    let folders: BTreeSet<PathBuf> = jobs.iter().flat_map(Job::outputs).map(|output| folder(&output).to_owned()).collect();
    for tag in ledger.over() {
        folders.iter().for_each(|folder| sweep(folder, tag));
    }
}

/// The jobs that are left. What was about to appear when a run was killed, and did, is done.
fn left<'a>(jobs: &'a [Job], ledger: &mut Ledger, retry: bool, tally: &mut Tally) -> Result<Vec<&'a Job>, Failure> {
    let mut left = Vec::new();
    for job in jobs {
        match ledger.state(&job.id).cloned() {
            Some(State::Done(code)) => tally.count(code),
            Some(State::Placing(files)) if placed(&files)? => {
                let files: Vec<String> = files.keys().map(|path| lossy(path)).collect();
                let fields = json!({"recovered": files});
                ledger.done(job, 0.0, Outcome::new(Code::Ok, "", fields))?;
                tally.recovered += 1;
            }
            Some(State::Failed(code)) if code != Code::Operational as u8 && !retry => tally.count(code),
            _ => left.push(job),
        }
    }
    Ok(left)
}

/// Names the temporary files of this run: different on every machine that sees the same folder.
fn tag() -> String {
    let time = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos());
    let place = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    hex(&ledger::digest(format!("{time} {} {place}", std::process::id()).as_bytes())[..6])
}

fn bar(session: &Session) -> ProgressBar {
    let target = if session.json || session.voice == Voice::Quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} jobs, {elapsed}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(None, target).with_style(style)
}

fn fault() -> Failure {
    Failure::new(Code::Operational, "stopped by a fault of the program itself; please report what you did")
}

/// Jobs that are being done.
struct Batch<'a> {
    given: Given,
    left: Vec<&'a Job>,
    next: AtomicUsize,
    ledger: Arc<Mutex<Ledger>>,
    tally: Mutex<Tally>,
    bar: ProgressBar,
}

/// Tells the ledger what is about to appear.
#[derive(Debug)]
struct Notes {
    ledger: Arc<Mutex<Ledger>>,
    job: String,
}

impl Journal for Notes {
    fn placing(&self, files: &[(&Path, &[u8])]) -> Result<(), Failure> {
        held(&self.ledger).placing(&self.job, files)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Batch<'_> {
    /// Does one job after the other on so many threads. A ledger that cannot be written ends the batch.
    fn work(&self, session: Session, threads: usize) -> Result<(), Failure> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| {
            Failure::new(Code::Operational, format!("the system gives no threads to work on ({error}); try a smaller --parallel"))
        })?;
        while let Some(job) = self.left.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            let notes = Notes { ledger: self.ledger.clone(), job: job.id.clone() };
            let session = Session { writer: session.writer.noting(Arc::new(notes)), ..session };
            let begin = Instant::now();
            let result =
                pool.install(|| catch_unwind(AssertUnwindSafe(|| job.run(&self.given, &session)))).unwrap_or_else(|_| Err(fault()));
            let seconds = (begin.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
            let code = result.as_ref().map_or_else(|failure| failure.code, |outcome| outcome.code) as u8;
            let failed = result.as_ref().err().cloned();
            let noted = match result {
                Ok(outcome) => held(&self.ledger).done(job, seconds, outcome),
                Err(failure) => held(&self.ledger).failed(job, seconds, &failure),
            };
            if let Err(failure) = noted {
                // Nothing more can be noted, so nothing more is begun.
                self.next.store(self.left.len(), Ordering::Relaxed);
                return Err(failure);
            }
            let mut tally = held(&self.tally);
            tally.done += usize::from(failed.is_none());
            tally.count(code);
            if let Some(failure) = failed {
                tally.failed(job.line, failure);
            }
            drop(tally);
            self.bar.inc(1);
        }
        Ok(())
    }
}

/// What became of the jobs.
#[derive(Default)]
struct Tally {
    /// In this run.
    done: usize,
    /// In runs before.
    before: usize,
    /// In runs before, which did not come to say so.
    recovered: usize,
    failed: usize,
    /// The first few failures.
    shown: Vec<String>,
    codes: Map<String, serde_json::Value>,
    worst: BTreeSet<u8>,
}

impl Tally {
    fn count(&mut self, code: u8) {
        self.worst.insert(code);
        let count = self.codes.get(&code.to_string()).and_then(serde_json::Value::as_u64).unwrap_or(0);
        self.codes.insert(code.to_string(), (count + 1).into());
    }

    fn failed(&mut self, line: usize, failure: Failure) {
        const SHOWN: usize = 10;
        self.failed += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(format!("line {line}: {}", zkimg_pipeline::text::shown(&failure.sentence)));
        }
    }

    fn code(&self) -> Code {
        let any = |codes: &[Code]| codes.iter().any(|code| self.worst.contains(&(*code as u8)));
        match () {
            () if any(&[Code::Operational]) => Code::Operational,
            () if any(&[Code::Invalid, Code::Usage, Code::Unsupported, Code::Exists]) => Code::Invalid,
            () if any(&[Code::Untrusted]) => Code::Untrusted,
            () => Code::Ok,
        }
    }

    fn answer(self, jobs: usize, folder: &Path, seconds: f64) -> Outcome {
        let code = self.code();
        let Tally { done, before, recovered, failed, shown: first, codes, .. } = self;
        let ledger = shown(folder);
        let earlier = before + recovered;
        let mut text =
            format!("{jobs} jobs: {done} done now, {earlier} before, {failed} failed. {seconds:.1} s. The ledger is {ledger}.\n");
        first.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        if failed > first.len() {
            text.push_str(&format!("  and {} more\n", failed - first.len()));
        }
        if code == Code::Operational {
            text.push_str("Some can be tried again: the same command with --resume.\n");
        }
        let fields = json!({
            "jobs": jobs, "done": done, "done_before": before, "recovered": recovered, "failed": failed, "exit_codes": codes, "seconds": seconds,
            "ledger": lossy(folder), "failures": first,
        });
        Outcome::new(code, text, fields)
    }
}
