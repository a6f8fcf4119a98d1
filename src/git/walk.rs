//! Walks the whole history below some commits, in no order, with all processors.
//!
//! Each commit is inflated exactly once: its parents and its message come from the same bytes. Where Git has written
//! a commit-graph, parents come from there and the threads share out the commits that it lists.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::git::error::Source;
use crate::git::visited::Visited;
use crate::git::{Error, HistoryReader, ObjectReader, RawCommit};
use crate::provenance::CommitId;

/// Commits copied for another thread at once, where one thread alone can find the next commit.
const BATCH: usize = 64;

/// With fewer commits at hand than this, a thread has nothing to share but those it has read.
const NEARLY_LINEAR: usize = 8;

/// Commits of a commit-graph handed to a thread at once.
const GRAPH_CHUNK: usize = 512;

/// More threads than this would mostly wait for each other, each with a cache of its own.
const MOST_THREADS: usize = 8;

/// What a thread does with the commits it meets. Each thread has its own, to be merged afterwards.
pub trait Visitor: Send {
    /// Looks at one commit. `objects` reads others, such as notes; it must not be kept.
    ///
    /// A failure ends the walk.
    fn visit(&mut self, commit: &RawCommit<'_>, objects: &mut ObjectReader) -> Result<(), Error>;
}

/// Visits all commits that can be reached from the tips, each once and in no order.
///
/// `progress` counts them while it runs. Returns the visitors of all threads.
pub fn walk_all<V: Visitor>(
    reader: &HistoryReader,
    tips: &[CommitId],
    progress: &AtomicU64,
    make: impl Fn() -> V + Sync,
) -> Result<Vec<V>, Error> {
    let visited = Visited::new();
    let first = tips.iter().copied().filter(|tip| visited.insert(*tip)).collect();
    let walk = Walk {
        reader,
        visited,
        progress,
        queue: Mutex::new(Queue { ids: first, batches: Vec::new(), idle: 0 }),
        changed: Condvar::new(),
        idle: AtomicUsize::new(0),
        waiting_batches: AtomicUsize::new(0),
        threads: threads(),
        graph_tips: Mutex::new(Vec::new()),
        failed: Mutex::new(None),
    };
    let (sender, receiver) = channel();
    let (sender, receiver) = (Mutex::new(Some(sender)), Mutex::new(receiver));
    let visitors = run_threads(walk.threads, || {
        let mut worker = Worker {
            walk: &walk,
            visitor: make(),
            objects: reader.objects(),
            notes: reader.objects(),
        };
        worker.walk_objects();
        // The one thread that gets the sender lists the commits of the graph, then helps to read them.
        let sender = lock(&sender).take();
        if let Some(sender) = sender {
            walk.list_graph(&sender);
        }
        worker.read_listed(&receiver);
        worker.visitor
    });
    match walk.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(visitors),
    }
}

/// Returns how many threads read.
pub(super) fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(MOST_THREADS)
}

/// Runs a function in several threads and returns what each returned.
pub(super) fn run_threads<T: Send>(count: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..count).map(|_| scope.spawn(&work)).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Walk<'a> {
    reader: &'a HistoryReader,
    visited: Visited,
    progress: &'a AtomicU64,
    queue: Mutex<Queue>,
    changed: Condvar,
    /// A copy of `Queue::idle` that can be read without the lock.
    idle: AtomicUsize,
    /// A copy of the number of batches that wait.
    waiting_batches: AtomicUsize,
    threads: usize,
    graph_tips: Mutex<Vec<gix::commitgraph::Position>>,
    failed: Mutex<Option<Error>>,
}

struct Queue {
    ids: Vec<CommitId>,
    batches: Vec<Batch>,
    idle: usize,
}

/// Commits already inflated, for another thread to look at.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    commits: Vec<(CommitId, usize)>,
}

enum Work {
    Ids(Vec<CommitId>),
    Batch(Batch),
}

impl Walk<'_> {
    /// Waits for work; `None` when all threads wait, for then there is none left.
    fn take(&self) -> Option<Work> {
        let mut queue = lock(&self.queue);
        loop {
            if let Some(batch) = queue.batches.pop() {
                self.waiting_batches.store(queue.batches.len(), Ordering::Relaxed);
                return Some(Work::Batch(batch));
            }
            if !queue.ids.is_empty() {
                let keep = queue.ids.len() / 2;
                return Some(Work::Ids(queue.ids.split_off(keep)));
            }
            queue.idle += 1;
            self.idle.store(queue.idle, Ordering::Relaxed);
            if queue.idle == self.threads {
                self.changed.notify_all();
                return None;
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
            if queue.idle == self.threads {
                return None;
            }
            queue.idle -= 1;
            self.idle.store(queue.idle, Ordering::Relaxed);
        }
    }

    fn give_ids(&self, ids: &[CommitId]) {
        lock(&self.queue).ids.extend_from_slice(ids);
        self.changed.notify_one();
    }

    fn give_batch(&self, batch: Batch) {
        let mut queue = lock(&self.queue);
        queue.batches.push(batch);
        self.waiting_batches.store(queue.batches.len(), Ordering::Relaxed);
        drop(queue);
        self.changed.notify_one();
    }

    fn fail(&self, error: Error) {
        lock(&self.failed).get_or_insert(error);
    }

    fn has_failed(&self) -> bool {
        lock(&self.failed).is_some()
    }

    /// Sends the commits of the commit-graph that can be reached, in chunks and roughly by age, as they lie in packs.
    fn list_graph(&self, sender: &Sender<Vec<CommitId>>) {
        let Some(graph) = &self.reader.graph else { return };
        let mut pending = std::mem::take(&mut *lock(&self.graph_tips));
        let mut seen = vec![false; graph.num_commits() as usize];
        let mut chunk = Vec::with_capacity(GRAPH_CHUNK);
        while let Some(position) = pending.pop() {
            if std::mem::replace(&mut seen[position.0 as usize], true) {
                continue;
            }
            let commit = graph.commit_at(position);
            chunk.extend(CommitId::from_bytes(commit.id().as_bytes()));
            if chunk.len() == GRAPH_CHUNK {
                let full = std::mem::replace(&mut chunk, Vec::with_capacity(GRAPH_CHUNK));
                if sender.send(full).is_err() {
                    return;
                }
            }
            for parent in commit.iter_parents() {
                match parent {
                    Ok(parent) => pending.push(parent),
                    Err(error) => {
                        let source = Source(error.to_string());
                        if let Some(id) = CommitId::from_bytes(commit.id().as_bytes()) {
                            self.fail(Error::ReadObject { id, source });
                        }
                        return;
                    }
                }
            }
        }
        // The receivers are gone only after a failure, which is kept already.
        let _ = sender.send(chunk);
    }
}

struct Worker<'a, V> {
    walk: &'a Walk<'a>,
    visitor: V,
    objects: ObjectReader,
    /// Apart from `objects`, whose buffer holds the commit.
    notes: ObjectReader,
}

impl<V: Visitor> Worker<'_, V> {
    /// Follows parents through the object database, and notes the commits that the commit-graph knows.
    fn walk_objects(&mut self) {
        let mut own = Vec::new();
        let mut batch = Batch::default();
        while !self.walk.has_failed() {
            let Some(id) = own.pop() else {
                self.read_batch(&std::mem::take(&mut batch));
                match self.walk.take() {
                    Some(Work::Ids(ids)) => own = ids,
                    Some(Work::Batch(batch)) => self.read_batch(&batch),
                    None => return,
                }
                continue;
            };
            let in_graph = self.walk.reader.graph.as_ref().and_then(|graph| {
                graph.lookup(gix::hash::oid::try_from_bytes(id.as_bytes()).ok()?)
            });
            if let Some(position) = in_graph {
                lock(&self.walk.graph_tips).push(position);
            } else if let Err(error) = self.follow(id, &mut own, &mut batch) {
                self.walk.fail(error);
            }
        }
        // Nobody may wait for a thread that gave up.
        while self.walk.take().is_some() {}
    }

    fn follow(
        &mut self,
        id: CommitId,
        own: &mut Vec<CommitId>,
        batch: &mut Batch,
    ) -> Result<(), Error> {
        let walk = self.walk;
        let bytes = self.objects.object(id, gix::objs::Kind::Commit)?;
        let commit = RawCommit::parse(id, bytes).ok_or(Error::DamagedObject { id })?;
        if !walk.reader.shallow.contains(&id) {
            own.extend(commit.parents().filter(|parent| walk.visited.insert(*parent)));
        }
        let others_idle = walk.idle.load(Ordering::Relaxed) > 0;
        if others_idle && own.len() > 1 {
            let given = own.len() / 2;
            walk.give_ids(&own[..given]);
            own.drain(..given);
        }
        // Where a history is nearly linear only one thread can know the next commit: it copies, and the others look.
        let nearly_linear = own.len() < NEARLY_LINEAR && walk.threads > 1;
        let wanted = others_idle || walk.waiting_batches.load(Ordering::Relaxed) == 0;
        if nearly_linear && (wanted || !batch.commits.is_empty()) {
            batch.bytes.extend_from_slice(bytes);
            batch.commits.push((id, batch.bytes.len()));
            if batch.commits.len() == BATCH {
                walk.give_batch(std::mem::take(batch));
            }
            return Ok(());
        }
        self.visitor.visit(&commit, &mut self.notes)?;
        walk.progress.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn read_batch(&mut self, batch: &Batch) {
        let mut start = 0;
        for (id, end) in &batch.commits {
            if let Some(commit) = RawCommit::parse(*id, &batch.bytes[start..*end])
                && let Err(error) = self.visitor.visit(&commit, &mut self.notes)
            {
                return self.walk.fail(error);
            }
            start = *end;
        }
        self.walk.progress.fetch_add(batch.commits.len() as u64, Ordering::Relaxed);
    }

    fn read_listed(&mut self, receiver: &Mutex<Receiver<Vec<CommitId>>>) {
        while !self.walk.has_failed() {
            let Ok(ids) = lock(receiver).recv() else { return };
            for id in &ids {
                let commit = self.objects.commit(*id);
                if let Err(error) =
                    commit.and_then(|commit| self.visitor.visit(&commit, &mut self.notes))
                {
                    return self.walk.fail(error);
                }
            }
            self.walk.progress.fetch_add(ids.len() as u64, Ordering::Relaxed);
        }
    }
}
