//! Commands, skills and helpers of agents: which of them review, and what else the user says they do.

use crate::capture::Error;
use crate::capture::moment::Moment;
use crate::provenance::Phase;

impl Moment<'_> {
    /// Returns the phase of a helper, as `model.agent.NAME.phase` says; without it, a name that says review is one.
    pub(super) fn helper_phase(&self, name: &str) -> Result<Option<Phase>, Error> {
        let mapped = self.settings().helper_phase(name)?;
        Ok(mapped.or_else(|| says_review(name).then_some(Phase::Review)))
    }
}

/// Tells a name that says review: `code-review`, `security-review`, `reviewer`, `simplify`.
fn says_review(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // A preview is none.
    let mut found = name.match_indices("review");
    found.any(|(start, _)| !name[..start].ends_with('p')) || name == "simplify"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_review_or_not() {
        for name in ["code-review", "security-review", "reviewer", "myreview", "Review", "simplify"]
        {
            assert!(says_review(name), "{name}");
        }
        for name in ["preview", "Plan", "general-purpose", "", "simplify-names", "previewer"] {
            assert!(!says_review(name), "{name}");
        }
    }
}
