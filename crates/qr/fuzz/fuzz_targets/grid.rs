#![no_main]

libfuzzer_sys::fuzz_target!(|script: &[u8]| qr_fuzz::grid::run(script));
