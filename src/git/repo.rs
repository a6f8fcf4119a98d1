//! One repository: where it lies, its branches, commits and configuration.
//!
//! libgit2 lives behind this fence. It serves hooks, references and single objects;
//! whole histories are read by `history_reader`.
#![expect(clippy::disallowed_types, reason = "git/ is the only room that knows git2")]

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use crate::git::process::git_output;
use crate::git::{Error, command_config};
use crate::provenance::CommitId;

/// An open repository, or one of its worktrees.
pub struct Repo {
    pub(super) inner: git2::Repository,
    /// The configuration as it was when it was first asked for: libgit2 would look at each file for each setting.
    configuration: OnceCell<git2::Config>,
}

/// What `HEAD` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The branch, as `main`; `None` on a detached `HEAD`.
    pub branch: Option<String>,
    /// The commit; `None` on a branch that has none yet.
    pub commit: Option<CommitId>,
}

/// A commit, with what is needed of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: CommitId,
    /// The tree of files.
    pub tree: CommitId,
    /// Its parents, the first first.
    pub parents: Vec<CommitId>,
    /// `Name <mail>` of the author.
    pub author: String,
    /// `Name <mail>` of the committer.
    pub committer: String,
    /// When it was written: seconds since 1970 and the offset from UTC in minutes.
    pub author_time: (i64, i32),
    /// When it was committed: seconds since 1970.
    pub commit_seconds: i64,
    /// The message, decoded to UTF-8.
    pub message: String,
}

impl Repo {
    /// Opens the repository of the present folder, or the one that Git's variables name.
    pub fn discover() -> Result<Self, Error> {
        let path = std::env::current_dir().unwrap_or_default();
        match git2::Repository::open_from_env() {
            Ok(inner) => Ok(Self { inner, configuration: OnceCell::new() }),
            Err(error) => Err(open_error(&error, path)),
        }
    }

    /// Opens the repository for a hook, which reads and writes as much as Git would in its place.
    ///
    /// libgit2 would hash each object anew that it reads, and look up each row of a tree and each parent of a
    /// commit that it writes. Git does neither: a damaged object shows in its zlib checksum, and what our trees and
    /// commits name was written or read just before. The two settings hold for the whole process.
    pub fn discover_for_hook() -> Result<Self, Error> {
        git2::opts::strict_hash_verification(false);
        git2::opts::strict_object_creation(false);
        Self::discover()
    }

    /// Opens the repository of a worktree for the hook of an agent, whose variables may be about another one.
    pub fn open_for_hook(top: &Path) -> Result<Self, Error> {
        git2::opts::strict_hash_verification(false);
        match git2::Repository::open(top) {
            Ok(inner) => Ok(Self { inner, configuration: OnceCell::new() }),
            Err(error) => Err(open_error(&error, top.to_path_buf())),
        }
    }

    /// Returns the git directory of this worktree, which for a linked one is its own.
    pub fn git_dir(&self) -> &Path {
        self.inner.path()
    }

    /// Returns the git directory that all worktrees share.
    pub fn common_dir(&self) -> &Path {
        self.inner.commondir()
    }

    /// Returns the folder of the checked-out files; `None` for a bare repository.
    pub fn work_tree(&self) -> Option<&Path> {
        self.inner.workdir()
    }

    /// Returns the name people know the repository by: its folder's.
    pub fn name(&self) -> String {
        let folder = self.work_tree().map_or_else(
            || self.common_dir().to_path_buf(),
            |tree| std::fs::canonicalize(tree).unwrap_or_else(|_| tree.to_path_buf()),
        );
        let folder =
            if folder.ends_with(".git") { folder.parent().unwrap_or(&folder) } else { &folder };
        folder
            .file_name()
            .map_or_else(|| "repository".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    /// Returns what `HEAD` names.
    pub fn head(&self) -> Result<Head, Error> {
        let failed = |source: git2::Error| Error::ReadReference {
            name: "HEAD".into(),
            source: source.into(),
        };
        let head = self.inner.find_reference("HEAD").map_err(failed)?;
        let branch = head
            .symbolic_target()
            .ok()
            .flatten()
            .map(|target| target.strip_prefix("refs/heads/").unwrap_or(target).to_owned());
        let commit = match head.resolve() {
            Ok(resolved) => resolved.target().map(id),
            Err(error) if error.code() == git2::ErrorCode::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        Ok(Head { branch, commit })
    }

    /// Finds the commit that a revision names, as `git rev-parse` would.
    pub fn resolve(&self, revision: &str) -> Result<CommitId, Error> {
        let head = self.head()?;
        let unknown = || Error::UnknownRevision { revision: revision.to_owned() };
        match self.inner.revparse_single(revision).and_then(|object| object.peel_to_commit()) {
            Ok(commit) => Ok(id(commit.id())),
            Err(_) if head.commit.is_none() && matches!(revision, "HEAD" | "@") => {
                Err(Error::Unborn { branch: head.branch.unwrap_or_else(|| "HEAD".into()) })
            }
            Err(_) => Err(unknown()),
        }
    }

    /// Reads a commit.
    pub fn commit(&self, wanted: CommitId) -> Result<Commit, Error> {
        let commit = self
            .inner
            .find_commit(oid(wanted))
            .map_err(|source| Error::ReadObject { id: wanted, source: source.into() })?;
        let encoding = commit.message_encoding().ok().flatten().map(str::to_owned);
        let decode = |bytes: &[u8]| super::text::decode(bytes, encoding.as_deref()).into_owned();
        let identity = |signature: &git2::Signature<'_>| {
            format!("{} <{}>", decode(signature.name_bytes()), decode(signature.email_bytes()))
        };
        let (author, committer) = (commit.author(), commit.committer());
        Ok(Commit {
            id: wanted,
            tree: id(commit.tree_id()),
            parents: commit.parent_ids().map(id).collect(),
            author: identity(&author),
            committer: identity(&committer),
            author_time: (author.when().seconds(), author.when().offset_minutes()),
            commit_seconds: committer.when().seconds(),
            message: decode(commit.message_bytes()),
        })
    }

    /// Reads the content of a file.
    pub fn blob(&self, wanted: CommitId) -> Result<Vec<u8>, Error> {
        let failed = |source: git2::Error| Error::ReadObject { id: wanted, source: source.into() };
        let odb = self.inner.odb().map_err(failed)?;
        let object = odb.read(oid(wanted)).map_err(failed)?;
        Ok(object.data().to_vec())
    }

    /// Returns the size of a file in bytes, without reading it whole.
    pub fn blob_size(&self, wanted: CommitId) -> Result<usize, Error> {
        let failed = |source: git2::Error| Error::ReadObject { id: wanted, source: source.into() };
        let (size, _) =
            self.inner.odb().and_then(|odb| odb.read_header(oid(wanted))).map_err(failed)?;
        Ok(size)
    }

    /// Returns where a full reference name points; `None` where there is no such reference.
    pub fn reference(&self, name: &str) -> Result<Option<CommitId>, Error> {
        match self.inner.refname_to_id(name) {
            Ok(target) => Ok(Some(id(target))),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(source) => Err(Error::ReadReference { name: name.into(), source: source.into() }),
        }
    }

    /// Returns a setting of Git's configuration, of any scope; `None` where it is not set.
    pub fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        if let Some(value) = command_config::find(key) {
            return Ok(Some(value));
        }
        match self.configuration()?.get_entry(key) {
            Ok(entry) => Ok(Some(String::from_utf8_lossy(entry.value_bytes()).into_owned())),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(source) => Err(Error::Configuration { source: source.into() }),
        }
    }

    /// Returns a setting of the user's: of the system, of the user's own files or of this command, never the repository's
    /// nor of a file that the repository's includes.
    pub fn users_setting(&self, key: &str) -> Result<Option<String>, Error> {
        if let Some(value) = command_config::find(key) {
            return Ok(Some(value));
        }
        let failed = |source: git2::Error| Error::Configuration { source: source.into() };
        let mut found = None;
        let mut entries = self.configuration()?.entries(Some(&pattern_of(key))).map_err(failed)?;
        while let Some(entry) = entries.next() {
            let entry = entry.map_err(failed)?;
            if !matches!(entry.level(), git2::ConfigLevel::Local | git2::ConfigLevel::Worktree) {
                found = Some(String::from_utf8_lossy(entry.value_bytes()).into_owned());
            }
        }
        Ok(found)
    }

    /// Returns a setting that is true or false, in any of Git's spellings of the two.
    pub fn setting_bool(&self, key: &str) -> Result<Option<bool>, Error> {
        let of_command = command_config::find(key);
        if let Some(value) = of_command.and_then(|value| command_config::as_bool(&value)) {
            return Ok(Some(value));
        }
        match self.configuration()?.get_bool(key) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(source) => Err(Error::Configuration { source: source.into() }),
        }
    }

    /// Writes a setting into the repository's own configuration.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), Error> {
        git_output(&["config", key, value]).map(drop)
    }

    fn configuration(&self) -> Result<&git2::Config, Error> {
        if let Some(known) = self.configuration.get() {
            return Ok(known);
        }
        let read = self
            .inner
            .config()
            .and_then(|mut config| config.snapshot())
            .map_err(|source| Error::Configuration { source: source.into() })?;
        Ok(self.configuration.get_or_init(|| read))
    }

    /// Says whether Git tracks a path of the work tree.
    pub fn is_tracked(&self, path: &Path) -> bool {
        self.inner.index().is_ok_and(|index| {
            self.work_tree()
                .and_then(|tree| path.strip_prefix(tree).ok())
                .is_some_and(|relative| index.get_path(relative, 0).is_some())
        })
    }

    /// Says whether Git ignores a path of the work tree and does not track it.
    pub fn is_ignored(&self, path: &Path) -> bool {
        !self.is_tracked(path) && self.inner.is_path_ignored(path).unwrap_or(false)
    }

    /// Returns the id of an object with this content, without writing it.
    pub fn hash(&self, content: &[u8]) -> Option<CommitId> {
        git2::Oid::hash_object(git2::ObjectType::Blob, content).ok().map(id)
    }
}

fn open_error(error: &git2::Error, path: PathBuf) -> Error {
    match (error.code(), error.class()) {
        (git2::ErrorCode::NotFound, _) => Error::NotARepository { path },
        (git2::ErrorCode::Owner, _) => Error::ForeignOwner { path },
        _ => Error::Open {
            path,
            source: super::error::Source(error.message().trim_end_matches('.').to_owned()),
        },
    }
}

/// Returns the pattern of exactly one key: the library knows keys by their section and name in lower case.
fn pattern_of(key: &str) -> String {
    let (section, rest) = key.split_once('.').unwrap_or((key, ""));
    let (middle, name) =
        rest.rsplit_once('.').map_or((None, rest), |(middle, name)| (Some(middle), name));
    let parts = [
        Some(section.to_ascii_lowercase()),
        middle.map(str::to_owned),
        Some(name.to_ascii_lowercase()),
    ];
    let key = parts.into_iter().flatten().collect::<Vec<_>>().join(".");
    format!("^{}$", regex::escape(&key))
}

/// Returns our form of the library's id.
pub(super) fn id(oid: git2::Oid) -> CommitId {
    CommitId::from_bytes(oid.as_bytes()).expect("an id of the library has 20 or 32 bytes")
}

/// Returns the library's form of an id.
pub(super) fn oid(id: CommitId) -> git2::Oid {
    git2::Oid::from_bytes(id.as_bytes()).expect("this library is built for ids of 20 bytes")
}
