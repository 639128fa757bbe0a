//! halo2's shipped parameters are what their code makes, and nothing else is accepted.

use zkimg_proof::circuit::{Class, generate_circuit_params, parse_circuit_params};

#[test]
fn the_shipped_file_is_what_the_code_generates() {
    let (circuit, digests) = generate_circuit_params();
    assert_eq!(digests, include_str!("../parameters/halo2.digests"));
    assert!(circuit == include_bytes!("../parameters/halo2.bin"));
}

#[test]
fn a_doctored_file_is_refused() {
    let mut start = 0;
    for class in Class::all() {
        let mut circuit = include_bytes!("../parameters/halo2.bin").to_vec();
        circuit[start + 40] ^= 1;
        assert!(parse_circuit_params(class, &circuit).is_err());
        assert!(parse_circuit_params(class, &circuit[..start + 100]).is_err());
        start += 4 + 64 * (class.rows() + 1);
    }
}
