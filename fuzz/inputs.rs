//! What the fuzzer feeds with bytes, and `tests/fuzz_replay.rs` with the files under `corpus/`.

use std::io::BufReader;
use std::path::PathBuf;
use std::sync::OnceLock;

use git_model::agents::{ALL, Cursor, Surroundings};
use git_model::attribute::{Owner, ReplayEdit, ReplayFile, ReplayStep, lines, replay as replayed};
use git_model::backends::{Answer, Ask, Failure, Question};
use git_model::cli::classify;
use git_model::marks;
use git_model::provenance::{
    Cleanup, CleanupRules, CommitId, CommitText, FileState, Hunk, Identity, MessageFile, ModelName,
    Severity, Tokens, Verdict, lift_squashed, model_trailers, parse_trailers,
};
use git_model::review::{
    self, Boundary, Change, ChangedFile, ChangedLine, Demand, FileKind, Import, Limits, LineKind,
    Outcome, Request, Section,
};
use git_model::store::{
    ContentId, Entry, Evidence, EvidenceEntry, Framed, Installation, Memory, SessionStore,
    ShellWatches, foreign, note, parse_framed,
};

/// The readers of marks: the first line is the author, the rest the message.
pub(crate) fn marks(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (author, message) = text.split_once('\n').unwrap_or(("", &text));
    let author = Identity::parse(author);
    let found = marks::read(&CommitText { author, committer: author, message });
    let lines = message.lines().count();
    for mark in found {
        assert!(mark.line <= lines.max(1));
        assert!(mark.text.len() <= 500);
    }
}

/// What reads a message as Git does, and our own trailers.
pub(crate) fn message(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    parse_trailers(&text);
    model_trailers(&text);
    lift_squashed(&text);
    for mode in [Cleanup::Strip, Cleanup::Whitespace, Cleanup::Verbatim, Cleanup::Scissors] {
        let rules = CleanupRules { mode, comment: "#".to_owned() };
        let file = MessageFile::new(&text, &rules);
        file.cleaned();
        file.is_empty();
    }
}

/// The reader of notes.
pub(crate) fn note(bytes: &[u8]) {
    if let Ok(id) = "0123456789012345678901234567890123456789".parse::<CommitId>() {
        let _ = note::parse(id, bytes);
    }
}

/// The readers of what is kept in a git directory: each line of a journal or of evidence, as it is and with a checksum
/// that fits, and files that are one text.
pub(crate) fn journal(bytes: &[u8]) {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        std::env::temp_dir().join(format!("git-model-journal-fuzz-{}", std::process::id()))
    });
    Entry::waiting_notes(&framed_lines::<Entry>(bytes));
    let entries = framed_lines::<EvidenceEntry>(bytes);
    let model = folder.join("model");
    let write = |path: PathBuf, bytes: &[u8]| {
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        // Some file systems wait for the disk where a file is made empty and written again.
        let _ = std::fs::remove_file(&path);
        std::fs::write(path, bytes).expect("a file can be written");
    };
    // What was read is read again once it is written, behind whatever stands there.
    write(model.join("evidence"), bytes);
    let evidence = Evidence::of(folder);
    let before = evidence.read().expect("the file is there").entries;
    evidence.append(&entries).expect("the file can be written");
    let after = evidence.read().expect("the file is there").entries;
    assert!(after.len() == before.len() + entries.len() && after.ends_with(&entries));
    let name = |bytes: &[u8]| ContentId::of(bytes).to_string();
    write(model.join("remembered").join(name(b"f")), bytes);
    let memory = Memory::of(folder);
    assert!(memory.read("f").is_none_or(|remembered| remembered.path == "f"));
    write(model.join("shell").join(name(b"call")), bytes);
    ShellWatches::of(folder).open(0);
    write(model.join("contents").join(name(b"content")), bytes);
    let content = evidence.contents().read(ContentId::of(b"content"));
    assert!(content.is_none_or(|content| content == b"content"));
    for name in ["sessions", "sessions-aside", "installation"] {
        write(model.join(name), bytes);
    }
    let store = SessionStore::of(folder);
    store.read();
    store.aside();
    Installation::read(folder);
}

/// Returns the entries of all lines, each with a checksum that fits.
fn framed_lines<T: Framed>(bytes: &[u8]) -> Vec<T> {
    let lines = || bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let read = parse_framed::<T>(bytes);
    assert_eq!(read.entries.len() + read.damaged + read.newer, lines().count());
    let frame =
        |json| [format!("1 {:08x} ", crc32fast::hash(json)).as_bytes(), json, b"\n"].concat();
    let framed = lines().flat_map(frame).collect::<Vec<u8>>();
    let read = parse_framed::<T>(&framed);
    assert_eq!((read.entries.len() + read.newer, read.damaged), (lines().count(), 0));
    read.entries
}

/// The readers of agents' hooks.
pub(crate) fn payload(bytes: &[u8]) {
    for agent in ALL {
        let now = chrono::DateTime::UNIX_EPOCH;
        let Some(event) = agent.read_hook(&Surroundings::default(), now, bytes) else { continue };
        assert!(!event.session.0.is_empty());
        assert!(event.turn.is_none());
    }
}

/// The readers of agents' session files: a file in one go tells what it tells in two.
pub(crate) fn session(bytes: &[u8]) {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    // A fuzzer runs several processes.
    let file = FILE.get_or_init(|| {
        std::env::temp_dir().join(format!("git-model-session-{}.jsonl", std::process::id()))
    });
    let write = |bytes: &[u8]| {
        // Some file systems wait for the disk where a file is made empty and written again.
        let _ = std::fs::remove_file(file);
        std::fs::write(file, bytes).expect("a file can be written");
    };
    for agent in ALL {
        let read = |from: &Cursor| agent.read_session(file, from).expect("the file is there");
        write(bytes);
        let whole = read(&Cursor::default());
        assert!(whole.cursor.offset <= bytes.len() as u64);
        for event in &whole.events {
            if let Some(call) = &event.call {
                agent.find_turn(file, event.subagent.as_ref(), call);
            }
        }
        write(&bytes[..bytes.len() / 2]);
        let first = read(&Cursor::default());
        write(bytes);
        let second = read(&first.cursor);
        let count = first.events.len() + second.events.len();
        assert_eq!(count, whole.events.len());
        assert_eq!(first.broken_lines + second.broken_lines, whole.broken_lines);
        assert_eq!(second.cursor, whole.cursor);
    }
}

/// The lines of `git model classify`: each that is not blank gets one line of answer.
pub(crate) fn classify(bytes: &[u8]) {
    let mut out = Vec::new();
    let broken = classify::stream(&mut BufReader::new(bytes), &mut out).expect("memory takes all");
    let lines =
        bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
    let answers: Vec<&[u8]> = out.split_inclusive(|byte| *byte == b'\n').collect();
    assert_eq!(answers.len(), lines);
    let is_failure = |answer: &&&[u8]| answer.starts_with(b"{\"error\":");
    assert_eq!(answers.iter().filter(is_failure).count() as u64, broken);
    assert!(answers.iter().all(|answer| answer.ends_with(b"}\n")));
}

/// The readers of other tools' notes: what they claim can be shown on a terminal.
pub(crate) fn foreign(bytes: &[u8]) {
    for (reference, reader) in foreign::references() {
        let Some(found) = foreign::read(reference, reader, bytes) else { continue };
        assert!(!found.claims.is_empty());
        for claim in found.claims {
            let names = [claim.tool.as_deref(), claim.model.as_ref().map(ModelName::id)];
            assert!(names.iter().any(Option::is_some));
            assert!(names.into_iter().flatten().all(|name| !name.contains(char::is_control)));
        }
    }
}

/// The replay: each part up to a `~` is a file or, where it begins with `!`, an edit. Of a file's four parts (between
/// `|`) the first is its content at the start, then its owners, the work tree and the index; of an edit's the file and
/// times as bytes, then what it found and left, then its hunk.
pub(crate) fn replay(bytes: &[u8]) {
    let (mut files, mut steps) = (Vec::new(), Vec::new());
    for part in bytes.split(|byte| *byte == b'~').take(200) {
        let edit = part.strip_prefix(b"!");
        let mut fields = edit.unwrap_or(part).split(|byte| *byte == b'|');
        let mut field = || fields.next().unwrap_or_default();
        if edit.is_some() {
            steps.push(step(field(), field(), field(), field()));
        } else {
            let (start, owners) = (field().to_vec(), field());
            let owner = |byte: &u8| match byte % 4 {
                0 => Owner::Start,
                1 => Owner::Nobody,
                writer => Owner::Writer(u32::from(writer)),
            };
            let content = |bytes: &[u8]| (bytes != b"-").then(|| bytes.to_vec());
            let start_owners = owners.iter().map(owner).collect();
            let (worktree, staged) = (content(field()), content(field()));
            files.push(ReplayFile { start, start_owners, worktree, staged });
        }
    }
    let results = replayed(&files, &steps);
    assert_eq!(results.len(), files.len());
    for (file, result) in files.iter().zip(&results) {
        let count =
            |content: &Option<Vec<u8>>| lines(content.as_deref().unwrap_or_default()).count();
        assert_eq!(result.staged.len(), count(&file.staged));
        assert_eq!(result.worktree.len(), count(&file.worktree));
        let start = lines(&file.start).count();
        assert!(result.deleted.iter().all(|(line, _)| (*line as usize) < start));
        // A model that made no step owns nothing.
        let has_writer = |writer: u32| {
            steps.iter().any(|step| step.writer == Some(writer))
                || files.iter().any(|file| file.start_owners.contains(&Owner::Writer(writer)))
        };
        for owner in result.staged.iter().chain(&result.worktree) {
            assert!(!matches!(owner, Owner::Writer(writer) if !has_writer(*writer)));
        }
    }
}

fn step(head: &[u8], before: &[u8], after: &[u8], hunk: &[u8]) -> ReplayStep {
    let number = |at: usize| head.get(at).copied().unwrap_or(0);
    let state = |bytes: &[u8]| match bytes {
        b"-" => FileState::Absent,
        b"?" => FileState::Unknown,
        content => FileState::Content(content.to_vec()),
    };
    let hunk = (!hunk.is_empty()).then(|| Hunk {
        old_start: u32::from(number(4)),
        new_start: u32::from(number(5)),
        lines: String::from_utf8_lossy(hunk).lines().map(str::to_owned).collect(),
    });
    let edit = ReplayEdit {
        file: usize::from(number(0) % 8),
        before: state(before),
        after: state(after),
        hunks: hunk.into_iter().collect(),
    };
    let begin = i64::from(number(2));
    ReplayStep {
        span: (begin, begin + i64::from(number(3) % 16)),
        writer: (number(1) % 4 != 0).then(|| u32::from(number(1) % 4)),
        edits: vec![edit],
    }
}

/// The answers of reviewers, one a part between lines `~`; the last part also is a verdict to be imported, and one that
/// was kept. Whatever it is, nothing blocks or passes without being in the change and of the right shape.
pub(crate) fn review(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let answers = text.split("\n~\n").map(str::to_owned).collect::<Vec<_>>();
    let request = request();
    let is_first_of_shape = serde_json::from_str::<serde_json::Value>(&answers[0])
        .is_ok_and(|value| value.get("findings").is_some_and(serde_json::Value::is_array));
    let outcome = review::run(&request, &Answers::of(&answers), &mut |_| {});
    assert!(is_first_of_shape || outcome.verdict == Verdict::NotRun);
    check(&outcome, &request.change);
    let last = answers.last().expect("a text has a part");
    let import = Import {
        change: &request.change,
        plan: None,
        reviewer: request.reviewer.clone(),
        agent: "agent".to_owned(),
        authors: Vec::new(),
        limits: request.limits,
    };
    if let Ok(outcome) = review::import(last, &import) {
        check(&outcome, &request.change);
    }
    if let Some(outcome) = Outcome::from_json(last) {
        assert_eq!(Outcome::from_json(&outcome.to_json()), Some(outcome));
    }
    review::scan("text", &text);
}

/// Answers with what is left of a text; a part that is no JSON is a string.
struct Answers(std::cell::RefCell<std::collections::VecDeque<String>>);

impl Answers {
    fn of(answers: &[String]) -> Self {
        Self(std::cell::RefCell::new(answers.iter().cloned().collect()))
    }
}

impl Ask for Answers {
    fn ask(&self, question: &Question) -> Result<Answer, Failure> {
        let text = self.0.borrow_mut().pop_front().ok_or(Failure::Empty)?;
        let value = serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text));
        Ok(Answer { value, model: question.model.clone(), tokens: Tokens::default() })
    }

    fn would_send(&self, _: &Question) -> (String, String) {
        (String::new(), String::new())
    }
}

/// A change of one line.
fn request() -> Request {
    let lines = [
        (LineKind::Kept, 1, "fn a() {"),
        (LineKind::Deleted, 2, "    b();"),
        (LineKind::Added, 2, "    c(1 / 0);"),
        (LineKind::Kept, 3, "}"),
    ];
    let line = |(kind, number, text): (LineKind, u32, &str)| ChangedLine {
        kind,
        number,
        text: text.to_owned(),
        origin: None,
    };
    let file = ChangedFile {
        path: "a.rs".to_owned(),
        raw_path: b"a.rs".to_vec(),
        old_path: None,
        kind: FileKind::Changed,
        remark: None,
        sections: vec![Section { lines: lines.map(line).to_vec() }],
    };
    let tree = "0123456789012345678901234567890123456789".parse().expect("an id");
    Request {
        change: Change { base: None, tree, files: vec![file], left_out: Vec::new() },
        plan: None,
        notes: None,
        message: None,
        earlier: Vec::new(),
        dismissed: Vec::new(),
        reviewer: ModelName::parse("claude-opus-5-5").expect("a model"),
        by: "fuzz".to_owned(),
        authors: Vec::new(),
        demand: Demand::Any,
        limits: Limits::default(),
        may_send_secrets: false,
        boundary: Boundary::chosen("0123456789abcdef"),
    }
}

fn check(outcome: &Outcome, change: &Change) {
    assert_eq!(outcome.verdict == Verdict::Block, outcome.findings.iter().any(|one| one.blocks));
    assert_eq!(outcome.verdict == Verdict::Pass, outcome.reason.is_none());
    for finding in outcome.findings.iter().chain(&outcome.refuted) {
        let file = change.files.iter().find(|file| file.path == finding.path);
        let lines = file.expect("the file is in the change").lines().map(|line| &line.text[..]);
        let lines = lines.collect::<Vec<_>>();
        assert!(finding.quote.lines().all(|quoted| lines.contains(&quoted)));
        assert!((1..=4).contains(&finding.start_line) && finding.start_line <= finding.end_line);
        let is_sure = finding.confidence >= 0.8 && finding.severity <= Severity::High;
        assert!(!finding.blocks || is_sure && finding.state.may_block());
        assert!(!finding.title.contains(char::is_control));
    }
    assert_eq!(Outcome::from_json(&outcome.to_json()).as_ref(), Some(outcome));
}
