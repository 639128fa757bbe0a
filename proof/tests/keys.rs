//! Keys of all sizes, asked for by many threads at once in a process that has none yet.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use zkimg_group::parallel;
use zkimg_proof::circuit::{Class, Keys};

const CHILD: &str = "ZKIMG_TEST_LOADS_KEYS";

/// Whoever makes a key must not take up other work while it waits: that work may wait for the same key.
#[test]
fn keys_are_made_while_others_wait_for_them() {
    if std::env::var_os(CHILD).is_some() {
        let classes: Vec<Class> = (0..10).flat_map(|_| Class::all()).collect();
        return parallel::map(&classes, |class| assert!(Keys::load(*class).is_ok())).into_iter().collect();
    }
    for _ in 0..40 {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "keys_are_made_while_others_wait_for_them"])
            .env(CHILD, "1")
            .env("RAYON_NUM_THREADS", "16")
            .stdout(Stdio::null())
            .spawn()
            .expect("a process");
        let start = Instant::now();
        while child.try_wait().expect("a process").is_none() {
            if start.elapsed() > Duration::from_secs(30) {
                child.kill().expect("a process");
                child.wait().expect("a process");
                panic!("everybody waits");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(child.wait().expect("a process").success());
    }
}
