//! Choosing commits by model, phase, tool and grade.

use crate::history::{CommitReading, Part};
use crate::provenance::{Grade, ModelName, Phase};

/// Which commits are wanted; the default wants all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A model that must have had a part.
    pub model: Option<Glob>,
    /// The phase in which some model, or the one above, had a part.
    pub phase: Option<Phase>,
    /// A tool that must be named.
    pub tool: Option<Glob>,
    /// How well it must be known at least: the part above where one is asked for, else the commit.
    pub grade: Option<Grade>,
}

/// A pattern for names: `*` stands for any characters, `?` for one; case does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    pattern: Vec<char>,
}

impl Filter {
    /// Says whether all commits are wanted.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Says whether a commit is wanted.
    pub fn matches(&self, reading: &CommitReading) -> bool {
        let is_known = |grade: Grade| self.grade.is_none_or(|wanted| grade <= wanted);
        let matches_part = |part: &Part| {
            self.model.as_ref().is_none_or(|glob| glob.matches_model(&part.model))
                && self.phase.as_ref().is_none_or(|phase| part.phase.as_ref() == Some(phase))
                && is_known(part.grade)
        };
        // Of a tool without a model the phase may be told all the same.
        let is_of_tool = self.model.is_none()
            && self.phase.as_ref().is_some_and(|phase| reading.tool_phases.contains(phase))
            && is_known(reading.grade());
        let asks_for_part = self.model.is_some() || self.phase.is_some();
        self.tool.as_ref().is_none_or(|glob| reading.tools.iter().any(|tool| glob.matches(tool)))
            && if asks_for_part {
                is_of_tool || reading.parts.iter().any(matches_part)
            } else {
                is_known(reading.grade())
            }
    }
}

impl Glob {
    /// Makes a pattern of what the user typed.
    pub fn new(pattern: &str) -> Self {
        Self { pattern: pattern.to_lowercase().chars().collect() }
    }

    /// Says whether it matches the id, the display name or the raw spelling of a model.
    pub fn matches_model(&self, model: &ModelName) -> bool {
        [model.id(), model.display(), model.raw()].into_iter().any(|name| self.matches(name))
    }

    /// Says whether it matches the whole of a text.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.to_lowercase().chars().collect();
        let (mut at, mut place) = (0, 0);
        // Where to go on after the last `*`, should what follows it not fit here.
        let mut retry: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.pattern.get(place) {
                Some('*') => {
                    place += 1;
                    retry = Some((place, at));
                }
                Some(wanted) if *wanted == '?' || *wanted == text[at] => {
                    place += 1;
                    at += 1;
                }
                _ => {
                    let Some((after_star, from)) = retry else { return false };
                    place = after_star;
                    at = from + 1;
                    retry = Some((after_star, at));
                }
            }
        }
        self.pattern[place..].iter().all(|c| *c == '*')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Class;

    #[test]
    fn grade_and_tool_choose_commits_and_with_a_model_the_grade_is_that_of_the_part() {
        let part = |name: &str, grade| Part::new(ModelName::parse(name).unwrap(), None, grade);
        let parts = vec![part("alpha", Grade::Observed), part("beta", Grade::Inferred)];
        let mut reading = CommitReading::new(Class::Recorded(Grade::Observed), parts);
        reading.tools.push("claude-code".to_owned());
        let matches = |filter: Filter| filter.matches(&reading);
        let grade = Some(Grade::Declared);
        assert!(matches(Filter { grade, ..Filter::default() }));
        let model = |name| Some(Glob::new(name));
        assert!(matches(Filter { grade, model: model("alpha"), ..Filter::default() }));
        assert!(!matches(Filter { grade, model: model("beta"), ..Filter::default() }));
        assert!(matches(Filter { tool: model("claude*"), ..Filter::default() }));
        assert!(!matches(Filter { tool: model("codex"), ..Filter::default() }));
        let mut tool_only = CommitReading::new(Class::MarksOnly, Vec::new());
        tool_only.tool_phases.push(Phase::Review);
        let phase = |phase| Filter { phase: Some(phase), ..Filter::default() };
        assert!(phase(Phase::Review).matches(&tool_only));
        assert!(!phase(Phase::Architecture).matches(&tool_only));
        let of_model = Filter { model: model("alpha"), ..phase(Phase::Review) };
        assert!(!of_model.matches(&tool_only));
        let unknown = CommitReading::new(Class::Unknown, Vec::new());
        assert!(!Filter { grade, ..Filter::default() }.matches(&unknown));
    }

    #[test]
    fn stars_and_question_marks_match_without_regard_to_case() {
        for (pattern, text, expected) in [
            ("opus*", "Opus 5.5", true),
            ("*opus*", "claude-opus-5-5", true),
            ("opus", "Opus 5.5", false),
            ("gpt-?.1*", "gpt-6.1-sol", true),
            ("*a*b", "aabab", true),
            ("*a*b", "aaba", false),
            ("", "", true),
            ("*", "", true),
            ("?", "", false),
        ] {
            assert_eq!(Glob::new(pattern).matches(text), expected, "{pattern} {text}");
        }
    }
}
