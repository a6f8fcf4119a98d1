//! Which index and which tree a commit is made of: hooks must look at the very same.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// `f.txt` and `g.txt` are tracked; both have one more line in the work tree, `g.txt` also in the index.
fn two_changed() -> Sandbox {
    let sandbox = Sandbox::with_base();
    sandbox.commit("g.txt", "one\n", "second file");
    sandbox.stage("g.txt", "one\nstaged\n");
    sandbox.write("f.txt", "one\ntwo\nthree\nunstaged\n");
    sandbox
}

fn opus(sandbox: &Sandbox) -> crate::sandbox::Invocation<'_> {
    sandbox.here().env("GIT_MODEL", "claude-opus-5-5")
}

#[test]
fn every_choice_of_files_is_attributed_as_committed() {
    let mut drawn = String::new();
    for way in [
        &["commit", "-q", "-m", "x"][..],
        &["commit", "-q", "-a", "-m", "x"],
        &["commit", "-q", "-i", "f.txt", "-m", "x"],
        &["commit", "-q", "-p", "-m", "x"],
        &["commit", "-q", "--only", "f.txt", "-m", "x"],
        &["commit", "-q", "-m", "x", "f.txt"],
        &["commit", "-q", "-m", "x", "--", "f.txt", "g.txt"],
        &["commit", "-q", "-a", "--no-verify", "-m", "x"],
        &["commit", "-q", "--no-verify", "-m", "x", "f.txt"],
        &["commit", "-q", "-am", "x"],
    ] {
        let sandbox = two_changed();
        opus(&sandbox).input("y\n").ok(way);
        drawn += &format!("$ git {}\n{}", way.join(" "), sandbox.drawn("HEAD"));
    }
    expect![[r#"
        $ git commit -q -m x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: staged
        $ git commit -q -a -m x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +2 -0
        f.txt
          Opus 5.5: unstaged
        g.txt
          Opus 5.5: staged
        $ git commit -q -i f.txt -m x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +2 -0
        f.txt
          Opus 5.5: unstaged
        g.txt
          Opus 5.5: staged
        $ git commit -q -p -m x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +2 -0
        f.txt
          Opus 5.5: unstaged
        g.txt
          Opus 5.5: staged
        $ git commit -q --only f.txt -m x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: unstaged
        $ git commit -q -m x f.txt
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: unstaged
        $ git commit -q -m x -- f.txt g.txt
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +2 -0
        f.txt
          Opus 5.5: unstaged
        g.txt
          Opus 5.5: staged
        $ git commit -q -a --no-verify -m x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +2 -0
        f.txt
          Opus 5.5: unstaged
        g.txt
          Opus 5.5: staged
        $ git commit -q --no-verify -m x f.txt
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: unstaged
        $ git commit -q -am x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +2 -0
        f.txt
          Opus 5.5: unstaged
        g.txt
          Opus 5.5: staged
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn what_was_not_committed_is_still_staged() {
    let sandbox = two_changed();
    opus(&sandbox).ok(&["commit", "-q", "-m", "x", "f.txt"]);
    assert_eq!(sandbox.ok(&["status", "--porcelain"]), "M  g.txt\n");
    sandbox.today().ok(&["commit", "-q", "-m", "y"]);
    expect![[r#"
        | y
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        g.txt
          Sonnet 5.5: staged
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_users_own_index_is_the_one_that_counts() {
    for index in ["own-index", ".git/own-index"] {
        let sandbox = two_changed();
        let own = opus(&sandbox).env("GIT_INDEX_FILE", index);
        own.ok(&["read-tree", "HEAD"]);
        own.ok(&["add", "f.txt"]);
        own.ok(&["commit", "-q", "-m", "x"]);
        assert_eq!(sandbox.origins("HEAD", "f.txt"), ["Opus 5.5: unstaged"], "{index}");
        assert_eq!(sandbox.origins("HEAD", "g.txt"), [""; 0], "{index}");
    }
    let sandbox = two_changed();
    let path = sandbox.beside("own-index").display().to_string();
    let own = opus(&sandbox).env("GIT_INDEX_FILE", &path);
    own.ok(&["read-tree", "HEAD"]);
    own.ok(&["commit", "-q", "-m", "x", "f.txt"]);
    assert_eq!(sandbox.origins("HEAD", "f.txt"), ["Opus 5.5: unstaged"]);
}

#[test]
fn a_file_that_is_only_intended_is_no_part_of_the_commit() {
    let sandbox = two_changed();
    sandbox.write("new.txt", "new\n");
    sandbox.ok(&["add", "-N", "new.txt"]);
    opus(&sandbox).ok(&["commit", "-q", "-m", "x"]);
    let without = sandbox.drawn("HEAD");
    opus(&sandbox).ok(&["commit", "-q", "-a", "-m", "y"]);
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: staged
        | y
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +2 -0
        f.txt
          Opus 5.5: unstaged
        new.txt
          Opus 5.5: new
    "#]]
    .assert_eq(&(without + &sandbox.drawn("HEAD")));
}

#[test]
fn a_commit_from_a_subfolder_is_as_any_other() {
    let sandbox = Sandbox::with_base();
    sandbox.commit("sub/dir/g.txt", "one\n", "subfolder");
    sandbox.write("sub/dir/g.txt", "one\ntwo\n");
    let below = sandbox.at("sub/dir").env("GIT_MODEL", "claude-opus-5-5");
    below.ok(&["commit", "-q", "-m", "x", "g.txt"]);
    let only = sandbox.drawn("HEAD");
    sandbox.write("sub/dir/g.txt", "one\ntwo\nthree\n");
    below.ok(&["commit", "-q", "-a", "-m", "y"]);
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        sub/dir/g.txt
          Opus 5.5: two
        | y
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        sub/dir/g.txt
          Opus 5.5: three
    "#]]
    .assert_eq(&(only + &sandbox.drawn("HEAD")));
}

#[test]
fn a_commit_from_outside_is_as_any_other() {
    let sandbox = two_changed();
    let outside = sandbox.at(sandbox.beside("home")).env("GIT_MODEL", "claude-opus-5-5");
    let repo = sandbox.path().display().to_string();
    outside.ok(&["-C", &repo, "commit", "-q", "-m", "x"]);
    assert_eq!(sandbox.origins("HEAD", "g.txt"), ["Opus 5.5: staged"]);
    let outside = outside.env("GIT_DIR", &format!("{repo}/.git")).env("GIT_WORK_TREE", &repo);
    outside.ok(&["commit", "-q", "-a", "-m", "y"]);
    assert_eq!(sandbox.origins("HEAD", "f.txt"), ["Opus 5.5: unstaged"]);
}

#[test]
fn every_form_of_the_index_file_is_read() {
    let forms: &[&[&[&str]]] = &[
        &[&["config", "index.version", "4"], &["update-index", "--index-version", "4"]],
        &[&["update-index", "--split-index"]],
        &[&["config", "core.splitIndex", "true"]],
        &[&["config", "index.skipHash", "true"], &["update-index", "--force-write-index"]],
        &[&["config", "feature.manyFiles", "true"], &["update-index", "--force-write-index"]],
        &[&["config", "core.untrackedCache", "true"], &["update-index", "--untracked-cache"]],
        &[&["sparse-checkout", "set", "--cone", "--sparse-index", "sub"]],
    ];
    for form in forms {
        let sandbox = Sandbox::with_base();
        sandbox.commit("sub/g.txt", "one\n", "subfolder");
        sandbox.commit("far/away/h.txt", "one\n", "another");
        for command in *form {
            sandbox.ok(command);
        }
        sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
        opus(&sandbox).ok(&["commit", "-q", "-m", "x"]);
        assert_eq!(sandbox.origins("HEAD", "f.txt"), ["Opus 5.5: four"], "{form:?}");
        sandbox.write("sub/g.txt", "one\ntwo\n");
        sandbox.stage("f.txt", "one\ntwo\nthree\nfour\nfive\n");
        opus(&sandbox).ok(&["commit", "-q", "-m", "x", "sub/g.txt"]);
        assert_eq!(sandbox.origins("HEAD", "sub/g.txt"), ["Opus 5.5: two"], "{form:?}");
        assert_eq!(sandbox.trailers("HEAD"), ["Opus 5.5 (implementation)"], "{form:?}");
    }
}

#[test]
fn hooks_leave_the_index_as_it_is() {
    let sandbox = two_changed();
    sandbox.ok(&["commit", "-q", "-m", "x"]);
    let index = sandbox.read(".git/index");
    sandbox.ok(&["commit", "-q", "--amend", "--only", "-m", "y"]);
    sandbox.ok(&["model", "status"]);
    assert_eq!(sandbox.read(".git/index"), index);
}

#[test]
fn a_linked_worktree_has_its_own_declaration() {
    let sandbox = Sandbox::with_base();
    let linked = sandbox.beside("linked");
    sandbox.ok(&["worktree", "add", "-q", &linked.display().to_string()]);
    sandbox.at(&linked).ok(&["model", "use", "claude-opus-5-5"]);
    std::fs::write(linked.join("f.txt"), "one\ntwo\nthree\nlinked\n").expect("a file");
    sandbox.at(&linked).ok(&["commit", "-q", "-a", "-m", "linked"]);
    sandbox.commit("g.txt", "main\n", "main");
    expect![[r#"
        | linked
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: linked
        | main
        commit
        unknown +1 -0
        g.txt
          unknown: main
    "#]]
    .assert_eq(&(sandbox.drawn("linked") + &sandbox.drawn("main")));
}

#[test]
fn a_submodule_of_its_own_is_as_any_other_repository() {
    let sandbox = Sandbox::with_base();
    let inner = sandbox.beside("inner");
    sandbox.at(sandbox.beside("home")).ok(&["init", "-q", &inner.display().to_string()]);
    sandbox.at(&inner).ok(&["commit", "-q", "--allow-empty", "-m", "inner"]);
    sandbox.ok(&["submodule", "--quiet", "add", &inner.display().to_string(), "inner"]);
    sandbox.ok(&["commit", "-q", "-m", "submodule"]);
    sandbox.at("inner").ok(&["model", "init"]);
    sandbox.write("inner/f.txt", "inner\n");
    sandbox.at("inner").ok(&["add", "f.txt"]);
    sandbox.at("inner").env("GIT_MODEL", "claude-opus-5-5").ok(&["commit", "-q", "-m", "x"]);
    let format = "--format=%(trailers:key=Model,valueonly)";
    let trailer = sandbox.at("inner").ok(&["log", "-1", format]);
    assert_eq!(trailer.trim(), "Opus 5.5 (implementation)");
    assert_eq!(sandbox.at("inner").ok(&["notes", "--ref=model", "list"]).lines().count(), 1);
}
