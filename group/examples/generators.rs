//! Writes the generators and their digest: `cargo run -p zkimg-group --release --example generators`.

use zkimg_group::cycle::{Pallas, Vesta};
use zkimg_group::generators::{Generators, MAX_ROW_BITS, MIN_ROW_BITS, digest};

fn main() -> std::io::Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/parameters");
    let generators = Generators::<Vesta>::derive(1 << MAX_ROW_BITS).to_file();
    std::fs::write(format!("{folder}/generators.bin"), &generators)?;
    std::fs::write(format!("{folder}/generators.digest"), digest(&generators))?;
    let beginnings = (MIN_ROW_BITS..=MAX_ROW_BITS).map(|m| digest(&generators[..Generators::length(m)]) + "\n");
    std::fs::write(format!("{folder}/beginnings.digest"), beginnings.collect::<String>())?;
    println!("{} bytes, {}", generators.len(), digest(&generators));
    let pallas = Generators::<Pallas>::derive(1 << MAX_ROW_BITS).to_file();
    std::fs::write(format!("{folder}/pallas.bin"), &pallas)?;
    std::fs::write(format!("{folder}/pallas.digest"), digest(&pallas))?;
    Ok(())
}
