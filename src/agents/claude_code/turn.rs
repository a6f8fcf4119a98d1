//! Finds the answer that made a call, from the end of a session file.
//!
//! Never "the last answer": in a hook, the last line may still be that of the model before.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::answer::{self, Fallback};
use super::line::{Answer, Line};
use super::places;
use crate::provenance::{CallId, Subagent, Turn};

/// How much of the end of a file is looked at, in bytes: what a hook has the time for.
const LOOKED_AT: u64 = 4 << 20;

/// How much is held at once of what is only searched, in bytes.
const STRETCH: u64 = 128 << 10;

/// What a line says with which another model takes over: `model_fallback`, `model_refusal_fallback`.
const TAKES_OVER: [&[u8]; 2] =
    [br#""subtype":"model_fallback""#, br#""subtype":"model_refusal_fallback""#];

/// What both have in common.
const MAY_TAKE_OVER: &[u8] = br#""subtype":"model_"#;

/// Finds the turn of a call.
pub(super) fn find(
    session_file: &Path,
    subagent: Option<&Subagent>,
    call: &CallId,
) -> Option<Turn> {
    let path = places::file_of(session_file, subagent)?;
    find_in(File::open(path).ok()?, call).ok()?
}

fn find_in(file: File, call: &CallId) -> io::Result<Option<Turn>> {
    let length = file.metadata()?.len();
    let start = length.saturating_sub(LOOKED_AT);
    let mut end = End { file, start, length, buffer: Vec::new() };
    let Some((from, to)) = find_line(&mut end, call)? else { return Ok(None) };
    let line = end.read(from, to)?;
    // Another model may have taken over long before.
    let any = |_: &mut End, _| Ok(true);
    if end.search((start, from), Direction::Forwards, MAY_TAKE_OVER, any)?.is_none() {
        return Ok(turn_at(&line, None));
    }
    let before = end.read(start, from)?;
    Ok(turn_at(&line, fallback_before(&before).as_ref()))
}

/// The end of a session file, of which little is held at once.
struct End {
    file: File,
    /// Where it begins; and the length of the file, since what grows meanwhile is not followed.
    start: u64,
    length: u64,
    /// Kept for the next search.
    buffer: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forwards,
    Backwards,
}

impl End {
    /// Reads a part.
    fn read(&mut self, from: u64, to: u64) -> io::Result<Vec<u8>> {
        let mut part = Vec::new();
        self.fill(&mut part, from, to)?;
        Ok(part)
    }

    fn fill(&mut self, part: &mut Vec<u8>, from: u64, to: u64) -> io::Result<()> {
        part.resize(usize::try_from(to - from).map_err(io::Error::other)?, 0);
        self.file.seek(SeekFrom::Start(from))?;
        self.file.read_exact(part)
    }

    /// Looks for a text between two bounds, stretch by stretch, and returns the first place of which `is_it` says so.
    ///
    /// What lies across two stretches is found.
    fn search(
        &mut self,
        (first, last): (u64, u64),
        direction: Direction,
        text: &[u8],
        mut is_it: impl FnMut(&mut Self, u64) -> io::Result<bool>,
    ) -> io::Result<Option<u64>> {
        let mut part = std::mem::take(&mut self.buffer);
        let mut left = last.saturating_sub(first);
        while left > 0 {
            let length = left.min(STRETCH);
            let from = match direction {
                Direction::Forwards => last - left,
                Direction::Backwards => first + left - length,
            };
            left -= length;
            // One that begins here may end in the next stretch.
            let to = (from + length + text.len() as u64 - 1).min(last);
            self.fill(&mut part, from, to)?;
            let mut places = memchr::memmem::find_iter(&part, text).collect::<Vec<_>>();
            if direction == Direction::Backwards {
                // Searching backwards takes many times as long.
                places.reverse();
            }
            for place in places {
                if is_it(self, from + place as u64)? {
                    self.buffer = part;
                    return Ok(Some(from + place as u64));
                }
            }
        }
        self.buffer = part;
        Ok(None)
    }

    /// Returns the bounds of the line around a place, without its break.
    fn line_around(&mut self, place: u64) -> io::Result<(u64, u64)> {
        let (start, length) = (self.start, self.length);
        let any = |_: &mut Self, _| Ok(true);
        let before = self.search((start, place), Direction::Backwards, b"\n", any)?;
        let after = self.search((place, length), Direction::Forwards, b"\n", any)?;
        Ok((before.map_or(start, |at| at + 1), after.unwrap_or(length)))
    }
}

/// Returns the bounds of the line that made the call.
fn find_line(end: &mut End, call: &CallId) -> io::Result<Option<(u64, u64)>> {
    let name = format!("\"id\":{}", serde_json::to_string(&call.0).map_err(io::Error::other)?);
    let mut found = None;
    let bounds = (end.start, end.length);
    end.search(bounds, Direction::Backwards, name.as_bytes(), |end, place| {
        let (from, to) = end.line_around(place)?;
        if makes(&end.read(from, to)?, call) {
            found = Some((from, to));
        }
        Ok(found.is_some())
    })?;
    Ok(found)
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
