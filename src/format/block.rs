//! What a report is made of. Knows nothing of how it will look.

use crate::format::Listing;

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A whole thought, such as the first line.
    Sentence(String),
    /// Numbers with their names and a remark.
    Values(Vec<ValueLine>),
    /// Short texts with their labels.
    Facts(Vec<Fact>),
    /// Rows and columns.
    Table(Table),
    /// Lines of a file, each with what is known of it.
    Listing(Listing),
    /// A text of somebody's, line by line as it is.
    Verbatim(String),
    /// A remark on the block above.
    Footnote(String),
}

/// A named number with a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueLine {
    /// What is counted.
    pub label: String,
    /// How many.
    pub number: u64,
    /// What else is to be said of it; may be empty.
    pub remark: String,
}

/// A text with its label, of one line or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub label: String,
    /// What is to be said, a line each.
    pub lines: Vec<String>,
}

impl Fact {
    /// Makes a fact of one line.
    pub fn new(label: &str, line: impl Into<String>) -> Self {
        Self { label: label.to_owned(), lines: vec![line.into()] }
    }
}

/// Rows under the titles of columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The columns; where space is short the first one is cut.
    pub columns: Vec<Column>,
    /// The rows, each with a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The words above it.
    pub title: &'static str,
    /// To which side its cells lean.
    pub align: Align,
}

/// To which side text leans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words from anywhere; each format makes them safe for its reader.
    Text(String),
    /// A number; people see `-` for none.
    Number(u64),
}

impl Column {
    /// Returns a column of words.
    pub const fn left(title: &'static str) -> Self {
        Self { title, align: Align::Left }
    }

    /// Returns a column of numbers.
    pub const fn right(title: &'static str) -> Self {
        Self { title, align: Align::Right }
    }
}

impl Cell {
    /// Returns what people read.
    pub(super) fn for_people(&self) -> String {
        match self {
            Self::Text(text) => clean(text),
            Self::Number(0) => "-".to_owned(),
            Self::Number(number) => thousands(*number),
        }
    }
}

/// Writes a number with commas between its thousands.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Removes what could steer a terminal or turn the reading direction; line ends and tabs become spaces.
pub fn clean(text: &str) -> String {
    let chars = text.chars().filter_map(|c| match c {
        '\n' | '\t' => Some(' '),
        c if is_unsafe(c) => None,
        c => Some(c),
    });
    chars.collect()
}

/// Says whether a character commands instead of showing something.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (12_418, "12,418"), (1_234_567, "1,234,567")]
        {
            assert_eq!(thousands(number), text);
        }
    }

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        assert_eq!(clean("a\u{1b}[31mb\u{9b}c\u{202e}d\te\r\n"), "a[31mbcd e ");
    }
}
