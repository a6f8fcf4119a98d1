//! Asking the planning model for a plan, or for the next version of one.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::backends::{Answer, Ask as _, Part, Question};
use crate::cli::ask::{self, Asked};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::clock;
use crate::format;
use crate::git::Repo;
use crate::provenance::{Grade, Planner, catalog};
use crate::review::{self, Boundary};
use crate::settings::Role;
use crate::workflow::{Attachment, check_text, plan_in, planning_task};

/// A larger file is not attached, in bytes.
const FILE_LIMIT: u64 = 1 << 20;

/// How much may be attached together, in bytes; more than models read anyway.
const TOTAL_LIMIT: usize = 4 << 20;

/// The most that a planning model may write, in tokens.
const MOST_OUTPUT: u32 = 32_000;

/// How a planning model is asked.
#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    /// With --run: a file that the model is to read too; may be given several times
    #[arg(long, value_name = "FILE", requires = "run")]
    attach: Vec<PathBuf>,

    /// With --run: send nothing; print exactly what would be sent, and where
    #[arg(long, requires = "run")]
    dry_run: bool,

    /// With --run: send it although something in what is attached, or in what was changed, looks like a secret
    #[arg(long, requires = "run")]
    allow_secrets: bool,

    /// With --run: wait no longer than this for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 1800, requires = "run")]
    timeout: u64,
}

/// A planning model that is to be asked.
pub(super) struct Planning {
    asked: Asked,
    boundary: Boundary,
    attached: Vec<Attachment>,
    dry_run: bool,
    allow_secrets: bool,
}

/// What a planning model answered.
pub(super) struct Planned {
    /// The plan, checked.
    pub(super) text: String,
    /// Who made it.
    pub(super) planner: Planner,
    /// What it took, in words.
    pub(super) cost: String,
}

impl RunArgs {
    /// Refuses what only goes with --run; beside another source of the text clap lets it pass.
    pub(super) fn without_run(&self) -> Result<(), CommandError> {
        if self.attach.is_empty() && !self.dry_run && !self.allow_secrets {
            return Ok(());
        }
        Err(CommandError::refusal("--attach, --dry-run and --allow-secrets go with --run")
            .with_hint("ask for a plan: git model plan new --run REQUEST"))
    }
}

impl Planning {
    /// Chooses who is asked, and reads what is attached; nothing is sent yet.
    pub(super) fn prepare(
        context: &Context,
        repo: &Repo,
        named: Option<&str>,
        args: &RunArgs,
    ) -> Result<Self, CommandError> {
        let who = ask::who(repo, Role::Planner, named)?;
        // Without the slash at its end, which programs take for a part of patterns.
        let reads = repo.work_tree().map(|tree| tree.components().collect());
        let asked = Asked::choose(context, repo, &who, args.timeout, reads)?;
        let attached = read_all(&args.attach)?;
        let boundary = Boundary::random();
        let planning = Self {
            asked,
            boundary,
            attached,
            dry_run: args.dry_run,
            allow_secrets: args.allow_secrets,
        };
        planning.refuse_secrets_in(&planning.attached)?;
        Ok(planning)
    }

    /// Refuses to send texts in which something looks like a secret, unless the user says that it is none.
    pub(super) fn refuse_secrets_in(&self, texts: &[Attachment]) -> Result<(), CommandError> {
        if self.allow_secrets { Ok(()) } else { refuse_secrets(texts) }
    }

    /// Returns what marks where foreign text begins and ends.
    pub(super) fn boundary(&self) -> &str {
        self.boundary.as_str()
    }

    /// Returns what is attached.
    pub(super) fn attached(&self) -> &[Attachment] {
        &self.attached
    }

    /// Returns the planner as far as it is known before it answers.
    pub(super) fn planner(&self) -> Planner {
        Planner {
            model: self.asked.model.clone(),
            requested: None,
            agent: None,
            session: None,
            grade: Grade::Declared,
        }
    }

    /// Says that the model sees nothing of the repository but what it is given, where the way cannot read it.
    pub(super) fn warn_unread(&self, context: &Context, option: &str) {
        if !self.asked.chosen.reads && self.attached.is_empty() {
            let name = &self.asked.chosen.name;
            context.terminal.warning(&format!(
                "`{name}` cannot read the repository, and nothing is attached ({option})"
            ));
        }
    }

    /// Asks for a plan; `None` where only what would be sent was to be shown.
    pub(super) fn ask(
        &self,
        context: &Context,
        text: String,
    ) -> Result<Option<Planned>, CommandError> {
        let question = Question {
            model: self.asked.model.clone(),
            system: planning_task(self.boundary()),
            parts: vec![Part { text, is_repeated: false }],
            shape: None,
            most_output: MOST_OUTPUT,
        };
        if self.dry_run {
            let (place, body) = self.asked.would_send(&question);
            context.terminal.note(&format!("would go to {place}; nothing is sent"));
            context.say_all(&body)?;
            return Ok(None);
        }
        let begun = clock::instant();
        let answer = self.asked.ask(&question)?;
        let took = begun.elapsed();
        self.planned(context, &answer, took).map(Some)
    }

    fn planned(
        &self,
        context: &Context,
        answer: &Answer,
        took: Duration,
    ) -> Result<Planned, CommandError> {
        let text = answer.value.as_str().unwrap_or_default();
        let text = check_text(plan_in(text).as_bytes())?;
        let asked = &self.asked.model;
        let is_other = !asked.means(&answer.model);
        if is_other {
            let (asked, answered) = (asked.display(), answer.model.display());
            context.terminal.warning(&format!("{asked} was asked, and {answered} answered"));
        }
        let planner = Planner {
            model: answer.model.clone(),
            requested: is_other.then(|| asked.clone()),
            agent: self.asked.chosen.agent.map(str::to_owned),
            session: None,
            grade: Grade::Observed,
        };
        Ok(Planned { text, planner, cost: cost_in_words(answer, took) })
    }
}

impl Planned {
    /// Prints a plan that could not be kept, so that an answer that took its time is not lost.
    pub(super) fn rescue(&self, context: &Context, error: CommandError) -> CommandError {
        if context.say_all(&self.text).is_ok() {
            context.terminal.warning("the plan could not be kept; it stands on standard output");
        }
        error
    }
}

/// Says how long an answer took, what it read and wrote, and what that costs where a price is known.
fn cost_in_words(answer: &Answer, took: Duration) -> String {
    let tokens = answer.tokens;
    let read = tokens.input + tokens.cache_read + tokens.cache_write;
    let mut text = format!("{} s", took.as_secs());
    if read + tokens.output > 0 {
        let _ = write!(text, ", {read} tokens read and {} written", tokens.output);
    }
    // What goes through a cache has prices of its own, which are not listed here.
    let price = catalog::find(answer.model.id()).and_then(|row| row.price);
    if let Some(price) = price.filter(|_| read + tokens.output > 0) {
        let cents = price.cost_micros(read, tokens.output).div_ceil(10_000);
        let _ = write!(
            text,
            ", about ${}.{:02} at list prices of {}",
            cents / 100,
            cents % 100,
            price.date
        );
    }
    text
}

/// Refuses to send what looks like a secret; the request itself is what the user just typed.
fn refuse_secrets(texts: &[Attachment]) -> Result<(), CommandError> {
    let found = texts.iter().flat_map(|one| review::scan(&one.name, &one.text));
    let found = found.collect::<Vec<_>>();
    let Some(first) = found.first() else { return Ok(()) };
    let more = match found.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let text = format!(
        "`{}` line {} looks like {}{more}: nothing is sent",
        first.path, first.line, first.kind
    );
    Err(CommandError::refusal(text)
        .with_hint("leave it out, or, if it is none, send it all the same: --allow-secrets"))
}

fn read_all(files: &[PathBuf]) -> Result<Vec<Attachment>, CommandError> {
    let attached = files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
    let total: usize = attached.iter().map(|one| one.text.len()).sum();
    if total > TOTAL_LIMIT {
        let text =
            format!("{} files of {total} bytes are attached, more than {TOTAL_LIMIT}", files.len());
        return Err(CommandError::refusal(text)
            .with_hint("attach what decides the plan, and leave out the rest"));
    }
    Ok(attached)
}

fn read(file: &Path) -> Result<Attachment, CommandError> {
    let name = format::printable(&file.display().to_string());
    let failed = |why: String| CommandError::refusal(format!("cannot attach `{name}`: {why}"));
    let opened = fs::File::open(file).map_err(|error| failed(error.to_string()))?;
    let mut bytes = Vec::new();
    let read = opened.take(FILE_LIMIT + 1).read_to_end(&mut bytes);
    read.map_err(|error| failed(error.to_string()))?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(failed(format!("it is larger than {} MiB", FILE_LIMIT >> 20)));
    }
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    let text = text.ok_or_else(|| failed("it is no UTF-8 text".to_owned()))?;
    Ok(Attachment { name, text })
}
