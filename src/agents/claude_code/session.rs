//! Reads session files from where they were left, one line at a time.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek as _, SeekFrom};
use std::path::Path;

use super::memory::Memory;
use super::places;
use super::told::Teller;
use crate::agents::{Cursor, SessionPart};

#[cfg(test)]
mod tests;

/// A longer line is skipped and never held. The longest seen had a file of 3.8 MB in it.
const LONGEST_LINE: usize = 128 << 20;

/// Reads what was appended since a cursor.
pub(super) fn read(path: &Path, from: &Cursor) -> io::Result<SessionPart> {
    let mut file = File::open(path)?;
    let (mut offset, memory) = continued(&file, from)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut teller = Teller::new(path, places::subagent_of(path), memory);
    let mut broken_lines = 0;
    let mut line = Vec::new();
    while let Some((length, kept)) = next_line(&mut reader, &mut line, LONGEST_LINE)? {
        offset += length;
        if kept.is_err() || teller.read(&line).is_err() {
            broken_lines += 1;
        }
    }
    let (events, memory) = teller.finish();
    let memory = serde_json::to_string(&memory).map_err(io::Error::other)?;
    Ok(SessionPart { events, cursor: Cursor { offset, memory }, broken_lines })
}

/// Returns where to go on; at the start where the file is shorter than it was, or the memory is not ours.
///
/// A place without a memory is one where somebody begins in the middle of a large file.
fn continued(file: &File, from: &Cursor) -> io::Result<(u64, Memory)> {
    if from.offset == 0 || file.metadata()?.len() < from.offset {
        return Ok((0, Memory::default()));
    }
    if from.memory.is_empty() {
        return Ok((from.offset, Memory::default()));
    }
    match serde_json::from_str(&from.memory) {
        Ok(memory) => Ok((from.offset, memory)),
        Err(_) => Ok((0, Memory::default())),
    }
}

/// A line was too long to be kept.
struct TooLong;

/// Reads the next whole line without its break; `None` at the end, before a line that is still being written.
fn next_line(
    reader: &mut impl BufRead,
    line: &mut Vec<u8>,
    longest: usize,
) -> io::Result<Option<(u64, Result<(), TooLong>)>> {
    line.clear();
    let mut length = 0;
    let mut kept = Ok(());
    loop {
        let buffer = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        if buffer.is_empty() {
            return Ok(None);
        }
        let end = memchr::memchr(b'\n', buffer);
        let part = &buffer[..end.unwrap_or(buffer.len())];
        if line.len() + part.len() > longest {
            kept = Err(TooLong);
            line.clear();
        } else if kept.is_ok() {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        reader.consume(used);
        length += used as u64;
        if end.is_some() {
            return Ok(Some((length, kept)));
        }
    }
}
