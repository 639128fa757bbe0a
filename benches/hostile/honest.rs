//! Honest partners: ordinary edits of the same sizes, really proved.

use std::path::Path;
use zkimg_pipeline::edits::jpeg::{Quality, Sampling};
use zkimg_pipeline::{Dims, HandedOn, Negative, Picture, ProofFile, Recipe, Work, encode_png, write_jpeg};

/// What a hostile file and its honest partner have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Sizes {
    /// The camera's picture.
    pub original: Dims,
    /// Columns and rows that every link puts out.
    pub output: (usize, usize),
    /// Links.
    pub links: usize,
    /// Edits of each.
    pub edits: usize,
    /// Whether the picture at the end is published.
    pub published: bool,
    /// Whether that is a JPEG.
    pub jpeg: bool,
    /// Whether the camera saw nothing but middle grey.
    pub plain: bool,
}

impl Sizes {
    /// A chain of links that keep the picture's size and hide it.
    pub(crate) fn hidden(channels: usize, height: usize, width: usize, links: usize, edits: usize) -> Sizes {
        let original = Dims::new(channels, height, width).expect("dims");
        Sizes { original, output: (width, height), links, edits, published: false, jpeg: false, plain: false }
    }

    /// The same with other outputs.
    pub(crate) fn to(self, width: usize, height: usize) -> Sizes {
        Sizes { output: (width, height), ..self }
    }

    /// One link that publishes its picture.
    pub(crate) fn published(channels: usize, height: usize, width: usize, edits: usize) -> Sizes {
        Sizes { published: true, ..Sizes::hidden(channels, height, width, 1, edits) }
    }
}

/// An honest proof file, the picture if it is published, and what a hostile file begins with, too.
pub(crate) struct Honest {
    pub file: ProofFile,
    pub picture: Option<Picture>,
    /// The picture's file, if it is published.
    picture_file: Option<Vec<u8>>,
    /// Magic, version, capture and rows.
    pub head: Vec<u8>,
    /// Names of the files.
    pub proof: String,
    pub published: String,
}

impl Honest {
    /// Proves it.
    pub(crate) fn make(sizes: &Sizes, negative: &Negative) -> Honest {
        let mut handed_on: Option<HandedOn> = None;
        let (mut published, mut jpeg) = (None, None);
        for number in 0..sizes.links {
            let recipe = Recipe::from_words(&words(sizes, number)).expect("a recipe");
            let recipe = if sizes.jpeg { recipe.as_jpeg(Quality::new(90).expect("a quality"), Sampling::S420) } else { recipe };
            let work = match &handed_on {
                None => Work::new(negative, &recipe),
                Some(before) => Work::new(&before.negative, &recipe).after(&before.proof),
            };
            if sizes.jpeg {
                jpeg = Some(work.publish_jpeg().expect("proved"));
            } else if sizes.published && number + 1 == sizes.links {
                published = Some(work.publish().expect("proved"));
            } else {
                let next = work.hand_on().expect("proved");
                handed_on = Some(next);
            }
        }
        let (file, picture, picture_file) = match (jpeg, published, handed_on) {
            (Some(jpeg), ..) => (jpeg.proof, None, Some(write_jpeg(&jpeg.coefficients, &jpeg.profile))),
            (_, Some(published), _) => {
                let file = encode_png(&published.picture);
                (published.proof, Some(published.picture), Some(file))
            }
            (_, _, Some(handed_on)) => (handed_on.proof, None, None),
            _ => panic!("a chain has a link"),
        };
        let bytes = file.to_bytes();
        let end = 12 + 4 + file.capture().to_bytes().len() + file.commitment_bytes();
        let head = [&bytes[..10], &bytes[12..end]].concat();
        Honest { file, picture, picture_file, head, proof: String::new(), published: String::new() }
    }

    /// Writes the files.
    pub(crate) fn written(mut self, folder: &Path, name: &str) -> Honest {
        let ending = if self.picture.is_some() { "png" } else { "jpg" };
        (self.proof, self.published) = (format!("{name}.zkimg"), format!("{name}.{ending}"));
        std::fs::write(folder.join(&self.proof), self.file.to_bytes()).expect("written");
        if let Some(file) = &self.picture_file {
            std::fs::write(folder.join(&self.published), file).expect("written");
        }
        self
    }
}

/// The edits of one link, in words: first to the size of the output, then ordinary ones that keep it.
fn words(sizes: &Sizes, number: usize) -> Vec<String> {
    let (width, height) = sizes.output;
    let kept = number > 0 || (sizes.original.width, sizes.original.height) == sizes.output;
    let first = if kept { Vec::new() } else { vec![format!("crop={width}x{height}+0+0")] };
    let ordinary = (first.len()..sizes.edits).map(|i| ordinary(i + number, sizes.original.channels, width, height));
    first.into_iter().chain(ordinary).collect()
}

fn ordinary(i: usize, channels: usize, width: usize, height: usize) -> String {
    let (w, h) = (width.div_ceil(8), height.div_ceil(8));
    let (x, y) = ((width - w) / 2, (height - h) / 2);
    match i % 7 {
        0 => "blur=1.5".into(),
        1 => "contrast=1.15".into(),
        2 => "sharpen=0.5".into(),
        3 => format!("redact={w}x{h}+{x}+{y}"),
        4 if channels == 3 => "white-balance=1.08,1,0.93".into(),
        4 => "gamma=0.9".into(),
        5 => format!("pixelate={w}x{h}+{x}+0,4"),
        _ => "convolve=1,2,1/2,4,2/1,2,1:16".into(),
    }
}
