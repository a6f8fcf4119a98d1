//! What a commit can change: which of it earns a trailer.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// Commits all that is staged by Opus and draws it.
fn committed(sandbox: &Sandbox) -> String {
    let opus = sandbox.here().env("GIT_MODEL", "claude-opus-5-5");
    opus.ok(&["commit", "-q", "-m", "x"]);
    sandbox.drawn("HEAD")
}

const TEN: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

#[test]
fn a_rename_alone_earns_nothing() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["mv", "f.txt", "renamed.txt"]);
    expect![[r#"
        | x
        commit
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn of_a_rename_with_edits_only_the_edited_lines_count() {
    let sandbox = Sandbox::with_base();
    sandbox.commit("ten.txt", TEN, "ten");
    sandbox.ok(&["mv", "ten.txt", "renamed.txt"]);
    sandbox.stage("renamed.txt", TEN.replace("5\n", "five\n"));
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -1
        renamed.txt
          Opus 5.5: five
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn a_change_of_mode_earns_a_trailer() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["update-index", "--chmod=+x", "f.txt"]);
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +0 -0
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn a_binary_earns_a_trailer() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("image.bin", b"\x00\x01\n\x02");
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +0 -0
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn a_new_commit_of_a_submodule_earns_a_trailer() {
    let sandbox = Sandbox::with_base();
    let inner = sandbox.beside("inner");
    sandbox.at(sandbox.beside("home")).ok(&["init", "-q", &inner.display().to_string()]);
    sandbox.at(&inner).ok(&["commit", "-q", "--allow-empty", "-m", "inner"]);
    sandbox.ok(&["submodule", "--quiet", "add", &inner.display().to_string(), "inner"]);
    sandbox.ok(&["commit", "-q", "-m", "submodule"]);
    sandbox.at("inner").ok(&["commit", "-q", "--allow-empty", "-m", "next"]);
    sandbox.ok(&["add", "inner"]);
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +0 -0
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn white_space_is_a_change() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("f.txt", "one\n  two\nthree\n");
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -1
        f.txt
          Opus 5.5:   two
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn a_deleted_file_is_a_change() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["rm", "-q", "f.txt"]);
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +0 -3
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn an_empty_file_earns_a_trailer() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("empty.txt", "");
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +0 -0
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn a_link_in_place_of_a_file_is_a_change() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["rm", "-q", "f.txt"]);
    std::os::unix::fs::symlink("target", sandbox.path().join("f.txt")).expect("a link");
    sandbox.ok(&["add", "f.txt"]);
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -3
        f.txt
          Opus 5.5: target
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn a_missing_last_line_break_is_a_change_of_that_line() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("f.txt", "one\ntwo\nthree");
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -1
        f.txt
          Opus 5.5: three
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn odd_names_of_files_are_kept() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("a b/it's \u{e4}.txt", "x\n");
    sandbox.stage("sub/-dash", "y\n");
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +2 -0
        a b/it's ä.txt
          Opus 5.5: x
        sub/-dash
          Opus 5.5: y
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn a_file_in_place_of_a_folder_is_a_change() {
    let sandbox = Sandbox::with_base();
    sandbox.commit("sub/g.txt", "deep\n", "folder");
    sandbox.ok(&["rm", "-q", "-r", "sub"]);
    sandbox.stage("sub", "flat\n");
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -1
        sub
          Opus 5.5: flat
    "#]]
    .assert_eq(&committed(&sandbox));
}

#[test]
fn lines_without_letters_are_counted_apart() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("f.txt", "one\ntwo\nthree\n{\n}\n\nfour\n");
    committed(&sandbox);
    let note = sandbox.note("HEAD");
    let lines = &note["metadata"]["git-model"]["contributions"][0]["lines"];
    assert_eq!(lines.to_string(), r#"{"added":4,"deleted":0,"trivial":3}"#);
}

#[test]
fn many_files_in_one_commit_are_all_attributed() {
    let sandbox = Sandbox::with_base();
    for number in 0..300 {
        sandbox.write(&format!("{}/{number}.txt", number % 7), format!("{number}\n"));
    }
    sandbox.ok(&["add", "."]);
    sandbox.here().env("GIT_MODEL", "claude-opus-5-5").ok(&["commit", "-q", "-m", "x"]);
    let note = sandbox.note("HEAD");
    assert_eq!(note["files"].as_array().map(Vec::len), Some(300));
    let lines = &note["metadata"]["git-model"]["contributions"][0]["lines"];
    assert_eq!(lines.to_string(), r#"{"added":300,"deleted":0}"#);
}
