//! The only way to the present time.
#![expect(clippy::disallowed_methods, reason = "the one place that asks for the present time")]

use std::time::Instant;

use chrono::{DateTime, Utc};

/// Returns the present time.
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Returns a moment to measure from, which no change of the time of day moves.
pub fn instant() -> Instant {
    Instant::now()
}
