//! The vendors' brands and how their names are built, and what an id says by its shape.

/// How a brand and its version are written together on screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// `GPT-5.6 Sol`
    Hyphen,
    /// `Gemini 3.1 Pro`
    Space,
    /// `Qwen3.7 Max`
    Glued,
    /// `o4-mini`, which is the id itself.
    Id,
}

/// A brand of models: the first word of their ids.
#[derive(Debug)]
pub(super) struct Brand {
    /// The word in an id; empty for `OpenAI`'s `o1`, `o3`, ...
    pub(super) word: &'static str,
    pub(super) vendor: &'static str,
    pub(super) display: &'static str,
    pub(super) join: Join,
    /// The brand alone, written as in `display`, can only mean the model.
    pub(super) plain: bool,
    /// Variants that name a model even without a version.
    pub(super) variants: &'static [&'static str],
}

const fn brand(word: &'static str, vendor: &'static str, display: &'static str) -> Brand {
    Brand { word, vendor, display, join: Join::Space, plain: false, variants: &[] }
}

impl Brand {
    const fn join(mut self, join: Join) -> Self {
        self.join = join;
        self
    }

    const fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    const fn variants(mut self, variants: &'static [&'static str]) -> Self {
        self.variants = variants;
        self
    }

    pub(super) fn is_claude(&self) -> bool {
        self.word == "claude"
    }
}

static BRANDS: [Brand; 33] = [
    brand("claude", "anthropic", "Claude"),
    brand("gpt", "openai", "GPT").join(Join::Hyphen).variants(&["oss"]),
    brand("gemini", "google", "Gemini").variants(&["pro", "flash", "ultra", "lite"]),
    brand("grok", "xai", "Grok").variants(&["fast"]),
    brand("glm", "zai", "GLM").join(Join::Hyphen).plain(),
    brand("kimi", "moonshotai", "Kimi"),
    brand("qwen", "alibaba", "Qwen").join(Join::Glued).plain().variants(&["max", "plus", "turbo"]),
    brand("deepseek", "deepseek", "DeepSeek").plain().variants(&["chat", "reasoner", "coder"]),
    brand("minimax", "minimax", "MiniMax").plain(),
    brand("composer", "cursor", "Composer"),
    brand("mimo", "xiaomi", "MiMo"),
    brand("mai", "microsoft", "MAI").variants(&["code"]),
    brand("phi", "microsoft", "Phi"),
    brand("mistral", "mistral", "Mistral").variants(&["large", "medium", "small"]),
    brand("codestral", "mistral", "Codestral").plain(),
    brand("devstral", "mistral", "Devstral").plain().variants(&["small", "medium"]),
    brand("magistral", "mistral", "Magistral").plain().variants(&["small", "medium"]),
    brand("ministral", "mistral", "Ministral"),
    brand("mixtral", "mistral", "Mixtral").plain(),
    brand("pixtral", "mistral", "Pixtral").plain(),
    brand("llama", "meta", "Llama"),
    brand("codellama", "meta", "CodeLlama").plain(),
    brand("gemma", "google", "Gemma"),
    brand("nova", "amazon", "Nova").variants(&["pro", "lite", "micro", "premier"]),
    brand("nemotron", "nvidia", "Nemotron"),
    brand("granite", "ibm", "Granite"),
    brand("jamba", "ai21", "Jamba"),
    brand("ernie", "baidu", "ERNIE"),
    brand("hunyuan", "tencent", "Hunyuan"),
    brand("doubao", "bytedance", "Doubao"),
    brand("longcat", "meituan", "LongCat"),
    brand("smollm2", "huggingface", "SmolLM2"),
    brand("", "openai", "").join(Join::Id),
];

/// Claude's lines in an id, and on screens.
const CLAUDE_LINES: [(&str, &str); 5] = [
    ("haiku", "Haiku"),
    ("sonnet", "Sonnet"),
    ("opus", "Opus"),
    ("fable", "Fable"),
    ("mythos", "Mythos"),
];

/// Returns the display word of one of Claude's lines, in any case of letters.
pub(super) fn claude_line(word: &str) -> Option<&'static str> {
    CLAUDE_LINES.iter().find(|(line, _)| line.eq_ignore_ascii_case(word)).map(|(_, word)| *word)
}

/// Returns the brand that a word in any case stands for, and what is glued to it (`3.7` in `qwen3.7`).
pub(super) fn find(word: &str) -> Option<(&'static Brand, &str)> {
    let bytes = word.as_bytes();
    if bytes.len() == 2 && bytes[0].eq_ignore_ascii_case(&b'o') && matches!(bytes[1], b'1'..=b'9') {
        return BRANDS.last().map(|brand| (brand, ""));
    }
    BRANDS.iter().filter(|brand| !brand.word.is_empty()).find_map(|brand| {
        let head = word.get(..brand.word.len())?;
        let rest = &word[head.len()..];
        let fits = head.eq_ignore_ascii_case(brand.word)
            && (rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit()));
        fits.then_some((brand, rest))
    })
}

/// Returns the brand that a canonical id shows.
pub(super) fn of_id(id: &str) -> Option<&'static Brand> {
    find(id.split('-').next()?).map(|(brand, _)| brand)
}

/// Returns the word for the family of a canonical id.
pub(super) fn family(id: &str) -> Option<&'static str> {
    let brand = of_id(id)?;
    if brand.is_claude() {
        return id.split('-').nth(1).and_then(claude_line).or(Some(brand.display));
    }
    (brand.join != Join::Id).then_some(brand.display)
}

/// Tells whether a word is digits, perhaps with dots between them, of at most two digits each.
pub(super) fn is_number(word: &str) -> bool {
    word.split('.').all(|part| (1..=2).contains(&part.len()) && is_digits(part))
}

/// Tells whether a word is one or more ASCII digits.
pub(super) fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits a version word into the letter before it, the number, and the letter after it
/// (`k2.5`, `4o`); `None` if it is no version. `120b` is a size and no version.
pub(super) fn version_word(word: &str) -> Option<(&str, &str, &str)> {
    let start = word.find(|c: char| c.is_ascii_digit()).filter(|start| *start <= 1)?;
    let end = word.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (letter, number, after) = (&word[..start], &word[start..end], &word[end..]);
    let fits = is_number(number)
        && letter.bytes().all(|byte| byte.is_ascii_alphabetic())
        && (after.is_empty() || (after.len() == 1 && after != "b" && after.is_ascii()));
    fits.then_some((letter, number, after))
}

/// Splits a canonical id into its line and its version.
///
/// The line is the id without the number of the version: `gpt-sol`, `kimi-k`, `gpt-o-mini`.
pub(super) fn line_and_version(id: &str) -> Option<(String, Vec<u32>)> {
    let (first, rest) = id.split_once('-').unwrap_or((id, ""));
    let (brand, glued) = find(first)?;
    if brand.is_claude() {
        return claude_line_and_version(rest);
    }
    let mut line = brand.word.to_owned();
    let mut version = Vec::new();
    if brand.join == Join::Id {
        line.push_str(&first[..1]);
        version = numbers(&first[1..]);
    }
    for word in std::iter::once(glued).chain(rest.split('-')).filter(|word| !word.is_empty()) {
        let part = match version_word(word) {
            Some((letter, number, after)) if version.is_empty() => {
                version = numbers(number);
                format!("{letter}{after}")
            }
            _ => word.to_owned(),
        };
        if !part.is_empty() {
            line.push('-');
            line.push_str(&part);
        }
    }
    Some((line, version))
}

fn claude_line_and_version(rest: &str) -> Option<(String, Vec<u32>)> {
    let mut words = rest.split('-');
    let line = words.next().filter(|word| claude_line(word).is_some())?;
    let version: Option<Vec<u32>> = words.map(|word| word.parse().ok()).collect();
    Some((format!("claude-{line}"), version?))
}

fn numbers(text: &str) -> Vec<u32> {
    text.split('.').filter_map(|part| part.parse().ok()).collect()
}
