//! `git model show COMMIT`: all that is known of one commit.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::capture::Moment;
use crate::cli::FormatArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::sync;
use crate::format::{self, Canvas};
use crate::git::{self, Commit, Repo};
use crate::history::{Class, CommitReading, LineOrigins, Noted, OriginPatch};
use crate::marks;
use crate::provenance::{CommitRecord, CommitText, Identity};
use crate::report::{CommitReport, FileLines, PatchReport, followed_words};
use crate::store::{Plans, foreign as foreign_notes, note};

/// Show who had which part in a commit, and how that is known
///
/// Reads the record in refs/notes/model and, beside it, the trailers and the marks of agents in the message. Where
/// they name different models, that is said. Without a record and without a mark the commit is unknown.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// The commit
    #[arg(default_value = "HEAD")]
    commit: String,

    /// Add the patch, with a sign and a colour for the origin of each added line
    #[arg(short = 'p', long)]
    patch: bool,

    #[command(flatten)]
    format: FormatArgs,

    /// Do not page the output
    #[arg(long)]
    no_pager: bool,
}

/// Shows one commit.
pub fn run(context: &Context, args: &ShowArgs) -> Result<ExitCode, CommandError> {
    let format = format::find(&args.format.format).unwrap_or(format::ALL[0]);
    if args.patch && !format.is_for_people() {
        return Err(CommandError::refusal(format!("a patch is not printed as {}", format.name()))
            .with_hint("leave out --patch: the lines of each file are in the document"));
    }
    let repo = context.repo()?;
    let commit = repo.commit(repo.resolve(&args.commit)?)?;
    let (report, origins) = read(context, &repo, commit.clone())?;
    let terminal = &context.terminal;
    let is_paged = format.is_for_people() && terminal.is_interactive() && !args.no_pager;
    let pager = if is_paged { git::pager() } else { None };
    let canvas = Canvas { width: terminal.width(), colour: terminal.colour() };
    let mut failed = None;
    let printed = terminal.print(pager.as_deref(), |out| {
        format.report(&report, &canvas, out)?;
        if args.patch {
            failed = write_patch(&commit, &origins, &canvas, out)?.err();
        }
        Ok(())
    });
    if let Some(error) = failed {
        return Err(error.into());
    }
    printed.map_err(|error| CommandError::refusal(format!("cannot write the output: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// Reads all that is known of a commit, and whose its lines are.
fn read(
    context: &Context,
    repo: &Repo,
    commit: Commit,
) -> Result<(CommitReport, LineOrigins), CommandError> {
    let mut record = None;
    for bytes in repo.notes_of(note::REFERENCE, commit.id)? {
        match note::parse_placed(commit.id, &bytes) {
            Ok(parsed) => record = record.or(Some(parsed)),
            Err(error) => CommandError::from(error).warn(&context.terminal),
        }
    }
    let (record, is_placed) = record.unzip();
    let mut foreign = Vec::new();
    for (reference, reader) in foreign_notes::references() {
        let notes = repo.notes_of(reference, commit.id)?;
        foreign
            .extend(notes.iter().filter_map(|note| foreign_notes::read(reference, reader, note)));
    }
    let text = CommitText {
        author: Identity::parse(&commit.author),
        committer: Identity::parse(&commit.committer),
        message: &commit.message,
    };
    let marks = marks::read(&text);
    let reading =
        CommitReading::combine(record.as_ref(), &foreign, &marks, marks::is_bot(text.author));
    let origins =
        LineOrigins::new(record.clone(), is_placed.unwrap_or_default(), &foreign, &reading);
    // Of a commit without evidence there is nothing to be told file by file. A file that is not here (a partial
    // clone) leaves the rest as it is.
    let lines = if reading.class == Class::Unknown {
        Vec::new()
    } else {
        let added = Moment::new(repo, context.now()).added_lines(&commit).unwrap_or_default();
        FileLines::count(&added, &origins)
    };
    let plans = plans(repo, record.as_ref());
    let is_missing = reading.note == Noted::Missing;
    let unasked = if is_missing { sync::unasked_remote(repo) } else { None };
    let report = CommitReport {
        plans,
        commit: commit.id,
        author_time: commit.author_time,
        subject: commit.message.lines().next().unwrap_or_default().to_owned(),
        author: commit.author,
        record,
        foreign,
        marks,
        reading,
        lines,
        unasked,
    };
    Ok((report, origins))
}

/// Says which plans a commit followed, with what is here of them.
fn plans(repo: &Repo, record: Option<&CommitRecord>) -> Vec<String> {
    let Some(record) = record else { return Vec::new() };
    let mut lines = Vec::new();
    for followed in &record.plans {
        let kept = Plans::of(repo).read(&followed.id).ok().flatten();
        lines.extend(followed_words(followed, kept.as_ref().map(|kept| &kept.plan)));
    }
    if let [one, others @ ..] = record.unclear_plans.as_slice() {
        let ids = others.iter().fold(one.to_string(), |ids, id| format!("{ids}, {id}"));
        lines.push(format!("not clear: several were being implemented ({ids})"));
    }
    lines
}

/// Writes the patch while Git makes it; the inner error is Git's.
fn write_patch(
    commit: &Commit,
    origins: &LineOrigins,
    canvas: &Canvas,
    out: &mut dyn Write,
) -> io::Result<Result<(), git::Error>> {
    writeln!(out)?;
    if commit.parents.len() > 1 {
        let id = commit.id.short();
        writeln!(out, "(a merge has a patch for each parent: git show -m {id})")?;
        return Ok(Ok(()));
    }
    let mut patch = match OriginPatch::of(commit.id, origins) {
        Ok(patch) => patch,
        Err(error) => return Ok(Err(error)),
    };
    let report = PatchReport::new(origins);
    report.write_legend(canvas, out)?;
    loop {
        match patch.next_line() {
            Ok(Some(line)) => report.write_line(&line, canvas, out)?,
            Ok(None) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error)),
        }
    }
}
