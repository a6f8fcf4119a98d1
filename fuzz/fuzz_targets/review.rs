//! Fuzzes what `inputs.rs` calls `review`.
#![no_main]

#[path = "../inputs.rs"]
mod inputs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| inputs::review(bytes));
