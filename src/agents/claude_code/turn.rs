//! Finds the answer that made a call, from the end of a session file.
//!
//! Never "the last answer": in a hook, the last line may still be that of the model before.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::answer::{self, Fallback};
use super::line::{Answer, Line};
use super::places;
use crate::provenance::{CallId, Subagent, Turn};

/// How much of the end of a file is read: first as much as holds the latest call, as a rule, then all that a hook
/// has the time for.
const WINDOWS: [u64; 2] = [256 << 10, 4 << 20];

/// How much is held at once of what is only searched.
const STRETCH: u64 = 128 << 10;

/// What a line says with which another model takes over.
const TAKES_OVER: [&[u8]; 2] =
    [br#""subtype":"model_fallback""#, br#""subtype":"model_refusal_fallback""#];

/// Finds the turn of a call.
pub(super) fn find(
    session_file: &Path,
    subagent: Option<&Subagent>,
    call: &CallId,
) -> Option<Turn> {
    let path = places::file_of(session_file, subagent)?;
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    // Another model may have taken over long before.
    let wide_start = length.saturating_sub(WINDOWS[WINDOWS.len() - 1]);
    for window in WINDOWS {
        let start = length.saturating_sub(window);
        let end = read_part(&mut file, start, window)?;
        let Some((from, to)) = find_line(&end, call) else {
            if start == 0 {
                return None;
            }
            continue;
        };
        if !takes_over_in(&mut file, wide_start, start + from as u64) {
            return turn_at(&end[from..to], None);
        }
        let before = read_part(&mut file, wide_start, start + from as u64 - wide_start)?;
        return turn_at(&end[from..to], fallback_before(&before).as_ref());
    }
    None
}

/// Reads a part of a file; what grows meanwhile is not followed.
fn read_part(file: &mut File, start: u64, length: u64) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut part = Vec::new();
    file.take(length).read_to_end(&mut part).ok()?;
    Some(part)
}

/// Says whether a part of a file may tell that another model took over; holds little of it at once.
fn takes_over_in(file: &mut File, start: u64, end: u64) -> bool {
    let Ok(_) = file.seek(SeekFrom::Start(start)) else { return false };
    let longest = TAKES_OVER.map(<[u8]>::len).into_iter().max().unwrap_or(0);
    let mut left = end.saturating_sub(start);
    let mut stretch = Vec::new();
    while left > 0 {
        // What lies across two stretches is seen in the later one.
        let kept = stretch.len().min(longest);
        stretch.drain(..stretch.len() - kept);
        let Ok(read) = file.take(left.min(STRETCH)).read_to_end(&mut stretch) else { return false };
        if TAKES_OVER.iter().any(|name| memchr::memmem::find(&stretch, name).is_some()) {
            return true;
        }
        left = if read == 0 { 0 } else { left - read as u64 };
    }
    false
}

/// Returns the bounds of the line that made the call.
fn find_line(end: &[u8], call: &CallId) -> Option<(usize, usize)> {
    let quoted = serde_json::to_string(&call.0).ok()?;
    let name = format!("\"id\":{quoted}");
    // Forwards, since searching backwards takes many times as long.
    let places = memchr::memmem::find_iter(end, name.as_bytes()).collect::<Vec<_>>();
    let line_at = |at: usize| {
        let start = memchr::memrchr(b'\n', &end[..at]).map_or(0, |at| at + 1);
        let stop = memchr::memchr(b'\n', &end[at..]).map_or(end.len(), |more| at + more);
        (start, stop)
    };
    let mut lines = places.into_iter().rev().map(line_at);
    lines.find(|(start, stop)| makes(&end[*start..*stop], call))
}

fn makes(line: &[u8], call: &CallId) -> bool {
    let is_call = |answer: &Answer<'_>| {
        let mut blocks = answer.content.iter();
        blocks.any(|block| block.kind == "tool_use" && block.id.as_ref() == Some(&call.0))
    };
    with_answer(line, |_, answer| is_call(answer)).unwrap_or(false)
}

fn with_answer<T>(line: &[u8], read: impl FnOnce(&Line<'_>, &Answer<'_>) -> T) -> Option<T> {
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    let answer: Answer<'_> = serde_json::from_str(line.message?.get()).ok()?;
    (line.kind == "assistant").then(|| read(&line, &answer))
}

fn turn_at(line: &[u8], fallback: Option<&Fallback>) -> Option<Turn> {
    with_answer(line, |line, answer| answer::turn(line, answer, fallback))?
}

/// Returns the latest change of the model that nobody asked for, if it still holds at the end of these lines.
fn fallback_before(lines: &[u8]) -> Option<Fallback> {
    let names = TAKES_OVER.into_iter();
    let at = names.filter_map(|name| memchr::memmem::rfind(lines, name)).max()?;
    let start = memchr::memrchr(b'\n', &lines[..at]).map_or(0, |at| at + 1);
    let stop = memchr::memchr(b'\n', &lines[at..]).map(|more| at + more)?;
    let line: Line<'_> = serde_json::from_slice(&lines[start..stop]).ok()?;
    let fallback = Fallback::read(&line)?;
    let since = &lines[stop..];
    // The person chose a model, or another one answered: it is over.
    if memchr::memmem::find(since, b"<command-name>/model</command-name>").is_some() {
        return None;
    }
    let mut answers = memchr::memmem::find_iter(since, br#""role":"assistant","model":""#);
    let is_over = answers.any(|at| {
        let name = &since[at + br#""role":"assistant","model":""#.len()..];
        let name = &name[..memchr::memchr(b'"', name).unwrap_or(0)];
        let name = String::from_utf8_lossy(name);
        !name.starts_with('<') && !fallback.holds_for(&name)
    });
    (!is_over).then_some(fallback)
}
