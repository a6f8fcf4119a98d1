//! Puts our hooks into an agent's settings in JSON, and takes them out, without touching any other byte.
//!
//! For agents whose settings have `hooks`, in it a list for each event, in it groups with a matcher and their hooks.
//! Text goes in and comes out; no file is read or written.
//!
//! What we put into an empty list or object that was there stands right behind its bracket; in one of our own it
//! stands on the next line. So both are told apart when ours is taken out, and the text becomes what it was.

use std::ops::Range;
use std::path::PathBuf;

use jsonc_parser::ast::{Array, Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::agent::SettingsFile;
use render::Style;

mod render;
#[cfg(test)]
mod tests;

/// The hooks of an agent.
#[derive(Debug)]
pub(super) struct HookSet {
    /// What a command of ours has in it, whatever the program's path.
    pub(super) marker: &'static str,
    /// How long the agent waits for a hook.
    pub(super) timeout_seconds: u32,
    /// The events, each once.
    pub(super) entries: &'static [HookEntry],
}

/// The hooks of an event.
#[derive(Debug)]
pub(super) struct HookEntry {
    /// The event.
    pub(super) event: &'static str,
    /// A group for each: `None` where the event has nothing to be matched.
    pub(super) matchers: &'static [Option<&'static str>],
}

/// Whether our hooks are in an agent's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookState {
    /// All are, with the command asked for.
    Installed,
    /// None is.
    Absent,
    /// Some are, or with another command, as an older version left them.
    Outdated,
}

/// What becomes of a settings file whose hooks of ours are taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// There were none.
    Unchanged,
    /// This is the text without them.
    Text(String),
    /// Nothing else was in it: the file goes.
    DeleteFile,
}

/// Why settings were left as they are.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is not JSON.
    #[error("`{}` is not valid JSON at line {line}, column {column}: {reason}", file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// Something in it has another type than the agent reads there.
    #[error("{what} in `{}` is not {expected} at line {line}, column {column}", file.display())]
    WrongType {
        /// The file.
        file: PathBuf,
        /// What it is.
        what: String,
        /// What it should be.
        expected: &'static str,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
}

/// A hook of ours as it was found: event, matcher, command and timeout.
type Found = (String, Option<String>, String, Option<String>);

impl HookSet {
    /// Returns the settings with all of our hooks.
    pub(super) fn with(
        &self,
        file: SettingsFile<'_>,
        command: &str,
    ) -> Result<String, SettingsError> {
        if self.state(file, command)? == HookState::Installed {
            return Ok(file.text.unwrap_or_default().to_owned());
        }
        let old = match self.without(file)? {
            Removal::Unchanged => file.text.map(str::to_owned),
            Removal::Text(text) => Some(text),
            Removal::DeleteFile => None,
        };
        match old.as_deref().filter(|text| !text.trim().is_empty()) {
            Some(text) => self.merged(SettingsFile { text: Some(text), ..file }, text, command),
            None => Ok(Style::default().file(self, command)),
        }
    }

    /// Returns the settings without our hooks.
    pub(super) fn without(&self, file: SettingsFile<'_>) -> Result<Removal, SettingsError> {
        let Some(text) = file.text else { return Ok(Removal::Unchanged) };
        let Some(value) = parse(file, text)? else { return Ok(Removal::Unchanged) };
        let Some(root) = value.as_object() else { return Ok(Removal::Unchanged) };
        let cut = Cut { set: self, text };
        let children = root.properties.iter().map(|property| {
            let is_hooks = property.name.as_str() == "hooks";
            (property.range(), if is_hooks { cut.hooks(&property.value) } else { Fate::Stays })
        });
        match cut.container(root.range(), children.collect()) {
            Fate::Stays => Ok(Removal::Unchanged),
            Fate::Goes => Ok(Removal::DeleteFile),
            Fate::Changes(mut ranges) => {
                ranges.sort_by_key(|range| std::cmp::Reverse(range.start));
                let mut text = text.to_owned();
                for range in ranges {
                    text.replace_range(range, "");
                }
                Ok(Removal::Text(text))
            }
        }
    }

    /// Says whether our hooks are there.
    pub(super) fn state(
        &self,
        file: SettingsFile<'_>,
        command: &str,
    ) -> Result<HookState, SettingsError> {
        let text = file.text.unwrap_or_default();
        let value = parse(file, text)?;
        let mut found = Vec::new();
        if let Some(root) = value.as_ref().and_then(Value::as_object) {
            for hooks in root.properties.iter().filter(|one| one.name.as_str() == "hooks") {
                self.collect(&hooks.value, &mut found);
            }
        }
        if found.is_empty() {
            return Ok(HookState::Absent);
        }
        let timeout = Some(self.timeout_seconds.to_string());
        let mut wanted = Vec::new();
        for entry in self.entries {
            for matcher in entry.matchers {
                let matcher = matcher.map(str::to_owned);
                wanted.push((entry.event.to_owned(), matcher, command.to_owned(), timeout.clone()));
            }
        }
        found.sort();
        wanted.sort();
        Ok(if found == wanted { HookState::Installed } else { HookState::Outdated })
    }

    fn collect(&self, hooks: &Value<'_>, found: &mut Vec<Found>) {
        let events = hooks.as_object().map(|hooks| hooks.properties.as_slice());
        for event in events.unwrap_or_default() {
            let groups = event.value.as_array().map(|groups| groups.elements.as_slice());
            for group in groups.unwrap_or_default().iter().filter_map(Value::as_object) {
                let text = |object: &Object<'_>, name: &str| {
                    object.get_string(name).map(|text| text.value.clone().into_owned())
                };
                let handlers = group.get_array("hooks").map(|hooks| hooks.elements.as_slice());
                for handler in handlers.unwrap_or_default().iter().filter(|one| self.is_ours(one)) {
                    let Some(handler) = handler.as_object() else { continue };
                    found.push((
                        event.name.as_str().to_owned(),
                        text(group, "matcher"),
                        text(handler, "command").unwrap_or_default(),
                        handler.get_number("timeout").map(|timeout| timeout.value.to_owned()),
                    ));
                }
            }
        }
    }

    fn is_ours(&self, handler: &Value<'_>) -> bool {
        let command = handler.as_object().and_then(|handler| handler.get_string("command"));
        command.is_some_and(|command| {
            let mut found = command.value.match_indices(self.marker);
            // The name of another agent may begin like ours.
            found.any(|(start, marker)| {
                let rest = &command.value[start + marker.len()..];
                !rest.starts_with(|next: char| next.is_alphanumeric() || next == '-')
            })
        })
    }

    /// Returns settings that have none of our hooks with all of them.
    fn merged(
        &self,
        file: SettingsFile<'_>,
        text: &str,
        command: &str,
    ) -> Result<String, SettingsError> {
        let value = parse(file, text)?;
        let Some(root) = value.as_ref().and_then(Value::as_object) else {
            let start = value.as_ref().map_or(0, Ranged::start);
            return Err(wrong_type(file, text, start, "the whole text", "an object"));
        };
        let style = Style::of(text, root);
        let mut additions = Vec::new();
        match last(root, "hooks") {
            None => additions.push(style.in_object(root, &[style.hooks(self, command, 1)], 1)),
            Some(property) => {
                let Some(hooks) = property.value.as_object() else {
                    let start = property.value.start();
                    return Err(wrong_type(file, text, start, "`hooks`", "an object"));
                };
                let mut new_events = Vec::new();
                for entry in self.entries {
                    let Some(event) = last(hooks, entry.event) else {
                        new_events.push(style.event(self, entry, command, 2));
                        continue;
                    };
                    let Some(groups) = event.value.as_array() else {
                        let start = event.value.start();
                        let what = format!("`hooks.{}`", entry.event);
                        return Err(wrong_type(file, text, start, &what, "a list"));
                    };
                    let items = style.groups(self, entry, command, 3);
                    additions.push(style.in_array(groups, &items, 3));
                }
                if !new_events.is_empty() {
                    additions.push(style.in_object(hooks, &new_events, 2));
                }
            }
        }
        additions.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let mut text = text.to_owned();
        for (at, addition) in additions {
            text.insert_str(at, &addition);
        }
        Ok(text)
    }
}

/// Returns the property that counts where a name stands twice.
fn last<'a, 'b>(object: &'b Object<'a>, name: &str) -> Option<&'b ObjectProp<'a>> {
    object.properties.iter().rev().find(|property| property.name.as_str() == name)
}

fn parse<'a>(file: SettingsFile<'_>, text: &'a str) -> Result<Option<Value<'a>>, SettingsError> {
    // Comments and a comma too many are read, since some agents allow them and we leave them in place.
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    parse_to_ast(text, &CollectOptions::default(), &options).map(|found| found.value).map_err(
        |error| SettingsError::Broken {
            file: file.path.to_owned(),
            line: error.line_display(),
            column: error.column_display(),
            reason: error.kind().to_string(),
        },
    )
}

fn wrong_type(
    file: SettingsFile<'_>,
    text: &str,
    start: usize,
    what: &str,
    expected: &'static str,
) -> SettingsError {
    let before = &text[..start];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    SettingsError::WrongType {
        file: file.path.to_owned(),
        what: what.to_owned(),
        expected,
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

/// What becomes of a part of the text.
enum Fate {
    Stays,
    /// These ranges are cut out of it.
    Changes(Vec<Range<usize>>),
    Goes,
}

/// Takes our hooks out of a text.
struct Cut<'a> {
    set: &'a HookSet,
    text: &'a str,
}

impl Cut<'_> {
    fn hooks(&self, hooks: &Value<'_>) -> Fate {
        let Some(hooks) = hooks.as_object() else { return Fate::Stays };
        let events = hooks.properties.iter().map(|event| {
            let groups = event.value.as_array();
            (event.range(), groups.map_or(Fate::Stays, |groups| self.groups(groups)))
        });
        self.container(hooks.range(), events.collect())
    }

    fn groups(&self, groups: &Array<'_>) -> Fate {
        let fates = groups.elements.iter().map(|group| (group.range(), self.group(group)));
        self.container(groups.range(), fates.collect())
    }

    fn group(&self, group: &Value<'_>) -> Fate {
        let handlers = group.as_object().and_then(|group| group.get_array("hooks"));
        let Some(handlers) = handlers else { return Fate::Stays };
        let fates = handlers.elements.iter().map(|handler| {
            let fate = if self.set.is_ours(handler) { Fate::Goes } else { Fate::Stays };
            (handler.range(), fate)
        });
        let fates = fates.collect::<Vec<_>>();
        // A group is somebody's choice of a matcher for something; without it, it is nothing.
        if !fates.is_empty() && fates.iter().all(|(_, fate)| matches!(fate, Fate::Goes)) {
            return Fate::Goes;
        }
        self.container(handlers.range(), fates)
    }

    /// Returns the fate of a list or an object from that of what is in it.
    fn container(
        &self,
        range: jsonc_parser::common::Range,
        children: Vec<(jsonc_parser::common::Range, Fate)>,
    ) -> Fate {
        if children.iter().all(|(_, fate)| matches!(fate, Fate::Stays)) {
            return Fate::Stays;
        }
        let is_kept = |fate: &Fate| !matches!(fate, Fate::Goes);
        let mut cuts = Vec::new();
        let first_kept = children.iter().position(|(_, fate)| is_kept(fate));
        let Some(first_kept) = first_kept else {
            let inner = &self.text[range.start + 1..];
            if inner.trim_start_matches('\r').starts_with('\n') {
                return Fate::Goes;
            }
            let all = children[0].0.start..children[children.len() - 1].0.end;
            return Fate::Changes(Vec::from([all]));
        };
        if first_kept > 0 {
            cuts.push(children[0].0.start..children[first_kept].0.start);
        }
        let mut kept_end = 0;
        for (range, fate) in children.into_iter().skip(first_kept) {
            match fate {
                // Several in a row overlap, and are joined below.
                Fate::Goes => {
                    cuts.push(kept_end..range.end);
                    continue;
                }
                Fate::Stays => {}
                Fate::Changes(more) => cuts.extend(more),
            }
            kept_end = range.end;
        }
        Fate::Changes(merged(cuts))
    }
}

/// Joins ranges that overlap.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => joined.push(range),
        }
    }
    joined
}
