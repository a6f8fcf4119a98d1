//! Markdown, for pull requests and wikis.

use std::io::{self, Write};

use crate::format::block::clean;
use crate::format::{
    Align, Block, Canvas, Cell, Column, Format, ListHead, ListItem, Report, thousands,
};

pub(super) struct Markdown;

impl Format for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn report(&self, report: &dyn Report, _: &Canvas, out: &mut dyn Write) -> io::Result<()> {
        for (place, block) in report.blocks().iter().enumerate() {
            if place > 0 {
                writeln!(out)?;
            }
            match block {
                Block::Sentence(text) => writeln!(out, "{}", escape(text))?,
                Block::Verbatim(text) => {
                    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                    let fence = "`".repeat(longest.max(2) + 1);
                    writeln!(out, "{fence}")?;
                    for line in text.lines() {
                        writeln!(out, "{}", clean(&line.replace('\t', "    ")))?;
                    }
                    writeln!(out, "{fence}")?;
                }
                Block::Footnote(text) => writeln!(out, "_{}_", escape(text))?,
                Block::Facts(facts) => {
                    for fact in facts {
                        let lines = fact.lines.iter().map(|line| escape(line)).collect::<Vec<_>>();
                        writeln!(out, "- {}: {}", escape(&fact.label), lines.join("; "))?;
                    }
                }
                Block::Values(lines) => {
                    for line in lines {
                        let remark = match line.remark.as_str() {
                            "" => String::new(),
                            remark => format!(" ({})", escape(remark)),
                        };
                        writeln!(
                            out,
                            "- {}: {}{remark}",
                            escape(&line.label),
                            thousands(line.number)
                        )?;
                    }
                }
                Block::Listing(listing) => {
                    let table = listing.table();
                    write_titles(&table.columns, out)?;
                    table.rows.iter().try_for_each(|row| write_row(row, out))?;
                }
                Block::Table(table) => {
                    write_titles(&table.columns, out)?;
                    table.rows.iter().try_for_each(|row| write_row(row, out))?;
                }
            }
        }
        Ok(())
    }

    fn begin(&self, head: &ListHead, out: &mut dyn Write) -> io::Result<()> {
        write_titles(&head.columns, out)
    }

    fn items(
        &self,
        _: &ListHead,
        items: &[&dyn ListItem],
        _: (&Canvas, u64),
        out: &mut dyn Write,
    ) -> io::Result<()> {
        items.iter().try_for_each(|item| write_row(&item.cells(), out))
    }

    fn end(&self, _: &ListHead, _: u64, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn write_titles(columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
    let titles: Vec<_> = columns.iter().map(|column| escape(column.title)).collect();
    let rules: Vec<_> = columns
        .iter()
        .map(|column| match column.align {
            Align::Left => "---",
            Align::Right => "---:",
        })
        .collect();
    writeln!(out, "| {} |\n| {} |", titles.join(" | "), rules.join(" | "))
}

fn write_row(cells: &[Cell], out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<_> = cells.iter().map(|cell| escape(&cell.for_people())).collect();
    writeln!(out, "| {} |", cells.join(" | "))
}

/// Takes from text the power to be anything but text.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => escaped.extend(['\\', c]),
            '<' => escaped.push_str("&lt;"),
            // No mention of a person and no link to an issue.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(escape("a|b <img> *x* @me #1"), "a\\|b &lt;img> \\*x\\* &#64;me &#35;1");
    }
}
