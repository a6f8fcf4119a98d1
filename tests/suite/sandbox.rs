//! A repository with recording hooks that nothing of the machine's can disturb: an own home, an empty environment, a
//! fixed author, a committer's clock that steps a minute per command, and Git configuration from nowhere but the test.
//!
//! The author's date is real and never exported: hooks look at it. `GIT_MODEL_TEST_GIT=FOLDER` tests the Git in a
//! folder instead of the one in `PATH`.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "tests start Git and the program themselves, and read where Git is"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use git_model::os;
use regex::Regex;

mod drawing;
mod normal;

#[allow(unused_imports, reason = "each suite uses its part of it")]
pub(crate) use drawing::{added_in, whose};
use normal::Normal;

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_git-model");

/// 2026-01-01 00:00:00 UTC, when the committer's clock starts.
const START: i64 = 1_767_225_600;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A folder of its own with a home and a repository; removed when dropped.
pub(crate) struct Sandbox {
    root: PathBuf,
    repo: PathBuf,
    clock: AtomicI64,
    normal: Normal,
}

/// What a program did; ids and paths are normalised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A command before it runs: where, with which variables and input.
pub(crate) struct Invocation<'s> {
    sandbox: &'s Sandbox,
    folder: PathBuf,
    variables: Vec<(String, String)>,
    removed: Vec<&'static str>,
    input: Vec<u8>,
}

/// Compares all that a command says: exit code, standard output, standard error; times are hidden.
pub(crate) fn check(output: &Output, expected: &expect_test::Expect) {
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\d{4}-\d\d-\d\d( \d\d:\d\d( [+-]\d{4})?)?").expect("a pattern")
    });
    let said = format!("{}{}exit {}\n", output.stdout, output.stderr, output.code);
    expected.assert_eq(&TIME.replace_all(&said, "<time>"));
}

impl Sandbox {
    /// Makes a repository on branch `main`, without a commit, whose hooks record.
    pub(crate) fn new() -> Self {
        let sandbox = Self::without_hooks();
        assert_eq!(sandbox.model(&["init"]).code, 0);
        sandbox
    }

    /// Makes a repository on branch `main`, without a commit and without hooks.
    pub(crate) fn without_hooks() -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("git-model-suite-{}-{number}", std::process::id());
        let root = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&root);
        // A blank and a quote, so that whoever forgets to quote a path is found out.
        let repo = root.join("it's a repo");
        fs::create_dir_all(&repo).expect("a folder for the repository");
        fs::create_dir_all(root.join("home")).expect("a folder for the home");
        let config = "[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[advice]\n\tdefaultBranchName = false\n\
                      [init]\n\tdefaultBranch = main\n[protocol \"file\"]\n\tallow = always\n";
        fs::write(root.join("home/.gitconfig"), config).expect("Git's configuration");
        let normal = Normal::new(&root, &repo);
        let sandbox = Self { root, repo, clock: AtomicI64::new(START), normal };
        sandbox.ok(&["init", "-q"]);
        sandbox
    }

    /// The folder of the repository.
    pub(crate) fn path(&self) -> &Path {
        &self.repo
    }

    /// A folder beside the repository, for clones, worktrees and programs.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Begins a command in the repository.
    pub(crate) fn here(&self) -> Invocation<'_> {
        self.at(&self.repo)
    }

    /// Begins a command in another folder.
    pub(crate) fn at(&self, folder: impl AsRef<Path>) -> Invocation<'_> {
        let folder = self.repo.join(folder);
        Invocation {
            sandbox: self,
            folder,
            variables: Vec::new(),
            removed: Vec::new(),
            input: Vec::new(),
        }
    }

    /// Begins a command in the repository while Sonnet 5.5 is declared: old lines must not get its name.
    pub(crate) fn today(&self) -> Invocation<'_> {
        self.here().env("GIT_MODEL", "claude-sonnet-5-5")
    }

    /// Runs `git` in the repository.
    pub(crate) fn git(&self, arguments: &[&str]) -> Output {
        self.here().git(arguments)
    }

    /// Runs `git` in the repository, which must succeed; returns what it prints, as it is.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        self.here().ok(arguments)
    }

    /// Runs `git model` in the repository.
    pub(crate) fn model(&self, arguments: &[&str]) -> Output {
        self.here().git(&[&["model"], arguments].concat())
    }

    /// Makes a repository with one commit of nobody's (`f.txt`: one, two, three).
    pub(crate) fn with_base() -> Self {
        let sandbox = Self::new();
        sandbox.commit("f.txt", "one\ntwo\nthree\n", "base");
        sandbox
    }

    /// Declares a model on the present branch.
    pub(crate) fn declare(&self, model: &str) {
        self.ok(&["model", "use", model]);
    }

    /// Writes a file of the repository, and its folder.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.repo.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, content).expect("a file of the repository");
    }

    /// Writes a file and stages it.
    pub(crate) fn stage(&self, path: &str, content: impl AsRef<[u8]>) {
        self.write(path, content);
        self.ok(&["add", path]);
    }

    /// Writes one file and commits it alone, as nobody declared it.
    pub(crate) fn commit(&self, path: &str, content: impl AsRef<[u8]>, message: &str) {
        self.stage(path, content);
        self.ok(&["commit", "-q", "-m", message]);
        self.learn("HEAD"); // So that ids have the numbers of the commits.
    }

    /// Makes the id of a commit known, so that its short form is recognised even if it is all digits.
    pub(crate) fn learn(&self, revision: &str) {
        self.normal(&self.id(revision));
    }

    /// Declares a model, writes one file and commits it, and clears the declaration.
    pub(crate) fn commit_by(&self, model: &str, path: &str, content: &str, message: &str) {
        self.declare(model);
        self.commit(path, content, message);
        self.ok(&["model", "use", "--clear"]);
    }

    /// Reads a file of the repository.
    pub(crate) fn read(&self, path: &str) -> String {
        let bytes = fs::read(self.repo.join(path)).expect("a file of the repository");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Writes a script beside the repository and returns its path, quoted for a shell.
    pub(crate) fn script(&self, name: &str, text: &str) -> String {
        let path = self.beside(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("a script");
        os::make_executable(&path).expect("a script that can be run");
        format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
    }

    /// Writes a hook into the repository's own folder of hooks, in place of what stands there.
    pub(crate) fn hook(&self, name: &str, text: &str) {
        let folder = self.repo.join(".git/hooks");
        fs::create_dir_all(&folder).expect("the folder of hooks");
        fs::write(folder.join(name), format!("#!/bin/sh\n{text}\n")).expect("a hook");
        os::make_executable(&folder.join(name)).expect("a hook that can be run");
    }

    /// Replaces ids of commits by `<1>`, `<2>` ... in the order of first sight, and paths by their meaning.
    pub(crate) fn normal(&self, text: &str) -> String {
        self.normal.apply(text)
    }

    /// The version of Git: `(2, 47)`.
    pub(crate) fn git_version(&self) -> (u32, u32) {
        let text = self.ok(&["version"]);
        let mut numbers = text.trim_start_matches("git version ").split('.').map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => (major, minor),
            _ => panic!("a version of Git: {text}"),
        }
    }
}

impl Invocation<'_> {
    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Removes a variable from the environment.
    pub(crate) fn without(mut self, name: &'static str) -> Self {
        self.removed.push(name);
        self
    }

    /// Opens a shell script as the editor; the message file is `$1`.
    pub(crate) fn editor(self, script: &str) -> Self {
        let quoted = script.replace('\'', r"'\''");
        self.env("GIT_EDITOR", &format!("sh -c '{quoted}' editor"))
    }

    /// Opens a shell script as the editor of a rebase's list; the list is `$1`.
    pub(crate) fn todo(self, script: &str) -> Self {
        let quoted = script.replace('\'', r"'\''");
        self.env("GIT_SEQUENCE_EDITOR", &format!("sh -c '{quoted}' editor"))
    }

    /// Gives a text to standard input.
    pub(crate) fn input(mut self, text: impl AsRef<[u8]>) -> Self {
        self.input = text.as_ref().to_vec();
        self
    }

    /// Runs `git`; what it prints is normalised.
    pub(crate) fn git(&self, arguments: &[&str]) -> Output {
        self.run("git", arguments)
    }

    /// Runs `git`, which must succeed; returns what it prints, as it is.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let output = self.start("git", arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "git {arguments:?} failed: {printed}{said}");
        printed
    }

    /// Runs a program and returns what it prints on standard output, as it is.
    pub(crate) fn raw(&self, program: &str, arguments: &[&str]) -> String {
        String::from_utf8_lossy(&self.start(program, arguments).stdout).into_owned()
    }

    /// Runs a program; what it prints is normalised.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let output = self.start(program, arguments);
        let normal = |bytes: &[u8]| self.sandbox.normal(&String::from_utf8_lossy(bytes));
        Output {
            code: output.status.code().unwrap_or(-1),
            stdout: normal(&output.stdout),
            stderr: normal(&output.stderr),
        }
    }

    /// Returns the command, for a test that starts several at once.
    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let now = self.sandbox.clock.fetch_add(60, Ordering::Relaxed);
        let home = self.sandbox.root.join("home");
        let mut command = Command::new("env");
        command
            .arg("--")
            .arg(program)
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", search_path())
            .env("HOME", &home)
            .env("GIT_CONFIG_GLOBAL", home.join(".gitconfig"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CEILING_DIRECTORIES", &self.sandbox.root)
            .env("GIT_AUTHOR_NAME", "Ada Author")
            .env("GIT_AUTHOR_EMAIL", "ada@example.org")
            .env("GIT_COMMITTER_NAME", "Cora Committer")
            .env("GIT_COMMITTER_EMAIL", "cora@example.org")
            .env("GIT_COMMITTER_DATE", format!("@{now} +0000"))
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_EDITOR", "false")
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in &self.removed {
            command.env_remove(name);
        }
        command
    }

    fn start(&self, program: &str, arguments: &[&str]) -> std::process::Output {
        let mut command = self.command(program, arguments);
        let mut child = command.spawn().expect("a program that starts");
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        // A program that does not read its input has closed it.
        let _ = std::io::Write::write_all(&mut stdin, &self.input);
        drop(stdin);
        child.wait_with_output().expect("a program that ends")
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Returns where programs are looked for: ours first, then the Git under test, then all others.
pub(crate) fn search_path() -> String {
    let own = Path::new(PROGRAM).parent().expect("the program stands in a folder").display();
    format!("{own}:{}", path_without_program())
}

/// Returns a `PATH` in which the program is not, as applications with windows have it.
///
/// One that is installed on this machine is not there either.
pub(crate) fn path_without_program() -> String {
    let git = std::env::var("GIT_MODEL_TEST_GIT").map(|folder| folder + ":").unwrap_or_default();
    let path = std::env::var("PATH").expect("a PATH to find Git");
    let others = path.split(':').filter(|folder| !Path::new(folder).join("git-model").exists());
    git + &others.collect::<Vec<_>>().join(":")
}
