//! Writes the generators and their digest: `cargo run -p zkimg-group --release --example generators`.

use zkimg_group::generators::{Generators, digest};

fn main() -> std::io::Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/parameters");
    let generators = Generators::generate();
    std::fs::write(format!("{folder}/generators.bin"), &generators)?;
    std::fs::write(format!("{folder}/generators.digest"), digest(&generators))?;
    println!("{} bytes, {}", generators.len(), digest(&generators));
    Ok(())
}
