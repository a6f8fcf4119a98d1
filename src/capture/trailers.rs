//! What the message of a commit says about its record: the trailers that we write, and those that stood there.

use crate::provenance::{
    CommitRecord, Contribution, Grade, LineCounts, ModelName, ModelTrailer, Origin, Phase,
    render_model_trailer,
};
use crate::settings::TrailerName;

/// How trailers are written here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Which name of a model.
    pub name: TrailerName,
    /// Whether the effort is named.
    pub effort: bool,
}

/// Returns the trailers that a record deserves, in order, each once.
///
/// Advice is noted and never a trailer; people and the unknown have none.
pub fn earned(record: &CommitRecord, style: Style) -> Vec<String> {
    let mut trailers = Vec::new();
    for contribution in &record.contributions {
        let Origin::Model { model, phase: Some(phase), .. } = &contribution.origin else {
            continue;
        };
        let trailer = render_model_trailer(&style.name_of(model), phase);
        if *phase != Phase::Advice && !trailers.contains(&trailer) {
            trailers.push(trailer);
        }
    }
    trailers
}

impl Style {
    fn name_of(self, model: &ModelName) -> String {
        let name = match self.name {
            TrailerName::Display => model.display(),
            TrailerName::Family => model.family().unwrap_or(model.display()),
            TrailerName::Id => model.id(),
        };
        match model.effort().filter(|_| self.effort) {
            Some(effort) => format!("{name} {effort}"),
            None => name.to_owned(),
        }
    }
}

/// Adds to a record what the message says and the record does not: trailers that a person or an agent typed.
pub fn add_typed(record: &mut CommitRecord, typed: &[ModelTrailer]) {
    for trailer in typed {
        if !record.contributions.iter().any(|known| is_said_by(trailer, &known.origin)) {
            record.contributions.push(Contribution {
                origin: Origin::Model {
                    model: trailer.model.clone(),
                    phase: trailer.phase.clone(),
                    agent: None,
                    grade: Grade::Declared,
                },
                requested: None,
                session: None,
                lines: LineCounts::default(),
            });
        }
    }
    record.sort_contributions();
}

/// Returns the trailers that a record deserves and that nobody typed in another spelling.
pub(super) fn to_write(record: &CommitRecord, typed: &[ModelTrailer], style: Style) -> Vec<String> {
    let is_typed =
        |one: &Contribution| typed.iter().any(|trailer| is_said_by(trailer, &one.origin));
    let contributions = record.contributions.iter().filter(|one| !is_typed(one)).cloned().collect();
    earned(&CommitRecord { contributions, ..CommitRecord::default() }, style)
}

/// Says whether a trailer names what an origin says: the same model, or its family, in the same phase.
pub(super) fn is_said_by(trailer: &ModelTrailer, origin: &Origin) -> bool {
    let Origin::Model { model, phase, .. } = origin else { return false };
    let same_model = trailer.model.id() == model.id()
        || model.family().is_some_and(|family| trailer.model.display() == family);
    same_model && (trailer.phase.is_none() || trailer.phase == *phase)
}

/// Removes from a record the parts without lines that a person took out of the message.
pub(super) fn drop_untyped(
    record: &mut CommitRecord,
    before: &[ModelTrailer],
    now: &[ModelTrailer],
) {
    let removed =
        before.iter().filter(|old| !now.iter().any(|new| new.text == old.text)).collect::<Vec<_>>();
    record.retain_without_lines(|contribution| {
        !removed.iter().any(|old| is_said_by(old, &contribution.origin))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::model_trailers;

    const STYLE: Style = Style { name: TrailerName::Display, effort: false };

    #[test]
    fn a_typed_trailer_becomes_a_declared_part_once() {
        let mut record = CommitRecord::default();
        let typed = model_trailers(
            "Subject\n\nModel: Opus 5.5 (architecture)\nModel: Sonnet 5.5 (implementation)\n",
        );
        add_typed(&mut record, &typed);
        add_typed(&mut record, &typed);
        assert_eq!(
            earned(&record, STYLE),
            ["Model: Opus 5.5 (architecture)", "Model: Sonnet 5.5 (implementation)"]
        );
    }
}
