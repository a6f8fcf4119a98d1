//! The steps of a plan: the top-level numbered items of its text, and sets of them.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// More steps than this are not told apart.
const STEPS_LIMIT: usize = 999;

/// A step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number, from 1, in the order of the text.
    pub number: u32,
    /// Its first line, without number and marks.
    pub title: String,
}

/// Some steps of a plan, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Steps(BTreeSet<u32>);

/// How much of a plan something is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    Whole,
    /// These steps.
    Part(Steps),
}

/// Finds the steps of a plan's text.
///
/// Steps are numbered headings (`### 2. Cache`, `## Step 2: Cache`) where there are two or more of them, else numbered
/// items (`2. Cache`, `2) Cache`) that are not below others. They count in the order of the text, whatever number
/// stands there, as Markdown has it. What stands between fences is none.
pub fn steps(text: &str) -> Vec<Step> {
    let (mut headings, mut items) = (Vec::new(), Vec::<(usize, String)>::new());
    let mut fence = None;
    for line in text.lines() {
        let bare = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) if line.starts_with('#') => headings.extend(numbered_heading(line)),
            (None, None) if line.len() - bare.len() <= 3 => {
                items.extend(numbered(bare).map(|title| (line.len() - bare.len(), title)));
            }
            (Some(_), _) | (None, None) => {}
        }
    }
    let margin = items.iter().map(|(indent, _)| *indent).min();
    let top = items.into_iter().filter(|(indent, _)| Some(*indent) == margin);
    let titles = if headings.len() >= 2 { headings } else { top.map(|(_, title)| title).collect() };
    let numbers = 1_u32..;
    let limited = titles.into_iter().take(STEPS_LIMIT).zip(numbers);
    limited.map(|(title, number)| Step { number, title }).collect()
}

fn numbered_heading(line: &str) -> Option<String> {
    let text = line.trim_start_matches('#').trim();
    let word = text.get(..5).filter(|word| word.eq_ignore_ascii_case("step "));
    match word {
        Some(_) => {
            let rest = &text[5..];
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let title = rest[digits..].trim_start_matches([':', '.', ')', '-', ' ', '—', '–']);
            (digits > 0).then(|| plain(title))
        }
        None => numbered(text),
    }
}

/// Reads `2. Text` or `2) Text`.
fn numbered(text: &str) -> Option<String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 3 {
        return None;
    }
    let rest = text[digits..].strip_prefix(['.', ')'])?;
    rest.starts_with([' ', '\t']).then(|| plain(rest))
}

/// Removes the marks of Markdown around a title.
fn plain(text: &str) -> String {
    text.trim().trim_end_matches(['#', ':']).replace("**", "").replace('`', "").trim().to_owned()
}

/// Why a text names no steps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` does not name steps")]
pub struct ParseStepsError(String);

impl FromStr for Steps {
    type Err = ParseStepsError;

    /// Reads `2`, `1-3` or `1,3-4`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ParseStepsError(text.escape_debug().to_string());
        let mut numbers = BTreeSet::new();
        for part in text.split(',') {
            let (first, last) = part.trim().split_once('-').unwrap_or((part.trim(), part.trim()));
            let number = |word: &str| {
                let number = word.trim().parse::<u32>().ok();
                number.filter(|number| (1..=STEPS_LIMIT).contains(&(*number as usize)))
            };
            match (number(first), number(last)) {
                (Some(first), Some(last)) if first <= last => numbers.extend(first..=last),
                _ => return Err(wrong()),
            }
        }
        Ok(Self(numbers))
    }
}

impl fmt::Display for Steps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut runs = Vec::<(u32, u32)>::new();
        for number in &self.0 {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == *number => *last = *number,
                _ => runs.push((*number, *number)),
            }
        }
        let run = |(first, last): &(u32, u32)| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        };
        formatter.write_str(&runs.iter().map(run).collect::<Vec<_>>().join(","))
    }
}

impl Steps {
    /// Returns all steps of a plan that has so many.
    pub fn all(number: usize) -> Self {
        Self((1..=u32::try_from(number).unwrap_or(u32::MAX)).collect())
    }

    /// Returns the numbers in rising order.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.0.iter().copied()
    }

    /// Returns those that another set does not have.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).copied().collect())
    }

    /// Returns those of both.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).copied().collect())
    }

    /// Says whether a step is among them.
    pub fn has(&self, number: u32) -> bool {
        self.0.contains(&number)
    }

    /// Says whether it is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the highest number; 0 for none.
    pub fn highest(&self) -> u32 {
        self.0.last().copied().unwrap_or(0)
    }

    /// Returns it in words: `step 2`, `steps 1-3`.
    pub fn in_words(&self) -> String {
        format!("step{} {self}", if self.0.len() == 1 { "" } else { "s" })
    }
}

impl Scope {
    /// Returns the steps of a plan that has so many; `None` for all of a plan without numbered steps.
    pub fn steps(&self, number: usize) -> Option<Steps> {
        match self {
            Self::Whole if number == 0 => None,
            Self::Whole => Some(Steps::all(number)),
            Self::Part(steps) => Some(steps.clone()),
        }
    }

    /// Returns it in words: `all of it`, `steps 1-3`.
    pub fn in_words(&self) -> String {
        match self {
            Self::Whole => "all of it".to_owned(),
            Self::Part(steps) => steps.in_words(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> Vec<String> {
        steps(text).into_iter().map(|step| format!("{} {}", step.number, step.title)).collect()
    }

    #[test]
    fn steps_are_the_numbered_items_at_the_margin() {
        let text = "# Cache\n\nWhy: 1) it is slow\n\n1. **Keys** from `id`\n   1. inner\n    2. deeper\n1) TTL:\n\n```\n3. no step\n```\n2024. is a year\n7.5 is a number\n";
        assert_eq!(titles(text), ["1 Keys from id", "2 TTL"]);
        assert_eq!(titles("no numbers\n"), [""; 0]);
    }

    #[test]
    fn numbered_headings_are_the_steps_and_what_is_below_belongs_to_them() {
        let text = "## Step 1: Schema\n1. a\n2. b\n## Step 2 - Resolvers\n1. c\n";
        assert_eq!(titles(text), ["1 Schema", "2 Resolvers"]);
        assert_eq!(titles("### 1. One\n### 2. Two\n### Notes\n"), ["1 One", "2 Two"]);
        assert_eq!(titles("## 1. Goal\n1. a\n2. b\n"), ["1 a", "2 b"]);
    }

    #[test]
    fn sets_of_steps_are_read_and_written() {
        let steps = |text: &str| text.parse::<Steps>().map(|steps| steps.to_string());
        assert_eq!(steps("3,1-2,7").unwrap(), "1-3,7");
        assert_eq!(steps("2").unwrap(), "2");
        for wrong in ["", "0", "2-1", "a", "1-", "1,,2", "1-99999999"] {
            assert!(steps(wrong).is_err(), "{wrong}");
        }
        assert_eq!("2".parse::<Steps>().unwrap().in_words(), "step 2");
    }
}
