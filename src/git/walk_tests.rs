//! Histories of every shape are read whole, in order, and as Git counts them.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::git::test_repo::TestRepo;
use crate::git::{
    Error, HistoryReader, NoteIndex, ObjectReader, Pace, RawCommit, Selection, Visitor, walk_all,
    walk_in_order, walk_listed,
};
use crate::provenance::CommitId;

const NOTES: &str = "refs/notes/model";

#[derive(Default)]
struct Subjects(Vec<String>);

impl Visitor for Subjects {
    fn visit(&mut self, commit: &RawCommit<'_>, _: &mut ObjectReader) -> Result<(), Error> {
        self.0.push(commit.decode().subject().to_owned());
        Ok(())
    }
}

fn open(repo: &TestRepo) -> HistoryReader {
    HistoryReader::open(repo.path(), NOTES).unwrap()
}

fn of(revisions: &[&str]) -> Selection {
    let revisions = revisions.iter().map(|revision| (*revision).to_owned()).collect();
    Selection { revisions, ..Selection::default() }
}

/// Reads the selection as `log` does, and sorts the subjects.
fn read(reader: &HistoryReader, selection: &Selection) -> Result<Vec<String>, Error> {
    let progress = AtomicU64::new(0);
    let visitors = match reader.tips(selection) {
        Some(tips) => walk_all(reader, &tips, &progress, Subjects::default)?,
        None => {
            walk_listed(reader, reader.list(selection, Pace::Bulk)?, &progress, Subjects::default)?
        }
    };
    let mut subjects: Vec<_> = visitors.into_iter().flat_map(|visitor| visitor.0).collect();
    assert_eq!(progress.load(Ordering::Relaxed), subjects.len() as u64);
    subjects.sort_unstable();
    Ok(subjects)
}

fn as_git_has_it(repo: &TestRepo, arguments: &[&str]) -> Vec<String> {
    let said = repo.git(&[&["log", "--format=%s"], arguments].concat());
    let mut subjects: Vec<_> = said.lines().map(str::to_owned).collect();
    subjects.sort_unstable();
    subjects
}

#[test]
fn a_whole_history_is_read_once_with_and_without_a_commit_graph() {
    for (commits, merges, format) in
        [(1, false, "sha1"), (1500, false, "sha1"), (1500, true, "sha1"), (300, true, "sha256")]
    {
        let repo = TestRepo::new(format);
        repo.make_history(commits, merges);
        let expected = as_git_has_it(&repo, &[]);
        assert_eq!(expected.len(), commits);
        assert_eq!(read(&open(&repo), &of(&[])).unwrap(), expected);
        repo.git(&["commit-graph", "write", "--reachable"]);
        repo.git(&["commit", "-q", "--allow-empty", "-m", "after the graph"]);
        let reader = open(&repo);
        assert!(reader.graph.is_some());
        assert_eq!(read(&reader, &of(&["main"])).unwrap(), as_git_has_it(&repo, &[]));
    }
}

#[test]
fn ranges_paths_dates_and_numbers_are_those_of_git() {
    let repo = TestRepo::new("sha1");
    repo.make_history(300, true);
    // Git takes a word for a path only where such a file is.
    repo.git(&["reset", "-q", "--hard"]);
    let reader = open(&repo);
    let check = |selection: Selection, arguments: &[&str]| {
        assert!(reader.tips(&selection).is_none(), "{arguments:?}");
        let expected = as_git_has_it(&repo, arguments);
        assert_eq!(read(&reader, &selection).unwrap(), expected, "{arguments:?}");
        assert!(!expected.is_empty());
    };
    check(of(&["main~20..main"]), &["main~20..main"]);
    check(of(&["main", "^main~7"]), &["main", "^main~7"]);
    check(Selection { paths: vec!["file3".into()], ..of(&[]) }, &["--", "file3"]);
    check(of(&["main", "file3"]), &["main", "--", "file3"]);
    check(Selection { since: Some("@1700009000".into()), ..of(&[]) }, &["--since=@1700009000"]);
    check(Selection { until: Some("@1700009000".into()), ..of(&[]) }, &["--until=@1700009000"]);
    check(Selection { authors: vec!["a@ex".into()], ..of(&[]) }, &["--author=a@ex"]);
    check(Selection { max_count: Some(3), ..of(&[]) }, &["-n3"]);
    check(Selection { first_parent: true, ..of(&[]) }, &["--first-parent"]);
    check(Selection { no_merges: true, ..of(&[]) }, &["--no-merges"]);
}

#[test]
fn blocks_come_in_the_order_of_git_and_end_when_nobody_wants_more() {
    let repo = TestRepo::new("sha1");
    repo.make_history(700, true);
    let reader = open(&repo);
    let expected = repo.git(&["log", "--format=%s"]);
    let progress = AtomicU64::new(0);
    let subject =
        |commit: &RawCommit<'_>, _: &mut ObjectReader| commit.decode().subject().to_owned();
    let mut subjects = Vec::new();
    let ids = reader.list(&of(&[]), Pace::Live).unwrap();
    walk_in_order(&reader, ids, &progress, subject, |block| {
        subjects.extend(block);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(subjects.join("\n"), expected);
    let mut blocks = 0;
    let ids = reader.list(&of(&[]), Pace::Live).unwrap();
    walk_in_order(&reader, ids, &progress, subject, |_| {
        blocks += 1;
        ControlFlow::Break(())
    })
    .unwrap();
    assert_eq!(blocks, 1);
}

#[test]
fn a_shallow_clone_ends_where_it_ends() {
    let origin = TestRepo::new("sha1");
    origin.make_history(30, true);
    let clone = TestRepo::new("sha1");
    let url = format!("file://{}", origin.path().display());
    clone.git(&["fetch", "-q", "--depth=4", &url, "main:shallow-copy"]);
    let expected = as_git_has_it(&clone, &["shallow-copy"]);
    assert_eq!(read(&open(&clone), &of(&["shallow-copy"])).unwrap(), expected);
    assert!(expected.len() < 30);
}

#[test]
fn replaced_commits_are_read_as_git_shows_them() {
    let repo = TestRepo::new("sha1");
    repo.make_history(9, false);
    repo.git(&["replace", "--graft", "main~3"]);
    let expected = as_git_has_it(&repo, &[]);
    assert_eq!(expected.len(), 4);
    assert_eq!(read(&open(&repo), &of(&[])).unwrap(), expected);
}

#[test]
fn all_leaves_out_notes_and_plans() {
    let repo = TestRepo::new("sha1");
    repo.make_history(6, false);
    repo.git(&["branch", "old", "main~2"]);
    repo.git(&["notes", "--ref=model", "add", "-m", "a note", "main"]);
    repo.git(&["update-ref", "refs/model/plans/1", "refs/notes/model"]);
    let reader = open(&repo);
    let all = Selection { all: true, ..of(&[]) };
    assert_eq!(read(&reader, &all).unwrap().len(), 6);
    let first_parent = Selection { first_parent: true, ..all };
    assert_eq!(read(&reader, &first_parent).unwrap().len(), 6);
}

#[test]
fn what_cannot_be_read_is_said() {
    let repo = TestRepo::new("sha1");
    let error = read(&open(&repo), &of(&[])).unwrap_err();
    assert_eq!(error.to_string(), "the branch `main` has no commits yet");
    repo.git(&["commit", "-q", "--allow-empty", "-m", "one"]);
    repo.git(&["commit", "-q", "--allow-empty", "-m", "two"]);
    for revision in ["nosuch", "nosuch..main", "--output=x", "-p"] {
        let error = read(&open(&repo), &of(&[revision])).unwrap_err();
        assert!(matches!(error, Error::UnknownRevision { .. }), "{revision}: {error}");
    }
    let first = repo.git(&["rev-parse", "HEAD~1"]);
    let object = repo.path().join(".git/objects").join(&first[..2]).join(&first[2..]);
    std::fs::remove_file(object).unwrap();
    let error = read(&open(&repo), &of(&[])).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot read the object {first}"));
    let nowhere = HistoryReader::open(std::path::Path::new("/"), NOTES).err().unwrap();
    assert!(matches!(nowhere, Error::NotARepository { .. }));
}

#[test]
fn notes_of_every_fan_out_are_found() {
    for format in ["sha1", "sha256"] {
        let repo = TestRepo::new(format);
        repo.make_history(3, false);
        let ids = repo.git(&["rev-list", "main"]);
        let ids: Vec<&str> = ids.lines().collect();
        let mut tree = Vec::new();
        for (id, at) in ids.iter().zip([0, 2, 4]) {
            let path = match at {
                0 => (*id).to_owned(),
                2 => format!("{}/{}", &id[..2], &id[2..]),
                _ => format!("{}/{}/{}", &id[..2], &id[2..4], &id[4..]),
            };
            tree.push(path);
        }
        // One commit at two depths, as a foreign `git notes add` leaves it.
        tree.push(format!("{}/{}/{}", &ids[0][..2], &ids[0][2..4], &ids[0][4..]));
        let blob = repo.git(&["rev-parse", "main:file1"]);
        for path in tree {
            repo.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{path}")]);
        }
        let root = repo.git(&["write-tree"]);
        let notes = repo.git(&["commit-tree", "-m", "notes", &root]);
        repo.git(&["update-ref", NOTES, &notes]);
        let reader = open(&repo);
        let index = NoteIndex::read(&reader).unwrap();
        assert_eq!(index.len(), 4);
        let found: Vec<usize> =
            ids.iter().map(|id| index.blobs(id.parse::<CommitId>().unwrap()).count()).collect();
        assert_eq!(found, [2, 1, 1]);
        let commit = ids[0].parse::<CommitId>().unwrap();
        let blob = index.blobs(commit).next().unwrap();
        assert_eq!(reader.objects().blob(blob).unwrap(), b"1\n");
    }
}
