//! What a way to ask a model is: an interface of a provider, or the program of an agent.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::backend::{Answer, Ask, Failure, Question};
use super::watch::Watch;
use crate::provenance::{ModelName, Tokens};

/// The longest that a provider's message may be when it is shown.
const MESSAGE_LIMIT: usize = 300;

/// A way to ask a model. Every fact about it stands in its own file.
pub trait Backend: Sync {
    /// Returns its name in settings, such as `openai-compatible`.
    fn name(&self) -> &'static str;

    /// Returns the id of the vendor whose models it serves, so that it is chosen for them where nobody names a way.
    ///
    /// `None` where it serves what it is set up for: it is then used only by name.
    fn vendor(&self) -> Option<&'static str>;

    /// Returns how it is reached.
    fn way(&self) -> Way;

    /// Returns the shortest way to set it up, for somebody who has nothing set up.
    fn set_up(&self) -> SetUp;
}

/// The shortest way to set up a way to ask: two commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetUp {
    /// The name of the way.
    pub name: &'static str,
    /// The command that makes it ready.
    pub command: &'static str,
    /// A model that it serves, for an example.
    pub model: &'static str,
}

impl SetUp {
    /// Returns the two commands; the second gives the model a role, by the key of Git's configuration.
    pub fn commands(&self, role_key: &str) -> [String; 2] {
        let role = format!("git config --global {role_key} {}:{}", self.name, self.model);
        [self.command.to_owned(), role]
    }
}

/// How a model is reached.
#[derive(Clone, Copy)]
pub enum Way {
    /// By a provider's interface.
    Api(&'static dyn Dialect),
    /// By an agent's program.
    Program(&'static dyn Program),
}

/// How one provider's interface wants its requests, and what its replies mean.
pub trait Dialect: Sync {
    /// Returns the address below which its paths lie, without a slash at the end; `None` where the user names it.
    fn url(&self) -> Option<&'static str>;

    /// Returns the variable of the environment that holds its key; the key goes to [`Dialect::url`] only.
    fn key_variable(&self) -> Option<&'static str>;

    /// Returns the header that carries the key, and what stands before the key in it.
    fn key_header(&self) -> (&'static str, &'static str);

    /// Returns the headers that say which version of the interface is meant.
    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Returns the parts of the path for a model.
    fn path(&self, model: &str) -> Vec<String>;

    /// Returns the parts of the path where free text comes piece by piece, and the query.
    fn stream_path(&self, model: &str) -> (Vec<String>, Option<&'static str>) {
        (self.path(model), None)
    }

    /// Returns the body of a request; free text is asked for piece by piece, since a person may be reading it.
    fn body(&self, question: &Question, model: &str) -> Value;

    /// Takes a piece of a reply into the whole, so that this becomes what the reply would be in one; returns the text
    /// that came with it.
    fn fold<'e>(&self, event: &'e Value, whole: &mut Value) -> Option<&'e str>;

    /// Reads a reply that the provider calls good.
    fn read(&self, reply: &Value, question: &Question) -> Result<Reply, Failure>;

    /// Says whether an error means that no more money may be spent, so that asking again is of no use.
    fn is_spend_limit(&self, error: &Complaint) -> bool;

    /// Returns how long to wait before another try, where the body of a reply says so.
    fn wait(&self, _reply: &Value) -> Option<Duration> {
        None
    }

    /// Says whether an error means that the key is wrong, or may not be used for this.
    fn is_wrong_key(&self, error: &Complaint) -> bool {
        matches!(error.status, 401 | 403)
    }

    /// Returns a request that asks for the same in better shape, where the provider does not hold answers to it.
    fn repair(
        &self,
        _wrong: &str,
        _problem: &str,
        _question: &Question,
        _model: &str,
    ) -> Option<Value> {
        None
    }

    /// Returns a plainer request where this error says that the provider cannot do what the first one asks for.
    fn plainer(&self, _error: &Complaint, _question: &Question, _model: &str) -> Option<Value> {
        None
    }
}

/// What a provider answered, before it is held against the shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The text of the answer.
    pub text: String,
    /// The model that answered, as the provider names it.
    pub model: Option<String>,
    /// What it cost.
    pub tokens: Tokens,
}

/// What a provider says of a request that failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Complaint {
    /// The status of the reply.
    pub status: u16,
    /// Its words for the kind of error: type, code, status and reasons.
    pub words: Vec<String>,
    /// What it tells a person, cleaned and short.
    pub message: String,
    /// How long it wants us to wait before another try.
    pub wait: Option<Duration>,
}

impl Complaint {
    /// Says whether one of its words for the kind of error is this.
    pub fn says(&self, word: &str) -> bool {
        self.words.iter().any(|known| known == word)
    }
}

/// How one agent's program is asked.
pub trait Program: Sync {
    /// Returns the name of the program, as on `PATH`.
    fn command(&self) -> &'static str;

    /// Returns the id of the agent, as evidence names it.
    fn agent(&self) -> &'static str;

    /// Returns the arguments that start it at the terminal with a model, and with a text as the first thing that is said.
    fn at_terminal(&self, model: &ModelName, text: &str) -> Vec<String>;

    /// Returns what asks it; nothing is started yet.
    fn open(&self, program: PathBuf, manner: Manner, around: &dyn Surroundings) -> Box<dyn Ask>;
}

/// How to ask.
#[derive(Debug, Clone)]
pub struct Manner {
    /// The most that one answer may take, with all that is tried again, in seconds.
    pub seconds: u64,
    /// Who watches, and may stop it.
    pub watch: Watch,
    /// The folder that the model may read, where the way can do that.
    pub reads: Option<PathBuf>,
}

/// What the user set for a way to ask, in scopes that are no repository's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configured {
    /// Another address (`model.backend.NAME.url`).
    pub url: Option<String>,
    /// The variable that holds the key (`model.backend.NAME.keyEnv`).
    pub key_variable: Option<String>,
    /// Of a name of the user's own, the way that it stands for (`model.backend.NAME.kind`).
    pub kind: Option<String>,
}

/// What is around: settings of the user, keys, programs. A repository has no say in any of it.
pub trait Surroundings {
    /// Returns what the user set for a name.
    fn configured(&self, name: &str) -> Configured;

    /// Returns a variable of the environment, unless it is empty.
    fn variable(&self, name: &str) -> Option<String>;

    /// Asks Git's credential helpers of the user for the key of an address; asks no person.
    fn credential(&self, url: &str) -> Option<String>;

    /// Finds a program on `PATH`, outside of the repository.
    fn program(&self, name: &str) -> Option<PathBuf>;

    /// Returns the user's home folder.
    fn home(&self) -> Option<PathBuf>;

    /// Returns the proxy that the user has set for Git (`http.proxy`).
    fn proxy(&self) -> Option<String>;

    /// Returns the folder of the work tree, which nothing is started from.
    fn work_tree(&self) -> Option<&Path> {
        None
    }
}

/// A key. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    text: String,
    /// Where it came from, such as `ANTHROPIC_API_KEY`.
    pub from: String,
}

impl Key {
    /// Takes a key; `None` where a blank, a line break or another character in it cannot be part of one.
    pub fn new(text: &str, from: &str) -> Option<Self> {
        let text = text.trim();
        let is_fit = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_fit.then(|| Self { text: text.to_owned(), from: from.to_owned() })
    }

    /// Returns the key itself, for the header of a request and for nothing else.
    pub(super) fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key(from {})", self.from)
    }
}

/// Returns the name of a model as a provider knows it: as the user wrote it, unless that is a display name.
pub fn provider_name(model: &ModelName) -> &str {
    let is_plain = model.raw().bytes().all(|byte| byte.is_ascii_graphic() && byte != b'[');
    if is_plain && model.effort().is_none() { model.raw() } else { model.id() }
}

/// Returns the name of the model that answered, or of the one that was asked where nothing says it.
pub fn answering_model(said: Option<&str>, asked: &ModelName) -> ModelName {
    said.and_then(|said| ModelName::parse(said).ok()).unwrap_or_else(|| asked.clone())
}

impl Reply {
    /// Makes it an answer, which must have the shape that was asked for.
    pub fn answer(&self, question: &Question) -> Result<Answer, Failure> {
        if self.text.trim().is_empty() {
            return Err(Failure::Empty);
        }
        let value = match question.shape {
            Some(shape) => super::shape::read(&self.text, &shape)?,
            None => Value::String(self.text.clone()),
        };
        let model = answering_model(self.model.as_deref(), &question.model);
        Ok(Answer { value, model, tokens: self.tokens })
    }
}

/// Returns what a provider or a program tells a person, fit to be shown: short, and one line.
pub fn clean_text(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let printable = words.chars().filter(|letter| !letter.is_control());
    let short: String = printable.clone().take(MESSAGE_LIMIT).collect();
    if printable.count() > MESSAGE_LIMIT { format!("{short}...") } else { short }
}

/// Returns a provider's word for something, fit to be shown.
pub fn clean_word(word: &str) -> String {
    let is_fit =
        |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    word.chars().filter(is_fit).take(60).collect()
}
