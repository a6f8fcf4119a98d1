//! CSV, for spreadsheets (RFC 4180). A cell that a spreadsheet would run as a formula is made text.

use std::io::{self, Write};

use crate::format::{Canvas, Cell, Column, Format, ListHead, ListItem, Report};

pub(super) struct Csv;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn report(&self, report: &dyn Report, _: &Canvas, out: &mut dyn Write) -> io::Result<()> {
        let table = report.table();
        write_titles(&table.columns, out)?;
        table.rows.iter().try_for_each(|row| write_row(row, out))
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
    let titles: Vec<_> = columns.iter().map(|column| Cell::Text(column.title.to_owned())).collect();
    write_row(&titles, out)
}

fn write_row(cells: &[Cell], out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<_> = cells.iter().map(field).collect();
    write!(out, "{}\r\n", cells.join(","))
}

fn field(cell: &Cell) -> String {
    let text = match cell {
        Cell::Number(number) => return number.to_string(),
        Cell::Text(text) => crate::format::block::clean(text),
    };
    // The apostrophe is how spreadsheets themselves mark text that looks like a formula.
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text };
    if text.contains([',', '"', '\'']) || text.trim() != text {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_and_quotes_are_doubled() {
        let row = ["=1+1", "-x", "a,b", "say \"hi\"", "plain", " @x"]
            .map(|text| Cell::Text(text.to_owned()));
        let mut out = Vec::new();
        write_row(&[&row[..], &[Cell::Number(0)]].concat(), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\"'=1+1\",\"'-x\",\"a,b\",\"say \"\"hi\"\"\",plain,\" @x\",0\r\n"
        );
    }
}
