//! The replay as a whole: one case of each rule, and anything at all.

use super::*;

fn step(time: i64, writer: u32, file: usize, before: &str, after: &str) -> ReplayStep {
    let state = |text: &str| match text {
        "-" => FileState::Absent,
        "?" => FileState::Unknown,
        text => FileState::Content(text.into()),
    };
    let edit = ReplayEdit { file, before: state(before), after: state(after), hunks: Vec::new() };
    ReplayStep { span: (time, time), writer: Some(writer), edits: vec![edit] }
}

fn file(start: &str, worktree: &str) -> ReplayFile {
    let content = (worktree != "-").then(|| worktree.as_bytes().to_vec());
    ReplayFile {
        start: start.into(),
        start_owners: Vec::new(),
        worktree: content.clone(),
        staged: content,
    }
}

/// Draws the owners of the staged lines: `.` of the start, `?` nobody, or the writer's number.
fn drawn(file: &ReplayedFile) -> String {
    let letter = |owner: &Owner| match owner {
        Owner::Start => '.',
        Owner::Nobody => '?',
        Owner::Writer(writer) => char::from_digit(*writer, 10).unwrap_or('x'),
    };
    file.staged.iter().map(letter).collect()
}

fn drawn_one(file: &ReplayFile, steps: &[ReplayStep]) -> String {
    drawn(&replay(std::slice::from_ref(file), steps)[0])
}

#[test]
fn what_happens_between_edits_is_nobodys() {
    let steps = [step(2, 1, 0, "a\nb\nc\n", "a\nb\nc\nd\n"), step(1, 2, 0, "a\n", "a\nb\n")];
    assert_eq!(drawn_one(&file("a\n", "a\nb\nc\nd\ne\n"), &steps), ".2?1?");
}

#[test]
fn line_breaks_white_space_and_joins_change_no_owner() {
    let steps = [step(1, 1, 0, "f(a, b);\nx\n", "f(\n  a,\n  b,\n);\n  x\nnew")];
    assert_eq!(
        drawn_one(&file("f(a, b);\r\nx\r\n", "f(\r\n  a,\r\n  b,\r\n);\r\n  x\r\nnew"), &steps),
        ".....1"
    );
}

#[test]
fn times_are_repaired_by_contents() {
    let steps = [step(1, 2, 0, "a\nb\n", "a\nb\nc\n"), step(2, 1, 0, "a\n", "a\nb\n")];
    assert_eq!(drawn_one(&file("a\n", "a\nb\nc\n"), &steps), ".12");
}

#[test]
fn a_shell_commands_time_is_split_by_other_edits() {
    let mut shell = step(1, 1, 0, "a\n", "a\nb\nc\nd\n");
    shell.span = (1, 9);
    let steps = [shell, step(5, 2, 0, "a\nb\n", "a\nb\nc\n")];
    assert_eq!(drawn_one(&file("a\n", "a\nb\nc\nd\n"), &steps), ".121");
}

#[test]
fn an_older_version_and_a_part_can_be_staged() {
    let mut partly = file("a\n", "x\na\ny\n");
    partly.staged = Some(b"a\ny\n".to_vec());
    let steps = [step(1, 1, 0, "a\n", "x\na\n"), step(2, 2, 0, "x\na\n", "x\na\ny\n")];
    assert_eq!(drawn_one(&partly, &steps), ".2");
    partly.staged = Some(b"x\na\n".to_vec());
    assert_eq!(drawn_one(&partly, &steps), "1.");
}

#[test]
fn deleted_lines_are_counted_to_who_deleted_them() {
    let files = [file("a\nb\nc\nd\n", "a\nD\n"), file("", "")];
    let steps =
        [step(1, 1, 0, "a\nb\nc\nd\n", "a\nc\nd\n"), step(2, 2, 0, "a\nc\nd\n", "a\nc\nD\n")];
    let result = &replay(&files, &steps)[0];
    assert_eq!(result.deleted, [(1, Owner::Writer(1)), (2, Owner::Nobody), (3, Owner::Writer(2))]);
}

#[test]
fn a_file_keeps_its_owners_under_another_name() {
    let text = "first line of it\nsecond line of it\nx\n";
    let files = [file(text, "-"), file("", &format!("{text}more\n"))];
    let steps = [step(1, 1, 0, text, &format!("{text}more\n"))];
    let results = replay(&files, &steps);
    assert_eq!((drawn(&results[1]).as_str(), results[0].deleted.len()), ("...1", 0));
}

#[test]
fn hunks_alone_tell_what_fits_and_nothing_else() {
    let mut edit = step(1, 1, 0, "?", "?");
    let lines = [" b", "+new line here", " c"].map(str::to_owned).to_vec();
    edit.edits[0].hunks = vec![Hunk { old_start: 2, new_start: 2, lines }];
    let steps = [edit];
    assert_eq!(drawn_one(&file("a\nb\nc\n", "a\nb\nnew line here\nc\n"), &steps), "..1.");
    assert_eq!(drawn_one(&file("a\nB\nC\n", "a\nB\nnew text\nC\n"), &steps), "..?.");
}

#[test]
fn big_files_and_many_steps_are_no_trouble() {
    let mut text = (0..8000).map(|n| format!("\tcall_{}(x, {n});\n\treturn err;\n", n % 900));
    let start = text.by_ref().collect::<String>();
    let mut steps = Vec::new();
    let mut now = start.clone();
    for number in 0..100 {
        let next = format!("{now}\tadded_{number}();\n");
        steps.push(step(number, 1, 0, &now, &next));
        now = next;
    }
    let shuffled = (0..8000).map(|n| format!("  call_{}(x, {n});\n}}\n", n * 7 % 900));
    steps.push(step(200, 2, 0, &now, &shuffled.collect::<String>()));
    steps.push(step(201, 1, 0, &"}\n".repeat(20_000), &"x\n".repeat(20_000)));
    let owners = drawn_one(&file(&start, &now), &steps);
    assert_eq!(owners.len(), 16_100);
}

/// A generator of numbers (xorshift), so that a failure comes again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(self.0 % u64::from(limit)).unwrap_or(0)
    }

    fn text(&mut self, longest: u32) -> String {
        const PARTS: [&str; 10] = [
            "a\n",
            "b\r\n",
            "}\n",
            "\n",
            " if x {\n",
            "call(a, b)\n",
            "call(\n",
            "a, b)\n",
            "é",
            "z\0",
        ];
        let count = self.below(longest);
        (0..count).map(|_| PARTS[self.below(10) as usize]).collect()
    }

    fn step(&mut self) -> ReplayStep {
        let mut step = step(0, 1, 0, &self.text(10), &self.text(10));
        let begin = i64::from(self.below(5));
        step.span = (begin, begin + i64::from(self.below(4)));
        step.writer = [None, Some(1), Some(2)][self.below(3) as usize];
        let edit = &mut step.edits[0];
        edit.file = self.below(4) as usize;
        if self.below(3) == 0 {
            edit.before = FileState::Unknown;
        }
        if self.below(3) == 0 {
            edit.after = FileState::Unknown;
        }
        let sign = |line: &str| format!("{}{line}", [' ', '-', '+'][line.len() % 3]);
        let lines = self.text(6).lines().map(sign).collect();
        let start = self.below(6);
        edit.hunks = vec![Hunk { old_start: start, new_start: start, lines }];
        let second = ReplayEdit { file: 2, ..edit.clone() };
        step.edits.push(second);
        step
    }
}

#[test]
fn anything_is_replayed_without_a_panic() {
    let mut random = Random(88_172_645_463_325_252);
    for _ in 0..400 {
        let (start, worktree) = (random.text(12), random.text(12));
        let mut files =
            vec![file(&start, &worktree), file(&random.text(4), "-"), file("", &random.text(12))];
        files[0].staged = Some(random.text(12).into());
        files[2].start_owners = vec![Owner::Writer(7); 3];
        let steps = (0..6).map(|_| random.step()).collect::<Vec<_>>();
        for (file, result) in files.iter().zip(replay(&files, &steps)) {
            let count = |content: &Option<Vec<u8>>| {
                crate::attribute::lines(content.as_deref().unwrap_or_default()).count()
            };
            assert_eq!(result.staged.len(), count(&file.staged));
            assert_eq!(result.worktree.len(), count(&file.worktree));
        }
    }
}

#[test]
fn a_models_short_line_is_its_own_only_beside_what_stood_beside_it() {
    let steps = [step(1, 1, 0, "", "open(1);\nreturn err;\nclose(1);\n")];
    let kept = file("", "open(1);\nreturn err;\nshut(2);\n");
    assert_eq!(drawn_one(&kept, &steps), "11?");
    let stray = file("", "lift(2);\nreturn err;\nshut(2);\n");
    assert_eq!(drawn_one(&stray, &steps), "???");
    let staged = ReplayFile { staged: stray.worktree.clone(), ..file("", "return err;\n") };
    assert_eq!(drawn_one(&staged, &steps), "???");
}

#[test]
fn a_block_goes_on_through_a_line_that_was_found_elsewhere() {
    let block = "a line that tells enough\ndefer mu.Unlock();\nok\n";
    let before = format!("{block}z\n");
    let after = format!("z\nw\n{block}");
    let steps = [
        step(1, 1, 1, "", "defer mu.Unlock();\n"),
        step(2, 2, 0, "z\n", "z\nw\n"),
        step(3, 2, 0, "z\nw\n", &after),
    ];
    let files = [file(&before, &after), file("", "defer mu.Unlock();\n")];
    let results = replay(&files, &steps);
    assert_eq!(results.iter().map(drawn).collect::<Vec<_>>(), [".2...", "."]);
}
