//! The words by which people say that an AI made something, and what it made.

use super::claim::skip_back;
use super::sentence::Token;
use crate::provenance::Phase;

/// What was done, said with `by`, `with`, `using` or `via`.
pub(super) const PARTICIPLES: &[&str] = &[
    "written",
    "authored",
    "co-authored",
    "coauthored",
    "generated",
    "created",
    "drafted",
    "developed",
    "co-developed",
    "codeveloped",
    "implemented",
    "built",
    "coded",
    "vibe-coded",
    "vibecoded",
    "made",
    "produced",
    "designed",
    "planned",
    "architected",
    "refactored",
    "translated",
    "ported",
    "fixed",
    "done",
    "assisted",
    "driven",
    "pair-programmed",
    "prototyped",
    "co-written",
    "added",
    "rewritten",
    "composed",
    "changed",
    "prepared",
    "adapted",
    "scaffolded",
];

/// What an AI did.
pub(super) const DID: &[&str] = &[
    "implemented",
    "authored",
    "coded",
    "drafted",
    "wrote",
    "built",
    "generated",
    "created",
    "made",
    "fixed",
    "added",
    "did",
    "developed",
    "translated",
    "refactored",
    "rewrote",
    "produced",
    "ported",
    "designed",
    "planned",
    "prototyped",
    "scaffolded",
];

/// What an AI did that makes nothing by itself.
pub(super) const FOUND: &[&str] = &[
    "found",
    "spotted",
    "identified",
    "diagnosed",
    "noticed",
    "investigated",
    "debugged",
    "analyzed",
    "analysed",
];

/// What must follow some of the verbs of making, or the sentence is about how the tool behaves.
pub(super) const OBJECTS: &[&str] = &[
    "this",
    "it",
    "these",
    "the",
    "a",
    "an",
    "all",
    "most",
    "everything",
    "my",
    "our",
    "some",
    "many",
    "both",
    "basically",
    "almost",
    "test",
    "tests",
    "unit",
    "nearly",
    "entire",
    "every",
    "initial",
    "much",
    "half",
    "docs",
    "documentation",
    "code",
    "session",
    "batch",
    "first",
    "to",
    "\u{fffc}",
];

/// Words between a verb and its neighbours that change nothing.
pub(super) const ADVERBS: &[&str] = &[
    "mostly",
    "primarily",
    "largely",
    "partly",
    "partially",
    "entirely",
    "fully",
    "completely",
    "almost",
    "basically",
    "mainly",
    "heavily",
    "initially",
    "originally",
    "then",
    "also",
    "has",
    "have",
    "had",
    "just",
    "only",
    "really",
    "actually",
    "pretty",
    "much",
    "correctly",
    "kindly",
    "100%",
    "been",
    "was",
    "were",
    "is",
    "are",
    "be",
    "in",
    "part",
    "manually",
    "nearly",
    "probably",
    "first",
    "largely",
    "exclusively",
    "wholly",
    "all",
    "originally",
    "helpfully",
    "predominantly",
    "significantly",
];

/// Words before the name of an AI that change nothing.
pub(super) const ARTICLES: &[&str] = &[
    "the", "a", "an", "my", "our", "some", "lots", "heavy", "help", "tool", "tools", "model",
    "agent", "own", "good", "old", "an",
];

/// The work itself, as people call it in its message.
pub(super) const WORK: &[&str] = &[
    "pr",
    "mr",
    "commit",
    "commits",
    "patch",
    "patches",
    "change",
    "changes",
    "changeset",
    "series",
    "code",
    "implementation",
    "fix",
    "test",
    "tests",
    "work",
    "branch",
    "description",
    "message",
    "documentation",
    "docs",
    "refactor",
    "refactoring",
    "port",
    "translation",
    "feature",
    "version",
    "draft",
    "script",
    "prototype",
    "document",
];

/// Words that point at the work.
pub(super) const POINTERS: &[&str] = &[
    "this",
    "these",
    "it",
    "here",
    "everything",
    "all",
    "most",
    "bulk",
    "majority",
    "i",
    "we",
    "the",
    "my",
    "our",
    "parts",
    "part",
    "some",
    "portions",
    "original",
    "lot",
];

/// The first word of work that is about what an AI made, and not made by it.
pub(super) const ABOUT: &[&str] = &[
    "fix",
    "fixes",
    "fixed",
    "handle",
    "support",
    "detect",
    "ignore",
    "remove",
    "removes",
    "removed",
    "drop",
    "revert",
    "reverts",
    "strip",
    "skip",
    "filter",
    "parse",
    "show",
    "render",
    "display",
    "allow",
    "avoid",
    "prevent",
    "hide",
    "exclude",
    "reject",
    "read",
    "recognize",
    "recognise",
    "track",
    "count",
    "rename",
    "delete",
    "clean",
    "list",
    "block",
    "ban",
    "disallow",
    "forbid",
    "require",
    "document",
    "discourage",
    "enable",
    "disable",
    "use",
    "switch",
    "replace",
    "improve",
    "harden",
    "validate",
    "check",
    "preserve",
    "attribute",
    "label",
    "mark",
    "sanitize",
    "escape",
    "deduplicate",
    "migrate",
    "limit",
];

/// Words that make a sentence a condition, a rule or advice.
pub(super) const IF: &[&str] = &[
    "if",
    "when",
    "whenever",
    "unless",
    "until",
    "should",
    "would",
    "could",
    "must",
    "might",
    "may",
    "can",
    "cannot",
    "can't",
    "recommend",
    "recommended",
    "consider",
    "prefer",
    "example",
    "e.g",
    "whether",
    "shall",
    "ought",
    "requires",
    "policy",
    "supports",
    "allows",
];

/// Words that deny.
pub(super) const NOT: &[&str] = &[
    "no",
    "not",
    "never",
    "without",
    "none",
    "nothing",
    "didn't",
    "didnt",
    "don't",
    "wasn't",
    "weren't",
    "isn't",
    "haven't",
    "non",
    "un",
    "neither",
    "nor",
    "hand-crafted",
];

/// Words before something that an AI worked from.
const SOURCES: &[&str] = &[
    "from",
    "per",
    "following",
    "followed",
    "against",
    "implement",
    "implements",
    "implemented",
    "implementing",
    "executed",
];

/// Words between these and what they are said of.
const SOURCE_ARTICLES: &[&str] =
    &["the", "a", "an", "my", "our", "this", "that", "its", "existing", "approved"];

/// Returns the parts of the work that the words of a clause name, done by an AI.
pub(in crate::marks) fn phases(clause: &[Token<'_>]) -> Vec<Phase> {
    let mut phases: Vec<Phase> = Vec::new();
    let mut add = |phase: Phase| {
        if !phases.contains(&phase) {
            phases.push(phase);
        }
    };
    let other = |word: &str| Phase::Other(word.to_owned());
    let has = |words: &[&str]| clause.iter().any(|token| token.is_any(words));
    // What was read is nobody's part: `derive it from the implementation`, `implemented from the plan`.
    let is_source = |place: usize| {
        let left = skip_back(clause, place, SOURCE_ARTICLES);
        left.checked_sub(1).is_some_and(|before| clause[before].is_any(SOURCES))
    };
    let has_part = |words: &[&str]| {
        clause.iter().enumerate().any(|(place, token)| token.is_any(words) && !is_source(place))
    };
    let wrote = has(&["wrote", "written", "write", "writes", "generated", "generate", "rewrote"]);
    let message = clause
        .windows(2)
        .any(|pair| pair[0].is("commit") && pair[1].is_any(&["message", "messages"]));
    let is_message = message || (has(&["message"]) && wrote);
    if has(&[
        "implemented",
        "implement",
        "implements",
        "implementing",
        "built",
        "build",
        "coded",
        "vibe-coded",
        "worker",
        "codes",
    ]) || has_part(&["implementation"])
        || (wrote && !is_message && has(&["code", "changes", "codebase"]))
        || clause.windows(2).any(|pair| pair[0].is("generated") && pair[1].is_any(&["this", "it"]))
    {
        add(Phase::Implementation);
    }
    if has(&["tests", "test", "testcase", "testcases", "test-writing"]) {
        add(other("tests"));
    }
    if has(&[
        "docs",
        "documentation",
        "readme",
        "readme.md",
        "guide",
        "tips",
        "docstrings",
        "agents.md",
        "doc",
    ]) {
        add(other("docs"));
    }
    if is_message {
        add(other("commit-message"));
    }
    if has(&["planned", "planning", "architected", "designed"])
        || has_part(&["plan", "architecture"])
    {
        add(Phase::Architecture);
    }
    if has(&["research", "researching", "researched", "exploration", "explore"]) {
        add(other("research"));
    }
    if has(&[
        "debug",
        "debugging",
        "debugged",
        "investigate",
        "investigating",
        "investigation",
        "diagnosed",
        "diagnose",
    ]) {
        add(other("debugging"));
    }
    if has(&["supervised", "orchestrated", "coordinated"])
        || clause.iter().any(|token| token.text.ends_with("-supervised"))
    {
        add(other("supervision"));
    }
    phases
}
