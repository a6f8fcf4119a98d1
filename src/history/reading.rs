//! What one commit says of who made it, once all that speaks of it has been heard.

use crate::provenance::{
    CommitRecord, FollowedPlan, ForeignNote, Grade, LineCounts, Mark, ModelName, Origin, Phase,
    Review, Usage,
};

/// The provenance of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitReading {
    /// How it is known.
    pub class: Class,
    /// The models that had a part, each once for each phase, in the order of their source.
    pub parts: Vec<Part>,
    /// The tool that is named where no model is.
    pub tool: Option<String>,
    /// The phases in which it is said to have had a part; empty where nobody said.
    pub tool_phases: Vec<Phase>,
    /// All tools that any source names, each once.
    pub tools: Vec<String>,
    /// Models that a weaker source names and the source that counts does not.
    pub mismatches: Vec<ModelName>,
    /// What the sessions cost whose work it uses.
    pub usage: Vec<Usage>,
    /// The plans that it followed.
    pub plans: Vec<FollowedPlan>,
    /// The verdicts on its change.
    pub reviews: Vec<Review>,
    /// A review of an agent read it, which is no verdict.
    pub is_read: bool,
    /// A review was due and left out on purpose.
    pub skips_review: bool,
    /// The author is a program that is no AI, such as one that updates dependencies.
    pub bot: bool,
    /// Whether a note of ours tells of it.
    pub note: Noted,
}

/// Whether a note of ours tells of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// There is one.
    Here,
    /// Trailers of ours count, beside which a hook writes a note, and it is not here.
    Missing,
    /// Nothing says that there ever was one.
    Never,
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
    /// The program that drove it, where the same words say so.
    pub agent: Option<String>,
    /// How this is known.
    pub grade: Grade,
    /// The changed lines that are its own, where a record counts them.
    pub lines: Option<LineCounts>,
    /// The model that was asked for, where this one answered instead.
    pub requested: Option<ModelName>,
}

/// What one source says: a note, the trailers of ours, or the other marks.
#[derive(Debug, Default)]
struct Statement {
    parts: Vec<Part>,
    tool: Option<String>,
    tool_phases: Vec<Phase>,
    human: bool,
}

/// The place of our trailers among the sources of a reading.
const TRAILERS: usize = 2;

impl CommitReading {
    /// Makes a reading of parts alone.
    pub fn new(class: Class, parts: Vec<Part>) -> Self {
        Self {
            class,
            parts,
            tool: None,
            tool_phases: Vec::new(),
            tools: Vec::new(),
            mismatches: Vec::new(),
            usage: Vec::new(),
            plans: Vec::new(),
            reviews: Vec::new(),
            is_read: false,
            skips_review: false,
            bot: false,
            note: Noted::Never,
        }
    }

    /// Combines what is known of a commit: our note, then other tools' notes, then trailer, then mark.
    ///
    /// The first source that says anything counts. What a weaker one adds is a mismatch, never one more part.
    /// Weak marks are no source: a person's merge of an agent's branch is the person's.
    pub fn combine(
        note: Option<&CommitRecord>,
        foreign: &[ForeignNote],
        marks: &[Mark],
        bot: bool,
    ) -> Self {
        let counted = marks.iter().filter(|mark| !mark.is_weak).cloned().collect::<Vec<_>>();
        let marks = counted.as_slice();
        let tools = tools(note, foreign, marks);
        let sources = [
            note.map(Statement::of_note).unwrap_or_default(),
            Statement::of_foreign(foreign),
            Statement::of_marks(marks.iter().filter(|mark| mark.grade == Grade::Declared)),
            Statement::of_marks(marks.iter().filter(|mark| mark.grade != Grade::Declared)),
        ];
        let Some(place) = sources.iter().position(Statement::says_anything) else {
            let noted = if note.is_some() { Noted::Here } else { Noted::Never };
            let nothing = Self { tools, bot, note: noted, ..Self::new(Class::Unknown, Vec::new()) };
            return nothing.reviewed_as(note);
        };
        let mut weaker = sources.into_iter().skip(place);
        let Statement { parts, tool, mut tool_phases, .. } = weaker.next().unwrap_or_default();
        let mut mismatches = Vec::<ModelName>::new();
        let said = weaker.flat_map(|statement| statement.parts).map(|part| part.model);
        let told = note.iter().flat_map(|record| record.mismatches.iter().cloned());
        for other in said.chain(told) {
            let named = parts.iter().map(|part| &part.model).chain(&mismatches);
            if !named.into_iter().any(|model| agree(model, &other)) {
                mismatches.push(other);
            }
        }
        // Who reviewed says nothing of how well it is known who wrote.
        let is_review = |part: &&Part| part.phase == Some(Phase::Review);
        let wrote = parts.iter().filter(|part| !is_review(part)).map(|part| part.grade).min();
        let best = wrote.or_else(|| parts.iter().map(|part| part.grade).min());
        let class = match (best, place) {
            (Some(grade), 0..=TRAILERS) => Class::Recorded(grade),
            (None, 0..=TRAILERS) if tool.is_none() => Class::Human,
            _ => Class::MarksOnly,
        };
        let tool = tool.filter(|_| parts.is_empty());
        if tool.is_none() {
            tool_phases.clear();
        }
        let noted = match (note, best) {
            (Some(_), _) => Noted::Here,
            (None, Some(_)) if place == TRAILERS => Noted::Missing,
            (None, _) => Noted::Never,
        };
        let usage = note.map(|record| record.usage.clone()).unwrap_or_default();
        let plans = note.map(|record| record.plans.clone()).unwrap_or_default();
        let reading = Self {
            tool,
            tool_phases,
            tools,
            mismatches,
            usage,
            plans,
            bot,
            note: noted,
            ..Self::new(class, parts)
        };
        reading.reviewed_as(note)
    }

    /// Adds what the record says of reviews.
    fn reviewed_as(self, note: Option<&CommitRecord>) -> Self {
        let Some(record) = note else { return self };
        Self {
            reviews: record.reviews.clone(),
            is_read: !record.read_by.is_empty(),
            skips_review: record.skips_review,
            ..self
        }
    }

    /// Returns how well it is known what this commit is; `Unknown` where nothing is.
    pub fn grade(&self) -> Grade {
        match self.class {
            Class::Recorded(grade) => grade,
            Class::MarksOnly => Grade::Inferred,
            Class::Human => Grade::Declared,
            Class::Unknown => Grade::Unknown,
        }
    }
}

impl Statement {
    fn of_note(record: &CommitRecord) -> Self {
        let mut statement = Self::default();
        // A note that counts no lines at all does not know them: of a squash on a host, or by another program.
        let counts = record.contributions.iter().any(|one| one.lines.changed() > 0);
        for contribution in &record.contributions {
            match &contribution.origin {
                Origin::Model { model, phase, agent, grade } => statement.parts.push(Part {
                    model: model.clone(),
                    phase: phase.clone(),
                    agent: agent.clone(),
                    grade: *grade,
                    lines: counts.then_some(contribution.lines),
                    requested: contribution.requested.clone(),
                }),
                Origin::Human => statement.human = true,
                Origin::Unknown => {}
            }
        }
        statement.without_repetition()
    }

    fn of_foreign(notes: &[ForeignNote]) -> Self {
        let mut statement = Self::default();
        for claim in notes.iter().flat_map(|note| &note.claims) {
            match (&claim.model, &claim.tool) {
                (Some(model), tool) => statement.parts.push(Part {
                    agent: tool.clone(),
                    ..Part::new(model.clone(), None, Grade::Declared)
                }),
                (None, Some(tool)) => {
                    statement.tool.get_or_insert_with(|| tool.clone());
                }
                (None, None) => {}
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
                    agent: mark.tool.map(str::to_owned),
                    grade: mark.grade,
                    lines: None,
                    requested: None,
                }),
                (None, Some(tool)) => {
                    statement.tool.get_or_insert_with(|| tool.to_owned());
                    let phase = mark.phase.iter().find(|one| !statement.tool_phases.contains(one));
                    statement.tool_phases.extend(phase.cloned());
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
            if let Some(other) = kept.iter_mut().find(|other| says_all_of(other, &part)) {
                other.absorb(part);
                continue;
            }
            let less: Vec<Part> = kept.extract_if(.., |other| says_all_of(&part, other)).collect();
            kept.push(less.into_iter().fold(part, |mut part, less| {
                part.absorb(less);
                part
            }));
        }
        self.parts = kept;
        self
    }
}

impl Part {
    /// Makes a part of which nothing more is known.
    pub fn new(model: ModelName, phase: Option<Phase>, grade: Grade) -> Self {
        Self { model, phase, agent: None, grade, lines: None, requested: None }
    }

    /// Takes over what another part knows that says nothing else of its own.
    fn absorb(&mut self, other: Self) {
        self.agent = self.agent.take().or(other.agent);
        self.requested = self.requested.take().or(other.requested);
        if let Some(lines) = other.lines {
            self.lines.get_or_insert_default().add(lines);
        }
    }
}

/// Returns all tools that a commit's sources name, each once.
fn tools(note: Option<&CommitRecord>, foreign: &[ForeignNote], marks: &[Mark]) -> Vec<String> {
    let of_note = note.iter().flat_map(|record| &record.contributions).filter_map(|one| {
        let Origin::Model { agent, .. } = &one.origin else { return None };
        agent.as_deref()
    });
    let mut tools: Vec<String> = Vec::new();
    let of_foreign = foreign.iter().flat_map(|note| &note.claims);
    let of_notes = of_note.chain(of_foreign.filter_map(|claim| claim.tool.as_deref()));
    for tool in of_notes.chain(marks.iter().filter_map(|mark| mark.tool)) {
        if !tools.iter().any(|known| known == tool) {
            tools.push(tool.to_owned());
        }
    }
    tools
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
///
/// A longer version is another one: `gpt-5` is not `gpt-5.6`.
fn is_more_precise(more: &ModelName, less: &ModelName) -> bool {
    if !less.version().is_empty() && less.version() != more.version() {
        return false;
    }
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
    use crate::provenance::{Claim, Contribution};

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
        let reading = CommitReading::combine(Some(&note), &[], &marks, false);
        assert_eq!(reading.class, Class::Recorded(Grade::Observed));
        assert_eq!(names(&reading), ["alpha-2"]);
        assert_eq!(reading.mismatches, [ModelName::parse("beta-1").unwrap()]);
    }

    #[test]
    fn a_note_that_found_nothing_leaves_the_word_to_the_message() {
        let marks = [tool("claude-code")];
        let reading = CommitReading::combine(Some(&note(vec![])), &[], &marks, false);
        assert_eq!(reading.class, Class::MarksOnly);
        assert_eq!(reading.tool.as_deref(), Some("claude-code"));
        let reading = CommitReading::combine(Some(&note(vec![])), &[], &[], true);
        assert_eq!(reading.class, Class::Unknown);
        assert!(reading.bot);
    }

    #[test]
    fn another_tools_note_counts_before_the_message_and_after_ours() {
        let claim = |model: &str| Claim {
            tool: Some("cursor".to_owned()),
            model: ModelName::parse(model).ok(),
        };
        let foreign = |model| {
            let claims = vec![claim(model)];
            [ForeignNote { reference: "refs/notes/ai", claims, files: None }]
        };
        let marks = [mark("alpha", None, Grade::Declared)];
        let reading = CommitReading::combine(None, &foreign("beta"), &marks, false);
        assert_eq!(reading.class, Class::Recorded(Grade::Declared));
        assert_eq!((names(&reading), reading.mismatches.len()), (vec!["beta"], 1));
        assert_eq!(reading.tools, ["cursor"]);
        let reading = CommitReading::combine(None, &foreign(""), &[], false);
        assert_eq!((reading.class, reading.tool.as_deref()), (Class::MarksOnly, Some("cursor")));
        let note = note(vec![by("alpha-2", Phase::Implementation, Grade::Observed)]);
        let reading = CommitReading::combine(Some(&note), &foreign("beta"), &[], false);
        assert_eq!((names(&reading), reading.mismatches.len()), (vec!["alpha-2"], 1));
    }

    #[test]
    fn our_trailer_is_declared_and_a_declared_nothing_is_human() {
        let marks = [mark("alpha", Some(Phase::Review), Grade::Declared)];
        let reading = CommitReading::combine(None, &[], &marks, false);
        assert_eq!(reading.class, Class::Recorded(Grade::Declared));
        let reading = CommitReading::combine(None, &[], &[mark("", None, Grade::Declared)], false);
        assert_eq!(reading.class, Class::Human);
        let reading = CommitReading::combine(Some(&note(vec![Origin::Human])), &[], &marks, false);
        assert_eq!((reading.class, reading.mismatches.len()), (Class::Human, 1));
    }

    #[test]
    fn the_phase_of_a_tool_without_a_model_is_kept() {
        let marks = [Mark { phase: Some(Phase::Review), ..tool("codex") }, tool("codex")];
        let reading = CommitReading::combine(None, &[], &marks, false);
        assert_eq!(reading.tool_phases, [Phase::Review]);
        let marks = [marks[0].clone(), mark("alpha", None, Grade::Inferred)];
        assert_eq!(CommitReading::combine(None, &[], &marks, false).tool_phases, []);
    }

    #[test]
    fn a_longer_version_is_another_model() {
        let models = |names: [&str; 2]| {
            let marks = names.map(|name| mark(name, None, Grade::Inferred));
            CommitReading::combine(None, &[], &marks, false).parts.len()
        };
        assert_eq!(models(["gpt-5", "gpt-5.6"]), 2);
        assert_eq!(models(["claude-sonnet-4", "claude-sonnet-4-5"]), 2);
        assert_eq!(models(["claude-sonnet", "claude-sonnet-4-5"]), 1);
        assert_eq!(models(["gpt-5.6", "gpt-5.6-sol"]), 1);
    }

    #[test]
    fn a_weak_mark_counts_for_nothing() {
        let reading = CommitReading::combine(None, &[], &[tool("copilot").as_weak()], false);
        assert_eq!((reading.class, reading.tools), (Class::Unknown, Vec::new()));
    }

    #[test]
    fn of_several_marks_the_most_precise_one_counts_once() {
        let marks = [
            mark("opus", None, Grade::Inferred),
            mark("claude-opus-5-5", None, Grade::Inferred),
            tool("claude-code"),
            mark("claude-opus-5-5", Some(Phase::Architecture), Grade::Inferred),
        ];
        let reading = CommitReading::combine(None, &[], &marks, false);
        assert_eq!(names(&reading), ["claude-opus-5-5"]);
        assert_eq!(reading.parts[0].phase, Some(Phase::Architecture));
        assert_eq!(reading.tool, None);
    }
}
