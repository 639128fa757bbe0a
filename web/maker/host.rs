//! What the module asks of the page: random bytes, and to hear what is being done.
#![allow(unsafe_code, reason = "imports and the name that getrandom calls are unsafe to declare; there is no unsafe block")]

use zkimg_pipeline::{Observer, Phase};

#[cfg(target_arch = "wasm32")]
#[link(wasm_import_module = "zkimg")]
unsafe extern "C" {
    /// Writes so many bytes of `crypto.getRandomValues`; 1 if it did.
    safe fn random(start: *mut u8, length: usize) -> u32;
    /// Hears what begins, in UTF-8.
    safe fn phase(start: *const u8, length: usize);
}

/// Where `getrandom` gets its bytes, built with `--cfg getrandom_backend="custom"`.
#[cfg(target_arch = "wasm32")]
#[unsafe(no_mangle)]
extern "Rust" fn __getrandom_v03_custom(start: *mut u8, length: usize) -> Result<(), getrandom::Error> {
    if random(start, length) == 1 { Ok(()) } else { Err(getrandom::Error::UNSUPPORTED) }
}

/// Tells the page what is being done.
pub(crate) struct Told;

impl Observer for Told {
    #[cfg(target_arch = "wasm32")]
    fn phase(&self, begun: Phase) {
        let name = begun.name();
        phase(name.as_ptr(), name.len());
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn phase(&self, _: Phase) {}
}
