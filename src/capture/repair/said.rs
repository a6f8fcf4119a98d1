//! What the message of a commit says of it that has no record, as a fork's that never pushed its notes.

use crate::capture::Error;
use crate::capture::moment::Moment;
use crate::marks;
use crate::provenance::{
    CommitId, CommitRecord, CommitText, Contribution, Grade, Identity, LineCounts, Origin, Phase,
};

impl Moment<'_> {
    /// Makes a record out of the marks in a message; all of it is inferred.
    ///
    /// Where one model and no other is said to have written the commit its lines are that model's. Of several nobody
    /// knows which line is whose: they are named, and the lines are unknown.
    pub(super) fn said_record(&self, commit: CommitId) -> Result<CommitRecord, Error> {
        let commit = self.repo.commit(commit)?;
        let text = CommitText {
            author: Identity::parse(&commit.author),
            committer: Identity::parse(&commit.committer),
            message: &commit.message,
        };
        let mut parts = Vec::<Contribution>::new();
        for mark in marks::read(&text).into_iter().filter(|mark| !mark.is_weak) {
            let Some(model) = mark.model else { continue };
            let origin = Origin::Model {
                model,
                phase: mark.phase,
                agent: mark.tool.map(str::to_owned),
                grade: Grade::Inferred,
            };
            if !parts.iter().any(|known| is_same(&known.origin, &origin)) {
                let lines = LineCounts::default();
                parts.push(Contribution { origin, requested: None, session: None, lines });
            }
        }
        let writers = parts.iter().filter(|one| is_writer(&one.origin)).cloned();
        let mut record = match &writers.collect::<Vec<_>>()[..] {
            [only] => {
                // Everything is first given to somebody, whose place the model then takes.
                let mut all = self.all_changed(&commit.parents, commit.tree, &Origin::Human)?;
                parts.retain(|one| one != only);
                for one in &mut all.contributions {
                    one.origin = only.origin.clone();
                }
                all.contributions.append(&mut parts);
                all
            }
            _ => CommitRecord { contributions: parts, ..CommitRecord::default() },
        };
        record.sort_contributions();
        Ok(record)
    }
}

/// Says whether two marks speak of the same part, however they call the tool.
fn is_same(one: &Origin, other: &Origin) -> bool {
    match (one, other) {
        (
            Origin::Model { model, phase, .. },
            Origin::Model { model: second, phase: of_second, .. },
        ) => model.id() == second.id() && (phase == of_second || of_second.is_none()),
        _ => false,
    }
}

fn is_writer(origin: &Origin) -> bool {
    let is_other =
        |phase: &Phase| matches!(phase, Phase::Architecture | Phase::Review | Phase::Advice);
    matches!(origin, Origin::Model { phase, .. } if !phase.as_ref().is_some_and(is_other))
}
