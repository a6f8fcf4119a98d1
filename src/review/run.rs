//! A review from the question to the verdict.

use crate::backends::{Answer, Ask, Failure, Question};
use crate::provenance::{Drift, FindingCounts, Grade, ModelName, PlanState, Tokens, Verdict};
use crate::review::answer::{found, refutation};
use crate::review::filter::{Candidate, filter, filter_plan, order};
use crate::review::place::all_marks;
use crate::review::rounds::Rounds;
use crate::review::secrets::secrets_in;
use crate::review::verdict::{drift, escalation, is_contradiction, is_weighty, verdict};
use crate::review::{
    Finding, FindingState, Outcome, PROMPT_VERSION, PlanItem, PlanStatus, Progress, Request,
    prompt, suitable,
};

/// So many secrets are named in a reason.
const SECRETS_NAMED: usize = 3;

/// Returns what would be asked first; what is asked later depends on the answer.
pub fn prepare(request: &Request) -> Vec<Question> {
    vec![prompt::find(request, &Rounds::of(request))]
}

/// Reviews a change: asks what is wrong with it, keeps what lies in it, tries to refute each finding, and says what
/// the verdict is.
///
/// It always comes to an outcome. Whatever was not completed is `NotRun` with a reason.
pub fn run(request: &Request, ask: &dyn Ask, progress: &mut dyn FnMut(Progress)) -> Outcome {
    let mut outcome = Outcome::begun(request);
    if let Some(reason) = obstacle(request) {
        outcome.reason = Some(reason);
        return outcome;
    }
    let rounds = Rounds::of(request);
    let mut work = Work { request, rounds: &rounds, ask, progress, outcome: &mut outcome };
    match work.review() {
        Ok(()) => {}
        Err(reason) => {
            outcome.verdict = Verdict::NotRun;
            outcome.reason = Some(reason);
        }
    }
    outcome
}

/// Returns why nothing can be asked; `None` where it can.
fn obstacle(request: &Request) -> Option<String> {
    if request.change.is_empty() {
        let left_out = request.change.left_out.len();
        return Some(match left_out {
            0 => "nothing changed".to_owned(),
            1 => "there is nothing to read: the only changed file was left out".to_owned(),
            _ => format!("there is nothing to read: all {left_out} changed files were left out"),
        });
    }
    let suitability = suitable(&request.reviewer, &request.authors);
    if let Some(refusal) = suitability.refusal(&request.reviewer, request.demand) {
        return Some(refusal);
    }
    if request.may_send_secrets {
        return None;
    }
    let secrets = secrets_in(request);
    let named = secrets.iter().take(SECRETS_NAMED);
    let named = named.map(|one| format!("{}:{} looks like {}", one.path, one.line, one.kind));
    let mut named = named.collect::<Vec<_>>();
    if secrets.len() > SECRETS_NAMED {
        named.push(format!("{} more", secrets.len() - SECRETS_NAMED));
    }
    (!named.is_empty()).then(|| format!("nothing was sent, since {}", named.join(", ")))
}

impl Outcome {
    /// Makes the outcome of a review that has not run yet.
    pub(super) fn begun(request: &Request) -> Self {
        let suitability = suitable(&request.reviewer, &request.authors);
        Self {
            verdict: Verdict::NotRun,
            reason: None,
            tree: request.change.tree,
            reviewer: request.reviewer.clone(),
            requested: None,
            by: request.by.clone(),
            grade: Grade::Observed,
            findings: Vec::new(),
            refuted: Vec::new(),
            plan: Vec::new(),
            drift: Drift::None,
            is_partial: !request.change.left_out.is_empty(),
            left_out: request.change.left_out.clone(),
            fixed: FindingCounts::default(),
            rounds: Rounds::of(request).number(),
            strength: suitability.strength,
            warnings: suitability.warning(&request.reviewer).into_iter().collect(),
            plan_hash: request.plan.as_ref().map(|plan| plan.hash),
            prompt_version: PROMPT_VERSION,
            tokens: Tokens::default(),
            escalate: None,
            dropped: 0,
            seen: Vec::new(),
        }
    }
}

/// A review under way.
struct Work<'w> {
    request: &'w Request,
    rounds: &'w Rounds<'w>,
    ask: &'w dyn Ask,
    progress: &'w mut dyn FnMut(Progress),
    outcome: &'w mut Outcome,
}

/// What became of a check.
enum Checked {
    /// This is its state now.
    State(FindingState),
    /// Nothing more can be asked, for this reason.
    Hopeless(String),
}

impl Work<'_> {
    /// Fills the outcome; the error says why it was not completed.
    fn review(&mut self) -> Result<(), String> {
        let change = &self.request.change;
        let (files, lines) = (change.files.len(), change.lines_changed());
        (self.progress)(Progress::Reading { files, lines });
        let answer = self
            .ask(&prompt::find(self.request, self.rounds))
            .map_err(|failure| format!("the review was not completed: {failure}"))?;
        self.note_reviewer(&answer.model)?;
        let found = found(&answer.value).map_err(|problem| {
            let failure = Failure::WrongShape { problem };
            format!("the review was not completed: {failure}")
        })?;
        let plan = self.request.plan.as_ref();
        let filtered = filter(change, plan, found.findings);
        self.outcome.dropped = filtered.dropped;
        let mut items = plan.map(|plan| filter_plan(change, plan, found.plan)).unwrap_or_default();
        if let Some(plan) = plan {
            let forgotten = self.rounds.forgotten_items(&items, &plan.text);
            items.extend(forgotten);
        }
        let mut candidates = filtered.candidates;
        // They were confirmed once, so they go first.
        candidates.splice(0..0, self.rounds.forgotten(&candidates));
        let candidates = self.without_set_aside(candidates);
        let candidates = self.limited(candidates);
        let (candidates, items) = self.check(candidates, items)?;
        self.conclude(candidates, items);
        Ok(())
    }

    fn ask(&mut self, question: &Question) -> Result<Answer, Failure> {
        let answer = self.ask.ask(question)?;
        self.outcome.tokens.add(answer.tokens);
        let tokens = self.outcome.tokens;
        let input = [tokens.input, tokens.cache_read, tokens.cache_write];
        let input = input.into_iter().fold(0, u64::saturating_add);
        (self.progress)(Progress::Answered { input, output: tokens.output });
        Ok(answer)
    }

    /// Takes the model that answered for the reviewer; the error says that it may not review this change.
    fn note_reviewer(&mut self, answered: &ModelName) -> Result<(), String> {
        let asked = &self.request.reviewer;
        let outcome = &mut *self.outcome;
        outcome.reviewer = answered.clone();
        if !asked.means(answered) {
            outcome.requested = Some(asked.clone());
            let (answered, asked) = (answered.display(), asked.display());
            outcome.warnings.push(format!("{answered} answered in place of {asked}"));
        }
        let suitability = suitable(answered, &self.request.authors);
        outcome.strength = suitability.strength;
        let before = suitable(asked, &self.request.authors).warning(asked);
        outcome.warnings.retain(|warning| before.as_ref() != Some(warning));
        outcome.warnings.extend(suitability.warning(answered));
        suitability.refusal(answered, self.request.demand).map_or(Ok(()), Err)
    }

    /// Sets aside what was dismissed or refuted before.
    fn without_set_aside(&mut self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        let mut kept = Vec::with_capacity(candidates.len());
        for mut candidate in candidates {
            match self.rounds.set_aside(&candidate) {
                Some(state) => {
                    candidate.finding.state = state;
                    self.outcome.refuted.push(candidate.finding);
                }
                None => kept.push(candidate),
            }
        }
        kept
    }

    /// Keeps the worst, as many as the settings allow, and says how many there were more.
    fn limited(&mut self, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        let most = self.request.limits.max_findings.max(1);
        let more = candidates.len().saturating_sub(most);
        if more > 0 {
            candidates.truncate(most);
            let what = if more == 1 {
                "1 more finding was"
            } else {
                &format!("{more} more findings were")
            };
            self.outcome.warnings.push(format!("{what} neither checked nor shown"));
            self.outcome.is_partial = true;
        }
        candidates
    }

    /// Tries to refute each finding and each contradiction of the plan; the error says that the user stopped it.
    fn check(
        &mut self,
        mut candidates: Vec<Candidate>,
        mut items: Vec<PlanItem>,
    ) -> Result<(Vec<Candidate>, Vec<PlanItem>), String> {
        let is_claim =
            |item: &PlanItem| item.status == PlanStatus::Contradicted && item.place.is_some();
        let most = self.request.limits.max_findings.max(1);
        let claims = items.iter().filter(|item| is_claim(item)).count().min(most);
        let of = candidates.len() + claims;
        let mut hopeless = None;
        let mut number = 0;
        for candidate in &mut candidates {
            number += 1;
            let finding = &candidate.finding;
            let question = prompt::refute(self.request, self.rounds, finding);
            let progress = Progress::Checking { number, of, title: finding.title.clone() };
            candidate.finding.state = self.check_one(&question, progress, &mut hopeless)?;
        }
        for item in items.iter_mut().filter(|item| is_claim(item)).take(most) {
            number += 1;
            let question = prompt::refute_item(self.request, self.rounds, item);
            let progress = Progress::Checking { number, of, title: item.item.clone() };
            item.state = Some(self.check_one(&question, progress, &mut hopeless)?);
        }
        Ok((candidates, items))
    }

    fn check_one(
        &mut self,
        question: &Question,
        progress: Progress,
        hopeless: &mut Option<String>,
    ) -> Result<FindingState, String> {
        if let Some(why) = hopeless {
            return Ok(FindingState::Unconfirmed { why: why.clone() });
        }
        (self.progress)(progress);
        let checked = match self.ask(question) {
            Ok(answer) => Checked::State(self.state(&answer)),
            Err(Failure::Stopped) => return Err(Failure::Stopped.to_string()),
            Err(failure) if is_lasting(&failure) => Checked::Hopeless(failure.to_string()),
            Err(failure) => Checked::State(FindingState::Unconfirmed { why: failure.to_string() }),
        };
        Ok(match checked {
            Checked::State(state) => state,
            Checked::Hopeless(why) => {
                *hopeless = Some(why.clone());
                FindingState::Unconfirmed { why }
            }
        })
    }

    fn state(&mut self, answer: &Answer) -> FindingState {
        if answer.model != self.outcome.reviewer {
            let warning = format!("{} answered some of the checks", answer.model.display());
            if !self.outcome.warnings.contains(&warning) {
                self.outcome.warnings.push(warning);
            }
        }
        match refutation(&answer.value) {
            Ok(refutation) if refutation.is_refuted => {
                FindingState::Refuted { why: refutation.why }
            }
            Ok(_) => FindingState::Confirmed,
            Err(problem) => {
                FindingState::Unconfirmed { why: Failure::WrongShape { problem }.to_string() }
            }
        }
    }

    /// Says what blocks, and the verdict.
    fn conclude(&mut self, candidates: Vec<Candidate>, mut items: Vec<PlanItem>) {
        let limits = &self.request.limits;
        let is_over = self.rounds.number() > limits.max_rounds;
        let (mut over, mut old) = (0, 0);
        let mut findings = Vec::<Finding>::new();
        for candidate in candidates {
            let mut finding = candidate.finding.clone();
            if finding.state.is_set_aside() {
                self.outcome.refuted.push(finding);
                continue;
            }
            let is_weighty = is_weighty(&finding, limits);
            let may_block = self.rounds.may_block(&candidate);
            finding.blocks = is_weighty && may_block && !is_over;
            over += u32::from(is_weighty && may_block && is_over);
            old += u32::from(is_weighty && !may_block);
            findings.push(finding);
        }
        for item in &mut items {
            let is_weighty = is_contradiction(item);
            let hash = self.request.plan.as_ref().map(|plan| plan.hash);
            let may_block = hash.is_some_and(|hash| self.rounds.item_may_block(item, hash));
            item.blocks = is_weighty && may_block && !is_over;
            over += u32::from(is_weighty && may_block && is_over);
            old += u32::from(is_weighty && !may_block);
        }
        findings.sort_by(order);
        self.warn_of_rounds(over, old);
        self.warn_of_steps(&items);
        let outcome = &mut *self.outcome;
        (outcome.verdict, outcome.reason) = verdict(&findings, &items);
        outcome.fixed = self.rounds.fixed(&findings);
        outcome.drift = drift(&self.request.change, &items);
        outcome.escalate = escalation(&items);
        outcome.seen = all_marks(&self.request.change);
        let is_open = |state: &FindingState| matches!(state, FindingState::Unconfirmed { .. });
        outcome.is_partial |= findings.iter().any(|finding| is_open(&finding.state))
            || items.iter().filter_map(|item| item.state.as_ref()).any(is_open);
        outcome.findings = findings;
        outcome.plan = items;
    }

    fn warn_of_rounds(&mut self, over: u32, old: u32) {
        let stand = |number: u32| match number {
            1 => "1 finding stands".to_owned(),
            _ => format!("{number} findings stand"),
        };
        let (number, most) = (self.rounds.number(), self.request.limits.max_rounds);
        let warnings = &mut self.outcome.warnings;
        if over > 0 {
            let stand = stand(over);
            warnings.push(format!(
                "{stand}, but this is round {number} and after {most} nothing blocks any more"
            ));
        }
        if old > 0 {
            let stand = stand(old);
            warnings.push(format!("{stand} in lines that earlier rounds read without finding it, so that it does not block"));
        }
    }

    /// Says of which steps the reviewer said nothing.
    fn warn_of_steps(&mut self, items: &[PlanItem]) {
        let Some(plan) = &self.request.plan else { return };
        let number = plan.steps().len();
        let due = match plan.state {
            PlanState::Implementing => plan.handed_off(),
            _ => plan.approved(),
        };
        let due = due.unwrap_or(crate::provenance::Scope::Whole);
        let Some(due) = due.steps(number) else { return };
        let is_said = |step: &u32| items.iter().any(|item| item.step == Some(*step));
        let said = (1..).take(number).filter(is_said).collect::<Vec<u32>>();
        let unsaid = due.numbers().filter(|step| !said.contains(step));
        let unsaid = unsaid.map(|step| step.to_string()).collect::<Vec<_>>().join(",");
        if let Ok(unsaid) = unsaid.parse::<crate::provenance::Steps>() {
            let warning = format!("the reviewer says nothing of {} of the plan", unsaid.in_words());
            self.outcome.warnings.push(warning);
        }
    }
}

/// Says whether the next question would fail in the same way.
fn is_lasting(failure: &Failure) -> bool {
    match failure {
        Failure::NotAllowed { .. }
        | Failure::NoSuchModel { .. }
        | Failure::TooOften { .. }
        | Failure::SpendLimit { .. }
        | Failure::TooLate { .. }
        | Failure::NotThere { .. }
        | Failure::Redirected { .. }
        | Failure::NotLoggedIn { .. }
        | Failure::Stopped => true,
        Failure::Refused { .. }
        | Failure::CutOff { .. }
        | Failure::Empty
        | Failure::WrongShape { .. }
        | Failure::BadReply { .. }
        | Failure::NotAccepted { .. }
        | Failure::Broken { .. } => false,
    }
}
