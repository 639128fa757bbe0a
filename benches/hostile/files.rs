//! The folder with everything a run needs: captures, honest partners, hostile files.

use crate::honest::{Honest, Sizes};
use crate::measure::{self, Measured};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use zkimg_group::field::{point_to_bytes, scalar_from_bytes};
use zkimg_group::generators::Generators;
use zkimg_pipeline::{Dims, Negative, Picture, Policy, SigningKey, attest, edits, encode_png};

/// A hostile file, its honest partner, and the words that have the program read each.
pub(crate) struct Pair {
    /// Of the program's run on the hostile file.
    pub hostile: Vec<String>,
    /// Of its run on the honest one.
    pub honest: Vec<String>,
    /// Of the hostile file.
    pub bytes: usize,
    /// Its name.
    file: String,
}

impl Pair {
    /// Deletes the hostile file, as some are large, or puts the name of its shape before its own.
    pub(crate) fn put_away(&self, folder: &Path, shape: Option<&str>) {
        let file = folder.join(&self.file);
        let put_away = match shape {
            Some(shape) => std::fs::rename(&file, folder.join(format!("{shape}.{}", self.file))),
            None => std::fs::remove_file(&file),
        };
        put_away.expect("put away");
    }
}

/// Makes files, and each honest one once.
pub(crate) struct Workshop {
    folder: PathBuf,
    camera: SigningKey,
    negatives: HashMap<(Dims, bool), Negative>,
    honest: HashMap<Sizes, Honest>,
    costs: HashMap<Vec<String>, Measured>,
}

/// Words of a command line.
pub(crate) fn words(text: &[&str]) -> Vec<String> {
    text.iter().map(ToString::to_string).collect()
}

impl Workshop {
    /// Works in this folder.
    pub(crate) fn new(folder: &Path) -> Workshop {
        let camera = SigningKey::generate().expect("a key");
        let workshop = Workshop { folder: folder.into(), camera, negatives: HashMap::new(), honest: HashMap::new(), costs: HashMap::new() };
        workshop.write("camera.pub", workshop.camera.public().to_pem().as_bytes());
        workshop
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.join(name), bytes).expect("written");
    }

    /// A photo's negative, or that of a plain grey.
    pub(crate) fn negative(&mut self, dims: Dims, plain: bool) -> &Negative {
        let camera = &self.camera;
        self.negatives.entry((dims, plain)).or_insert_with(|| {
            let cells = if plain { vec![128; dims.cells()] } else { cells(dims) };
            let picture = Picture::new(dims, cells).expect("a picture");
            attest(&encode_png(&picture), camera, &Policy::default(), 0).expect("attested").1
        })
    }

    /// The honest partner of these sizes.
    pub(crate) fn honest(&mut self, sizes: &Sizes) -> &Honest {
        if !self.honest.contains_key(sizes) {
            let honest = Honest::make(sizes, self.negative(sizes.original, sizes.plain));
            let name = format!("honest-{}", self.honest.len());
            let honest = honest.written(&self.folder, &name);
            self.honest.insert(sizes.clone(), honest);
        }
        &self.honest[sizes]
    }

    /// What the program's run on an honest file costs: the median of three.
    pub(crate) fn honest_cost(&mut self, words: &[String]) -> Measured {
        let folder = &self.folder;
        let measured = self.costs.entry(words.to_vec()).or_insert_with(|| {
            let mut runs = [(); 3].map(|()| measure::cost(folder, words));
            assert!(runs[0].accepted, "{words:?}: {}", runs[0].said);
            runs.sort_by(|a, b| a.cost.cpu.total_cmp(&b.cost.cpu));
            runs[1].clone()
        });
        measured.clone()
    }

    /// A pair for `verify` of a chain whose picture is hidden: `links` of hostile edits, each with a worthless argument of `points` points.
    pub(crate) fn chain(&mut self, sizes: &Sizes, links: &[Vec<String>], points: usize) -> Pair {
        assert_eq!(links.len(), sizes.links);
        assert!(links.iter().all(|edits| edits.len() == sizes.edits));
        let texts: Vec<String> = links.iter().map(|edits| recipe(edits)).collect();
        self.texts(sizes, &texts, points)
    }

    /// The same for lists of edits that are given as text.
    pub(crate) fn texts(&mut self, sizes: &Sizes, texts: &[String], points: usize) -> Pair {
        let honest = self.honest(sizes);
        let (head, partner) = (honest.head.clone(), words(&["verify", &honest.proof]));
        let links: Vec<Vec<u8>> = texts.iter().map(|text| link(text, &argument(points), &[1])).collect();
        let file = proof_file(&head, &links);
        self.pair("hostile.zkimg", &file, &["verify", "hostile.zkimg"], partner)
    }

    /// Writes a hostile file.
    pub(crate) fn pair(&self, name: &str, bytes: &[u8], hostile: &[&str], honest: Vec<String>) -> Pair {
        self.write(name, bytes);
        Pair { hostile: words(hostile), honest, bytes: bytes.len(), file: name.into() }
    }
}

/// The cells of a photo: gradients, texture, grain.
fn cells(dims: Dims) -> Vec<u8> {
    let mut state = 1u32;
    let mut cells = Vec::with_capacity(dims.cells());
    for c in 0..dims.channels {
        for y in 0..dims.height {
            for x in 0..dims.width {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let grain = state >> 28;
                cells.push((x * 160 / dims.width + y * 60 / dims.height + 9 * c + ((x / 37) ^ (y / 23)) % 16 + grain as usize) as u8);
            }
        }
    }
    cells
}

/// The one text of a list of edits.
pub(crate) fn recipe(edits: &[String]) -> String {
    let canonical = |text: &String| edits::registry::parse_text(text).map_or_else(|_| text.clone(), |edit| edit.canonical().to_string());
    format!("{{\"edits\":[{}],\"zkimg\":1}}", edits.iter().map(canonical).collect::<Vec<_>>().join(","))
}

/// A worthless argument: elements that are points and scalars both, so that it is read to its end.
pub(crate) fn argument(elements: usize) -> Vec<u8> {
    let generators = Generators::load().expect("generators");
    let mut points = generators.rows(8).iter().map(point_to_bytes);
    points.find(|point| scalar_from_bytes(point).is_ok()).expect("every other one is").repeat(elements)
}

/// A link by nobody in particular; `shown` says what it puts out.
pub(crate) fn link(text: &str, argument: &[u8], shown: &[u8]) -> Vec<u8> {
    let length = |part: &[u8]| (part.len() as u32).to_le_bytes();
    [&length(text.as_bytes()), text.as_bytes(), &[0; 4], shown, &length(argument), argument].concat()
}

/// A proof file of the capture and rows in `head`.
pub(crate) fn proof_file(head: &[u8], links: &[Vec<u8>]) -> Vec<u8> {
    let (magic_and_version, source) = head.split_at(10);
    [magic_and_version, &(links.len() as u16).to_le_bytes(), source, &links.concat()].concat()
}
