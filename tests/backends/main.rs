//! Each way to ask a model, against recorded replies of a server on this machine: what is sent, and what comes of it.
#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
#![allow(clippy::unwrap_used, reason = "what is not as it should be ends a test")]
#![allow(clippy::format_push_string, reason = "a table of outcomes is short")]

mod around;
mod choice;
mod odd;
mod program;
mod replies;
mod requests;
mod server;
mod streams;
mod transport;
mod users_scope;
