//! What `git model show --patch` says: each added line with a sign for its origin, and what the signs mean.

use std::io::{self, Write};

use crate::format::{Canvas, Tint, code, tinted};
use crate::history::{LineOrigin, LineOrigins, OriginPatchLine, PatchPart};
use crate::provenance::Origin;
use crate::report::line_words::{LineWords, WHOLE_COMMIT, tints};

/// Writes a patch line by line.
#[derive(Debug)]
pub struct PatchReport<'a> {
    origins: &'a LineOrigins,
    /// For each origin its sign; the same for origins that are told in the same words.
    signs: Vec<String>,
    tints: Vec<Tint>,
}

impl<'a> PatchReport<'a> {
    /// Begins the report of one commit.
    pub fn new(origins: &'a LineOrigins) -> Self {
        let mut signs = vec![String::new(); origins.all().len()];
        let mut letters = ('A'..='Z').chain('a'..='g').chain('i'..='z');
        for place in origins.used() {
            let words = in_words(&origins.all()[place]);
            let same = (0..place).find(|other| {
                !signs[*other].is_empty() && in_words(&origins.all()[*other]) == words
            });
            signs[place] = match (same, &origins.all()[place].origin) {
                (Some(other), _) => signs[other].clone(),
                (None, Origin::Unknown) => "?".to_owned(),
                (None, Origin::Human) => "h".to_owned(),
                // More than fifty models in one commit share the last sign; the colour may still differ.
                (None, Origin::Model { .. }) => letters.next().unwrap_or('+').to_string(),
            };
        }
        Self { origins, signs, tints: tints(origins.all()) }
    }

    /// Writes what the signs mean.
    pub fn write_legend(&self, canvas: &Canvas, out: &mut dyn Write) -> io::Result<()> {
        let mut told: Vec<&str> = Vec::new();
        let mut has_star = false;
        for place in self.origins.used() {
            let sign = self.signs[place].as_str();
            if !told.contains(&sign) {
                told.push(sign);
                let words = in_words(&self.origins.all()[place]);
                has_star |= words.ends_with('*');
                let line = code(&format!("{sign}  {words}"));
                writeln!(out, "{}", tinted(&line, self.tints[place], canvas))?;
            }
        }
        if has_star {
            writeln!(out, "{}", tinted(&format!("({WHOLE_COMMIT})"), Tint::Faint, canvas))?;
        }
        writeln!(out)
    }

    /// Writes one line of the patch.
    pub fn write_line(
        &self,
        line: &OriginPatchLine,
        canvas: &Canvas,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (sign, tint) = match line.part {
            PatchPart::Added(place) => (self.signs[place].as_str(), self.tints[place]),
            PatchPart::Head => (" ", Tint::Strong),
            PatchPart::Context | PatchPart::Deleted => (" ", Tint::Plain),
        };
        let text = code(&line.text);
        let gap = if text.is_empty() { "" } else { " " };
        writeln!(out, "{}", tinted(&format!("{sign}{gap}{text}"), tint, canvas))
    }
}

fn in_words(line: &LineOrigin) -> String {
    let LineWords { who, phase, grade } = LineWords::of(line);
    let phase = if phase == "-" { String::new() } else { format!(" ({phase})") };
    let grade = if grade == "-" { String::new() } else { format!(", {grade}") };
    format!("{who}{phase}{grade}")
}
