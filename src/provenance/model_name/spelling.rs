//! From any spelling of a model to its canonical id and display name.
//!
//! A text is freed of what stands around the name (routes, brackets), cut into words, freed of the
//! words after the name (dates, effort), and put into the order of its brand. This is repeated until
//! nothing changes, so that an id always reads back as itself.

use super::brand::{self, Brand, Join};

mod suffix;
mod wrapping;

pub(super) use suffix::is_effort;
pub(super) use wrapping::is_origin;

/// Every round takes something away or sorts, so that few are needed; this ends a bug, not a name.
const MOST_ROUNDS: usize = 50;

/// What a spelling says.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    pub(super) id: String,
    pub(super) display: String,
    pub(super) effort: Option<String>,
    pub(super) context: Option<String>,
}

/// What stands beside a name in a spelling.
#[derive(Debug, Default)]
struct Extras {
    effort: Option<String>,
    context: Option<String>,
}

/// Reads a spelling; `None` if nothing of it is left.
pub(super) fn read(text: &str) -> Option<Spelling> {
    let mut extras = Extras::default();
    let (mut id, mut written) = round(text, &mut extras)?;
    for _ in 0..MOST_ROUNDS {
        let (next_id, next_written) = round(&written, &mut extras)?;
        if next_written == written {
            // The id of a known brand is what was just read.
            let read_back = if written == id { next_id } else { round(&id, &mut extras)?.0 };
            if read_back == id {
                break;
            }
            written.clone_from(&read_back);
            id = read_back;
        } else {
            (id, written) = (next_id, next_written);
        }
    }
    let display = display(&id).unwrap_or(written);
    let reads_back = round(&display, &mut Extras::default()).is_some_and(|(back, _)| back == id);
    Some(Spelling {
        display: if reads_back { display } else { id.clone() },
        id,
        effort: extras.effort,
        context: extras.context,
    })
}

/// Goes once from a text to an id and what to read next: the id of a known brand, or the text as
/// written without its wrapping.
fn round(text: &str, extras: &mut Extras) -> Option<(String, String)> {
    let text = wrapping::unwrap(text, extras);
    let mut words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || c == '-' || c == '_')
        .map(|word| word.trim_matches([',', ';', ':']).to_ascii_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    wrapping::drop_origins(&mut words);
    if let Some(id) = known_id(words, extras) {
        return Some((id.clone(), id));
    }
    let text = suffix::drop_date(&text);
    let written = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let id = written.to_ascii_lowercase().replace(' ', "-");
    (!id.is_empty()).then_some((id, written))
}

/// Builds the id of a name whose first words are a brand or one of Claude's lines.
fn known_id(mut words: Vec<String>, extras: &mut Extras) -> Option<String> {
    split_glued(&mut words);
    let first = words.first()?;
    if let Some((brand, _)) = brand::find(first) {
        suffix::drop_suffixes(&mut words, brand, extras);
        return Some(if brand.is_claude() {
            claude_id(&words[1..])
        } else {
            brand_id(brand, words)
        });
    }
    // `4.7 Opus`, as people say it.
    if words.len() > 1 && brand::is_number(first) && brand::claude_line(&words[1]).is_some() {
        words.swap(0, 1);
    }
    brand::claude_line(&words[0])?;
    words.insert(0, "claude".to_owned());
    let (claude, _) = brand::find("claude")?;
    suffix::drop_suffixes(&mut words, claude, extras);
    let is_claude = words.len() == 2 || brand::is_number(&words[2]);
    is_claude.then(|| claude_id(&words[1..]))
}

/// Cuts a version from the word it is glued to: `gpt5.6`, `sonnet4`, `qwen3.7`.
fn split_glued(words: &mut Vec<String>) {
    let Some(first) = words.first() else {
        return;
    };
    if let Some((_, rest)) = brand::find(first).filter(|(_, rest)| !rest.is_empty()) {
        let head = first[..first.len() - rest.len()].to_owned();
        let rest = rest.to_owned();
        words[0] = head;
        words.insert(1, rest);
    }
    for index in 0..words.len().min(2) {
        let word = &words[index];
        let end = word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len());
        let (line, version) = word.split_at(end);
        let fits = version.len() == 1 || version.contains('.');
        if fits && brand::claude_line(line).is_some() && brand::is_number(version) {
            let (line, version) = (line.to_owned(), version.to_owned());
            words[index] = line;
            words.insert(index + 1, version);
        }
    }
}

/// Orders the words after `claude`: line, version, the rest, whatever the order in the text.
fn claude_id(words: &[String]) -> String {
    let is_line = |word: &&String| brand::claude_line(word).is_some();
    let first = words.first().filter(|word| !brand::is_number(word));
    let line = words.iter().find(is_line).or(first);
    let numbers: Vec<&String> = words
        .iter()
        .skip_while(|word| !brand::is_number(word))
        .take_while(|word| brand::is_number(word))
        .collect();
    let skipped = words.iter().take_while(|word| !brand::is_number(word)).count();
    let rest = words.iter().enumerate().filter(|(index, word)| {
        let in_version = *index >= skipped && *index < skipped + numbers.len();
        !in_version
            && word.as_str() != "claude"
            && line.is_none_or(|line| !std::ptr::eq(line, *word))
    });
    let mut id = "claude".to_owned();
    let parts = line.into_iter().chain(numbers.iter().copied()).map(|word| word.replace('.', "-"));
    for part in parts.chain(rest.map(|(_, word)| word.clone())) {
        id.push('-');
        id.push_str(&part);
    }
    id
}

/// Joins the words of any other brand by `-`; the number keeps its dot.
fn brand_id(brand: &Brand, mut words: Vec<String>) -> String {
    if brand.word == "gemini"
        && let Some(at) = words.iter().position(|word| brand::version_word(word).is_some())
    {
        // `Gemini Pro 2.5` is `gemini-2.5-pro`.
        let version = words.remove(at);
        words.insert(1, version);
    }
    // `gpt-5-3-codex` has lost its dot; `gpt-4-0613` and `gpt-oss-120b` have not.
    let dotless = |pair: &[String]| {
        let whole = pair[0].trim_start_matches(|c: char| c.is_ascii_alphabetic());
        brand::version_word(&pair[0]).is_some_and(|(_, _, after)| after.is_empty())
            && brand::is_digits(whole)
            && pair[1].len() == 1
            && brand::is_digits(&pair[1])
    };
    if brand.join != Join::Id
        && let Some(at) = words.windows(2).position(dotless)
    {
        let minor = words.remove(at + 1);
        words[at] = format!("{}.{minor}", words[at]);
    }
    let glued = brand.join == Join::Glued
        && words.get(1).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    if glued {
        let version = words.remove(1);
        words[0].push_str(&version);
    }
    words.join("-")
}

/// Builds the display name of an id; `None` for an unknown one, which is shown as written.
fn display(id: &str) -> Option<String> {
    let mut words = id.split('-');
    let first = words.next()?;
    let (brand, glued) = brand::find(first)?;
    let words: Vec<&str> = words.collect();
    if brand.is_claude() {
        return Some(claude_display(&words));
    }
    if brand.join == Join::Id {
        return Some(id.to_owned());
    }
    let mut text = format!("{}{glued}", brand.display);
    for (index, word) in words.into_iter().enumerate() {
        text.push(if index == 0 && brand.join == Join::Hyphen { '-' } else { ' ' });
        text.push_str(&title(word));
    }
    Some(text)
}

/// Builds `Opus 5.5`; the word Claude stays where the line is not known, or could be any word.
fn claude_display(words: &[&str]) -> String {
    let line = words.first().copied().filter(|word| !brand::is_number(word));
    let after = &words[usize::from(line.is_some())..];
    let numbers = after.iter().take_while(|word| brand::is_number(word)).count();
    let known = line.and_then(brand::claude_line);
    let mut parts = Vec::new();
    if known.is_none() || (numbers == 0 && !after.is_empty()) {
        parts.push("Claude".to_owned());
    }
    parts.extend(line.map(title));
    if numbers > 0 {
        parts.push(after[..numbers].join("."));
    }
    parts.extend(after[numbers..].iter().map(|word| title(word)));
    parts.join(" ")
}

/// Writes a word of an id as on screens: `Sol`, `K2.5`, `120B`, but `4o`.
fn title(word: &str) -> String {
    let bytes = word.as_bytes();
    let letter_and_digit =
        bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1].is_ascii_digit();
    let size = word.strip_suffix('b').is_some_and(brand::is_digits);
    if letter_and_digit || size || matches!(word, "oss" | "vl") {
        return word.to_ascii_uppercase();
    }
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}", first.to_ascii_uppercase(), letters.as_str())
    })
}
