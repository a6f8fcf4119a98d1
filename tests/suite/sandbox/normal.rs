//! What differs from run to run, replaced in what programs print.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use regex::Regex;

/// The shortest run of hexadecimal digits that is taken for a commit.
const SHORTEST_ID: usize = 7;

/// The ids that were seen, the folders that are named, and how times look.
pub(super) struct Normal {
    ids: Mutex<Vec<String>>,
    repo: PathBuf,
    folders: Vec<(String, &'static str)>,
    time: Regex,
}

impl Normal {
    pub(super) fn new(root: &Path, repo: &Path) -> Self {
        let program = Path::new(super::PROGRAM);
        let folder = program.parent().expect("the program stands in a folder");
        let named = [
            (repo.to_path_buf(), "<repo>"),
            (root.join("home"), "<home>"),
            (root.to_path_buf(), "<beside>"),
            (folder.to_path_buf(), "<bin>"),
        ];
        let folders = named.map(|(path, name)| (path.display().to_string(), name)).to_vec();
        let time = r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\dZ?)?( [+-]\d{4})?)?";
        let time = Regex::new(time).expect("a pattern");
        Self { ids: Mutex::new(Vec::new()), repo: repo.to_path_buf(), folders, time }
    }

    /// Says whether the repository, or one beside it, has a commit whose id begins so; one in 27 short ids looks like a
    /// number.
    fn is_commit(&self, word: &str) -> bool {
        let beside = self.repo.parent().and_then(|folder| folder.read_dir().ok());
        let beside = beside.into_iter().flatten().flatten().map(|entry| entry.path());
        let mut folders =
            [self.repo.clone()].into_iter().chain(beside.filter(|path| path.is_dir()));
        folders.any(|folder| {
            let mut git = Command::new("git");
            git.arg("-C").arg(folder).args(["rev-parse", "--verify", "--quiet"]);
            git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
            let output = git.arg(format!("{word}^{{commit}}")).output();
            output.is_ok_and(|output| output.status.success())
        })
    }

    pub(super) fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (folder, name) in &self.folders {
            text = text.replace(folder, name);
        }
        let text = self.time.replace_all(&text, "<time>");
        let mut result = String::new();
        let mut word = String::new();
        for character in text.chars().chain([' ']) {
            if character.is_ascii_alphanumeric() {
                word.push(character);
                continue;
            }
            result.push_str(&self.named(&word));
            word.clear();
            result.push(character);
        }
        result.pop();
        result
    }

    /// Returns the number of an id, whole or shortened, and any other word as it is.
    fn named(&self, word: &str) -> String {
        let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        let has_both = word.contains(|c: char| c.is_ascii_digit())
            && word.contains(|c: char| c.is_ascii_lowercase());
        let is_id = (SHORTEST_ID..=40).contains(&word.len()) && word.chars().all(is_hex);
        if !is_id || word.bytes().all(|byte| byte == b'0') {
            return word.to_owned();
        }
        let mut ids = self.ids.lock().expect("no test panicked with the ids");
        // A number or a word is an id only where an id that was learnt, or that there is, begins with it.
        let is_known = || ids.iter().any(|id| id.starts_with(word)) || self.is_commit(word);
        if !(has_both || word.len() == 40 || is_known()) {
            return word.to_owned();
        }
        let same = |id: &String| id.starts_with(word) || word.starts_with(id.as_str());
        let place = ids.iter().position(same).unwrap_or_else(|| {
            ids.push(word.to_owned());
            ids.len() - 1
        });
        if ids[place].len() < word.len() {
            word.clone_into(&mut ids[place]);
        }
        format!("<{}>", place + 1)
    }
}
