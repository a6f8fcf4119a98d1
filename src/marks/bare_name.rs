//! A line that is nothing but the name of a model: `GPT-5.6 Sol High`. It completes another mark.

use super::names;
use super::prose;
use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind};

/// No name is longer.
const LONGEST: usize = 60;

/// Reads lines that are the name of a model with its version.
pub(super) struct BareName;

impl Reader for BareName {
    fn kind(&self) -> MarkKind {
        "bare-name"
    }

    fn needles(&self) -> &'static [&'static str] {
        &prose::NAMES
    }

    fn stands_alone(&self) -> bool {
        false
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for line in lines.iter().skip(1).filter(|line| line.text.len() <= LONGEST) {
            let is_name =
                line.text.bytes().any(|byte| byte.is_ascii_digit()) && prose::may_name(line.text);
            if let Some(model) = is_name.then(|| names::model(line.text)).flatten() {
                found.push(
                    Mark::inferred(self.kind(), line.text, line.number).naming(None, Some(model)),
                );
            }
        }
    }
}
