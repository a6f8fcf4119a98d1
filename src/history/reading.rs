//! What one commit says of who made it, once all that speaks of it has been heard.

use crate::provenance::{CommitRecord, Grade, Mark, ModelName, Origin, Phase};

/// The provenance of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitReading {
    /// How it is known.
    pub class: Class,
    /// The models that had a part, each once for each phase, in the order of their source.
    pub parts: Vec<Part>,
    /// The tool that is named where no model is.
    pub tool: Option<String>,
    /// Models that a weaker source names and the source that counts does not.
    pub mismatches: Vec<ModelName>,
    /// The author is a program that is no AI, such as one that updates dependencies.
    pub bot: bool,
}

/// How the provenance of a commit is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A note names a model, or our own trailer does; with the best grade among them.
    Recorded(Grade),
    /// Only marks in the message name a model or a tool.
    MarksOnly,
    /// Somebody declared that no model had a part.
    Human,
    /// No evidence.
    Unknown,
}

/// A model that had a part in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which model.
    pub model: ModelName,
    /// In which phase; `None` where nobody said.
    pub phase: Option<Phase>,
    /// The program that drove it, where a record says so.
    pub agent: Option<String>,
    /// How this is known.
    pub grade: Grade,
}

/// What one source says: a note, the trailers of ours, or the other marks.
#[derive(Debug, Default)]
struct Statement {
    parts: Vec<Part>,
    tool: Option<String>,
    human: bool,
}

impl CommitReading {
    /// Combines what is known of a commit: note, then trailer, then mark.
    ///
    /// The first source that says anything counts. What a weaker one adds is a mismatch, never one more part.
    pub fn combine(note: Option<&CommitRecord>, marks: &[Mark], bot: bool) -> Self {
        let sources = [
            note.map(Statement::of_note).unwrap_or_default(),
            Statement::of_marks(marks.iter().filter(|mark| mark.grade == Grade::Declared)),
            Statement::of_marks(marks.iter().filter(|mark| mark.grade != Grade::Declared)),
        ];
        let Some(place) = sources.iter().position(Statement::says_anything) else {
            return Self {
                class: Class::Unknown,
                parts: Vec::new(),
                tool: None,
                mismatches: Vec::new(),
                bot,
            };
        };
        let mut weaker = sources.into_iter().skip(place);
        let Statement { parts, tool, .. } = weaker.next().unwrap_or_default();
        let mut mismatches = Vec::new();
        for part in weaker.flat_map(|statement| statement.parts) {
            let named = parts.iter().map(|part| &part.model).chain(&mismatches);
            if !named.into_iter().any(|model| agree(model, &part.model)) {
                mismatches.push(part.model);
            }
        }
        let best = parts.iter().map(|part| part.grade).min();
        let class = match (best, place) {
            (Some(grade), 0 | 1) => Class::Recorded(grade),
            (None, 0 | 1) if tool.is_none() => Class::Human,
            _ => Class::MarksOnly,
        };
        Self { class, tool: tool.filter(|_| parts.is_empty()), parts, mismatches, bot }
    }
}

impl Statement {
    fn of_note(record: &CommitRecord) -> Self {
        let mut statement = Self::default();
        for contribution in &record.contributions {
            match &contribution.origin {
                Origin::Model { model, phase, agent, grade } => statement.parts.push(Part {
                    model: model.clone(),
                    phase: phase.clone(),
                    agent: agent.clone(),
                    grade: *grade,
                }),
                Origin::Human => statement.human = true,
                Origin::Unknown => {}
            }
        }
        statement.without_repetition()
    }

    fn of_marks<'a>(marks: impl Iterator<Item = &'a Mark>) -> Self {
        let mut statement = Self::default();
        for mark in marks {
            match (&mark.model, mark.tool) {
                (Some(model), _) => statement.parts.push(Part {
                    model: model.clone(),
                    phase: mark.phase.clone(),
                    agent: None,
                    grade: mark.grade,
                }),
                (None, Some(tool)) => {
                    statement.tool.get_or_insert_with(|| tool.to_owned());
                }
                // Our own words that name neither say that there was neither.
                (None, None) => statement.human |= mark.grade == Grade::Declared,
            }
        }
        statement.without_repetition()
    }

    fn says_anything(&self) -> bool {
        !self.parts.is_empty() || self.tool.is_some() || self.human
    }

    /// Keeps of several parts that say the same the one that says most.
    fn without_repetition(mut self) -> Self {
        let mut kept: Vec<Part> = Vec::with_capacity(self.parts.len());
        for part in self.parts {
            if kept.iter().any(|other| says_all_of(other, &part)) {
                continue;
            }
            kept.retain(|other| !says_all_of(&part, other));
            kept.push(part);
        }
        self.parts = kept;
        self
    }
}

/// Says whether the first part makes the second superfluous.
fn says_all_of(more: &Part, less: &Part) -> bool {
    (less.phase.is_none() || more.phase == less.phase)
        && (more.model.id() == less.model.id() || is_more_precise(&more.model, &less.model))
        && (more.phase != less.phase
            || more.grade <= less.grade
            || more.model.id() != less.model.id())
}

/// Says whether two names can mean one model: the same id, or `Opus` and `Opus 5.5`.
fn agree(one: &ModelName, other: &ModelName) -> bool {
    one.id() == other.id() || is_more_precise(one, other) || is_more_precise(other, one)
}

/// Says whether a name holds all words of another, and more: `claude-opus-5-5` of `opus`.
fn is_more_precise(more: &ModelName, less: &ModelName) -> bool {
    let words = |model: &ModelName| {
        let words = model.id().split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let (more, less) = (words(more), words(less));
    more.len() > less.len() && less.iter().all(|word| more.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::{Contribution, LineCounts};

    fn mark(model: &str, phase: Option<Phase>, grade: Grade) -> Mark {
        let model = ModelName::parse(model).ok();
        Mark { grade, ..Mark::inferred("test", "", 1).naming(None, model).in_phase(phase) }
    }

    fn tool(tool: &'static str) -> Mark {
        Mark { tool: Some(tool), ..mark("", None, Grade::Inferred) }
    }

    fn note(origins: Vec<Origin>) -> CommitRecord {
        let contributions = origins
            .into_iter()
            .map(|origin| Contribution {
                origin,
                requested: None,
                session: None,
                lines: LineCounts::default(),
            })
            .collect();
        CommitRecord { contributions, ..CommitRecord::default() }
    }

    fn by(model: &str, phase: Phase, grade: Grade) -> Origin {
        let model = ModelName::parse(model).unwrap();
        Origin::Model { model, phase: Some(phase), agent: None, grade }
    }

    fn names(reading: &CommitReading) -> Vec<&str> {
        reading.parts.iter().map(|part| part.model.id()).collect()
    }

    #[test]
    fn the_note_counts_and_another_model_in_the_message_is_a_mismatch() {
        let note = note(vec![by("alpha-2", Phase::Implementation, Grade::Observed)]);
        let marks = [mark("alpha", None, Grade::Declared), mark("beta-1", None, Grade::Inferred)];
        let reading = CommitReading::combine(Some(&note), &marks, false);
        assert_eq!(reading.class, Class::Recorded(Grade::Observed));
        assert_eq!(names(&reading), ["alpha-2"]);
        assert_eq!(reading.mismatches, [ModelName::parse("beta-1").unwrap()]);
    }

    #[test]
    fn a_note_that_found_nothing_leaves_the_word_to_the_message() {
        let marks = [tool("claude-code")];
        let reading = CommitReading::combine(Some(&note(vec![])), &marks, false);
        assert_eq!(reading.class, Class::MarksOnly);
        assert_eq!(reading.tool.as_deref(), Some("claude-code"));
        let reading = CommitReading::combine(Some(&note(vec![])), &[], true);
        assert_eq!(reading.class, Class::Unknown);
        assert!(reading.bot);
    }

    #[test]
    fn our_trailer_is_declared_and_a_declared_nothing_is_human() {
        let marks = [mark("alpha", Some(Phase::Review), Grade::Declared)];
        let reading = CommitReading::combine(None, &marks, false);
        assert_eq!(reading.class, Class::Recorded(Grade::Declared));
        let reading = CommitReading::combine(None, &[mark("", None, Grade::Declared)], false);
        assert_eq!(reading.class, Class::Human);
        let reading = CommitReading::combine(Some(&note(vec![Origin::Human])), &marks, false);
        assert_eq!((reading.class, reading.mismatches.len()), (Class::Human, 1));
    }

    #[test]
    fn of_several_marks_the_most_precise_one_counts_once() {
        let marks = [
            mark("opus", None, Grade::Inferred),
            mark("claude-opus-5-5", None, Grade::Inferred),
            tool("claude-code"),
            mark("claude-opus-5-5", Some(Phase::Architecture), Grade::Inferred),
        ];
        let reading = CommitReading::combine(None, &marks, false);
        assert_eq!(names(&reading), ["claude-opus-5-5"]);
        assert_eq!(reading.parts[0].phase, Some(Phase::Architecture));
        assert_eq!(reading.tool, None);
    }
}
