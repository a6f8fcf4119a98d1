//! What agents tell of what happened, whole or in part.

use git_model::attribute::{LineDiff, ReplayEdit, ReplayStep, lines};
use git_model::provenance::{FileState, Hunk};

use crate::random::Random;

/// How much is known of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Knowledge {
    /// Hooks saw everything but some shell commands.
    Full,
    /// Session files alone: hunks, contents of written files, originals of small ones.
    SessionFiles,
    /// One event in twenty is lost.
    Lossy,
    /// Neighbours often have each other's times.
    Shuffled,
}

/// Which tool did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Edit,
    Write,
    Shell,
    /// A file was only looked at.
    Look,
}

/// Session files hold the original of a file only if it is smaller.
pub(crate) const ORIGINAL_LIMIT: usize = 8 << 10;

#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub span: (i64, i64),
    pub writer: Option<u32>,
    pub tool: Tool,
    pub edits: Vec<Change>,
}

#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub file: usize,
    pub before: Option<Vec<u8>>,
    pub after: Option<Vec<u8>>,
}

impl Event {
    pub(crate) fn step(&self, knowledge: Knowledge, random: &mut Random) -> ReplayStep {
        let edits = self.edits.iter().map(|change| self.edit(change, knowledge, random)).collect();
        ReplayStep { span: self.span, writer: self.writer, edits }
    }

    fn edit(&self, change: &Change, knowledge: Knowledge, random: &mut Random) -> ReplayEdit {
        // Agents read and write text without carriage returns; what a hook sees on disk has them.
        let is_disk = self.tool == Tool::Shell || self.tool == Tool::Look;
        let seen = |content: &Option<Vec<u8>>| match content {
            Some(content) if is_disk => FileState::Content(content.clone()),
            Some(content) => FileState::Content(without_returns(content)),
            None => FileState::Absent,
        };
        let (mut before, mut after) = (seen(&change.before), seen(&change.after));
        let is_session = knowledge == Knowledge::SessionFiles && self.tool != Tool::Look;
        let mut patch = Vec::new();
        if is_session || self.tool == Tool::Edit && random.percent(30) {
            patch = hunks(change.before.as_ref(), change.after.as_ref());
        }
        if is_session {
            let is_big = change.before.as_ref().is_some_and(|old| old.len() >= ORIGINAL_LIMIT);
            if is_big {
                before = FileState::Unknown;
            }
            if self.tool == Tool::Edit {
                after = FileState::Unknown;
            }
        }
        ReplayEdit { file: change.file, before, after, hunks: patch }
    }
}

fn without_returns(content: &[u8]) -> Vec<u8> {
    content.iter().copied().filter(|byte| *byte != b'\r').collect()
}

/// Returns the hunks between two contents, with three lines around each, as agents write them.
fn hunks(before: Option<&Vec<u8>>, after: Option<&Vec<u8>>) -> Vec<Hunk> {
    const AROUND: usize = 3;
    let before = without_returns(before.map_or(&[], Vec::as_slice));
    let after = without_returns(after.map_or(&[], Vec::as_slice));
    let (old, new) = (lines(&before).collect::<Vec<_>>(), lines(&after).collect::<Vec<_>>());
    let kept = LineDiff::between(&before, &after).kept();
    // Each line of both versions in the order of a diff: its sign, and where it stands.
    let mut all = Vec::<(char, usize, usize)>::new();
    let mut at = 0;
    for (line, place) in kept.iter().enumerate() {
        if let Some(place) = place {
            let place = *place as usize;
            all.extend((at..place).map(|old| ('-', old, line)));
            all.push((' ', place, line));
            at = place + 1;
        } else {
            all.push(('+', at, line));
        }
    }
    all.extend((at..old.len()).map(|place| ('-', place, new.len())));
    let mut hunks = Vec::new();
    let mut from = 0;
    while let Some(first) = (from..all.len()).find(|at| all[*at].0 != ' ') {
        let start = first.saturating_sub(AROUND).max(from);
        let mut end = first + 1;
        while let Some(next) = (end..all.len().min(end + 2 * AROUND)).find(|at| all[*at].0 != ' ') {
            end = next + 1;
        }
        let end = (end + AROUND).min(all.len());
        let mut texts = Vec::new();
        for (sign, old_place, new_place) in &all[start..end] {
            let line = if *sign == '+' { new[*new_place] } else { old[*old_place] };
            let line = String::from_utf8_lossy(line);
            texts.push(format!("{sign}{}", line.trim_end_matches('\n')));
            if !line.ends_with('\n') {
                texts.push("\\ No newline at end of file".to_owned());
            }
        }
        let has = |side: char| all[start..end].iter().any(|line| line.0 == ' ' || line.0 == side);
        let number = |place: usize, has_lines: bool| {
            u32::try_from(place + usize::from(has_lines)).expect("a file is short")
        };
        hunks.push(Hunk {
            old_start: number(all[start].1, has('-')),
            new_start: number(all[start].2, has('+')),
            lines: texts,
        });
        from = end;
    }
    hunks
}

/// Spoils the times or the completeness of steps as the knowledge says.
pub(crate) fn spoil(steps: &mut [ReplayStep], knowledge: Knowledge, random: &mut Random) {
    if knowledge == Knowledge::Shuffled {
        let mut at = 0;
        while at + 1 < steps.len() {
            if random.percent(30) {
                let (one, other) = (steps[at].span, steps[at + 1].span);
                // Each still takes its time.
                steps[at].span = (other.1 - (one.1 - one.0), other.1);
                steps[at + 1].span = (one.1 - (other.1 - other.0), one.1);
                at += 1;
            }
            at += 1;
        }
    }
    // They come in any order.
    for at in (1..steps.len()).rev() {
        steps.swap(at, random.below(at + 1));
    }
}
