//! The review of a change by a stronger model: what is asked, what of the answer counts, and the verdict.
