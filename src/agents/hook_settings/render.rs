//! How our hooks look in settings: indented as the text around them.

use jsonc_parser::ast::{Array, Object};
use jsonc_parser::common::Ranged;

use super::{HookEntry, HookSet};

/// The habits of a text.
pub(super) struct Style {
    unit: String,
    line_break: &'static str,
}

impl Default for Style {
    fn default() -> Self {
        Self { unit: "  ".to_owned(), line_break: "\n" }
    }
}

impl Style {
    /// Reads the habits off a text.
    pub(super) fn of(text: &str, root: &Object<'_>) -> Self {
        let mut style = Self::default();
        if text.contains("\r\n") {
            style.line_break = "\r\n";
        }
        if let Some(first) = root.properties.first() {
            let before = &text[..first.start()];
            let indent = &before[before.rfind('\n').map_or(before.len(), |at| at + 1)..];
            if !indent.is_empty() && indent.chars().all(|c| c == ' ' || c == '\t') {
                indent.clone_into(&mut style.unit);
            }
        }
        style
    }

    /// Returns a whole file of ours.
    pub(super) fn file(&self, set: &HookSet, command: &str) -> String {
        self.block('{', &[self.hooks(set, command, 1)], '}', 0) + self.line_break
    }

    /// Returns `"hooks": {...}`, which stands at a level.
    pub(super) fn hooks(&self, set: &HookSet, command: &str, level: usize) -> String {
        let events = set.entries.iter().map(|entry| self.event(set, entry, command, level + 1));
        format!("\"hooks\": {}", self.block('{', &events.collect::<Vec<_>>(), '}', level))
    }

    /// Returns `"Event": [...]`.
    pub(super) fn event(
        &self,
        set: &HookSet,
        entry: &HookEntry,
        command: &str,
        level: usize,
    ) -> String {
        let groups = self.groups(set, entry, command, level + 1);
        format!("{}: {}", quoted(entry.event), self.block('[', &groups, ']', level))
    }

    /// Returns the groups of an event.
    pub(super) fn groups(
        &self,
        set: &HookSet,
        entry: &HookEntry,
        command: &str,
        level: usize,
    ) -> Vec<String> {
        let handler = [
            "\"type\": \"command\"".to_owned(),
            format!("\"command\": {}", quoted(command)),
            format!("\"timeout\": {}", set.timeout_seconds),
        ];
        let handler = self.block('{', &handler, '}', level + 2);
        let handlers = format!("\"hooks\": {}", self.block('[', &[handler], ']', level + 1));
        let groups = entry.matchers.iter().map(|matcher| {
            let matcher = matcher.map(|matcher| format!("\"matcher\": {}", quoted(matcher)));
            let items = matcher.into_iter().chain([handlers.clone()]).collect::<Vec<_>>();
            self.block('{', &items, '}', level)
        });
        groups.collect()
    }

    /// Returns brackets at a level with items in them, each on its line.
    fn block(&self, open: char, items: &[String], close: char, level: usize) -> String {
        let inner = self.new_line(level + 1);
        let separator = format!(",{inner}");
        format!("{open}{inner}{}{}{close}", items.join(&separator), self.new_line(level))
    }

    fn new_line(&self, level: usize) -> String {
        format!("{}{}", self.line_break, self.unit.repeat(level))
    }

    /// Returns where items go into an object, and the text to insert there.
    pub(super) fn in_object(
        &self,
        object: &Object<'_>,
        items: &[String],
        level: usize,
    ) -> (usize, String) {
        self.appended(object.start(), object.properties.last().map(Ranged::end), items, level)
    }

    /// Returns where items go into a list, and the text to insert there.
    pub(super) fn in_array(
        &self,
        array: &Array<'_>,
        items: &[String],
        level: usize,
    ) -> (usize, String) {
        self.appended(array.start(), array.elements.last().map(Ranged::end), items, level)
    }

    fn appended(
        &self,
        start: usize,
        last: Option<usize>,
        items: &[String],
        level: usize,
    ) -> (usize, String) {
        let separator = format!(",{}", self.new_line(level));
        let text = items.join(&separator);
        // Into brackets without anything it goes right behind the first, as the removal expects.
        last.map_or_else(|| (start + 1, text.clone()), |end| (end, separator + &text))
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
