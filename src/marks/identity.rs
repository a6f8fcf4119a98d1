//! Agents as author or committer, and the classic bots that are no AI.

use super::accounts::tool_of;
use super::co_author::{self, read_person};
use super::names;
use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Identity, Mark, MarkKind};

/// What Aider puts behind the user's name.
const AIDER: &str = "(aider)";

/// What Gas Town calls its agents, between the rig and the name, and alone behind the rig.
const TOWN_GROUPS: [&str; 2] = ["crew", "polecats"];
const TOWN_ROLES: [&str; 2] = ["refinery", "witness"];

/// Logins and names of bots without `[bot]` in them.
const BOTS: [&str; 25] = [
    "actions",
    "allcontributors",
    "bot",
    "bors",
    "bors-servo",
    "copybara-service",
    "dependabot",
    "dependabot-preview",
    "github actions",
    "github-actions",
    "greenkeeper",
    "homu",
    "hosted weblate",
    "k8s-ci-robot",
    "mergify",
    "pre-commit-ci",
    "pyup-bot",
    "renovate",
    "renovate bot",
    "renovate-bot",
    "renovatebot",
    "semantic-release-bot",
    "snyk-bot",
    "stainless bot",
    "weblate",
];

/// Reads the author and the committer.
pub(super) struct AgentIdentity;

impl Reader for AgentIdentity {
    fn kind(&self) -> MarkKind {
        "identity"
    }

    fn needles(&self) -> &'static [&'static str] {
        &[]
    }

    fn read(&self, text: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        let is_one = text.author == text.committer;
        for identity in [text.author, text.committer].into_iter().take(if is_one { 1 } else { 2 }) {
            let pairs = if identity.name.ends_with(AIDER) {
                vec![(Some("aider"), None)]
            } else if tool_of(identity).is_some() {
                read_person(&written(identity))
            } else {
                continue;
            };
            found.extend(pairs.into_iter().map(|(tool, model)| {
                Mark::inferred(self.kind(), &written(identity), 0).naming(tool, model)
            }));
        }
        // Which agent works there is not said; any other mark says more, but for the name of a branch.
        if found.iter().all(|mark| mark.is_weak) {
            let mark = if is_of_town(text.author.name) {
                Some(Mark::inferred(self.kind(), &written(text.author), 0))
            } else {
                let line = (0..lines.len()).find(|index| {
                    co_author::value(lines, *index)
                        .is_some_and(|value| is_of_town(Identity::parse(&value).name))
                });
                line.map(|index| {
                    Mark::inferred(self.kind(), lines[index].text, lines[index].number)
                })
            };
            found.extend(mark.map(|mark| mark.naming(Some("gastown"), None)));
        }
    }
}

/// `RIG/crew/NAME`, `RIG/polecats/NAME`, `RIG/refinery`: no person is called so.
fn is_of_town(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    match name.split('/').collect::<Vec<_>>()[..] {
        [rig, group, agent] => is_word(rig) && TOWN_GROUPS.contains(&group) && is_word(agent),
        [rig, role] => is_word(rig) && TOWN_ROLES.contains(&role),
        _ => false,
    }
}

/// Whether an identity is a classic bot: a program that commits, and no AI.
///
/// An agent is none, though its account may be a `[bot]` too.
pub fn is_bot(identity: Identity<'_>) -> bool {
    if tool_of(identity).is_some() {
        return false;
    }
    let name = identity.name.to_ascii_lowercase();
    let local = identity.mail.split('@').next().unwrap_or_default();
    let login = local.rsplit('+').next().unwrap_or_default().to_ascii_lowercase();
    // `release-bot` is a program; `claude-bot` may be an agent of its owner.
    let is_named = login.strip_suffix("-bot").is_some_and(|what| names::read(what).is_empty());
    name.ends_with("[bot]")
        || login.ends_with("[bot]")
        || is_named
        || BOTS.contains(&name.as_str())
        || BOTS.contains(&login.as_str())
}

fn written(identity: Identity<'_>) -> String {
    format!("{} <{}>", identity.name, identity.mail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bots_are_no_agents_and_agents_no_bots() {
        let bot = |text| is_bot(Identity::parse(text));
        assert!(bot("dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"));
        assert!(bot("Renovate Bot <renovate-bot@example.com>"));
        assert!(bot("Renovate Bot <bot@example.com>"));
        assert!(bot("Renovate Bot <renovatebot@example.com>"));
        assert!(bot("Releases <release-bot@example.com>"));
        assert!(!bot("Ada <claude-bot@example.com>"));
        assert!(!bot("Ben Bot <ben.bot@example.com>"));
        assert!(bot("GitHub Actions <actions@example.com>"));
        assert!(bot("Automated <actions@users.noreply.github.com>"));
        assert!(bot("Hosted Weblate <hosted@weblate.org>"));
        assert!(!bot("Anonymous <noreply@weblate.org>"));
        assert!(!bot("claude[bot] <209825114+claude[bot]@users.noreply.github.com>"));
        assert!(!bot("Abbott Botham <abbot@example.com>"));
        assert!(!bot("GitHub <noreply@github.com>"));
    }
}
