//! The fixed mail addresses and account numbers by which agents sign commits.
//!
//! A name alone tells little: people are called Claude, Devin and Jules, and work at these companies.

use crate::provenance::Identity;

const GITHUB: &str = "@users.noreply.github.com";

/// Tool, and its fixed addresses.
const MAILS: &[(&str, &str)] = &[
    ("claude-code", "noreply@anthropic.com"),
    ("copilot", "copilot@github.com"),
    ("copilot", "github.copilot@github.com"),
    ("cursor", "cursoragent@cursor.com"),
    ("codex", "noreply@openai.com"),
    ("codex", "codex@openai.com"),
    ("aider", "aider@aider.chat"),
    ("aider", "noreply@aider.chat"),
    ("devin", "noreply@cognition.ai"),
    ("amp", "amp@ampcode.com"),
    ("opencode", "noreply@opencode.ai"),
    ("opencode", "opencode@anomaly.co"),
    ("sisyphus", "clio-agent@sisyphuslabs.ai"),
    ("crush", "crush@charm.land"),
    ("warp", "agent@warp.dev"),
    ("oz", "oz-agent@warp.dev"),
    ("openhands", "openhands@all-hands.dev"),
    ("roo-code", "roomote@roocode.com"),
    ("cline", "cline-agent@users.noreply.github.com"),
    ("continue", "noreply@continue.dev"),
    ("continue", "agent@continue.dev"),
    ("qwen-code", "qwen-coder@alibabacloud.com"),
    ("junie", "junie@jetbrains.com"),
    ("mistral-vibe", "vibe@mistral.ai"),
    ("termai", "noreply@termai.io"),
    ("nori", "contact@tilework.tech"),
    ("codebuff", "noreply@codebuff.com"),
    ("claude-flow", "ruv@ruv.net"),
    ("sageox", "ox@sageox.ai"),
];

/// Addresses that serve others too; tool, address, and the word that the name must hold.
const SHARED_MAILS: &[(&str, &str, &str)] = &[
    // Somebody who is called Claude may have it, but is not called Claude Code.
    ("claude-code", "claude@anthropic.com", "claude code"),
    ("copilot", "noreply@github.com", "copilot"),
    ("copilot", "62310815+github-advanced-security[bot]@users.noreply.github.com", "copilot"),
    ("gemini-cli", "noreply@google.com", "gemini"),
];

/// Tool, and the number of its GitHub account: it decides, whatever the name.
const NUMBERS: &[(&str, u64)] = &[
    ("claude-code", 209_825_114),
    ("copilot", 175_728_472),
    ("copilot", 198_982_749),
    ("copilot", 223_556_219),
    ("copilot", 223_894_421),
    ("cursor", 206_951_365),
    ("codex", 199_175_422),
    ("devin", 158_243_242),
    ("jules", 161_369_871),
    ("gemini-code-assist", 176_961_590),
    ("gemini-cli", 218_195_315),
    ("gemini-cli", 218_312_386),
    ("warp", 240_773_466),
    ("roo-code", 219_738_659),
    ("sweep", 128_439_645),
    ("sweep", 131_841_235),
    ("ellipsis", 65_095_814),
    ("coderabbit", 136_622_811),
    ("cubic", 191_113_872),
    ("factory-droid", 138_933_559),
    ("lovable", 159_125_892),
];

/// Tool, and the login of its GitHub application, for addresses without a number.
const LOGINS: &[(&str, &str)] = &[
    ("claude-code", "claude[bot]"),
    ("copilot", "copilot-swe-agent[bot]"),
    ("cursor", "cursor[bot]"),
    ("codex", "chatgpt-codex-connector[bot]"),
    ("devin", "devin-ai-integration[bot]"),
    ("jules", "google-labs-jules[bot]"),
    ("gemini-code-assist", "gemini-code-assist[bot]"),
    ("gemini-cli", "gemini-cli[bot]"),
    ("oz", "oz-for-oss[bot]"),
    ("warp", "warp-agent-staging[bot]"),
    ("roo-code", "roomote[bot]"),
    ("roo-code", "roomote-v0[bot]"),
    ("continue", "continue[bot]"),
    ("sweep", "sweep-ai[bot]"),
    ("sweep", "sweep-nightly[bot]"),
    ("ellipsis", "ellipsis-dev[bot]"),
    ("coderabbit", "coderabbitai[bot]"),
    ("greptile", "greptile-apps[bot]"),
    ("cubic", "cubic-dev-ai[bot]"),
    ("qodo", "qodo-merge[bot]"),
    ("qodo", "qodo-merge-pro[bot]"),
    ("qodo", "qodo-merge-for-open-source[bot]"),
    ("factory-droid", "factory-droid[bot]"),
    ("lovable", "gpt-engineer-app[bot]"),
];

/// Returns the tool to which an identity belongs by its address.
pub(super) fn tool_of(identity: Identity<'_>) -> Option<&'static str> {
    let mail = identity.mail;
    let is_mail = |one: &str| one.eq_ignore_ascii_case(mail);
    if let Some((tool, _)) = MAILS.iter().find(|(_, one)| is_mail(one)) {
        return Some(tool);
    }
    if let Some((tool, _, word)) = SHARED_MAILS.iter().find(|(_, one, _)| is_mail(one)) {
        return identity.name.to_ascii_lowercase().contains(word).then_some(*tool);
    }
    let account = mail.len().checked_sub(GITHUB.len()).and_then(|at| mail.split_at_checked(at));
    let (account, _) = account.filter(|(_, domain)| domain.eq_ignore_ascii_case(GITHUB))?;
    let (number, login) = match account.split_once('+') {
        Some((number, login)) => (number.parse::<u64>().ok(), login),
        None => (None, account),
    };
    let by_number = NUMBERS.iter().find(|(_, one)| Some(*one) == number).map(|(tool, _)| *tool);
    let by_login = || LOGINS.iter().find(|(_, one)| one.eq_ignore_ascii_case(login));
    by_number.or_else(|| by_login().map(|(tool, _)| *tool))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_numbers_and_logins_tell() {
        let tool = |text| tool_of(Identity::parse(text));
        assert_eq!(tool("Anybody <NoReply@Anthropic.com>"), Some("claude-code"));
        assert_eq!(tool("New Name <175728472+New@users.noreply.github.com>"), Some("copilot"));
        assert_eq!(tool("x <continue[bot]@users.noreply.github.com>"), Some("continue"));
        assert_eq!(tool("GitHub Copilot <noreply@github.com>"), Some("copilot"));
        assert_eq!(tool("GitHub <noreply@github.com>"), None);
        assert_eq!(tool("Claude Martin <claude@anthropic.com>"), None);
        assert_eq!(tool("Devin <12+devin@users.noreply.github.com>"), None);
    }
}
