//! Text for people at a terminal.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::format::block::clean;
use crate::format::{
    Align, Block, Canvas, Cell, Column, Fact, Format, ListHead, ListItem, Report, Table, ValueLine,
    thousands,
};

/// No column of words is cut to less.
const NARROWEST: usize = 8;

/// In a list, the column before the last is not cut to less: a model with what it did (`Sonnet 5.5 wrote`), or a tool.
const NARROW: usize = 16;

pub(super) struct Text;

impl Format for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn is_for_people(&self) -> bool {
        true
    }

    fn report(&self, report: &dyn Report, canvas: &Canvas, out: &mut dyn Write) -> io::Result<()> {
        for (place, block) in report.blocks().iter().enumerate() {
            if place > 0 && !matches!(block, Block::Footnote(_)) {
                writeln!(out)?;
            }
            match block {
                Block::Sentence(text) => {
                    for line in wrap(&clean(text), canvas.width) {
                        writeln!(out, "{}", paint(&line, BOLD, canvas))?;
                    }
                }
                Block::Facts(facts) => write_facts(facts, canvas, out)?,
                Block::Values(lines) => write_values(lines, canvas, out)?,
                Block::Table(table) => write_table(table, canvas, out)?,
                Block::Listing(listing) => listing.write(canvas, out)?,
                Block::Verbatim(text) => {
                    // A tab is shown, and no line is wrapped: who wrote it laid it out.
                    for line in text.lines() {
                        writeln!(out, "{}", clean(&line.replace('\t', "    ")).trim_end())?;
                    }
                }
                Block::Footnote(text) => {
                    for line in wrap(&format!("({})", clean(text)), canvas.width) {
                        writeln!(out, "{}", paint(&line, DIM, canvas))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn begin(&self, _: &ListHead, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn items(
        &self,
        head: &ListHead,
        items: &[&dyn ListItem],
        (canvas, _): (&Canvas, u64),
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let rows: Vec<Vec<String>> =
            items.iter().map(|item| item.cells().iter().map(Cell::for_people).collect()).collect();
        let mut widths = widths(head.columns.len(), &rows);
        let [before @ .., second_last, last] = widths.as_mut_slice() else { return Ok(()) };
        let free = canvas.width.saturating_sub(before.iter().map(|width| width + 2).sum());
        // The second last takes what the last leaves, or what seven of eight rows need of it, up to half.
        let usual = usual_width(&rows, before.len()).max(NARROW).min(free / 2);
        let most = free.saturating_sub(2 + *last).max(usual);
        *second_last = (*second_last).min(most);
        *last = free.saturating_sub(*second_last + 2).max(NARROWEST);
        for row in &rows {
            write_row(row, &head.columns, &widths, Some(canvas), out)?;
        }
        Ok(())
    }

    fn end(&self, _: &ListHead, _: u64, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn write_values(lines: &[ValueLine], canvas: &Canvas, out: &mut dyn Write) -> io::Result<()> {
    let label = lines.iter().map(|line| line.label.width()).max().unwrap_or(0);
    let number = lines.iter().map(|line| thousands(line.number).len()).max().unwrap_or(0);
    let indent = 2 + label + 2 + number + 3;
    for line in lines {
        let remark = wrap(&clean(&line.remark), canvas.width.saturating_sub(indent).max(20));
        let mut remark = remark.iter();
        let first = format!(
            "  {}  {}   {}",
            pad(&line.label, label, Align::Left),
            pad(&thousands(line.number), number, Align::Right),
            remark.next().map_or("", String::as_str)
        );
        writeln!(out, "{}", first.trim_end())?;
        for rest in remark {
            writeln!(out, "{:indent$}{rest}", "")?;
        }
    }
    Ok(())
}

fn write_facts(facts: &[Fact], canvas: &Canvas, out: &mut dyn Write) -> io::Result<()> {
    let label = facts.iter().map(|fact| fact.label.width()).max().unwrap_or(0);
    for fact in facts {
        let mut shown = pad(&fact.label, label, Align::Left);
        let wrapped = fact
            .lines
            .iter()
            .flat_map(|line| wrap(&clean(line), canvas.width.saturating_sub(label + 2).max(20)));
        for line in wrapped {
            writeln!(out, "{}", format!("{shown}  {line}").trim_end())?;
            shown = " ".repeat(label);
        }
    }
    Ok(())
}

fn write_table(table: &Table, canvas: &Canvas, out: &mut dyn Write) -> io::Result<()> {
    let titles: Vec<String> = table.columns.iter().map(|column| column.title.to_owned()).collect();
    let mut rows = vec![titles];
    rows.extend(table.rows.iter().map(|row| row.iter().map(Cell::for_people).collect()));
    let mut widths = widths(table.columns.len(), &rows);
    let used = widths.iter().map(|width| width + 2).sum::<usize>() - 2;
    if let (Some(first), true) = (widths.first_mut(), used > canvas.width) {
        *first = first.saturating_sub(used - canvas.width).max(NARROWEST);
    }
    for (place, row) in rows.iter().enumerate() {
        if place == 0 {
            let mut title = Vec::new();
            write_row(row, &table.columns, &widths, None, &mut title)?;
            let title = String::from_utf8_lossy(&title);
            writeln!(out, "{}", paint(title.trim_end(), BOLD, canvas))?;
        } else {
            write_row(row, &table.columns, &widths, None, out)?;
        }
    }
    Ok(())
}

/// Writes a row; `list` gives the canvas of a list, whose first cell is an id as Git colours it.
fn write_row(
    row: &[String],
    columns: &[Column],
    widths: &[usize],
    list: Option<&Canvas>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut line = String::new();
    for (place, ((cell, column), width)) in row.iter().zip(columns).zip(widths).enumerate() {
        let cell = pad(&cut(cell, *width), *width, column.align);
        match list {
            Some(canvas) if place == 0 => line.push_str(&paint(&cell, YELLOW, canvas)),
            _ => line.push_str(&cell),
        }
        line.push_str("  ");
    }
    writeln!(out, "{}", line.trim_end())
}

pub(super) fn widths(columns: usize, rows: &[Vec<String>]) -> Vec<usize> {
    (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.width())
                .max()
                .unwrap_or(0)
        })
        .collect()
}

/// Returns the width that is enough for seven of eight cells of a column, so that one long cell narrows no other.
fn usual_width(rows: &[Vec<String>], column: usize) -> usize {
    let mut widths: Vec<usize> =
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).collect();
    widths.sort_unstable();
    widths.get(widths.len().saturating_sub(1) * 7 / 8).copied().unwrap_or(0)
}

pub(super) fn pad(text: &str, width: usize, align: Align) -> String {
    let space = " ".repeat(width.saturating_sub(text.width()));
    match align {
        Align::Left => format!("{text}{space}"),
        Align::Right => format!("{space}{text}"),
    }
}

/// Cuts a text to a width, with a sign that it was cut.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// Breaks a text into lines at its spaces; a word that is longer than a line stays whole.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

pub(super) const BOLD: &str = "1";
pub(super) const DIM: &str = "2";
const YELLOW: &str = "33";

pub(super) fn paint(text: &str, style: &str, canvas: &Canvas) -> String {
    if canvas.colour { format!("\u{1b}[{style}m{text}\u{1b}[m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns_when_cut() {
        assert_eq!(cut("日本語の件名", 7), "日本語…");
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("a long subject", 8), "a long…");
    }

    struct Item(&'static str, &'static str);

    impl ListItem for Item {
        fn cells(&self) -> Vec<Cell> {
            [self.0, self.1].map(|text| Cell::Text(text.to_owned())).into()
        }

        fn json(&self) -> String {
            String::new()
        }
    }

    fn listed(items: &[&dyn ListItem]) -> String {
        let columns = ["who", "subject"].map(Column::left).into();
        let head = ListHead { columns, fields: Vec::new(), count_field: "commits" };
        let mut out = Vec::new();
        Text.items(&head, items, (&Canvas { width: 52, colour: false }, 0), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_long_cell_of_a_list_does_not_narrow_the_subjects_of_all() {
        let short = Item("unknown", "Read the index once and not twice");
        let long = Item("Opus 5.5 planned, Sonnet 5.5 wrote", "Keep the cache");
        let mixed: [&dyn ListItem; 8] =
            [&short, &long, &short, &short, &short, &short, &short, &short];
        let lines = listed(&mixed);
        assert!(
            lines.starts_with(
                "unknown            Read the index once and not twice\n\
                 Opus 5.5 planned…  Keep the cache\n"
            ),
            "{lines}"
        );
        // Where most rows need more, they get up to half.
        assert_eq!(
            listed(&[&long, &short, &long]),
            "Opus 5.5 planned, Sonnet…   Keep the cache\n\
             unknown                     Read the index once and…\n\
             Opus 5.5 planned, Sonnet…   Keep the cache\n"
        );
    }

    #[test]
    fn a_remark_that_is_too_long_goes_on_below_itself() {
        let lines = [ValueLine {
            label: "unknown".to_owned(),
            number: 9312,
            remark: "8,020 before the first mark, 1,055 since".to_owned(),
        }];
        let mut out = Vec::new();
        write_values(&lines, &Canvas { width: 44, colour: false }, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "  unknown  9,312   8,020 before the first\n                   mark, 1,055 since\n"
        );
    }
}
