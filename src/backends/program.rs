//! What all agents' programs have in common: how they are called, and what they get to see.
//!
//! A program runs in an empty folder of its own, so that no file of the repository is taken for its settings. It gets
//! none of Git's variables, no address from the environment, and no key of another vendor.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::backend::{Answer, Ask, Failure, Question};
use super::client::{self, Command, Finished};
use super::own_folder::OwnFolder;
use super::way::{Manner, Reply, Surroundings, clean_text};
use crate::os;

/// Set for every program that is asked, so that our own hooks do nothing in it.
pub const REVIEWING: &str = "GIT_MODEL_REVIEWING";

/// Variables that no program gets: they say which repository is meant, or belong to an agent around us.
const LEFT_OUT: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_REFLOG_ACTION",
    "GIT_EDITOR",
    // An agent that runs us must not be taken for the one that we start.
    "CLAUDECODE",
    "CLAUDE_CODE_SESSION_ID",
    "CLAUDE_CODE_CHILD_SESSION",
    "CLAUDE_CODE_ENTRYPOINT",
    "CLAUDE_PID",
    "CLAUDE_EFFORT",
    "AI_AGENT",
    "CODEX_THREAD_ID",
    "CODEX_SESSION_ID",
    "OPENCODE",
    "OPENCODE_PID",
];

/// Variables that turn a program to another address, or give it other settings: a repository may have set them.
const REDIRECTING: &[&str] = &[
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_BEDROCK_BASE_URL",
    "ANTHROPIC_VERTEX_BASE_URL",
    "ANTHROPIC_FOUNDRY_BASE_URL",
    "ANTHROPIC_CUSTOM_HEADERS",
    "OPENAI_BASE_URL",
    "OPENAI_API_BASE",
    "GOOGLE_GEMINI_BASE_URL",
    "GOOGLE_VERTEX_BASE_URL",
    "CODE_ASSIST_ENDPOINT",
    "GEMINI_CLI_SYSTEM_SETTINGS_PATH",
    "GEMINI_CLI_SYSTEM_DEFAULTS_PATH",
    "OPENCODE_CONFIG",
    "OPENCODE_CONFIG_DIR",
    "OPENCODE_CONFIG_CONTENT",
    "OPENCODE_PERMISSION",
];

/// Variables with keys. A program gets those of its own vendor only.
const KEYS: &[&str] = &[
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "OPENAI_API_KEY",
    "CODEX_API_KEY",
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "OPENROUTER_API_KEY",
    "GITHUB_TOKEN",
    "GH_TOKEN",
];

/// What a program says that does not know one of its arguments, in small letters.
const OLD: &[&str] = &["unknown option", "unknown argument", "unexpected argument"];

/// What one agent's program wants to be told, and what it prints.
pub(super) trait Speech: Sync {
    /// Returns the name under which the user sets it up, such as `claude`.
    fn name(&self) -> &'static str;

    /// Returns the variables with keys that it gets.
    fn keys(&self) -> &'static [&'static str];

    /// Returns how it is called. Nothing that is returned may let it write.
    fn call(&self, question: &Question, place: &Place<'_>) -> Call;

    /// Returns what a line tells that it has just printed; by default the line is kept and tells nothing.
    fn hear(&self, _line: &str) -> Heard {
        Heard::Kept
    }

    /// Reads all that it printed and that was kept.
    fn read(&self, printed: &Printed<'_>, question: &Question) -> Result<Reply, Failure>;
}

/// Where a program runs, and what the user set for it.
pub(super) struct Place<'p> {
    /// The empty folder of its own.
    pub(super) folder: &'p Path,
    /// The folder that it may read.
    pub(super) reads: Option<&'p Path>,
    /// The address that the user wants it to use (`model.backend.NAME.url`).
    pub(super) url: Option<&'p str>,
}

/// How a program is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Call {
    /// Its arguments.
    pub(super) args: Vec<String>,
    /// What it reads on standard input.
    pub(super) stdin: String,
    /// Files that it finds in its own folder: name and content.
    pub(super) files: Vec<(&'static str, String)>,
    /// Variables that it gets.
    pub(super) variables: Vec<(&'static str, String)>,
}

/// What a line tells while a program works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    /// Nothing now; it is read at the end.
    Kept,
    /// Nothing ever.
    Dropped,
    /// A piece of the text that it writes.
    Says(String),
    /// What it is doing, such as `reads src/main.rs`.
    Does(String),
}

/// What a program printed in the end.
pub(super) struct Printed<'p> {
    /// On standard output.
    pub(super) stdout: &'p str,
    /// On standard error.
    pub(super) stderr: &'p str,
    /// How it ended; `None` where a signal ended it.
    pub(super) code: Option<i32>,
}

impl Printed<'_> {
    /// Returns the lines that are JSON; what else a program prints between them is left.
    pub(super) fn json_lines(&self) -> impl Iterator<Item = Value> {
        self.stdout.lines().filter_map(|line| serde_json::from_str(line).ok())
    }

    /// Says what became of a program that printed nothing of what it is to print.
    pub(super) fn silence(&self, name: &str) -> Failure {
        let said = self.stderr.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        let status = match (self.code, clean_text(said)) {
            (None, _) => "a signal ended it".to_owned(),
            (Some(0), _) if self.stdout.trim().is_empty() => return Failure::Empty,
            (Some(0), _) => return Failure::BadReply { problem: "it holds no result".to_owned() },
            (Some(code), said) if said.is_empty() => format!("exit code {code}"),
            (Some(_), said) if holds(&said, OLD) => {
                format!("it does not know how it is called here, so it is too old: {said}")
            }
            (Some(code), said) => format!("exit code {code}: {said}"),
        };
        Failure::Broken { host: name.to_owned(), status }
    }
}

/// Asks by a program.
pub(super) struct Asker {
    speech: &'static dyn Speech,
    program: PathBuf,
    manner: Manner,
    url: Option<String>,
}

impl Asker {
    pub(super) fn open(
        speech: &'static dyn Speech,
        program: PathBuf,
        manner: Manner,
        around: &dyn Surroundings,
    ) -> Box<dyn Ask> {
        let url = around.configured(speech.name()).url;
        Box::new(Self { speech, program, manner, url })
    }

    fn call(&self, question: &Question, folder: &Path) -> Call {
        let reads = self.manner.reads.as_deref();
        self.speech.call(question, &Place { folder, reads, url: self.url.as_deref() })
    }

    fn command(&self, call: Call, folder: &OwnFolder) -> Command {
        let own = self.speech.keys();
        let foreign = KEYS.iter().filter(|name| !own.contains(name));
        let left_out = LEFT_OUT.iter().chain(REDIRECTING).chain(foreign);
        let given = call.variables.into_iter().map(|(name, value)| (name.to_owned(), value));
        Command {
            program: self.program.clone(),
            args: call.args,
            stdin: call.stdin.into_bytes(),
            folder: folder.path().to_path_buf(),
            environment_remove: left_out.map(|name| (*name).to_owned()).collect(),
            environment_add: given.chain([(REVIEWING.to_owned(), "1".to_owned())]).collect(),
            hear: Some(self.ear()),
        }
    }

    /// Returns what takes each line as it comes, tells who waits, and says whether the line is kept.
    fn ear(&self) -> client::Ear {
        let (speech, watch) = (self.speech, self.manner.watch.clone());
        Arc::new(move |line: &str| match speech.hear(line) {
            Heard::Kept => true,
            Heard::Dropped => false,
            Heard::Says(text) => {
                watch.does("");
                watch.heard(&text);
                false
            }
            Heard::Does(what) => {
                watch.does(what);
                true
            }
        })
    }

    fn read(&self, finished: &Finished, question: &Question) -> Result<Reply, Failure> {
        let stdout = std::str::from_utf8(&finished.stdout)
            .map_err(|_| Failure::BadReply { problem: "it is not UTF-8".to_owned() })?;
        let stderr = String::from_utf8_lossy(&finished.stderr);
        let printed = Printed { stdout, stderr: &stderr, code: finished.code };
        let reply = self.speech.read(&printed, question)?;
        match finished.code {
            Some(0) => Ok(reply),
            _ => Err(printed.silence(self.speech.name())),
        }
    }
}

impl Ask for Asker {
    fn ask(&self, question: &Question) -> Result<Answer, Failure> {
        let name = self.speech.name();
        let no_folder = |error: std::io::Error| Failure::NotThere {
            what: name.to_owned(),
            problem: format!("no folder can be made for it ({error})"),
        };
        let folder = OwnFolder::make().map_err(no_folder)?;
        let call = self.call(question, folder.path());
        for (name, content) in &call.files {
            folder.write(name, content).map_err(no_folder)?;
        }
        let command = self.command(call, &folder);
        let _asking = self.manner.watch.asking();
        let finished = client::run(&command, self.manner.seconds, &self.manner.watch);
        self.manner.watch.does("");
        let finished = finished?;
        let reply = self.read(&finished, question)?;
        let tokens = reply.tokens;
        self.manner
            .watch
            .count(tokens.input + tokens.cache_read + tokens.cache_write + tokens.output);
        reply.answer(question)
    }

    fn would_send(&self, question: &Question) -> (String, String) {
        let call = self.call(question, Path::new("OWN-FOLDER"));
        let mut words = vec![self.program.display().to_string()];
        words.extend(call.args.iter().map(|word| quoted(word)));
        let mut text = format!("{}\n", words.join(" "));
        for (name, value) in &call.variables {
            let _ = writeln!(text, "{name}={}", quoted(value));
        }
        for (name, content) in &call.files {
            let _ = write!(text, "\nOWN-FOLDER/{name}:\n{content}\n");
        }
        let _ = write!(text, "\nstandard input:\n{}", call.stdin);
        (format!("the program `{}`", self.speech.name()), text)
    }
}

/// Returns a word as a shell would want it.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    os::shell_word(word)
}

/// Returns what a program is told of its task: what the question says, and what it may read.
pub(super) fn system_text(question: &Question, place: &Place<'_>) -> String {
    match place.reads {
        Some(folder) => format!(
            "{}\n\nThe repository stands in {}. Read there what you need. You cannot change anything.",
            question.system,
            folder.display()
        ),
        None => question.system.clone(),
    }
}

/// Returns what is to be read, in one.
pub(super) fn parts_text(question: &Question) -> String {
    question.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n\n")
}

/// Returns all of a question in one text, for a program that has no other place for what stands before it.
pub(super) fn whole_text(question: &Question, place: &Place<'_>) -> String {
    format!("{}\n\n{}", system_text(question, place), parts_text(question))
}

/// Returns all of a question in one text, with the shape of the answer, for a program that holds answers to none.
pub(super) fn whole_text_with_shape(question: &Question, place: &Place<'_>) -> String {
    let text = whole_text(question, place);
    match question.shape {
        Some(shape) => format!(
            "{text}\n\nAnswer with one JSON object of this schema and with nothing else:\n{}",
            shape.schema
        ),
        None => text,
    }
}

/// Says whether a text holds one of some words, in small letters.
pub(super) fn holds(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// Returns a failure by the status that a provider answered a program with.
pub(super) fn failure_of_status(
    name: &str,
    status: u64,
    said: &str,
    question: &Question,
) -> Failure {
    let host = name.to_owned();
    match status {
        402 => Failure::SpendLimit { host },
        400 | 429 if is_about_money(said) => Failure::SpendLimit { host },
        401 | 403 => Failure::NotAllowed {
            host,
            from: Some(clean_text(said)).filter(|said| !said.is_empty()),
        },
        404 => Failure::NoSuchModel { host, model: question.model.raw().to_owned() },
        413 => Failure::CutOff { reason: "the question is too long".to_owned() },
        429 => Failure::TooOften { host },
        400..=499 => Failure::NotAccepted { host, problem: clean_text(said) },
        status => Failure::Broken { host, status: format!("{status}: {}", clean_text(said)) },
    }
}

/// Says whether a provider's words mean that no more money may be spent.
pub(super) fn is_about_money(said: &str) -> bool {
    holds(
        said,
        &[
            "credit balance",
            "spend limit",
            "usage limit",
            "quota exceeded",
            "insufficient_quota",
            "billing",
        ],
    )
}

#[cfg(test)]
pub(super) mod testing {
    //! What the tests of the programs share.

    use super::*;
    use crate::backends::backend::{Part, Shape};
    use crate::provenance::ModelName;

    pub(in crate::backends) const SHAPE: Shape = Shape {
        name: "found",
        schema: r#"{"type":"object","additionalProperties":false,"required":["n"],"properties":{"n":{"type":"integer"}}}"#,
    };

    /// A question to a model: with a shape, or for free text.
    pub(in crate::backends) fn question(model: &str, shape: Option<Shape>) -> Question {
        let part = |text: &str| Part { text: text.to_owned(), is_repeated: false };
        Question {
            model: ModelName::parse(model).unwrap(),
            system: "Review it.".to_owned(),
            parts: vec![part("The plan."), part("The change.")],
            shape,
            most_output: 1000,
        }
    }

    /// Shows how a program is called, one argument a line.
    pub(in crate::backends) fn shown(call: &Call) -> String {
        let args = call.args.iter().map(|word| format!("{word:?}"));
        let given = call.variables.iter().map(|(name, value)| format!("{name}={value}"));
        let files = call.files.iter().map(|(name, content)| format!("file {name}: {content:?}"));
        let lines = args.chain(given).chain(files).collect::<Vec<_>>().join("\n");
        format!("{lines}\nstdin: {:?}\n", call.stdin)
    }

    /// Reads what a program printed, line by line as it would come, and shows the answer or the failure in a line.
    pub(in crate::backends) fn read(
        speech: &dyn Speech,
        model: &str,
        (stdout, stderr, code): (&str, &str, Option<i32>),
    ) -> String {
        let question = question(model, Some(SHAPE));
        let kept =
            stdout.lines().filter(|line| matches!(speech.hear(line), Heard::Kept | Heard::Does(_)));
        let kept = kept.collect::<Vec<_>>().join("\n");
        let printed = Printed { stdout: &kept, stderr, code };
        match speech.read(&printed, &question).and_then(|reply| reply.answer(&question)) {
            Ok(answer) => format!("{} by {} {:?}", answer.value, answer.model.id(), answer.tokens),
            Err(failure) => failure.to_string(),
        }
    }
}
