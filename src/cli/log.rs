//! `git model log`: who planned, wrote and reviewed what.

use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::facts::facts;
use crate::cli::selection::SelectionArgs;
use crate::cli::sync;
use crate::format::{self, Canvas, Format, ListItem};
use crate::git::{self, HistoryReader, Repo};
use crate::history::{Audit, Filter, Glob, GroupBy, Measures, NoteProblem, Sources, Summary};
use crate::marks;
use crate::provenance::{Grade, Phase};
use crate::report::{
    LogDetail, LogItem, LogReport, LogScope, LogsReport, PlanFacts, log_list_head,
};
use crate::store::note::REFERENCE as NOTES;
use crate::terminal::Terminal;

/// Show which models planned, wrote and reviewed the commits
///
/// Reads every commit once: its record in refs/notes/model, else its `Model:` trailers, else the marks that agents
/// leave in messages. Works in any repository, whether git-model is installed there or not. Without evidence a
/// commit is unknown, never human.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Debug, Clone, Default, clap::Args)]
pub struct LogArgs {
    #[command(flatten)]
    selection: SelectionArgs,

    /// List the commits, one a line
    #[arg(long)]
    commits: bool,

    /// Show every model, and what deserves a look
    #[arg(long, conflicts_with = "commits")]
    full: bool,

    /// Only commits with a part of a model: id or name, with * and ?
    #[arg(long, value_name = "GLOB")]
    model: Option<String>,

    /// Only commits with a part in this phase
    #[arg(long, value_name = "PHASE", value_parser = parse_phase)]
    phase: Option<Phase>,

    /// Only commits that name this tool, with * and ?
    #[arg(long, value_name = "GLOB")]
    tool: Option<String>,

    /// Only commits that are known at least so well: observed, declared, inferred
    #[arg(long, value_name = "GRADE", value_parser = parse_grade)]
    grade: Option<Grade>,

    /// Count by model, family, vendor, phase, tool, author, month, release or path
    #[arg(long, value_name = "WHAT", value_parser = parse_by, conflicts_with = "commits")]
    by: Option<GroupBy>,

    /// Count the added and removed lines, which takes as long as `git log --numstat`
    #[arg(long, conflicts_with = "commits")]
    lines: bool,

    /// Show the tokens of each model in each phase, and what they cost at list prices
    #[arg(long, conflicts_with_all = ["commits", "by"])]
    cost: bool,

    /// Audit this repository instead of the one here; may be given several times
    #[arg(long, value_name = "PATH", conflicts_with = "commits")]
    repo: Vec<PathBuf>,

    /// Audit the repositories that a file lists, one path a line; - reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "commits")]
    repos_from: Option<PathBuf>,

    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = format_names())]
    format: String,

    /// Do not page the output
    #[arg(long)]
    no_pager: bool,
}

/// Why a log could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The history could not be read.
    #[error(transparent)]
    Git(#[from] git::Error),
    /// The list of repositories could not be read.
    #[error("cannot read the list of repositories `{}`", path.display())]
    List {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Standard output takes nothing, and not because it was closed.
    #[error("cannot write the log")]
    Write {
        /// Why.
        source: io::Error,
    },
}

fn parse_phase(word: &str) -> Result<Phase, String> {
    Phase::parse(word).ok_or_else(|| "a phase is one word, such as implementation".to_owned())
}

fn parse_grade(word: &str) -> Result<Grade, String> {
    let grades = [Grade::Observed, Grade::Declared, Grade::Inferred];
    let found = grades.into_iter().find(|grade| grade.as_str() == word);
    found.ok_or_else(|| "a grade is observed, declared or inferred".to_owned())
}

fn parse_by(word: &str) -> Result<GroupBy, String> {
    GroupBy::find(word).ok_or_else(|| {
        let words: Vec<_> = GroupBy::ALL.iter().map(|by| by.name()).collect();
        format!("commits are counted by one of {}", words.join(", "))
    })
}

fn format_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(format::ALL.iter().map(|format| format.name()))
}

/// Shows the log.
pub fn run(context: &Context, args: &LogArgs) -> Result<ExitCode, LogError> {
    let terminal = &context.terminal;
    if !args.repo.is_empty() || args.repos_from.is_some() {
        return several(terminal, args);
    }
    let directory = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let reader = HistoryReader::open(&directory, NOTES)?;
    let audit = args.audit(&reader);
    let format = format::find(&args.format).unwrap_or(format::ALL[0]);
    let scope = args.scope(&reader);
    if args.commits {
        list(&audit, &scope, format, (terminal, args))?;
    } else {
        let progress = terminal.progress("Reading commits", Arc::clone(&audit.progress));
        let summary = audit.tally()?;
        drop(progress);
        warn_of_notes(terminal, summary.newer_notes, summary.damaged_notes);
        let plans = plan_facts(terminal, Repo::discover, &summary);
        let unasked = unasked_remote(&summary);
        let report = LogReport::new(scope, summary, args.detail());
        let report = report.with_plans(plans).with_unasked(unasked);
        let pager = args.pager(&reader, terminal, format);
        terminal
            .print(pager.as_deref(), |out| format.report(&report, &canvas(terminal), out))
            .map_err(|source| LogError::Write { source })?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows several repositories together; one that cannot be read is warned about, and the rest is shown.
fn several(terminal: &Terminal, args: &LogArgs) -> Result<ExitCode, LogError> {
    let mut read: Vec<(LogScope, Summary, Option<PlanFacts>)> = Vec::new();
    let mut failed = false;
    let mut pager = None;
    let format = format::find(&args.format).unwrap_or(format::ALL[0]);
    for path in args.repositories()? {
        let counted = HistoryReader::open_named(&path, NOTES).and_then(|reader| {
            let audit = args.audit(&reader);
            let _progress = terminal.progress("Reading commits", Arc::clone(&audit.progress));
            pager = pager.take().or_else(|| args.pager(&reader, terminal, format));
            Ok((args.scope(&reader), audit.tally()?))
        });
        match counted {
            Ok((mut scope, summary)) => {
                // Two folders of one name are told apart by what was typed.
                if read.iter().any(|(other, ..)| other.repository == scope.repository) {
                    scope.repository = path.display().to_string();
                }
                warn_of_notes(terminal, summary.newer_notes, summary.damaged_notes);
                let plans = plan_facts(terminal, || Repo::open_for_hook(&path), &summary);
                read.push((scope, summary, plans));
            }
            Err(error) => {
                failed = true;
                terminal.warning(&format!("`{}` left out: {error}", path.display()));
            }
        }
    }
    let report = LogsReport::new(read, args.detail());
    terminal
        .print(pager.as_deref(), |out| format.report(&report, &canvas(terminal), out))
        .map_err(|source| LogError::Write { source })?;
    Ok(if failed { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

/// Adds what became of the plans of a repository, where that was asked for; what cannot be read is a warning.
fn plan_facts(
    terminal: &Terminal,
    open: impl FnOnce() -> Result<Repo, git::Error>,
    summary: &Summary,
) -> Option<PlanFacts> {
    summary.plans.as_ref()?;
    let found = open().map_err(CommandError::from).and_then(|repo| facts(&repo, summary));
    found.unwrap_or_else(|_| {
        terminal.warning("the plans of this repository could not be read");
        None
    })
}

/// Returns who may have the records that are missing here; nobody where none is, or where the repository hides it.
fn unasked_remote(summary: &Summary) -> Option<String> {
    if summary.missing_notes == 0 {
        return None;
    }
    sync::unasked_remote(&Repo::discover().ok()?)
}

fn list(
    audit: &Audit<'_>,
    scope: &LogScope,
    format: &dyn Format,
    (terminal, args): (&Terminal, &LogArgs),
) -> Result<(), LogError> {
    let head = log_list_head(scope);
    let canvas = canvas(terminal);
    let pager = args.pager(audit.reader, terminal, format);
    let mut failed = None;
    let mut problems = (0, 0);
    let printed = terminal.print(pager.as_deref(), |out| {
        let mut written = 0;
        let mut result = Ok(());
        let mut begun = false;
        let walked = audit.list(|block| {
            for problem in block.iter().flat_map(|commit| &commit.problems) {
                match problem {
                    NoteProblem::Newer => problems.0 += 1,
                    NoteProblem::Damaged => problems.1 += 1,
                }
            }
            let items: Vec<_> = block.iter().map(LogItem).collect();
            let items: Vec<&dyn ListItem> =
                items.iter().map(|item| item as &dyn ListItem).collect();
            result = if begun { Ok(()) } else { format.begin(&head, out) };
            begun = true;
            result = std::mem::replace(&mut result, Ok(()))
                .and_then(|()| format.items(&head, &items, (&canvas, written), out))
                // Somebody may be watching, and Git may need long for the next commit.
                .and_then(|()| out.flush());
            written += items.len() as u64;
            if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        result?;
        // Nothing is printed where the very first thing fails, such as an unknown revision.
        if let Err(error) = walked {
            failed = Some(error);
            return Ok(());
        }
        if !begun {
            format.begin(&head, out)?;
        }
        format.end(&head, written, out)
    });
    warn_of_notes(terminal, problems.0, problems.1);
    match failed {
        Some(error) => Err(error.into()),
        None => printed.map_err(|source| LogError::Write { source }),
    }
}

fn canvas(terminal: &Terminal) -> Canvas {
    Canvas { width: terminal.width(), colour: terminal.colour() }
}

pub(super) fn warn_of_notes(terminal: &Terminal, newer: u64, damaged: u64) {
    let notes = |number| if number == 1 { "1 note".to_owned() } else { format!("{number} notes") };
    if newer > 0 {
        terminal.warning(&format!(
            "{} in {NOTES} left aside: in a format newer than this git-model",
            notes(newer)
        ));
    }
    if damaged > 0 {
        terminal.warning(&format!("{} in {NOTES} left aside: not readable", notes(damaged)));
    }
}

impl LogArgs {
    fn audit<'a>(&self, reader: &'a HistoryReader) -> Audit<'a> {
        Audit {
            reader,
            sources: Sources { marks: marks::read, is_bot: marks::is_bot },
            selection: self.selection.selection(),
            filter: self.filter(),
            measures: self.measures(),
            progress: Arc::new(AtomicU64::new(0)),
        }
    }

    /// Returns the repositories that were named, those of the file last; blank lines and `#` lines are skipped.
    fn repositories(&self) -> Result<Vec<PathBuf>, LogError> {
        let mut paths = self.repo.clone();
        if let Some(file) = &self.repos_from {
            let text = if file.as_os_str() == "-" {
                io::read_to_string(io::stdin())
            } else {
                std::fs::read_to_string(file)
            };
            let text = text.map_err(|source| LogError::List { path: file.clone(), source })?;
            let lines = text.lines().map(str::trim);
            let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
            paths.extend(lines.map(PathBuf::from));
        }
        Ok(paths)
    }

    fn filter(&self) -> Filter {
        Filter {
            model: self.model.as_deref().map(Glob::new),
            phase: self.phase.clone(),
            tool: self.tool.as_deref().map(Glob::new),
            grade: self.grade,
        }
    }

    fn measures(&self) -> Measures {
        Measures { by: self.by, lines: self.lines, full: self.full, cost: self.cost || self.full }
    }

    fn detail(&self) -> LogDetail {
        LogDetail { full: self.full, cost: self.cost }
    }

    /// Says in words which commits these are, as near to what was typed as can be.
    fn scope(&self, reader: &HistoryReader) -> LogScope {
        let range = self.selection.words(&reader.branch().unwrap_or_else(|| "HEAD".to_owned()));
        let mut filter = Vec::new();
        filter.extend(self.model.clone());
        filter.extend(self.phase.as_ref().map(|phase| format!("({phase})")));
        filter.extend(self.tool.as_ref().map(|tool| format!("tool {tool}")));
        filter.extend(self.grade.map(|grade| format!("at least {}", grade.as_str())));
        LogScope { repository: reader.name(), range, filter: filter.join(" ") }
    }

    fn pager(
        &self,
        reader: &HistoryReader,
        terminal: &Terminal,
        format: &dyn Format,
    ) -> Option<String> {
        let wanted = terminal.is_interactive() && format.is_for_people() && !self.no_pager;
        wanted.then(|| reader.pager()).flatten()
    }
}
