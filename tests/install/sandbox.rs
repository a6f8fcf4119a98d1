//! A machine of its own for `install.sh`: a home, a `PATH`, a cargo that builds nothing.
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "tests start programs")]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use expect_test::Expect;

/// Programs of the system that the script and Git may call.
const TOOLS: [&str; 17] = [
    "sh", "env", "git", "sed", "grep", "dirname", "basename", "cat", "cp", "ln", "mv", "mkdir",
    "chmod", "rm", "rmdir", "cc", "script",
];

const CARGO: &str = r#"#!/bin/sh
if [ "$1" = --version ]; then echo "cargo ${CARGO_STUB_VERSION-1.95.0} (stub)"; exit; fi
echo "cargo $1 $2 $3"
[ "$4" = --target-dir ] && mkdir -p "$5/release" && ln -sf "$BUILT" "$5/release/git-model"
"#;

/// A machine of its own: a home, a `PATH`, the sources, and a repository whose name is hard to quote.
pub(crate) struct Sandbox {
    pub(crate) root: PathBuf,
    environment: Vec<(String, String)>,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root =
            std::env::temp_dir().join(format!("git-model-install-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for folder in ["home", "tools", "source/docs"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        let root = fs::canonicalize(root).unwrap();
        let sources = Path::new(env!("CARGO_MANIFEST_DIR"));
        for file in ["install.sh", "Cargo.toml", "docs/git-model.1"] {
            fs::copy(sources.join(file), root.join("source").join(file)).unwrap();
        }
        let system = std::env::var_os("PATH").unwrap();
        for tool in TOOLS {
            let found = std::env::split_paths(&system).map(|folder| folder.join(tool));
            if let Some(found) = found.into_iter().find(|path| path.is_file()) {
                symlink(found, root.join("tools").join(tool)).unwrap();
            }
        }
        let cargo = root.join("tools/cargo");
        fs::write(&cargo, CARGO).unwrap();
        fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
        let mut sandbox = Self { root, environment: Vec::new() };
        let path = |name: &str| sandbox.root.join(name).to_string_lossy().into_owned();
        sandbox.environment = [
            ("HOME", path("home")),
            ("PATH", path("tools")),
            ("BUILT", env!("CARGO_BIN_EXE_git-model").to_owned()),
            ("GIT_CONFIG_GLOBAL", path("home/.gitconfig")),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
            ("NO_COLOR", "1".to_owned()),
            ("GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z".to_owned()),
            ("GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        sandbox.run(
            ".",
            "git config --global user.name Ada; git config --global user.email ada@example.com",
        );
        sandbox.run(".", "git config --global init.defaultBranch main");
        sandbox.repository("it's here");
        sandbox
    }

    fn repository(&self, name: &str) {
        fs::create_dir_all(self.root.join(name)).unwrap();
        self.run(name, "git init -q && git commit -q --allow-empty -m Start");
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Runs a line of shell in a folder; returns what a person would see, then the exit code.
    pub(crate) fn run(&self, folder: &str, script: &str) -> String {
        let output = Command::new("/bin/sh")
            .args(["-c", &format!("exec 2>&1 </dev/null; {script}")])
            .current_dir(self.root.join(folder))
            .env_clear()
            .envs(self.environment.iter().cloned())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let text = text
            .replace(&*self.root.to_string_lossy(), "[SANDBOX]")
            .replace(concat!("git-model ", env!("CARGO_PKG_VERSION")), "git-model [VERSION]")
            .replace('\r', "");
        match output.status.code() {
            Some(0) => text,
            code => format!("{text}(exit {})\n", code.unwrap()),
        }
    }

    pub(crate) fn install(&self, arguments: &str, expected: &Expect) {
        expected.assert_eq(&self.run("source", &format!("./install.sh {arguments}")));
    }

    /// Lists all files below a folder.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.join(folder)];
        while let Some(one) = folders.pop() {
            for entry in fs::read_dir(&one).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                }
                let path = entry.path();
                found
                    .push(path.strip_prefix(self.root.join(folder)).unwrap().display().to_string());
            }
        }
        found.sort();
        found
    }

    pub(crate) fn hooks(&self, repository: &str) -> Vec<String> {
        let mut hooks = self.files(&format!("{repository}/.git/hooks"));
        hooks.retain(|name| !name.ends_with(".sample"));
        hooks
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}
