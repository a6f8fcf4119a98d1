//! `install.sh` from the first run to the last: what it says, writes and takes away again.
//!
//! A stub stands for cargo and hands over the program that is built already; a folder of links is the whole `PATH`.
#![cfg(unix)]
#![expect(clippy::needless_raw_string_hashes, reason = "`UPDATE_EXPECT=1` writes them")]

use std::fs;

use expect_test::expect;

use sandbox::Sandbox;

#[path = "install/sandbox.rs"]
mod sandbox;

#[test]
fn a_first_run_builds_shows_the_log_and_adds_hooks() {
    let sandbox = Sandbox::new();
    sandbox.install(
        r#""../it's here""#,
        &expect![[r#"
            Building git-model; from nothing this takes some minutes.
            cargo build --release --locked
            git-model [VERSION] -> ~/.local/bin          (undo: ./install.sh --uninstall)
            ~/.local/bin is not on your PATH; add to your shell's settings:
                export PATH=[SANDBOX]/home/.local/bin:"$PATH"

            it's here, main: 1 commit; nothing says who wrote it

              recorded    0
              marks only  0
              human       0
              unknown     1
            (no evidence is "unknown", never "human"; record from now on: git model init)

            hooks in [SANDBOX]/it's here/.git/hooks:
              prepare-commit-msg: new
              commit-msg: new
              post-commit: new
              post-merge: new
              post-rewrite: new
              post-applypatch: new
            it's here: Git hooks installed
            say who works where no agent tells: git model use MODEL, or: git model use human
            undo: git model deinit
        "#]],
    );
    assert_eq!(
        sandbox.files("home/.local"),
        [
            "bin",
            "bin/git-model",
            "share",
            "share/man",
            "share/man/man1",
            "share/man/man1/git-model.1"
        ]
    );
    assert_eq!(
        sandbox.hooks("it's here"),
        [
            "commit-msg",
            "post-applypatch",
            "post-commit",
            "post-merge",
            "post-rewrite",
            "prepare-commit-msg"
        ]
    );
    let commit = "export PATH=$HOME/.local/bin:$PATH; git model use opus-5.5 >/dev/null
        echo x >x; git add x; git commit -qm X; git log -1 --format=%B";
    expect![[r#"
        X

        Model: Opus 5.5 (implementation)

    "#]]
    .assert_eq(&sandbox.run("it's here", commit));
}

#[test]
fn a_second_run_changes_nothing() {
    let mut sandbox = Sandbox::new();
    sandbox.install(
        r#"--audit "../it's here""#,
        &expect![[r#"
        Building git-model; from nothing this takes some minutes.
        cargo build --release --locked
        git-model [VERSION] -> ~/.local/bin          (undo: ./install.sh --uninstall)
        ~/.local/bin is not on your PATH; add to your shell's settings:
            export PATH=[SANDBOX]/home/.local/bin:"$PATH"

        it's here, main: 1 commit; nothing says who wrote it

          recorded    0
          marks only  0
          human       0
          unknown     1
        (no evidence is "unknown", never "human"; record from now on: git model init)

        it's here: no hooks added, as asked      (later: git -C '[SANDBOX]/it'\''s here' model init)
    "#]],
    );
    assert_eq!(sandbox.hooks("it's here"), [""; 0]);
    let path = format!("{0}/home/.local/bin:{0}/tools", sandbox.root.display());
    sandbox.set("PATH", &path);
    sandbox.run("source", r#"./install.sh "../it's here""#);
    sandbox.install(
        r#"--yes "../it's here""#,
        &expect![[r#"
            Building git-model; from nothing this takes some minutes.
            cargo build --release --locked
            git-model [VERSION] -> ~/.local/bin          (undo: ./install.sh --uninstall)

            it's here, main: 1 commit; nothing says who wrote it

              recorded    0
              marks only  0
              human       0
              unknown     1
            (no evidence is "unknown", never "human"; record from now on: git model init)

            hooks in [SANDBOX]/it's here/.git/hooks:
              prepare-commit-msg: there already
              commit-msg: there already
              post-commit: there already
              post-merge: there already
              post-rewrite: there already
              post-applypatch: there already
            it's here: the Git hooks are in place already
            say who works where no agent tells: git model use MODEL, or: git model use human
            undo: git model deinit
        "#]],
    );
}

#[test]
fn uninstall_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    let before = sandbox.files("it's here/.git");
    sandbox.run("source", r#"./install.sh "../it's here""#);
    sandbox.install(
        r#"--uninstall "../it's here""#,
        &expect![[r#"
        it's here: hooks removed, what stood there before is back
        Hooks in other repositories stay; in each of them, before you go on: git model deinit
        git-model removed from ~/.local
    "#]],
    );
    assert_eq!(sandbox.files("home"), [".gitconfig"]);
    assert_eq!(sandbox.files("it's here/.git"), before);
    sandbox.install(
        "--uninstall",
        &expect![[r#"
        git-model is not in ~/.local/bin
    "#]],
    );
}

#[test]
fn without_a_repository_it_is_for_its_own_clone() {
    let mut sandbox = Sandbox::new();
    sandbox.set("PREFIX", "../a prefix");
    sandbox.install("", &expect![[r#"
        Building git-model; from nothing this takes some minutes.
        cargo build --release --locked
        git-model [VERSION] -> [SANDBOX]/a prefix/bin
                                                 (undo: PREFIX='[SANDBOX]/a prefix' ./install.sh --uninstall)
        [SANDBOX]/a prefix/bin is not on your PATH; add to your shell's settings:
            export PATH='[SANDBOX]/a prefix/bin':"$PATH"
        no repository named                      (./install.sh REPOSITORY, or there: git model init)
    "#]]);
    sandbox.run("source", "git init -q");
    sandbox.install("", &expect![[r#"
        Building git-model; from nothing this takes some minutes.
        cargo build --release --locked
        git-model [VERSION] -> [SANDBOX]/a prefix/bin
                                                 (undo: PREFIX='[SANDBOX]/a prefix' ./install.sh --uninstall)
        [SANDBOX]/a prefix/bin is not on your PATH; add to your shell's settings:
            export PATH='[SANDBOX]/a prefix/bin':"$PATH"

        source: no commits yet

        hooks in [SANDBOX]/source/.git/hooks:
          prepare-commit-msg: new
          commit-msg: new
          post-commit: new
          post-merge: new
          post-rewrite: new
          post-applypatch: new
        source: Git hooks installed
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
    "#]]);
    assert!(sandbox.hooks("source").contains(&"commit-msg".to_owned()));
    sandbox.install(
        "--uninstall",
        &expect![[r#"
        source: hooks removed, what stood there before is back
        Hooks in other repositories stay; in each of them, before you go on: git model deinit
        git-model removed from [SANDBOX]/a prefix
    "#]],
    );
    assert_eq!(sandbox.hooks("source"), [""; 0]);
    assert!(!sandbox.root.join("a prefix").exists());
}

#[test]
fn what_is_missing_is_said_at_once() {
    let mut sandbox = Sandbox::new();
    sandbox.set("CARGO_STUB_VERSION", "1.63.0");
    sandbox.install(
        "",
        &expect![[r#"
        error: cargo 1.63 is too old: git-model needs Rust 1.89 or newer
        hint: rustup update; or get Rust as on https://rustup.rs
        (exit 2)
    "#]],
    );
    for tool in ["cargo", "cc", "git"] {
        fs::remove_file(sandbox.root.join("tools").join(tool)).unwrap();
    }
    sandbox.install("", &expect![[r#"
        error: git is missing
        hint: Debian, Ubuntu: sudo apt install git; Fedora: sudo dnf install git; macOS: xcode-select --install
        error: a C compiler (cc) is missing
        hint: Debian, Ubuntu: sudo apt install build-essential; Fedora: sudo dnf install gcc; macOS: xcode-select --install
        error: cargo is missing
        hint: get Rust 1.89 or newer as on https://rustup.rs, then open a new shell
        (exit 2)
    "#]]);
    assert_eq!(sandbox.files("home"), [".gitconfig"]);
}

#[test]
fn what_cannot_be_done_is_said_before_anything_is_built() {
    let mut sandbox = Sandbox::new();
    sandbox.install(
        "../home",
        &expect![[r#"
        error: [SANDBOX]/home is not a Git repository that can be read
        hint: git says: fatal: not a git repository (or any of the parent directories): .git
        hint: a new one: git init
        (exit 2)
    "#]],
    );
    sandbox.install(
        "../nowhere",
        &expect![[r#"
        error: there is no folder ../nowhere
        (exit 2)
    "#]],
    );
    sandbox.install(
        "--no-hooks",
        &expect![[r#"
        error: unknown option --no-hooks
        hint: see ./install.sh --help
        (exit 2)
    "#]],
    );
    sandbox.install(
        ". ..",
        &expect![[r#"
        error: one repository at a time
        hint: see ./install.sh --help
        (exit 2)
    "#]],
    );
    sandbox.install(
        "--audit --uninstall",
        &expect![[r#"
        error: --audit and --uninstall exclude each other
        (exit 2)
    "#]],
    );
    sandbox.set("PREFIX", "/dev/null/x");
    sandbox.install(
        r#""../it's here""#,
        &expect![[r#"
        error: nothing can be written to /dev/null
        hint: name another place: PREFIX=FOLDER ./install.sh
        (exit 2)
    "#]],
    );
    assert_eq!(sandbox.files("home"), [".gitconfig"]);
}

#[test]
fn hooks_that_cannot_be_added_leave_the_rest_installed() {
    let sandbox = Sandbox::new();
    sandbox.run("it's here", "git config core.hooksPath /etc/hooks");
    sandbox.install(r#""../it's here""#, &expect![[r#"
        Building git-model; from nothing this takes some minutes.
        cargo build --release --locked
        git-model [VERSION] -> ~/.local/bin          (undo: ./install.sh --uninstall)
        ~/.local/bin is not on your PATH; add to your shell's settings:
            export PATH=[SANDBOX]/home/.local/bin:"$PATH"

        it's here, main: 1 commit; nothing says who wrote it

          recorded    0
          marks only  0
          human       0
          unknown     1
        (no evidence is "unknown", never "human"; record from now on: git model init)

        error: core.hooksPath is `/etc/hooks`, a folder that is not this repository's alone
        hint: let your own hooks call us: in each of prepare-commit-msg, commit-msg, post-commit, post-merge,
        hint: post-rewrite and post-applypatch there: git model hook NAME "$@"
        hint: or give this repository a folder of its own: git config core.hooksPath .git/hooks
        hint: git-model is installed, and nothing was written into it's here; when that is mended,
        hint: add the hooks later: git -C '[SANDBOX]/it'\''s here' model init
        (exit 2)
    "#]]);
    assert!(sandbox.root.join("home/.local/bin/git-model").is_file());
}

#[test]
fn a_failed_build_installs_nothing() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.root.join("tools/cargo"), "#!/bin/sh\n[ \"$1\" = --version ]\n").unwrap();
    sandbox.install(
        "",
        &expect![[r#"
        Building git-model; from nothing this takes some minutes.
        error: git-model could not be built; the reason stands above
        (exit 2)
    "#]],
    );
    assert_eq!(sandbox.files("home"), [".gitconfig"]);
}

#[test]
fn on_a_terminal_it_asks() {
    let sandbox = Sandbox::new();
    if !sandbox.root.join("tools/script").exists() {
        return; // Without `script` there is no terminal to ask on.
    }
    let asked = r#"script -q -E never -ec "./install.sh '../it'\\''s here'" /dev/null"#;
    expect![[r#"
        Building git-model; from nothing this takes some minutes.
        cargo build --release --locked
        git-model [VERSION] -> ~/.local/bin          (undo: ./install.sh --uninstall)
        ~/.local/bin is not on your PATH; add to your shell's settings:
            export PATH=[SANDBOX]/home/.local/bin:"$PATH"

        it's here, main: 1 commit; nothing says who wrote it

          recorded    0
          marks only  0
          human       0
          unknown     1
        (no evidence is "unknown", never "human"; record from now on: git model init)

        hooks in [SANDBOX]/it's here/.git/hooks:
          prepare-commit-msg: new
          commit-msg: new
          post-commit: new
          post-merge: new
          post-rewrite: new
          post-applypatch: new
        Add these hooks to it's here? [Y/n] add the hooks later: git -C '[SANDBOX]/it'\''s here' model init
    "#]].assert_eq(&sandbox.run("source", &format!("echo n | {asked}")));
    assert_eq!(sandbox.hooks("it's here"), [""; 0]);
    sandbox.run("source", &format!("echo y | {asked}"));
    assert!(sandbox.hooks("it's here").contains(&"commit-msg".to_owned()));
}
