//! Makers: one encoding, clean texts, signatures that are good for nothing else.

use proptest::prelude::*;
use zkimg_attest::{Maker, MakerError, MakerSignature, Purpose};
use zkimg_picture::reader::Reader;

fn named(name: &str) -> Result<Maker, MakerError> {
    Maker::new(Some(name.into()), None, None)
}

#[test]
fn clean_texts_are_taken_and_others_refused() {
    for name in ["Anna Roth", "写真デスク", "Zoë (Paris)", "شرکت می\u{200c}خواهم", "Anna 👩\u{200d}💻", &"n".repeat(64)]
    {
        assert_eq!(named(name).expect("clean").name(), Some(name));
    }
    assert_eq!(named(&"n".repeat(65)), Err(MakerError::TooLong("name", 64)));
    assert_eq!(Maker::new(None, Some("n".repeat(513)), None), Err(MakerError::TooLong("note", 512)));
    for name in ["", " ", "Anna ", " Anna"] {
        assert_eq!(named(name), Err(MakerError::Blank("name")));
    }
    for name in ["\u{3164}", "\u{2800}", "\u{ad}", "\u{200c}", "\u{34f}", "\u{115f}", "\u{17b4}", "\u{fe0f}", "\u{301}", "\u{200d}Anna"] {
        assert_eq!(named(name), Err(MakerError::Unclean("name")), "{name:?}");
        assert_eq!(Maker::new(None, Some(name.into()), None), Err(MakerError::Unclean("note")), "{name:?}");
    }
    for c in ['\u{a0}', '\u{1680}', '\u{2003}', '\u{3000}', '\u{202f}'] {
        assert_eq!(named(&format!("Anna{c}Roth")), Err(MakerError::Space("name", c)), "{c:?}");
        assert_eq!(Maker::new(None, Some(format!("Anna {c}Roth")), None), Err(MakerError::Space("note", c)), "{c:?}");
        let sentence = MakerError::Space("name", c).to_string();
        assert!(sentence.contains(&format!("U+{:04X}, which looks like a space; write one plain space", u32::from(c))), "{sentence}");
    }
    assert_eq!(named("Anna  Roth"), Err(MakerError::Space("name", ' ')));
    assert_eq!(
        MakerError::Space("name", ' ').to_string(),
        "the name has two spaces (U+0020) in a row; write one plain space (U+0020) between words"
    );
    assert_eq!(Maker::read(&mut Reader::new(b"\x04a  b\x00\x00\x00")), Err(MakerError::Space("name", ' ')));
    for c in [
        '\u{200c}',
        '\u{200d}',
        '\n',
        '\0',
        '\u{7f}',
        '\u{85}',
        '\u{200b}',
        '\u{202e}',
        '\u{2066}',
        '\u{2028}',
        '\u{200f}',
        '\u{feff}',
        '\u{e0041}',
    ] {
        assert_eq!(named(&format!("a{c}b")), Err(MakerError::Unclean("name")), "{c:?}");
    }
}

#[cfg(feature = "prover")]
#[test]
fn what_is_written_is_read_back_and_nothing_else_is_read() {
    let key = zkimg_attest::SigningKey::generate().expect("randomness");
    let maker = Maker::new(Some("Anna".into()), Some("faces covered".into()), Some(key.public())).expect("clean");
    for maker in [maker, Maker::default()] {
        let bytes = maker.to_bytes();
        assert_eq!(Maker::read(&mut Reader::new(&bytes)), Ok(maker));
        for end in 0..bytes.len() {
            assert!(Maker::read(&mut Reader::new(&bytes[..end])).is_err());
        }
    }
    assert_eq!(Maker::read(&mut Reader::new(b"\x00\x00\x00\x02")), Err(MakerError::Invalid("key")));
    assert_eq!(Maker::read(&mut Reader::new(b"\x01\xff\x00\x00\x00")), Err(MakerError::Invalid("name")));
    assert_eq!(Maker::read(&mut Reader::new(b"\x03a\nb\x00\x00\x00")), Err(MakerError::Unclean("name")));
}

#[cfg(feature = "prover")]
#[test]
fn a_signature_holds_for_its_key_and_statement_alone() {
    use zkimg_attest::SigningKey;
    let (key, other) = (SigningKey::generate().expect("randomness"), SigningKey::generate().expect("randomness"));
    let signature = MakerSignature::sign(&key, Purpose::Link, &[7; 32]).expect("signed");
    assert_eq!(MakerSignature::from_bytes(&signature.to_bytes()), Ok(signature.clone()));
    assert_eq!(signature.verify(&key.public(), Purpose::Link, &[7; 32]), Ok(()));
    assert_eq!(signature.verify(&key.public(), Purpose::Link, &[8; 32]), Err(MakerError::Signature));
    assert_eq!(signature.verify(&other.public(), Purpose::Link, &[7; 32]), Err(MakerError::Signature));
    for other in [Purpose::Card, Purpose::Enrolment] {
        assert_eq!(signature.verify(&key.public(), other, &[7; 32]), Err(MakerError::Signature), "for another purpose");
        let signed = MakerSignature::sign(&key, other, &[7; 32]).expect("signed");
        assert_eq!(signed.verify(&key.public(), other, &[7; 32]), Ok(()));
        assert_eq!(signed.verify(&key.public(), Purpose::Link, &[7; 32]), Err(MakerError::Signature));
    }
    // The other form of the same signature, n − s.
    let order = p256_order();
    let mut bytes = signature.to_bytes();
    let mut borrow = 0i16;
    for i in (0..32).rev() {
        let digit = i16::from(order[i]) - i16::from(bytes[32 + i]) - borrow;
        borrow = i16::from(digit < 0);
        bytes[32 + i] = digit.rem_euclid(256) as u8;
    }
    let high = MakerSignature::from_bytes(&bytes).expect("r and s in range");
    assert_eq!(high.verify(&key.public(), Purpose::Link, &[7; 32]), Err(MakerError::Signature));
}

#[cfg(feature = "prover")]
fn p256_order() -> [u8; 32] {
    let mut order = [0xff; 32];
    order[4..8].fill(0);
    let low = 0xbce6_faad_a717_9e84_f3b9_cac2_fc63_2551u128;
    order[16..].copy_from_slice(&low.to_be_bytes());
    order
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn bytes_from_strangers(bytes in prop::collection::vec(any::<u8>(), 0..700)) {
        let mut r = Reader::new(&bytes);
        if let Ok(maker) = Maker::read(&mut r) {
            prop_assert_eq!(maker.to_bytes(), &bytes[..bytes.len() - r.rest().len()]);
        }
    }
}
