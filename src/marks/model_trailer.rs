//! Our own trailer, `Model: Opus 5.5 (architecture)`, wherever a squash has moved it.

use std::collections::BTreeMap;

use super::reader::{Line, Reader};
use crate::provenance::{
    self, CommitText, Grade, Mark, MarkKind, model_trailers, parse_model_trailer,
};

/// Reads `Model: NAME (PHASE)`.
pub(super) struct ModelTrailer;

impl Reader for ModelTrailer {
    fn kind(&self) -> MarkKind {
        "model-trailer"
    }

    fn needles(&self) -> &'static [&'static str] {
        &["model:", "model :"]
    }

    fn read(&self, text: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        // By line: the block may hold a trailer in two lines, a list or a squash one that Git does not see.
        let mut trailers = BTreeMap::new();
        for trailer in model_trailers(text.message) {
            if lines.binary_search_by_key(&trailer.line, |line| line.number).is_ok() {
                trailers.insert(trailer.line, trailer);
            }
        }
        for line in lines {
            let trailer = parse_model_trailer(line.text, line.number);
            if let Some(trailer) = trailer.filter(provenance::ModelTrailer::has_known_phase) {
                trailers.entry(line.number).or_insert(trailer);
            }
        }
        found.extend(trailers.into_values().map(|trailer| Mark {
            kind: self.kind(),
            text: trailer.text,
            line: trailer.line,
            tool: None,
            model: Some(trailer.model),
            phase: trailer.phase,
            effort: trailer.effort,
            grade: Grade::Declared,
            is_weak: false,
        }));
    }
}
