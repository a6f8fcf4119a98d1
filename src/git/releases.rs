//! Which release a commit belongs to: the first tag, by the tag's date, from which it can be reached.

use std::collections::HashMap;

use crate::git::history_reader::git_at;
use crate::git::{Error, HistoryReader, ObjectReader};
use crate::provenance::CommitId;

/// The tags of a repository, with the commits that each was the first to contain.
///
/// Holds a number for each commit below a tag: about 50 bytes.
#[derive(Debug, Default)]
pub struct Releases {
    tags: Vec<String>,
    first: HashMap<CommitId, u32>,
}

impl Releases {
    /// Walks the history below all tags, once.
    pub fn read(reader: &HistoryReader) -> Result<Self, Error> {
        let said = git_at(
            &reader.place,
            &[
                "for-each-ref",
                "--sort=refname",
                "--sort=creatordate",
                "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname:strip=2)",
                "refs/tags/",
            ],
        )?;
        let mut releases = Self::default();
        let mut objects = reader.objects();
        for line in String::from_utf8_lossy(&said).lines() {
            let mut words = line.splitn(5, ' ');
            let [kind, id, peeled_kind, peeled] =
                [(); 4].map(|()| words.next().unwrap_or_default());
            let target = match (kind, peeled_kind) {
                ("commit", _) => id,
                ("tag", "commit") => peeled,
                _ => continue,
            };
            if let (Ok(target), Some(name)) = (target.parse(), words.next()) {
                releases.add(name, target, reader, &mut objects)?;
            }
        }
        Ok(releases)
    }

    /// Returns the first tag that contains a commit, and its place in time; `None` where no tag does.
    pub fn of(&self, commit: CommitId) -> Option<(&str, i64)> {
        let place = *self.first.get(&commit)?;
        Some((self.tags.get(place as usize)?, i64::from(place)))
    }

    fn add(
        &mut self,
        name: &str,
        tip: CommitId,
        reader: &HistoryReader,
        objects: &mut ObjectReader,
    ) -> Result<(), Error> {
        let place = u32::try_from(self.tags.len()).unwrap_or(u32::MAX);
        self.tags.push(name.to_owned());
        let mut open = vec![tip];
        while let Some(commit) = open.pop() {
            if self.first.contains_key(&commit) {
                continue;
            }
            self.first.insert(commit, place);
            reader.parents(commit, objects, &mut open)?;
        }
        Ok(())
    }
}

impl HistoryReader {
    /// Adds the parents of a commit to a list, from the commit-graph where it knows them.
    fn parents(
        &self,
        commit: CommitId,
        objects: &mut ObjectReader,
        list: &mut Vec<CommitId>,
    ) -> Result<(), Error> {
        if self.shallow.contains(&commit) {
            return Ok(());
        }
        let of_graph = self.graph.as_ref().and_then(|graph| {
            let known =
                graph.commit_by_id(gix::hash::oid::try_from_bytes(commit.as_bytes()).ok()?)?;
            let parents = known
                .iter_parents()
                .map(|parent| CommitId::from_bytes(graph.id_at(parent.ok()?).as_bytes()));
            parents.collect::<Option<Vec<_>>>()
        });
        match of_graph {
            Some(parents) => list.extend(parents),
            None => list.extend(objects.commit(commit)?.parents()),
        }
        Ok(())
    }
}
