//! `zkimg trust`, and whom `verify` trusts when nobody is named.

use crate::{Desk, Run, photo};
use serde_json::Value;
use std::fs;
use std::sync::LazyLock;

/// With a notary's picture and one that a person signed, beside a camera's.
static READY: LazyLock<Desk> = LazyLock::new(|| {
    let desk = Desk::ready();
    desk.write("seen.png", photo(7));
    desk.zkimg(&["keygen", "--out", "desk.key"]).ends(0);
    desk.zkimg(&["attest", "seen.png", "--notary", "desk.key"]).ends(0);
    desk.zkimg(&["prove", "seen.negative", "--edit", "crop=8x8+0+0", "--out", "noted.png"]).ends(0);
    desk.zkimg(&["keygen", "--out", "anna.key"]).ends(0);
    let words = ["prove", "photo.negative", "--edit", "flip=horizontal", "--name", "Anna", "--sign", "anna.key", "--out", "signed.png"];
    desk.zkimg(&words).ends(0);
    desk
});

/// Runs a command that fails with one sentence, in a folder that may change meanwhile.
#[track_caller]
fn fails(run: Run, code: i32, part: &str) {
    let run = run.ends(code);
    assert!(run.out.is_empty() && run.err.trim_end().lines().count() == 1, "{}{}", run.out, run.err);
    assert!(run.err.contains(part), "{part:?} is not in {:?}", run.err);
}

#[test]
fn a_key_that_was_added_is_trusted_until_it_is_removed() {
    let desk = Desk::copy_of(&READY);
    assert!(desk.zkimg(&["trust", "list"]).ends(0).out.contains("is empty; `zkimg trust add`"));
    let run = desk.zkimg(&["verify", "edited.png"]).ends(5);
    assert!(run.out.starts_with("VALID, BUT NOT TRUSTED") && run.out.contains("`zkimg trust add`"), "{}", run.out);

    let run = desk.zkimg(&["trust", "add", "camera.pub", "--label", "Anna's camera"]).ends(0);
    assert!(run.out.starts_with("\"Anna's camera\" is trusted as a camera"), "{}", run.out);
    let place = desk.at("config/zkimg/trust");
    let run = desk.zkimg(&["verify", "edited.png"]).ends(0);
    let said = format!("\n  trusted as \"Anna's camera\" in the trust store {}\n", place.display());
    assert!(run.out.starts_with("VERIFIED") && run.out.contains(&said), "{}", run.out);
    let json = desk.zkimg(&["verify", "edited.png", "--json"]).ends(0).json();
    assert_eq!((&json["trusted_by"], &json["trust_store"]), (&serde_json::json!(["Anna's camera"]), &place.to_str().into()));

    // It counts as what it was added as, and the other kind is told.
    let run = desk.zkimg(&["verify", "noted.png"]).ends(5);
    assert!(run.out.starts_with("NOT TRUSTED: the notary of noted.png is not one you trust"), "{}", run.out);
    desk.zkimg(&["trust", "add", "desk.pub", "--as", "camera"]).ends(0);
    let run = desk.zkimg(&["verify", "noted.png"]).ends(5);
    assert!(run.out.contains("in the trust store --as notary)"), "{}", run.out);
    fails(desk.zkimg(&["trust", "add", "desk.pub", "--as", "notary"]), 2, "in a list of cameras and in a list of notaries");
    desk.zkimg(&["trust", "remove", "desk"]).ends(0);
    desk.zkimg(&["trust", "add", "desk.pub", "--as", "notary"]).ends(0);
    let run = desk.zkimg(&["verify", "noted.png", "--report", "noted.html"]).ends(0);
    assert!(run.out.contains("  trusted as \"desk\" in the trust store"), "{}", run.out);
    let page = String::from_utf8(desk.read("noted.html")).expect("text");
    assert!(page.contains("the reader&#39;s trust store, as <bdi>&quot;desk&quot;</bdi>") && !page.contains("config"), "{page}");

    // A person confirms a name, and a notary may be a person, too.
    let signer = |run: Run| run.json()["links"][0]["signer"]["known_as"].clone();
    assert_eq!(signer(desk.zkimg(&["verify", "signed.png", "--json"]).ends(0)), Value::Null);
    desk.zkimg(&["trust", "add", "anna.pub", "--as", "person", "--label", "Anna Roth"]).ends(0);
    desk.zkimg(&["trust", "add", "desk.pub", "--as", "person"]).ends(0);
    assert_eq!(signer(desk.zkimg(&["verify", "signed.png", "--json"]).ends(0)), "Anna Roth");

    let json = desk.zkimg(&["trust", "list", "--json"]).ends(0).json();
    let entries: Vec<[&str; 2]> = json["entries"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| ["as", "label"].map(|name| entry[name].as_str().expect("text")))
        .collect();
    assert_eq!(entries, [["camera", "Anna's camera"], ["notary", "desk"], ["person", "Anna Roth"], ["person", "desk"]]);
    let list = desk.zkimg(&["trust", "list"]).ends(0).out;
    assert!(list.contains("  notaries\n    \"desk\"\n") && list.contains(json["entries"][1]["keys"][0].as_str().expect("a key")), "{list}");

    fails(desk.zkimg(&["trust", "remove", "desk"]), 2, "has a notary \"desk\" and a person; say which one with --as");
    desk.zkimg(&["trust", "remove", "desk", "--as", "notary"]).ends(0);
    desk.zkimg(&["trust", "remove", "Anna's camera"]).ends(0);
    fails(desk.zkimg(&["trust", "remove", "Anna's camera"]), 2, "has no key \"Anna's camera\"");
    assert!(desk.zkimg(&["verify", "edited.png"]).ends(5).out.starts_with("VALID, BUT NOT TRUSTED"));
}

#[test]
fn who_is_named_is_all_that_counts() {
    let desk = Desk::copy_of(&READY);
    desk.zkimg(&["trust", "add", "camera.pub"]).ends(0);
    desk.zkimg(&["trust", "add", "anna.pub", "--as", "person"]).ends(0);
    desk.zkimg(&["verify", "edited.png", "--trust", "desk.pub"]).ends(5);
    assert!(desk.zkimg(&["verify", "edited.png", "--people", "anna.pub"]).ends(5).out.starts_with("VALID, BUT NOT TRUSTED"));
    let run = desk.zkimg(&["verify", "signed.png", "--trust", "camera.pub"]).ends(0);
    assert!(run.out.contains("  trusted by \"camera.pub\" (--trust)\n") && !run.out.contains("confirmed"), "{}", run.out);
    let json = desk.zkimg(&["verify", "edited.png", "--trust", "camera.pub", "--json"]).ends(0).json();
    assert_eq!((&json["trusted_by"], &json["trust_store"]), (&serde_json::json!(["camera.pub"]), &Value::Null));
    // Nobody vouches for what does not hold.
    let json = desk.zkimg(&["verify", "photo.png", "edited.zkimg", "--json"]).ends(1).json();
    assert_eq!(json["trusted_by"], serde_json::json!([]));
    desk.write("jobs.jsonl", "{\"do\": \"verify\", \"picture\": \"edited.png\"}\n");
    desk.zkimg(&["batch", "jobs.jsonl"]).ends(0);
    desk.zkimg(&["batch", "jobs.jsonl", "--trust", "desk.pub", "--ledger", "other"]).ends(5);
}

#[test]
fn folders_are_lists() {
    let desk = Desk::copy_of(&READY);
    fs::create_dir_all(desk.at("keys/deeper")).expect("folders");
    for key in ["camera.pub", "anna.pub"] {
        fs::copy(desk.at(key), desk.at("keys").join(key)).expect("a copy");
    }
    desk.write("keys/notes.txt", "no key");
    desk.write("keys/._camera.pub", "what another system writes");
    let run = desk.zkimg(&["verify", "signed.png", "--trust", "keys", "--people", "keys"]).ends(0);
    assert!(
        run.out.contains("  trusted by \"camera.pub\" (--trust)\n") && run.out.contains("confirmed by the key \"anna.pub\""),
        "{}",
        run.out
    );
    fs::create_dir(desk.at("empty")).expect("a folder");
    desk.refuses(&["verify", "edited.png", "--trust", "empty"], 3, "empty: there is no public key in this folder");
    desk.write("keys/bad.pub", "no key");
    desk.refuses(&["verify", "edited.png", "--trust", "keys"], 3, "bad.pub: the list of trusted keys holds no public key");
}

#[test]
fn another_store_is_named_by_a_variable() {
    let desk = Desk::copy_of(&READY);
    let in_env =
        |place: &std::path::Path, words: &[&str]| Run::of(desk.command(words).env("ZKIMG_TRUST", place).output().expect("it runs"));
    let run = |place: &str, words: &[&str]| in_env(&desk.at(place), words);
    let verify = &["verify", "edited.png"][..];
    // What was named and is not there may be a slip.
    fails(run("team", verify), 4, "team: ZKIMG_TRUST names this trust store, and it does not exist");
    run("team", &["trust", "add", "camera.pub"]).ends(0);
    let said = format!("as \"camera\" in the trust store {}\n", desk.at("team").display());
    assert!(run("team", verify).ends(0).out.contains(&said));
    assert!(!desk.at("config").exists());
    in_env("".as_ref(), verify).ends(5);
    // A list of cameras is kept by hand.
    let said = format!("as \"camera.pub\" in the trust store {}\n", desk.at("camera.pub").display());
    assert!(run("camera.pub", verify).ends(0).out.contains(&said));
    run("desk.pub", verify).ends(5);
    fails(run("desk.pub", &["trust", "add", "camera.pub"]), 2, "is a list of cameras and kept by hand");
    fails(run("desk.pub", &["trust", "remove", "desk"]), 2, "is a list of cameras and kept by hand");
    // In a folder that was downloaded a relative path would name a stranger's store.
    for words in [verify, &["trust", "list"], &["trust", "add", "desk.pub"], &["trust", "remove", "camera"]] {
        for place in ["team", "./team", "camera.pub"] {
            fails(in_env(place.as_ref(), words), 2, &format!("{place}: ZKIMG_TRUST names the trust store by a relative path"));
        }
    }
    in_env("team".as_ref(), &["verify", "edited.png", "--trust", "camera.pub"]).ends(0);
    // Whatever lies in none of the folders is nobody's.
    fs::copy(desk.at("desk.pub"), desk.at("team/desk.pub")).expect("a copy");
    fails(run("team", verify), 3, "team/desk.pub: this key is in none of the trust store's folders");
}

#[test]
fn a_key_that_another_entry_has_is_still_trusted() {
    let desk = Desk::copy_of(&READY);
    desk.zkimg(&["trust", "add", "camera.pub", "--label", "a"]).ends(0);
    let folder = desk.at("config/zkimg/trust/cameras");
    fs::write(folder.join("b.pub"), [desk.read("desk.pub"), desk.read("camera.pub")].concat()).expect("a list");
    let run = desk.zkimg(&["trust", "remove", "a"]).ends(6);
    assert!(run.out.starts_with("\"a\" was removed, but its key is STILL TRUSTED as a camera, by \"b\"; remove that"), "{}", run.out);
    assert!(!run.out.contains("no longer trusted") && run.out.matches("  key ").count() == 1, "{}", run.out);
    desk.zkimg(&["verify", "edited.png"]).ends(0);
    // The list names another key, too, of which nothing is left.
    fs::copy(desk.at("camera.pub"), folder.join("c.pub")).expect("a copy");
    let json = desk.zkimg(&["trust", "remove", "b", "--json"]).ends(6).json();
    assert_eq!((&json["label"], &json["still_trusted_by"]), (&"b".into(), &serde_json::json!(["c"])));
    // As what it was not removed, it does not count.
    desk.zkimg(&["trust", "add", "camera.pub", "--as", "person"]).ends(0);
    let run = desk.zkimg(&["trust", "remove", "c"]).ends(0);
    assert!(run.out.starts_with("\"c\" is no longer trusted as a camera."), "{}", run.out);
    desk.zkimg(&["verify", "edited.png"]).ends(5);
}

#[test]
fn a_key_from_standard_input_needs_a_label() {
    let desk = Desk::copy_of(&READY);
    let add = |words: &[&str]| {
        let mut command = desk.command(&[&["trust", "add", "-"], words].concat());
        Run::of(command.stdin(fs::File::open(desk.at("camera.pub")).expect("the key")).output().expect("it runs"))
    };
    fails(add(&[]), 2, "say what you call it with --label");
    assert!(!desk.at("config").exists());
    add(&["--label", "piped"]).ends(0);
    desk.zkimg(&["verify", "edited.png"]).ends(0);
}

#[test]
fn labels_and_keys_that_cannot_be_kept() {
    let desk = Desk::copy_of(&READY);
    let add = |label: &str| desk.zkimg(&["trust", "add", "camera.pub", "--label", label]);
    for label in ["../../camera", "a/b", ".hidden", "c:\\d", "a*"] {
        fails(add(label), 2, "a label is the name of a file, too");
    }
    fails(add("a\u{202e}b"), 2, "invisible or turns text around");
    fails(add("a\nb"), 2, "control character");
    fails(add("Anna\u{a0}Roth"), 2, "U+00A0");
    fails(add(""), 2, "empty");
    fails(add(&"a".repeat(65)), 2, "longer than 64 bytes");
    fails(desk.zkimg(&["trust", "add", "camera.key"]), 3, "a private key, which belongs to its owner alone");
    fails(desk.zkimg(&["trust", "add", "edited.png"]), 3, "not a public key");
    fails(desk.zkimg(&["trust", "add", "gone.pub"]), 4, "no file gone.pub");
    desk.write("two.pub", [desk.read("camera.pub"), desk.read("anna.pub")].concat());
    fails(desk.zkimg(&["trust", "add", "two.pub", "--as", "person"]), 3, "not one public key");
    assert!(!desk.at("config").exists(), "nothing was begun");
    desk.zkimg(&["trust", "add", "two.pub"]).ends(0);
    desk.zkimg(&["verify", "edited.png"]).ends(0);
    fails(desk.zkimg(&["trust", "add", "camera.pub"]), 6, "has this key already, as the camera \"two\"");
    fails(desk.zkimg(&["trust", "add", "desk.pub", "--label", "two"]), 6, "has a camera \"two\" already");
    // Of a stranger's file nothing is kept but the keys.
    desk.write("desk.pub", [b"\x1b[31mnot a key\n", &desk.read("desk.pub")[..]].concat());
    desk.zkimg(&["trust", "add", "desk.pub"]).ends(0);
    assert!(fs::read_to_string(desk.at("config/zkimg/trust/cameras/desk.pub")).expect("text").starts_with("-----BEGIN PUBLIC KEY-----\n"));
    // What was put there by hand under a name that nobody may have is not passed over in silence.
    fs::copy(desk.at("anna.pub"), desk.at("config/zkimg/trust/cameras/a\u{202e}b.pub")).expect("a copy");
    fails(desk.zkimg(&["verify", "edited.png"]), 3, "a\\u{202e}b.pub: this file cannot be called so");
}

#[cfg(unix)]
#[test]
fn nobody_else_can_write_to_the_store() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::copy_of(&READY);
    let script = "umask 000 && exec \"$0\" trust add camera.pub";
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_zkimg")]).current_dir(desk.path()).env("XDG_CONFIG_HOME", desk.at("config"));
    Run::of(command.env_remove("ZKIMG_TRUST").output().expect("a shell")).ends(0);
    let paths = ["config/zkimg/trust", "config/zkimg/trust/cameras", "config/zkimg/trust/cameras/camera.pub"].map(|name| desk.at(name));
    let mode = |path: &std::path::Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(paths.each_ref().map(|path| mode(path)), [0o700, 0o700, 0o644]);
    desk.zkimg(&["verify", "edited.png"]).ends(0);
    // Nor to a folder above, by which another one could be put in its place.
    for path in paths.iter().chain(&[desk.at("config/zkimg"), desk.at("config")]) {
        let before = mode(path);
        for (more, who) in [(0o002, "everybody on this computer can write here"), (0o020, "others of its group can write here")] {
            fs::set_permissions(path, fs::Permissions::from_mode(before | more)).expect("a change");
            for words in [&["verify", "edited.png"][..], &["trust", "list"], &["trust", "add", "desk.pub"], &["trust", "remove", "camera"]]
            {
                fails(desk.zkimg(words), 4, &format!("{}: {who}", path.display()));
            }
            desk.zkimg(&["verify", "edited.png", "--trust", "camera.pub"]).ends(0);
        }
        fs::set_permissions(path, fs::Permissions::from_mode(before)).expect("a change");
    }
    desk.zkimg(&["verify", "edited.png"]).ends(0);
    // A store is not begun there either.
    let other = |words: &[&str]| Run::of(desk.command(words).env("ZKIMG_TRUST", desk.at("open/store")).output().expect("it runs"));
    fs::create_dir(desk.at("open")).expect("a folder");
    fs::set_permissions(desk.at("open"), fs::Permissions::from_mode(0o777)).expect("a change");
    fails(other(&["trust", "add", "camera.pub"]), 4, "open: everybody on this computer can write here");
    assert!(!desk.at("open/store").exists());
}

/// What a link leads to counts, and every link and folder on the way.
#[cfg(unix)]
#[test]
fn links_out_of_the_store_are_followed_with_care() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let desk = Desk::copy_of(&READY);
    let folder = |name: &str, mode: u32| {
        fs::create_dir_all(desk.at(name)).expect("a folder");
        fs::set_permissions(desk.at(name), fs::Permissions::from_mode(mode)).expect("a change");
    };
    for name in ["mine/cameras", "mine/people", "mine/notaries"] {
        folder(name, 0o755);
    }
    fs::copy(desk.at("camera.pub"), desk.at("mine/kept")).expect("a copy");
    symlink("../kept", desk.at("mine/cameras/mine.pub")).expect("a link");
    fs::create_dir_all(desk.at("config/zkimg")).expect("a folder");
    symlink(desk.at("mine"), desk.at("config/zkimg/trust")).expect("a link");
    desk.zkimg(&["verify", "edited.png"]).ends(0);
    // By another link that lies where everybody can replace it, to a file that nobody can.
    folder("open", 0o777);
    symlink(desk.at("camera.pub"), desk.at("open/link")).expect("a link");
    symlink(desk.at("open/link"), desk.at("mine/cameras/open.pub")).expect("a link");
    fails(desk.zkimg(&["verify", "edited.png"]), 4, "open: everybody on this computer can write here");
    folder("open", 0o755);
    desk.zkimg(&["verify", "edited.png"]).ends(0);
    folder("mine", 0o777);
    fails(desk.zkimg(&["verify", "edited.png"]), 4, "mine: everybody on this computer can write here");
    folder("mine", 0o755);
    symlink("round.pub", desk.at("mine/cameras/round.pub")).expect("a link");
    desk.zkimg(&["verify", "edited.png"]).ends(4);
    fs::remove_file(desk.at("mine/cameras/round.pub")).expect("removed");
    // Another user's; only root can make that.
    let given = |path: &str, user| std::os::unix::fs::lchown(desk.at(path), Some(user), None).is_ok();
    if given("camera.pub", 12345) {
        for path in
            ["camera.pub", "open/link", "open", "mine", "mine/cameras", "mine/cameras/mine.pub", "config/zkimg", "config/zkimg/trust"]
        {
            assert!(given("camera.pub", 0) && given(path, 12345));
            fails(desk.zkimg(&["verify", "edited.png"]), 4, &format!("{path}: this belongs to another user"));
            assert!(given(path, 0));
        }
        desk.zkimg(&["verify", "edited.png"]).ends(0);
    }
}
