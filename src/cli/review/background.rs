//! A review ahead of the commit: a process of its own that keeps its verdict, and the hook that waits for it.
//!
//! The process keeps a file locked that names its change. The lock dies with it, so nobody waits for what is gone.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use crate::backends;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::review::change::Target;
use crate::clock;
use crate::git::Repo;

/// How often who waits looks whether the other one is done.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The right to review in the background, until it is dropped.
pub(super) struct Ahead {
    _file: File,
}

fn lock_file(repo: &Repo) -> PathBuf {
    repo.git_dir().join("model").join("reviewing")
}

fn name(target: &Target) -> String {
    let base = target.base.map_or_else(|| "-".to_owned(), |base| base.to_string());
    format!("{base} {}\n", target.tree)
}

/// Starts this program again in a folder, to review what is staged there, or all that is not committed.
pub(in crate::cli) fn begin(
    folder: &Path,
    model: Option<&str>,
    is_working: bool,
) -> std::io::Result<()> {
    let mut args = vec!["review".to_owned(), "--ahead".to_owned()];
    args.extend(is_working.then(|| "--working".to_owned()));
    args.extend(model.into_iter().flat_map(|model| ["--model".to_owned(), model.to_owned()]));
    backends::client::start_apart(&std::env::current_exe()?, &args, folder)
}

/// Starts this program again with the same question, and returns at once.
pub(super) fn start(
    context: &Context,
    repo: &Repo,
    model: Option<&str>,
    target: &Target,
    is_working: bool,
) -> Result<ExitCode, CommandError> {
    let folder = repo.work_tree().unwrap_or_else(|| repo.git_dir());
    begin(folder, model, is_working).map_err(|error| {
        CommandError::refusal(format!("cannot start a review in the background: {error}"))
    })?;
    let tree = target.tree.short();
    context.say(&format!("reviewing {} in the background (tree {tree}); the commit finds the answer, or waits for it", target.words()))?;
    Ok(ExitCode::SUCCESS)
}

impl Ahead {
    /// Says that this process reviews a change; `None` where another one does.
    pub(super) fn begin(repo: &Repo, target: &Target) -> Result<Option<Self>, CommandError> {
        let path = lock_file(repo);
        let failed = |error: std::io::Error| {
            CommandError::refusal(format!("cannot write `{}`: {error}", path.display()))
        };
        fs::create_dir_all(path.parent().unwrap_or(&path)).map_err(failed)?;
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0).and_then(|()| file.write_all(name(target).as_bytes())).map_err(failed)?;
        Ok(Some(Self { _file: file }))
    }
}

/// Waits while another process reviews this very change, for so many seconds at most; says whether there was one.
pub(super) fn wait(context: &Context, repo: &Repo, target: &Target, seconds: u64) -> bool {
    let is_reviewed = || {
        let Ok(file) = File::open(lock_file(repo)) else { return false };
        let named = fs::read_to_string(lock_file(repo)).unwrap_or_default();
        named == name(target) && matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    };
    if !is_reviewed() {
        return false;
    }
    let started = clock::instant();
    let line = move || {
        format!("waiting for the review in the background: {} s", started.elapsed().as_secs())
    };
    let _progress = context.terminal.waiting(line, String::new);
    while is_reviewed() && started.elapsed().as_secs() < seconds {
        std::thread::sleep(LOOK_EVERY);
    }
    true
}
