//! Asking a model for a command: who is asked, what a person sees who waits, and the ways out when there is no answer.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::backends::{
    self, Answer, Ask, ChoiceError, Chosen, Failure, Goes, Manner, Question, Watch,
};
use crate::cli::{CommandError, Context};
use crate::git::{CREDENTIAL_NAME, Repo};
use crate::provenance::ModelName;
use crate::settings::{Role, RoleError, RoleSetting, Settings};
use crate::terminal::Terminal;
use crate::{clock, os, store};

/// The most text that is kept until it is shown, in bytes.
const COMING_LIMIT: usize = 64 << 10;

/// Returns who has a role: as named by `[BACKEND:]MODEL` for this once, else as the user's configuration says.
pub fn who(repo: &Repo, role: Role, named: Option<&str>) -> Result<RoleSetting, CommandError> {
    let settings = Settings::of(repo);
    if let Some(text) = named {
        return settings.model_to_ask(text).map_err(|error| {
            CommandError::refusal(format!("`{text}` names no model: {error}"))
                .with_hint("name one as its provider does, for example claude-opus-5-5")
        });
    }
    set(repo, role)?.ok_or_else(|| nobody(role))
}

/// Returns who has a role as the user's configuration says.
pub fn set(repo: &Repo, role: Role) -> Result<Option<RoleSetting>, CommandError> {
    match Settings::of(repo).role_setting(role) {
        Ok(setting) => Ok(setting),
        Err(RoleError::Git(error)) => Err(error.into()),
        Err(error @ RoleError::NotAModel { key, .. }) => {
            Err(CommandError::refusal(error.to_string())
                .with_hint(format!("see what it says: git config --show-origin {key}")))
        }
    }
}

fn nobody(role: Role) -> CommandError {
    let text = format!("no model is set to be asked ({})", role.key());
    let ways = backends::shortest_ways();
    let commands = ways.iter().map(|way| way.commands(role.key()).to_vec()).collect();
    CommandError::refusal(text).with_hint(ways_out(commands))
}

/// Names the shortest ways to set something up, and how to go on without.
fn ways_out(ways: Vec<Vec<String>>) -> String {
    let mut lines = Vec::new();
    for commands in ways {
        lines.push(if lines.is_empty() { "set one up:" } else { "or:" }.to_owned());
        lines.extend(commands.iter().map(|command| format!("  {command}")));
    }
    lines.push("or go on without: only a review and what is run with --run ask a model".to_owned());
    lines.join("\n")
}

/// A model that is asked for a command.
pub struct Asked {
    /// The way to ask it.
    pub chosen: Chosen,
    /// The model.
    pub model: ModelName,
    watch: Watch,
    terminal: Terminal,
    common_dir: PathBuf,
    /// Ctrl-C is caught.
    signals: OnceCell<()>,
}

impl Asked {
    /// Chooses the way to ask who has a role, with so many seconds for each answer; nothing is sent yet.
    ///
    /// `reads` is a folder that the model may read; an agent's program is then preferred, since it can.
    pub fn choose(
        context: &Context,
        repo: &Repo,
        role: &RoleSetting,
        seconds: u64,
        reads: Option<PathBuf>,
    ) -> Result<Self, CommandError> {
        let watch = Watch::new();
        let around = Settings::of(repo).around();
        let manner = Manner { seconds, watch: watch.clone(), reads };
        let chosen = backends::choose(role.backend.as_deref(), &role.model, manner, &around)?;
        Ok(Self {
            chosen,
            model: role.model.clone(),
            watch,
            terminal: context.terminal,
            common_dir: repo.common_dir().to_path_buf(),
            signals: OnceCell::new(),
        })
    }

    /// Asks, and shows a person that it takes its time; Ctrl-C ends it, and then there is no answer.
    pub fn ask(&self, question: &Question) -> Result<Answer, CommandError> {
        self.answer(question).map_err(|failure| self.failed(&failure))
    }

    /// Returns what asks, for rooms that look at failures themselves: with the same line of progress.
    pub fn way(&self) -> &dyn Ask {
        self
    }

    /// Returns what goes on, to say what is being done (see [`Watch::enter`]).
    pub fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Makes an error of a failure, with the way out.
    pub fn failed(&self, failure: &Failure) -> CommandError {
        let error = CommandError::refusal(failure.to_string());
        let is_program = self.chosen.agent.is_some();
        let hint = match failure {
            Failure::NotAllowed { .. } if is_program => {
                Some("log in with it anew, or look at the key that it uses".to_owned())
            }
            failure => hint_of(failure, &self.chosen),
        };
        match hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }

    fn answer(&self, question: &Question) -> Result<Answer, Failure> {
        self.tell_first_time();
        // Where signals cannot be caught, Ctrl-C ends everything at once.
        self.signals.get_or_init(|| {
            let _ = os::on_interrupt(&self.watch.stop_flag(), &self.watch.idle_flag());
        });
        let _asking = self.watch.asking();
        if self.watch.phase().is_empty() {
            self.watch.enter(format!("asking {}", self.model.display()));
        }
        let coming = Arc::new(Mutex::new(String::new()));
        let told = Arc::clone(&coming);
        self.watch.listen(move |text| add(&told, text));
        let watch = self.watch.clone();
        let name = self.chosen.name.clone();
        let started = clock::instant();
        let _progress = self.terminal.waiting(
            move || progress_line(&watch, &name, started.elapsed()),
            move || take_lines(&coming),
        );
        self.chosen.ask.ask(question)
    }

    fn tell_first_time(&self) {
        let (host, text) = match &self.chosen.goes {
            // Nothing leaves this machine.
            Goes::Here(_) => return,
            Goes::Host(host) => (host.clone(), host.clone()),
            Goes::Program(program) => (
                format!("program {program}"),
                format!("the program `{program}`, and where that sends it"),
            ),
        };
        if store::is_first_time(&self.common_dir, &host) {
            let text = format!("text of this repository goes to {text} (this is said once)");
            self.terminal.line("note", &text);
        }
    }
}

impl Ask for Asked {
    fn ask(&self, question: &Question) -> Result<Answer, Failure> {
        self.answer(question)
    }

    fn would_send(&self, question: &Question) -> (String, String) {
        self.chosen.ask.would_send(question)
    }
}

/// Adds text that has come; where nobody looks, nobody takes it.
fn add(coming: &Mutex<String>, text: &str) {
    let mut coming = coming.lock().unwrap_or_else(PoisonError::into_inner);
    if coming.len() < COMING_LIMIT {
        coming.push_str(text);
    }
}

/// Takes the whole lines that have come since the last time.
fn take_lines(coming: &Mutex<String>) -> String {
    let mut coming = coming.lock().unwrap_or_else(PoisonError::into_inner);
    let end = coming.rfind('\n').map_or(0, |end| end + 1);
    coming.drain(..end).collect()
}

fn progress_line(watch: &Watch, name: &str, elapsed: Duration) -> String {
    let tokens = match watch.tokens() {
        0 => String::new(),
        tokens => format!(", {tokens} tokens so far"),
    };
    let doing = match watch.doing() {
        doing if doing.is_empty() => doing,
        doing => format!(", it {doing}"),
    };
    format!("{} ({name}): {} s{tokens}{doing}", watch.phase(), elapsed.as_secs())
}

/// Returns the way out of a failure.
fn hint_of(failure: &Failure, chosen: &Chosen) -> Option<String> {
    let name = &chosen.name;
    Some(match failure {
        Failure::NotThere { .. } if matches!(chosen.goes, Goes::Program(_)) =>
        {
            "see whether it works by itself, and is logged in; or name another backend: BACKEND:MODEL"
                .to_owned()
        }
        Failure::Refused { .. } => "ask another model: --model".to_owned(),
        Failure::CutOff { .. } | Failure::NotAccepted { .. } => {
            "ask for less at once, or ask a model that reads and writes more: --model".to_owned()
        }
        Failure::Empty | Failure::WrongShape { .. } | Failure::BadReply { .. } => {
            "try again, or ask another model: --model".to_owned()
        }
        Failure::NotAllowed { .. } => {
            format!(
                "look at the key; where it is looked for: model.backend.{name}.keyEnv in git model --help"
            )
        }
        Failure::NotLoggedIn { program } => {
            format!("log in with it, or name another backend, BACKEND:MODEL: {program}")
        }
        Failure::NoSuchModel { .. } => {
            "name it as the provider does, with its version: --model".to_owned()
        }
        Failure::TooOften { .. } | Failure::Broken { .. } => {
            "try again in a minute, or ask another model: --model".to_owned()
        }
        Failure::SpendLimit { .. } => {
            "raise the limit there, or ask another model: --model".to_owned()
        }
        Failure::TooLate { .. } => "try again, or ask a faster model: --model".to_owned(),
        Failure::NotThere { .. } => {
            "look at the network, and at the proxy if there is one: git config --global http.proxy"
                .to_owned()
        }
        Failure::Redirected { .. } => {
            format!("look at the address: git config --show-origin model.backend.{name}.url")
        }
        Failure::Stopped => return None,
    })
}

impl From<ChoiceError> for CommandError {
    fn from(error: ChoiceError) -> Self {
        let hint = match &error {
            // Who is to be asked was said already.
            ChoiceError::NothingSetUp { ways, .. } => {
                ways_out(ways.iter().map(|way| vec![way.command.to_owned()]).collect())
            }
            ChoiceError::UnknownVendor { model } => match model.split_once(':') {
                Some((name, _)) => {
                    format!("if `{name}` is to be a backend: {}", name_of_ones_own(name))
                }
                None => format!("say who is to ask it, BACKEND:{model}; there are {}", names()),
            },
            ChoiceError::UnknownName { name, .. } => {
                format!("there are {}; for a name of your own: {}", names(), name_of_ones_own(name))
            }
            ChoiceError::NoKey { host, variable, .. } => no_key(host, variable.as_deref()),
            ChoiceError::BadKey { from } => format!("look at what is in it: {from}"),
            ChoiceError::BadAddress { name, .. } => {
                format!(
                    "give another: git config --global model.backend.{name}.url https://HOST/PATH"
                )
            }
            ChoiceError::NoAddress { name } => {
                format!(
                    "give one: git config --global model.backend.{name}.url http://127.0.0.1:11434/v1"
                )
            }
            ChoiceError::NoProgram { .. } => {
                "install it, or name another backend: BACKEND:MODEL".to_owned()
            }
            ChoiceError::NotReady { .. } => "name another backend: BACKEND:MODEL".to_owned(),
        };
        CommandError::refusal(error.to_string()).with_hint(hint)
    }
}

fn names() -> String {
    backends::ALL.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ")
}

fn name_of_ones_own(name: &str) -> String {
    format!("git config --global model.backend.{name}.kind KIND")
}

fn no_key(host: &str, variable: Option<&str>) -> String {
    let kept = format!(
        "git credential approve, with protocol=https, host={host}, username={CREDENTIAL_NAME} and the key as password"
    );
    match variable {
        Some(variable) => format!("export {variable}=..., or {kept}"),
        None => kept,
    }
}
