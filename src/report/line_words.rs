//! The words for whose a line is, wherever lines are listed.

use crate::format::Tint;
use crate::history::{Basis, LineOrigin};
use crate::provenance::Origin;

/// What is said below lines of which only the whole commit is known.
pub(super) const WHOLE_COMMIT: &str = "* known of the whole commit, not line by line";

/// Who, in which phase, how that is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct LineWords {
    pub(super) who: String,
    pub(super) phase: String,
    pub(super) grade: String,
}

impl LineWords {
    pub(super) fn of(line: &LineOrigin) -> Self {
        let star = if line.basis == Basis::Commit { "*" } else { "" };
        let words = |who: &str, phase: &str, grade: String| Self {
            who: who.to_owned(),
            phase: phase.to_owned(),
            grade,
        };
        match &line.origin {
            Origin::Model { model, phase, grade, .. } => words(
                model.display(),
                phase.as_ref().map_or("-", |phase| phase.as_str()),
                format!("{}{star}", grade.as_str()),
            ),
            Origin::Human => words("human", "-", format!("declared{star}")),
            Origin::Unknown if line.basis == Basis::NotCommitted => {
                words("not committed", "-", "-".to_owned())
            }
            Origin::Unknown => words("unknown", "-", "-".to_owned()),
        }
    }
}

/// Gives each model of a list of origins a colour, people none, and the unknown less than that.
pub(super) fn tints(origins: &[LineOrigin]) -> Vec<Tint> {
    let mut models: Vec<&str> = Vec::new();
    let mut tints = Vec::with_capacity(origins.len());
    for line in origins {
        tints.push(match &line.origin {
            Origin::Model { model, .. } => {
                let known = models.iter().position(|known| *known == model.id());
                Tint::Number(known.unwrap_or_else(|| {
                    models.push(model.id());
                    models.len() - 1
                }))
            }
            Origin::Human => Tint::Plain,
            Origin::Unknown => Tint::Faint,
        });
    }
    tints
}
