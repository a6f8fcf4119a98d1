//! Verdicts on a commit's change: which of them hold for it, and the reviewers' part that follows.
//!
//! A verdict is about one change, the tree on top of the tree before. It holds for the commit of exactly that tree,
//! and where the commit is made again (amended, rebased, picked) for one with the same patch id. Else it is stale.

use crate::capture::change::Source;
use crate::capture::moment::Moment;
use crate::capture::{Error, trailers};
use crate::git::Commit;
use crate::provenance::{
    CommitId, CommitRecord, Contribution, Grade, LineCounts, ModelTrailer, Operation, Origin,
    Phase, Review, Verdict, model_trailers,
};
use crate::settings::{self, ReviewGate};
use crate::store::{Draft, Verdicts};

impl Moment<'_> {
    /// Finds the verdicts that hold for a change, and takes the reviewers' part out of the sources' records: whether
    /// they have one again is decided for this change alone.
    pub(super) fn settle_reviews(
        &self,
        draft: &Draft,
        (base, tree): (Option<CommitId>, CommitId),
        sources: &mut [Source],
    ) -> Result<Vec<Review>, Error> {
        let mut reviews = self.reviews_of(base, tree)?;
        for source in sources.iter().filter(|_| keeps_changes(draft.operation)) {
            let of_source = &source.record.reviews;
            // What two commits had each is not what they come to together.
            if of_source.is_empty() || sources.len() > 1 {
                continue;
            }
            let Some(is_carried) = self.is_same_change(&source.commit, base, tree)? else {
                continue;
            };
            for review in of_source {
                let review =
                    Review { is_carried: review.is_carried || is_carried, ..review.clone() };
                add(&mut reviews, review);
            }
        }
        for source in sources {
            let Source { record, .. } = source;
            let reviews = std::mem::take(&mut record.reviews);
            record
                .retain_without_lines(|one| !reviews.iter().any(|review| is_part_of(one, review)));
        }
        Ok(reviews)
    }

    /// Reads the verdicts on exactly this change; the last one of each reviewer.
    fn reviews_of(&self, base: Option<CommitId>, tree: CommitId) -> Result<Vec<Review>, Error> {
        let kept = Verdicts::of(self.repo.git_dir()).read()?;
        let mut reviews = Vec::new();
        for kept in kept.iter().filter(|kept| kept.is_about(base, tree)) {
            kept.review.review().into_iter().for_each(|review| add(&mut reviews, review));
        }
        Ok(reviews)
    }

    /// Says whether a commit made the same change: `Some(false)` with the very trees, `Some(true)` with others.
    fn is_same_change(
        &self,
        commit: &Commit,
        base: Option<CommitId>,
        tree: CommitId,
    ) -> Result<Option<bool>, Error> {
        let before = match commit.parents[..] {
            [] => None,
            [parent] => Some(self.repo.commit(parent)?.tree),
            // A merge is not one change.
            _ => return Ok(None),
        };
        if (before, commit.tree) == (base, tree) {
            return Ok(Some(false));
        }
        let is_same = self.repo.patch_id(before, commit.tree)? == self.repo.patch_id(base, tree)?;
        Ok(is_same.then_some(true))
    }

    /// Adds verdicts to a record, the part of those who passed it, and whether a review was left out on purpose.
    pub(super) fn add_reviews(
        &self,
        record: &mut CommitRecord,
        reviews: Vec<Review>,
        sources: &[Source],
    ) -> Result<(), Error> {
        let is_made_now = matches!(record.operation, Operation::Commit | Operation::Amend);
        record.skips_review = if is_made_now {
            settings::skips("review") && self.settings().review_gate()? == ReviewGate::Commit
        } else {
            keeps_changes(record.operation) && sources.iter().any(|one| one.record.skips_review)
        };
        for review in reviews.iter().filter(|review| review.verdict == Verdict::Pass) {
            add_reviewer(record, review);
        }
        record.reviews = reviews;
        record.sort_contributions();
        Ok(())
    }

    /// Returns the trailers of a message that say a review which does not hold for the change that is staged.
    ///
    /// For a step of a rebase, whose message Git took over. Looks at nothing where the message has none.
    pub(super) fn stale_reviews(&self, draft: &Draft, message: &str) -> Result<Vec<String>, Error> {
        let there = model_trailers(message);
        if !there.iter().any(is_of_review) {
            return Ok(Vec::new());
        }
        let mut sources = self.sources(draft)?;
        let written = sources.iter().flat_map(|source| source.record.trailers.clone());
        let mut stale = there.into_iter().filter(is_of_review).map(|trailer| trailer.text);
        let written = written.collect::<Vec<_>>();
        let stale = stale.by_ref().filter(|text| written.contains(text)).collect::<Vec<_>>();
        if stale.is_empty() {
            return Ok(stale);
        }
        let base = match draft.parents.first() {
            Some(parent) => Some(self.repo.commit(*parent)?.tree),
            None => None,
        };
        let tree = self.repo.staged_tree(base)?;
        let reviews = self.settle_reviews(draft, (base, tree), &mut sources)?;
        let mut record = CommitRecord::default();
        for review in reviews.iter().filter(|review| review.verdict == Verdict::Pass) {
            add_reviewer(&mut record, review);
        }
        let earned = trailers::earned(&record, self.style()?);
        Ok(stale.into_iter().filter(|trailer| !earned.contains(trailer)).collect())
    }
}

/// Adds a verdict that came after the commit; one of the same reviewer before it does not count any more.
pub(super) fn add_to(record: &mut CommitRecord, review: Review) {
    let before = std::mem::take(&mut record.reviews);
    record.retain_without_lines(|one| !before.iter().any(|known| is_part_of(one, known)));
    record.reviews = before;
    add(&mut record.reviews, review);
    for review in record.reviews.clone().iter().filter(|review| review.verdict == Verdict::Pass) {
        add_reviewer(record, review);
    }
    record.sort_contributions();
}

/// Says whether a commit of this operation is another one made again.
fn keeps_changes(operation: Operation) -> bool {
    matches!(operation, Operation::Amend | Operation::Rebase | Operation::CherryPick)
}

/// Adds a review, in place of an earlier one by the same reviewer of the same tree and plan.
fn add(reviews: &mut Vec<Review>, review: Review) {
    let is_same = |known: &Review| {
        (&known.reviewer, &known.by, known.tree, known.plan_hash)
            == (&review.reviewer, &review.by, review.tree, review.plan_hash)
    };
    reviews.retain(|known| !is_same(known));
    reviews.push(review);
}

/// Says whether a trailer of ours in a message says a review that a record does not: it is no declaration.
pub(super) fn is_unearned(
    trailer: &ModelTrailer,
    written: &[String],
    record: &CommitRecord,
) -> bool {
    is_of_review(trailer)
        && written.contains(&trailer.text)
        && !record.contributions.iter().any(|one| trailers::is_said_by(trailer, &one.origin))
}

fn is_of_review(trailer: &ModelTrailer) -> bool {
    trailer.phase == Some(Phase::Review)
}

/// Says whether a part of a record is there because of a review.
fn is_part_of(part: &Contribution, review: &Review) -> bool {
    part.lines.changed() == 0 && part.origin == origin(review)
}

fn origin(review: &Review) -> Origin {
    // Whoever asked the model is no agent that worked on the change; a verdict that was imported is an agent's.
    let agent = (review.grade != Grade::Observed).then(|| review.by.clone());
    let (model, grade) = (review.reviewer.clone(), review.grade);
    Origin::Model { model, phase: Some(Phase::Review), agent, grade }
}

fn add_reviewer(record: &mut CommitRecord, review: &Review) {
    let origin = origin(review);
    if !record.contributions.iter().any(|one| one.origin == origin) {
        record.contributions.push(Contribution {
            origin,
            requested: review.requested.clone(),
            session: None,
            lines: LineCounts::default(),
        });
    }
}
