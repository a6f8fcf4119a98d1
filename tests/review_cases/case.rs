//! A case, as its file has it.

use std::collections::BTreeMap;
use std::path::Path;

use git_model::backends::Failure;
use git_model::review::Finding;

/// A review, or several rounds of one.
pub(crate) struct Case {
    pub(crate) name: String,
    /// The lines before the first section: names and values.
    settings: Vec<(String, String)>,
    /// The verdict that a person gives.
    pub(crate) truth: String,
    /// What is wrong with the change, as a person says.
    pub(crate) bugs: Vec<Bug>,
    pub(crate) before: Files,
    pub(crate) plan: Option<String>,
    pub(crate) notes: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) rounds: Vec<Round>,
    /// The file in pieces: as it is, or the place of an outcome.
    pieces: Vec<Piece>,
}

/// Contents by path.
pub(crate) type Files = BTreeMap<Vec<u8>, Vec<u8>>;

/// A round of a case.
#[derive(Default)]
pub(crate) struct Round {
    pub(crate) after: Files,
    pub(crate) answers: Vec<Scripted>,
    /// What the user dismissed before it: path, quote, title, reason.
    pub(crate) dismissed: Vec<[String; 4]>,
}

/// An answer, or a failure.
#[derive(Clone)]
pub(crate) enum Scripted {
    Answer { model: Option<String>, json: String },
    Failure(Failure),
}

/// A place that is wrong.
pub(crate) struct Bug {
    pub(crate) path: String,
    pub(crate) line: u32,
}

enum Piece {
    Text(String),
    Outcome,
}

impl Bug {
    /// A finding that is so many lines away is still about it.
    const NEARBY: u32 = 3;

    /// Says whether a finding is about it.
    pub(crate) fn is_in(&self, finding: &Finding) -> bool {
        let lines =
            finding.start_line.saturating_sub(Self::NEARBY)..=finding.end_line + Self::NEARBY;
        finding.path == self.path && lines.contains(&self.line)
    }
}

impl Case {
    /// Reads a case.
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a case is text");
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let (head, body) = text.split_at(text.find("\n=== ").expect("a case has sections") + 1);
        let settings = head.lines().filter_map(|line| line.split_once(": "));
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut case = Self {
            name,
            settings: settings.collect(),
            truth: String::new(),
            bugs: Vec::new(),
            before: Files::new(),
            plan: None,
            notes: None,
            message: None,
            rounds: vec![Round::default()],
            pieces: vec![Piece::Text(head.to_owned())],
        };
        case.truth = case.setting("verdict").expect("a case says its verdict").to_owned();
        case.bugs = case.all("bug").map(bug).collect();
        assert!(case.setting("about").is_some(), "{}: what is it about?", case.name);
        case.read_sections(body);
        case
    }

    /// Returns a setting of its head.
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Returns all settings of one name.
    pub(crate) fn all<'c>(&'c self, name: &str) -> impl Iterator<Item = &'c str> {
        self.settings
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns the text of its file with these outcomes.
    pub(crate) fn with_outcomes(&self, outcomes: &[String]) -> String {
        let mut outcomes = outcomes.iter();
        let texts = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Outcome => outcomes.next().expect("an outcome a round").clone(),
        });
        let text = texts.collect();
        assert_eq!(outcomes.next(), None, "{}: a round has no outcome", self.name);
        text
    }

    fn read_sections(&mut self, body: &str) {
        // The body begins with the mark of a section, and each other one stands behind a line break.
        let body = body.strip_suffix('\n').unwrap_or(body);
        for section in format!("\n{body}").split("\n=== ").skip(1) {
            let section = format!("{section}\n");
            let (head, text) = section.split_once('\n').expect("a section has a head of one line");
            let (kind, argument) = head.split_once(' ').unwrap_or((head, ""));
            self.pieces.push(Piece::Text(format!("=== {head}\n")));
            if kind == "outcome" {
                self.pieces.push(Piece::Outcome);
                continue;
            }
            self.pieces.push(Piece::Text(text.to_owned()));
            self.add(kind, argument, text);
        }
    }

    fn add(&mut self, kind: &str, argument: &str, text: &str) {
        let round = self.rounds.last_mut().expect("there is always a round");
        match kind {
            "before" | "before!" | "before*" => {
                let (path, content) = file(kind, argument, text);
                round.after.insert(path.clone(), content.clone());
                self.before.insert(path, content);
            }
            "after" | "after!" | "after*" => round.after.extend([file(kind, argument, text)]),
            "gone" => {
                round.after.remove(argument.as_bytes());
            }
            "plan" => self.plan = Some(text.to_owned()),
            "notes" => self.notes = Some(text.to_owned()),
            "message" => self.message = Some(text.to_owned()),
            "dismissed" => {
                let fields = text.split("--\n").map(|field| field.trim_end().to_owned());
                let fields =
                    fields.collect::<Vec<_>>().try_into().expect("path, quote, title, why");
                round.dismissed.push(fields);
            }
            "answer" => {
                let model = Some(argument.to_owned()).filter(|model| !model.is_empty());
                round.answers.push(Scripted::Answer { model, json: text.to_owned() });
            }
            "failure" => round.answers.push(Scripted::Failure(failure(argument))),
            "round" => {
                let after = round.after.clone();
                self.rounds.push(Round { after, ..Round::default() });
            }
            other => panic!("{}: no section `{other}`", self.name),
        }
    }
}

fn bug(text: &str) -> Bug {
    let (path, line) = text.rsplit_once(':').expect("a bug is PATH:LINE");
    Bug { path: path.to_owned(), line: line.parse().expect("a line is a number") }
}

/// Returns the path and the content of a file; with `!` both have escapes, with `*` lines are repeated.
fn file(kind: &str, argument: &str, text: &str) -> (Vec<u8>, Vec<u8>) {
    match kind.chars().last() {
        Some('!') => (unescaped(argument), unescaped(text)),
        Some('*') => {
            let (number, path) = argument.split_once(' ').expect("a number and a path");
            let number = number.parse::<usize>().expect("a number");
            let line = |at: usize| text.replace("{n}", &at.to_string());
            (path.as_bytes().to_vec(), (1..=number).map(line).collect::<String>().into_bytes())
        }
        _ => (argument.as_bytes().to_vec(), text.as_bytes().to_vec()),
    }
}

/// Reads `\r`, `\t`, `\\`, a line break after `\` (nothing) and `\xNN` (a byte).
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'r') => bytes.push(b'\r'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'\\') => bytes.push(b'\\'),
            Some(b'\n') => {}
            Some(b'x') => {
                let digits = [rest.next(), rest.next()].map(|digit| digit.expect("two digits"));
                let digits = std::str::from_utf8(&digits).expect("digits");
                bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
            }
            other => panic!("no escape {other:?}"),
        }
    }
    bytes
}

fn failure(word: &str) -> Failure {
    let host = || "api.example.com".to_owned();
    match word {
        "refused" => Failure::Refused { category: Some("cyber".to_owned()) },
        "cut-off" => Failure::CutOff { reason: "max_tokens".to_owned() },
        "empty" => Failure::Empty,
        "wrong-shape" => Failure::WrongShape { problem: "`findings` is missing".to_owned() },
        "bad-reply" => Failure::BadReply { problem: "no JSON".to_owned() },
        "not-allowed" => {
            Failure::NotAllowed { host: host(), from: Some("ANTHROPIC_API_KEY".to_owned()) }
        }
        "no-such-model" => Failure::NoSuchModel { host: host(), model: "claude-opus-9".to_owned() },
        "too-often" => Failure::TooOften { host: host() },
        "spend-limit" => Failure::SpendLimit { host: host() },
        "broken" => Failure::Broken { host: host(), status: "529".to_owned() },
        "too-late" => Failure::TooLate { seconds: 60 },
        "not-there" => {
            Failure::NotThere { what: host(), problem: "the name is not known".to_owned() }
        }
        "stopped" => Failure::Stopped,
        other => panic!("no failure `{other}`"),
    }
}
