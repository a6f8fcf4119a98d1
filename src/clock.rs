//! The only way to the present time.
#![expect(clippy::disallowed_methods, reason = "the one place that asks for the present time")]

use chrono::{DateTime, Utc};

/// Returns the present time.
pub fn now() -> DateTime<Utc> {
    Utc::now()
}
