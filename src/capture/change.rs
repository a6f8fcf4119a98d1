//! A commit's change, read from Git and given to the attribution.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::attribute::{Attribution, ChangedFile, SourceFile, Traces, is_binary};
use crate::capture::Error;
use crate::capture::observed::Observed;
use crate::capture::tracer::{Side, Tracer};
use crate::git::{Commit, FileChange, FileVersion, Repo};
use crate::provenance::{CommitId, CommitRecord, Origin};
use crate::store::note;

/// A larger file is counted as a change without lines, in bytes.
const FILE_LIMIT: usize = 4 << 20;

/// What is read of one commit's files in all, in bytes; the rest is counted without lines.
const COMMIT_LIMIT: usize = 128 << 20;

/// Of so many sources is asked what else they have than their own lines; the newest has what the others had.
const SIDES_LIMIT: usize = 2;

/// Of more sources it is not asked which was made on top of which.
const SOURCES_LIMIT: usize = 256;

/// A commit, made or about to be made, with the commits that its lines came from.
pub(super) struct Change<'o> {
    /// The parents, the first first, each with its tree.
    pub(super) parents: Vec<(CommitId, CommitId)>,
    /// The tree of the commit.
    pub(super) tree: CommitId,
    /// Where its lines came from, the newest first.
    pub(super) sources: Vec<Source>,
    /// What agents were observed to do in it.
    pub(super) observed: &'o Observed,
    /// Who was declared.
    pub(super) declared: Option<Origin>,
    /// Finds whose lines are that other commits gave; `None` where the change is all somebody's own work.
    pub(super) tracer: Option<Tracer<'o>>,
}

/// A commit that gave lines to another one, and its record.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) commit: Commit,
    pub(super) record: CommitRecord,
    /// Whether it is the commit of the change itself, which has a record already.
    pub(super) is_itself: bool,
}

impl Source {
    /// Makes a source of a commit and its record.
    pub(super) fn new(commit: Commit, record: CommitRecord) -> Self {
        Self { commit, record, is_itself: false }
    }

    /// Reads the commit of the change itself.
    pub(super) fn itself(repo: &Repo, id: CommitId) -> Result<Self, Error> {
        let record = record_of(repo, id)?.unwrap_or_default();
        Ok(Self { is_itself: true, ..Self::new(repo.commit(id)?, record) })
    }

    /// Reads a commit for its lines only, so that they stay unknown.
    pub(super) fn without_record(repo: &Repo, id: CommitId) -> Result<Self, Error> {
        Ok(Self::new(repo.commit(id)?, CommitRecord::default()))
    }
}

/// Reads the record of a commit; `None` where it has no note that can be read.
///
/// A damaged or newer note is as none here: what it says cannot be carried on, and the note itself stays.
pub fn record_of(repo: &Repo, id: CommitId) -> Result<Option<CommitRecord>, Error> {
    let notes = repo.notes_of(note::REFERENCE, id)?;
    Ok(notes.iter().find_map(|bytes| note::parse(id, bytes).ok()))
}

impl Change<'_> {
    /// Attributes every line of the change; also returns the observed writers that have lines, with their files.
    pub(super) fn attribute(
        &self,
        repo: &Repo,
    ) -> Result<(CommitRecord, BTreeMap<u32, BTreeSet<String>>), Error> {
        let records = self.sources.iter().map(|source| source.record.clone()).collect::<Vec<_>>();
        let mut attribution =
            Attribution::new(&records, &self.observed.writers, self.declared.clone())
                .with_lineage(self.lineage());
        let mut budget = COMMIT_LIMIT;
        for file in self.changed_files(repo)? {
            if file.old == file.new {
                continue; // Renamed, and nothing else.
            }
            match self.read_file(repo, &file, &mut budget)? {
                Some(changed) => {
                    if file.old.map(|old| old.mode) != file.new.map(|new| new.mode)
                        && changed.base == changed.new
                    {
                        self.count_without_lines(repo, &file, &mut attribution)?;
                    }
                    attribution.add_file(&changed, |open| match &self.tracer {
                        Some(tracer) => {
                            tracer.trace(&self.sides(&changed, &file), &changed.new, open)
                        }
                        None => Traces::new(),
                    });
                }
                None => self.count_without_lines(repo, &file, &mut attribution)?,
            }
        }
        let used = attribution.used_writers().clone();
        let record = attribution.finish();
        Ok((record, used))
    }

    /// Finds which source was made on top of which other ones; of very many, nothing.
    fn lineage(&self) -> Vec<Vec<bool>> {
        let count = self.sources.len();
        if !(2..=SOURCES_LIMIT).contains(&count) {
            return Vec::new();
        }
        let places = self.sources.iter().zip(0..).map(|(source, place)| (source.commit.id, place));
        let places = places.collect::<HashMap<_, usize>>();
        let row = |source: &Source| {
            let mut below = vec![source.is_itself; count];
            let mut open = source.commit.parents.clone();
            while let Some(parent) = open.pop() {
                if let Some(place) = places.get(&parent).copied().filter(|place| !below[*place]) {
                    below[place] = true;
                    open.extend(&self.sources[place].commit.parents);
                }
            }
            below
        };
        self.sources.iter().map(row).collect()
    }

    /// Lists the files that differ from the first parent, and in a merge from all of them.
    fn changed_files(&self, repo: &Repo) -> Result<Vec<FileChange>, Error> {
        let (first, others) = match self.parents.split_first() {
            Some((first, others)) => (Some(first.1), others),
            None => (None, &[][..]),
        };
        let mut changes = repo.changed_files(first, Some(self.tree))?;
        for (_, parent) in others {
            let differing = repo.changed_files(Some(*parent), Some(self.tree))?;
            let paths = differing
                .into_iter()
                .map(|change| change.path)
                .collect::<std::collections::HashSet<_>>();
            changes.retain(|change| paths.contains(&change.path));
        }
        Ok(repo.with_renames(changes)?)
    }

    /// Reads a file and its versions elsewhere; `None` if it has no lines that can be compared.
    fn read_file(
        &self,
        repo: &Repo,
        file: &FileChange,
        budget: &mut usize,
    ) -> Result<Option<ChangedFile>, Error> {
        let Some(base) = text(repo, file.old, budget)? else { return Ok(None) };
        let Some(new) = text(repo, file.new, budget)? else { return Ok(None) };
        let path = String::from_utf8_lossy(&file.path).into_owned();
        let observed = self.observed.files.get(&path).cloned();
        let mut changed = ChangedFile { path, base, new, observed, ..ChangedFile::default() };
        let old_path = file.old_path.as_deref().unwrap_or(&file.path);
        for (_, parent) in self.parents.iter().skip(1) {
            let version = repo.file_in_tree(*parent, &file.path)?;
            changed.other_parents.push(text(repo, version, budget)?.unwrap_or_default());
        }
        for source in &self.sources {
            let mut found = None;
            for path in [&file.path[..], old_path] {
                if let Some(version) = repo.file_in_tree(source.commit.tree, path)? {
                    let path = String::from_utf8_lossy(path).into_owned();
                    found = text(repo, Some(version), budget)?
                        .map(|content| SourceFile { path, content });
                    break;
                }
            }
            changed.sources.push(found);
        }
        Ok(Some(changed))
    }

    /// Lists where lines of a file may come from: the newest sources, and its parents.
    fn sides<'f>(&self, changed: &'f ChangedFile, file: &'f FileChange) -> Vec<Side<'f>> {
        let old_path = file.old_path.as_deref().unwrap_or(&file.path);
        let first = self.parents.first().map(|(commit, _)| Side {
            commit: *commit,
            path: String::from_utf8_lossy(old_path).into_owned(),
            content: &changed.base,
            is_source: false,
        });
        let others = self.parents.iter().skip(1).zip(&changed.other_parents);
        let others = others.map(|((commit, _), content)| Side {
            commit: *commit,
            path: changed.path.clone(),
            content,
            is_source: false,
        });
        let sources = self.sources.iter().zip(&changed.sources).take(SIDES_LIMIT);
        let sources =
            sources.filter(|(source, _)| !source.is_itself).filter_map(|(source, file)| {
                let SourceFile { path, content } = file.as_ref()?;
                Some(Side {
                    commit: source.commit.id,
                    path: path.clone(),
                    content,
                    is_source: true,
                })
            });
        sources.chain(first).chain(others).collect()
    }

    /// Counts a change without lines to the declared one, unless a source has the very same file.
    fn count_without_lines(
        &self,
        repo: &Repo,
        file: &FileChange,
        attribution: &mut Attribution<'_>,
    ) -> Result<(), Error> {
        for source in &self.sources {
            if repo.file_in_tree(source.commit.tree, &file.path)? == file.new {
                return Ok(());
            }
        }
        attribution.add_change_without_lines();
        Ok(())
    }
}

/// Reads a version of a file as text: empty for none, `None` for a submodule, a binary, or one over the limits.
pub(super) fn text(
    repo: &Repo,
    version: Option<FileVersion>,
    budget: &mut usize,
) -> Result<Option<Vec<u8>>, Error> {
    let Some(version) = version else { return Ok(Some(Vec::new())) };
    if version.is_submodule() {
        return Ok(None);
    }
    let size = repo.blob_size(version.id)?;
    if size > FILE_LIMIT || size > *budget {
        return Ok(None);
    }
    *budget -= size;
    let content = repo.blob(version.id)?;
    Ok((!is_binary(&content)).then_some(content))
}
