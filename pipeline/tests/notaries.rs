//! Captures of notaries among those of cameras: whose list counts for what, and what reports say.

mod support;

use std::sync::LazyLock;
use support::*;
use zkimg_pipeline::*;

struct World {
    camera: SigningKey,
    notary: SigningKey,
    /// One photo as the camera, the notary, and the notary who checked its Content Credentials sign it.
    published: [Published; 3],
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let [camera, notary] = [(), ()].map(|()| SigningKey::generate().expect("a key"));
    let seen = seen(true);
    let publish = |witness, key: &SigningKey| {
        let policy = Policy { show_time: true, show_device: true };
        let negative = attest_as(witness, &photo(1), key, &policy, 1_790_000_000).expect("attested").1;
        Work::new(&negative, &recipe(&["crop=5x4+1+1"])).publish().expect("published")
    };
    let published =
        [publish(Witness::Device, &camera), publish(Witness::Notary, &notary), publish(Witness::NotaryOfCredentials(&seen), &notary)];
    World { camera, notary, published }
});

fn judged(published: &Published, trust: &Trust) -> Report {
    let report = verify(&published.picture, &published.proof, trust).expect("a report");
    let screened = screen(published.proof.capture(), trust);
    assert_eq!(screened.is_some(), report.verdict == Verdict::Unchecked, "the capture alone decides it");
    report
}

fn trusting(devices: &[&SigningKey], notaries: &[&SigningKey], people: &[&SigningKey]) -> Trust {
    let mut trust = Trust::default();
    devices.iter().for_each(|key| trust.devices.insert(key.public()));
    notaries.iter().for_each(|key| trust.notaries.insert(key.public()));
    people.iter().for_each(|key| trust.people.insert(key.public(), "somebody"));
    trust
}

#[test]
fn no_list_counts_for_another() {
    let World { camera, notary, published } = &*WORLD;
    let cases = [
        // Whom the reader names, and what becomes of the camera's and of the notary's capture.
        (trusting(&[camera], &[notary], &[]), Verdict::Trusted, Verdict::Trusted),
        (trusting(&[camera], &[], &[]), Verdict::Trusted, Verdict::Unchecked),
        (trusting(&[], &[notary], &[]), Verdict::Unchecked, Verdict::Trusted),
        (trusting(&[notary], &[camera], &[]), Verdict::Unchecked, Verdict::Unchecked),
        (trusting(&[notary], &[], &[camera]), Verdict::Unchecked, Verdict::Unchecked),
        (trusting(&[], &[camera], &[notary]), Verdict::Unchecked, Verdict::Unchecked),
        // People sign edits, and no photos.
        (trusting(&[], &[], &[camera, notary]), Verdict::Untrusted, Verdict::Untrusted),
        (trusting(&[], &[], &[]), Verdict::Untrusted, Verdict::Untrusted),
    ];
    for (trust, of_camera, of_notary) in cases {
        for (at, published) in published.iter().enumerate() {
            let (report, expected) = (judged(published, &trust), if at == 0 { of_camera } else { of_notary });
            assert_eq!(report.verdict, expected, "{at}: {trust:?}");
            let checked: Vec<_> = report.findings.iter().map(|finding| finding.checked().name()).collect();
            assert_eq!((checked.contains(&"device"), checked.contains(&"notary")), (at == 0, at != 0));
        }
    }
}

#[test]
fn a_key_that_is_to_be_both_is_refused() {
    let World { camera, notary, .. } = &*WORLD;
    let Trust { devices, notaries, people } = trusting(&[camera, notary], &[notary], &[]);
    assert_eq!(Trust::new(devices, notaries, people).expect_err("one key, two kinds"), TwoKinds(notary.public()));
    let Trust { devices, notaries, people } = trusting(&[camera], &[notary], &[camera, notary]);
    assert!(Trust::new(devices, notaries, people).is_ok());
}

#[test]
fn no_report_on_a_notary_s_capture_speaks_of_a_camera_but_to_say_what_is_not_proved() {
    let World { camera, notary, published } = &*WORLD;
    for trust in [trusting(&[camera], &[notary], &[]), trusting(&[camera], &[], &[]), Trust::default()] {
        for (at, published) in published.iter().enumerate() {
            let report = judged(published, &trust);
            let json = serde_json::to_value(&report).expect("JSON");
            let key = if at == 0 { camera } else { notary };
            let fingerprint: String = key.public().id().iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(json["source"]["key"], fingerprint);
            assert_eq!(json["source"]["kind"], if at == 0 { "device" } else { "notary" });
            assert_eq!(json["device"], if at == 0 { fingerprint.into() } else { serde_json::Value::Null });
            assert_eq!(json["source"]["credentials"].is_null(), at != 2);
            let said = json.to_string().to_lowercase();
            match at {
                0 => assert!(said.contains("a camera can photograph a screen")),
                1 => assert!(!said.contains("camera") && said.contains("where the original comes from"), "{said}"),
                _ => {
                    let only = "that the camera's signature was valid: it was so according to the notary alone";
                    assert_eq!(said.matches("camera").count(), 1, "{said}");
                    assert!(said.contains(only), "{said}");
                }
            }
        }
    }
    // Nor do answers and faces, whose lists have it in fewer words.
    let source = &judged(&published[2], &Trust::default()).source;
    let said = source.testimony(|time| time.to_string(), str::to_owned).join(" ");
    assert!(!said.to_lowercase().contains("camera") && said.contains("c2pa 0.90.22 found them trusted"), "{said}");
}

#[test]
fn a_chain_that_a_notary_begins_goes_on() {
    let World { camera, notary, .. } = &*WORLD;
    let negative = attest_as(Witness::Notary, &photo(2), notary, &Policy::default(), 1).expect("attested").1;
    let handed_on = Work::new(&negative, &recipe(&["redact=2x2+1+1"])).hand_on().expect("handed on");
    let published = Work::new(&handed_on.negative, &recipe(&["crop=5x4+1+1"])).after(&handed_on.proof).publish().expect("published");
    assert_eq!(judged(&published, &trusting(&[], &[notary], &[])).verdict, Verdict::Trusted);
    assert_eq!(judged(&published, &trusting(&[camera], &[], &[])).verdict, Verdict::Unchecked);
}
