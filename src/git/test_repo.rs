//! A repository for the tests of this room, removed afterwards.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::git::process::git_command;

static COUNT: AtomicU32 = AtomicU32::new(0);

pub(super) struct TestRepo {
    pub(super) path: PathBuf,
}

impl TestRepo {
    pub(super) fn new(object_format: &str) -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("git-model-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        let repo = Self { path };
        repo.git(&["init", "-q", "-b", "main", &format!("--object-format={object_format}")]);
        repo
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn git(&self, arguments: &[&str]) -> String {
        self.git_with_input(arguments, "")
    }

    fn git_with_input(&self, arguments: &[&str], input: &str) -> String {
        let mut command = git_command(arguments);
        command.current_dir(&self.path).stdin(Stdio::piped()).stdout(Stdio::piped());
        for (name, value) in [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_SYSTEM", "/dev/null"),
            ("GIT_AUTHOR_NAME", "A"),
            ("GIT_AUTHOR_EMAIL", "a@example.com"),
            ("GIT_COMMITTER_NAME", "C"),
            ("GIT_COMMITTER_EMAIL", "c@example.com"),
        ] {
            command.env(name, value);
        }
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "git {arguments:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Makes commits on `main`; every third one merges a side branch that began two commits earlier.
    pub(super) fn make_history(&self, commits: usize, merges: bool) {
        use std::fmt::Write as _;
        let mut stream = String::new();
        for number in 1..=commits {
            let message = format!("commit {number}\n");
            write!(
                stream,
                "commit refs/heads/main\nmark :{number}\n\
                 author A <a@example.com> {time} +0100\ncommitter C <c@example.com> {time} +0000\n\
                 data {length}\n{message}",
                time = 1_700_000_000 + number * 60,
                length = message.len(),
            )
            .unwrap();
            if number > 1 {
                writeln!(stream, "from :{}", number - 1).unwrap();
            }
            if merges && number % 3 == 0 {
                writeln!(stream, "merge :{}", number - 2).unwrap();
            }
            write!(stream, "M 100644 inline file{}\ndata 2\n{}\n\n", number % 5, number % 10)
                .unwrap();
        }
        self.git_with_input(&["fast-import", "--quiet"], &stream);
    }
}

impl Drop for TestRepo {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
