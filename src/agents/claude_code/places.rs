//! Where Claude Code keeps its files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::agents::Surroundings;
use crate::os::OpenFolders;
use crate::provenance::Subagent;

#[cfg(test)]
mod tests;

/// Another folder in place of `~/.claude`.
pub(super) const CONFIG_FOLDER: &str = "CLAUDE_CONFIG_DIR";
/// The session whose shell runs us, since 2.1.132.
pub(super) const SESSION: &str = "CLAUDE_CODE_SESSION_ID";

/// A longer slug is cut here and ends in a hash.
const LONGEST_SLUG: usize = 200;

/// An open session, as `sessions/<pid>.json` tells.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OpenSession {
    pid: u32,
    proc_start: Option<String>,
    session_id: String,
    cwd: PathBuf,
}

/// Returns the folder with settings and sessions.
pub(super) fn config_folder(around: &Surroundings) -> Option<PathBuf> {
    match around.variable(CONFIG_FOLDER) {
        Some(folder) => Some(PathBuf::from(folder)),
        None => Some(around.home.as_ref()?.join(".claude")),
    }
}

/// Says whether the program or its folder is there.
pub(super) fn is_found(around: &Surroundings) -> bool {
    let in_path = || {
        let path = around.variable("PATH").unwrap_or_default();
        std::env::split_paths(path).any(|folder| folder.join("claude").is_file())
    };
    config_folder(around).is_some_and(|folder| folder.is_dir()) || in_path()
}

/// Returns the folder with the sessions that were started in a directory, whose path must be real.
pub(super) fn session_folder(around: &Surroundings, directory: &Path) -> Option<PathBuf> {
    Some(config_folder(around)?.join("projects").join(slug(&directory.to_string_lossy())))
}

/// Returns the name of the folder for a directory.
///
/// Counts in UTF-16, as the program does.
fn slug(path: &str) -> String {
    let units = path.encode_utf16();
    let slug = units
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii_alphanumeric() => char::from(byte),
            _ => '-',
        })
        .collect::<String>();
    if slug.len() <= LONGEST_SLUG {
        return slug;
    }
    let hash = path
        .encode_utf16()
        .fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)));
    format!("{}-{}", &slug[..LONGEST_SLUG], base36(hash.unsigned_abs()))
}

fn base36(mut number: u32) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit(number % 36, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

/// Returns the session files of the sessions that are open in a worktree, and of the one that runs us.
pub(super) fn open_sessions(around: &Surroundings, worktree: &Path) -> Vec<PathBuf> {
    let Some(config) = config_folder(around) else { return Vec::new() };
    let mut files = Vec::new();
    if let Some(session) = around.variable(SESSION).filter(|session| is_plain(session)) {
        files.extend(session_file(around, &config, session, worktree));
    }
    let entries = fs::read_dir(config.join("sessions")).into_iter().flatten().flatten();
    for entry in entries {
        let path = entry.path();
        // Other files in this folder are keys.
        let is_entry = path.extension().is_some_and(|extension| extension == "json")
            && path.file_stem().and_then(|stem| stem.to_str()).is_some_and(is_number);
        let Some(session) = is_entry.then(|| read_open(&path)).flatten() else { continue };
        if session.cwd.starts_with(worktree) && is_plain(&session.session_id) && session.is_alive()
        {
            files.extend(session_file(around, &config, &session.session_id, &session.cwd));
        }
    }
    files.sort();
    files.dedup();
    files
}

fn read_open(path: &Path) -> Option<OpenSession> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

impl OpenSession {
    /// Says whether the process still runs; after a kill the entry stays.
    ///
    /// Where nothing tells, it may.
    fn is_alive(&self) -> bool {
        let Ok(stat) = fs::read_to_string(format!("/proc/{}/stat", self.pid)) else {
            return !Path::new("/proc/self/stat").exists();
        };
        // The second field is the program's name in brackets and may hold anything; the 22nd is the start.
        let begun = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(19));
        self.proc_start.is_none() || self.proc_start.as_deref() == begun
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Says whether an id can be a part of a path.
fn is_plain(id: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !id.is_empty() && id.bytes().all(is_fit)
}

/// Finds the file of a session that was started in a directory, or moved since.
fn session_file(
    around: &Surroundings,
    config: &Path,
    session: &str,
    directory: &Path,
) -> Option<PathBuf> {
    let name = format!("{session}.jsonl");
    let expected = session_folder(around, directory)?.join(&name);
    if expected.is_file() {
        return Some(expected);
    }
    in_any_project(&config.join("projects"), Path::new(&name))
}

/// Looks for a file in the folder of each project: a session moves when it enters a worktree.
fn in_any_project(projects: &Path, name: &Path) -> Option<PathBuf> {
    let folders = fs::read_dir(projects).ok()?.flatten();
    folders.map(|folder| folder.path().join(name)).find(|path| path.is_file())
}

/// Returns the file of a session, or of a helper in it, wherever it is now.
pub(super) fn file_of(session_file: &Path, subagent: Option<&Subagent>) -> Option<PathBuf> {
    let folder = session_file.parent()?;
    let name = match subagent {
        None => PathBuf::from(session_file.file_name()?),
        Some(subagent) if is_plain(&subagent.id) => {
            let name = format!("agent-{}.jsonl", subagent.id);
            Path::new(session_file.file_stem()?).join("subagents").join(name)
        }
        Some(_) => return None,
    };
    let path = folder.join(&name);
    if path.is_file() {
        return Some(path);
    }
    in_any_project(folder.parent()?, &name)
}

/// Returns the session's file and the helper whose file this is; `None` for a session's own.
pub(super) fn subagent_of(path: &Path) -> Option<(PathBuf, Subagent)> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Meta {
        agent_type: Option<String>,
    }
    let folder = path.parent().filter(|folder| folder.ends_with("subagents"))?;
    let id = path.file_stem()?.to_str()?.strip_prefix("agent-")?.to_owned();
    let session_file = folder.parent()?.with_extension("jsonl");
    let meta = fs::read(path.with_extension("meta.json")).ok();
    let meta = meta.and_then(|text| serde_json::from_slice::<Meta>(&text).ok());
    let kind = meta.and_then(|meta| meta.agent_type).unwrap_or_default();
    Some((session_file, Subagent { id, kind }))
}

/// Lists the files of the helpers that a session started. Most have none, and no folder.
pub(super) fn helper_files(session_file: &Path, folders: &mut OpenFolders) -> Vec<PathBuf> {
    let folder = session_file.with_extension("");
    if folders.size_of(&folder).is_none() {
        return Vec::new();
    }
    let helpers = fs::read_dir(folder.join("subagents"));
    let paths = helpers.into_iter().flatten().flatten().map(|entry| entry.path());
    paths.filter(|path| is_session(path)).collect()
}

fn is_session(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "jsonl")
}

/// Lists the session files in a folder, and those of the helpers of each session.
pub(super) fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), OpenFolders::default());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if is_session(&path) {
            files.push(path);
        } else {
            files.extend(helper_files(&path, &mut folders));
        }
    }
    files.sort();
    Ok(files)
}
