//! `git model sync` with remotes that hold anything at all: bounded, explained, and no record of ours is lost.

use expect_test::expect;

use crate::sandbox::check;
use crate::two_clones::Clones;

/// Puts a tree in place of the host's notes: lines of `git mktree`.
fn put(clones: &Clones, rows: &str) {
    let tree = clones.at("host.git").input(rows).ok(&["mktree", "--missing"]);
    let commit = clones.at("host.git").ok(&["commit-tree", "-m", "x", tree.trim()]);
    clones.at("host.git").ok(&["update-ref", "refs/notes/model", commit.trim()]);
}

fn blob(clones: &Clones, content: &[u8]) -> String {
    let id = clones.at("host.git").input(content).ok(&["hash-object", "-w", "--stdin"]);
    id.trim().to_owned()
}

#[test]
fn what_is_no_record_is_left_aside_or_left_as_it_is() {
    let clones = Clones::new();
    let head = clones.sandbox.id("HEAD");
    let nobody = "1".repeat(40);
    let large = blob(&clones, &vec![b' '; (16 << 20) + 1]);
    let text = blob(&clones, b"no JSON");
    let upper = "A".repeat(40);
    let rows = format!(
        "100644 blob {text}\t{nobody}\n100644 blob {text}\t{head}\n100644 blob {large}\t{}\n\
         100644 blob {text}\t{upper}\n100644 blob {text}\tREADME\n120000 blob {text}\t{}\n",
        "2".repeat(40),
        "3".repeat(39),
    );
    put(&clones, &rows);
    check(
        &clones.sync(&[]),
        &expect![[r#"
        origin: 1 record taken, 1 record given
        warning: 1 note in refs/notes/model of `origin` left aside: larger than 16 MiB
        warning: 3 entries in refs/notes/model of `origin` left aside: no notes of commits
        exit 0
    "#]],
    );
    // Ours counts where theirs cannot be read; what is about a commit that we do not have stays.
    assert!(clones.sandbox.find_note("HEAD").is_some());
    let kept = clones.sandbox.ok(&["ls-tree", "-r", "--name-only", "refs/notes/model"]);
    assert_eq!(kept.lines().count(), 2, "{kept}");
    check(
        &clones.sync(&[]),
        &expect![[r#"
        origin: nothing new on either side
        exit 0
    "#]],
    );
}

#[test]
fn a_tree_of_trees_without_end_is_refused() {
    let clones = Clones::new();
    let mut object = format!("100644 blob {}", blob(&clones, b"x"));
    for level in 0..3 {
        let name = |number: u32| {
            if level == 0 { format!("{number:034x}") } else { format!("{number:02x}") }
        };
        let numbers = if level == 0 { 1000 } else { 256 };
        let rows = (0..numbers).map(|number| format!("{object}\t{}\n", name(number)));
        let rows = rows.collect::<String>();
        let tree = clones.at("host.git").input(rows).ok(&["mktree"]);
        object = format!("040000 tree {}", tree.trim());
    }
    put(&clones, &format!("{object}\t00\n"));
    let before = clones.notes_of("it's a repo");
    check(
        &clones.sync(&[]),
        &expect![[r#"
        error: refs/notes/model of `origin` is no history of notes
        caused by: the folder <2> stands at two places among the notes
        hint: look at it: git ls-remote origin refs/notes/model
        exit 2
    "#]],
    );
    assert_eq!(clones.notes_of("it's a repo"), before);
}

#[test]
fn a_reference_of_something_else_is_refused() {
    let clones = Clones::new();
    let text = blob(&clones, b"x");
    clones.at("host.git").ok(&["update-ref", "refs/notes/model", &text]);
    check(
        &clones.sync(&[]),
        &expect![[r#"
        error: refs/notes/model of `origin` is no history of notes
        caused by: cannot read the object <2>
        caused by: the requested type does not match the type in the ODB
        hint: look at it: git ls-remote origin refs/notes/model
        exit 2
    "#]],
    );
    // A history of files is one of notes without a note.
    clones.at("host.git").ok(&["update-ref", "refs/notes/model", "main"]);
    check(
        &clones.sync(&["--fetch-only"]),
        &expect![[r#"
        origin: nothing new on either side
        warning: 1 entry in refs/notes/model of `origin` left aside: no notes of commits
        exit 0
    "#]],
    );
    assert!(clones.sandbox.find_note("HEAD").is_some());
}

#[test]
fn a_record_of_a_newer_version_stays_beside_ours() {
    let clones = Clones::new();
    clones.sync(&[]);
    clones.sync_at("other", &[]);
    let note = clones.at("other").ok(&["notes", "--ref=model", "show", "HEAD"]);
    let newer = note.replace("\"schema\":\"1.1\"", "\"schema\":\"2.0\"");
    clones.at("other").input(newer).ok(&["notes", "--ref=model", "add", "-f", "-F", "-", "HEAD"]);
    clones.sync_at("other", &[]);
    clones.sandbox.ok(&["model", "record", "HEAD", "--human"]);
    check(
        &clones.sync(&[]),
        &expect![[r#"
        origin: 1 record taken, 1 record given
        warning: 1 note of a newer git-model or another program stand beside ours, as they were
        exit 0
    "#]],
    );
    check(
        &clones.sandbox.model(&["log", "--commits"]),
        &expect![[r#"
        <1>  <time>  declared  human  base
        exit 0
    "#]],
    );
}

#[test]
fn thousands_of_plans_are_not_taken() {
    let clones = Clones::new();
    clones.sandbox.ok(&["config", "model.syncPlans", "true"]);
    let tip = clones.at("host.git").ok(&["rev-parse", "main"]);
    let rows = (0..1001).map(|number| format!("create refs/model/plans/{number:08x} {tip}"));
    let rows = rows.collect::<String>();
    clones.at("host.git").input(rows).ok(&["update-ref", "--stdin"]);
    check(
        &clones.sync(&[]),
        &expect![[r#"
        error: `origin` lists more references than can be read
        hint: look at them: git ls-remote origin 'refs/model/*'
        exit 2
    "#]],
    );
    assert_eq!(clones.sandbox.ok(&["for-each-ref", "refs/model/"]), "");
}
