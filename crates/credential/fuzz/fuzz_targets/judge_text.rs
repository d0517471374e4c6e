#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| credential_fuzz::judge_text::run(bytes));
