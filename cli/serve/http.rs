//! As much of HTTP as a page needs that only this computer reads: GET of a file that is known, and nothing else.

use super::files::{INDEX, MAKE, Served};
use std::io::{Error, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A request's first line and headers are not longer.
const LONGEST: usize = 8 << 10;
/// Whoever has not asked by then, or not taken the answer, is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Files, and the names under which a browser may ask for them.
pub(super) struct Site {
    files: Vec<Served>,
    hosts: [String; 2],
    policies: [String; 2],
}

/// What is answered.
#[derive(Debug, PartialEq, Eq)]
struct Answer<'a> {
    status: &'static str,
    kind: &'static str,
    bytes: &'a [u8],
    /// Whether it belongs to the page that reads secrets.
    making: bool,
}

impl Answer<'_> {
    fn refusal(status: &'static str) -> Answer<'static> {
        Answer { status, kind: "text/plain; charset=utf-8", bytes: status.as_bytes(), making: false }
    }
}

/// What a page allows itself, which is said once, in the page.
fn policy(page: &str) -> String {
    let said = page.split("Content-Security-Policy\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
    format!("{}; frame-ancestors 'none'", said.unwrap_or("default-src 'none'"))
}

impl Site {
    pub(super) fn new(files: Vec<Served>, port: u16) -> Site {
        Site { files, hosts: [format!("localhost:{port}"), format!("127.0.0.1:{port}")], policies: [INDEX, MAKE].map(policy) }
    }

    /// Reads one request and answers it.
    pub(super) fn serve(&self, mut stream: TcpStream) -> Result<(), Error> {
        let answer = match head(&mut stream)? {
            Some(head) => self.answer(&head),
            None => Answer::refusal("431 Request Header Fields Too Large"),
        };
        stream.set_write_timeout(Some(PATIENCE))?;
        let Answer { status, kind, bytes, making } = answer;
        // A worker has the policy that comes with its script, whatever the page has.
        let [checking, own] = &self.policies;
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-cache\r\n\
             Content-Security-Policy: {}\r\nCross-Origin-Resource-Policy: same-origin\r\nX-Content-Type-Options: nosniff\r\n\
             Referrer-Policy: no-referrer\r\n\r\n",
            bytes.len(),
            if making { own } else { checking }
        )?;
        stream.write_all(bytes)?;
        stream.flush()
    }

    /// Another name for this computer is a page of somebody else, who had it lead here.
    fn answer(&self, head: &str) -> Answer<'_> {
        let mut lines = head.split("\r\n");
        let first: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
        let [method, target, "HTTP/1.1" | "HTTP/1.0"] = first[..] else { return Answer::refusal("400 Bad Request") };
        let host =
            |line: &str| line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, host)| host.trim().to_owned());
        let hosts: Vec<String> = lines.filter_map(host).collect();
        if !matches!(&hosts[..], [host] if self.hosts.contains(host)) {
            return Answer::refusal("421 Misdirected Request");
        }
        if method != "GET" {
            return Answer::refusal("405 Method Not Allowed");
        }
        let name = target.split('?').next().and_then(|path| path.strip_prefix('/'));
        match self.files.iter().find(|file| Some(&*file.name) == name) {
            Some(file) => Answer { status: "200 OK", kind: file.kind, bytes: file.bytes, making: file.name.starts_with("make") },
            None => Answer::refusal("404 Not Found"),
        }
    }
}

/// A request up to its empty line; `None` if that does not come within reason.
fn head(stream: &mut TcpStream) -> Result<Option<String>, Error> {
    let end = Instant::now() + PATIENCE;
    let (mut head, mut bytes) = (Vec::new(), [0; 1024]);
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        if head.len() > LONGEST {
            return Ok(None);
        }
        let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()).ok_or(ErrorKind::TimedOut)?;
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut bytes)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            read => head.extend(bytes.iter().take(read)),
        }
    }
    Ok(Some(String::from_utf8_lossy(&head).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        let served = |name: &'static str, bytes: &'static [u8]| Served { name: name.into(), kind: "text/html", bytes };
        Site::new(vec![served("", b"page"), served("core.js", b"script")], 8650)
    }

    fn asked(request: &str) -> &'static str {
        site().answer(request).status
    }

    #[test]
    fn known_files_are_given_to_this_computers_own_names() {
        for host in ["localhost:8650", "127.0.0.1:8650"] {
            for target in ["/", "/core.js", "/?x=1"] {
                assert_eq!(asked(&format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n")), "200 OK", "{target}");
            }
        }
        assert_eq!(site().answer("GET /core.js HTTP/1.1\r\nhost:localhost:8650\r\n\r\n").bytes, b"script");
    }

    #[test]
    fn everything_else_is_refused() {
        let local = "Host: localhost:8650\r\n\r\n";
        for target in ["/../Cargo.toml", "/etc/passwd", "//", "/core.js/", "/CORE.JS", "/%63ore.js", "core.js", "http://localhost:8650/"] {
            assert_eq!(asked(&format!("GET {target} HTTP/1.1\r\n{local}")), "404 Not Found", "{target}");
        }
        for method in ["POST", "HEAD", "PUT", "OPTIONS", "get"] {
            assert_eq!(asked(&format!("{method} / HTTP/1.1\r\n{local}")), "405 Method Not Allowed");
        }
        for host in [
            "",
            "Host: evil.example\r\n",
            "Host: localhost\r\n",
            "Host: localhost:8651\r\n",
            "Host: localhost:8650\r\nHost: evil.example\r\n",
        ] {
            assert_eq!(asked(&format!("GET / HTTP/1.1\r\n{host}\r\n")), "421 Misdirected Request", "{host}");
        }
        for line in ["", "GET /", "GET / HTTP/2", "GET / x HTTP/1.1"] {
            assert_eq!(asked(&format!("{line}\r\n{local}")), "400 Bad Request", "{line}");
        }
    }

    #[test]
    fn the_page_says_what_it_may_do() {
        let [policy, making] = site().policies;
        // The page that reads secrets connects to nobody else.
        assert!(
            making.contains("connect-src 'self';") && !making.contains("https:") && making.ends_with("frame-ancestors 'none'"),
            "{making}"
        );
        for part in [
            "default-src 'none'; ",
            "script-src 'self' 'wasm-unsafe-eval'; ",
            "require-trusted-types-for 'script'; ",
            "; frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    }
}
