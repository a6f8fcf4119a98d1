//! `git model blame FILE`: whose each line is.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::capture::{Moment, Uncommitted, record_of};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::{FormatArgs, log};
use crate::format;
use crate::git::{BlameRequest, HistoryReader};
use crate::history::{self, Blame, NoteProblem, Sources};
use crate::report::{BlameReport, BlameView, BlamedPlans};
use crate::store::Plans;
use crate::store::note::REFERENCE as NOTES;
use crate::{marks, settings};

/// Show who wrote each line of a file
///
/// Git finds the commit of each line (`git blame`, with the options below); that commit's record says whose the line
/// is. Where no record names the line, what is said of the whole commit counts, if it names one writer, and is marked
/// by a *. Lines not committed yet are whose they would be in a commit made now. Without evidence a line is unknown,
/// never human. Reads, and writes nothing.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of `git blame`")]
#[derive(Debug, clap::Args)]
#[command(override_usage = "git model blame [OPTIONS] [REV] [--] FILE")]
pub struct BlameArgs {
    /// A revision or range, then the file; without a revision, the file as it is in the work tree
    #[arg(value_name = "REV] [FILE")]
    words: Vec<OsString>,

    /// The file
    #[arg(last = true, value_name = "FILE", hide = true)]
    paths: Vec<OsString>,

    /// Only these lines: START,END, START,+N, /REGEX/ or :FUNCTION; may be given several times
    #[arg(short = 'L', value_name = "RANGE", allow_hyphen_values = true)]
    lines: Vec<String>,

    /// Ignore changes of blanks
    #[arg(short = 'w')]
    ignore_whitespace: bool,

    /// Find lines that were moved within a file
    #[arg(
        short = 'M',
        value_name = "SCORE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        value_parser = parse_score
    )]
    moves: Vec<String>,

    /// Find lines that came from other files of the same commit; more files each time it is given
    #[arg(
        short = 'C',
        value_name = "SCORE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        value_parser = parse_score
    )]
    copies: Vec<String>,

    /// Look through a commit to those before it
    #[arg(long, value_name = "REV")]
    ignore_rev: Vec<String>,

    /// Look through the commits that a file lists
    #[arg(long, value_name = "FILE")]
    ignore_revs_file: Vec<OsString>,

    /// Look no further back than a date
    #[arg(long, value_name = "DATE")]
    since: Option<String>,

    /// Follow only the first parent of merges
    #[arg(long)]
    first_parent: bool,

    /// Show so many digits of an id
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u8).range(4..=64))]
    abbrev: u8,

    /// Show the plan that the commit of each line followed, and what it is
    #[arg(long)]
    plan: bool,

    /// Count the lines of each origin below the file
    #[arg(long, conflicts_with_all = ["porcelain", "line_porcelain"])]
    summary: bool,

    /// Print what `git blame --porcelain` does, with the origin among the headers of each line
    #[arg(long, conflicts_with = "format")]
    porcelain: bool,

    /// The same, with all headers of the commit for each line
    #[arg(long, conflicts_with_all = ["format", "porcelain"])]
    line_porcelain: bool,

    #[command(flatten)]
    format: FormatArgs,

    /// Do not page the output
    #[arg(long)]
    no_pager: bool,
}

fn parse_score(word: &str) -> Result<String, String> {
    let is_score = word.strip_suffix('%').unwrap_or(word).bytes().all(|byte| byte.is_ascii_digit());
    is_score.then(|| word.to_owned()).ok_or_else(|| "a score is a number, such as 40".to_owned())
}

/// Writes `-M40` and `-C40` as `-M=40` and `-C=40`: clap knows no option whose value must stand right behind it.
pub fn with_equals_signs(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let mut command = 1;
    while arguments.get(command).is_some_and(|word| word == "-C") {
        command += 2;
    }
    if arguments.get(command).is_none_or(|word| word != "blame") {
        return arguments;
    }
    for argument in arguments[command + 1..].iter_mut().take_while(|word| *word != "--") {
        let score = argument.to_str().and_then(|word| {
            let letters = word.strip_prefix('-')?.trim_start_matches(['w', 'M', 'C']);
            let (options, score) = word.split_at(word.len() - letters.len());
            let has_score =
                options.ends_with(['M', 'C']) && score.starts_with(|c: char| c.is_ascii_digit());
            has_score.then(|| format!("{options}={score}"))
        });
        if let Some(score) = score {
            *argument = score.into();
        }
    }
    arguments
}

/// Shows whose each line is.
pub fn run(context: &Context, args: &BlameArgs) -> Result<ExitCode, CommandError> {
    let terminal = &context.terminal;
    let directory = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let reader = HistoryReader::open(&directory, NOTES)?;
    let request = args.request(&reader)?;
    let path = PathBuf::from(&request.path);
    let sources = Sources { marks: marks::read, is_bot: marks::is_bot };
    let uncommitted = uncommitted(context, &reader, &request);
    let blame = history::blame(&reader, sources, &request, &|line| uncommitted.origin(line))?;
    let problems = |problem| blame.problems.iter().filter(|one| **one == problem).count() as u64;
    log::warn_of_notes(terminal, problems(NoteProblem::Newer), problems(NoteProblem::Damaged));
    let is_porcelain = args.porcelain || args.line_porcelain;
    if !is_porcelain {
        blame.check_is_text(&path)?;
    }
    let plans = if args.plan { Some(plans(context, &blame)?) } else { None };
    let report = BlameReport {
        plans,
        path: reader.path_from_top(&path).to_string_lossy().into_owned(),
        blame,
        view: BlameView { digits: usize::from(args.abbrev), counts: args.summary },
    };
    let format = format::find(&args.format.format).unwrap_or(format::ALL[0]);
    let is_paged = format.is_for_people() && terminal.is_interactive() && !args.no_pager;
    let pager = if is_paged && !is_porcelain { reader.pager() } else { None };
    let canvas = format::Canvas { width: terminal.width(), colour: terminal.colour() };
    terminal
        .print(pager.as_deref(), |out| {
            if is_porcelain {
                report.write_porcelain(out)
            } else {
                format.report(&report, &canvas, out)
            }
        })
        .map_err(|error| CommandError::refusal(format!("cannot write the output: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// Reads which plans the commits of a file's lines followed, and those of them that are here.
fn plans(context: &Context, blame: &Blame) -> Result<BlamedPlans, CommandError> {
    let repo = context.repo()?;
    let mut found = BlamedPlans::default();
    let commits = blame.lines().filter_map(|line| line.commit).collect::<BTreeSet<_>>();
    for commit in commits {
        // A note that cannot be read was warned of.
        let record = record_of(&repo, commit)?.unwrap_or_default();
        for followed in &record.plans {
            // A damaged plan is as one that is not here.
            if let Ok(Some(kept)) = Plans::of(&repo).read(&followed.id) {
                found.here.insert(followed.id.clone(), kept.plan);
            }
        }
        if !record.plans.is_empty() {
            found.of_commits.insert(commit, record.plans);
        }
    }
    Ok(found)
}

/// Returns whose the lines are that are not committed; where that cannot be read, nobody's.
fn uncommitted(context: &Context, reader: &HistoryReader, request: &BlameRequest) -> Uncommitted {
    if !request.revisions.is_empty() {
        return Uncommitted::default();
    }
    let path = reader.path_from_top(Path::new(&request.path));
    let found = path.to_str().map_or(Ok(Uncommitted::default()), |path| {
        let repo = context.repo()?;
        if repo.work_tree().is_none() {
            return Ok(Uncommitted::default());
        }
        let (declared, _) = context.declared(&repo)?;
        let moment = Moment::new(&repo, context.now()).within(settings::surroundings());
        Ok::<_, CommandError>(moment.uncommitted(path, declared.who.as_ref())?)
    });
    found.unwrap_or_else(|_| {
        context.terminal.warning("what agents told of lines not committed yet could not be read");
        Uncommitted::default()
    })
}

impl BlameArgs {
    /// Tells file and revisions apart as `git blame` does.
    fn request(&self, reader: &HistoryReader) -> Result<BlameRequest, CommandError> {
        let (revisions, path) = match (self.words.as_slice(), self.paths.as_slice()) {
            // `git blame FILE REV`, the old order.
            ([path, revision], []) if reader.is_revision(revision) => {
                (std::slice::from_ref(revision), path)
            }
            (revisions, [path]) | ([revisions @ .., path], []) => (revisions, path),
            ([], []) => {
                return Err(CommandError::refusal("no file is named")
                    .with_hint("git model blame [REV] [--] FILE"));
            }
            (_, paths) => {
                return Err(CommandError::refusal(format!(
                    "one file at a time, and {} were named",
                    paths.len()
                ))
                .with_hint("git model blame [REV] [--] FILE"));
            }
        };
        Ok(BlameRequest {
            path: path.clone(),
            revisions: revisions.iter().map(|word| word.to_string_lossy().into_owned()).collect(),
            lines: self.lines.clone(),
            ignore_whitespace: self.ignore_whitespace,
            moves: self.moves.clone(),
            copies: self.copies.clone(),
            ignored_revisions: self.ignore_rev.clone(),
            ignored_revisions_files: self.ignore_revs_file.clone(),
            since: self.since.clone(),
            first_parent: self.first_parent,
            repeats_headers: self.line_porcelain,
        })
    }
}
