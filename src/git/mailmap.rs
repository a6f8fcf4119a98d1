//! The names that the mailmap has for people, as Git itself looks them up.

use std::collections::HashMap;
use std::io::Write;
use std::process::Stdio;

use crate::git::{Error, HistoryReader};

impl HistoryReader {
    /// Returns for each name and address the name that `git log` shows with `%aN`.
    ///
    /// Starts `git check-mailmap` once for all; those without an entry keep their name.
    pub fn mailmap(
        &self,
        people: Vec<(String, String)>,
    ) -> Result<HashMap<(String, String), String>, Error> {
        let people: Vec<_> = people.into_iter().filter(is_plain).collect();
        if people.is_empty() {
            return Ok(HashMap::new());
        }
        let failed =
            |reason: String| Error::GitCommand { command: "check-mailmap".to_owned(), reason };
        let mut child = self
            .place
            .command(&["check-mailmap", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let mut questions = String::new();
        for (name, mail) in &people {
            questions.extend([name, " <", mail, ">\n"]);
        }
        let input = child.stdin.take();
        // A thread of its own: Git answers while it is still asked.
        let asked = std::thread::spawn(move || {
            input.map_or(Ok(()), |mut input| input.write_all(questions.as_bytes()))
        });
        let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
        let asked = asked.join().is_ok_and(|written| written.is_ok());
        let answers = String::from_utf8_lossy(&output.stdout);
        if !asked || !output.status.success() || answers.lines().count() != people.len() {
            return Err(failed("it did not answer for every author".to_owned()));
        }
        let names = answers
            .lines()
            .map(|line| line.rsplit_once('<').map_or(line, |(name, _)| name).trim().to_owned());
        Ok(people.into_iter().zip(names).collect())
    }
}

/// Says whether Git can be asked about a person in one line.
fn is_plain((name, mail): &(String, String)) -> bool {
    let is_odd = |c: char| matches!(c, '<' | '>' | '\n' | '\r' | '\0');
    !name.contains(is_odd) && !mail.contains(is_odd)
}
