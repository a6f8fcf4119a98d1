//! The texts that go from one model to the next, and what a plan's text must be.

use crate::provenance::{ModelName, Plan, Scope, Steps};
use crate::workflow::Error;

/// A larger text is no plan, in bytes.
const TEXT_LIMIT: usize = 8 << 20;

/// Checks the bytes of a plan and returns its text: UTF-8, with something in it, and with a line end.
pub fn check_text(bytes: &[u8]) -> Result<String, Error> {
    if bytes.len() > TEXT_LIMIT {
        return Err(Error::TooLarge { bytes: bytes.len(), limit: TEXT_LIMIT });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let line_of = |place: usize| bytes[..place].split(|byte| *byte == b'\n').count();
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Error::NotText { line: line_of(error.valid_up_to()) })?;
    if let Some(place) = text.find('\0') {
        return Err(Error::NotText { line: line_of(place) });
    }
    if text.trim().is_empty() {
        return Err(Error::EmptyText);
    }
    Ok(if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") })
}

/// Returns what an approval answers, on one line.
pub fn approval_answer(plan: &Plan) -> String {
    match plan.approved() {
        Some(Scope::Part(steps)) => format!(
            "Plan approved: {} of {}. Now implement this exactly as designed.",
            steps.in_words(),
            plan.steps().len()
        ),
        _ => "Plan approved. Now implement this exactly as designed.".to_owned(),
    }
}

/// Returns the text for the model that a plan, or a part of it, is handed to.
pub fn handoff_text(plan: &Plan, to: &ModelName, scope: &Scope) -> String {
    let planner = plan.planner.as_ref().map(|planner| with_effort(&planner.model));
    let planner = planner.map(|name| format!(" ({name})")).unwrap_or_default();
    let number = plan.steps().len();
    let what = scope.steps(number).map_or_else(|| "it".to_owned(), |steps| steps.in_words());
    let mut text = format!(
        "Planning phase complete{planner}. HANDOFF: Switching to {} for implementation. Approved plan attached. Execute {what} following this plan exactly.\n\n\
         Small adaptations are yours to make where scope, interfaces and acceptance stay as they are; say which you made.\n\
         Where the plan is wrong or leaves something open, do not redesign it: stop and ask for a course correction\n\
         (git model escalate {} --reason \"...\").\n",
        with_effort(to),
        plan.id
    );
    let handed = plan.handed_off().and_then(|scope| scope.steps(number)).unwrap_or_default();
    let rest = Some(Steps::all(number).without(&handed)).filter(|rest| !rest.is_empty());
    if let Some(rest) = rest {
        text.extend(["Leave ", &rest.in_words(), " alone: not handed to you.\n"]);
    }
    text + &attached(plan, plan.version)
}

/// Returns the text for the planning model of a plan that turned out wrong; `so_far` lists what was done.
///
/// The plan is the new version, whose text is still that of the old one.
pub fn correction_text(plan: &Plan, reason: &str, by: Option<&ModelName>, so_far: &str) -> String {
    let stopped = by.map(|model| format!(" by {}", with_effort(model))).unwrap_or_default();
    let planner = plan.planner.as_ref().map(|planner| with_effort(&planner.model));
    let back = planner.map_or_else(String::new, |name| format!(" Back to {name} for planning."));
    let so_far = if so_far.trim().is_empty() { "nothing\n" } else { so_far };
    format!(
        "COURSE CORRECTION: implementation{stopped} stopped, the plan turned out wrong.{back}\n\n\
         Reason: {reason}\n\n\
         Write version {} of the plan: keep what still holds, say what changes and why, and what becomes of what was\n\
         done so far. Do not implement it: it will be approved first (git model plan edit {} FILE).\n\n\
         Done so far:\n{}\n{}",
        plan.version,
        plan.id,
        so_far.trim_end(),
        attached(plan, plan.version.saturating_sub(1))
    )
}

fn attached(plan: &Plan, version: u32) -> String {
    let (id, title, text) = (&plan.id, &plan.title, &plan.text);
    let request = plan.request.as_ref();
    let request = request.map(|text| format!("Request: {text}\n\n")).unwrap_or_default();
    format!("\n---- Plan {id}, version {version}: {title} ----\n\n{request}{text}")
}

fn with_effort(model: &ModelName) -> String {
    match model.effort() {
        Some(effort) => format!("{}, effort {effort}", model.display()),
        None => model.display().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_utf8_and_not_empty() {
        assert_eq!(check_text(b"\xef\xbb\xbf1. a").unwrap(), "1. a\n");
        assert!(matches!(check_text(b" \n\t\n"), Err(Error::EmptyText)));
        assert!(matches!(check_text(b"a\nb \xff\n"), Err(Error::NotText { line: 2 })));
        assert!(matches!(check_text(b"a\0b"), Err(Error::NotText { line: 1 })));
        assert!(matches!(check_text(&vec![b'a'; TEXT_LIMIT + 1]), Err(Error::TooLarge { .. })));
    }
}
