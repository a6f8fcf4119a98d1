//! The program and real Git together: one test binary, a file per topic.
#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

#[allow(dead_code, reason = "each topic uses its part of it")]
mod sandbox;

mod bad_input;
mod basics;
mod classify;
mod faults;
mod hooks_beside_others;
