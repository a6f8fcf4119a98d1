//! `prepare-commit-msg` and `commit-msg`: what the message says, and the draft of the record.

use std::path::Path;

use crate::capture::Error;
use crate::capture::agent_trailers::{self, Settled};
use crate::capture::moment::{Moment, Outcome, has_editor, read_message, write_message};
use crate::capture::operation::{Facts, Making};
use crate::capture::trailers;
use crate::git::Head;
use crate::provenance::{
    Cleanup, CleanupRules, CommitRecord, MessageFile, ModelTrailer, Operation, detect_comment,
    lift_squashed, model_trailers, parse_model_trailer,
};
use crate::settings::{AgentTrailers, Convention};
use crate::store::{CleanStep, Draft, Evidence, Memory};

/// A message file that a hook is to complete.
struct Message<'p> {
    path: &'p Path,
    text: String,
    is_utf8: bool,
    rules: CleanupRules,
}

/// What is to be changed in a message beside our own trailers.
struct Change<'c> {
    /// The trailers of our form that somebody typed.
    typed: &'c [ModelTrailer],
    /// The trailers that we wrote into the messages from which this one comes.
    old: &'c [String],
    /// The agents' own trailers.
    settled: &'c Settled,
}

impl Moment<'_> {
    /// Runs at `prepare-commit-msg FILE [SOURCE [COMMIT]]`.
    ///
    /// Adds trailers only where `commit-msg` will not run, and only such as the commit earns.
    pub fn prepare_commit_msg(
        &self,
        file: &Path,
        source: &str,
        argument: &str,
    ) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        let head = self.repo.head()?;
        let (text, is_utf8) = read_message(file)?;
        let facts = self.facts(&head, source, argument, &text)?;
        let making = Making::from_facts(&facts);
        let mut draft = self.draft(&facts, &making, &head)?;
        let is_clean_step =
            making.by_sequence && draft.sources.len() < 2 && !self.was_stopped(&draft);
        // A verdict may be stale after it.
        let step = CleanStep::of(&self.journal);
        if is_clean_step && !text.contains("(review)") {
            // Nothing else need be read, a thousand times over.
            if source == "message" {
                step.leave()?;
            } else {
                step.take_back();
                draft.write(&self.journal)?; // `commit-msg` runs at this one.
            }
            return Ok(outcome);
        }
        step.take_back();
        let mut message =
            Message { path: file, rules: self.cleanup_rules(&facts, &text)?, text, is_utf8 };
        if source == "template" {
            draft.template = Some(MessageFile::new(&message.text, &message.rules).cleaned());
        }
        if making.takes_declared {
            draft.declared = self.declared(&head)?.0.who;
        }
        let command = facts.command.as_ref();
        let skips_commit_msg = command
            .is_some_and(|command| command.name == "commit" && command.no_verify)
            && !has_editor();
        if making.by_sequence {
            let stale = self.drop_stale_reviews(&draft, &mut message)?;
            if self.was_stopped(&draft) {
                self.complete(&message, &mut draft, &facts, &mut outcome)?;
            } else {
                self.unite_squashed(&draft, &message, &stale, &mut outcome)?;
            }
        } else if skips_commit_msg || draft.again {
            self.complete(&message, &mut draft, &facts, &mut outcome)?;
        }
        if let Err(error) = draft.write(&self.journal) {
            // `commit-msg` will fail on the same and say so; without it, this is the only place to.
            let is_told_later =
                command.is_some_and(|command| command.name == "commit" && !command.no_verify);
            return if is_told_later { Ok(outcome) } else { Err(error.into()) };
        }
        Ok(outcome)
    }

    /// Runs at `commit-msg FILE`: the main place where trailers are written.
    pub fn commit_msg(&self, file: &Path) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        let head = self.repo.head()?;
        let prepared = Draft::read(&self.journal);
        let (source, argument) = prepared
            .as_ref()
            .map_or(("", ""), |draft| (draft.source.as_str(), draft.argument.as_str()));
        let (text, is_utf8) = read_message(file)?;
        let facts = self.facts(&head, source, argument, &text)?;
        let making = Making::from_facts(&facts);
        let mut draft = self.draft(&facts, &making, &head)?;
        let prepared = prepared.filter(|prepared| prepared.parents == draft.parents);
        let earlier = prepared.as_ref().and_then(Draft::record);
        draft.template = prepared.and_then(|prepared| prepared.template);
        if making.takes_declared {
            let (declared, _) = self.declared(&head)?;
            outcome.warnings.extend(declared.complaint);
            draft.declared = declared.who;
        }
        if let Some(earlier) = earlier {
            // Another program runs this hook twice on one commit: what stands there by now is ours.
            draft.keep(&earlier);
        }
        let message =
            Message { path: file, rules: self.cleanup_rules(&facts, &text)?, text, is_utf8 };
        if !making.by_sequence {
            self.complete(&message, &mut draft, &facts, &mut outcome)?;
        }
        draft.write(&self.journal)?;
        Ok(outcome)
    }

    /// Says whether a rebase goes on where it had stopped and agents have worked since.
    ///
    /// `REBASE_HEAD` is there only then; of a clean step nothing is new.
    fn was_stopped(&self, draft: &Draft) -> bool {
        draft.sources.len() == 1
            && self.repo.reference("REBASE_HEAD").is_ok_and(|head| head.is_some())
            && !Evidence::of(self.repo.git_dir()).is_empty()
    }

    /// Attributes the staged change, writes the trailers it earns, and keeps the record in the draft.
    fn complete(
        &self,
        message: &Message<'_>,
        draft: &mut Draft,
        facts: &Facts,
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        let base = facts.head.map(|id| self.repo.commit(id)).transpose()?.map(|commit| commit.tree);
        let tree = self.repo.staged_tree(base)?;
        if draft.operation == Operation::Amend {
            self.catch_up(facts.head.as_slice(), outcome);
        }
        self.add_taken_back(draft, tree)?;
        if let Err(error) = self.sweep() {
            outcome.warnings.push(format!("what agents' sessions tell was not read: {error}"));
        }
        let sources = self.sources(draft)?;
        let replaced = sources.first().filter(|_| draft.operation == Operation::Amend).cloned();
        let mut old_trailers =
            sources.iter().flat_map(|source| source.record.trailers.clone()).collect::<Vec<_>>();
        if let Some(reused) = self.reused(facts)? {
            old_trailers.extend(reused.trailers);
        }
        old_trailers.extend(draft.record().into_iter().flat_map(|earlier| earlier.trailers));
        let observed = self.observed(draft.operation, base, tree)?;
        let mut record = self.attribute(draft, tree, sources, &observed)?;
        let file = MessageFile::new(&message.text, &message.rules);
        let typed = model_trailers(&file.cleaned())
            .into_iter()
            .filter(|trailer| !old_trailers.contains(&trailer.text))
            .collect::<Vec<_>>();
        let mut brought = Vec::new();
        if let Some(replaced) = &replaced {
            let before = model_trailers(&replaced.commit.message)
                .into_iter()
                .filter(|trailer| !old_trailers.contains(&trailer.text))
                .collect::<Vec<_>>();
            if facts.source == "message" {
                // `--amend -m` brings a new text; the person did not take the old trailers out.
                trailers::add_typed(&mut record, &before);
                brought = before;
            } else {
                trailers::drop_untyped(&mut record, &before, &typed);
            }
        }
        if let Some(squashed) = &facts.sequence.squash_message {
            let lifted = lift_squashed(squashed);
            let lifted =
                lifted.iter().filter_map(|line| parse_model_trailer(line, 0)).collect::<Vec<_>>();
            trailers::add_typed(&mut record, &lifted);
        }
        trailers::add_typed(&mut record, &typed);
        let is_message = !file.is_empty()
            && !draft.template.as_deref().is_some_and(|text| file.is_template(text));
        let settled = self.settle_agent_trailers(&file, &mut record, outcome)?;
        if is_message && self.writes_trailers(outcome)? {
            let change = Change { typed: &typed, old: &old_trailers, settled: &settled };
            self.write_trailers(message, &file, &mut record, &change)?;
            record.trailers.retain(|ours| !brought.iter().any(|other| other.text == *ours));
        } else if is_message && !settled.remove.is_empty() {
            write_message(
                message.path,
                &file.with_trailers(&settled.add, &settled.remove),
                message.is_utf8,
            )?;
        }
        draft.tree = Some(tree);
        draft.billed = observed.bill(&record);
        draft.remember = observed.into_remembered(&Memory::of(self.repo.git_dir()))?;
        draft.keep(&record);
        Ok(())
    }

    /// Reads the record of the commit whose message `-C` or `-c` takes over.
    fn reused(&self, facts: &Facts) -> Result<Option<CommitRecord>, Error> {
        if facts.source != "commit" || !facts.command.as_ref().is_some_and(|command| command.reuse)
        {
            return Ok(None);
        }
        match self.repo.resolve(&facts.argument) {
            Ok(id) => super::record_of(self.repo, id),
            Err(_) => Ok(None),
        }
    }

    /// Decides what becomes of agents' own trailers, and says where one names another model than the evidence.
    fn settle_agent_trailers(
        &self,
        file: &MessageFile<'_>,
        record: &mut CommitRecord,
        outcome: &mut Outcome,
    ) -> Result<Settled, Error> {
        let mut choice = self.settings().agent_trailers()?;
        if choice == AgentTrailers::Replace && self.settings().convention()? != Convention::Model {
            choice = AgentTrailers::Keep; // Nothing of ours would stand in their place.
        }
        let settled = agent_trailers::settle(&file.cleaned(), record, choice);
        record.mismatches.clone_from(&settled.mismatches);
        if let [named, ..] = &settled.mismatches[..]
            && choice == AgentTrailers::Keep
            && self.is_watched()?
        {
            outcome.line = Some(format!(
                "an agent's own trailer names {}, its session shows another model (git config model.agentTrailers correct)",
                named.display()
            ));
        }
        Ok(settled)
    }

    fn write_trailers(
        &self,
        message: &Message<'_>,
        file: &MessageFile<'_>,
        record: &mut CommitRecord,
        change: &Change<'_>,
    ) -> Result<(), Error> {
        let own = trailers::to_write(record, change.typed, self.style()?);
        let there = model_trailers(&file.cleaned()).into_iter().map(|trailer| trailer.text);
        let mut added = there.filter(|trailer| own.contains(trailer)).collect::<Vec<_>>();
        added.extend(
            own.iter().filter(|trailer| !added.contains(trailer)).cloned().collect::<Vec<_>>(),
        );
        let keeps_order = added == own;
        let is_stale = |trailer: &&String| !keeps_order || !own.contains(trailer);
        let plans = self.plan_trailers(record)?;
        let is_stale = |trailer: &&String| is_stale(trailer) && !plans.contains(*trailer);
        let mut stale = change.old.iter().filter(is_stale).cloned().collect::<Vec<_>>();
        stale.extend(change.settled.remove.iter().cloned());
        let add = change.settled.add.iter().chain(&own).chain(&plans).cloned().collect::<Vec<_>>();
        let text = file.with_trailers(&add, &stale);
        if text != message.text {
            write_message(message.path, &text, message.is_utf8)?;
        }
        record.trailers = [own, plans].concat();
        Ok(())
    }

    /// Returns a trailer for each plan that a commit followed, where plans are shared.
    fn plan_trailers(&self, record: &CommitRecord) -> Result<Vec<String>, Error> {
        if record.plans.is_empty() || !self.settings().plan_trailer()? {
            return Ok(Vec::new());
        }
        Ok(record.plans.iter().map(|plan| format!("Plan: {}", plan.id)).collect())
    }

    /// Takes reviews out of the message of a rebase's step that changes what was reviewed, and returns them.
    fn drop_stale_reviews(
        &self,
        draft: &Draft,
        message: &mut Message<'_>,
    ) -> Result<Vec<String>, Error> {
        let file = MessageFile::new(&message.text, &message.rules);
        let stale = self.stale_reviews(draft, &file.cleaned())?;
        if !stale.is_empty() {
            let text = file.with_trailers(&[], &stale);
            write_message(message.path, &text, message.is_utf8)?;
            message.text = text;
        }
        Ok(stale)
    }

    /// Gives the result of a rebase's squash or fixup step the trailers of all its commits; never today's model.
    fn unite_squashed(
        &self,
        draft: &Draft,
        message: &Message<'_>,
        stale: &[String],
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        if draft.sources.len() < 2 || !self.writes_trailers(outcome)? {
            return Ok(());
        }
        let mut record = CommitRecord::default();
        for source in self.sources(draft)?.into_iter().rev() {
            let mut there = model_trailers(&source.commit.message);
            there.retain(|trailer| !stale.contains(&trailer.text));
            trailers::add_typed(&mut record, &there);
        }
        let file = MessageFile::new(&message.text, &message.rules);
        if !file.is_empty() {
            let change = Change { typed: &[], old: &[], settled: &Settled::default() };
            self.write_trailers(message, &file, &mut record, &change)?;
        }
        Ok(())
    }

    /// Finds how Git will clean this message up.
    fn cleanup_rules(&self, facts: &Facts, text: &str) -> Result<CleanupRules, Error> {
        let settings = self.settings();
        let asked = facts.command.as_ref().and_then(|command| command.cleanup.clone());
        let asked = match asked {
            Some(mode) => Some(mode),
            None => settings.cleanup()?,
        };
        let is_edited = has_editor() || facts.command.as_ref().is_some_and(|command| command.edit);
        let mode = match asked.as_deref() {
            Some("strip") => Cleanup::Strip,
            Some("verbatim") => Cleanup::Verbatim,
            Some("scissors") if is_edited => Cleanup::Scissors,
            Some("whitespace" | "scissors") => Cleanup::Whitespace,
            _ if is_edited => Cleanup::Strip,
            _ => Cleanup::Whitespace,
        };
        let comment = match settings.comment()? {
            Some(comment) => comment,
            None => detect_comment(text).unwrap_or_else(|| "#".to_owned()),
        };
        Ok(CleanupRules { mode, comment })
    }
}

/// Returns the short name of the branch, for what is said of it.
pub(super) fn branch_of(head: &Head) -> &str {
    head.branch.as_deref().unwrap_or("a detached HEAD")
}
