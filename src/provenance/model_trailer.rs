//! Our own trailer, `Model: Opus 5.5 (architecture)`: written, read, and lifted out of squashed commits.

use super::trailer::{find_block, is_space, separator};
use super::{ModelName, Phase};

/// Words for reasoning effort that people and agents put behind a name.
const EFFORTS: [&str; 7] = ["minimal", "low", "medium", "high", "xhigh", "max", "ultra"];

/// One `Model:` trailer of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelTrailer {
    /// The model that is named.
    pub model: ModelName,
    /// The phase in brackets, where there is one.
    pub phase: Option<Phase>,
    /// The reasoning effort, where there is one (`high`).
    pub effort: Option<String>,
    /// The trailer as it stands, without blanks around it.
    pub text: String,
    /// The line of the message, from 1.
    pub line: usize,
}

impl ModelTrailer {
    /// Whether it names one of the phases that we know, and so can only be ours.
    pub fn has_known_phase(&self) -> bool {
        is_known(self.phase.as_ref())
    }
}

/// Returns the trailer for a model in a phase, without a newline.
pub fn render_model_trailer(name: &str, phase: &Phase) -> String {
    format!("Model: {name} ({phase})")
}

/// Returns the `Model:` trailers of a message, in order.
///
/// Read are the block that Git finds, and any other line of the exact form with a known phase, since
/// squash merges leave trailers in mid-text. Machines have models too (`Model: Power Macintosh`): a
/// trailer counts only with a known phase or with a name that is recognisably a model's.
pub fn model_trailers(message: &str) -> Vec<ModelTrailer> {
    let lines: Vec<&str> = message.lines().collect();
    let block = find_block(&lines, Some("#"));
    let mut trailers: Vec<ModelTrailer> = Vec::new();
    for entry in block.iter().flat_map(|block| &block.entries) {
        if entry.trailer.key.eq_ignore_ascii_case("model") {
            let text = format!("{}: {}", entry.trailer.key, entry.trailer.value);
            trailers.extend(read_value(&entry.trailer.value, text, entry.trailer.line));
        }
    }
    let block_start = block.map_or(lines.len(), |block| block.start);
    for (index, line) in lines[..block_start].iter().enumerate() {
        let found = parse_model_trailer(line, index + 1);
        trailers.extend(found.filter(ModelTrailer::has_known_phase));
    }
    trailers.sort_by_key(|trailer| trailer.line);
    trailers
}

/// Reads one line as a `Model:` trailer; `None` where it is none, or speaks of a machine.
pub fn parse_model_trailer(line: &str, number: usize) -> Option<ModelTrailer> {
    let colon = separator(line)?;
    if !line[..colon].trim_end_matches(is_space).eq_ignore_ascii_case("model") {
        return None;
    }
    read_value(&line[colon + 1..], line.trim_matches(is_space).to_owned(), number)
}

/// Returns the `Model:` trailers of the commits that a `SQUASH_MSG` quotes, as whole lines.
///
/// `git merge --squash` writes each commit as `git log` does, its message indented by four blanks, so
/// Git itself no longer finds a trailer there. Each (model, phase) comes once, in phase order, inside
/// a phase as first met.
pub fn lift_squashed(squash_msg: &str) -> Vec<String> {
    let mut found: Vec<ModelTrailer> = Vec::new();
    let mut message = String::new();
    let mut lift = |message: &mut String| {
        for trailer in model_trailers(message) {
            let is_same = |one: &ModelTrailer| {
                one.model.id() == trailer.model.id() && one.phase == trailer.phase
            };
            if !found.iter().any(is_same) {
                found.push(trailer);
            }
        }
        message.clear();
    };
    for line in squash_msg.lines() {
        if is_commit_header(line) {
            lift(&mut message);
        } else if let Some(quoted) = line.strip_prefix("    ") {
            message.push_str(quoted);
            message.push('\n');
        } else if line.is_empty() && !message.is_empty() {
            message.push('\n');
        }
    }
    lift(&mut message);
    found.sort_by(|one, other| {
        (one.phase.is_none(), &one.phase).cmp(&(other.phase.is_none(), &other.phase))
    });
    found
        .into_iter()
        .filter_map(|trailer| {
            let colon = separator(&trailer.text)?;
            Some(format!("Model: {}", trailer.text[colon + 1..].trim_matches(is_space)))
        })
        .collect()
}

/// Whether a line is `commit ID`, as `git log` starts each commit.
pub fn is_commit_header(line: &str) -> bool {
    line.strip_prefix("commit ")
        .and_then(|rest| rest.split(' ').next())
        .is_some_and(|id| id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_known(phase: Option<&Phase>) -> bool {
    phase.is_some_and(|phase| !matches!(phase, Phase::Other(_)))
}

/// Reads `NAME [EFFORT] [(PHASE[, EFFORT])]`.
fn read_value(value: &str, text: String, line: usize) -> Option<ModelTrailer> {
    let value = value.trim_matches(is_space);
    let (name, inside) = match value.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        Some((name, inside)) => (name.trim_end_matches(is_space), Some(inside)),
        None => (value, None),
    };
    let mut phase = None;
    let mut effort = None;
    let mut is_aside = inside.is_none();
    for word in inside.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty())
    {
        if let Some(found) = effort_word(word) {
            effort = Some(found);
        } else if let (None, Some(found)) = (&phase, Phase::parse(word)) {
            phase = Some(found);
        } else {
            is_aside = true;
        }
    }
    if !is_aside && phase.is_none() && effort.is_none() {
        return None;
    }
    let name = match name.rsplit_once(' ') {
        Some((rest, word)) if effort_word(word).is_some() && !is_variant(rest, word) => {
            effort = effort_word(word);
            rest.trim_end_matches(is_space)
        }
        _ => name,
    };
    let model = if is_known(phase.as_ref()) {
        ModelName::parse(name).ok()?
    } else {
        ModelName::recognise(name)?
    };
    Some(ModelTrailer { model, phase, effort, text, line })
}

fn effort_word(word: &str) -> Option<String> {
    let word = word.to_ascii_lowercase();
    EFFORTS.contains(&word.as_str()).then_some(word)
}

/// Whether an effort word is part of the name: `GPT 5.1 Codex Max` and `Qwen 3.7 Max` are models.
fn is_variant(rest: &str, word: &str) -> bool {
    let rest = rest.to_ascii_lowercase();
    let is_family = rest.ends_with("codex") || rest.contains("qwen");
    rest.is_empty() || (word.eq_ignore_ascii_case("max") && is_family)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &str) -> Vec<String> {
        model_trailers(message)
            .iter()
            .map(|trailer| {
                let phase = trailer.phase.as_ref().map_or("-", Phase::as_str);
                let effort = trailer.effort.as_deref().unwrap_or("-");
                format!("{} {} {phase} {effort}", trailer.line, trailer.model.raw())
            })
            .collect()
    }

    #[test]
    fn a_trailer_reads_back_as_written() {
        let line = render_model_trailer("Opus 5.5", &Phase::Architecture);
        assert_eq!(line, "Model: Opus 5.5 (architecture)");
        assert_eq!(read(&format!("fix\n\n{line}\n")), ["3 Opus 5.5 architecture -"]);
    }

    #[test]
    fn spellings_are_taken_as_they_come() {
        assert_eq!(read("s\n\nmodel : Opus 5.5 (Planning)\n"), ["3 Opus 5.5 architecture -"]);
        assert_eq!(read("s\n\nModel: Opus 5.5\n"), ["3 Opus 5.5 - -"]);
        assert_eq!(read("s\n\nModel: gpt-5.6-sol max\n"), ["3 gpt-5.6-sol - max"]);
        assert_eq!(read("s\n\nModel: Opus 5.5 (review, high)\n"), ["3 Opus 5.5 review high"]);
        assert_eq!(
            read("s\n\nModel: GPT 5.1 Codex Max (review)\n"),
            ["3 GPT 5.1 Codex Max review -"]
        );
        assert_eq!(read("s\n\nModel: Opus 4.8 (1M context)\n"), ["3 Opus 4.8 - -"]);
        assert_eq!(read("s\n\nModel: Opus 5\n (tests)\n"), ["3 Opus 5 tests -"]);
        assert_eq!(read("s\n\nModel: Newcomer 1 (review)\n"), ["3 Newcomer 1 review -"]);
    }

    #[test]
    fn machines_have_models_too() {
        assert_eq!(read("s\n\nModel: Power Macintosh\n"), [""; 0]);
        assert_eq!(read("s\n\nModel: 2.0 (pvr 0080 0200)\n"), [""; 0]);
        assert_eq!(read("s\n\nModel: Thing (big)\n"), [""; 0]);
        assert_eq!(read("s\n\nModels: Opus 5.5 (review)\n"), [""; 0]);
        assert_eq!(read("s\n\nModel name: x\n"), [""; 0]);
    }

    #[test]
    fn in_mid_text_only_the_full_form_counts() {
        let message = "s\n\nModel: Opus 5.5 (review)\nModel: gpt-5.5\n\nlast paragraph\n";
        assert_eq!(read(message), ["3 Opus 5.5 review -"]);
    }

    #[test]
    fn squashed_commits_give_their_trailers_once_and_in_phase_order() {
        let id = "0123456789012345678901234567890123456789";
        let message = format!(
            "Squashed commit of the following:\n\ncommit {id}\nAuthor: A <a@b>\nDate:   now\n\n    \
             second\n    \n    Model: Sonnet 5.5 (implementation)\n\ncommit {id}\nAuthor: A <a@b>\n\n    \
             first\n\n    model: Sonnet 5.5 (implementation)\n    Model: Opus 5.5 (architecture)\n"
        );
        assert_eq!(
            lift_squashed(&message),
            ["Model: Opus 5.5 (architecture)", "Model: Sonnet 5.5 (implementation)"]
        );
        assert_eq!(lift_squashed("fix\n\nModel: Opus 5.5 (review)\n"), [""; 0]);
    }
}
