//! What the documents name must exist: commands, options, settings, files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Returns every document with its text.
fn documents() -> Vec<(PathBuf, String)> {
    let root = Path::new(ROOT);
    let mut paths =
        ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"].map(|name| root.join(name)).to_vec();
    let docs = fs::read_dir(root.join("docs")).expect("docs/ is there").flatten();
    paths.extend(
        docs.map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|end| end == "md")),
    );
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a document is UTF-8");
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// Returns what follows each place of a word in a text.
fn after<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(word).map(move |(start, _)| &text[start + word.len()..])
}

fn leading(text: &str, allowed: impl Fn(char) -> bool) -> String {
    text.chars().take_while(|c| allowed(*c)).collect()
}

/// Returns the options of each `git model COMMAND ...` that a text names, to the end of its line or quotation.
fn uses(text: &str) -> Vec<(String, Vec<String>)> {
    let use_of = |rest: &str| {
        let rest = rest.split(['`', '\n', '#', ';', ',', ')']).next().unwrap_or_default();
        let mut words = rest.split_whitespace().peekable();
        let word = |word: &str| leading(word, |c| c.is_ascii_lowercase() || c == '-');
        let mut command = word(words.next().unwrap_or_default());
        // A command of commands, as `plan new`.
        if command == "plan"
            && let Some(inner) = words.next_if(|word| !word.starts_with(['-', '[']))
        {
            command = format!("{command} {}", word(inner));
        }
        let options =
            words.filter(|word| word.starts_with("--") && word.len() > 2).map(str::to_owned);
        (command, options.collect())
    };
    after(text, "git model ").map(use_of).filter(|(command, _)| !command.is_empty()).collect()
}

#[test]
fn every_command_and_option_in_the_documents_exists() {
    let mut line = git_model::cli::command();
    line.build();
    for (path, text) in documents() {
        let path = path.display();
        for (command, options) in uses(&text) {
            if matches!(command.as_str(), "hook" | "--help" | "-h") {
                continue;
            }
            let found =
                command.split_whitespace().try_fold(&line, |line, word| line.find_subcommand(word));
            let found = found.unwrap_or_else(|| panic!("{path}: no command `git model {command}`"));
            for option in options {
                let is_there = found
                    .get_arguments()
                    .any(|one| one.get_long().is_some_and(|long| option == format!("--{long}")));
                assert!(is_there, "{path}: `git model {command}` has no {option}");
            }
        }
    }
}

#[test]
fn every_setting_in_the_documents_exists_and_the_manual_has_them_all() {
    let settings =
        concat!(include_str!("../src/settings/mod.rs"), include_str!("../src/settings/asking.rs"));
    let keys = |text: &str| {
        after(text, "model.")
            .map(|rest| leading(rest, |c| c.is_ascii_alphabetic()))
            // A file, as `docs/git-model.1`, and a field, as `contributor.model_id`, is no setting.
            .filter(|key| {
                key.chars().any(char::is_uppercase)
                    || matches!(key.as_str(), "quiet" | "convention")
            })
            .collect::<BTreeSet<_>>()
    };
    let known = keys(settings);
    for (path, text) in documents() {
        let unknown = keys(&text).difference(&known).cloned().collect::<Vec<_>>();
        assert_eq!(unknown, [""; 0], "{}: no such settings", path.display());
    }
    assert_eq!(keys(include_str!("manual/tail.roff")), known);
}

#[test]
fn every_link_between_the_documents_leads_somewhere() {
    for (path, text) in documents() {
        for target in after(&text, "](").map(|rest| leading(rest, |c| c != ')' && c != '#')) {
            let is_here = !target.is_empty() && !target.contains("://");
            let folder = path.parent().expect("a document stands in a folder");
            assert!(!is_here || folder.join(&target).exists(), "{}: {target}", path.display());
        }
    }
}

#[test]
fn commands_and_their_options_are_found_in_a_text() {
    let text = "`git model log --full`, or:\n    git model record HEAD --model M # --not\n`git model COMMAND`";
    let found = uses(text);
    let expected = [("log", vec!["--full"]), ("record", vec!["--model"])];
    assert_eq!(found.len(), expected.len());
    for ((command, options), (name, wanted)) in found.iter().zip(expected) {
        assert_eq!((command.as_str(), options.len()), (name, wanted.len()));
        assert_eq!(options.as_slice(), wanted.as_slice());
    }
}
