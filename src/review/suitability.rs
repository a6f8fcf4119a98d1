//! Whether a model may review what others wrote.

use crate::provenance::{ModelName, Strength, compare_strength, is_of_highest_tier};
use crate::review::Demand;

/// How a reviewer compares with the authors of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suitability {
    /// The reviewer compared with the author that it is the least above; `Unknown` where no author is known.
    pub strength: Strength,
    /// That author.
    pub author: Option<ModelName>,
    /// That author is of the highest tier of its scale, so that no stronger model exists.
    pub author_is_highest: bool,
    /// The reviewer is that author.
    pub is_author: bool,
}

/// Compares a reviewer with the authors of a change.
///
/// It has to be stronger than each of them, so the one counts that it is the least above.
pub fn suitable(reviewer: &ModelName, authors: &[ModelName]) -> Suitability {
    let beside = |author: &ModelName| Suitability {
        strength: compare_strength(reviewer, author),
        author: Some(author.clone()),
        author_is_highest: is_of_highest_tier(author),
        is_author: reviewer == author,
    };
    let hardest = authors.iter().map(beside).max_by_key(|one| {
        let doubt = doubt(one.strength);
        let id = one.author.as_ref().map(|author| author.id().to_owned());
        (if one.is_as_it_should_be() { 0 } else { doubt }, doubt, id)
    });
    hardest.unwrap_or(Suitability {
        strength: Strength::Unknown,
        author: None,
        author_is_highest: false,
        is_author: false,
    })
}

/// Returns how much speaks against a reviewer of this strength.
fn doubt(strength: Strength) -> u8 {
    match strength {
        Strength::Stronger => 0,
        Strength::Unknown => 1,
        Strength::Same => 2,
        Strength::Weaker => 3,
    }
}

impl Suitability {
    /// Says whether it is what one wants: stronger, or another model beside an author than which none is higher.
    fn is_as_it_should_be(&self) -> bool {
        self.author.is_none()
            || self.strength == Strength::Stronger
            || self.author_is_highest && !self.is_author
    }

    /// Returns why the reviewer may not read this change; `None` where it may.
    pub fn refusal(&self, reviewer: &ModelName, demand: Demand) -> Option<String> {
        let is_refused = match demand {
            Demand::Any => false,
            Demand::NotWeaker => self.strength == Strength::Weaker && !self.is_as_it_should_be(),
            Demand::Stronger => !self.is_as_it_should_be(),
        };
        if is_refused { self.in_words(reviewer) } else { None }
    }

    /// Returns what is to be said beside the verdict; `None` where the reviewer is as it should be.
    pub fn warning(&self, reviewer: &ModelName) -> Option<String> {
        if self.is_as_it_should_be() { None } else { self.in_words(reviewer) }
    }

    fn in_words(&self, reviewer: &ModelName) -> Option<String> {
        let author = self.author.as_ref()?.display();
        let reviewer = reviewer.display();
        Some(match self.strength {
            _ if self.is_author => format!("the reviewer {reviewer} wrote part of this change"),
            Strength::Weaker => format!(
                "the reviewer {reviewer} is weaker than {author}, which wrote part of this change"
            ),
            Strength::Same => format!(
                "the reviewer {reviewer} is no stronger than {author}, which wrote part of this change"
            ),
            Strength::Unknown => format!(
                "nobody knows whether the reviewer {reviewer} is stronger than {author}, which wrote part of this change"
            ),
            Strength::Stronger => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(reviewer: &str, authors: &[&str]) -> String {
        let parse = |name: &str| ModelName::parse(name).unwrap();
        let (reviewer, authors) =
            (parse(reviewer), authors.iter().map(|name| parse(name)).collect::<Vec<_>>());
        let suitability = suitable(&reviewer, &authors);
        let refused = |demand| suitability.refusal(&reviewer, demand).is_some();
        let verdict = match (refused(Demand::NotWeaker), refused(Demand::Stronger)) {
            (true, true) => "refused",
            (false, true) => "warned",
            (false, false) => "fits",
            (true, false) => "nonsense",
        };
        assert!(!refused(Demand::Any));
        let warning = suitability.warning(&reviewer);
        warning.map_or_else(|| verdict.to_owned(), |warning| format!("{verdict}: {warning}"))
    }

    #[test]
    fn a_stronger_model_than_each_author_fits() {
        assert_eq!(said("Opus 5.5", &["Sonnet 5.5"]), "fits");
        assert_eq!(said("Opus 5.5", &["Sonnet 5.5", "Haiku 5.5", "Opus 5"]), "fits");
        assert_eq!(said("Opus 5.5", &[]), "fits");
    }

    #[test]
    fn beside_an_author_of_the_highest_tier_another_model_will_do() {
        assert_eq!(said("Opus 5.5", &["Haiku 5.5", "Fable 5.2"]), "fits");
        assert_eq!(said("gpt-6-sol", &["Fable 5.2"]), "fits");
        assert_eq!(
            said("Fable 5.2", &["Fable 5.2"]),
            "warned: the reviewer Fable 5.2 wrote part of this change"
        );
    }

    #[test]
    fn the_hardest_of_the_authors_counts() {
        assert_eq!(
            said("Sonnet 5.5", &["Haiku 5.5", "Opus 5.5", "gpt-6-sol"]),
            "refused: the reviewer Sonnet 5.5 is weaker than Opus 5.5, which wrote part of this change"
        );
        assert_eq!(
            said("Opus 5.5", &["Fable 5.2", "Opus 5.5"]),
            "warned: the reviewer Opus 5.5 wrote part of this change"
        );
        assert_eq!(
            said("Opus 5.5", &["gpt-6-sol", "Sonnet 5.5"]),
            "warned: nobody knows whether the reviewer Opus 5.5 is stronger than GPT-6 Sol, which wrote part of this change"
        );
        assert_eq!(
            said("Mythos 5", &["Opus 5.5", "foo-9"]),
            "warned: nobody knows whether the reviewer Mythos 5 is stronger than foo-9, which wrote part of this change"
        );
    }
}
