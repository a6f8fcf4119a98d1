//! `git model repair` after what hosts do: a fork's pull request is squashed or rebased on the host, where no hook of
//! ours runs, and a job on main rebuilds the records and shares them.

use expect_test::expect;

use crate::sandbox::check;
use crate::two_clones::Clones;

/// A host, the maintainer's clone, a fork on the host's side and its contributor's clone, and the clone of a job.
struct Host {
    clones: Clones,
}

impl Host {
    fn new() -> Self {
        let clones = Clones::new();
        clones.sync(&[]);
        let fork = clones.folder("fork.git").display().to_string();
        clones.sandbox.ok(&["clone", "-q", "--bare", &clones.host(), &fork]);
        clones.at("other").ok(&["remote", "set-url", "origin", &fork]);
        clones.clone_as("job", &[]);
        Self { clones }
    }

    /// The contributor begins a branch on the host's main of today.
    fn branch(&self, name: &str) {
        self.clones.at("other").ok(&["fetch", "-q", &self.clones.host(), "main"]);
        self.clones.at("other").ok(&["checkout", "-q", "-b", name, "FETCH_HEAD"]);
    }

    /// The contributor pushes a branch to the fork and asks for it to be pulled.
    fn ask(&self, branch: &str, number: u32) {
        self.clones.at("other").ok(&["push", "-q", "-f", "origin", branch]);
        let refspec = format!("+refs/heads/{branch}:refs/pull/{number}/head");
        let fork = self.clones.folder("fork.git").display().to_string();
        self.clones.at("host.git").ok(&["fetch", "-q", &fork, &refspec]);
    }

    /// The host makes one commit of a pull request; `edit` may change the tree first.
    fn squash(&self, number: u32, message: &str) {
        self.squash_onto("main", "main", number, message);
    }

    /// The host makes one commit of a pull request on top of a branch, and lets another branch begin with it.
    fn squash_onto(&self, onto: &str, branch: &str, number: u32, message: &str) {
        let head = format!("refs/pull/{number}/head");
        let tree = self.clones.at("host.git").ok(&["merge-tree", "--write-tree", onto, &head]);
        self.commit_on_host(tree.trim(), onto, branch, message);
    }

    fn commit_on_host(&self, tree: &str, onto: &str, branch: &str, message: &str) {
        let host = || self.clones.at("host.git");
        let words = ["commit-tree", tree, "-p", onto, "-m", message];
        let made = host().env("GIT_AUTHOR_NAME", "Host").ok(&words);
        host().ok(&["update-ref", &format!("refs/heads/{branch}"), made.trim()]);
    }

    /// The job on main, as docs/sync.md has it; returns what the repair says.
    fn job(&self, arguments: &[&str]) -> crate::sandbox::Output {
        let job = || self.clones.at("job");
        let before = job().ok(&["rev-parse", "origin/main"]);
        job().ok(&["fetch", "-q", "origin", "main", "+refs/pull/*/head:refs/pull/*/head"]);
        job().ok(&["model", "sync", "--fetch-only"]);
        let range = format!("{}..origin/main", before.trim());
        let repaired = job().git(&[&["model", "repair", &range], arguments].concat());
        job().ok(&["model", "sync"]);
        repaired
    }

    /// The maintainer pulls, syncs and looks at the commits of today.
    fn log(&self) -> String {
        self.clones.sandbox.ok(&["pull", "-q", "origin", "main"]);
        self.clones.sync(&[]);
        // How wide its columns are depends on how many rows came at once.
        let list = self.clones.sandbox.model(&["log", "--commits"]).stdout;
        let fields = |line: &str| {
            let words = line.split("  ").map(str::trim).filter(|field| !field.is_empty());
            words.collect::<Vec<_>>().join("  ") + "\n"
        };
        list.lines().map(fields).collect()
    }
}

#[test]
fn a_squash_with_the_title_alone_gets_the_record_of_its_pull_request() {
    let host = Host::new();
    host.branch("topic");
    host.clones.commit_at("other", "claude-opus-5-5", "g.txt", "opus\nmore\n");
    host.clones.commit_at("other", "claude-haiku-4-5", "g.txt", "opus\nhaiku\nmore\n");
    host.clones.commit_at("other", "human", "h.txt", "by hand\n");
    host.ask("topic", 7);
    host.squash(7, "Add two files");
    // The fork shares its records, under a name of their own so that they speak for nothing else.
    host.clones.at("other").ok(&["model", "sync"]);
    let fork = host.clones.folder("fork.git").display().to_string();
    host.clones.at("job").ok(&["fetch", "-q", &fork, "+refs/notes/model:refs/notes/fork"]);
    check(
        &host.job(&["--from", "refs/pull/7/head", "--notes", "fork"]),
        &expect![[r#"
        <1>..origin/main: 1 record rebuilt

        <2>  Add two files
                 from 3 commits (same files): 4 of 4 lines known; Opus 5.5
                 (implementation) declared, Haiku 4.5 (implementation) declared, human
        exit 0
    "#]],
    );
    expect![[r#"
        <2>  <time>  declared  Opus 5.5 wrote, Haiku 4.5 wrote  Add two files
        <1>  <time>  -  unknown  base
    "#]]
    .assert_eq(&host.log());
    expect![[r#"
        | Add two files
        squash <3> <4> <5>
        Opus 5.5 (implementation) declared +2 -0
        Haiku 4.5 (implementation) declared +1 -0
        human declared +1 -0
        g.txt
          Opus 5.5: opus
          Haiku 4.5: haiku
          Opus 5.5: more
        h.txt
          human: by hand
    "#]]
    .assert_eq(&host.clones.sandbox.drawn("HEAD"));
}

#[test]
fn what_the_fork_never_shared_is_inferred_and_said() {
    let host = Host::new();
    host.branch("topic");
    host.clones.commit_at("other", "claude-opus-5-5", "g.txt", "opus\nmore\n");
    host.clones.at("other").ok(&["commit", "-q", "--allow-empty", "-m", "nothing"]);
    host.clones.commit_at("other", "human", "h.txt", "by hand\n");
    host.ask("topic", 7);
    host.squash(7, "Add two files");
    check(
        &host.job(&[]),
        &expect![[r#"
        <1>..origin/main: 1 record rebuilt

        <2>  Add two files
                 from 3 commits (same files): 2 of 3 lines known; Opus 5.5
                 (implementation) inferred
                 they have no record here: inferred from the message, else unknown
        exit 0
    "#]],
    );
    host.log();
    expect![[r#"
        | Add two files
        squash <3> <4> <5>
        Opus 5.5 (implementation) inferred +2 -0
        unknown +1 -0
        g.txt
          Opus 5.5: opus
          Opus 5.5: more
        h.txt
          unknown: by hand
    "#]]
    .assert_eq(&host.clones.sandbox.drawn("HEAD"));
}

#[test]
fn two_merges_at_once_each_get_their_own() {
    let host = Host::new();
    host.branch("one");
    host.clones.commit_at("other", "claude-opus-5-5", "one.txt", "opus\n");
    host.clones.commit_at("other", "claude-opus-5-5", "one.txt", "opus\nopus two\n");
    host.ask("one", 1);
    host.branch("two");
    host.clones.commit_at("other", "claude-haiku-4-5", "two.txt", "haiku\n");
    host.ask("two", 2);
    host.clones.at("other").ok(&["model", "sync", &host.clones.host()]);
    // A queue tests both on top of each other before main moves once, over both.
    host.squash(1, "First");
    host.squash(2, "Second");
    check(
        &host.job(&[]),
        &expect![[r#"
        <1>..origin/main: 2 records rebuilt

        <2>  First
                 from 2 commits (same files): 2 of 2 lines known; Opus 5.5
                 (implementation) declared
        <3>  Second
                 from 1 commit (same change): 1 of 1 lines known; Haiku 4.5
                 (implementation) declared
        exit 0
    "#]],
    );
    expect![[r#"
        <3>  <time>  declared  Haiku 4.5 wrote  Second
        <2>  <time>  declared  Opus 5.5 wrote  First
        <1>  <time>  -  unknown  base
    "#]]
    .assert_eq(&host.log());
}

#[test]
fn a_merge_queue_whose_last_branch_becomes_main_loses_none() {
    let host = Host::new();
    host.branch("one");
    host.clones.commit_at("other", "claude-opus-5-5", "f.txt", "opus\none\ntwo\nthree\n");
    host.ask("one", 1);
    host.branch("two");
    host.clones.commit_at("other", "claude-haiku-4-5", "f.txt", "one\ntwo\nthree\nhaiku\n");
    host.clones.commit_at("other", "claude-sonnet-5-5", "g.txt", "sonnet\n");
    host.ask("two", 2);
    host.clones.at("other").ok(&["model", "sync", &host.clones.host()]);
    // Both change one file, so that no tree of the queue is one of a pull request.
    let queued = ["gh-readonly-queue/main/pr-1", "gh-readonly-queue/main/pr-2"];
    host.squash_onto("main", queued[0], 1, "First");
    host.squash_onto(queued[0], queued[1], 2, "Second");
    let bare = || host.clones.at("host.git");
    bare().ok(&["update-ref", "refs/heads/main", queued[1]]);
    bare().ok(&["branch", "-D", queued[0], queued[1]]);
    check(
        &host.job(&[]),
        &expect![[r#"
        <1>..origin/main: 2 records rebuilt

        <2>  First
                 from 1 commit (same files): 1 of 1 lines known; Opus 5.5
                 (implementation) declared
        <3>  Second
                 from 2 commits (same change): 2 of 2 lines known; Haiku 4.5
                 (implementation) declared, Sonnet 5.5 (implementation) declared
        exit 0
    "#]],
    );
    host.clones.sandbox.ok(&["pull", "-q", "origin", "main"]);
    host.clones.sync(&[]);
    expect![[r#"
        | Second
        squash <4> <5>
        Haiku 4.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Haiku 4.5: haiku
        g.txt
          Sonnet 5.5: sonnet
    "#]]
    .assert_eq(&host.clones.sandbox.drawn("HEAD"));
    expect![[r#"
        | First
        squash <6>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&host.clones.sandbox.drawn("HEAD~1"));
}

#[test]
fn a_rebase_merge_gets_a_record_for_each_commit() {
    let host = Host::new();
    host.branch("topic");
    host.clones.commit_at("other", "claude-opus-5-5", "g.txt", "opus\n");
    host.clones.commit_at("other", "claude-haiku-4-5", "h.txt", "haiku\n");
    host.ask("topic", 7);
    host.clones.at("other").ok(&["model", "sync", &host.clones.host()]);
    host.clones.sandbox.commit("f.txt", "zero\none\ntwo\nthree\n", "main goes on");
    host.clones.sandbox.ok(&["push", "-q"]);
    host.clones.sync(&[]);
    // The host rebases without our hooks; here a clone without them does.
    let sandbox = &host.clones.sandbox;
    sandbox.ok(&["fetch", "-q", &host.clones.host(), "refs/pull/7/head"]);
    sandbox.ok(&["-c", "core.hooksPath=/dev/null", "cherry-pick", "main..FETCH_HEAD"]);
    sandbox.ok(&["push", "-q"]);
    check(
        &host.job(&[]),
        &expect![[r#"
        <1>..origin/main: 2 records rebuilt, 1
        recorded before

        <3>  g.txt by claude-opus-5-5
                 from 1 commit (same change): 1 of 1 lines known; Opus 5.5
                 (implementation) declared
        <4>  h.txt by claude-haiku-4-5
                 from 1 commit (same change): 1 of 1 lines known; Haiku 4.5
                 (implementation) declared
        exit 0
    "#]],
    );
    expect![[r#"
        <4>  <time>  declared  Haiku 4.5 wrote  h.txt by claude-haiku-4-5
        <3>  <time>  declared  Opus 5.5 wrote  g.txt by claude-opus-5-5
        <2>  <time>  -  unknown  main goes on
        <1>  <time>  -  unknown  base
    "#]]
    .assert_eq(&host.log());
}

#[test]
fn a_commit_edited_on_the_host_keeps_what_it_has_of_its_pull_request() {
    let host = Host::new();
    host.branch("topic");
    host.clones.commit_at("other", "claude-opus-5-5", "g.txt", "one\ntwo\nthree\nfour\n");
    host.ask("topic", 7);
    host.clones.at("other").ok(&["model", "sync", &host.clones.host()]);
    let bare = || host.clones.at("host.git");
    let blob =
        bare().input("one\ntwo\nedited on the host\nfour\n").ok(&["hash-object", "-w", "--stdin"]);
    let listed = bare().ok(&["ls-tree", "main"]);
    let rows = format!("{listed}100644 blob {}\tg.txt\n", blob.trim());
    let tree = bare().input(rows).ok(&["mktree"]);
    host.commit_on_host(tree.trim(), "main", "main", "Add a file (#7)");
    check(
        &host.job(&[]),
        &expect![[r#"
        <1>..origin/main: 1 record rebuilt

        <2>  Add a file (#7)
                 from 1 commit (its number is in the message): 3 of 4 lines known; Opus
                 5.5 (implementation) declared
        exit 0
    "#]],
    );
    host.log();
    expect![[r#"
        | Add a file (#7)
        squash <3>
        Opus 5.5 (implementation) declared +3 -0
        unknown +1 -0
        g.txt
          Opus 5.5: one
          Opus 5.5: two
          unknown: edited on the host
          Opus 5.5: four
    "#]]
    .assert_eq(&host.clones.sandbox.drawn("HEAD"));
    // Without its number only the lines tell, and that is said to be less.
    host.clones.at("host.git").ok(&["update-ref", "refs/heads/main", "main~1"]);
    host.commit_on_host(tree.trim(), "main", "main", "Add a file");
    host.clones.at("job").ok(&[
        "update-ref",
        "refs/remotes/origin/main",
        "refs/remotes/origin/main~1",
    ]);
    host.clones.at("job").ok(&["fetch", "-q", "origin", "+main:refs/remotes/origin/main"]);
    let by_lines = ["model", "repair", "origin/main", "--from", "refs/pull/7/head"];
    check(
        &host.clones.at("job").git(&by_lines),
        &expect![[r#"
            origin/main: 1 record rebuilt

            <4>  Add a file
                     from 1 commit (most of its lines): 3 of 4 lines known; Opus 5.5
                     (implementation) inferred
            exit 0
        "#]],
    );
}
