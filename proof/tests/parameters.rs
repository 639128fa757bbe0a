//! halo2's shipped parameters are what their code makes, and nothing else is accepted.

use zkimg_proof::circuit::{Class, circuit_parts, generate_circuit_params, give_circuit_params, parse_circuit_params};

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

/// A page loads the part of the size that it needs.
#[test]
fn each_part_is_given_as_itself_alone() {
    let parts: Vec<(Class, &[u8])> = circuit_parts().collect();
    assert_eq!(parts.iter().map(|(_, part)| *part).collect::<Vec<_>>().concat(), include_bytes!("../parameters/halo2.bin"));
    for (class, part) in &parts {
        assert_eq!(Class::of_bits(class.bits()), Some(*class));
        assert!(give_circuit_params(*class, part).is_ok());
        let mut doctored = part.to_vec();
        doctored[40] ^= 1;
        assert!(give_circuit_params(*class, &doctored).is_err());
        assert!(parts.iter().filter(|(other, _)| other != class).all(|(other, _)| give_circuit_params(*other, part).is_err()));
    }
    assert_eq!((Class::of_bits(4), Class::of_bits(12)), (None, None));
}
