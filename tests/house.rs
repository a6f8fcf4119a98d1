//! The architecture of the house: which room may import which, and where each fence stands.
//!
//! The compiler sees no layers inside a crate, so this test reads the sources. It makes no exceptions: what breaks
//! a rule is moved. Its checkers are themselves tested on bad lines at the end.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// No file is longer than this, its unit tests included.
const LINES_LIMIT: usize = 500;

/// A room of the house. A single file is a room too.
struct Room {
    name: &'static str,
    floor: u8,
    may_import: &'static [&'static str],
}

const fn room(name: &'static str, floor: u8, may_import: &'static [&'static str]) -> Room {
    Room { name, floor, may_import }
}

/// Every room, the highest floor first.
const ROOMS: &[Room] = &[
    room(
        "cli",
        7,
        &[
            "report",
            "history",
            "capture",
            "workflow",
            "review",
            "store",
            "settings",
            "agents",
            "git",
            "marks",
            "attribute",
            "backends",
            "provenance",
            "format",
            "terminal",
            "clock",
            "os",
        ],
    ),
    room("report", 6, &["history", "capture", "workflow", "review", "provenance", "format"]),
    room("history", 4, &["store", "settings", "git", "marks", "provenance"]),
    room(
        "capture",
        4,
        &["store", "settings", "agents", "attribute", "git", "marks", "provenance", "clock", "os"],
    ),
    room("workflow", 4, &["store", "settings", "git", "provenance", "clock"]),
    room("review", 4, &["store", "settings", "backends", "git", "provenance", "clock"]),
    room("store", 3, &["git", "provenance"]),
    room("settings", 3, &["agents", "backends", "git", "provenance", "os"]),
    room("git", 2, &["provenance", "os"]),
    room("agents", 2, &["provenance", "os"]),
    room("marks", 2, &["provenance"]),
    room("attribute", 2, &["provenance"]),
    room("backends", 2, &["provenance", "clock", "os"]),
    room("provenance", 1, &[]),
    room("format", 1, &[]),
    room("terminal", 1, &[]),
    room("clock", 1, &[]),
    room("os", 1, &[]),
];

/// Words that belong to some rooms only: the word, where it may stand, and what for.
const FENCES: &[(&str, &[&str], &str)] = &[
    ("git2", &["git"], "libraries of Git are known to git/ alone"),
    ("gix", &["git"], "libraries of Git are known to git/ alone"),
    (
        "process::Command",
        &["backends", "git", "terminal"],
        "only git/ starts `git`, only terminal.rs the pager, only backends/ an agent's program",
    ),
    ("std::os", &["os"], "what is not portable stands in os.rs"),
    ("cfg(unix)", &["os"], "what is not portable stands in os.rs"),
    ("cfg(not(unix))", &["os"], "what is not portable stands in os.rs"),
    ("cfg(windows)", &["os"], "what is not portable stands in os.rs"),
    ("target_os", &["os"], "what is not portable stands in os.rs"),
];

/// A source file: its path below `src/` or `tests/`, and its text.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// Returns the name of its room; `None` for `lib.rs` and `main.rs`.
    fn room(&self) -> Option<String> {
        let first = self.path.components().next()?.as_os_str().to_str()?;
        let name = first.strip_suffix(".rs").unwrap_or(first);
        (!matches!(name, "lib" | "main")).then(|| name.to_owned())
    }

    /// Says whether `super` is the root of the crate here: a room's `mod.rs`, or a room of one file.
    fn stands_below_the_root(&self) -> bool {
        self.path.components().count() == 1 || self.path.ends_with("mod.rs") && self.depth() == 2
    }

    fn depth(&self) -> usize {
        self.path.components().count()
    }

    /// Returns its lines of code with their numbers, without comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().filter_map(|(index, line)| {
            let code = line.split_once(" // ").map_or(line, |(code, _)| code);
            (!code.trim_start().starts_with("//")).then_some((index + 1, code))
        })
    }

    fn complaint(&self, line: usize, text: &str) -> String {
        format!("{}:{line}: {text}", self.path.display())
    }
}

fn read(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut sources = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source is UTF-8");
                let path = path.strip_prefix(&root).expect("it is below the root").to_owned();
                sources.push(Source { path, text });
            }
        }
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!sources.is_empty(), "no sources in {}", root.display());
    sources
}

fn assert_kept(complaints: &[String]) {
    assert!(complaints.is_empty(), "the house is broken:\n{}", complaints.join("\n"));
}

/// Returns the first parts of all paths that begin with `crate::` in a text, one by one or in braces.
fn imported(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (start, _) in code.match_indices("crate::") {
        let rest = &code[start + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut item = String::new();
            for letter in list.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => rooms.push(first_word(&std::mem::take(&mut item))),
                    _ => {}
                }
                if letter != ',' || depth > 0 {
                    item.push(letter);
                }
            }
            rooms.push(first_word(&item));
        } else {
            rooms.push(first_word(rest));
        }
    }
    rooms.retain(|room| !room.is_empty());
    rooms
}

fn first_word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn check_imports(source: &Source) -> Vec<String> {
    let Some(name) = source.room() else { return Vec::new() };
    let Some(room) = ROOMS.iter().find(|room| room.name == name) else {
        return vec![source.complaint(1, &format!("the room `{name}` is not in the table"))];
    };
    // A list in braces may run over lines, so the code is read in one.
    let code = source.code().map(|(_, line)| line).collect::<Vec<_>>().join("\n");
    let foreign = imported(&code).into_iter().collect::<BTreeSet<_>>();
    let foreign = foreign
        .iter()
        .filter(|one| **one != name && ROOMS.iter().any(|room| room.name == one.as_str()));
    foreign
        .filter(|one| !room.may_import.contains(&one.as_str()))
        .map(|one| {
            source.complaint(line_of(source, one), &format!("`{name}` must not import `{one}`"))
        })
        .collect()
}

fn line_of(source: &Source, room: &str) -> usize {
    let path = format!("crate::{room}");
    source.code().find(|(_, code)| code.contains(&path)).map_or(1, |(line, _)| line)
}

fn check_super(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut inside_tests = false;
    for (number, code) in source.code() {
        inside_tests |= code.starts_with("mod ") && code.ends_with('{');
        if code.contains("super::super") {
            complaints.push(source.complaint(number, "say `crate::` in place of `super::super`"));
        } else if code.contains("super::") && !inside_tests && source.stands_below_the_root() {
            complaints.push(source.complaint(number, "`super` is the whole crate here"));
        }
    }
    complaints
}

fn check_fences(source: &Source) -> Vec<String> {
    let room = source.room().unwrap_or_default();
    let mut complaints = Vec::new();
    for (number, code) in source.code() {
        for (word, rooms, reason) in FENCES {
            let is_said = match *word {
                "git2" | "gix" => names_crate(code, word),
                // A list of imports names it too.
                "process::Command" => {
                    // `CommandExt` starts nothing.
                    code.split(word).skip(1).any(|rest| !rest.starts_with("Ext"))
                        || code.contains("process::{")
                            && code.split(['{', ',', '}', ' ']).any(|word| word == "Command")
                }
                _ => code.contains(word),
            };
            if is_said && !rooms.contains(&room.as_str()) {
                complaints.push(source.complaint(number, &format!("`{word}`: {reason}")));
            }
        }
    }
    complaints
}

/// Says whether code names a crate: `git2::` or `use git2`, but not `legit2::`.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(start, _)| {
        let before = code[..start].chars().next_back();
        let after = &code[start + name.len()..];
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
            && (after.starts_with("::")
                || after.starts_with(';')
                || code.trim_start().starts_with("use ") && after.starts_with(' '))
    })
}

fn check_shape(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines = source.text.lines().count();
    if lines > LINES_LIMIT {
        let text = format!("{lines} lines, more than {LINES_LIMIT}: split it");
        complaints.push(source.complaint(LINES_LIMIT, &text));
    }
    if !source.text.starts_with("//!") {
        complaints.push(source.complaint(1, "a file opens with `//!`: what is it for?"));
    }
    complaints
}

/// Returns the adapters of a room: the module and the type of each `impl TRAIT for TYPE`.
fn adapters(sources: &[Source], room: &str, head: &str) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.path.starts_with(room)) {
        // An adapter of several files is the folder that holds them.
        let is_folder = source.path.ends_with("mod.rs") && source.path.components().count() > 2;
        let named = if is_folder {
            source.path.parent().expect("it has three parts")
        } else {
            &source.path
        };
        let module = named.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        for (_, code) in source.code() {
            if let Some(rest) = code.strip_prefix(head) {
                found.push(format!("{module}::{}", first_word(rest)));
            }
        }
    }
    found
}

fn check_registered(adapters: &[String], registry: &str) -> Vec<String> {
    let is_listed = |one: &&String| {
        registry.match_indices(one.as_str()).any(|(start, _)| {
            !registry[start + one.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
        })
    };
    let missing = adapters.iter().filter(|one| !is_listed(one));
    missing.map(|one| format!("{one} is not in the registry")).collect()
}

#[test]
fn the_table_runs_down_only() {
    for room in ROOMS {
        for other in room.may_import {
            let other = ROOMS.iter().find(|one| one.name == *other).expect("it is in the table");
            assert!(other.floor < room.floor, "{} -> {}", room.name, other.name);
        }
    }
}

#[test]
fn every_room_of_the_library_is_in_the_table() {
    let library = read("src").into_iter().find(|source| source.path.ends_with("lib.rs")).unwrap();
    let rooms = library
        .code()
        .filter_map(|(_, code)| code.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect::<BTreeSet<_>>();
    assert_eq!(rooms, ROOMS.iter().map(|room| room.name).collect());
}

#[test]
fn a_room_imports_only_from_lower_floors() {
    assert_kept(&read("src").iter().flat_map(check_imports).collect::<Vec<_>>());
}

#[test]
fn paths_run_down_from_the_crate() {
    assert_kept(&read("src").iter().flat_map(check_super).collect::<Vec<_>>());
}

#[test]
fn fences_hold() {
    assert_kept(&read("src").iter().flat_map(check_fences).collect::<Vec<_>>());
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let sources = ["src", "tests"].into_iter().flat_map(read);
    assert_kept(&sources.flat_map(|source| check_shape(&source)).collect::<Vec<_>>());
}

#[test]
fn every_adapter_is_registered() {
    let sources = read("src");
    for (room, head) in [
        ("agents", "impl Agent for "),
        ("backends", "impl Backend for "),
        ("marks", "impl Reader for "),
        ("format", "impl Format for "),
        ("cli", "pub struct "), // the arguments of a command
    ] {
        let registry =
            sources.iter().find(|source| source.path == Path::new(room).join("mod.rs")).unwrap();
        let mut adapters = adapters(&sources, room, head);
        if room == "cli" {
            adapters.retain(|one| one.ends_with("Args") && !is_shared(one));
        }
        assert!(!adapters.is_empty(), "no adapter found in {room}/");
        assert_kept(&check_registered(&adapters, &registry.text));
    }
}

/// Arguments that several commands share are flattened into theirs.
fn is_shared(arguments: &str) -> bool {
    matches!(arguments, "selection::SelectionArgs" | "mod::FormatArgs")
}

fn source(path: &str, text: &str) -> Source {
    Source { path: path.into(), text: text.to_owned() }
}

#[test]
fn an_import_that_runs_up_or_across_is_found() {
    for (path, text) in [
        ("git/repo.rs", "use crate::store::Journal;\n"),
        ("store/note.rs", "use crate::{\n    git,\n    history::{Audit, Filter},\n};\n"),
        ("history/audit.rs", "fn f() { crate::capture::record_of() }\n"),
        ("settings.rs", "use crate::store;\n"),
        ("provenance/phase.rs", "use crate::{clock};\n"),
        ("attic/box.rs", "\n"),
    ] {
        assert_eq!(check_imports(&source(path, text)).len(), 1, "{path}: {text}");
    }
    for (path, text) in [
        ("git/repo.rs", "use crate::git::Error;\nuse crate::provenance::{CommitId, Mark};\n"),
        ("git/repo.rs", "/// See [`crate::cli`].\nuse crate::os; // as crate::cli does\n"),
        ("lib.rs", "use crate::cli;\n"),
    ] {
        assert_eq!(check_imports(&source(path, text)), [""; 0], "{path}: {text}");
    }
}

#[test]
fn the_rooms_in_a_list_of_imports_are_all_found() {
    assert_eq!(
        imported(
            "use crate::{\n  git::{self, Repo}, store, os::{a::{b, c}}};\nfn f() { crate::cli::g() }"
        ),
        ["git", "store", "os", "cli"]
    );
}

#[test]
fn a_path_by_super_that_leaves_its_room_is_found() {
    for (path, text) in [
        ("git/repo.rs", "use super::super::store;\n"),
        ("git/mod.rs", "use super::store::Journal;\n"),
        ("settings.rs", "use super::git;\n"),
    ] {
        assert_eq!(check_super(&source(path, text)).len(), 1, "{path}: {text}");
    }
    for (path, text) in [
        ("git/repo.rs", "use super::process;\n"),
        ("settings.rs", "mod tests {\n    use super::*;\n}\n"),
        ("store/note/wire.rs", "use super::SCHEMA;\n"),
    ] {
        assert_eq!(check_super(&source(path, text)), [""; 0], "{path}: {text}");
    }
}

#[test]
fn a_word_over_a_fence_is_found() {
    for (path, text) in [
        ("store/note.rs", "use git2::Oid;\n"),
        ("cli/log.rs", "    let id = gix::ObjectId::null();\n"),
        ("cli/log.rs", "use git2 as git;\n"),
        ("capture/moment.rs", "use std::process::{Command, Stdio};\n"),
        ("capture/moment.rs", "    std::process::Command::new(\"git\")\n"),
        ("git/hooks.rs", "use std::os::unix::fs::symlink;\n"),
        ("clock.rs", "#[cfg(unix)]\n"),
    ] {
        assert_eq!(check_fences(&source(path, text)).len(), 1, "{path}: {text}");
    }
    for (path, text) in [
        ("git/repo.rs", "use git2::Oid;\nuse std::process::Command;\n"),
        ("terminal.rs", "use std::process::{Child, Command};\n"),
        ("os.rs", "#[cfg(unix)]\nuse std::os::unix::process;\n"),
        ("cli/mod.rs", "use std::process::ExitCode;\nenum Command { Log }\n"),
        ("store/note.rs", "// git2::Oid is not known here\nfn legit2() {}\n"),
    ] {
        assert_eq!(check_fences(&source(path, text)), [""; 0], "{path}: {text}");
    }
}

#[test]
fn a_long_file_and_one_without_a_purpose_are_found() {
    let long = format!("//! Long.\n{}", "\n".repeat(LINES_LIMIT));
    assert_eq!(check_shape(&source("git/repo.rs", &long)).len(), 1);
    assert_eq!(check_shape(&source("git/repo.rs", "use std::fs;\n")).len(), 1);
    assert_eq!(check_shape(&source("git/repo.rs", "//! Repositories.\n")), [""; 0]);
}

#[test]
fn an_adapter_that_is_not_registered_is_found() {
    let sources = [source("marks/note.rs", "impl Reader for Note {}\nimpl Reader for Other {}\n")];
    let found = adapters(&sources, "marks", "impl Reader for ");
    assert_eq!(found, ["note::Note", "note::Other"]);
    let registry = "&[&note::Note, &note::OtherReader]";
    assert_eq!(check_registered(&found, registry), ["note::Other is not in the registry"]);
}
