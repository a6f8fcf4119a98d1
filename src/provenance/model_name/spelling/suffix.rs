//! The words after a name that are no part of it: dates, revisions, price, context, effort, mode.

use super::Extras;
use crate::provenance::model_name::brand::{self, Brand};

const EFFORTS: [&str; 6] = ["minimal", "low", "medium", "high", "xhigh", "max"];

/// Tells whether a word is a reasoning effort.
pub(in crate::provenance::model_name) fn is_effort(word: &str) -> bool {
    EFFORTS.iter().any(|effort| effort.eq_ignore_ascii_case(word))
}

/// Takes words from the end of a name, keeping at least the first.
pub(super) fn drop_suffixes(words: &mut Vec<String>, brand: &Brand, extras: &mut Extras) {
    while words.len() > 1 {
        let count = [drop_dated, drop_mode].iter().find_map(|count| count(words, brand));
        let count = count.or_else(|| take_context(words, brand, extras));
        let Some(count) = count.or_else(|| take_effort(words, brand, extras)) else {
            return;
        };
        words.truncate((words.len() - count).max(1));
    }
}

/// Drops the date at the end of a name that fits no pattern, and `-latest`.
pub(super) fn drop_date(text: &str) -> String {
    let mut text = text;
    loop {
        let before = text.len();
        text = text.trim_end_matches("-latest").trim_end_matches(['-', '_', ' ']);
        if let Some((head, date)) = text.rsplit_once(['-', '_', ' '])
            && is_full_date(date)
        {
            text = head;
        }
        let day = text.len().checked_sub(11).and_then(|at| text.split_at_checked(at));
        if let Some((head, date)) = day
            && date.starts_with('-')
            && is_iso_date(&date[1..])
        {
            text = head;
        }
        if text.len() == before {
            return text.to_owned();
        }
    }
}

/// Counts the words of a date or revision: `20250514`, `2024-08-06`, `0613`, `exp-03-25`, `002`.
fn drop_dated(words: &[String], brand: &Brand) -> Option<usize> {
    let last = words.last()?.as_str();
    if matches!(last, "latest" | "preview" | "exp" | "experimental") {
        return Some(1);
    }
    if let [.., year, month, day] = words
        && is_iso_date(&format!("{year}-{month}-{day}"))
    {
        return Some(3);
    }
    if let [.., word, month, day] = words
        && matches!(word.as_str(), "exp" | "preview")
        && month.len() == 2
        && day.len() == 2
        && is_month_and_day(&format!("{month}{day}"))
    {
        return Some(2);
    }
    if !last.is_ascii() {
        return None;
    }
    let revision = match last.len() {
        8 => is_full_date(last),
        6 => last.starts_with('2') && is_month_and_day(&last[2..]),
        // Mistral's four digits are year and month, and the only version there is.
        4 => brand.vendor != "mistral" && is_month_and_day(last),
        3 => last.starts_with("00") && brand::is_digits(last),
        2 => brand.is_claude() && last.starts_with('v') && brand::is_digits(&last[1..]),
        _ => false,
    };
    revision.then_some(1)
}

/// Counts the words of a price or a mode that is no effort.
fn drop_mode(words: &[String], brand: &Brand) -> Option<usize> {
    let last = words.last()?.as_str();
    // `kimi-k2-thinking` and Qwen's `thinking` are models of their own.
    let own = matches!(brand.word, "kimi" | "qwen");
    match last {
        "free" | "autonomous" | "supervised" => Some(1),
        "thinking" if !own => Some(1),
        "mode" if words.iter().rev().nth(1).is_some_and(|word| word == "thinking") => Some(2),
        "fast" if matches!(brand.word, "claude" | "gpt") && is_complete(words, brand, 1) => Some(1),
        _ => None,
    }
}

/// Takes `1m` and `1m context`; a bare size belongs to the name of other brands (`gpt-4-32k`).
fn take_context(words: &[String], brand: &Brand, extras: &mut Extras) -> Option<usize> {
    let last = words.last()?;
    let before = words.iter().rev().nth(1);
    let (size, count) = match before {
        Some(size) if last == "context" && is_context(size) => (size, 2),
        _ if brand.is_claude() && is_context(last) => (last, 1),
        _ => return None,
    };
    extras.context.get_or_insert_with(|| size.clone());
    Some(count)
}

/// Takes an effort behind a complete name; `max` is a variant for most brands (`qwen3.7-max`).
fn take_effort(words: &[String], brand: &Brand, extras: &mut Extras) -> Option<usize> {
    let mut count = 1;
    let from_end = |count: usize| words.iter().rev().nth(count - 1).map_or("", String::as_str);
    while count < words.len() && matches!(from_end(count), "effort" | "reasoning") {
        count += 1;
    }
    let effort = from_end(count);
    let variant = match effort {
        "max" => !is_effort_max(brand) || from_end(count + 1) == "codex",
        "medium" => brand.vendor == "mistral",
        "none" => brand.vendor != "openai",
        _ => !is_effort(effort),
    };
    if variant {
        return None;
    }
    let extra = effort == "high" && from_end(count + 1) == "extra";
    count += usize::from(extra);
    if !is_complete(words, brand, count) {
        return None;
    }
    let effort = if extra { "xhigh" } else { effort };
    extras.effort.get_or_insert_with(|| effort.to_owned());
    Some(count)
}

fn is_effort_max(brand: &Brand) -> bool {
    matches!(brand.vendor, "anthropic" | "openai")
}

/// Tells whether a name is complete without its last words: it has a version, or Claude's line.
fn is_complete(words: &[String], brand: &Brand, without: usize) -> bool {
    words.iter().take(words.len().saturating_sub(without)).any(|word| {
        word.bytes().any(|byte| byte.is_ascii_digit())
            || (brand.is_claude() && brand::claude_line(word).is_some())
    })
}

/// Tells whether a word is a size of a context window, such as `1m` or `200k`.
pub(super) fn is_context(word: &str) -> bool {
    word.strip_suffix(['m', 'k', 'M', 'K'])
        .is_some_and(|size| size.len() <= 4 && brand::is_digits(size))
}

fn is_full_date(word: &str) -> bool {
    word.len() == 8
        && word.starts_with("20")
        && brand::is_digits(word)
        && is_month_and_day(&word[4..])
}

fn is_iso_date(word: &str) -> bool {
    let mut parts = word.split('-');
    let date = (parts.next(), parts.next(), parts.next(), parts.next());
    let (Some(year), Some(month), Some(day), None) = date else {
        return false;
    };
    year.len() == 4
        && month.len() == 2
        && year.starts_with("20")
        && brand::is_digits(year)
        && is_month_and_day(&format!("{month}{day}"))
}

/// Tells whether four digits are a month and a day, such as `0613`.
fn is_month_and_day(word: &str) -> bool {
    word.len() == 4
        && brand::is_digits(word)
        && ("01"..="12").contains(&&word[..2])
        && ("01"..="31").contains(&&word[2..])
}
