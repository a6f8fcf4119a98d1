//! Running programs: their output, their end, and what they leave behind.

use std::path::PathBuf;
use std::time::Duration;

use expect_test::expect;
use git_model::backends::client::{Command, Finished, run};
use git_model::backends::{Failure, Watch};
use git_model::clock;

fn shell(script: &str) -> Command {
    Command {
        program: PathBuf::from("/bin/sh"),
        args: vec!["-c".to_owned(), script.to_owned()],
        folder: std::env::temp_dir(),
        ..Command::default()
    }
}

fn ran(command: &Command, seconds: u64) -> Result<Finished, Failure> {
    run(command, seconds, &Watch::new())
}

#[test]
fn a_program_gets_its_input_and_variables_and_tells_all() {
    let command = Command {
        stdin: b"question".to_vec(),
        environment_add: vec![("ADDED".to_owned(), "here".to_owned())],
        environment_remove: vec!["HOME".to_owned()],
        ..shell("echo \"$(cat) $ADDED ${HOME-gone}\"; echo careful >&2; exit 3")
    };
    let finished = ran(&command, 60).unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(text(&finished.stdout), "question here gone\n");
    assert_eq!((text(&finished.stderr).as_str(), finished.code), ("careful\n", Some(3)));
}

#[test]
fn a_large_input_and_output_do_not_block_each_other() {
    let command = Command { stdin: vec![b'x'; 4 << 20], ..shell("cat; cat /dev/null") };
    assert_eq!(ran(&command, 60).unwrap().stdout.len(), 4 << 20);
    // A program that does not want its input is none the worse.
    let command = Command { stdin: vec![b'x'; 4 << 20], ..shell("echo done") };
    assert_eq!(ran(&command, 60).unwrap().stdout, b"done\n");
}

#[test]
fn what_a_program_started_ends_with_it() {
    let mark = std::env::temp_dir().join(format!("git-model-left-{}", std::process::id()));
    let _ = std::fs::remove_file(&mark);
    let left = format!("(sleep 2; touch '{}') & ", mark.display());
    // At the end of its time, by itself, and with the output held open by what it left.
    let begun = clock::instant();
    let late = ran(&shell(&format!("{left} sleep 600")), 1);
    assert_eq!(late, Err(Failure::TooLate { seconds: 1 }));
    assert_eq!(ran(&shell(&format!("{left} echo done")), 60).unwrap().stdout, b"done\n");
    assert_eq!(ran(&shell(&format!("{left} exec >&- 2>&-; exit 4")), 60).unwrap().code, Some(4));
    while begun.elapsed() < Duration::from_secs(6) {
        std::thread::sleep(Duration::from_millis(100));
        assert!(!mark.exists(), "something was left running");
    }
}

#[test]
fn a_program_that_does_not_want_to_end_is_ended() {
    let begun = clock::instant();
    let result = ran(&shell("trap '' TERM INT; while :; do sleep 1; done"), 1);
    assert_eq!(result, Err(Failure::TooLate { seconds: 1 }));
    assert!(begun.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_program_that_is_not_there_or_talks_without_end_is_no_answer() {
    let missing = Command { program: "/nowhere/claude".into(), ..shell("") };
    let told = |result: Result<Finished, Failure>| result.unwrap_err().to_string();
    expect!["/nowhere/claude cannot be reached: No such file or directory (os error 2)"]
        .assert_eq(&told(ran(&missing, 60)));
    expect!["the reply cannot be read: it is larger than 16 MiB"]
        .assert_eq(&told(ran(&shell("yes"), 60)));
}

#[test]
fn whoever_waits_may_stop_a_program() {
    let watch = Watch::new();
    let stopper = watch.clone();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        stopper.stop();
    });
    assert_eq!(run(&shell("sleep 600"), 600, &watch), Err(Failure::Stopped));
    thread.join().unwrap();
}
