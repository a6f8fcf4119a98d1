//! Answers against the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use git_model::attribute::Owner;

use crate::world::{TrueLine, Truth, World};

/// What the replay says of one staged file.
pub(crate) struct Answer<'a> {
    pub seed: u64,
    pub commit: usize,
    pub file: usize,
    pub lines: &'a [TrueLine],
    /// The lines that the commit adds.
    pub added: BTreeSet<usize>,
    pub owners: &'a [Owner],
    /// The history.
    pub world: &'a World,
}

/// Numbers of lines.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub commits: usize,
    /// Added lines with a letter or digit, and how many of them are right.
    pub lines: usize,
    pub wrong: usize,
    pub trivial: usize,
    pub trivial_wrong: usize,
    /// A person's lines, and those given to a model: with a text that occurs once, and the others.
    pub unique: usize,
    pub unique_to_model: usize,
    pub common: usize,
    pub common_to_model: usize,
    /// A model's lines that are unknown, and those given to another one.
    pub lost: usize,
    pub to_other_model: usize,
    /// Lines for which the conventions allow two answers.
    pub either: usize,
    pub report: String,
}

fn is_model(truth: Truth) -> bool {
    matches!(truth, Truth::Model(_))
}

/// Says whether an answer is right for a truth.
fn agrees(truth: Truth, owner: Owner) -> bool {
    match (truth, owner) {
        (Truth::Model(model) | Truth::Unseen(model), Owner::Writer(writer)) => model == writer,
        (Truth::Model(_), _) | (_, Owner::Writer(_)) => false,
        _ => true,
    }
}

impl Score {
    pub(crate) fn add(&mut self, answer: &Answer<'_>) {
        assert_eq!(answer.lines.len(), answer.owners.len(), "seed {}", answer.seed);
        // Lines of one text in one file are interchangeable.
        let mut groups = BTreeMap::<String, Vec<usize>>::new();
        for (place, line) in answer.lines.iter().enumerate() {
            groups.entry(line.shape()).or_default().push(place);
        }
        for (text, places) in groups {
            let added = places.iter().filter(|place| answer.added.contains(place)).count();
            if added > 0 {
                self.add_group(answer, &text, places, added);
            }
        }
    }

    fn add_group(&mut self, answer: &Answer<'_>, text: &str, places: Vec<usize>, added: usize) {
        let is_trivial = answer.lines[places[0]].is_trivial();
        let is_unique = answer.world.is_once(text);
        let persons = places
            .iter()
            .filter(|place| answer.added.contains(place) && !is_model(answer.lines[**place].truth));
        let persons = persons.count();
        if is_trivial {
            self.trivial += added;
        } else {
            self.lines += added;
            let either = places.iter().filter(|place| !answer.lines[**place].also.is_empty());
            self.either += either.count();
            *(if is_unique { &mut self.unique } else { &mut self.common }) += persons;
        }
        let mut owners = places.iter().map(|place| answer.owners[*place]).collect::<Vec<_>>();
        let mut truths = places;
        // What has one answer chooses first.
        truths.sort_by_key(|place| answer.lines[*place].answers().count());
        for is_exact in [true, false] {
            truths.retain(|place| {
                let line = &answer.lines[*place];
                let right = owners.iter().position(|owner| {
                    agrees(line.truth, *owner)
                        || !is_exact && line.also.iter().any(|also| agrees(*also, *owner))
                });
                right.map(|at| owners.swap_remove(at)).is_none()
            });
        }
        for (place, owner) in truths.into_iter().zip(owners) {
            let truth = answer.lines[place].truth;
            if is_trivial {
                self.trivial_wrong += 1;
                continue;
            }
            self.wrong += 1;
            let kind = match (is_model(truth), owner) {
                (false, _) if is_unique => {
                    self.unique_to_model += 1;
                    "PERSON'S UNIQUE LINE TO A MODEL"
                }
                (false, _) => {
                    self.common_to_model += 1;
                    "person's line to a model"
                }
                (true, Owner::Writer(_)) => {
                    self.to_other_model += 1;
                    "to another model"
                }
                (true, _) => {
                    self.lost += 1;
                    "lost"
                }
            };
            let _ = writeln!(
                self.report,
                "seed {} commit {} file {} line {}: {kind}: {truth:?} answered {owner:?}: {}",
                answer.seed,
                answer.commit,
                answer.file,
                place + 1,
                answer.lines[place].text.trim()
            );
        }
    }

    pub(crate) fn right_percent(&self) -> f64 {
        let lines = u32::try_from(self.lines).map_or(f64::INFINITY, f64::from);
        let wrong = u32::try_from(self.wrong).map_or(f64::INFINITY, f64::from);
        100.0 * (1.0 - wrong / lines.max(1.0))
    }

    pub(crate) fn summary(&self) -> String {
        format!(
            "{} commits, {} lines, {:.3} % right; a person's to a model: {} of {} unique, {} of {} others; \
             a model's: {} unknown, {} another model's; trivial: {} of {} wrong; either right: {}",
            self.commits,
            self.lines,
            self.right_percent(),
            self.unique_to_model,
            self.unique,
            self.common_to_model,
            self.common,
            self.lost,
            self.to_other_model,
            self.trivial_wrong,
            self.trivial,
            self.either
        )
    }
}
