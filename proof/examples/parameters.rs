//! Writes the parameter files and their digests: `cargo run -p zkimg-proof --release --example parameters`.

use zkimg_proof::generators::{Generators, digest, generate_circuit_params};

fn main() -> std::io::Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/parameters");
    let generators = Generators::generate();
    std::fs::write(format!("{folder}/generators.bin"), &generators)?;
    std::fs::write(format!("{folder}/generators.digest"), digest(&generators))?;
    let (circuit, digests) = generate_circuit_params();
    std::fs::write(format!("{folder}/halo2.bin"), &circuit)?;
    std::fs::write(format!("{folder}/halo2.digests"), &digests)?;
    println!("generators: {} bytes, {}\nhalo2: {} bytes\n{digests}", generators.len(), digest(&generators), circuit.len());
    Ok(())
}
