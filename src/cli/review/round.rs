//! One round of a review: what is known of the change, what was said of it before, the question, and the answer kept.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use crate::backends::{Answer, Ask, Failure, Question, Watch};
use crate::capture::{Coming, Moment, record_of};
use crate::cli::ask::Asked;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::current::current;
use crate::cli::review::background;
use crate::cli::review::change::{Kind, Target};
use crate::clock;
use crate::format::counted;
use crate::git::Repo;
use crate::provenance::{
    CommitId, CommitRecord, ModelName, Origin, Phase, Plan, Strength, Verdict, compare_strength,
};
use crate::report::ReviewReport;
use crate::review::{self, Boundary, Change, Demand, Import, Limits, Outcome, Progress, Request};
use crate::settings::{self, Role, RoleSetting, Settings};
use crate::store::{KeptReview, KeptVerdict, VerdictKey, Verdicts};

/// So many commits of a range are asked for who wrote them.
const COMMITS_LIMIT: usize = 1000;

/// A change, and what is known before anybody is asked.
pub(super) struct Round<'r> {
    context: &'r Context,
    repo: &'r Repo,
    /// The change.
    pub(super) target: Target,
    /// The approved plan that it is held against.
    pub(super) plan: Option<Plan>,
    /// All verdicts of this worktree, oldest first.
    kept: Vec<KeptVerdict>,
}

impl<'r> Round<'r> {
    /// Reads what was said before, and finds the plan.
    pub(super) fn of(
        context: &'r Context,
        repo: &'r Repo,
        target: Target,
    ) -> Result<Self, CommandError> {
        let kept = Verdicts::of(repo.git_dir()).read()?;
        let is_coming = matches!(target.kind, Kind::Staged(_) | Kind::Working);
        let moment = Moment::new(repo, context.now());
        let plan = if is_coming { current(context, repo, &moment)? } else { None };
        // What nobody approved binds nobody.
        let plan = plan.filter(|plan| plan.approved().is_some());
        Ok(Self { context, repo, target, plan, kept })
    }

    /// Returns what was answered before to the same question; to anybody's where no reviewer is named.
    ///
    /// A verdict that was imported answers, too; a review that was not completed does not.
    pub(super) fn answered(&self, reviewer: Option<&ModelName>) -> Option<Outcome> {
        let is_answer = |kept: &&KeptVerdict| {
            let is_imported = kept.review.prompt_version == 0;
            match reviewer {
                Some(reviewer) if !is_imported => kept.answers(&self.key(reviewer)),
                _ => kept.is_about(self.target.base, self.target.tree),
            }
        };
        let finished = self.kept.iter().rev().filter(|kept| kept.review.verdict != Verdict::NotRun);
        finished.filter(is_answer).find_map(|kept| Outcome::from_json(&kept.said))
    }

    /// Waits for a process that reviews this very change, and reads what it kept.
    pub(super) fn wait_for_another(&mut self, seconds: u64) -> Result<(), CommandError> {
        if background::wait(self.context, self.repo, &self.target, seconds) {
            self.kept = Verdicts::of(self.repo.git_dir()).read()?;
        }
        Ok(())
    }

    /// Makes a report of an outcome.
    pub(super) fn report(&self, outcome: Outcome) -> ReviewReport {
        let plan = self.plan.as_ref().filter(|plan| outcome.plan_hash == Some(plan.hash));
        let plan = plan.map(|plan| plan.id.clone());
        ReviewReport::new(outcome, &self.target.words()).with_plan(plan)
    }

    /// Returns when the last review of this very change was not completed, in seconds since 1970, with what it said.
    pub(super) fn failed_before(&self) -> Option<(i64, Outcome)> {
        let last = self
            .kept
            .iter()
            .rfind(|kept| kept.is_about(self.target.base, self.target.tree))
            .filter(|kept| kept.review.verdict == Verdict::NotRun)?;
        Some((last.at, Outcome::from_json(&last.said)?))
    }

    fn key<'k>(&self, reviewer: &'k ModelName) -> VerdictKey<'k> {
        VerdictKey {
            base: self.target.base,
            tree: self.target.tree,
            plan_hash: self.plan.as_ref().map(|plan| plan.hash),
            reviewer,
            prompt_version: review::PROMPT_VERSION,
        }
    }

    /// Makes the request, with who wrote which line.
    pub(super) fn request(
        &self,
        reviewer: &RoleSetting,
        by: &str,
        demand: Demand,
        may_send_secrets: bool,
    ) -> Result<Request, CommandError> {
        let (change, records) = self.read()?;
        Ok(Request {
            change,
            plan: self.plan.clone(),
            notes: None,
            message: self.target.message.clone(),
            earlier: self.earlier(),
            dismissed: self.earlier().iter().flat_map(Outcome::dismissals).collect(),
            reviewer: reviewer.model.clone(),
            by: by.to_owned(),
            authors: authors(&records),
            demand,
            limits: self.limits()?,
            may_send_secrets,
            boundary: Boundary::random(),
        })
    }

    /// Takes the verdict of another reviewer on this very change, and keeps it.
    pub(super) fn import(
        &self,
        text: &str,
        reviewer: ModelName,
        agent: &str,
    ) -> Result<Outcome, CommandError> {
        let (change, records) = self.read()?;
        let import = Import {
            change: &change,
            plan: self.plan.as_ref(),
            reviewer,
            agent: agent.to_owned(),
            authors: authors(&records),
            limits: self.limits()?,
        };
        let outcome = review::import(text, &import)?;
        self.keep(&outcome)?;
        Ok(outcome)
    }

    /// Reads the change, with who wrote which line.
    fn read(&self) -> Result<(Change, Vec<CommitRecord>), CommandError> {
        let mut change = Change::between(self.repo, self.target.base, self.target.tree)?;
        let records = self.records()?;
        if let [record] = records.as_slice() {
            name_authors(&mut change, record);
        }
        Ok((change, records))
    }

    fn limits(&self) -> Result<Limits, CommandError> {
        let settings = Settings::of(self.repo);
        let limits = Limits::default();
        Ok(Limits {
            max_rounds: settings.review_max_rounds(limits.max_rounds)?,
            max_findings: settings.review_max_findings(limits.max_findings)?,
            ..limits
        })
    }

    /// Returns the records of what is read: of the coming commit, or of those that are there.
    fn records(&self) -> Result<Vec<CommitRecord>, CommandError> {
        let coming = match &self.target.kind {
            Kind::Commit(id) => return Ok(record_of(self.repo, *id)?.into_iter().collect()),
            Kind::Range { from, to, .. } => return self.records_between(*from, *to),
            Kind::Staged(coming) => *coming,
            Kind::Working => Coming::Next,
        };
        let moment = Moment::new(self.repo, self.context.now()).within(settings::surroundings());
        // Sessions that cannot be read leave lines unknown, and the review goes on.
        let _ = moment.read_sessions();
        let declared = self.context.declared(self.repo)?.0.who;
        let Target { base, tree, .. } = self.target;
        Ok(vec![moment.record_of_tree(coming, base, tree, declared)?])
    }

    fn records_between(
        &self,
        from: Option<CommitId>,
        to: CommitId,
    ) -> Result<Vec<CommitRecord>, CommandError> {
        let mut records = Vec::new();
        let mut next = Some(to);
        while let Some(id) = next.filter(|id| Some(*id) != from && records.len() < COMMITS_LIMIT) {
            records.push(record_of(self.repo, id)?.unwrap_or_default());
            next = self.repo.commit(id)?.parents.first().copied();
        }
        Ok(records)
    }

    /// Returns the earlier rounds on the same work: on other trees on top of the same one.
    ///
    /// What was said of one tree in a row is one round, as it was said last.
    fn earlier(&self) -> Vec<Outcome> {
        let is_earlier = |kept: &&KeptVerdict| {
            kept.base == self.target.base && kept.review.tree != self.target.tree
        };
        let mut earlier = Vec::<Outcome>::new();
        let said = self.kept.iter().filter(is_earlier);
        for outcome in said.filter_map(|kept| Outcome::from_json(&kept.said)) {
            let is_completed = outcome.verdict != Verdict::NotRun;
            if earlier.last().is_some_and(|last| is_completed && last.tree == outcome.tree) {
                earlier.pop();
            }
            earlier.push(outcome);
        }
        earlier
    }

    /// Sets aside what the last review of this very change found at a place, and keeps that.
    pub(super) fn dismiss(
        &self,
        place: &str,
        why: &str,
        reviewer: Option<&ModelName>,
    ) -> Result<Outcome, CommandError> {
        let Some(mut outcome) = self.answered(reviewer) else {
            return Err(CommandError::refusal(format!(
                "{} was not reviewed, so there is nothing to dismiss",
                self.target.words()
            ))
            .with_hint("git model review"));
        };
        outcome.dismiss(place, why)?;
        self.keep(&outcome)?;
        Ok(outcome)
    }

    /// Says whether another tree of the same work was reviewed, and how the last one ended.
    pub(super) fn last_of_work(&self) -> Option<Outcome> {
        self.earlier().pop()
    }

    /// Asks, within so many seconds in all, and keeps what came of it; what the user stopped is not kept.
    pub(super) fn ask(
        &self,
        asked: &Asked,
        request: &Request,
        seconds: u64,
    ) -> Result<Outcome, CommandError> {
        let watch = asked.watch();
        let limited = Limited::new(asked.way(), watch, seconds);
        let outcome = review::run(request, &limited, &mut |progress| enter(watch, &progress));
        if !limited.is_stopped_by_user() {
            self.keep(&outcome)?;
        }
        Ok(outcome)
    }

    /// Keeps a verdict; that there was nothing to read is none.
    pub(super) fn keep(&self, outcome: &Outcome) -> Result<(), CommandError> {
        if self.target.is_empty() {
            return Ok(());
        }
        let kept = KeptVerdict {
            at: self.context.now().timestamp(),
            base: self.target.base,
            review: KeptReview::of(&outcome.review()),
            said: outcome.to_json(),
        };
        Ok(Verdicts::of(self.repo.git_dir()).append(kept)?)
    }
}

/// Returns who reviews: as named, else `model.reviewer`, else the strongest of those that have another role.
pub(super) fn reviewer(repo: &Repo, named: Option<&str>) -> Result<RoleSetting, CommandError> {
    let settings = Settings::of(repo);
    if named.is_none() && matches!(settings.role_setting(Role::Reviewer), Ok(None)) {
        let others = [Role::Planner, Role::Implementer].into_iter();
        let mut others = others.filter_map(|role| settings.role_setting(role).ok().flatten());
        if let Some(first) = others.next() {
            let stronger = |one: RoleSetting, other: RoleSetting| match compare_strength(
                &other.model,
                &one.model,
            ) {
                Strength::Stronger => other,
                _ => one,
            };
            return Ok(others.fold(first, stronger));
        }
    }
    crate::cli::ask::who(repo, Role::Reviewer, named)
}

/// Says what is being done, for whoever waits.
fn enter(watch: &Watch, progress: &Progress) {
    match progress {
        Progress::Reading { files, lines } => {
            let (files, lines) = (counted(*files, "file"), counted(*lines, "line"));
            watch.enter(format!("reviewing {files}, {lines}"));
        }
        Progress::Checking { number, of, title } => {
            watch.enter(format!("checking finding {number} of {of}: {title}"));
        }
        Progress::Answered { .. } => {}
    }
}

/// Names who wrote the lines of a change, as a record says.
fn name_authors(change: &mut Change, record: &CommitRecord) {
    for file in &record.files {
        let origin = |line: u32| {
            let range =
                file.ranges.iter().find(|range| (range.start..=range.end).contains(&line))?;
            Some(record.contributions.get(range.contribution)?.origin.clone())
        };
        change.name_authors(&file.path, origin);
    }
}

/// Returns the models that wrote something, each once.
fn authors(records: &[CommitRecord]) -> Vec<ModelName> {
    let mut authors = Vec::new();
    for one in records.iter().flat_map(|record| &record.contributions) {
        let Origin::Model { model, phase, .. } = &one.origin else { continue };
        let wrote = one.lines.changed() > 0 && *phase != Some(Phase::Review);
        if wrote && !authors.contains(model) {
            authors.push(model.clone());
        }
    }
    authors
}

/// A way to ask that ends after some time, whatever is asked.
struct Limited<'w> {
    ask: &'w dyn Ask,
    watch: &'w Watch,
    until: Instant,
    seconds: u64,
    /// The time is over.
    is_over: RefCell<bool>,
}

impl<'w> Limited<'w> {
    fn new(ask: &'w dyn Ask, watch: &'w Watch, seconds: u64) -> Self {
        let until = clock::instant() + Duration::from_secs(seconds);
        let ending = watch.clone();
        // It outlives the question, and then stops nothing: this program is over by then.
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(seconds));
            ending.stop();
        });
        Self { ask, watch, until, seconds, is_over: RefCell::new(false) }
    }

    fn is_stopped_by_user(&self) -> bool {
        self.watch.is_stopped() && !*self.is_over.borrow()
    }
}

impl Ask for Limited<'_> {
    fn ask(&self, question: &Question) -> Result<Answer, Failure> {
        let answer = self.ask.ask(question);
        match answer {
            Err(Failure::Stopped) if clock::instant() >= self.until => {
                *self.is_over.borrow_mut() = true;
                Err(Failure::TooLate { seconds: self.seconds })
            }
            other => other,
        }
    }

    fn would_send(&self, question: &Question) -> (String, String) {
        self.ask.would_send(question)
    }
}
