//! The outcome of a review as commands of a GitHub workflow, which show each finding at its line.

use crate::format::printable;
use crate::provenance::Verdict;
use crate::report::ReviewReport;
use crate::review::PlanStatus;

/// Writes a line for each finding and contradiction, and one for the verdict.
pub(super) fn commands(report: &ReviewReport) -> String {
    let outcome = report.outcome();
    let mut lines = Vec::new();
    for finding in &outcome.findings {
        let kind = if finding.blocks { "error" } else { "warning" };
        let place = format!(
            "file={},line={},endLine={}",
            property(&finding.path),
            finding.start_line,
            finding.end_line.max(finding.start_line)
        );
        let title = format!("{} ({})", finding.title, finding.severity.as_str());
        lines.push(format!(
            "::{kind} {place},title={}::{}",
            property(&title),
            message(&finding.why)
        ));
    }
    for item in outcome.plan.iter().filter(|item| item.status == PlanStatus::Contradicted) {
        let kind = if item.blocks { "error" } else { "warning" };
        let place = item.place.as_ref();
        let place = place.map(|(path, line)| format!("file={},line={line},", property(path)));
        let why = item.why.as_deref().unwrap_or_default();
        let text = format!("the plan says \"{}\"; {why}", item.item);
        let place = place.unwrap_or_default();
        lines.push(format!("::{kind} {place}title=the plan is contradicted::{}", message(&text)));
    }
    let kind = if outcome.verdict == Verdict::Pass { "notice" } else { "error" };
    lines.push(format!("::{kind} title=git-model review::{}", message(&report.headline())));
    lines.join("\n")
}

/// Writes the text of a command: what would end it is written in percent.
fn message(text: &str) -> String {
    let lines = text.lines().map(|line| printable(line).replace('%', "%25"));
    lines.collect::<Vec<_>>().join("%0A")
}

/// Writes the value of a property, which ends at commas and colons, too.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_begin_a_command_of_its_own() {
        assert_eq!(message("50 %\n::error::x\r\ny"), "50 %25%0A::error::x%0Ay");
        assert_eq!(property("a,b: c\nd"), "a%2Cb%3A c%0Ad");
    }
}
