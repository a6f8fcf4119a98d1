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

#[cfg(test)]
mod tests {
    use super::brings_in_work;

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
