//! Nothing secret is printed or left on the disk, whatever goes wrong.

use crate::Desk;
use zkimg_pipeline::{Dims, Label, Negative, Picture, encode_png};

/// Lines that no other file holds: sixteen pixels in a row of the photo, in each channel, and in the picture's own order.
const RUN: usize = 16;

/// A photo of noise, so that any run of its bytes tells where it came from.
fn noise() -> Picture {
    let mut state = 0x1234_5678_9abc_def1u64;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    let dims = Dims { channels: 3, height: 24, width: 40 };
    Picture::new(dims, (0..dims.cells()).map(|_| byte()).collect()).expect("a picture")
}

/// Every secret of a negative as bytes, and as the hexadecimal that a debugging line would print.
fn secrets(negative: &Negative) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = negative.blinders().iter().map(|b| zkimg_group::field::scalar_to_bytes(b).to_vec()).collect();
    all.extend([Label::Time].iter().filter_map(|label| negative.opening(*label)).map(|opening| opening.salt().to_vec()));
    // Rows of the lower half, which the edit cuts away.
    let pixels = negative.pixels();
    all.extend((0..3 * 24).filter(|line| line % 24 >= 12).map(|line| pixels[line * 40..line * 40 + RUN].to_vec()));
    let hex = |bytes: &Vec<u8>| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>().into_bytes();
    let list = |bytes: &Vec<u8>| bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ").into_bytes();
    let shown: Vec<Vec<u8>> = all.iter().flat_map(|bytes| [hex(bytes), list(bytes)]).collect();
    all.extend(shown);
    all
}

fn holds(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret)
}

#[test]
fn nothing_secret_is_printed_or_left_behind() {
    let desk = Desk::empty();
    desk.write("photo.png", encode_png(&noise()));
    desk.zkimg(&["keygen"]).ends(0);
    let mut said = Vec::new();
    let mut say = |words: &[&str]| {
        for json in [&[][..], &["--json"]] {
            let output = desk.command(&[words, json].concat()).output().expect("the program runs");
            said.extend([output.stdout, output.stderr]);
        }
    };
    say(&["attest", "photo.png", "--key", "camera.key", "--force"]);
    let negative = Negative::from_bytes(&desk.read("photo.negative")).expect("a negative");
    let secrets = secrets(&negative);
    assert!(secrets.iter().any(|secret| holds(&desk.read("photo.negative"), secret)), "the search finds what is there");

    let mut damaged = desk.read("photo.negative");
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    desk.write("damaged.negative", &damaged);
    desk.write("cut.negative", &damaged[..middle]);
    std::fs::create_dir(desk.at("folder.png")).expect("a folder");
    for words in [
        &["inspect", "photo.negative"][..],
        &["prove", "photo.negative", "--edit", "crop=40x12+0+0", "--edit", "contrast=1.5", "--out", "edited.png", "--force", "--sidecar"],
        &["prove", "photo.negative", "--edit", "crop=40x12+0+0", "--edit", "contrast=1.5", "--out", "one.png"],
        &["prove", "photo.negative", "--edit", "crop=90x90+0+0", "--out", "a.png"],
        &["prove", "photo.negative", "--edit", "flip=horizontal", "--out", "folder.png"],
        &["prove", "damaged.negative", "--edit", "flip=horizontal", "--out", "b.png"],
        &["prove", "cut.negative", "--edit", "flip=horizontal", "--out", "b.png"],
        &["inspect", "damaged.negative"],
        &["inspect", "photo.png"],
        &["attest", "photo.negative", "--key", "camera.key", "--out", "c"],
        &["attest", "photo.png", "--key", "photo.negative", "--out", "c"],
        &["verify", "photo.png", "photo.negative"],
        &["verify", "photo.negative", "edited.zkimg", "--trust", "photo.negative"],
        &["verify", "edited.png", "edited.zkimg", "--trust", "camera.pub"],
        &["edit", "photo.negative", "--edit", "flip=horizontal", "--out", "d.png"],
        &["prove", "photo.negative", "--recipe", "photo.negative", "--out", "e.png"],
    ] {
        say(words);
    }
    assert!(said.iter().any(|bytes| holds(bytes, b"VERIFIED")), "the edited picture was proved");
    let mut public = said;
    public.extend(["edited.png", "edited.zkimg", "one.png", "photo.capture", "camera.pub"].map(|name| desk.read(name)));
    public.push(Picture::decode(&desk.read("edited.png")).expect("a picture").into_cells());
    for (i, secret) in secrets.iter().enumerate() {
        assert!(public.iter().all(|bytes| !holds(bytes, secret)), "secret {i} is out");
    }
    let known = [
        "photo.png",
        "photo.negative",
        "photo.capture",
        "damaged.negative",
        "cut.negative",
        "camera.key",
        "camera.pub",
        "edited.png",
        "edited.zkimg",
        "one.png",
        "folder.png",
    ];
    let files = desk.files();
    let others: Vec<&String> = files.keys().filter(|name| !known.contains(&name.as_str())).collect();
    assert!(others.is_empty(), "{others:?}");
}
