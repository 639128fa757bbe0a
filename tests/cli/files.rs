//! What is on the disk afterwards: modes, no overwriting, nothing half-written.

use crate::{Desk, PROVE, photo, picture};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use zkimg_pipeline::encode_png;

#[cfg(unix)]
#[test]
fn secrets_are_for_the_owner_alone_also_when_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::ready();
    let mode = |name: &str| fs::metadata(desk.at(name)).expect("a file").permissions().mode() & 0o777;
    fs::set_permissions(desk.at("camera.key"), fs::Permissions::from_mode(0o644)).expect("a mode");
    desk.zkimg(&["keygen", "--force"]).ends(0);
    desk.zkimg(&["attest", "photo.png", "--key", "camera.key", "--force"]).ends(0);
    assert_eq!((mode("camera.key"), mode("photo.negative")), (0o600, 0o600));
    desk.write("plain", "");
    assert_eq!((mode("camera.pub"), mode("photo.capture")), (mode("plain"), mode("plain")), "as the umask says");
}

#[test]
fn nothing_is_overwritten_without_force() {
    let desk = Desk::ready();
    desk.refuses(&["keygen"], 6, "camera.key: the file exists already");
    desk.refuses(&["attest", "photo.png", "--key", "camera.key"], 6, "photo.capture: the file exists already");
    desk.refuses(&PROVE, 6, "edited.png: the file exists already");
    fs::remove_file(desk.at("edited.png")).expect("gone");
    desk.refuses(&PROVE, 6, "edited.zkimg: the file exists already");
    fs::remove_file(desk.at("camera.key")).expect("gone");
    desk.refuses(&["keygen"], 6, "camera.pub: the file exists already");
    assert_eq!(desk.zkimg(&["keygen", "--json"]).ends(6).json()["error"]["kind"], "exists");

    let before: Vec<String> = desk.files().into_keys().collect();
    let key = desk.read("camera.pub");
    desk.zkimg(&["keygen", "--force"]).ends(0);
    assert_ne!(desk.read("camera.pub"), key);
    let after: Vec<String> = desk.files().into_keys().collect();
    assert_eq!(after.len(), before.len() + 1, "camera.key is back, and nothing else: {after:?}");
}

/// The negative may be the only copy of a photo: no option lets a command write over what it reads.
#[test]
fn no_input_is_written_over() {
    let desk = Desk::ready();
    let both = |words: &[&str], part: &str| {
        desk.refuses(words, 2, part);
        desk.refuses(&[words, &["--force"]].concat(), 2, part);
    };
    let hidden = ["prove", "photo.negative", "--edit", "crop=40x24+4+2", "--hidden", "--out"];
    both(&[&hidden[..], &["photo"]].concat(), "photo.negative: this would be written over photo.negative");
    both(&[&hidden[..], &["./photo"]].concat(), "give --out another name");
    both(&["edit", "photo.png", "--edit", "grayscale", "--out", "photo.png"], "photo.png: this would be written over");
    both(&["edit", "photo.png", "--edit", "overlay=edited.png+0+0", "--out", "edited.png"], "edited.png: this would be written over");
    desk.write("recipe.png", r#"{"zkimg": 1, "edits": [{"op": "overlay", "image": "edited.png", "x": 0, "y": 0}]}"#);
    both(&["edit", "photo.png", "--recipe", "recipe.png", "--out", "recipe.png"], "recipe.png: this would be written over");
    both(&["edit", "photo.png", "--recipe", "recipe.png", "--out", "edited.png"], "edited.png: this would be written over");
    fs::copy(desk.at("photo.png"), desk.at("a.capture")).expect("a copy");
    fs::copy(desk.at("camera.key"), desk.at("a.negative")).expect("a copy");
    both(&["attest", "a.capture", "--key", "camera.key", "--out", "a"], "a.capture: this would be written over");
    both(&["attest", "photo.png", "--key", "a.negative", "--out", "a"], "a.negative: this would be written over");
    desk.zkimg(&[&hidden[..], &["desk"]].concat()).ends(0);
    both(
        &["prove", "desk.negative", "--after", "desk.zkimg", "--edit", "flip=horizontal", "--out", "desk.png", "--sidecar"],
        "desk.zkimg: this would be written over",
    );
    fs::rename(desk.at("camera.key"), desk.at("me.zkimg")).expect("a name");
    both(
        &["prove", "photo.negative", "--edit", "grayscale", "--sign", "me.zkimg", "--out", "me.png", "--sidecar"],
        "me.zkimg: this would be written over",
    );
    desk.zkimg(&["embed", "edited.png", "edited.zkimg", "--out", "one.png"]).ends(0);
    both(&["extract", "one.png", "--out", "one.png"], "one.png: this would be written over");
    both(&["embed", "edited.png", "edited.zkimg", "--out", "edited.png"], "edited.png: this would be written over");
    both(&["embed", "edited.png", "edited.zkimg", "--out", "edited.zkimg"], "edited.zkimg: this would be written over");
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        fs::create_dir(desk.at("s")).expect("a folder");
        fs::rename(desk.at("photo.negative"), desk.at("s/photo.negative")).expect("a name");
        symlink("s/photo.negative", desk.at("link.negative")).expect("a link");
        symlink("s", desk.at("t")).expect("a link");
        let hidden =
            |negative, out| both(&["prove", negative, "--edit", "crop=40x24+4+2", "--hidden", "--out", out], "would be written over");
        hidden("link.negative", "s/photo");
        hidden("s/photo.negative", "t/photo");
        hidden("s/photo.negative", "link");
    }
}

/// JSON holds a path itself: a program has to find the file. Only sentences for people have hidden characters written out.
#[cfg(unix)]
#[test]
fn paths_in_json_are_the_paths() {
    let desk = Desk::empty();
    let name = |ending: &str| format!("a\u{202e}b\nc{ending}");
    let (photo_name, key, public, stem) = (name(".png"), name(".key"), name(".pub"), name(""));
    desk.write(&photo_name, photo(0));
    let json = |words: &[&str]| desk.zkimg(&[words, &["--json"]].concat()).ends(0).json();
    let run = json(&["keygen", "--out", &key]);
    assert_eq!((&run["private_key"], &run["public_key"]), (&key.as_str().into(), &public.as_str().into()));
    let run = json(&["attest", &photo_name, "--key", &key]);
    assert_eq!((&run["capture"], &run["negative"]), (&name(".capture").into(), &name(".negative").into()));
    let run = json(&["edit", &photo_name, "--edit", "grayscale", "--out", &name("1.png")]);
    assert_eq!(run["picture"], name("1.png"));
    let run = json(&["prove", &name(".negative"), "--edit", "grayscale", "--hidden", "--out", &name("2")]);
    assert_eq!((&run["proof"], &run["negative"]), (&name("2.zkimg").into(), &name("2.negative").into()));
    let run = json(&["prove", &name(".negative"), "--edit", "grayscale", "--sign", &key, "--out", &name("3.png"), "--sidecar"]);
    assert_eq!((&run["picture"], &run["proof"]), (&name("3.png").into(), &name("3.zkimg").into()));
    let verify = ["verify", &name("3.png"), "--trust", &public, "--people", &public].map(str::to_owned);
    let verify = verify.each_ref().map(String::as_str);
    let run = json(&verify);
    assert_eq!((&run["picture"], &run["proof"]), (&name("3.png").into(), &name("3.zkimg").into()));
    assert_eq!(run["links"][0]["signer"]["known_as"], public);
    let text = desk.zkimg(&verify).ends(0).out;
    assert!(text.contains("confirmed by the key \"a\\u{202e}b\\nc.pub\""), "{text}");
    assert_eq!(json(&["demo", "--dir", &stem])["folder"], stem);
}

#[test]
fn outputs_that_cannot_be_placed() {
    let desk = Desk::ready();
    fs::create_dir(desk.at("folder.png")).expect("a folder");
    fs::create_dir(desk.at("b.zkimg")).expect("a folder");
    let prove = |out: &str, code, part: &str| {
        let mut words = PROVE;
        words[7] = out;
        desk.refuses(&words, code, part);
        desk.refuses(&[&words[..], &["--force"]].concat(), code, part);
    };
    prove("folder.png", 4, "this is a folder");
    prove("b.png", 4, "b.zkimg: this is a folder");
    prove("missing/b.png", 4, "the folder does not exist");
    prove("photo.png/b.png", 4, "not a folder");
    prove("b.gif", 2, "ends in .png");
    prove("b", 2, "ends in .png");
    prove(&format!("{}.png", "n".repeat(300)), 4, "name is too long");
    desk.refuses(&["keygen", "--out", "mine.pub"], 2, "names the private key");
    desk.refuses(&["keygen", "--out", ".."], 2, "not a file's name");
    let run = desk.zkimg(&["keygen", "--out", "studio", "--json"]).ends(0).json();
    assert_eq!((&run["private_key"], &run["public_key"]), (&"studio.key".into(), &"studio.pub".into()));
    assert!(desk.at("studio.key").is_file() && desk.at("studio.pub").is_file());
    prove(&format!("{}/b.png", unwritable(&desk)), 4, "cannot write");
}

/// A folder that nobody can write to, not even the superuser.
fn unwritable(desk: &Desk) -> String {
    let folder = desk.at("locked");
    fs::create_dir(&folder).expect("a folder");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).expect("a mode");
    }
    let probe = folder.join("probe");
    if fs::write(&probe, "").is_ok() {
        fs::remove_file(probe).expect("gone");
        return if Path::new("/proc/self").exists() { "/proc/self".into() } else { "missing".into() };
    }
    "locked".into()
}

/// Needs a file system of its own, which a user may only have where user name spaces are allowed.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let desk = Desk::ready();
    fs::create_dir(desk.at("small")).expect("a folder");
    let on_small_disk = |script: &str| {
        let script = format!("mount -t tmpfs -o size=8k none small || exit 99; {script}; code=$?; ls -A small >listing; exit $code");
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", &script]).env("ZKIMG", env!("CARGO_BIN_EXE_zkimg")).current_dir(desk.path());
        command.output().ok().filter(|output| output.status.code().is_some_and(|code| code < 99))
    };
    desk.write("photo.png", encode_png(&picture(300, 200, 5)));
    let cases = [
        (r#""$ZKIMG" attest photo.png --key camera.key --out small/photo"#, ""),
        (r#""$ZKIMG" edit photo.png --edit flip=horizontal --out small/x.png"#, ""),
        (r#""$ZKIMG" prove photo.negative --edit flip=horizontal --out small/x.png"#, ""),
        (r#"echo old >small/x.png; "$ZKIMG" edit photo.png --edit flip=horizontal --out small/x.png --force"#, "x.png\n"),
    ];
    for (script, left) in cases {
        let Some(output) = on_small_disk(script) else {
            eprintln!("skipped: no small disk can be made here");
            return;
        };
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{script}: {err}");
        assert!(err.contains("the disk is full"), "{err}");
        assert_eq!(String::from_utf8_lossy(&desk.read("listing")), left, "{script}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_proof_leaves_nothing_behind() {
    let desk = Desk::ready();
    desk.write("photo.png", encode_png(&picture(1500, 1000, 2)));
    desk.zkimg(&["attest", "photo.png", "--key", "camera.key", "--force"]).ends(0);
    let before = desk.files();
    for signal in ["-INT", "-TERM"] {
        let words = [&PROVE[..], &["--force"]].concat();
        let mut child = desk.command(&words).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it runs");
        let begin = Instant::now();
        while desk.files().len() < before.len() + 2 {
            assert!(begin.elapsed() < Duration::from_secs(20), "temporary files appear early");
            std::thread::sleep(Duration::from_millis(2));
        }
        let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
        assert!(kill.success());
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(130));
        assert_eq!(desk.files(), before);
    }
}
