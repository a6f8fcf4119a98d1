//! Our hooks in a repository: found, installed beside other hooks, and taken away again.

use std::fs;
use std::path::{Path, PathBuf};

use crate::git::process::git_output;
use crate::git::{Error, Repo};
use crate::os::{self, shell_word};

/// The hooks that record, in the order in which Git may run them; a plain commit runs the first three.
pub const RECORDING: [&str; 6] = [
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "post-merge",
    "post-rewrite",
    "post-applypatch",
];

/// The hooks that are there only while a setting wants them.
pub const ON_REQUEST: [&str; 2] = ["pre-commit", "pre-push"];

/// The text of every shim.
const SHIM: &str = include_str!("../../hooks/shim.sh");

/// The words by which a shim of ours is recognised, of any version.
const MARK: &str = "# git-model hook ";

/// What is added to the name of a hook that stood there before ours.
const KEPT: &str = ".before-git-model";

/// What stands where Git looks for a hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookState {
    /// Nothing.
    Absent,
    /// Our shim, as this version writes it.
    Ours,
    /// Our shim, written by another version or for another place of the program.
    OursOutdated,
    /// Another program's hook that runs ours from beside it (pre-commit and prek do).
    OursBehindAnother,
    /// Another program's hook.
    Foreign,
}

/// The folder in which Git looks for the hooks of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HooksFolder {
    /// The folder.
    pub path: PathBuf,
    /// The value of `core.hooksPath`, where it is set.
    pub configured: Option<String>,
}

/// What became of one hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installed {
    /// It is new.
    New,
    /// It was there already.
    Unchanged,
    /// It was ours and was written anew.
    Updated,
    /// It stands before another hook, which is kept and still runs.
    BesideAnother,
}

/// Why hooks cannot be installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// `core.hooksPath` names a folder that is shared with others.
    #[error("core.hooksPath is `{configured}`, a folder that is not this repository's alone")]
    SharedFolder {
        /// The setting.
        configured: String,
    },
    /// A file could not be written or moved.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A hook of another program and one that was kept before both stand there.
    #[error("`{}` stands in the way: it was kept before, and there is a new hook of another program", path.display())]
    KeptAlready {
        /// The kept file.
        path: PathBuf,
    },
}

impl Repo {
    /// Finds the folder in which Git looks for hooks.
    pub fn hooks_folder(&self) -> Result<HooksFolder, Error> {
        let configured = self.setting("core.hooksPath")?;
        let raw = git_output(&["rev-parse", "--git-path", "hooks"])?;
        let path = os::path_from_bytes(raw.strip_suffix(b"\n").unwrap_or(&raw));
        let base = std::env::current_dir().unwrap_or_default();
        Ok(HooksFolder { path: base.join(path), configured })
    }

    /// Says whether a folder of hooks belongs to this clone alone, so that writing there reaches nobody else.
    pub fn is_own_folder(&self, folder: &HooksFolder) -> bool {
        if folder.configured.is_none() || is_inside(&folder.path, self.common_dir()) {
            return true;
        }
        let Some(tree) = self.work_tree() else { return false };
        is_inside(&folder.path, tree) && self.is_ignored(&folder.path.join("commit-msg"))
    }
}

fn is_inside(path: &Path, folder: &Path) -> bool {
    // The folder may not exist yet; then its nearest parent decides.
    let existing = path.ancestors().find_map(|path| fs::canonicalize(path).ok());
    match (existing, fs::canonicalize(folder)) {
        (Some(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}

impl HooksFolder {
    /// Says what stands at one hook's place; `program` is where the shim should call.
    pub fn state(&self, hook: &str, program: &Path) -> HookState {
        let path = self.path.join(hook);
        if fs::symlink_metadata(&path).is_err() {
            return HookState::Absent;
        }
        match fs::read(&path) {
            Ok(text)
                if text == self.shim(hook, program).into_bytes() && os::is_executable(&path) =>
            {
                HookState::Ours
            }
            Ok(text) if is_ours(&text) => HookState::OursOutdated,
            _ if self.is_behind_another(hook) => HookState::OursBehindAnother,
            _ => HookState::Foreign,
        }
    }

    /// pre-commit and prek rename a hook they find to `NAME.legacy` and run it first.
    fn is_behind_another(&self, hook: &str) -> bool {
        let legacy = self.path.join(format!("{hook}.legacy"));
        os::is_executable(&legacy) && fs::read(&legacy).is_ok_and(|text| is_ours(&text))
    }

    /// Installs one hook. A hook of another program is kept beside it, byte for byte, and still runs.
    pub fn install(&self, hook: &str, program: &Path) -> Result<Installed, InstallError> {
        let path = self.path.join(hook);
        let failed = |source| InstallError::Write { path: path.clone(), source };
        let installed = match self.state(hook, program) {
            HookState::Ours | HookState::OursBehindAnother => return Ok(Installed::Unchanged),
            HookState::OursOutdated => Installed::Updated,
            HookState::Absent => Installed::New,
            HookState::Foreign => {
                let kept = self.kept(hook);
                if fs::symlink_metadata(&kept).is_ok() {
                    return Err(InstallError::KeptAlready { path: kept });
                }
                fs::rename(&path, &kept).map_err(failed)?;
                Installed::BesideAnother
            }
        };
        fs::create_dir_all(&self.path).map_err(failed)?;
        let temporary = self.path.join(format!("{hook}.new-git-model"));
        let written = fs::write(&temporary, self.shim(hook, program))
            .and_then(|()| os::make_executable(&temporary))
            .and_then(|()| fs::rename(&temporary, &path));
        if let Err(source) = written {
            // Nothing may be lost: the other program's hook goes back to its place.
            let _ = fs::remove_file(&temporary);
            if installed == Installed::BesideAnother {
                let _ = fs::rename(self.kept(hook), &path);
            }
            return Err(failed(source));
        }
        Ok(installed)
    }

    /// Removes one hook of ours and puts back what stood there before; says whether there was anything to do.
    pub fn uninstall(&self, hook: &str) -> Result<bool, InstallError> {
        let path = self.path.join(hook);
        let failed = |source| InstallError::Write { path: path.clone(), source };
        let legacy = self.path.join(format!("{hook}.legacy"));
        if self.is_behind_another(hook) {
            fs::remove_file(&legacy).map_err(failed)?;
            return Ok(true);
        }
        // lefthook renames what it finds to `NAME.old` and never runs it.
        let old = self.path.join(format!("{hook}.old"));
        if fs::read(&old).is_ok_and(|text| is_ours(&text)) {
            fs::remove_file(&old).map_err(failed)?;
        }
        if !fs::read(&path).is_ok_and(|text| is_ours(&text)) {
            return Ok(false);
        }
        let kept = self.kept(hook);
        if fs::symlink_metadata(&kept).is_ok() {
            fs::rename(&kept, &path).map_err(failed)?;
        } else {
            fs::remove_file(&path).map_err(failed)?;
        }
        Ok(true)
    }

    /// Says whether a hook of another program is kept beside ours.
    pub fn keeps(&self, hook: &str) -> bool {
        fs::symlink_metadata(self.kept(hook)).is_ok()
    }

    fn kept(&self, hook: &str) -> PathBuf {
        self.path.join(format!("{hook}{KEPT}"))
    }

    fn shim(&self, hook: &str, program: &Path) -> String {
        let run_kept = self.run_kept(hook);
        let gone = match hook {
            "post-commit" => {
                "echo 'git-model: the program is gone, this commit is not recorded (install it, or: rm '\"$0\"')' >&2"
            }
            _ => ":",
        };
        // A thousand times in a long rebase, where starting the program costs more than all that it does.
        let waits = match hook {
            "post-commit" => {
                "dir=${GIT_DIR:-.git}\nif [ -e \"$dir/model/step\" ] && [ -d \"$dir/rebase-merge\" ]; then\n\t\
                 exit 0 # A step of a rebase: post-rewrite tells of it.\nfi\n"
            }
            _ => "",
        };
        // Git writes what it tells to one reader; both hooks want it.
        let (read, exec) = match input_of(hook) {
            Some((read, print)) => (read, format!("{print} | \"$bin\" hook {hook} \"$@\"")),
            None => ("", format!("exec \"$bin\" hook {hook} \"$@\"")),
        };
        SHIM.replace("@HOOK@", hook)
            .replace("bin=@BIN@", &format!("{read}bin={}", shell_word(&program.to_string_lossy())))
            .replace("@RUN_KEPT@", &run_kept)
            .replace("@WAITS@\n", waits)
            .replace("@GONE@", gone)
            .replace("@EXEC@", &exec)
    }
}

impl HooksFolder {
    /// Returns how the shim runs a hook that is kept beside it.
    ///
    /// A shell script is read in place of ours, so that `$0` is what it always was: husky's hooks and dispatchers
    /// find their own files by it. Another program is started by its new name.
    fn run_kept(&self, hook: &str) -> String {
        let run = match shell_of(&self.kept(hook)) {
            Some(shell) => {
                format!("git_model_kept=$kept {shell} -c '. \"$git_model_kept\"' \"$0\" \"$@\"")
            }
            None => "\"$kept\" \"$@\"".to_owned(),
        };
        match input_of(hook) {
            Some((_, print)) => format!("{print} | {run}"),
            None => run,
        }
    }
}

/// Returns how the shim reads what Git writes to a hook, and how it prints that again; `None` where Git writes nothing.
fn input_of(hook: &str) -> Option<(&'static str, &'static str)> {
    match hook {
        "post-rewrite" => Some(("lines=$(cat)\n", "printf '%s\\n' \"$lines\"")),
        // There may be no line at all, which is to stay so.
        "pre-push" => Some(("lines=$(cat; echo .)\nlines=${lines%.}\n", "printf %s \"$lines\"")),
        _ => None,
    }
}

/// Returns the shell that runs a script, by its first line; `None` for other programs.
fn shell_of(path: &Path) -> Option<&'static str> {
    let text = fs::read(path).ok()?;
    let first = text.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let words = std::str::from_utf8(first).ok()?.split_whitespace().collect::<Vec<_>>();
    match words[..] {
        ["/bin/sh" | "/usr/bin/sh"] | ["/usr/bin/env", "sh"] => Some("sh"),
        ["/bin/bash" | "/usr/bin/bash"] | ["/usr/bin/env", "bash"] => Some("bash"),
        _ => None,
    }
}

fn is_ours(text: &[u8]) -> bool {
    memchr::memmem::find(&text[..text.len().min(400)], MARK.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_a_quote_is_one_word_of_the_shell() {
        assert_eq!(shell_word("/it's here"), r"'/it'\''s here'");
    }

    #[test]
    fn a_shim_has_no_word_left_to_fill_in() {
        let folder = HooksFolder { path: PathBuf::from("/x/hooks"), configured: None };
        for hook in RECORDING.into_iter().chain(ON_REQUEST) {
            let shim = folder.shim(hook, Path::new("/usr/bin/git-model"));
            assert!(
                !shim.lines().any(|line| line.matches('@').count() > 0 && !line.contains("$@")),
                "{shim}"
            );
            assert!(is_ours(shim.as_bytes()));
        }
    }
}
