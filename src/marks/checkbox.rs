//! The ticked box of Warp's pull request template.

use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind};

const TICKED: [&str; 2] =
    ["[x] warp agent mode", "[x] this pr was created via warp's ai agent mode"];

/// Reads `- [x] Warp Agent Mode`; the box that is not ticked is the template.
pub(super) struct Checkbox;

impl Reader for Checkbox {
    fn kind(&self) -> MarkKind {
        "checkbox"
    }

    fn needles(&self) -> &'static [&'static str] {
        &TICKED
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for line in lines {
            let is_ticked = TICKED.iter().any(|box_text| {
                line.text
                    .get(..box_text.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(box_text))
            });
            if is_ticked {
                let mark = Mark::inferred(self.kind(), line.text, line.number);
                found.push(mark.naming(Some("warp"), None));
            }
        }
    }
}
