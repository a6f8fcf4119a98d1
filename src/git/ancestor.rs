//! What the `git` that called a hook was told to do.
//!
//! Some commits look alike to a hook: `--amend -m` and `--allow-empty -m` give the same environment, index and tree.
//! The arguments of the calling `git` decide, where the system shows them. Aliases appear expanded in them.

use std::path::Path;

use crate::os;

/// How far up to look: a hook manager may stand between Git and us.
const LIMIT: usize = 12;

/// The command line of the `git` above us, as far as hooks care.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of Git's")]
pub struct GitCommand {
    /// The subcommand, as `commit` or `rebase`.
    pub name: String,
    /// `--amend`.
    pub amend: bool,
    /// `--no-verify` or `-n`: Git will not run `commit-msg`.
    pub no_verify: bool,
    /// `-C` or `-c`, `--reuse-message`, `--reedit-message`.
    pub reuse: bool,
    /// `--edit` or `-e`: an editor is asked, whatever `GIT_EDITOR` is.
    pub edit: bool,
    /// `--cleanup=MODE`.
    pub cleanup: Option<String>,
}

/// Finds the nearest `git` above this process; `None` where the system does not tell.
pub fn calling_git() -> Option<GitCommand> {
    os::ancestors(LIMIT).find_map(|ancestor| GitCommand::parse(&ancestor.arguments))
}

impl GitCommand {
    /// Reads the arguments of a process; `None` if it is not `git`.
    pub fn parse(arguments: &[String]) -> Option<Self> {
        let program = Path::new(arguments.first()?).file_name()?.to_str()?.trim_end_matches(".exe");
        if let Some(name) = program.strip_prefix("git-") {
            return Some(Self::read(name, &arguments[1..]));
        }
        if program != "git" {
            return None;
        }
        let mut at = 1;
        while let Some(option) = arguments.get(at).filter(|word| word.starts_with('-')) {
            let takes_value = matches!(
                option.as_str(),
                "-C" | "-c"
                    | "--git-dir"
                    | "--work-tree"
                    | "--namespace"
                    | "--super-prefix"
                    | "--config-env"
            );
            at += if takes_value { 2 } else { 1 };
        }
        let name = arguments.get(at)?;
        Some(Self::read(name, arguments.get(at + 1..).unwrap_or_default()))
    }

    fn read(name: &str, arguments: &[String]) -> Self {
        let mut command = Self { name: name.to_owned(), ..Self::default() };
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            if word == "--" {
                break;
            }
            if let Some(long) = word.strip_prefix("--") {
                if command.read_long(long) {
                    rest.next();
                }
            } else if let Some(cluster) =
                word.strip_prefix('-').filter(|cluster| !cluster.is_empty())
                && command.read_cluster(cluster)
            {
                rest.next();
            }
        }
        command
    }

    /// Reads a long option, which Git accepts shortened; says whether its value is the next word.
    fn read_long(&mut self, word: &str) -> bool {
        let (name, value) =
            word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let is = |full: &str, shortest: usize| name.len() >= shortest && full.starts_with(name);
        if is("amend", 2) {
            self.amend = true;
        } else if is("edit", 1) {
            self.edit = true;
        } else if is("no-edit", 4) {
            self.edit = false;
        } else if is("no-verify", 6) {
            self.no_verify = true;
        } else if is("verify", 4) {
            self.no_verify = false;
        } else if is("reuse-message", 3) || is("reedit-message", 3) {
            self.reuse = true;
            return value.is_none();
        } else if is("cleanup", 2) {
            self.cleanup = value.map(str::to_owned);
            return value.is_none();
        } else if is("message", 1)
            || is("file", 3)
            || is("template", 1)
            || is("author", 2)
            || is("date", 1)
        {
            return value.is_none();
        }
        false
    }

    /// Reads short options in one word (`-anm`); says whether the next word is a value.
    fn read_cluster(&mut self, cluster: &str) -> bool {
        let mut letters = cluster.chars();
        while let Some(letter) = letters.next() {
            match letter {
                'n' => self.no_verify = true,
                'e' => self.edit = true,
                'C' | 'c' => {
                    self.reuse = true;
                    return letters.as_str().is_empty();
                }
                'F' | 'm' | 't' => return letters.as_str().is_empty(),
                // These may have a value, which is then part of this word.
                'u' | 'S' => return false,
                _ => {}
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Option<GitCommand> {
        GitCommand::parse(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn only_git_is_read() {
        assert_eq!(parse("/bin/sh .git/hooks/commit-msg"), None);
        assert_eq!(parse("/usr/bin/git -C x -c a=b commit --amend").unwrap().name, "commit");
        assert!(parse("git-commit --amend").unwrap().amend);
    }

    #[test]
    fn options_are_known_shortened_and_in_clusters() {
        assert!(parse("git commit --am -m x").unwrap().amend);
        assert!(!parse("git commit --allow-empty -m x").unwrap().amend);
        assert!(parse("git commit -anm x").unwrap().no_verify);
        assert!(parse("git commit --no-verif").unwrap().no_verify);
        assert!(parse("git commit -aC HEAD~1").unwrap().reuse);
        assert_eq!(
            parse("git commit --cleanup=verbatim").unwrap().cleanup.as_deref(),
            Some("verbatim")
        );
    }

    #[test]
    fn a_value_is_no_option() {
        let command = parse("git commit -m --amend").unwrap();
        assert!(!command.amend);
        assert!(!parse("git commit -mn").unwrap().no_verify);
        assert!(!parse("git commit -- --amend").unwrap().amend);
        assert!(!parse("git commit --message --amend").unwrap().amend);
    }
}
