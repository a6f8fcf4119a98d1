//! `git model classify`: the marks of commits that come as JSON lines. Plumbing.

use std::borrow::Cow;
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::format;
use crate::marks;
use crate::provenance::{CommitText, Identity, Mark, ModelName, Phase};

/// The longest line that is read, in bytes: 64 MiB, beyond any message that Git itself can show.
const LONGEST_LINE: usize = 64 << 20;

/// How much is read at once; after so many bytes of input the output is flushed.
const BLOCK: usize = 1 << 16;

/// Tell which commits bear marks of AI tools and models
///
/// Reads one JSON object a line from standard input, {"author", "committer", "message"}, and writes one for each,
/// {"ai", "tools", "models", "phases", "marks"}. A line that cannot be read is answered by {"error"}, and the exit
/// code is then 1. The fields are explained in docs/json.md.
#[derive(Debug, clap::Args)]
pub struct ClassifyArgs {}

/// One commit as it comes in.
#[derive(Debug, Deserialize)]
struct Input<'a> {
    #[serde(borrow, default)]
    author: Cow<'a, str>,
    #[serde(borrow, default)]
    committer: Cow<'a, str>,
    #[serde(borrow)]
    message: Cow<'a, str>,
}

/// What is said of it.
#[derive(Debug, Serialize)]
struct Output<'a> {
    ai: bool,
    tools: Vec<&'static str>,
    models: Vec<&'a str>,
    phases: Vec<&'a Phase>,
    marks: Vec<MarkOutput<'a>>,
}

#[derive(Debug, Serialize)]
struct MarkOutput<'a> {
    kind: &'static str,
    text: &'a str,
    line: usize,
    tool: Option<&'static str>,
    model: Option<&'a str>,
    phase: Option<&'a Phase>,
    effort: Option<&'a str>,
    grade: &'static str,
}

#[derive(Debug, Serialize)]
struct Failure {
    error: String,
}

/// Classifies standard input.
pub fn run(context: &Context, _: &ClassifyArgs) -> Result<ExitCode, CommandError> {
    let mut broken = 0_u64;
    context
        .terminal
        .print(None, |out| {
            broken = stream(&mut BufReader::with_capacity(BLOCK, io::stdin().lock()), out)?;
            Ok(())
        })
        .map_err(|error| CommandError::refusal(format!("cannot classify: {error}")))?;
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Answers every line of `input` that is not blank, and returns how many were broken. Holds one line at a time.
pub fn stream(input: &mut BufReader<impl Read>, out: &mut dyn Write) -> io::Result<u64> {
    let mut line = Vec::new();
    let mut broken = 0;
    let mut since_flush = 0;
    loop {
        line.clear();
        let limit = LONGEST_LINE as u64 + 1;
        if input.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            return out.flush().map(|()| broken);
        }
        let is_cut = line.len() > LONGEST_LINE && line.last() != Some(&b'\n');
        if is_cut {
            skip_line(input)?;
        }
        if !is_cut && line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answered =
            if is_cut { Err("the line is longer than 64 MiB".to_owned()) } else { answer(&line) };
        let answer = match answered {
            Ok(answer) => answer,
            Err(error) => {
                broken += 1;
                format::to_json(&Failure { error })
            }
        };
        writeln!(out, "{answer}")?;
        since_flush += line.len();
        // Whoever sends a block and waits for its answers must get them.
        if since_flush >= BLOCK || input.buffer().is_empty() {
            since_flush = 0;
            out.flush()?;
        }
        if line.capacity() > 1 << 20 {
            line = Vec::new();
        }
    }
}

fn answer(line: &[u8]) -> Result<String, String> {
    let input: Input<'_> =
        serde_json::from_slice(line.trim_ascii_end()).map_err(|error| error.to_string())?;
    let text = CommitText {
        author: Identity::parse(&input.author),
        committer: Identity::parse(&input.committer),
        message: &input.message,
    };
    let marks = marks::read(&text);
    Ok(format::to_json(&describe(&marks)))
}

fn describe(marks: &[Mark]) -> Output<'_> {
    let mut output = Output {
        ai: !marks.is_empty(),
        tools: marks.iter().filter_map(|mark| mark.tool).collect(),
        models: marks.iter().filter_map(|mark| mark.model.as_ref()).map(ModelName::id).collect(),
        phases: marks.iter().filter_map(|mark| mark.phase.as_ref()).collect(),
        marks: marks.iter().map(describe_mark).collect(),
    };
    output.tools.sort_unstable();
    output.tools.dedup();
    output.models.sort_unstable();
    output.models.dedup();
    output.phases.sort_unstable();
    output.phases.dedup();
    output
}

fn describe_mark(mark: &Mark) -> MarkOutput<'_> {
    MarkOutput {
        kind: mark.kind,
        text: &mark.text,
        line: mark.line,
        tool: mark.tool,
        model: mark.model.as_ref().map(ModelName::id),
        phase: mark.phase.as_ref(),
        effort: mark.effort.as_deref(),
        grade: mark.grade.as_str(),
    }
}

/// Reads up to the end of the line, keeping nothing.
fn skip_line(input: &mut BufReader<impl Read>) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let length = buffer.len();
        if length == 0 {
            return Ok(());
        }
        if let Some(end) = memchr::memchr(b'\n', buffer) {
            input.consume(end + 1);
            return Ok(());
        }
        input.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_end_is_one_error_and_the_next_is_read() {
        let long = io::repeat(b'x').take(LONGEST_LINE as u64 + 10);
        let input = long.chain(&b"\n{\"message\":\"s\"}\n"[..]);
        let mut out = Vec::new();
        let broken = stream(&mut BufReader::new(input), &mut out).unwrap();
        assert_eq!(broken, 1);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"error\":\"the line is longer than 64 MiB\"}\n\
             {\"ai\":false,\"tools\":[],\"models\":[],\"phases\":[],\"marks\":[]}\n"
        );
    }
}
