//! What evidence tells of a coming commit: the replay of everything that agents did to its files.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use crate::agents;
use crate::attribute::{
    LineDiff, ObservedFile, Owner, ReplayEdit, ReplayStep, ReplayedFile, replay,
};
use crate::capture::agent_hook::wait_for;
use crate::capture::candidate::{Candidate, Writers, remembered};
use crate::capture::followed::Sessions;
use crate::capture::moment::Moment;
use crate::capture::overlap::Shells;
use crate::capture::pending::{PendingCall, pending_calls};
use crate::capture::{Error, change};
use crate::provenance::{
    CommitId, CommitRecord, Contribution, FileState, Grade, LineCounts, Operation, Origin, Phase,
};
use crate::store::{
    Evidence, EvidenceEntry, FileContents, KeptState, KeptTurn, KeptUsage, Memory, Remembered,
    ShellWatch, ShellWatches, Stashes, Writer,
};

/// What is read of files for a replay in all, in bytes.
const READ_LIMIT: usize = 64 << 20;

/// The most files that a replay looks at; what is beyond is unknown.
const FILES_LIMIT: usize = 1000;

/// How long a commit inside of an agent's command waits for the session file to name the model.
///
/// A line of a call was seen 327 ms after the call began, and `git commit` may be the first thing that it does.
const RUNNING_WAIT: Duration = Duration::from_millis(500);

/// What agents were observed to do in a coming commit.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// The parts of those who wrote, by their numbers; without lines.
    pub(super) writers: Vec<Contribution>,
    /// The same with what else is known of them.
    pub(super) known: Vec<Writer>,
    /// The files of the change that were replayed, by path.
    pub(super) files: HashMap<String, ObservedFile>,
    /// Whose each line is in the work tree, of every file that was replayed.
    pub(super) worktree: HashMap<String, Vec<Owner>>,
    /// What is to be remembered once the commit is made.
    pub(super) remember: Vec<Remembered>,
    /// Contents of the work tree that this speaks of and that stand nowhere else.
    left: Vec<Vec<u8>>,
    /// What the sessions told beside edits.
    pub(super) sessions: Sessions,
}

impl Observed {
    /// Returns what the sessions of a record cost, for the commit to take.
    pub(super) fn bill(&self, record: &CommitRecord) -> Vec<KeptUsage> {
        self.sessions.bill(record).iter().map(KeptUsage::of).collect()
    }

    /// Keeps the contents that what is remembered speaks of, and returns it.
    pub(super) fn into_remembered(self, memory: &Memory) -> Result<Vec<Remembered>, Error> {
        for content in &self.left {
            memory.contents().keep(content)?;
        }
        Ok(self.remember)
    }
}

impl Moment<'_> {
    /// Replays the evidence for a coming commit on top of `HEAD`'s tree.
    pub(super) fn observed(
        &self,
        operation: Operation,
        start: Option<CommitId>,
        tree: CommitId,
    ) -> Result<Observed, Error> {
        let is_own_work = matches!(
            operation,
            Operation::Commit
                | Operation::Amend
                | Operation::Merge
                | Operation::Squash
                | Operation::CherryPick
                | Operation::Rebase
                | Operation::Revert
        );
        let Some(top) = self.repo.work_tree().filter(|_| is_own_work) else {
            return Ok(Observed::default());
        };
        self.notice_stashes()?;
        let evidence = Evidence::of(self.repo.git_dir());
        let memory = Memory::of(self.repo.git_dir());
        let stashed = Stashes::of(self.repo.git_dir()).read();
        let entries = evidence.read()?.entries;
        let pending = pending_calls(&entries, self.milliseconds());
        let open = ShellWatches::of(self.repo.git_dir()).open(self.milliseconds());
        let running = self.running_shells(&open);
        let changed = self.repo.changed_files(start, Some(tree))?;
        let changed = changed
            .into_iter()
            .filter_map(|change| Some((String::from_utf8(change.path).ok()?, change.new)))
            .collect::<HashMap<_, _>>();
        let is_stashed = || stashed.iter().any(|one| changed.contains_key(&one.file.path));
        let is_remembered = || changed.keys().any(|path| memory.read(path).is_some());
        if pending.is_empty()
            && running.is_empty()
            && !is_stashed()
            && (memory.is_empty() || !is_remembered())
        {
            let sessions =
                if entries.is_empty() { Sessions::default() } else { self.sessions(&entries)? };
            return Ok(Observed { sessions, ..Observed::default() });
        }
        let told = pending.iter().flat_map(|call| &call.files).map(|file| file.path.clone());
        let paths = changed.keys().cloned().chain(told).collect::<BTreeSet<_>>();
        let mut writers = Writers::default();
        let mut budget = READ_LIMIT;
        let mut candidates = Vec::new();
        for path in paths.into_iter().take(FILES_LIMIT) {
            let start = match start {
                Some(tree) => self.repo.file_in_tree(tree, path.as_bytes())?,
                None => None,
            };
            let staged = changed.get(&path).map_or(start, |new| *new);
            let remembered = memory.read(&path);
            let place = (path, top.to_path_buf());
            let candidate =
                self.candidate(place, (start, staged), remembered, &mut writers, &mut budget)?;
            candidates.extend(candidate);
        }
        let shells = Shells::gather(&pending, &open, self.milliseconds());
        let contents = evidence.contents();
        let mut steps = steps(&pending, &shells, &contents, &candidates, &mut writers);
        for watch in running {
            let now = self.milliseconds();
            let is_doubtful = |path: &str| shells.doubt_running(watch, path, now);
            let edits = self.running_edits(watch, &contents, &candidates)?;
            let (doubtful, edits) =
                edits.into_iter().partition(|edit| is_doubtful(&candidates[edit.file].path));
            steps.extend(self.running_step(watch, edits, &mut writers));
            steps.extend(step((watch.began, now), None, doubtful));
        }
        let files = candidates.iter().map(|one| one.file.clone()).collect::<Vec<_>>();
        let replayed = replay(&files, &steps);
        let mut observed = Observed::default();
        for (place, (candidate, mut replayed)) in candidates.into_iter().zip(replayed).enumerate() {
            self.give_back_stashed(&candidate, &mut replayed, &stashed, &mut writers)?;
            observed.worktree.insert(candidate.path.clone(), replayed.worktree.clone());
            if !changed.contains_key(&candidate.path) {
                continue;
            }
            if let Some((remember, left)) =
                remembered(&candidate, &replayed.worktree, &writers.list)
            {
                observed.remember.push(remember);
                observed.left.extend(left);
            }
            let deleted = without_discarded(&replayed, place, &steps);
            let file = ObservedFile {
                start: candidate.file.start,
                start_owners: candidate.file.start_owners,
                owners: replayed.staged,
                deleted,
            };
            observed.files.insert(candidate.path, file);
        }
        observed.writers =
            writers.list.iter().map(|writer| self.part(writer)).collect::<Result<_, _>>()?;
        observed.known = writers.list;
        observed.sessions = self.sessions(&entries)?;
        Ok(observed)
    }

    /// Returns the part of a writer, without lines.
    fn part(&self, writer: &Writer) -> Result<Contribution, Error> {
        let helper = writer.subagent.as_ref().map(|helper| self.helper_phase(&helper.kind));
        let phase = match helper.transpose()?.flatten() {
            // Who writes does not review, whatever the name says.
            Some(phase) if phase != Phase::Review => phase,
            _ if writer.in_plan_mode => Phase::Architecture,
            _ => Phase::Implementation,
        };
        let origin = writer.model().map_or(Origin::Unknown, |model| Origin::Model {
            model,
            phase: Some(phase),
            agent: Some(writer.agent.clone()),
            grade: Grade::Observed,
        });
        Ok(Contribution {
            origin,
            requested: writer.requested(),
            session: Some(writer.session.to_string()),
            lines: LineCounts::default(),
        })
    }

    /// Gathers what sessions told; of a linked worktree the repository's other evidence tells of plans.
    pub(super) fn sessions(&self, entries: &[EvidenceEntry]) -> Result<Sessions, Error> {
        let shared = Evidence::of(self.repo.common_dir());
        let is_linked = self.repo.common_dir() != self.repo.git_dir();
        let others = if is_linked { shared.read()?.entries } else { Vec::new() };
        let mut sessions = Sessions::gather(entries, &others);
        sessions.read_texts(&shared.contents());
        self.take_plans(&sessions);
        sessions.ask_reviews(|name| Ok(self.helper_phase(name)? == Some(Phase::Review)))?;
        Ok(sessions)
    }

    /// Returns the shell commands in which this commit is made: those of the session that runs us.
    fn running_shells<'w>(&self, open: &'w [ShellWatch]) -> Vec<&'w ShellWatch> {
        let sessions = agents::ALL
            .iter()
            .filter_map(|agent| Some((agent.id(), agent.running_session(&self.around)?)))
            .collect::<Vec<_>>();
        let runs_us = |watch: &&ShellWatch| {
            sessions
                .iter()
                .any(|(agent, session)| *agent == watch.agent && *session == watch.session)
        };
        open.iter().filter(runs_us).collect()
    }

    /// Returns what changed since a command began that is still running.
    fn running_edits(
        &self,
        watch: &ShellWatch,
        contents: &FileContents,
        candidates: &[Candidate],
    ) -> Result<Vec<ReplayEdit>, Error> {
        let tree = watch.head.map(|head| self.repo.commit(head)).transpose()?.map(|one| one.tree);
        let mut edits = Vec::new();
        for (file, candidate) in candidates.iter().enumerate() {
            let before = match watch.file(&candidate.path) {
                Some(kept) => state(kept, contents),
                None => self.version_at(tree, &candidate.path)?,
            };
            let after = match &candidate.file.worktree {
                Some(content) => FileState::Content(content.clone()),
                None => FileState::Absent,
            };
            if before != after && before != FileState::Unknown {
                edits.push(ReplayEdit { file, before, after, hunks: Vec::new() });
            }
        }
        Ok(edits)
    }

    /// Makes the step of a command that is still running; `None` if it changed nothing.
    fn running_step(
        &self,
        watch: &ShellWatch,
        edits: Vec<ReplayEdit>,
        writers: &mut Writers,
    ) -> Option<ReplayStep> {
        if edits.is_empty() {
            return None; // Nobody need wait for the model.
        }
        let agent = agents::ALL.iter().find(|agent| agent.id() == watch.agent);
        let turn = agent.zip(watch.session_file.as_ref()).and_then(|(agent, file)| {
            wait_for(RUNNING_WAIT, || agent.find_turn(file, watch.subagent.as_ref(), &watch.call))
        });
        let writer = turn.filter(|_| !watch.others_work).map(|turn| {
            let turn = KeptTurn::of(&turn);
            writers.number(Writer {
                agent: watch.agent.clone(),
                session: watch.session.clone(),
                prompt: watch.prompt.clone(),
                subagent: watch.subagent.clone(),
                model: turn.model,
                effort: turn.effort,
                requested: turn.requested,
                in_plan_mode: watch.in_plan_mode,
            })
        });
        step((watch.began, self.milliseconds()), writer, edits)
    }

    fn version_at(&self, tree: Option<CommitId>, path: &str) -> Result<FileState, Error> {
        let Some(tree) = tree else { return Ok(FileState::Absent) };
        let Some(version) = self.repo.file_in_tree(tree, path.as_bytes())? else {
            return Ok(FileState::Absent);
        };
        let mut budget = READ_LIMIT;
        let content = change::text(self.repo, Some(version), &mut budget)?;
        Ok(content.map_or(FileState::Unknown, FileState::Content))
    }
}

/// Makes the steps of the replay out of the calls that agents told.
pub(super) fn steps(
    pending: &[PendingCall<'_>],
    shells: &Shells<'_>,
    contents: &FileContents,
    candidates: &[Candidate],
    writers: &mut Writers,
) -> Vec<ReplayStep> {
    let place_of = candidates
        .iter()
        .enumerate()
        .map(|(place, candidate)| (candidate.path.as_str(), place))
        .collect::<HashMap<_, _>>();
    let mut steps = Vec::new();
    for call in pending {
        let edit = |kept: &&crate::store::KeptEdit| {
            Some(ReplayEdit {
                file: *place_of.get(kept.path.as_str())?,
                before: state(kept.before, contents),
                after: state(kept.after, contents),
                hunks: kept.hunks.clone(),
            })
        };
        let (doubtful, files) =
            call.files.iter().partition::<Vec<_>, _>(|file| shells.doubt(call, &file.path));
        let at = call.event.at;
        let span = (call.event.began.unwrap_or(at), at);
        let edits = files.iter().copied().filter_map(edit).collect::<Vec<_>>();
        if !edits.is_empty() {
            let writer = call.writer().filter(|writer| writer.model().is_some());
            let writer = writer.map(|writer| writers.number(writer));
            steps.extend(step(span, writer, edits));
        }
        steps.extend(step(span, None, doubtful.iter().copied().filter_map(edit).collect()));
    }
    steps
}

/// Makes a step; `None` if it changes nothing.
fn step(span: (i64, i64), writer: Option<u32>, edits: Vec<ReplayEdit>) -> Option<ReplayStep> {
    (!edits.is_empty()).then_some(ReplayStep { span, writer, edits })
}

/// Returns who deleted lines of a file, without writers of whom nothing is left in it.
///
/// When a person discards an edit (`git checkout -- FILE`) and then changes the line that it had replaced, the replay
/// sees the edit deleting that line. Who only took away counts.
pub(super) fn without_discarded(
    replayed: &ReplayedFile,
    file: usize,
    steps: &[ReplayStep],
) -> Vec<(u32, Owner)> {
    let left = replayed.staged.iter().chain(&replayed.worktree).collect::<HashSet<_>>();
    let has_written = |owner: &Owner| {
        let own = steps.iter().filter(|step| step.writer.map(Owner::Writer) == Some(*owner));
        own.flat_map(|step| &step.edits).any(|edit| edit.file == file && brought_lines(edit))
    };
    let mut deleted = replayed.deleted.clone();
    let gone = deleted.iter().map(|(_, owner)| *owner).filter(|owner| !left.contains(owner));
    let gone = gone.collect::<HashSet<_>>().into_iter().filter(has_written).collect::<HashSet<_>>();
    deleted.retain(|(_, owner)| !gone.contains(owner));
    deleted
}

/// Says whether an edit added a line.
fn brought_lines(edit: &ReplayEdit) -> bool {
    match (&edit.before, &edit.after) {
        _ if !edit.hunks.is_empty() => {
            edit.hunks.iter().flat_map(|hunk| &hunk.lines).any(|line| line.starts_with('+'))
        }
        (FileState::Content(old), FileState::Content(new)) => {
            LineDiff::between(old, new).added().next().is_some()
        }
        (_, FileState::Content(new)) => !new.is_empty(),
        (_, FileState::Absent | FileState::Unknown) => false,
    }
}

fn state(kept: KeptState, contents: &FileContents) -> FileState {
    match kept {
        KeptState::Absent => FileState::Absent,
        KeptState::Unknown => FileState::Unknown,
        KeptState::Content(id) => contents.read(id).map_or(FileState::Unknown, FileState::Content),
    }
}
