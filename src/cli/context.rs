//! What every command works with: the repository, the terminal, the time.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::capture::{DeclaredNow, declared_now};
use crate::cli::error::CommandError;
use crate::clock;
use crate::format::{self, Canvas, Format, Report};
use crate::git::Repo;
use crate::store::{Contents, Entry, Journal};
use crate::terminal::Terminal;

/// The surroundings of one command.
pub struct Context {
    /// The way to the screen.
    pub terminal: Terminal,
}

impl Context {
    /// Looks at the terminal; the repository is opened when it is asked for.
    pub fn new() -> Self {
        Self { terminal: Terminal::detect() }
    }

    /// Opens the repository of the present folder.
    pub fn repo(&self) -> Result<Repo, CommandError> {
        Ok(Repo::discover()?)
    }

    /// Returns the present time.
    pub fn now(&self) -> DateTime<Utc> {
        clock::now()
    }

    /// Returns where this program stands, for hooks to call.
    pub fn program(&self) -> Result<PathBuf, CommandError> {
        std::env::current_exe().map_err(|error| {
            CommandError::refusal(format!("cannot find out where this program stands: {error}"))
        })
    }

    /// Prints a report in the format of a name.
    pub fn print(&self, report: &dyn Report, format: &str) -> Result<(), CommandError> {
        let format: &dyn Format = format::find(format).unwrap_or(format::ALL[0]);
        let canvas = Canvas { width: self.terminal.width(), colour: self.terminal.colour() };
        self.terminal
            .print(None, |out| format.report(report, &canvas, out))
            .map_err(|error| CommandError::refusal(format!("cannot write the output: {error}")))
    }

    /// Prints a line of text on standard output.
    pub fn say(&self, text: &str) -> Result<(), CommandError> {
        self.terminal
            .print(None, |out| writeln!(out, "{}", format::printable(text)))
            .map_err(|error| CommandError::refusal(format!("cannot write the output: {error}")))
    }

    /// Prints a text for programs on standard output, as it is.
    pub fn say_as_is(&self, text: &str) -> Result<(), CommandError> {
        self.terminal
            .print(None, |out| writeln!(out, "{text}"))
            .map_err(|error| CommandError::refusal(format!("cannot write the output: {error}")))
    }

    /// Prints a text of several lines on standard output: exactly as it is, but without what would steer a terminal.
    pub fn say_all(&self, text: &str) -> Result<(), CommandError> {
        let shown = if self.terminal.is_interactive() {
            text.lines().map(|line| format::printable(line) + "\n").collect()
        } else {
            text.to_owned()
        };
        self.terminal
            .print(None, |out| out.write_all(shown.as_bytes()))
            .map_err(|error| CommandError::refusal(format!("cannot write the output: {error}")))
    }

    /// Reads the journal of a worktree and who is declared on its branch; what is damaged is warned about.
    pub fn declared(&self, repo: &Repo) -> Result<(DeclaredNow, Contents<Entry>), CommandError> {
        let contents = Journal::of(repo.git_dir()).read()?;
        if contents.damaged > 0 {
            self.terminal.warning(&format!(
                "{} damaged lines of the journal were left aside",
                contents.damaged
            ));
        }
        if contents.newer > 0 {
            self.terminal
                .warning("a newer git-model wrote to the journal; what it wrote was left aside");
        }
        let branch = repo.head()?.branch;
        let declared = declared_now(&contents.entries, branch.as_deref(), self.now());
        Ok((declared, contents))
    }
}

impl Default for Context {
    fn default() -> Self {
        Self::new()
    }
}
