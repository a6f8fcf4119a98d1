//! Where a line was lost: the operation after which no record said any more whose it is, and why.

use std::collections::HashMap;

use crate::history::Told;
use crate::operations::Sequence;
use crate::truth::truth;

/// A commit as it was first seen.
struct Seen {
    /// The operation that made it, as it was told.
    by: String,
    told: Told,
}

/// All commits of a sequence, also those that were rewritten since.
#[derive(Default)]
pub(crate) struct Ledger {
    commits: HashMap<String, Seen>,
    /// The ids in the order in which they were seen.
    order: Vec<String>,
    /// How much of the story is told already.
    steps: usize,
}

impl Ledger {
    /// Looks at what an operation made.
    pub(crate) fn look(&mut self, sequence: &Sequence) {
        let by = sequence.told[self.steps..].iter().filter(|step| is_command(step)).cloned();
        let by = by.collect::<Vec<_>>().join("; ");
        self.steps = sequence.told.len();
        for told in sequence.story.history() {
            let id = told.id.clone();
            if let Some(known) = self.commits.get_mut(&id) {
                // Its record may have been caught up.
                known.told.note = told.note;
                continue;
            }
            self.order.push(id.clone());
            self.commits.insert(id, Seen { by: by.clone(), told });
        }
    }

    /// Tells of a line which commit's record had it last, and why that of the next one has not.
    pub(crate) fn explain(&self, word: &str, lost_in: &str) -> String {
        let upto = self.order.iter().position(|id| id == lost_in).map_or(0, |at| at + 1);
        let all = self.order[..upto].iter().map(|id| &self.commits[id]);
        let having = all.filter(|seen| seen.told.has(word)).collect::<Vec<_>>();
        let is_right = |seen: &&&Seen| seen.told.who(word).as_deref() == Some(truth(word));
        let last_right = having.iter().rposition(|seen| is_right(&seen));
        let Some(lost) = having.get(last_right.map_or(0, |place| place + 1)) else {
            let subject = self.commits.get(lost_in).map_or("?", |seen| seen.told.subject());
            return format!("`git blame` names `{subject}`, to whose record it was there before");
        };
        let known = last_right.map_or_else(
            || "never known".to_owned(),
            |place| format!("known in `{}` ({})", having[place].told.subject(), having[place].by),
        );
        format!(
            "{known}; unknown in `{}` ({}): {}",
            lost.told.subject(),
            lost.by,
            self.reason(word, &lost.told)
        )
    }

    /// Says why a record does not know a line.
    fn reason(&self, word: &str, told: &Told) -> String {
        let Some(note) = &told.note else { return "no hook found anything of it".to_owned() };
        let ours = &note["metadata"]["git-model"];
        let operation = ours["operation"].as_str().unwrap_or("?");
        let sources = ours["sources"].as_array().cloned().unwrap_or_default();
        if sources.is_empty() {
            return format!("a {operation} out of no commit, and the edit was not seen");
        }
        let said = sources.iter().filter_map(|source| {
            let seen = self.commits.get(source.as_str()?)?;
            let who = seen.told.who(word).unwrap_or_else(|| "has it not".to_owned());
            Some(format!("`{}` {who}", seen.told.subject()))
        });
        let said = said.collect::<Vec<_>>();
        format!("a {operation} out of {} commits: {}", sources.len(), said.join(", "))
    }
}

/// Says whether a step may make commits.
fn is_command(step: &str) -> bool {
    let is_edit = step.as_bytes().get(1) == Some(&b' ');
    !is_edit && !step.starts_with("git add ") && !step.starts_with("use ")
}
