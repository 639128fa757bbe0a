//! What this project makes of the faces that `scripts/reference.py` wrote down, beside what LiteRT's reference kernels made of them:
//! `cargo run -p zkimg-network --release --example faces -- NETWORK.tflite FACES [BITS]`.

use std::error::Error;
use std::fs;
use zkimg_network::import::tflite;
use zkimg_network::quantise::Precision;

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

fn bytes(line: &str) -> Result<Vec<u8>, std::num::ParseIntError> {
    line.split_whitespace().map(str::parse).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [network, faces, bits @ ..] = &words[..] else { return Err("a network, and the faces that reference.py wrote".into()) };
    let precision = match bits.first().map(String::as_str) {
        Some("32") => Precision::Bits32,
        Some("40") => Precision::Reference,
        _ => Precision::Bits24,
    };
    let model = tflite(&fs::read(network)?, precision)?;
    let last = model.architecture().layers().last().and_then(|placed| placed.layer.range()).ok_or("a network without a zero at its end")?;
    let centred = |bytes: &[u8]| bytes.iter().map(|byte| f64::from(*byte) - f64::from(last.zero)).collect::<Vec<_>>();
    let text = fs::read_to_string(faces)?;
    let lines: Vec<&str> = text.lines().collect();
    for (i, face) in lines.chunks_exact(2).enumerate() {
        let (picture, expected) = (bytes(face[0])?, bytes(face[1])?);
        let layers = model.run(&picture)?;
        let made = layers.last().ok_or("no layer")?;
        let same = made.iter().zip(&expected).filter(|(a, b)| a == b).count();
        let furthest = made.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
        println!(
            "face {}: cosine {:.5} with the reference, {same} of {} cells equal, the furthest {furthest} apart",
            i + 1,
            cosine(&centred(made), &centred(&expected)),
            made.len()
        );
    }
    Ok(())
}
