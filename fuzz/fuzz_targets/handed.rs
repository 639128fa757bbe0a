#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| zkimg_fuzz::handed(bytes));
