//! Lists of devices: a key is trusted or commented out as a whole, and everything in between is refused.

use zkimg_attest::{KeyError, PublicKey, TrustedDevices};

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";
const BODIES: [&str; 2] = [
    // The base point of P-256, and another point.
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEB+NvKMXZPlpoKn9kgXUjSJf5uUFC\nUE5Li+EyVcmNDw/pWLB0T9OoZBjaultCM4W2Oqhp2xQTACfHHC+bycdURQ==",
];

fn pem(body: &str) -> String {
    format!("{BEGIN}\n{body}\n{END}\n")
}

fn key(body: &str) -> PublicKey {
    PublicKey::from_pem(&pem(body)).expect("a key")
}

/// The keys of [`BODIES`] that a list trusts.
#[track_caller]
fn trusts(list: &str, expected: [bool; 2]) {
    let trusted = TrustedDevices::from_pems([list]).unwrap_or_else(|error| panic!("{error}\n{list}"));
    assert_eq!(BODIES.map(|body| trusted.contains(&key(body))), expected, "{list}");
    assert_eq!(trusted.len(), expected.iter().filter(|is| **is).count());
}

#[track_caller]
fn refused(list: &str, by: KeyError) {
    assert_eq!(TrustedDevices::from_pems([list]).err(), Some(by), "{list}");
}

/// With `#` before some of a key's lines.
fn commented(body: &str, which: impl Fn(usize) -> bool) -> String {
    pem(body).lines().enumerate().map(|(i, line)| format!("{}{line}\n", if which(i) { "# " } else { "" })).collect()
}

#[test]
fn a_key_is_commented_out_as_a_whole_or_the_list_is_refused() {
    let other = pem(BODIES[1]);
    trusts(&format!("{}{other}", pem(BODIES[0])), [true, true]);
    trusts(&format!("{}{other}", commented(BODIES[0], |_| true)), [false, true]);
    trusts(&format!("{other}{}", commented(BODIES[0], |_| true)), [false, true]);
    for mask in 1..0b1111u32 {
        let list = format!("{other}{}{other}", commented(BODIES[0], |line| mask >> line & 1 == 1));
        let fault = TrustedDevices::from_pems([list.as_str()]).expect_err(&list);
        assert!(
            matches!(fault, KeyError::Listed(5) | KeyError::NoEnd(5) | KeyError::HalfCommented(6..=8) | KeyError::Marker(_)),
            "{fault:?}\n{list}"
        );
    }
}

#[test]
fn a_marker_stands_alone_on_its_line() {
    let body = BODIES[0];
    let rest = format!("{body}\n{END}\n{}", pem(BODIES[1]));
    refused(&format!("# revoked: {BEGIN}\n{rest}"), KeyError::HalfCommented(2));
    refused(&format!("#{BEGIN}\n\n{rest}"), KeyError::HalfCommented(3));
    refused(&format!("revoked: {BEGIN}\n{rest}"), KeyError::Marker(1));
    refused(&format!("{BEGIN} # revoked\n{rest}"), KeyError::Marker(1));
    refused(&format!("----BEGIN PUBLIC KEY-----\n{rest}"), KeyError::Marker(1));
    refused(&format!("-----begin public key-----\n{rest}"), KeyError::Marker(1));
    refused(&format!("{BEGIN}{body}{END}"), KeyError::Marker(1));
    refused(&format!("text\n{body}\n{END}\n{}", pem(BODIES[1])), KeyError::Marker(4));
    refused(&format!("{BEGIN}\n{body}\n{END} of the first\n{}", pem(BODIES[1])), KeyError::NoEnd(1));
    refused(&format!("{BEGIN}\n{body}\n{}", pem(BODIES[1])), KeyError::NoEnd(1));
    refused(&format!("{}{BEGIN}\n{body}\n", pem(BODIES[1])), KeyError::NoEnd(5));
    refused(&format!("{}-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n", pem(BODIES[1])), KeyError::Marker(5));
    refused(&format!("{BEGIN}\n# note\n{body}\n{END}\n"), KeyError::Listed(1));
    refused(&format!("{BEGIN}\n{}\n{END}\n", body.replace('E', "F")), KeyError::Listed(1));
    refused(&format!("# {BEGIN}\n# {body}"), KeyError::HalfCommented(3));
    refused("text\n# nothing", KeyError::NoKey);
    refused(&commented(body, |_| true), KeyError::NoKey);
}

#[test]
fn ends_of_lines_indentation_and_text_between_keys_change_nothing() {
    let list = format!(
        "Public-Key: (256 bit)\nASN1 OID: prime256v1\n{}\n\n# the second, of 2026\nstudio\n{}trailing text",
        pem(BODIES[0]),
        pem(BODIES[1])
    );
    trusts(&list, [true, true]);
    trusts(&list.replace('\n', "\r\n"), [true, true]);
    trusts(&list.replace('\n', " \t\n"), [true, true]);
    trusts(&list.replace('\n', "\n    "), [true, true]);
    trusts(&format!("\u{feff}{}", pem(BODIES[0])), [true, false]);
    trusts(&format!("\t{}", commented(BODIES[1], |_| true).replace("# ", "   #") + &pem(BODIES[0])), [true, false]);
    // A comment that only speaks of a marker, before a key that is there.
    trusts(&format!("# begins with {BEGIN}\n{}", pem(BODIES[0])), [true, false]);
    refused(&list.replace('\n', "\r"), KeyError::Marker(1));
}

#[test]
fn each_list_is_read_for_itself() {
    let open = format!("{}# {BEGIN}\n", pem(BODIES[0]));
    let both = TrustedDevices::from_pems([open.as_str(), &format!("text\n{}", pem(BODIES[1]))]).expect("two lists");
    assert_eq!(both.len(), 2);
    assert_eq!(TrustedDevices::from_pems([open.as_str(), "none"]).err(), Some(KeyError::NoKey));
}

#[test]
fn more_keys_than_a_set_holds_are_refused() {
    use p256::pkcs8::{EncodePublicKey, LineEnding};
    const MOST: usize = 1 << 16;
    let mut point = p256::ProjectivePoint::GENERATOR;
    let mut next = || {
        point += p256::ProjectivePoint::GENERATOR;
        p256::PublicKey::from_affine(point.to_affine()).expect("not the identity").to_public_key_pem(LineEnding::LF).expect("a PEM form")
    };
    let list: String = (0..MOST).map(|_| next()).collect();
    assert_eq!(TrustedDevices::from_pems([list.as_str()]).expect("as many as allowed").len(), MOST);
    assert_eq!(TrustedDevices::from_pems([list.as_str(), &next()]).err(), Some(KeyError::TooMany));
    // The same key again is not one more.
    assert!(TrustedDevices::from_pems([list.as_str(), &list[..list.len() / MOST]]).is_ok());
}

#[test]
fn one_key_is_a_list_of_one() {
    assert_eq!(PublicKey::from_pem(&format!("# mine\n{}", pem(BODIES[0]))), Ok(key(BODIES[0])));
    for text in
        [pem(BODIES[0]) + &pem(BODIES[1]), format!("# old: {BEGIN}\n{}\n{END}\n", BODIES[0]), commented(BODIES[0], |_| true), String::new()]
    {
        assert_eq!(PublicKey::from_pem(&text), Err(KeyError::Public), "{text}");
    }
}
