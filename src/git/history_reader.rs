//! Reading whole histories: where the objects lie, and how a thread reads them.
//!
//! Git itself says where the repository is, whose it is and what its references name, so that every format of
//! references and every environment variable means here what it means there. Objects are read by gix.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use gix::objs::Find;

use crate::git::error::Source;
use crate::git::process::Place;
use crate::git::{Error, RawCommit, environment};
use crate::provenance::CommitId;

/// A repository, opened to read its history with several threads.
pub struct HistoryReader {
    pub(super) place: Place,
    common_dir: PathBuf,
    /// The present folder below the top of the work tree, with a `/` at its end; empty at the top.
    prefix: PathBuf,
    store: Arc<gix::odb::Store>,
    /// Commits whose parents a shallow clone does not have.
    pub(super) shallow: HashSet<CommitId>,
    pub(super) graph: Option<gix::commitgraph::Graph>,
    /// Parents are not what the commits say: replaced or grafted ones, which only Git itself follows.
    pub(super) rewired: bool,
    pub(super) hash: gix::hash::Kind,
    notes_reference: String,
    notes: HashMap<String, CommitId>,
}

/// What one thread reads objects with.
pub struct ObjectReader {
    handle: gix::odb::HandleArc,
    buffer: Vec<u8>,
}

impl HistoryReader {
    /// Opens the repository of a folder, or the one that Git's variables name, with the notes of one reference.
    ///
    /// Starts `git` twice. Refuses what Git refuses: a repository that belongs to somebody else.
    pub fn open(directory: &Path, notes_reference: &str) -> Result<Self, Error> {
        Self::open_at(Place::new(directory, false), notes_reference)
    }

    /// Opens the repository of a folder, whatever Git's variables name.
    pub fn open_named(directory: &Path, notes_reference: &str) -> Result<Self, Error> {
        if !directory.is_dir() {
            return Err(Error::NotARepository { path: directory.to_path_buf() });
        }
        Self::open_at(Place::new(directory, true), notes_reference)
    }

    fn open_at(place: Place, notes_reference: &str) -> Result<Self, Error> {
        let directory = place.path();
        let said = git_at(
            &place,
            &[
                "rev-parse",
                "--path-format=absolute",
                "--show-object-format",
                "--git-common-dir",
                "--git-path",
                "objects",
                "--git-path",
                "info/grafts",
                "--git-path",
                "shallow",
                "--show-prefix",
            ],
        )?;
        let unexpected = || Error::Open {
            path: directory.to_path_buf(),
            source: Source("`git rev-parse` answered something unknown".to_owned()),
        };
        let [format, common_dir, objects, grafts, shallow, prefix] =
            lines(&said).collect::<Vec<_>>().try_into().map_err(|_| unexpected())?;
        let hash = match format {
            b"sha1" => gix::hash::Kind::Sha1,
            b"sha256" => gix::hash::Kind::Sha256,
            _ => return Err(unexpected()),
        };
        let references = References::read(&place)?;
        let shallow = std::fs::read_to_string(path(shallow)).unwrap_or_default();
        let shallow: HashSet<CommitId> =
            shallow.lines().filter_map(|line| line.trim().parse().ok()).collect();
        let rewired = !references.replacements.is_empty()
            || std::fs::metadata(path(grafts)).is_ok_and(|file| file.len() > 0);
        let open_failed =
            |error: String| Error::Open { path: directory.to_path_buf(), source: Source(error) };
        let store = gix::odb::Store::at_opts(
            path(objects),
            hash,
            &mut references.replacements.into_iter(),
            gix::odb::store::init::Options::default(),
        )
        .map_err(|error| open_failed(error.to_string()))?;
        // Git ignores the commit-graph under these conditions too, since its parents are the original ones.
        let graph = (!rewired && shallow.is_empty())
            .then(|| gix::commitgraph::Graph::at(&path(objects).join("info"), hash, None).ok())
            .flatten();
        Ok(Self {
            place,
            common_dir: path(common_dir),
            prefix: path(prefix),
            store: Arc::new(store),
            shallow,
            graph,
            rewired,
            hash,
            notes_reference: notes_reference.to_owned(),
            notes: references.notes,
        })
    }

    /// Returns the git directory that all worktrees share.
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// Returns the name people know the repository by: that of the folder that holds it.
    pub fn name(&self) -> String {
        let folder = if self.common_dir.file_name().is_some_and(|name| name == ".git") {
            self.common_dir.parent().unwrap_or(&self.common_dir)
        } else {
            &self.common_dir
        };
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_else(|| "repository".to_owned());
        name.strip_suffix(".git").filter(|name| !name.is_empty()).unwrap_or(&name).to_owned()
    }

    /// Says whether parents are not what the commits say: some are replaced or grafted.
    pub fn is_rewired(&self) -> bool {
        self.rewired
    }

    /// Returns the short name of the branch of `HEAD`; `None` where it is detached.
    pub fn branch(&self) -> Option<String> {
        let said = git_at(&self.place, &["symbolic-ref", "--quiet", "--short", "HEAD"]).ok()?;
        let name = String::from_utf8_lossy(&said).trim().to_owned();
        (!name.is_empty()).then_some(name)
    }

    /// Returns a path of the present folder as it is called from the top of the work tree.
    pub fn path_from_top(&self, typed: &Path) -> PathBuf {
        let mut whole = PathBuf::new();
        for part in self.prefix.join(typed).components() {
            match part {
                Component::ParentDir => {
                    whole.pop();
                }
                Component::CurDir => {}
                part => whole.push(part),
            }
        }
        whole
    }

    /// Returns the pager that Git would start, by its variables and configuration.
    pub fn pager(&self) -> Option<String> {
        let said = git_at(&self.place, &["var", "GIT_PAGER"]).ok()?;
        Some(String::from_utf8_lossy(&said).trim().to_owned())
    }

    /// Returns the commit that a reference of notes names.
    pub(super) fn notes_tip(&self, reference: &str) -> Option<CommitId> {
        self.notes.get(reference).copied()
    }

    /// Returns the reference of the notes that the repository was opened with.
    pub(super) fn notes_reference(&self) -> &str {
        &self.notes_reference
    }

    /// Returns a reader of objects for one thread.
    pub fn objects(&self) -> ObjectReader {
        let mut handle = self.handle();
        handle
            .set_pack_cache(|| Box::<gix::odb::pack::cache::lru::StaticLinkedList<64>>::default());
        ObjectReader { handle, buffer: Vec::new() }
    }

    /// Returns the library's way to the objects, without caches.
    pub(super) fn handle(&self) -> gix::odb::HandleArc {
        gix::odb::HandleArc::from(self.store.to_handle_arc())
    }
}

impl ObjectReader {
    /// Reads a commit.
    pub fn commit(&mut self, id: CommitId) -> Result<RawCommit<'_>, Error> {
        let bytes = self.object(id, gix::objs::Kind::Commit)?;
        RawCommit::parse(id, bytes).ok_or(Error::DamagedObject { id })
    }

    /// Reads a file's content.
    pub fn blob(&mut self, id: CommitId) -> Result<&[u8], Error> {
        self.object(id, gix::objs::Kind::Blob)
    }

    pub(super) fn object(&mut self, id: CommitId, kind: gix::objs::Kind) -> Result<&[u8], Error> {
        let failed = |why: String| Error::ReadObject { id, source: Source(why) };
        let name = gix::hash::oid::try_from_bytes(id.as_bytes())
            .map_err(|error| failed(error.to_string()))?;
        match self.handle.try_find(name, &mut self.buffer) {
            Ok(Some(found)) if found.kind == kind => Ok(found.data),
            Ok(Some(found)) => Err(failed(format!("it is a {}, not a {kind}", found.kind))),
            Ok(None) => Err(failed("it is missing from the repository".to_owned())),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

struct References {
    replacements: Vec<(gix::ObjectId, gix::ObjectId)>,
    notes: HashMap<String, CommitId>,
}

impl References {
    fn read(place: &Place) -> Result<Self, Error> {
        let said = git_at(
            place,
            &["for-each-ref", "--format=%(objectname) %(refname)", "refs/replace/", "refs/notes/"],
        )?;
        let mut references = Self { replacements: Vec::new(), notes: HashMap::new() };
        let follows_replacements = !environment::ignores_replacements();
        for line in String::from_utf8_lossy(&said).lines() {
            let Some((target, name)) = line.split_once(' ') else { continue };
            if name.starts_with("refs/notes/") {
                references.notes.extend(target.parse().ok().map(|tip| (name.to_owned(), tip)));
            } else if follows_replacements
                && let Some(replaced) = name.strip_prefix("refs/replace/")
                && let Ok(replaced) = gix::ObjectId::from_hex(replaced.as_bytes())
                && let Ok(target) = gix::ObjectId::from_hex(target.as_bytes())
            {
                references.replacements.push((replaced, target));
            }
        }
        Ok(references)
    }
}

/// Runs `git` in a folder and returns what it prints; its refusals become ours.
pub(super) fn git_at(place: &Place, arguments: &[&str]) -> Result<Vec<u8>, Error> {
    let failed = |reason: String| Error::GitCommand { command: arguments[0].to_owned(), reason };
    let output = place
        .command(arguments)
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let reason = first_line(&output.stderr);
    let path = std::path::absolute(place.path()).unwrap_or_else(|_| place.path().to_path_buf());
    if reason.starts_with("not a git repository") {
        return Err(Error::NotARepository { path });
    }
    if reason.contains("dubious ownership") {
        return Err(Error::ForeignOwner { path });
    }
    Err(failed(reason))
}

/// Returns the first line of what a command complained about, without `fatal:`.
pub(super) fn first_line(complaint: &[u8]) -> String {
    let text = String::from_utf8_lossy(complaint);
    let line =
        text.lines().find(|line| line.starts_with("fatal: ")).or_else(|| text.lines().next());
    line.unwrap_or("it did not say why").trim_start_matches("fatal: ").to_owned()
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.strip_suffix(b"\n").unwrap_or(bytes).split(|byte| *byte == b'\n')
}

fn path(bytes: &[u8]) -> PathBuf {
    gix::path::from_byte_slice(bytes).map(Path::to_path_buf).unwrap_or_default()
}
