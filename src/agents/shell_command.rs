//! What a shell command says of itself, as far as it decides whose its changes are.

/// Says whether a command may bring into the work tree what somebody else wrote: out of a stash, a branch, a patch.
///
/// What such a command changed is nobody's. Words are looked at, no shell is understood, so that doubt is a yes.
pub(super) fn brings_in_work(command: &str) -> bool {
    let is_end = |character: char| {
        character.is_whitespace()
            || matches!(character, ';' | '&' | '|' | '(' | ')' | '`' | '\'' | '"')
    };
    let mut words = command.split(is_end).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let program = word.rsplit('/').next().unwrap_or(word);
        if program == "patch" {
            return true;
        }
        if program != "git" {
            continue;
        }
        // `git -C folder -c key=value COMMAND`
        while let Some(option) = words.next_if(|word| word.starts_with('-')) {
            if matches!(option, "-C" | "-c" | "--git-dir" | "--work-tree") {
                words.next();
            }
        }
        let (Some(name), next) = (words.next(), words.peek().copied().unwrap_or_default()) else {
            return false;
        };
        let brings = match name {
            "stash" => matches!(next, "pop" | "apply" | "branch"),
            "checkout" => !matches!(next, "-b" | "-B"),
            "switch" => !matches!(next, "-c" | "-C" | "--create"),
            "am" | "apply" | "cherry-pick" | "merge" | "pull" | "read-tree" | "rebase"
            | "reset" | "restore" | "revert" => true,
            _ => false,
        };
        if brings {
            return true;
        }
    }
    false
}

/// Programs that look at files and change none of the work tree's, whatever they are given.
const READERS: &[&str] = &[
    "[", "cat", "cd", "cmp", "date", "df", "diff", "du", "echo", "false", "file", "grep", "head",
    "ls", "printf", "ps", "pwd", "rg", "sleep", "stat", "tail", "test", "tree", "true", "wait",
    "wc", "which",
];

/// Programs with the words behind them that build or test, and change nothing else, unless told to mend or to update.
const BUILDERS: &[(&str, &[&str])] = &[
    ("cargo", &["bench", "build", "check", "clippy", "doc", "nextest", "test"]),
    (
        "git",
        &[
            "blame",
            "diff",
            "fetch",
            "grep",
            "log",
            "ls-files",
            "push",
            "rev-parse",
            "show",
            "status",
        ],
    ),
    ("go", &["build", "test", "vet"]),
    ("npm", &["test"]),
    ("pnpm", &["test"]),
    ("pytest", &[]),
    ("yarn", &["test"]),
];

/// Words that make those change files.
const CHANGES: &[&str] =
    &["fix", "write", "update", "output", "accept", "bless", "snapshot", "in-place"];

/// Says whether a command changes no file itself, so that what changes while it runs is somebody else's.
///
/// A long run of tests is when a person edits. What cannot be told for certain is a no.
pub(super) fn only_looks(command: &str) -> bool {
    let mut command = command.replace("2>&1", " ");
    for nowhere in ["2>/dev/null", "2> /dev/null", "&>/dev/null", ">/dev/null", "> /dev/null"] {
        command = command.replace(nowhere, " ");
    }
    if command.contains(['>', '`', '$']) || command.contains("<(") {
        return false;
    }
    let mut parts = command
        .split([';', '&', '|', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .peekable();
    parts.peek().is_some() && parts.all(looks)
}

/// Says the same of one command without operators.
fn looks(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let Some(program) = words.next() else { return true };
    if READERS.contains(&program) {
        return true;
    }
    let Some((_, names)) = BUILDERS.iter().find(|(name, _)| *name == program) else { return false };
    let is_named = names.is_empty() || words.next().is_some_and(|word| names.contains(&word));
    is_named
        && words.all(|word| word != "-u" && !CHANGES.iter().any(|change| word.contains(change)))
}

#[cfg(test)]
mod tests {
    use super::{brings_in_work, only_looks};

    #[test]
    fn commands_that_only_look_are_known_and_doubt_is_a_no() {
        for command in [
            "cargo test",
            "cd src && cargo test --all 2>&1 | tail -5",
            "git status; git diff --stat",
            "sleep 60",
            "go test ./... > /dev/null",
            "pytest -q",
        ] {
            assert!(only_looks(command), "{command}");
        }
        for command in [
            "",
            "UPDATE_EXPECT=1 cargo test",
            "cargo clippy --fix",
            "npm test -- -u",
            "cargo test > log.txt",
            "cargo run",
            "cat a | tee b",
            "grep 'a|b' f",
            "echo $(make)",
            "ls; make",
            "cargo fmt && cargo test",
            "sed -i s/a/b/ f",
            "git diff --output=f",
            "git add -A && git commit -m x",
        ] {
            assert!(!only_looks(command), "{command}");
        }
    }

    #[test]
    fn commands_that_take_work_from_elsewhere_are_known() {
        for command in [
            "git stash pop",
            "cd src && git -C .. -c a.b=c checkout other -- f",
            "(git pull --rebase)",
            "/usr/bin/git cherry-pick -n abc",
            "patch -p1 <x.diff",
            "sh -c 'git apply x'",
        ] {
            assert!(brings_in_work(command), "{command}");
        }
        for command in [
            "git commit -m 'merge the two'",
            "git checkout -b topic && sed -i s/a/b/ f",
            "git stash list; git status",
            "digit merge",
            "git",
            "cargo fmt",
        ] {
            assert!(!brings_in_work(command), "{command}");
        }
    }
}
