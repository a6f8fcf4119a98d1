//! A bare repository as host, and clones of it with hooks.

use std::path::{Path, PathBuf};

use crate::sandbox::{Invocation, Output, Sandbox};

/// The sandbox's repository is the first clone; others lie beside it.
pub(crate) struct Clones {
    pub(crate) sandbox: Sandbox,
}

impl Clones {
    /// Makes a host, a clone with one commit of nobody's, pushed with its record, and another clone without records.
    pub(crate) fn new() -> Self {
        let sandbox = Sandbox::with_base();
        let clones = Self { sandbox };
        clones.sandbox.ok(&["init", "-q", "--bare", &clones.host()]);
        clones.sandbox.ok(&["remote", "add", "origin", &clones.host()]);
        clones.sandbox.ok(&["push", "-q", "-u", "origin", "main"]);
        clones.clone_as("other", &[]);
        clones
    }

    /// The address of the host.
    pub(crate) fn host(&self) -> String {
        self.folder("host.git").display().to_string()
    }

    /// A folder beside the first clone.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.sandbox.beside(name)
    }

    /// Makes one more clone, with hooks.
    pub(crate) fn clone_as(&self, name: &str, options: &[&str]) {
        let address = format!("file://{}", self.host());
        let folder = self.folder(name).display().to_string();
        let clone = [&["clone", "-q"], options, &[&address, &folder]].concat();
        self.sandbox.ok(&clone);
        self.at(name).ok(&["model", "init", "--no-agents"]);
    }

    /// Begins a command in a folder beside the first clone.
    pub(crate) fn at(&self, name: &str) -> Invocation<'_> {
        self.sandbox.at(self.folder(name))
    }

    /// Commits a file in a clone, as a model's.
    pub(crate) fn commit_at(&self, name: &str, model: &str, file: &str, text: &str) {
        let folder: &Path = &self.folder(name);
        std::fs::write(folder.join(file), text).expect("a file of a clone");
        self.at(name).ok(&["add", file]);
        let message = format!("{file} by {model}");
        self.at(name).env("GIT_MODEL", model).ok(&["commit", "-q", "-m", &message]);
    }

    /// Syncs in the first clone.
    pub(crate) fn sync(&self, arguments: &[&str]) -> Output {
        self.sandbox.model(&[&["sync"], arguments].concat())
    }

    /// Syncs in another clone.
    pub(crate) fn sync_at(&self, name: &str, arguments: &[&str]) -> Output {
        self.at(name).git(&[&["model", "sync"], arguments].concat())
    }

    /// Returns the tree of a repository's notes.
    pub(crate) fn notes_of(&self, name: &str) -> String {
        self.at(name).ok(&["rev-parse", "refs/notes/model^{tree}"])
    }
}
