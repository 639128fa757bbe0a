//! The tables of the README: whole processes, nothing left out.
//!
//! `cargo bench --bench table` prints, for this machine, one row an edit on an HD picture and one row a size, each the median of
//! several runs of the program itself (load, witness, commit, prove, self-check, write). `-- --runs N` sets how many,
//! `-- hd`, `-- sizes`, `-- verify`, `-- chains`, `-- networks` and `-- photos` pick a table, `-- networks 0.35/96` one row of that, and
//! `-- --plots docs/plots` also draws the first two.

mod mobilenet;
mod plot;

use nix::sys::resource::{UsageWho, getrusage};
use plot::{Bar, Series};
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use zkimg_network::model::Model as Network;
use zkimg_pipeline::answer::{AnswerFile, Model};
use zkimg_pipeline::{
    Candidate, Dims, HandedOn, Negative, Picture, Policy, ProofFile, Recipe, SigningKey, Trust, Verdict, Work, attest, encode_png, prove,
    verify, verify_batch,
};
use zkimg_proof::circuit::{Class, Keys};

const ZKIMG: &str = env!("CARGO_BIN_EXE_zkimg");

/// Seconds of one process on the clock and on the processors, and its peak memory in MB.
#[derive(Clone, Copy, Debug)]
struct Cost {
    wall: f64,
    cpu: f64,
    peak: f64,
}

/// Edits of an HD picture, and the published seconds to prove them (ZK-IMG, 64 threads, 512 GB, HD to 640×480).
fn hd_rows() -> Vec<(&'static str, Vec<String>, Option<f64>)> {
    // Weights without a pattern, so that no two rows of the kernel share their work; all results within a byte.
    let kernel = |side: usize| {
        let mut state = 7u32;
        let mut weight = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 29
        };
        let rows: Vec<Vec<u32>> = (0..side).map(|_| (0..side).map(|_| weight()).collect()).collect();
        let sum: u32 = rows.iter().flatten().sum();
        let row = |row: &Vec<u32>| row.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        format!("convolve={}:{sum}", rows.iter().map(row).collect::<Vec<_>>().join("/"))
    };
    let one = |word: &str| vec![word.to_owned()];
    let six =
        ["crop=1200x640+40+40", "resize=640x480", "white-balance=1.08,1,0.93", "contrast=1.15", "sharpen=0.5", "redact=80x60+100+100"];
    vec![
        ("crop", one("crop=640x480+320+120"), Some(331.0)),
        ("resize", one("resize=640x480"), Some(333.0)),
        ("contrast", one("contrast=1.15"), Some(364.0)),
        ("white balance", one("white-balance=1.08,1,0.93"), Some(363.0)),
        ("RGB to YCbCr", one("rgb-to-ycbcr"), Some(608.0)),
        ("YCbCr to RGB", one("ycbcr-to-rgb"), None),
        ("convolution 3×3", one(&kernel(3)), Some(428.0)),
        ("convolution 15×15", one(&kernel(15)), None),
        ("convolution 31×31", one(&kernel(31)), None),
        ("sharpen", one("sharpen=0.5"), None),
        ("blur, 31 taps", one("blur=5"), None),
        ("grayscale", one("grayscale"), None),
        ("six edits", six.map(str::to_owned).into(), None),
    ]
}
const SIZES: [(usize, usize); 5] = [(640, 480), (1280, 720), (2048, 1536), (4000, 3000), (6632, 4976)];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|w| w == "--measure") {
        return measure(&words[1..]);
    }
    let runs = words.iter().position(|w| w == "--runs").and_then(|i| words.get(i + 1)?.parse().ok()).unwrap_or(5);
    let plots = words.iter().position(|w| w == "--plots").and_then(|i| words.get(i + 1)).map(Path::new);
    let picked = ["hd", "sizes", "verify", "chains", "networks", "photos"].map(|table| words.iter().any(|w| w == table));
    let wanted = |i: usize| picked[i] || picked == [false; 6];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    zkimg(folder, &["keygen", "--out", "camera.key"]);
    if wanted(0) {
        hd(folder, runs, plots);
    }
    if wanted(1) {
        sizes(folder, runs.min(3), plots);
    }
    if wanted(2) {
        warm(folder);
    }
    if wanted(3) {
        forms(folder);
    }
    if wanted(4) {
        let one = NETWORKS.iter().position(|row| words.iter().any(|w| w == row.0));
        networks(folder, runs, one.map_or(&NETWORKS[..], |i| &NETWORKS[i..=i]));
    }
    if wanted(5) {
        photos(folder, runs);
    }
}

/// MobileNetV2: name, width, side, and the published seconds to prove one (ZKML; the last on 64 threads).
const NETWORKS: [(&str, f64, usize, &str); 4] =
    [("0.35/96", 0.35, 96, "163.2"), ("0.5/224", 0.5, 224, "1530.7"), ("0.75/192", 0.75, 192, "2457.5"), ("1.0/224", 1.0, 224, "1225")];

/// A hidden network of seeded weights about a hidden HD photo, cropped and resized to what it reads: its class.
fn networks(folder: &Path, runs: usize, rows: &[(&str, f64, usize, &str)]) {
    photo(folder, 1280, 720);
    zkimg(folder, &["attest", "photo.png", "--key", "camera.key", "--out", "photo", "--force"]);
    println!("| MobileNetV2 | cells | weights | products | infer s | cpu s | MB | verify s | answer bytes | card bytes | published s |");
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for (name, width, side, published) in rows {
        let network = mobilenet::mobilenet_v2(*width, *side);
        let layers = network.architecture().layers();
        let cells: usize = layers.iter().filter_map(|placed| placed.layer.output().ok()).map(|dims| dims.cells()).sum();
        let products: usize = layers.iter().map(|placed| placed.layer.multiplications()).sum();
        let weights: usize = network.architecture().weights().iter().map(|shape| shape.dims.cells()).sum();
        activations(&network, *side);
        let model = Model::commit(network, &()).expect("a model");
        let card = model.card().to_bytes();
        std::fs::write(folder.join("net.card"), &card).expect("written");
        std::fs::write(folder.join("net.model"), model.to_bytes()).expect("written");
        drop(model);
        let resize = format!("resize={side}x{side}");
        let words = ["infer", "photo.negative", "--model", "net.model", "--edit", "crop=1:1", "--edit", &resize, "--show", "class"];
        let infer = median(runs, folder, &[&words[..], &["--out", "answer", "--force"]].concat());
        let verify = median(runs, folder, &["verify", "answer.zkimg", "--trust", "camera.pub", "--model", "net.card"]);
        let bytes = std::fs::metadata(folder.join("answer.zkimg")).expect("an answer").len();
        let millions = |n: usize| format!("{:.2} M", n as f64 / 1e6);
        println!(
            "| {name} | {} | {} | {} | {:.2} | {:.2} | {:.0} | {:.2} | {bytes} | {} | {published} |",
            millions(cells),
            millions(weights),
            millions(products),
            infer.wall,
            infer.cpu,
            infer.peak,
            verify.wall,
            card.len()
        );
    }
    println!();
}

/// One answer of `person_detect` about several HD photos; `verify` is to be held against as many verifications of one.
fn photos(folder: &Path, runs: usize) {
    photo(folder, 1280, 720);
    zkimg(folder, &["attest", "photo.png", "--key", "camera.key", "--out", "photo", "--force"]);
    let network = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/person_detect/person_detect.tflite");
    zkimg(folder, &["model", "import", network, "--out", "person", "--force"]);
    println!("| photos | infer s | cpu s | MB | verify s | proof bytes | answer bytes |\n|---|---|---|---|---|---|---|");
    for n in [1, 4, 16] {
        let edits = ["--edit", "crop=1:1", "--edit", "resize=96x96", "--edit", "grayscale"];
        let words = ["--model", "person.model", "--show", "class", "--out", "answer", "--force"];
        let infer = median(runs, folder, &[&["infer"], &vec!["photo.negative"; n][..], &edits, &words].concat());
        let verify = median(runs, folder, &["verify", "answer.zkimg", "--trust", "camera.pub", "--model", "person.card"]);
        let bytes = std::fs::read(folder.join("answer.zkimg")).expect("an answer");
        let proof = AnswerFile::from_bytes(&bytes).expect("an answer").proof_bytes();
        println!("| {n} | {:.2} | {:.2} | {:.0} | {:.2} | {proof} | {} |", infer.wall, infer.cpu, infer.peak, verify.wall, bytes.len());
    }
    println!();
}

/// That what layers make neither vanishes nor saturates, on a picture of gradients and grain.
fn activations(network: &Network, side: usize) {
    let mut state = 1u32;
    let mut cell = |i: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (i % side * 160 / side + i / side % side * 60 / side + (state >> 28) as usize) as u8
    };
    let picture: Vec<u8> = (0..3 * side * side).map(&mut cell).collect();
    for (i, cells) in network.run(&picture).expect("a run").iter().enumerate() {
        let share = |byte: u8| cells.iter().filter(|cell| **cell == byte).count() as f64 / cells.len() as f64;
        let mean = cells.iter().map(|cell| f64::from(*cell)).sum::<f64>() / cells.len() as f64;
        let deviation = (cells.iter().map(|cell| (f64::from(*cell) - mean).powi(2)).sum::<f64>() / cells.len() as f64).sqrt();
        assert!(deviation > 8.0 && share(0) < 0.8 && share(255) < 0.2, "layer {}: {deviation}, {}, {}", i + 1, share(0), share(255));
    }
}

fn hd(folder: &Path, runs: usize, plots: Option<&Path>) {
    photo(folder, 1280, 720);
    let attest = median(runs, folder, &["attest", "photo.png", "--key", "camera.key", "--out", "photo", "--force"]);
    println!("attest 1280×720: {:.2} s, {:.0} MB", attest.wall, attest.peak);
    println!("both keys, made in every run: {:.0} ms\n", 1000.0 * keys());
    println!("| HD 1280×720 | prove s | cpu s | MB | verify s | proof bytes | published s |\n|---|---|---|---|---|---|---|");
    let mut bars = Vec::new();
    for (name, words, published) in hd_rows() {
        let Some((prove, verify, bytes)) = edit(folder, &words.iter().map(String::as_str).collect::<Vec<_>>(), runs) else {
            println!("| {name} | not supported | | | | | |");
            continue;
        };
        bars.push(Bar { name, ours: prove.wall, published });
        let published = published.map_or(String::from("–"), |s| format!("{s:.0}"));
        println!("| {name} | {:.2} | {:.2} | {:.0} | {:.2} | {bytes} | {published} |", prove.wall, prove.cpu, prove.peak, verify.wall);
    }
    if let Some(plots) = plots {
        plot::bars(&plots.join("hd.svg"), &bars).expect("a drawing");
    }
    println!("\npublished, for all of them: keys 244–340 s, 71–102 GB, proofs of 3.0–6.6 KB that verify in 4.9–7.3 ms\n");
}

/// Seconds to make the circuit's verifying and proving key, parameters already read.
fn keys() -> f64 {
    // What a tone edit takes.
    let class = Class::of(400).expect("a size");
    zkimg_proof::circuit::circuit_params(class).expect("parameters");
    let start = Instant::now();
    Keys::load(class).and_then(Keys::proving).expect("keys");
    start.elapsed().as_secs_f64()
}

fn sizes(folder: &Path, runs: usize, plots: Option<&Path>) {
    println!("| size | edit | attest s | prove s | cpu s | MB | verify s | proof bytes |\n|---|---|---|---|---|---|---|---|");
    let line = |name: &str| Series { name: name.into(), points: Vec::new() };
    let names = ["crop to a quarter", "resize to a half", "contrast"];
    let [mut times, mut memory] = [(); 2].map(|()| names.map(line));
    for (width, height) in SIZES {
        photo(folder, width, height);
        let attest = median(1, folder, &["attest", "photo.png", "--key", "camera.key", "--out", "photo", "--force"]);
        let crop = format!("crop={}x{}+{}+{}", width / 2, height / 2, width / 4, height / 4);
        let resize = format!("resize={}x{}", width / 2, height / 2);
        let megapixels = (width * height) as f64 / 1e6;
        for (i, words) in [[crop.as_str()], [resize.as_str()], ["contrast=1.15"]].iter().enumerate() {
            let Some((prove, verify, bytes)) = edit(folder, words, runs) else { continue };
            times[i].points.push((megapixels, prove.wall));
            memory[i].points.push((megapixels, prove.peak));
            println!(
                "| {width}×{height} | {} | {:.2} | {:.2} | {:.2} | {:.0} | {:.2} | {bytes} |",
                words[0], attest.wall, prove.wall, prove.cpu, prove.peak, verify.wall
            );
        }
    }
    if let Some(plots) = plots {
        plot::lines(&plots.join("seconds.svg"), "Proving an edit, two cores: seconds", "seconds", &times).expect("a drawing");
        plot::lines(&plots.join("memory.svg"), "Proving an edit: memory", "MB", &memory).expect("a drawing");
    }
    println!();
}

/// Verification inside one process that has verified before: single proofs, chains against one link, many files at once.
fn warm(folder: &Path) {
    photo(folder, 1280, 720);
    let photo = std::fs::read(folder.join("photo.png")).expect("a photo");
    let camera = SigningKey::generate().expect("a key");
    let (_, negative) = attest(&photo, &camera, &Policy::default(), 0).expect("attested");
    let recipe = |word: &str| Recipe::from_words(&[word]).expect("an edit");
    let trust = Trust::default();
    let warm = |files: &[(Candidate<'_>, &ProofFile)]| {
        let [wall, cpu] = median_of(12, || {
            let reports = verify_batch(files, &trust).expect("parameters");
            assert!(reports.iter().all(|report| report.as_ref().is_ok_and(|report| report.verdict == Verdict::Untrusted)));
        });
        [1000.0 * wall / files.len() as f64, 1000.0 * cpu / files.len() as f64]
    };
    println!("| warm verify, HD | ms | cpu ms |\n|---|---|---|");
    for word in ["crop=640x480+320+120", "contrast=1.15"] {
        let published = prove(&negative, &recipe(word)).expect("proved");
        let [wall, cpu] = warm(&[(Candidate::Picture(&published.picture), &published.proof)]);
        println!("| {word} | {wall:.0} | {cpu:.0} |");
    }
    let many: Vec<_> = (0..16).map(|i| prove(&negative, &recipe(&format!("crop=640x480+{}+120", 20 * i))).expect("proved")).collect();
    let files: Vec<_> = many.iter().map(|p| (Candidate::Picture(&p.picture), &p.proof)).collect();
    let [wall, cpu] = warm(&files);
    println!("| 16 crops at once, each | {wall:.1} | {cpu:.1} |\n");
    chain(&negative, &recipe("contrast=1.05"), &warm);
}

/// A chain that grows by the same edit: what a link costs to append, and the chain to verify.
fn chain(negative: &Negative, recipe: &Recipe, warm: &impl Fn(&[(Candidate<'_>, &ProofFile)]) -> [f64; 2]) {
    println!("| links of contrast, HD | append the last s | cpu s | verify ms | cpu ms | bytes |\n|---|---|---|---|---|---|");
    let mut handed_on: Option<HandedOn> = None;
    for links in 1..=10 {
        let work = || match &handed_on {
            None => Work::new(negative, recipe),
            Some(before) => Work::new(&before.negative, recipe).after(&before.proof),
        };
        if [1, 5, 10].contains(&links) {
            let mut published = None;
            let [wall, cpu] = median_of(3, || published = Some(work().publish().expect("proved")));
            let published = published.expect("proved");
            let [verify, verify_cpu] = warm(&[(Candidate::Picture(&published.picture), &published.proof)]);
            println!("| {links} | {wall:.2} | {cpu:.2} | {verify:.0} | {verify_cpu:.0} | {} |", published.proof.to_bytes().len());
        }
        if links < 10 {
            let next = work().hand_on().expect("proved");
            handed_on = Some(next);
        }
    }
    println!();
}

/// A chain that grows by the same edit, in both forms: what a link costs to hand on, the next one's check of it among that, what it costs to publish there,
/// and how long and how quickly checked that is.
fn forms(folder: &Path) {
    photo(folder, 1280, 720);
    let photo = std::fs::read(folder.join("photo.png")).expect("a photo");
    let camera = SigningKey::generate().expect("a key");
    let (_, negative) = attest(&photo, &camera, &Policy::default(), 0).expect("attested");
    let recipe = Recipe::from_words(&["contrast=1.01"]).expect("an edit");
    println!("| form | links | hand on s | bytes handed on | publish s | bytes | verify ms |\n|---|---|---|---|---|---|---|");
    for (name, compact) in [("list", false), ("one proof", true)] {
        let mut before: Option<HandedOn> = None;
        for links in 1..=50 {
            let work = || match &before {
                None if compact => Work::new(&negative, &recipe).compact(),
                None => Work::new(&negative, &recipe),
                Some(before) => Work::new(&before.negative, &recipe).after(&before.proof),
            };
            let timed = |start: Instant| start.elapsed().as_secs_f64();
            let start = Instant::now();
            let next = work().hand_on().expect("proved");
            let handed = timed(start);
            if [1, 2, 5, 10, 50].contains(&links) {
                let start = Instant::now();
                let published = work().publish().expect("proved");
                let publishing = timed(start);
                let start = Instant::now();
                let report = verify(&published.picture, &published.proof, &Trust::default()).expect("parameters");
                let verifying = 1000.0 * timed(start);
                assert_eq!(report.verdict, Verdict::Untrusted);
                let [own, on] = [&published.proof, &next.proof].map(|proof| proof.to_bytes().len());
                println!("| {name} | {links} | {handed:.2} | {on} | {publishing:.2} | {own} | {verifying:.0} |");
            }
            before = Some(next);
        }
    }
    println!();
}

/// The median seconds of some runs, on the clock and on the processors; a first run is left out.
fn median_of(runs: usize, mut run: impl FnMut()) -> [f64; 2] {
    run();
    let mut all: Vec<[f64; 2]> = (0..runs)
        .map(|_| {
            let (start, before) = (Instant::now(), cpu(UsageWho::RUSAGE_SELF));
            run();
            [start.elapsed().as_secs_f64(), cpu(UsageWho::RUSAGE_SELF) - before]
        })
        .collect();
    [0, 1].map(|i| {
        all.sort_by(|a, b| a[i].total_cmp(&b[i]));
        all[all.len() / 2][i]
    })
}

/// Seconds on the processors so far.
fn cpu(who: UsageWho) -> f64 {
    let usage = getrusage(who).expect("usage");
    let seconds = |t: nix::sys::time::TimeVal| t.tv_sec() as f64 + t.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

/// Proves and verifies `photo.negative` with the given edits; `None` if this build does not know them.
fn edit(folder: &Path, words: &[&str], runs: usize) -> Option<(Cost, Cost, u64)> {
    let mut prove = vec!["prove", "photo.negative", "--out", "edited.png", "--sidecar", "--force"];
    words.iter().for_each(|word| prove.extend(["--edit", word]));
    if !run(folder, &prove).status.success() {
        return None;
    }
    let prove = median(runs, folder, &prove);
    let verify = median(runs, folder, &["verify", "edited.png", "--trust", "camera.pub"]);
    let bytes = std::fs::metadata(folder.join("edited.zkimg")).expect("a proof").len();
    Some((prove, verify, bytes))
}

/// A photo-like picture: gradients, texture, grain.
fn photo(folder: &Path, width: usize, height: usize) {
    let mut state = 1u32;
    let mut cells = Vec::with_capacity(3 * width * height);
    for c in 0..3 {
        for y in 0..height {
            for x in 0..width {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let grain = state >> 28;
                cells.push((x * 160 / width + y * 60 / height + 9 * c + ((x / 37) ^ (y / 23)) % 16 + grain as usize) as u8);
            }
        }
    }
    let picture = Picture::new(Dims::new(3, height, width).expect("dims"), cells).expect("a picture");
    std::fs::write(folder.join("photo.png"), encode_png(&picture)).expect("written");
}

fn run(folder: &Path, words: &[&str]) -> std::process::Output {
    Command::new(ZKIMG).args(words).current_dir(folder).output().expect("zkimg starts")
}

fn zkimg(folder: &Path, words: &[&str]) {
    let output = run(folder, words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The median run by wall time, after nothing: each run is a fresh process.
fn median(runs: usize, folder: &Path, words: &[&str]) -> Cost {
    let mut costs: Vec<Cost> = (0..runs.max(1)).map(|_| cost(folder, words)).collect();
    costs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    costs[costs.len() / 2]
}

/// Runs the program below a process of its own, whose children are then this one run.
fn cost(folder: &Path, words: &[&str]) -> Cost {
    let this = std::env::current_exe().expect("this program");
    let output = Command::new(this).arg("--measure").args(words).current_dir(folder).output().expect("a measurement");
    let text = String::from_utf8(output.stdout).expect("numbers");
    let numbers: Vec<f64> = text.split_whitespace().map(|n| n.parse().expect("a number")).collect();
    let [wall, cpu, peak] = numbers[..] else { panic!("{words:?}: {}", String::from_utf8_lossy(&output.stderr)) };
    Cost { wall, cpu, peak }
}

fn measure(words: &[String]) {
    let start = Instant::now();
    let output = Command::new(ZKIMG).args(words).output().expect("zkimg starts");
    let wall = start.elapsed().as_secs_f64();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("usage");
    println!("{wall} {} {}", cpu(UsageWho::RUSAGE_CHILDREN), usage.max_rss() as f64 / 1024.0);
}
