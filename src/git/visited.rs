//! The commits that a walk has met, shared by its threads.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Mutex, PoisonError};

use crate::provenance::CommitId;

/// More shards than threads, so that two threads seldom want the same one.
const SHARDS: usize = 64;

/// The first twenty bytes of an id: all of SHA-1, and of SHA-256 more than chance can make equal.
type Key = [u8; 20];

type Shard = HashSet<Key, BuildHasherDefault<IdHasher>>;

pub(super) struct Visited {
    shards: Vec<Mutex<Shard>>,
}

impl Visited {
    pub(super) fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }

    /// Adds a commit, and says whether it is new.
    pub(super) fn insert(&self, commit: CommitId) -> bool {
        let mut key = Key::default();
        key.copy_from_slice(&commit.as_bytes()[..20]);
        let shard = &self.shards[usize::from(key[0]) % SHARDS];
        shard.lock().unwrap_or_else(PoisonError::into_inner).insert(key)
    }
}

/// An id is a hash already: eight of its bytes serve.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(part) = bytes.get(4..12).and_then(|part| part.try_into().ok()) {
            self.0 = u64::from_le_bytes(part);
        }
    }

    fn write_usize(&mut self, _length: usize) {}
}
