//! Attributes of paths, read from the `.gitattributes` of a tree and of nothing else.

use std::collections::HashMap;

use gix::bstr::ByteSlice as _;
use gix::glob::pattern::Case;
use gix::glob::{Pattern, wildmatch};

use crate::git::{Error, Repo};
use crate::provenance::CommitId;

/// The file in which attributes stand.
const FILE: &[u8] = b".gitattributes";

/// A larger file is not read, in bytes; Git's own limit is 100 MiB.
const LARGEST_FILE: usize = 1 << 20;

/// Reads one attribute of many paths, as it stands in a tree.
pub struct TreeAttribute<'r> {
    repo: &'r Repo,
    tree: CommitId,
    name: &'static str,
    /// The rules of each folder that was asked for, last one first.
    folders: HashMap<Vec<u8>, Vec<Rule>>,
}

/// A line that says something of the attribute.
struct Rule {
    pattern: Pattern,
    is_set: bool,
}

impl<'r> TreeAttribute<'r> {
    /// Begins to read an attribute.
    pub fn of(repo: &'r Repo, tree: CommitId, name: &'static str) -> Self {
        Self { repo, tree, name, folders: HashMap::new() }
    }

    /// Says whether a path has the attribute: `NAME` and `NAME=true` set it, `-NAME`, `!NAME` and `NAME=false` do not.
    ///
    /// The nearest folder counts first, and in a file the last line. Macros are not known.
    pub fn is_set(&mut self, path: &[u8]) -> Result<bool, Error> {
        let mut folder = path;
        while let Some(end) = memchr::memrchr(b'/', folder) {
            folder = &folder[..end];
            if let Some(is_set) = self.said_in(folder, &path[end + 1..])? {
                return Ok(is_set);
            }
        }
        Ok(self.said_in(b"", path)?.unwrap_or(false))
    }

    fn said_in(&mut self, folder: &[u8], path: &[u8]) -> Result<Option<bool>, Error> {
        if !self.folders.contains_key(folder) {
            let rules = self.read(folder)?;
            self.folders.insert(folder.to_vec(), rules);
        }
        let start_of_name = memchr::memrchr(b'/', path).map(|slash| slash + 1);
        let matches = |rule: &&Rule| {
            let mode = wildmatch::Mode::NO_MATCH_SLASH_LITERAL;
            let path = path.as_bstr();
            let is_dir = Some(false);
            rule.pattern.matches_repo_relative_path(
                path,
                start_of_name,
                is_dir,
                Case::Sensitive,
                mode,
            )
        };
        let rules = self.folders.get(folder).into_iter().flatten();
        Ok(rules.clone().find(matches).map(|rule| rule.is_set))
    }

    fn read(&self, folder: &[u8]) -> Result<Vec<Rule>, Error> {
        let slash: &[u8] = if folder.is_empty() { b"" } else { b"/" };
        let path = [folder, slash, FILE].concat();
        let Some(file) = self.repo.file_in_tree(self.tree, &path)? else { return Ok(Vec::new()) };
        let is_file = matches!(file.mode, 0o100_644 | 0o100_755);
        if !is_file || self.repo.blob_size(file.id)? > LARGEST_FILE {
            return Ok(Vec::new());
        }
        let text = self.repo.blob(file.id)?;
        let mut rules = text.lines().filter_map(|line| parse(line, self.name)).collect::<Vec<_>>();
        rules.reverse();
        Ok(rules)
    }
}

/// Reads `PATTERN ATTRIBUTE...`; `None` where it says nothing of the attribute.
fn parse(line: &[u8], name: &str) -> Option<Rule> {
    let line = line.trim_start();
    if line.starts_with(b"#") || line.starts_with(b"!") || line.starts_with(b"[attr]") {
        return None;
    }
    let (pattern, attributes) = match line.strip_prefix(b"\"") {
        Some(quoted) => quoted.split_at(memchr::memchr(b'"', quoted)?),
        None => line.split_at(line.find_byteset(b" \t")?),
    };
    let words = attributes.trim_start_with(|c| c == '"').fields();
    let said = |word: &[u8]| {
        let word = std::str::from_utf8(word).ok()?;
        let (bare, value) = word.split_once('=').unwrap_or((word, "true"));
        match bare.strip_prefix(['-', '!']) {
            Some(bare) => (bare == name).then_some(false),
            None => (bare == name).then_some(value != "false"),
        }
    };
    let is_set = words.filter_map(said).last()?;
    Some(Rule { pattern: Pattern::from_bytes_without_negation(pattern)?, is_set })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::test_repo::TestRepo;

    #[test]
    fn the_nearest_folder_and_the_last_line_count_and_the_work_tree_does_not() {
        let repo = TestRepo::new("sha1");
        let write = |path: &str, text: &str| {
            let path = repo.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write(
            ".gitattributes",
            "# gen/a\n*.pb.go linguist-generated=true\n/gen/** linguist-generated text\n\
             \"with space.txt\" linguist-generated\ndist/ linguist-generated\nlib/*.js linguist-generated\n",
        );
        write(
            "gen/.gitattributes",
            "hand.rs -linguist-generated\nkept.rs linguist-generated=false\n",
        );
        repo.git(&["add", "."]);
        let tree = repo.git(&["write-tree"]).parse().unwrap();
        write(".gitattributes", "* linguist-generated\n");
        let opened = Repo::open_for_hook(repo.path()).unwrap();
        let mut attribute = TreeAttribute::of(&opened, tree, "linguist-generated");
        let mut is_set = |path: &str| attribute.is_set(path.as_bytes()).unwrap();
        for path in
            ["a.pb.go", "x/y/a.pb.go", "gen/x.rs", "gen/deep/x.rs", "with space.txt", "lib/a.js"]
        {
            assert!(is_set(path), "{path}");
        }
        for path in
            ["gen/hand.rs", "gen/kept.rs", "a.go", "lib/x/a.js", "dist/a.js", "sub/gen/x.rs"]
        {
            assert!(!is_set(path), "{path}");
        }
    }
}
