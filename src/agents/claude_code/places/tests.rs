//! Slugs, and which sessions are open.

use super::*;

/// Where a test may write.
fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("git-model-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_slug_has_letters_digits_and_hyphens() {
    for (path, expected) in [
        ("/home/dev/project", "-home-dev-project"),
        (
            "/home/dev/project/.claude/worktrees/lab-wt",
            "-home-dev-project--claude-worktrees-lab-wt",
        ),
        ("/home/dev/my_project.rs", "-home-dev-my-project-rs"),
        // One hyphen for each unit of UTF-16.
        ("/é", "--"),
        ("/😀", "---"),
        (r"C:\dev", "C--dev"),
    ] {
        assert_eq!(slug(path), expected, "{path}");
    }
}

#[test]
fn a_long_slug_is_cut_and_ends_in_a_hash() {
    let name = "long-folder-name/";
    let path = format!("/home/dev/{}Ünï 😀/x", name.repeat(12));
    let slug = slug(&path);
    assert_eq!(slug.len(), LONGEST_SLUG + "-rra8i2".len());
    assert!(slug.starts_with("-home-dev-long-folder-name-long-folder-name-"));
    assert!(slug.ends_with("-lon-rra8i2"), "{slug}");
    let exact = format!("/{}", "a".repeat(LONGEST_SLUG - 1));
    assert_eq!(super::slug(&exact), exact.replace('/', "-"));
}

#[test]
fn a_number_in_base_36_is_as_another_program_writes_it() {
    for (number, expected) in [(0, "0"), (35, "z"), (36, "10"), (2_147_483_648, "zik0zk")] {
        assert_eq!(base36(number), expected);
    }
}

#[test]
fn the_folder_of_the_configuration_can_be_another() {
    let mut around = Surroundings { home: Some("/home/dev".into()), variables: Vec::new() };
    let folder = |around: &Surroundings| session_folder(around, Path::new("/p")).unwrap();
    assert_eq!(folder(&around), Path::new("/home/dev/.claude/projects/-p"));
    around.variables.push((CONFIG_FOLDER.to_owned(), "/else".to_owned()));
    assert_eq!(folder(&around), Path::new("/else/projects/-p"));
    assert_eq!(session_folder(&Surroundings::default(), Path::new("/p")), None);
}

#[test]
fn open_sessions_are_those_of_the_worktree_whose_process_lives() {
    let home = scratch("open-sessions");
    let config = home.join(".claude");
    let around = Surroundings { home: Some(home.clone()), variables: Vec::new() };
    fs::create_dir_all(config.join("sessions")).unwrap();
    let own = std::process::id();
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let begun = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(19));
    let begun = begun.unwrap_or("1");
    let is_linux = !stat.is_empty();
    let entry = |file: &str, pid: u32, begun: &str, session: &str, cwd: &str| {
        let text = format!(
            r#"{{"pid":{pid},"procStart":"{begun}","sessionId":"{session}","cwd":"{cwd}"}}"#
        );
        fs::write(config.join("sessions").join(file), text).unwrap();
    };
    entry("1.json", own, begun, "alive", "/w/sub");
    entry("2.json", own, "7", "another-process", "/w");
    entry("3.json", own, begun, "elsewhere", "/w2");
    entry("4.json", own, begun, "moved", "/w");
    entry("5.json", own, begun, "../../secret", "/w");
    entry("key.json", own, begun, "no-entry", "/w");
    for file in ["-w-sub/alive.jsonl", "-w/another-process.jsonl", "-w2/elsewhere.jsonl"] {
        let file = config.join("projects").join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "").unwrap();
    }
    for file in ["-w-tree/moved.jsonl", "-w/no-entry.jsonl", "-w/running.jsonl"] {
        let file = config.join("projects").join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "").unwrap();
    }
    let open = |around: &Surroundings| {
        let files = open_sessions(around, Path::new("/w")).into_iter();
        let names = files.map(|file| file.file_stem().unwrap().to_string_lossy().into_owned());
        let mut names = names.collect::<Vec<_>>();
        names.sort();
        names
    };
    let mut expected = vec!["alive", "another-process", "moved"];
    if is_linux {
        expected.retain(|name| *name != "another-process");
    }
    assert_eq!(open(&around), expected);
    let running =
        Surroundings { variables: vec![(SESSION.to_owned(), "running".to_owned())], ..around };
    expected.push("running");
    assert_eq!(open(&running), expected);
    fs::remove_dir_all(home).unwrap();
}
