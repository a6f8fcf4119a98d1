//! `git model record COMMIT`: add to the record of a commit by hand.

use std::process::ExitCode;

use crate::capture::{Amendment, Moment};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::provenance::{Grade, ModelName, Origin, Phase};

/// Add to the record of a commit, by hand
///
/// The commit and its message stay as they are; only the note in refs/notes/model changes. Without --lines the model
/// or you speak for all changed lines of the commit that nobody has yet; a review or a plan speaks for none.
#[derive(Debug, clap::Args)]
pub struct RecordArgs {
    /// The commit
    commit: String,

    /// The model that had a part, in any spelling
    #[arg(long, value_name = "MODEL", required_unless_present = "human", conflicts_with = "human")]
    model: Option<String>,

    /// Its part: implementation, architecture, review, or a word of your own
    #[arg(long, value_name = "PHASE", conflicts_with = "human")]
    phase: Option<String>,

    /// You wrote it by hand
    #[arg(long)]
    human: bool,

    /// Only these lines of a file as it is in the commit; may be given several times
    #[arg(long, value_name = "FILE:A-B")]
    lines: Vec<String>,
}

/// Adds to the record.
pub fn run(context: &Context, args: &RecordArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let commit = repo.resolve(&args.commit)?;
    let origin = origin(args)?;
    let who = in_words(&origin);
    let ranges = args.lines.iter().map(|text| parse_lines(text)).collect::<Result<Vec<_>, _>>()?;
    let moment = Moment::new(&repo, context.now());
    let (outcome, record) = moment.record(commit, Amendment { origin, ranges })?;
    for warning in outcome.warnings {
        context.terminal.warning(&warning);
    }
    let known = record.contributions.iter().map(|one| one.lines.changed()).sum::<u32>();
    let all = known + record.unknown.changed();
    context.say(&format!(
        "{}: {who} added; {known} of {all} changed lines are known now",
        commit.short()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn in_words(origin: &Origin) -> String {
    match origin {
        Origin::Model { model, phase: Some(phase), .. } => format!("{} ({phase})", model.display()),
        Origin::Model { model, .. } => model.display().to_owned(),
        Origin::Human | Origin::Unknown => "human".to_owned(),
    }
}

fn origin(args: &RecordArgs) -> Result<Origin, CommandError> {
    let Some(name) = args.model.as_deref().filter(|_| !args.human) else {
        return Ok(Origin::Human);
    };
    let model = ModelName::parse(name).map_err(|error| CommandError::refusal(error.to_string()))?;
    let phase = match args.phase.as_deref() {
        None => Phase::Implementation,
        Some(word) => Phase::parse(word).ok_or_else(|| {
            CommandError::refusal(format!("`{}` is not the name of a phase", word.escape_debug()))
                .with_hint("one word, such as implementation, architecture or review")
        })?,
    };
    Ok(Origin::Model { model, phase: Some(phase), agent: None, grade: Grade::Declared })
}

/// Reads `FILE:A-B` or `FILE:A`; the file may hold colons itself.
fn parse_lines(text: &str) -> Result<(String, u32, u32), CommandError> {
    let wrong = || {
        CommandError::refusal(format!("`{}` does not name lines of a file", text.escape_debug()))
            .with_hint("write --lines src/cache.rs:12-40")
    };
    let (path, lines) = text.rsplit_once(':').ok_or_else(wrong)?;
    let (start, end) = lines.split_once('-').unwrap_or((lines, lines));
    let number = |text: &str| text.parse::<u32>().ok().filter(|line| *line > 0);
    match (number(start), number(end)) {
        (Some(start), Some(end)) if start <= end && !path.is_empty() => {
            Ok((path.to_owned(), start, end))
        }
        _ => Err(wrong()),
    }
}
