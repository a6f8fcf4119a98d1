//! Telling the name of a model from names of people and tools and from other words.

use super::ModelName;
use super::brand::{self, Brand, Join};
use super::spelling;

/// Longer texts are sentences.
const LONGEST: usize = 120;

/// Words that name a variant of a model, whatever the brand.
const VARIANTS: [&str; 44] = [
    "pro",
    "flash",
    "lite",
    "mini",
    "nano",
    "turbo",
    "ultra",
    "max",
    "plus",
    "air",
    "codex",
    "spark",
    "sol",
    "terra",
    "luna",
    "astra",
    "small",
    "medium",
    "large",
    "code",
    "coder",
    "fast",
    "instruct",
    "chat",
    "thinking",
    "vision",
    "reasoner",
    "reasoning",
    "next",
    "oss",
    "highspeed",
    "heavy",
    "scout",
    "maverick",
    "deep",
    "research",
    "live",
    "image",
    "audio",
    "omni",
    "it",
    "vl",
    "speciale",
    "versatile",
];

/// Words with a capital that follow a brand and a version in names of other things.
const OTHER_THINGS: [&str; 20] = [
    "agent",
    "agents",
    "api",
    "app",
    "benchmark",
    "bot",
    "cli",
    "client",
    "desktop",
    "extension",
    "integration",
    "model",
    "models",
    "plugin",
    "provider",
    "sdk",
    "support",
    "team",
    "test",
    "tests",
];

/// See [`ModelName::recognise`].
pub(super) fn recognise(text: &str) -> Option<ModelName> {
    let text = text.trim().trim_matches(['"', '\'', '`', '*']);
    if text.len() > LONGEST || !may_be_a_model(text) {
        return None;
    }
    let name = ModelName::parse(text).ok()?;
    let brand = brand::of_id(name.id())?;
    let fits = if brand.is_claude() {
        fits_claude(text, name.id())
    } else {
        fits_brand(text, name.id(), brand)
    };
    fits.then_some(name)
}

/// Looks at the first word behind the routes only.
fn may_be_a_model(text: &str) -> bool {
    if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) || text.contains(['<', '>', '"']) {
        return false;
    }
    let name = match text.rsplit_once('/') {
        Some((routes, name)) if spelling::is_effort(name) => return recognise(routes).is_some(),
        Some((routes, name)) if is_route(routes) => name,
        Some(_) => return false,
        None => text,
    };
    let word = first_word(name);
    starts_a_model(word)
        || (spelling::is_origin(word)
            && name.get(word.len() + 1..).is_some_and(|rest| {
                let rest = rest.trim_start();
                starts_a_model(first_word(rest)) || spelling::is_origin(first_word(rest))
            }))
}

fn first_word(text: &str) -> &str {
    let word = text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | ':' | '(' | '['));
    let word = word.into_iter().next().unwrap_or(text);
    // `us.anthropic.` is a route, `qwen3.7` is not.
    match word.split_once('.') {
        Some((head, _)) if head.bytes().all(|byte| byte.is_ascii_alphabetic()) => head,
        _ => word,
    }
}

fn starts_a_model(word: &str) -> bool {
    brand::find(word).is_some()
        || brand::claude_line(word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'))
            .is_some()
        || brand::is_number(word)
}

/// Tells whether the part before the last `/` can be a route: words without spaces that are no
/// models themselves (`gpt-5.5/opus-4` is a list).
fn is_route(routes: &str) -> bool {
    routes.split('/').all(|part| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-' | '@');
        !part.is_empty() && part.chars().all(fits) && recognise(part).is_none()
    })
}

fn fits_claude(text: &str, id: &str) -> bool {
    let mut words = id.split('-').skip(1).peekable();
    let line = words.peek().copied().and_then(brand::claude_line);
    if line.is_some() {
        words.next();
    }
    let versioned = words.peek().is_some();
    let spelled = text.to_ascii_lowercase().contains("claude")
        || line.is_some_and(|line| text.starts_with(line));
    words.all(brand::is_number) && (versioned || (line.is_some() && spelled))
}

fn fits_brand(text: &str, id: &str, brand: &Brand) -> bool {
    let (first, rest) = id.split_once('-').unwrap_or((id, ""));
    let is_variant = |word: &str| VARIANTS.contains(&word) || brand.variants.contains(&word);
    let words = || rest.split('-').filter(|word| !word.is_empty());
    if brand.join == Join::Id {
        return text.contains(first) && words().all(is_variant);
    }
    let glued = &first[brand.word.len()..];
    // Known variants may stand before the version: `grok-code-fast-1`, `mistral-large-3`.
    let before = words().take_while(|word| !has_digit(word)).count();
    if glued.is_empty() && before == words().count() {
        return match before {
            0 => brand.plain && text == brand.display,
            _ => words().all(is_variant) && words().any(|word| brand.variants.contains(&word)),
        };
    }
    let unknown = words().filter(|word| !has_digit(word) && !is_variant(word)).count();
    let before_are_known = !glued.is_empty() || words().take(before).all(is_variant);
    before_are_known
        && unknown <= 1
        && (unknown == 0 || words().all(|word| is_variant(word) || fits_unknown(text, word)))
}

/// Tells whether an unknown word of a name may be one of a model: part of an id, or with a capital.
fn fits_unknown(text: &str, word: &str) -> bool {
    if has_digit(word) {
        return true;
    }
    let id = !text.contains(char::is_whitespace);
    let capital = text.split(|c: char| c.is_whitespace() || c == '-').any(|part| {
        part.eq_ignore_ascii_case(word) && part.starts_with(|c: char| c.is_ascii_uppercase())
    });
    word.len() <= 16
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && (id || capital)
        && !OTHER_THINGS.contains(&word)
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}
