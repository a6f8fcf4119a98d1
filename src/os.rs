//! The few things that operating systems do differently. No other file has a call that is not portable.
//!
//! Linux is tested. Elsewhere what cannot be known is `None`, and its callers have another way.

#[cfg(unix)]
use std::collections::HashMap;
use std::io;
use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Quotes a word for a POSIX shell, as hooks are run by one everywhere.
pub fn shell_word(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A process above this one, as far as the operating system tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ancestor {
    /// Its arguments, the program's name first.
    pub arguments: Vec<String>,
}

/// Returns the processes above this one, nearest first, at most `limit` of them.
///
/// Reads `/proc`, and of it only what is asked for; empty where there is none.
pub fn ancestors(limit: usize) -> impl Iterator<Item = Ancestor> {
    let mut last = None;
    let next = move || {
        let id = last.map_or_else(|| Some(own_parent()), parent_of).filter(|id| *id > 1)?;
        last = Some(id);
        Some(Ancestor { arguments: arguments_of(id)? })
    };
    std::iter::from_fn(next).take(limit)
}

fn arguments_of(id: u32) -> Option<Vec<String>> {
    let raw = std::fs::read(format!("/proc/{id}/cmdline")).ok()?;
    let words = raw.split(|byte| *byte == 0);
    Some(words.map(|word| String::from_utf8_lossy(word).into_owned()).collect())
}

fn parent_of(id: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The second field is the program's name in brackets and may hold anything; the fourth is the parent.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(unix)]
fn own_parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn own_parent() -> u32 {
    0
}

/// Marks a file as a program, where files carry such a mark.
#[cfg(unix)]
pub fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut permissions = std::fs::metadata(path)?.permissions();
    // Everybody who may read the hook may run it, as `git init` leaves its samples.
    permissions.set_mode(permissions.mode() | ((permissions.mode() & 0o444) >> 2));
    std::fs::set_permissions(path, permissions)
}

/// Marks a file as a program, where files carry such a mark.
#[cfg(not(unix))]
pub fn make_executable(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Says whether Git would run this file as a hook.
#[cfg(unix)]
pub fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path)
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// Says whether Git would run this file as a hook.
#[cfg(not(unix))]
pub fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// Returns a path from its bytes as Git writes them.
#[cfg(unix)]
pub fn path_from_bytes(bytes: &[u8]) -> std::path::PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(bytes).into()
}

/// Returns a path from its bytes as Git writes them.
#[cfg(not(unix))]
pub fn path_from_bytes(bytes: &[u8]) -> std::path::PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// Makes a folder that only its owner can look into; fails where there is anything of this name.
#[cfg(unix)]
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().mode(0o700).create(path)
}

/// Makes a folder; fails where there is anything of this name.
#[cfg(not(unix))]
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir(path)
}

/// Folders that are held open, so that a look at one of many files in them costs less than by its whole path.
#[derive(Debug, Default)]
pub struct OpenFolders {
    #[cfg(unix)]
    open: HashMap<PathBuf, Option<std::fs::File>>,
}

impl OpenFolders {
    /// Returns the bytes of a file, links followed, or some number for a folder; `None` if there is none.
    #[cfg(unix)]
    pub fn size_of(&mut self, path: &Path) -> Option<u64> {
        let (parent, name) = (path.parent()?, path.file_name()?);
        if !self.open.contains_key(parent) {
            self.open.insert(parent.to_owned(), std::fs::File::open(parent).ok());
        }
        let folder = self.open.get(parent)?;
        let found =
            rustix::fs::statat(folder.as_ref()?, name, rustix::fs::AtFlags::empty()).ok()?;
        u64::try_from(found.st_size).ok()
    }

    /// Returns the bytes of a file, links followed, or some number for a folder; `None` if there is none.
    #[cfg(not(unix))]
    pub fn size_of(&mut self, path: &Path) -> Option<u64> {
        std::fs::metadata(path).ok().map(|data| data.len())
    }
}

/// How a group of processes is told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Firmness {
    /// It may tidy up first.
    Asked,
    /// At once.
    Forced,
}

/// Has a program run in a group of its own, so that it can be ended with all that it starts.
#[cfg(unix)]
pub fn in_own_group(command: &mut impl std::os::unix::process::CommandExt) {
    command.process_group(0);
}

/// Has a program run in a group of its own, where there are such groups.
#[cfg(not(unix))]
pub fn in_own_group<C>(_command: &mut C) {}

/// Ends a group of processes, named by the id of the first of them.
#[cfg(unix)]
pub fn end_group(id: u32, firmness: Firmness) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = match firmness {
        Firmness::Asked => Signal::TERM,
        Firmness::Forced => Signal::KILL,
    };
    // A group that is gone already needs nothing. The ids 0 and 1 would mean others than the one that was started.
    if let Some(group) = i32::try_from(id).ok().filter(|id| *id > 1).and_then(Pid::from_raw) {
        let _ = kill_process_group(group, signal);
    }
}

/// Ends a group of processes, where there are such groups.
#[cfg(not(unix))]
pub fn end_group(_id: u32, _firmness: Firmness) {}

/// Has Ctrl-C, and being told to end, set a flag, so that what was started is ended first.
///
/// While `idle` is set they end this program at once, as they always do.
pub fn on_interrupt(stop: &Arc<AtomicBool>, idle: &Arc<AtomicBool>) -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag;
    for signal in [SIGINT, SIGTERM] {
        // In this order: what is registered first comes first.
        flag::register_conditional_default(signal, Arc::clone(idle))?;
        flag::register(signal, Arc::clone(stop))?;
    }
    Ok(())
}
