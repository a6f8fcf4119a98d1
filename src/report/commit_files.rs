//! The files of one commit: which lines of each are whose.

use serde::Serialize;

use crate::format::{Cell, Column, Fact, Table};
use crate::history::{LineOrigin, LineOrigins};
use crate::provenance::{CommitRecord, FileAttribution, Origin};
use crate::report::OriginJson;
use crate::report::line_words::LineWords;

/// Files are named one by one up to this number.
const FILES_SHOWN: usize = 12;

/// The lines that a commit adds to one file, by origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLines {
    /// The path from the top of the repository.
    pub path: String,
    /// Origins and their numbers of lines, most lines first.
    pub counts: Vec<(LineOrigin, u32)>,
}

impl FileLines {
    /// Counts the added lines of each file by their origin.
    pub fn count(added: &[FileAttribution], origins: &LineOrigins) -> Vec<Self> {
        let count = |file: &FileAttribution| {
            let mut of_places = vec![0_u32; origins.all().len()];
            for range in &file.ranges {
                for line in range.start..=range.end {
                    of_places[origins.place(&file.path, line)] += 1;
                }
            }
            let mut counts: Vec<(LineOrigin, u32)> = Vec::new();
            for (origin, lines) in origins.all().iter().zip(of_places).filter(|(_, n)| *n > 0) {
                match counts.iter_mut().find(|(known, _)| known == origin) {
                    Some((_, sum)) => *sum += lines,
                    None => counts.push((origin.clone(), lines)),
                }
            }
            counts.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
            Self { path: file.path.clone(), counts }
        };
        added.iter().map(count).collect()
    }
}

/// Makes a table of files and origins; `None` where a single row would say what is said already.
pub(super) fn table(files: &[FileLines]) -> Option<Table> {
    let mut rows = Vec::new();
    for file in files.iter().take(FILES_SHOWN) {
        let mut name = file.path.as_str();
        for (origin, lines) in &file.counts {
            let LineWords { who, phase, grade } = LineWords::of(origin);
            let texts = [name.to_owned(), who, phase, grade].map(Cell::Text);
            rows.push(texts.into_iter().chain([Cell::Number(u64::from(*lines))]).collect());
            name = "";
        }
    }
    let columns = vec![
        Column::left("File"),
        Column::left("Who"),
        Column::left("Phase"),
        Column::left("Known as"),
        Column::right("added"),
    ];
    (rows.len() > 1).then_some(Table { columns, rows })
}

/// Says which lines of each file are whose; `None` without any.
pub(super) fn ranges(record: &CommitRecord) -> Option<Fact> {
    let mut lines = Vec::new();
    for file in record.files.iter().take(FILES_SHOWN) {
        let mut parts = Vec::new();
        for (place, contribution) in record.contributions.iter().enumerate() {
            let ranges = file.ranges.iter().filter(|range| range.contribution == place);
            let ranges = ranges.map(|range| {
                if range.start == range.end {
                    range.start.to_string()
                } else {
                    format!("{}-{}", range.start, range.end)
                }
            });
            let ranges = ranges.collect::<Vec<_>>().join(",");
            if !ranges.is_empty() {
                let name = match &contribution.origin {
                    Origin::Model { model, .. } => model.display(),
                    Origin::Human => "human",
                    Origin::Unknown => "unknown",
                };
                parts.push(format!("{ranges} {name}"));
            }
        }
        lines.push(format!("{}: {}", file.path, parts.join("; ")));
    }
    if record.files.len() > FILES_SHOWN {
        lines.push(format!("{} more files (--format json)", record.files.len() - FILES_SHOWN));
    }
    (!lines.is_empty()).then(|| Fact { label: "Lines".to_owned(), lines })
}

#[derive(Serialize)]
pub(super) struct FileJson<'a> {
    path: &'a str,
    ranges: Vec<RangeJson<'a>>,
}

#[derive(Serialize)]
struct RangeJson<'a> {
    start: u32,
    end: u32,
    origin: OriginJson<'a>,
}

/// Returns the files of a record as JSON has them.
pub(super) fn files_json(record: &CommitRecord) -> Vec<FileJson<'_>> {
    let range = |range: &crate::provenance::AttributedRange| RangeJson {
        start: range.start,
        end: range.end,
        origin: OriginJson::from(&record.contributions[range.contribution].origin),
    };
    let files = record.files.iter();
    files
        .map(|file| FileJson { path: &file.path, ranges: file.ranges.iter().map(range).collect() })
        .collect()
}

#[derive(Serialize)]
pub(super) struct FileLinesJson<'a> {
    path: &'a str,
    origins: Vec<CountJson<'a>>,
}

#[derive(Serialize)]
struct CountJson<'a> {
    origin: OriginJson<'a>,
    basis: &'static str,
    lines: u32,
}

/// Returns the counts of lines as JSON has them.
pub(super) fn counts_json<'f>(files: &'f [FileLines]) -> Vec<FileLinesJson<'f>> {
    let file = |file: &'f FileLines| {
        let FileLines { path, counts } = file;
        let count = |(line, lines): &'f (LineOrigin, u32)| CountJson {
            origin: OriginJson::from(&line.origin),
            basis: line.basis.as_str(),
            lines: *lines,
        };
        FileLinesJson { path, origins: counts.iter().map(count).collect() }
    };
    files.iter().map(file).collect()
}
