//! `zkimg serve`: the pages that check and edit pictures in a browser, for this computer alone.

mod files;
mod http;

use crate::outcome::{self, Code, Failure, Outcome};
use crate::session::Session;
use http::Site;
use serde_json::json;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;
use zkimg_files::reason;

const EXAMPLES: &str = "\
Examples:
  zkimg serve
      then open the address that it prints; Ctrl-C ends it
  zkimg serve --port 9000

Only this computer can reach the page, and what you drop there stays in the browser.";

/// More connections at a time are closed unheard; a browser opens six.
const MOST: usize = 32;
/// How long it waits when the system gives it no connection.
const PAUSE: Duration = Duration::from_millis(100);

/// Offer the page that checks pictures in a browser, to this computer alone
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Where it listens; 0 for any port that is free
    #[arg(long, default_value_t = 8650)]
    pub port: u16,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let files = files::all().ok_or_else(|| {
        Failure::new(Code::Unsupported, "this zkimg was built without the page; build it with web/build, then with --features page")
    })?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port)).map_err(|error| {
        let what = format!("cannot listen on port {}: {}; choose another with --port", args.port, reason(&error));
        Failure::new(Code::Operational, what)
    })?;
    let port = listener.local_addr().map_err(|error| Failure::new(Code::Operational, reason(&error)))?.port();
    let address = format!("http://127.0.0.1:{port}/");
    if session.json {
        outcome::print(&json!({"schema": outcome::schema("serve"), "command": "serve", "ok": true, "address": address}).to_string())?;
    }
    session.say(&format!("The page is at {address} for this computer alone. Ctrl-C ends it."))?;
    let (site, open) = (Arc::new(Site::new(files, port)), Arc::new(AtomicUsize::new(0)));
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                if open.fetch_add(1, Ordering::SeqCst) >= MOST || !spawned(stream, &site, &open) {
                    open.fetch_sub(1, Ordering::SeqCst);
                }
            }
            // Too many files are open, perhaps: it passes.
            Err(_) => thread::sleep(PAUSE),
        }
    }
}

/// Answers one connection on a thread of its own; `false` if there is none to be had.
fn spawned(stream: TcpStream, site: &Arc<Site>, open: &Arc<AtomicUsize>) -> bool {
    let (site, open) = (Arc::clone(site), Arc::clone(open));
    let work = move || {
        // A browser that goes away is no failure.
        let _ = site.serve(stream);
        open.fetch_sub(1, Ordering::SeqCst);
    };
    thread::Builder::new().spawn(work).is_ok()
}
