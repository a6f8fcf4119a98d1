//! Changed lines, folders, releases and names are those that Git says.

use crate::git::test_repo::TestRepo;
use crate::git::{ChangeReader, ChangesOfGit, Detail, Error, HistoryReader, Releases, Selection};
use crate::provenance::CommitId;

const NOTES: &str = "refs/notes/model";

fn open(repo: &TestRepo) -> HistoryReader {
    HistoryReader::open(repo.path(), NOTES).unwrap()
}

fn write(repo: &TestRepo, path: &str, content: &[u8]) {
    let path = repo.path().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

fn commit(repo: &TestRepo, message: &str) -> String {
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "--allow-empty", "-m", message]);
    repo.git(&["rev-parse", "HEAD"])
}

/// A history with what is awkward: binaries, no line break at the end, moves, a folder that becomes a file, merges.
fn awkward() -> TestRepo {
    let repo = TestRepo::new("sha1");
    let many = "end\n".repeat(40);
    write(&repo, "src/a.rs", format!("{many}a\nb\nc\nend\nd\ne\nf\n").as_bytes());
    write(&repo, "readme", b"one\ntwo");
    write(&repo, "data/x.bin", b"\0\x01\n\n");
    commit(&repo, "first");
    write(&repo, "src/a.rs", format!("{many}A\nB\nC\nD\nend\nE\nF\nG\nH\n").as_bytes());
    write(&repo, "readme", b"one\ntwo\nthree\n");
    write(&repo, "data/x.bin", b"\0\x02\n");
    commit(&repo, "second");
    repo.git(&["mv", "src/a.rs", "src/b.rs"]);
    repo.git(&["rm", "-q", "-r", "data"]);
    write(&repo, "data", b"a file now\n");
    commit(&repo, "third");
    repo.git(&["checkout", "-q", "-b", "side", "HEAD~1"]);
    write(&repo, "docs/x/y.md", b"1\n2\n3\n");
    commit(&repo, "on the side");
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["merge", "-q", "--no-edit", "side"]);
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{},sub", "1".repeat(40))]);
    repo.git(&["commit", "-q", "-m", "a submodule"]);
    repo
}

/// Returns each commit with its folders, as `ID folder +A -D`.
fn own(reader: &HistoryReader, repo: &TestRepo, first_parent: bool) -> Vec<String> {
    let mut changes = ChangeReader::new(reader, Detail::Lines, first_parent);
    let mut objects = reader.objects();
    let option = if first_parent { "--first-parent" } else { "--topo-order" };
    let ids = repo.git(&["rev-list", option, "HEAD"]);
    let mut lines = Vec::new();
    for id in ids.lines() {
        let commit = objects.commit(id.parse().unwrap()).unwrap();
        for change in changes.read(&commit).unwrap().unwrap_or_default() {
            let folder = String::from_utf8_lossy(&change.folder);
            lines.push(format!("{id} {folder} +{} -{}", change.added, change.deleted));
        }
    }
    lines.sort();
    lines
}

fn of_git(reader: &HistoryReader, repo: &TestRepo, selection: &Selection) -> Vec<String> {
    let changes = ChangesOfGit::read(reader, selection).unwrap();
    let mut lines = Vec::new();
    for id in repo.git(&["rev-list", "HEAD"]).lines() {
        for change in changes.of(id.parse().unwrap()).unwrap_or_default() {
            let folder = String::from_utf8_lossy(&change.folder);
            lines.push(format!("{id} {folder} +{} -{}", change.added, change.deleted));
        }
    }
    lines.sort();
    lines
}

#[test]
fn lines_are_those_of_numstat() {
    let repo = awkward();
    let reader = open(&repo);
    let all = of_git(&reader, &repo, &Selection::default());
    assert_eq!(own(&reader, &repo, false), all);
    assert!(all.iter().any(|line| line.ends_with(" src +9 -7")), "{all:?}");
    let first_parent = Selection { first_parent: true, ..Selection::default() };
    let with_merges = of_git(&reader, &repo, &first_parent);
    assert_eq!(own(&reader, &repo, true), with_merges);
    let paths = Selection { paths: vec!["src".into()], ..Selection::default() };
    assert!(reader.has_paths(&paths));
    assert!(of_git(&reader, &repo, &paths).iter().all(|line| line.contains(" src ")));
    let main = Selection { revisions: vec!["main".to_owned()], ..Selection::default() };
    assert!(!reader.has_paths(&main));
}

#[test]
fn a_missing_file_is_an_error_and_not_zero_lines() {
    let repo = awkward();
    let blob = repo.git(&["rev-parse", "HEAD:readme"]);
    let object = repo.path().join(".git/objects").join(&blob[..2]).join(&blob[2..]);
    std::fs::remove_file(object).unwrap();
    let reader = open(&repo);
    let mut objects = reader.objects();
    let second: CommitId = repo.git(&["rev-list", "--grep=second", "HEAD"]).parse().unwrap();
    let commit = objects.commit(second).unwrap();
    let error = ChangeReader::new(&reader, Detail::Lines, false).read(&commit).unwrap_err();
    assert!(matches!(error, Error::MissingObject { .. }), "{error}");
    // Folders need no files.
    let folders = ChangeReader::new(&reader, Detail::Folders, false).read(&commit).unwrap();
    assert_eq!(folders.unwrap().len(), 3);
}

#[test]
fn a_release_is_the_first_tag_that_contains_the_commit() {
    let repo = TestRepo::new("sha1");
    let [one, two, three] = ["one", "two", "three"].map(|message| commit(&repo, message));
    repo.git(&["tag", "-a", "-m", "second", "v2", &two]);
    repo.git(&["tag", "v1", &one]);
    repo.git(&["tag", "a-file", "HEAD^{tree}"]);
    let reader = open(&repo);
    let releases = Releases::read(&reader).unwrap();
    let of = |id: &str| releases.of(id.parse().unwrap()).map(|(name, _)| name.to_owned());
    assert_eq!(of(&three), None);
    // Tags of one date are told apart by their names.
    assert_eq!((of(&one).as_deref(), of(&two).as_deref()), (Some("v1"), Some("v2")));
}

#[test]
fn names_go_through_the_mailmap() {
    let repo = TestRepo::new("sha1");
    write(&repo, ".mailmap", b"Ada Byron <a@example.com>\n");
    commit(&repo, "one");
    let person = |name: &str, mail: &str| (name.to_owned(), mail.to_owned());
    let people = vec![person("A", "a@example.com"), person("", ""), person("B <", "b@example.com")];
    let names = open(&repo).mailmap(people).unwrap();
    assert_eq!(names.get(&person("A", "a@example.com")).map(String::as_str), Some("Ada Byron"));
    assert!(!names.contains_key(&person("B <", "b@example.com")));
}
