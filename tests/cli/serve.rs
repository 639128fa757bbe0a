//! `zkimg serve`: the page, on this computer alone.

#[cfg(not(feature = "page"))]
#[test]
fn a_tool_without_the_page_says_how_to_get_one() {
    crate::Desk::empty().refuses(&["serve"], 3, "--features page");
}

#[cfg(feature = "page")]
mod page {
    use crate::Desk;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use std::process::{Child, Stdio};
    use std::time::{Duration, Instant};

    /// The program, serving on a port of its own, until dropped.
    struct Serving(Child, u16);

    impl Serving {
        fn start() -> Serving {
            let desk = Desk::empty();
            let mut child = desk.command(&["serve", "--port", "0", "--json"]).stdout(Stdio::piped()).spawn().expect("it runs");
            let mut line = String::new();
            BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
            let json = crate::schema::object(&line);
            let port = json["address"].as_str().and_then(|address| address.trim_end_matches('/').rsplit(':').next()?.parse().ok());
            Serving(child, port.expect("an address"))
        }

        fn ask(&self, request: &str) -> String {
            let mut stream = TcpStream::connect(("127.0.0.1", self.1)).expect("it listens");
            stream.write_all(request.replace("PORT", &self.1.to_string()).as_bytes()).expect("sent");
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        }
    }

    impl Drop for Serving {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    #[test]
    fn the_page_is_given_and_nothing_else() {
        let serving = Serving::start();
        let get = |target: &str, host: &str| serving.ask(&format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        let page = get("/", "127.0.0.1:PORT");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("\r\nContent-Security-Policy: default-src 'none'; "), "{page}");
        assert!(page.ends_with("</html>\n"));
        // Whatever the pages and their scripts name is there.
        let mut names = vec![String::from("make.html"), String::new()];
        let mut seen = 0;
        while let Some(name) = names.get(seen).cloned() {
            let given = get(&format!("/{name}"), "localhost:PORT");
            assert!(given.starts_with("HTTP/1.1 200"), "{name}");
            let text = given.contains("\r\nContent-Type: text/");
            let is_file = |name: &&str| text && [".js", ".css", ".svg", ".wasm"].iter().any(|end| name.ends_with(end));
            for found in given.split(['"', '\'']).map(|found| found.trim_start_matches("./")).filter(is_file) {
                if !names.iter().any(|known| known == found) {
                    names.push(found.to_owned());
                }
            }
            seen += 1;
        }
        assert!(names.len() > 15 && names.iter().any(|name| name == "zkimg-maker.wasm"), "{names:?}");
        assert!(get("/points-10.bin", "localhost:PORT").contains("\r\nContent-Length: 65664\r\n"));
        assert!(get("/", "evil.example").starts_with("HTTP/1.1 421"));
        assert!(get("/../Cargo.toml", "localhost:PORT").starts_with("HTTP/1.1 404"));
        let long = format!("GET / HTTP/1.1\r\nHost: localhost:PORT\r\nX: {}\r\n\r\n", "x".repeat(100_000));
        assert!(!serving.ask(&long).contains("200 OK"));
    }

    #[test]
    fn whoever_says_nothing_keeps_nobody_waiting() {
        let serving = Serving::start();
        let silent: Vec<TcpStream> = (0..10).map(|_| TcpStream::connect(("127.0.0.1", serving.1)).expect("it listens")).collect();
        let start = Instant::now();
        assert!(serving.ask("GET / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n").contains("200 OK"));
        assert!(start.elapsed() < Duration::from_secs(5));
        drop(silent);
    }
}
