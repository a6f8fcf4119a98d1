//! The numbers of `git model log` against independent counts by Git.
#![expect(
    clippy::disallowed_types,
    reason = "this test starts `git` and the program, to compare them"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const TRAILER: &str = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>";

struct Sandbox(PathBuf);

impl Sandbox {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("the folder for tests can be written");
        let sandbox = Self(path);
        sandbox.git(&["init", "-q", "-b", "main"]);
        sandbox
    }

    fn run(&self, program: &str, arguments: &[&str], day: &str) -> Output {
        Command::new(program)
            .args(arguments)
            .current_dir(&self.0)
            .env("HOME", &self.0)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "Ada")
            .env("GIT_AUTHOR_EMAIL", "ada@example.com")
            .env("GIT_COMMITTER_NAME", "Ada")
            .env("GIT_COMMITTER_EMAIL", "ada@example.com")
            .env("GIT_AUTHOR_DATE", format!("{day}T12:00:00Z"))
            .env("GIT_COMMITTER_DATE", format!("{day}T12:00:00Z"))
            .env_remove("GIT_DIR")
            .output()
            .expect("it starts")
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.git_on("2026-05-01", arguments)
    }

    fn git_on(&self, day: &str, arguments: &[&str]) -> String {
        let output = self.run("git", arguments, day);
        assert!(output.status.success(), "git {arguments:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn commit(&self, day: &str, author: &str, path: &str, message: &str) -> String {
        let file = self.0.join(path);
        std::fs::create_dir_all(file.parent().expect("it has a folder")).expect("it is writable");
        let old = std::fs::read_to_string(&file).unwrap_or_default();
        std::fs::write(&file, format!("{message}\n{old}")).expect("it is writable");
        self.git(&["add", "-A"]);
        self.git_on(day, &["commit", "-q", "--author", author, "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn log(&self, arguments: &[&str]) -> Value {
        let all = [&["log", "--format", "json"], arguments].concat();
        let output = self.run(env!("CARGO_BIN_EXE_git-model"), &all, "2026-05-01");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {said}"))
    }

    /// Counts commits as `git rev-list --count` does.
    fn count(&self, arguments: &[&str]) -> u64 {
        let all = [&["rev-list", "--count"], arguments, &["HEAD"]].concat();
        self.git(&all).parse().expect("a number")
    }
}

/// Two authors of one name, two folders, a release, a plan, a revert, a bot, and an agent configuration file.
fn history(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    let (ada, bob) = ("Ada <ada@example.com>", "Bob <bob@example.com>");
    sandbox.commit("2025-01-10", ada, "src/a.rs", "first");
    sandbox.commit("2025-02-01", bob, "docs/a.md", "second");
    sandbox.commit("2025-02-20", bob, "CLAUDE.md", "tell agents");
    sandbox.git_on("2025-02-21", &["tag", "-a", "-m", "one", "v1"]);
    let marked = sandbox.commit("2025-03-05", bob, "src/b.rs", &format!("third\n\n{TRAILER}"));
    let planned = "fourth\n\nModel: Opus 5.5 (architecture)\nModel: Sonnet 5.5 (implementation)";
    let planned = sandbox.commit("2025-03-10", ada, "src/b.rs", planned);
    let revert = format!("Revert \"fourth\"\n\nThis reverts commit {planned}.");
    sandbox.commit("2025-03-20", ada, "src/c.rs", &revert);
    let bot = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>";
    sandbox.commit("2025-04-01", bot, "docs/a.md", "bump");
    sandbox.commit("2025-06-01", "B. <bob@old.example.com>", "docs/b.md", "last");
    std::fs::write(sandbox.0.join(".mailmap"), "Bob <bob@example.com> <bob@old.example.com>\n")
        .expect("it is writable");
    let note = "src/b.rs\n  aa 1-2\n---\n{\"schema_version\":\"authorship/3.0.0\",\"prompts\":{\"aa\":\
                {\"agent_id\":{\"tool\":\"cursor\",\"model\":\"gpt-5.5\"}}}}";
    sandbox.git(&["notes", "--ref=ai", "add", "-m", note, &marked]);
    sandbox
}

fn group<'a>(log: &'a Value, name: &str) -> &'a Value {
    let groups = log["groups"].as_array().expect("there are groups");
    let found = groups.iter().find(|group| group["group"].as_str() == Some(name));
    found.unwrap_or_else(|| panic!("no group {name} in {log}"))
}

#[test]
fn groups_have_as_many_commits_as_git_counts() {
    let sandbox = history("log-groups");
    let authors = sandbox.log(&["--by", "author"]);
    let names = sandbox.git(&["log", "--format=%aN"]);
    for author in ["Ada", "Bob"] {
        let expected = names.lines().filter(|name| *name == author).count();
        assert_eq!(group(&authors, author)["commits"], expected, "{author}");
    }
    let months = sandbox.log(&["--by", "month"]);
    let in_march = sandbox.count(&["--since=2025-03-01T00:00Z", "--until=2025-04-01T00:00Z"]);
    assert_eq!(group(&months, "2025-03")["commits"], in_march);
    assert_eq!(group(&months, "2025-03")["architecture"], 1);
    let tools = sandbox.log(&["--by", "tool"]);
    for tool in ["cursor", "claude-code"] {
        let with_tool = sandbox.log(&["--tool", tool]);
        assert_eq!(
            (&with_tool["commits"], &group(&tools, tool)["commits"]),
            (&1.into(), &1.into())
        );
    }
    assert_eq!(group(&tools, "claude-code")["tool_only"], 1);
    let releases = sandbox.log(&["--by", "release"]);
    let in_first: u64 = sandbox.git(&["rev-list", "--count", "v1"]).parse().expect("a number");
    assert_eq!(group(&releases, "v1")["commits"], in_first);
    let folders = sandbox.log(&["--by", "path", "--lines"]);
    let numstat = sandbox.git(&["log", "--numstat", "--no-renames", "--format="]);
    for folder in ["src", "docs"] {
        let touching = sandbox.git(&["rev-list", "--count", "HEAD", "--", folder]);
        assert_eq!(group(&folders, folder)["commits"].to_string(), touching);
        let lines = numstat.lines().filter(|line| line.contains(&format!("\t{folder}/")));
        let added: u64 =
            lines.filter_map(|line| line.split('\t').next()?.parse::<u64>().ok()).sum();
        assert_eq!(group(&folders, folder)["lines_added"], added, "{folder}");
    }
}

#[test]
fn lines_are_those_of_git_in_a_path_too() {
    let sandbox = history("log-lines");
    for path in [&[][..], &["--", "src"][..]] {
        let log = sandbox.log(&[&["--lines"], path].concat());
        let numstat =
            sandbox.git(&[&["log", "--numstat", "--no-renames", "--format="], path].concat());
        let added: u64 =
            numstat.lines().filter_map(|line| line.split('\t').next()?.parse::<u64>().ok()).sum();
        assert_eq!(log["lines"]["lines_added"], added, "{path:?}");
        assert!(added > 0);
    }
}

#[test]
fn filters_choose_what_git_and_the_evidence_say() {
    let sandbox = history("log-filters");
    let grep = sandbox.log(&["--grep", "^Revert"]);
    assert_eq!(grep["commits"], sandbox.count(&["--grep=^Revert"]));
    // The note of git-ai and the two trailers of the planned commit are declared.
    assert_eq!(sandbox.log(&["--grade", "declared"])["commits"], 2);
    assert_eq!(sandbox.log(&["--tool", "cursor"])["commits"], 1);
    assert_eq!(sandbox.log(&["--tool", "claude*"])["commits"], 1);
    assert_eq!(sandbox.log(&["--model", "gpt-5.5"])["commits"], 1);
}

#[test]
fn a_full_report_tells_pairs_reverts_bots_and_what_came_first() {
    let sandbox = history("log-full");
    let log = sandbox.log(&["--full"]);
    let full = &log["full"];
    let pair = full["outcomes"].as_array().expect("a list");
    let pair = pair.iter().find(|outcome| outcome["kind"] == "planned").expect("a pair");
    assert_eq!(pair["planner"], "claude-opus-5-5");
    assert_eq!(pair["implementer"], "claude-sonnet-5-5");
    assert_eq!((&pair["judged"], &pair["reverted"]), (&Value::from(1), &Value::from(1)));
    assert_eq!(full["bots"][0]["commits"], sandbox.count(&["--author=dependabot"]));
    assert_eq!(full["first_agent_file"]["path"], "CLAUDE.md");
    assert_eq!(full["first_agent_file"]["date"], "2025-02-20");
    let before = sandbox.count(&["--until=2025-02-20T00:00Z"]);
    assert_eq!(full["commits_before_first_agent_file"], before);
    let before = sandbox.count(&["--until=2025-03-05T00:00Z"]);
    assert_eq!(full["commits_before_first_mark"], before);
    // The note names a model that the trailer does not.
    assert_eq!(log["mismatches"], 1);
}

#[test]
fn several_repositories_are_shown_and_a_missing_one_is_said() {
    let (one, two) = (history("log-one"), history("log-two"));
    let paths = [&one, &two].map(|sandbox| sandbox.0.display().to_string());
    let both = one.log(&["--repo", &paths[0], "--repo", &paths[1]]);
    assert_eq!(both["commits"], one.count(&[]) + two.count(&[]));
    assert_eq!(both["repositories"][1]["rows"][0]["repository"], "log-two");
    let grouped = one.log(&["--repo", &paths[0], "--repo", &paths[1], "--by", "month"]);
    for (place, name) in ["log-one", "log-two"].into_iter().enumerate() {
        let groups = grouped["repositories"][place]["groups"].as_array().expect("there are groups");
        assert!(!groups.is_empty() && groups.iter().all(|group| group["repository"] == name));
    }
    assert_eq!(one.log(&["--by", "month"])["groups"][0].get("repository"), None);
    let list = one.0.join("list");
    std::fs::write(&list, format!("# ours\n{}\n\n/no/such/folder\n", paths[1])).expect("written");
    let list = list.display().to_string();
    let arguments = ["log", "--repos-from", &list, "--format", "csv"];
    let output = one.run(env!("CARGO_BIN_EXE_git-model"), &arguments, "2026-05-01");
    assert_eq!(output.status.code(), Some(2));
    let rows = String::from_utf8_lossy(&output.stdout);
    assert!(rows.lines().skip(1).all(|row| row.starts_with("log-two,")), "{rows}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.starts_with("warning: `/no/such/folder` left out: not a Git repository"),
        "{said}"
    );
}

#[test]
fn replaced_commits_are_followed_where_git_follows_them() {
    let sandbox = history("log-replaced");
    let newest = sandbox.git(&["rev-parse", "HEAD"]);
    // In its stead stands a root that names a model: the history is one commit for those who follow.
    let tree = sandbox.git(&["rev-parse", "HEAD^{tree}"]);
    let root = sandbox.git(&["commit-tree", &tree, "-m", &format!("All of it\n\n{TRAILER}")]);
    let before = sandbox.log(&[]);
    sandbox.git(&["replace", &newest, &root]);
    assert_eq!(sandbox.log(&[])["commits"], 1);
    assert_eq!(sandbox.log(&[])["coverage"]["marks_only"], 1);
    for variable in ["1", "0", ""] {
        let run = |program: &str, arguments: &[&str]| {
            let output = Command::new(program)
                .args(arguments)
                .current_dir(&sandbox.0)
                .env("HOME", &sandbox.0)
                .env("GIT_CONFIG_GLOBAL", "/dev/null")
                .env("GIT_CONFIG_NOSYSTEM", "1")
                .env("GIT_NO_REPLACE_OBJECTS", variable)
                .output()
                .expect("it starts");
            serde_json::from_slice::<Value>(&output.stdout).expect("a document")
        };
        let log = run(env!("CARGO_BIN_EXE_git-model"), &["log", "--format", "json"]);
        assert_eq!(log, before, "`{variable}`");
        assert_eq!(log["commits"], run("git", &["rev-list", "--count", "HEAD"]), "`{variable}`");
    }
}
