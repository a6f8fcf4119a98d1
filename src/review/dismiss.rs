//! What a person dismisses: a finding that the change is to keep, with the reason.

use crate::provenance::Severity;
use crate::review::verdict::{escalation, verdict};
use crate::review::{Dismissal, Finding, FindingState, Outcome, PlanItem};

/// Why nothing was dismissed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DismissError {
    /// No finding is there.
    #[error("the review found nothing at `{place}`")]
    NotThere {
        /// What was named.
        place: String,
        /// The places that may be named, `PATH:LINE` each.
        places: Vec<String>,
    },
    /// Several are there.
    #[error("the review found {count} things in `{place}`")]
    Several {
        /// What was named.
        place: String,
        /// How many.
        count: usize,
        /// Their places.
        places: Vec<String>,
    },
}

impl Outcome {
    /// Sets aside what was found at a place, `PATH:LINE` or a path with one finding, and says anew what stands.
    ///
    /// The model's words stay as they are, with the reason beside them. All that was found on one line goes at once.
    pub fn dismiss(&mut self, place: &str, why: &str) -> Result<(), DismissError> {
        let standing = self.places();
        let exact = standing.iter().filter(|one| *one == place).count();
        let inside = standing.iter().filter(|one| is_in(one, place)).count();
        let wanted = match (exact, inside) {
            (0, 0) => {
                return Err(DismissError::NotThere { place: place.to_owned(), places: standing });
            }
            (0, 1) => standing.into_iter().find(|one| is_in(one, place)).unwrap_or_default(),
            (0, count) => {
                let places = standing.into_iter().filter(|one| is_in(one, place)).collect();
                return Err(DismissError::Several { place: place.to_owned(), count, places });
            }
            _ => place.to_owned(),
        };
        let state = FindingState::Dismissed { why: why.to_owned() };
        let is_meant = |finding: &mut Finding| place_of(finding) == wanted;
        for mut finding in self.findings.extract_if(.., is_meant) {
            (finding.state, finding.blocks) = (state.clone(), false);
            self.refuted.push(finding);
        }
        for item in &mut self.plan {
            if place_of_item(item).as_ref() == Some(&wanted) && may_be_dismissed(item) {
                (item.state, item.blocks) = (Some(state.clone()), false);
            }
        }
        (self.verdict, self.reason) = verdict(&self.findings, &self.plan);
        self.escalate = escalation(&self.plan);
        Ok(())
    }

    /// Returns what a person dismissed, for the next round.
    pub fn dismissals(&self) -> impl Iterator<Item = Dismissal> {
        self.dismissed().map(|finding| Dismissal {
            path: finding.path.clone(),
            quote: finding.quote.clone(),
            title: finding.title.clone(),
            why: finding.state.why().map(str::to_owned),
        })
    }

    /// Returns how bad each finding was that a person dismissed.
    pub(super) fn dismissed_severities(&self) -> impl Iterator<Item = Severity> {
        self.dismissed().map(|finding| finding.severity)
    }

    fn dismissed(&self) -> impl Iterator<Item = &Finding> {
        let is_dismissed = |one: &&Finding| matches!(one.state, FindingState::Dismissed { .. });
        self.refuted.iter().filter(is_dismissed)
    }

    /// Returns the places of all that may be dismissed, each once.
    fn places(&self) -> Vec<String> {
        let findings = self.findings.iter().map(place_of);
        let items = self.plan.iter().filter(|item| may_be_dismissed(item));
        let mut places = findings.chain(items.filter_map(place_of_item)).collect::<Vec<_>>();
        places.sort();
        places.dedup();
        places
    }
}

fn place_of(finding: &Finding) -> String {
    format!("{}:{}", finding.path, finding.start_line)
}

fn place_of_item(item: &PlanItem) -> Option<String> {
    item.place.as_ref().map(|(path, line)| format!("{path}:{line}"))
}

fn may_be_dismissed(item: &PlanItem) -> bool {
    item.state.as_ref().is_some_and(|state| !state.is_set_aside())
}

/// Says whether a place lies in a file.
fn is_in(place: &str, path: &str) -> bool {
    place.rsplit_once(':').is_some_and(|(inside, _)| inside == path)
}
