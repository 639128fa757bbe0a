//! Work with the interpreter released: on threads of its own, with a look at signals, and never on threads that a fork left behind.

use crate::errors::{fault, raise};
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use zkimg_files::{Code, Failure};
use zkimg_pipeline::{Observer, Phase};

/// How often signals are looked at.
const BREATH: Duration = Duration::from_millis(50);

/// The threads of one process. A fork takes none of them along, so the child makes its own.
struct Home {
    process: u32,
    pool: Arc<ThreadPool>,
}

static HOME: Mutex<Option<Home>> = Mutex::new(None);
/// Calls that are at work. A child that finds some in its copy was forked in the middle of them, and of whatever they held.
static AT_WORK: AtomicUsize = AtomicUsize::new(0);

struct AtWork;

impl AtWork {
    fn begin() -> AtWork {
        AT_WORK.fetch_add(1, Ordering::SeqCst);
        AtWork
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        AT_WORK.fetch_sub(1, Ordering::SeqCst);
    }
}

/// This process's threads. Called with the interpreter held, so by one thread at a time.
fn pool() -> Result<Arc<ThreadPool>, Failure> {
    let process = std::process::id();
    let mut home = HOME.lock().unwrap_or_else(PoisonError::into_inner);
    match home.take() {
        Some(known) if known.process == process => return Ok(home.insert(known).pool.clone()),
        Some(left) if AT_WORK.load(Ordering::SeqCst) > 0 => {
            *home = Some(left);
            let what = "this process was forked while zkimg was at work in another thread, and cannot go on from there; start processes with \"spawn\" or \"forkserver\", or fork before";
            return Err(Failure::new(Code::Operational, what));
        }
        // Its threads are in the parent: it is left alone, as nobody here can end them.
        Some(left) => std::mem::forget(left),
        None => {}
    }
    let pool = ThreadPoolBuilder::new().thread_name(|number| format!("zkimg-{number}")).build().map_err(|error| {
        Failure::new(Code::Operational, format!("the system gives no threads to work on ({error}); end other programs and try again"))
    })?;
    Ok(home.insert(Home { process, pool: Arc::new(pool) }).pool.clone())
}

/// What a call is told by the thread that works for it.
enum News<T> {
    Phase(Phase),
    /// A fault of the program, if not a result.
    Done(Result<T, ()>),
}

/// Watches a proof, and may stop it.
pub(crate) struct Watch<T> {
    news: Sender<News<T>>,
    stop: Arc<AtomicBool>,
    memory: Option<usize>,
}

impl<T> Observer for Watch<T> {
    fn phase(&self, phase: Phase) {
        // Who does not listen any more has asked to stop.
        let _ = self.news.send(News::Phase(phase));
    }

    fn stops(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn memory(&self) -> Option<usize> {
        self.memory
    }
}

/// Works while other threads of Python run. A signal, as of Ctrl-C, and what `progress` raises stop it: at once if it is watched, at its end
/// if not.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    memory: Option<usize>,
    progress: Option<&Py<PyAny>>,
    work: impl FnOnce(&Watch<Result<T, Failure>>) -> Result<T, Failure> + Send,
) -> PyResult<T> {
    let pool = pool().map_err(|failure| raise(py, &failure))?;
    let at_work = AtWork::begin();
    let (news, heard) = channel();
    let stop = Arc::new(AtomicBool::new(false));
    let watch = Watch { news: news.clone(), stop: stop.clone(), memory };
    let wait = move || {
        let mut raised: Option<PyErr> = None;
        let mut note = |result: PyResult<()>| {
            if let Err(error) = result {
                stop.store(true, Ordering::Relaxed);
                raised.get_or_insert(error);
            }
        };
        let done = loop {
            match heard.recv_timeout(BREATH) {
                Ok(News::Phase(phase)) => note(Python::attach(|py| tell(py, progress, phase))),
                Ok(News::Done(done)) => break done,
                Err(RecvTimeoutError::Timeout) => note(Python::attach(|py| py.check_signals())),
                Err(RecvTimeoutError::Disconnected) => break Err(()),
            }
        };
        (done, raised)
    };
    let pool = &pool;
    let (done, raised) = py.detach(move || {
        pool.in_place_scope(move |scope| {
            scope.spawn(move |_| {
                let done = catch_unwind(AssertUnwindSafe(|| work(&watch))).map_err(drop);
                drop(watch);
                let _ = news.send(News::Done(done));
            });
            wait()
        })
    });
    drop(at_work);
    match (raised, done) {
        (Some(error), _) => Err(error),
        (None, Ok(result)) => result.map_err(|failure| raise(py, &failure)),
        (None, Err(())) => Err(raise(py, &fault())),
    }
}

/// Calls back with the name of what begins.
fn tell(py: Python<'_>, progress: Option<&Py<PyAny>>, phase: Phase) -> PyResult<()> {
    progress.map_or(Ok(()), |progress| progress.call1(py, (phase.name(),)).map(drop))
}

/// A fault of the program is an exception and prints nothing.
pub(crate) fn silence_faults() {
    std::panic::set_hook(Box::new(|info| crate::errors::note_fault(info.location().map(ToString::to_string))));
}
