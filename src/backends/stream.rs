//! An answer that comes piece by piece, as server-sent events, put together to what the reply would be in one.

use serde_json::Value;

use super::backend::Failure;
use super::watch::Watch;
use super::way::Dialect;

/// What has come so far.
pub(super) struct Stream<'s> {
    dialect: &'static dyn Dialect,
    watch: &'s Watch,
    /// The beginning of a line whose end has not come.
    begun: Vec<u8>,
    whole: Value,
    problem: Option<Failure>,
}

impl<'s> Stream<'s> {
    /// Begins.
    pub(super) fn new(dialect: &'static dyn Dialect, watch: &'s Watch) -> Self {
        Self { dialect, watch, begun: Vec::new(), whole: Value::Null, problem: None }
    }

    /// Takes a piece, which may end anywhere.
    pub(super) fn take(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let mut line = std::mem::take(&mut self.begun);
            line.extend_from_slice(&rest[..end]);
            rest = &rest[end + 1..];
            self.line(&line);
        }
        self.begun.extend_from_slice(rest);
    }

    /// Returns the whole reply. Whether it came to its end is told by the provider's word in it, as ever.
    pub(super) fn end(mut self) -> Result<Value, Failure> {
        let last = std::mem::take(&mut self.begun);
        self.line(&last);
        match self.problem {
            Some(problem) => Err(problem),
            None if self.whole.is_null() => Err(Failure::Empty),
            None => Ok(self.whole),
        }
    }

    /// Reads a line: only those of data matter, since each tells its kind again.
    fn line(&mut self, line: &[u8]) {
        let Some(data) = line.strip_prefix(b"data:").map(<[u8]>::trim_ascii) else { return };
        if data.is_empty() || data == b"[DONE]" || self.problem.is_some() {
            return;
        }
        match serde_json::from_slice::<Value>(data) {
            Ok(event) => {
                if let Some(text) = self.dialect.fold(&event, &mut self.whole) {
                    self.watch.heard(text);
                }
            }
            Err(error) => {
                let problem = format!("a piece of it is no JSON ({error})");
                self.problem = Some(Failure::BadReply { problem });
            }
        }
    }
}

/// Adds text to a field that holds text, or is not there yet.
pub(super) fn add_text(field: &mut Value, text: &str) {
    match field {
        Value::String(known) => known.push_str(text),
        other => *other = Value::String(text.to_owned()),
    }
}
