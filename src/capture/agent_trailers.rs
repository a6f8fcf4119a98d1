//! The trailers that coding agents write by themselves, such as `Co-Authored-By: Claude Opus 5.5`.
//!
//! An agent may name another model than the one that worked: Claude Code goes on to name the model of the last prompt
//! after it has switched. What a person typed of other tools or people is never touched.

use crate::marks;
use crate::provenance::{
    CommitRecord, CommitText, Grade, Identity, ModelName, Origin, Phase, Trailer, parse_trailers,
};
use crate::settings::AgentTrailers;

/// What is to be done with the agents' own trailers of a message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Settled {
    /// Whole lines to be taken out.
    pub(super) remove: Vec<String>,
    /// Whole lines to be put in, before ours.
    pub(super) add: Vec<String>,
    /// Models that were named and that the evidence does not show.
    pub(super) mismatches: Vec<ModelName>,
}

/// Compares the agents' own trailers of a cleaned message with what they were observed to do.
pub(super) fn settle(message: &str, record: &CommitRecord, choice: AgentTrailers) -> Settled {
    let mut settled = Settled::default();
    for trailer in parse_trailers(message) {
        let Some((tool, named)) = agent_of(&trailer) else { continue };
        let observed = observed_models(record, tool);
        if observed.is_empty() {
            continue;
        }
        let wrong = named.filter(|named| !observed.iter().any(|(one, _)| agree(one, named)));
        let line = format!("{}: {}", trailer.key, trailer.value);
        match (choice, &wrong) {
            (AgentTrailers::Replace | AgentTrailers::Drop, _) => settled.remove.push(line),
            (AgentTrailers::Correct, Some(named)) => {
                let corrected = corrected(&trailer, named, &observed);
                if !corrected.is_empty() {
                    settled.remove.push(line);
                    settled.add.extend(corrected);
                }
            }
            (AgentTrailers::Correct, None) | (AgentTrailers::Keep, _) => {}
        }
        settled.mismatches.extend(wrong);
    }
    settled
}

/// Returns the tool whose own trailer this is, and the model that it names.
fn agent_of(trailer: &Trailer) -> Option<(&'static str, Option<ModelName>)> {
    let message = format!("-\n\n{}: {}\n", trailer.key, trailer.value);
    let nobody = Identity::parse("");
    let text = CommitText { author: nobody, committer: nobody, message: &message };
    let mark = marks::read(&text).into_iter().find(|mark| mark.kind == "co-author")?;
    Some((mark.tool?, mark.model))
}

/// Returns the models that a tool was observed to use, and whether each wrote lines.
fn observed_models<'r>(record: &'r CommitRecord, tool: &str) -> Vec<(&'r ModelName, bool)> {
    let model = |one: &'r crate::provenance::Contribution| match &one.origin {
        Origin::Model { model, phase, agent, grade: Grade::Observed }
            if agent.as_deref() == Some(tool) && *phase != Some(Phase::Advice) =>
        {
            Some((model, one.lines.changed() > 0))
        }
        _ => None,
    };
    record.contributions.iter().filter_map(model).collect()
}

/// Says whether a trailer means a model: the same one, or its family without a version.
fn agree(observed: &ModelName, named: &ModelName) -> bool {
    observed.id() == named.id()
        || named.version().is_empty() && named.line().is_some() && observed.line() == named.line()
}

/// Returns the trailer with the names of the models that wrote, one line for each.
fn corrected(trailer: &Trailer, named: &ModelName, observed: &[(&ModelName, bool)]) -> Vec<String> {
    let writers = observed.iter().filter(|(_, wrote)| *wrote);
    let spelling =
        [named.raw(), named.display()].into_iter().find(|name| trailer.value.contains(name));
    let Some(spelling) = spelling else { return Vec::new() };
    // The vendor's word in front is a part of what was met as the name.
    let brand = spelling.strip_suffix(named.display()).unwrap_or_default();
    let line = |(model, _): &(&ModelName, bool)| {
        let name = format!("{brand}{}", model.display());
        format!("{}: {}", trailer.key, trailer.value.replacen(spelling, &name, 1))
    };
    let mut lines = writers.map(line).collect::<Vec<_>>();
    lines.dedup();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::{Contribution, LineCounts};

    fn record(models: &[&str]) -> CommitRecord {
        let part = |name: &&str| Contribution {
            origin: Origin::Model {
                model: ModelName::parse(name).unwrap(),
                phase: Some(Phase::Implementation),
                agent: Some("claude-code".into()),
                grade: Grade::Observed,
            },
            requested: None,
            session: None,
            lines: LineCounts { added: 1, ..LineCounts::default() },
        };
        CommitRecord { contributions: models.iter().map(part).collect(), ..CommitRecord::default() }
    }

    const OPUS: &str = "Co-Authored-By: Claude Opus 5.5 <noreply@anthropic.com>";
    const ADA: &str = "Co-Authored-By: Ada <ada@example.com>";

    fn settled(models: &[&str], choice: AgentTrailers) -> Settled {
        settle(&format!("s\n\n{OPUS}\n{ADA}\n"), &record(models), choice)
    }

    #[test]
    fn a_wrong_name_is_corrected_to_those_who_wrote() {
        let settled = settled(&["claude-sonnet-5-5", "claude-haiku-5-5"], AgentTrailers::Correct);
        assert_eq!(settled.remove, [OPUS]);
        assert_eq!(
            settled.add,
            [
                "Co-Authored-By: Claude Sonnet 5.5 <noreply@anthropic.com>",
                "Co-Authored-By: Claude Haiku 5.5 <noreply@anthropic.com>"
            ]
        );
        assert_eq!(settled.mismatches[0].id(), "claude-opus-5-5");
    }

    #[test]
    fn a_right_name_is_kept_and_people_always_are() {
        for choice in [AgentTrailers::Keep, AgentTrailers::Correct] {
            assert_eq!(settled(&["claude-opus-5-5"], choice), Settled::default());
        }
        assert_eq!(settled(&["claude-opus-5-5"], AgentTrailers::Drop).remove, [OPUS]);
        assert_eq!(settled(&[], AgentTrailers::Drop), Settled::default());
    }
}
