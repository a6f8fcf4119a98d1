//! `git model show COMMIT`: all that is known of one commit.

use std::process::ExitCode;

use crate::cli::FormatArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::history::CommitReading;
use crate::marks;
use crate::provenance::{CommitText, Identity};
use crate::report::CommitReport;
use crate::store::{foreign as foreign_notes, note};

/// Show who had which part in a commit, and how that is known
///
/// Reads the record in refs/notes/model and, beside it, the trailers and the marks of agents in the message. Where
/// they name different models, that is said. Without a record and without a mark the commit is unknown.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// The commit
    #[arg(default_value = "HEAD")]
    commit: String,

    #[command(flatten)]
    format: FormatArgs,
}

/// Shows one commit.
pub fn run(context: &Context, args: &ShowArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let commit = repo.commit(repo.resolve(&args.commit)?)?;
    let mut record = None;
    for bytes in repo.notes_of(note::REFERENCE, commit.id)? {
        match note::parse(commit.id, &bytes) {
            Ok(parsed) => record = record.or(Some(parsed)),
            Err(error) => CommandError::from(error).warn(&context.terminal),
        }
    }
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
    let report = CommitReport {
        commit: commit.id,
        author_time: commit.author_time,
        subject: commit.message.lines().next().unwrap_or_default().to_owned(),
        author: commit.author,
        record,
        foreign,
        marks,
        reading,
    };
    context.print(&report, &args.format.format)?;
    Ok(ExitCode::SUCCESS)
}
