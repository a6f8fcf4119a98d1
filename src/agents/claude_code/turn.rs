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

/// Finds the turn of a call.
pub(super) fn find(
    session_file: &Path,
    subagent: Option<&Subagent>,
    call: &CallId,
) -> Option<Turn> {
    let path = places::file_of(session_file, subagent)?;
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    for window in WINDOWS {
        let start = length.saturating_sub(window);
        let end = read_from(&mut file, start)?;
        let Some(found) = find_line(&end, call) else {
            if start == 0 {
                return None;
            }
            continue;
        };
        // Another model may have taken over long before.
        let largest = WINDOWS[WINDOWS.len() - 1];
        let wide_start = length.saturating_sub(largest);
        if start == wide_start {
            return turn_at(&end, found);
        }
        let wide = read_from(&mut file, wide_start)?;
        let shift = usize::try_from(start - wide_start).ok()?;
        return turn_at(&wide, (found.0 + shift, found.1 + shift));
    }
    None
}

fn read_from(file: &mut File, start: u64) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut end = Vec::new();
    // A file that grows meanwhile must not be followed.
    file.take(WINDOWS[WINDOWS.len() - 1]).read_to_end(&mut end).ok()?;
    Some(end)
}

/// Returns the bounds of the line that made the call.
fn find_line(end: &[u8], call: &CallId) -> Option<(usize, usize)> {
    let quoted = serde_json::to_string(&call.0).ok()?;
    let name = format!("\"id\":{quoted}");
    memchr::memmem::rfind_iter(end, name.as_bytes())
        .map(|at| {
            let start = memchr::memrchr(b'\n', &end[..at]).map_or(0, |at| at + 1);
            let stop = memchr::memchr(b'\n', &end[at..]).map_or(end.len(), |more| at + more);
            (start, stop)
        })
        .find(|(start, stop)| makes(&end[*start..*stop], call))
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

fn turn_at(end: &[u8], (start, stop): (usize, usize)) -> Option<Turn> {
    let fallback = fallback_before(&end[..start]);
    with_answer(&end[start..stop], |line, answer| answer::turn(line, answer, fallback.as_ref()))?
}

/// Returns the latest change of the model that nobody asked for, if it still holds at the end of these lines.
fn fallback_before(lines: &[u8]) -> Option<Fallback> {
    let at = [&br#""subtype":"model_fallback""#[..], br#""subtype":"model_refusal_fallback""#]
        .into_iter()
        .filter_map(|name| memchr::memmem::rfind(lines, name))
        .max()?;
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
