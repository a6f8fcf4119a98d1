//! What `git model log --commits` says of each commit.

use serde::Serialize;

use crate::format::{Cell, Column, ListHead, ListItem, to_json};
use crate::history::{Class, ListedCommit, Part};
use crate::provenance::{ModelName, Phase};
use crate::report::log_json::SCHEMA;
use crate::report::log_report::{LogScope, date};
use crate::report::origin::OriginJson;

/// Returns what the lines of the list have in common.
pub fn log_list_head(scope: &LogScope) -> ListHead {
    let mut fields = vec![
        ("schema", to_json(&SCHEMA)),
        ("repository", to_json(&scope.repository)),
        ("range", to_json(&scope.range)),
    ];
    if !scope.filter.is_empty() {
        fields.push(("filter", to_json(&scope.filter)));
    }
    ListHead {
        columns: ["commit", "date", "grade", "who", "subject"].map(Column::left).into(),
        fields,
        count_field: "commits",
    }
}

/// A line of the list.
#[derive(Debug, Clone, Copy)]
pub struct LogItem<'a>(pub &'a ListedCommit);

impl LogItem<'_> {
    fn date(self) -> String {
        let local = self.0.author_seconds.saturating_add(i64::from(self.0.offset_minutes) * 60);
        date(local.div_euclid(86_400))
    }

    fn grade(self) -> &'static str {
        match self.0.reading.class {
            Class::Recorded(grade) => grade.as_str(),
            Class::MarksOnly => "inferred",
            Class::Human => "declared",
            Class::Unknown => "-",
        }
    }

    fn who(self) -> String {
        let reading = &self.0.reading;
        let mut who = match reading.class {
            Class::Human => "human".to_owned(),
            Class::Unknown if reading.bot => "unknown, a bot".to_owned(),
            Class::Unknown => "unknown".to_owned(),
            Class::Recorded(_) | Class::MarksOnly => match &reading.tool {
                Some(tool) => format!("{tool}, no model"),
                None => name_parts(&reading.parts),
            },
        };
        if !reading.mismatches.is_empty() {
            let names: Vec<_> = reading.mismatches.iter().map(ModelName::display).collect();
            who = format!("{who} (message: {})", names.join(", "));
        }
        who
    }
}

impl ListItem for LogItem<'_> {
    fn cells(&self) -> Vec<Cell> {
        [
            self.0.id.short(),
            self.date(),
            self.grade().to_owned(),
            self.who(),
            self.0.subject.clone(),
        ]
        .map(Cell::Text)
        .into()
    }

    fn json(&self) -> String {
        let reading = &self.0.reading;
        let mut origins: Vec<OriginJson<'_>> = reading.parts.iter().map(OriginJson::from).collect();
        match reading.class {
            Class::Human => origins.push(OriginJson::HUMAN),
            Class::Unknown => origins.push(OriginJson::UNKNOWN),
            Class::Recorded(_) | Class::MarksOnly => {}
        }
        to_json(&ItemJson {
            commit: self.0.id.to_string(),
            date: self.date(),
            class: match reading.class {
                Class::Recorded(_) => "recorded",
                Class::MarksOnly => "marks-only",
                Class::Human => "human",
                Class::Unknown => "unknown",
            },
            origins,
            tool: reading.tool.as_deref(),
            bot: reading.bot,
            mismatches: reading.mismatches.iter().map(ModelName::id).collect(),
            subject: &self.0.subject,
        })
    }
}

#[derive(Serialize)]
struct ItemJson<'a> {
    commit: String,
    date: String,
    class: &'static str,
    origins: Vec<OriginJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool: Option<&'a str>,
    bot: bool,
    mismatches: Vec<&'a str>,
    subject: &'a str,
}

/// Says who did what: `Opus 5.5 planned and reviewed, Sonnet 5.5 wrote`.
fn name_parts(parts: &[Part]) -> String {
    let mut named: Vec<(&Part, Vec<String>)> = Vec::new();
    for part in parts {
        let deed = part.phase.as_ref().map(deed);
        match named.iter_mut().find(|(first, _)| first.model.id() == part.model.id()) {
            Some((_, deeds)) => deeds.extend(deed),
            None => named.push((part, deed.into_iter().collect())),
        }
    }
    let phrases: Vec<_> = named
        .iter()
        .map(|(part, deeds)| match deeds.as_slice() {
            [] => part.model.display().to_owned(),
            deeds => format!("{} {}", part.model.display(), deeds.join(" and ")),
        })
        .collect();
    phrases.join(", ")
}

fn deed(phase: &Phase) -> String {
    match phase {
        Phase::Architecture => "planned".to_owned(),
        Phase::Implementation => "wrote".to_owned(),
        Phase::Review => "reviewed".to_owned(),
        Phase::Advice => "advised".to_owned(),
        Phase::Other(word) => format!("did {word}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::CommitReading;
    use crate::provenance::Grade;

    fn commit(class: Class, parts: Vec<Part>) -> ListedCommit {
        ListedCommit {
            id: "0123456789abcdef0123456789abcdef01234567".parse().unwrap(),
            author_seconds: 1_740_787_199,
            offset_minutes: 60,
            reading: CommitReading::new(class, parts),
            subject: "Cache user lookups".to_owned(),
            problems: Vec::new(),
        }
    }

    fn part(model: &str, phase: Phase) -> Part {
        let model = ModelName::parse(model).unwrap();
        Part::new(model, Some(phase), Grade::Declared)
    }

    #[test]
    fn each_model_is_named_once_with_what_it_did_on_the_authors_day() {
        let parts = vec![
            part("Opus", Phase::Architecture),
            part("Sonnet", Phase::Implementation),
            part("Opus", Phase::Review),
        ];
        let commit = commit(Class::Recorded(Grade::Declared), parts);
        let cells = LogItem(&commit).cells();
        let words =
            ["0123456", "2025-03-01", "declared", "Opus planned and reviewed, Sonnet wrote"];
        assert_eq!(cells[..4], words.map(|word| Cell::Text(word.to_owned())));
    }

    #[test]
    fn an_unknown_commit_has_an_unknown_origin() {
        let commit = commit(Class::Unknown, Vec::new());
        let json = LogItem(&commit).json();
        assert!(json.contains(r#""class":"unknown","origins":[{"kind":"unknown"}],"bot":false"#));
    }
}
