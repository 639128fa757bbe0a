//! Writes the parameter files and their digests: `cargo run -p zkimg-proof --release --example parameters`.

use zkimg_proof::generators::{Generators, digest, generate_circuit_params};

fn main() -> std::io::Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/parameters");
    for (name, file) in [("generators", Generators::generate()), ("halo2", generate_circuit_params())] {
        std::fs::write(format!("{folder}/{name}.bin"), &file)?;
        std::fs::write(format!("{folder}/{name}.digest"), digest(&file))?;
        println!("{name}: {} bytes, {}", file.len(), digest(&file));
    }
    Ok(())
}
