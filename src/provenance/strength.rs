//! Which of two models is the stronger one, as far as that is known.
//!
//! Never read off a price: newer and stronger models are often cheaper.

use serde::{Deserialize, Serialize};

use super::ModelName;
use super::catalog::{self, Tier};

/// How one model compares with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// The first is stronger.
    Stronger,
    /// The first is weaker.
    Weaker,
    /// The same model, or two of one rank and version.
    Same,
    /// Nobody said.
    #[serde(other)]
    Unknown,
}

impl Strength {
    /// Returns the word for it, as on screens and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stronger => "stronger",
            Self::Weaker => "weaker",
            Self::Same => "same",
            Self::Unknown => "unknown",
        }
    }
}

/// Compares the first model with the second.
///
/// - The same id is the same model.
/// - In one line (`gpt-sol`) the higher version is stronger; a line without a version against a
///   version of itself is unknown, since nobody said which version was meant.
/// - Between lines the explicit tiers of the table decide, and only inside one scale. A version is
///   not needed for that: `Haiku` is weaker than `Opus 5.5`. A line has its tier for versions too
///   that the table does not list.
/// - But where the weaker line is newer by more than one major version, line and generation
///   disagree and the answer is unknown: Sonnet 5 against Opus 4 is weaker, against Opus 3 unknown.
///   So it is for lines of one rank whose versions cannot be compared.
pub fn compare_strength(first: &ModelName, second: &ModelName) -> Strength {
    if first == second {
        return Strength::Same;
    }
    let (Some(first_line), Some(second_line)) = (first.line(), second.line()) else {
        return Strength::Unknown;
    };
    let (first_version, second_version) = (first.version(), second.version());
    if first_line == second_line {
        return compare_versions(&first_version, &second_version);
    }
    let tiers = (catalog::tier_of_line(&first_line), catalog::tier_of_line(&second_line));
    let (Some(first_tier), Some(second_tier)) = tiers else {
        return Strength::Unknown;
    };
    let by_line = match compare_tiers(first_tier, second_tier) {
        // Versions of two vendors are not of one count.
        Strength::Same if first.vendor() == second.vendor() => {
            return compare_versions(&first_version, &second_version);
        }
        strength => strength,
    };
    let (Some(first_major), Some(second_major)) = (first_version.first(), second_version.first())
    else {
        return by_line;
    };
    let newer_by_far = match by_line {
        Strength::Stronger => *second_major > first_major.saturating_add(1),
        Strength::Weaker => *first_major > second_major.saturating_add(1),
        Strength::Same | Strength::Unknown => false,
    };
    if newer_by_far && first.vendor() == second.vendor() { Strength::Unknown } else { by_line }
}

/// Says whether somebody set the tier of a model's line.
pub fn has_tier(model: &ModelName) -> bool {
    model.line().and_then(|line| catalog::tier_of_line(&line)).is_some()
}

/// Says whether no known line stands above a model's in its scale; `false` where nobody set its tier.
pub fn is_of_highest_tier(model: &ModelName) -> bool {
    let tier = model.line().and_then(|line| catalog::tier_of_line(&line));
    let Some(tier) = tier else { return false };
    let others = catalog::rows().iter().filter_map(|row| row.tier);
    others.filter(|other| other.scale == tier.scale).all(|other| other.rank <= tier.rank)
}

fn compare_tiers(first: Tier, second: Tier) -> Strength {
    if first.scale != second.scale {
        return Strength::Unknown;
    }
    first.rank.cmp(&second.rank).into()
}

/// Compares numbers from the left, a missing one as 0; a version that is not there is unknown.
fn compare_versions(first: &[u32], second: &[u32]) -> Strength {
    if first.is_empty() || second.is_empty() {
        return Strength::Unknown;
    }
    let length = first.len().max(second.len());
    let number = |version: &[u32], at: usize| version.get(at).copied().unwrap_or(0);
    (0..length)
        .map(|at| number(first, at).cmp(&number(second, at)))
        .find(|order| order.is_ne())
        .map_or(Strength::Same, Strength::from)
}

impl From<std::cmp::Ordering> for Strength {
    fn from(ordering: std::cmp::Ordering) -> Self {
        match ordering {
            std::cmp::Ordering::Greater => Self::Stronger,
            std::cmp::Ordering::Less => Self::Weaker,
            std::cmp::Ordering::Equal => Self::Same,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(first: &str, second: &str) -> Strength {
        let parse = |text| ModelName::parse(text).unwrap();
        let (first, second) = (parse(first), parse(second));
        let back = match compare_strength(&second, &first) {
            Strength::Stronger => Strength::Weaker,
            Strength::Weaker => Strength::Stronger,
            other => other,
        };
        assert_eq!(compare_strength(&first, &second), back, "both ways");
        back
    }

    #[test]
    fn claude_is_ordered_by_line_and_inside_a_line_by_version() {
        let falling = [
            "claude-fable-5-2",
            "claude-fable-5-1",
            "Fable 5",
            "Opus 5.5",
            "Opus 4.8",
            "Opus 4",
            "Sonnet 5.5",
            "Sonnet 4.6",
            "Haiku 5.5",
            "claude-haiku-4-5-20251001",
        ];
        for (at, first) in falling.iter().enumerate() {
            for second in &falling[at + 1..] {
                assert_eq!(compare(first, second), Strength::Stronger, "{first} {second}");
            }
        }
    }

    #[test]
    fn a_much_newer_model_of_a_weaker_line_is_unknown() {
        assert_eq!(compare("Sonnet 5", "Opus 4.8"), Strength::Weaker);
        assert_eq!(compare("Sonnet 5", "Opus 3"), Strength::Unknown);
        assert_eq!(compare("Haiku 5.5", "Sonnet 3.7"), Strength::Unknown);
    }

    #[test]
    fn a_line_without_a_version_is_compared_by_its_line_only() {
        assert_eq!(compare("Opus", "Sonnet 5.5"), Strength::Stronger);
        assert_eq!(compare("Opus", "Fable"), Strength::Weaker);
        assert_eq!(compare("Opus", "Opus 5.5"), Strength::Unknown);
        assert_eq!(compare("Claude", "Opus 5.5"), Strength::Unknown);
        assert_eq!(compare("Mythos", "Opus 5.5"), Strength::Stronger);
        assert_eq!(compare("Mythos 5", "Fable 5"), Strength::Same);
    }

    #[test]
    fn versions_the_table_does_not_list_are_compared_by_line() {
        assert_eq!(compare("Opus 7.1", "Opus 5.5"), Strength::Stronger);
        assert_eq!(compare("gpt-7-sol", "gpt-6.1-sol"), Strength::Stronger);
        assert_eq!(compare("gpt-7-luna", "gpt-6-astra"), Strength::Weaker);
        assert_eq!(compare("gemini-3.8-flash", "gemini-3.1-pro"), Strength::Weaker);
    }

    #[test]
    fn what_the_table_does_not_say_is_unknown() {
        assert_eq!(compare("Opus 5.5", "gpt-6-astra"), Strength::Unknown);
        assert_eq!(compare("gpt-5.5", "gpt-5.6-sol"), Strength::Unknown);
        assert_eq!(compare("deepseek-r1", "deepseek-v4"), Strength::Unknown);
        assert_eq!(compare("foo-9", "foo-8"), Strength::Unknown);
        assert_eq!(compare("foo-9", "Foo 9"), Strength::Same);
        assert_eq!(compare("o3", "o4-mini"), Strength::Unknown);
    }
}
