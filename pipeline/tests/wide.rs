//! Remainders of several limbs, from a photo to a published picture: a filter with a large divisor, and reductions by much.

mod support;

use support::*;
use zkimg_pipeline::*;

#[test]
fn large_divisors_and_large_reductions_are_published() {
    let camera = SigningKey::generate().expect("a key");
    let dims = Dims::new(3, 90, 130).expect("dims");
    let photo = Picture::new(dims, (0..dims.cells()).map(|i| (i * i / 7 + i) as u8).collect()).expect("a picture");
    let negative = attested(&camera, &encode_png(&photo));
    for words in [
        // One limb and two, both above the range of one lookup.
        &["convolve=0,-90000,0/-90000,425537,-90000/0,-90000,0:65537"][..],
        &["convolve=1048576,1048576,1048576/1048576,1048576,1048576/1048576,1048576,1048576:9437191"],
        // More than 24 samples along both axes, along one.
        &["resize=10x3,lanczos3"],
        &["resize=130x3,bilinear", "convolve=1048576:1099511627775:9"],
    ] {
        let published = prove(&negative, &recipe(words)).expect("proved");
        let file = ProofFile::from_bytes(&published.proof.to_bytes()).expect("parsed");
        let report = verify(&published.picture, &file, &trust(&camera)).expect("a report");
        assert_eq!(report.verdict, Verdict::Trusted, "{words:?}: {report:?}");
        let (shape, mut cells) = (published.picture.dims(), published.picture.cells().to_vec());
        cells[0] ^= 1;
        let report = verify(&Picture::new(*shape, cells).expect("a picture"), &file, &trust(&camera)).expect("a report");
        assert_eq!(report.verdict, Verdict::Invalid, "{words:?}");
    }
}
