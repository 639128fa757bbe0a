//! Writes halo2's parameters and their digests: `cargo run -p zkimg-proof --release --example parameters`.

use zkimg_proof::circuit::generate_circuit_params;

fn main() -> std::io::Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/parameters");
    let (circuit, digests) = generate_circuit_params();
    std::fs::write(format!("{folder}/halo2.bin"), &circuit)?;
    std::fs::write(format!("{folder}/halo2.digests"), &digests)?;
    println!("{} bytes\n{digests}", circuit.len());
    Ok(())
}
