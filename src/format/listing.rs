//! Lines of a file with columns before them, and the colours that tell one origin from another.

use std::io::{self, Write};

use unicode_width::UnicodeWidthChar;

use crate::format::block::is_unsafe;
use crate::format::text::{BOLD, DIM, cut, pad, paint};
use crate::format::{Canvas, Cell, Column, Table};

/// No column is wider; the text needs the place.
const WIDEST: usize = 24;

/// How far tabs go.
const TAB: usize = 8;

/// Colours that are told apart on dark and on light ground. Yellow is kept for ids, red for what is wrong.
const TINTS: [&str; 6] = ["36", "35", "32", "34", "96", "95"];

/// Lines of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The columns before the text, and that of the text itself; the titles are for other formats than text.
    pub columns: Vec<Column>,
    /// The lines.
    pub lines: Vec<ListedLine>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedLine {
    /// What stands before the text.
    pub cells: Vec<String>,
    /// The colour of the cells but the first.
    pub tint: Tint,
    /// The text of the file, as it is.
    pub text: String,
}

/// A colour that tells one origin from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tint {
    /// As all other text.
    Plain,
    /// Less than other text.
    Faint,
    /// More than other text.
    Strong,
    /// One of several colours; they repeat.
    Number(usize),
}

impl Listing {
    /// Writes the lines for people: columns of equal width, then the whole text.
    pub(super) fn write(&self, canvas: &Canvas, out: &mut dyn Write) -> io::Result<()> {
        let cells: Vec<Vec<String>> = self
            .lines
            .iter()
            .map(|line| line.cells.iter().map(|cell| cut(&code(cell), WIDEST)).collect())
            .collect();
        let widths = super::text::widths(self.columns.len().saturating_sub(1), &cells);
        for (line, cells) in self.lines.iter().zip(&cells) {
            let mut before = String::new();
            let mut tinted_part = String::new();
            for (place, ((cell, column), width)) in
                cells.iter().zip(&self.columns).zip(&widths).enumerate()
            {
                let cell = pad(cell, *width, column.align);
                match place {
                    0 => before = format!("{cell} "),
                    1 => tinted_part = cell,
                    _ => tinted_part.extend(["  ", &cell]),
                }
            }
            let text = code(&line.text);
            let shown = if text.is_empty() { tinted_part.trim_end() } else { &tinted_part };
            let gap = if text.is_empty() { "" } else { "  " };
            writeln!(out, "{before}{}{gap}{text}", tinted(shown, line.tint, canvas))?;
        }
        Ok(())
    }

    /// Returns the lines as rows of a table.
    pub fn table(&self) -> Table {
        let row = |line: &ListedLine| {
            let cells = line.cells.iter().map(|cell| Cell::Text(cell.clone()));
            cells.chain([Cell::Text(line.text.clone())]).collect()
        };
        Table { columns: self.columns.clone(), rows: self.lines.iter().map(row).collect() }
    }
}

/// Colours a text, where colour may be used.
pub fn tinted(text: &str, tint: Tint, canvas: &Canvas) -> String {
    match tint {
        Tint::Plain => text.to_owned(),
        Tint::Faint => paint(text, DIM, canvas),
        Tint::Strong => paint(text, BOLD, canvas),
        Tint::Number(number) => paint(text, TINTS[number % TINTS.len()], canvas),
    }
}

/// Makes a line of a file safe for a terminal, with everything in its place.
///
/// Tabs become blanks, what commands a terminal is written as `^[`, what turns the direction of reading as `<U+202E>`;
/// a carriage return at the end goes.
pub fn code(text: &str) -> String {
    let text = text.strip_suffix('\r').unwrap_or(text);
    if !text.contains(is_unsafe) {
        return text.to_owned();
    }
    let mut safe = String::with_capacity(text.len() + TAB);
    let mut width = 0;
    for c in text.chars() {
        let start = safe.len();
        match c {
            '\t' => safe.extend(std::iter::repeat_n(' ', TAB - width % TAB)),
            '\0'..='\x1f' => safe.extend(['^', char::from(c as u8 + b'@')]),
            '\x7f' => safe.push_str("^?"),
            c if is_unsafe(c) => {
                let name = format!("<U+{:04X}>", u32::from(c));
                safe.push_str(&name);
            }
            c => {
                safe.push(c);
                width += c.width().unwrap_or(0);
                continue;
            }
        }
        width += safe.len() - start;
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_keeps_its_shape_and_loses_its_power() {
        for (text, shown) in [
            ("\tlet a;\r", "        let a;"),
            ("a\tb", "a       b"),
            ("日\tb", "日      b"),
            ("a\u{1b}[31mb\rc\u{7f}", "a^[[31mb^Mc^?"),
            ("a\u{202e}b\u{9b}c", "a<U+202E>b<U+009B>c"),
            ("", ""),
        ] {
            assert_eq!(code(text), shown);
        }
    }

    #[test]
    fn columns_are_aligned_and_the_text_is_whole() {
        let line = |cells: [&str; 3], text: &str, tint| ListedLine {
            cells: cells.map(str::to_owned).to_vec(),
            tint,
            text: text.to_owned(),
        };
        let columns =
            vec![Column::left("a"), Column::left("b"), Column::right("c"), Column::left("text")];
        let lines = vec![
            line(["1234567", "Opus 5.5", "9"], "  x ", Tint::Number(0)),
            line(["89abcde", "-", "10"], "", Tint::Faint),
        ];
        let listing = Listing { columns, lines };
        let shown = |colour| {
            let mut out = Vec::new();
            listing.write(&Canvas { width: 20, colour }, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(shown(false), "1234567 Opus 5.5   9    x \n89abcde -         10\n");
        assert_eq!(
            shown(true),
            "1234567 \u{1b}[36mOpus 5.5   9\u{1b}[m    x \n89abcde \u{1b}[2m-         10\u{1b}[m\n"
        );
    }
}
