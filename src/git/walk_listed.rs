//! Reads commits that Git lists, with all processors: in no order, or in Git's.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};

use crate::git::commit_list::CommitIds;
use crate::git::walk::{lock, run_threads, threads};
use crate::git::{Error, HistoryReader, ObjectReader, RawCommit, Visitor};

/// Ids that a thread takes at once.
const BATCH: usize = 64;

/// How many batches a thread may be ahead of the one that is due; bounds what waits in memory.
const AHEAD: usize = 32;

/// Visits the commits that Git lists, each once and in no order.
///
/// `progress` counts them while it runs. Returns the visitors of all threads.
pub fn walk_listed<V: Visitor>(
    reader: &HistoryReader,
    ids: CommitIds,
    progress: &AtomicU64,
    make: impl Fn() -> V + Sync,
) -> Result<Vec<V>, Error> {
    let ids = Mutex::new(ids);
    let read = || -> Result<V, Error> {
        let (mut commits, mut notes) = (reader.objects(), reader.objects());
        let mut visitor = make();
        loop {
            let batch = lock(&ids).next_batch(BATCH)?;
            if batch.is_empty() {
                return Ok(visitor);
            }
            for id in &batch {
                visitor.visit(&commits.commit(*id)?, &mut notes)?;
            }
            progress.fetch_add(batch.len() as u64, Ordering::Relaxed);
        }
    };
    run_threads(threads(), read).into_iter().collect()
}

/// Makes something of each commit that Git lists and hands the results over in Git's order, in blocks.
///
/// `read` runs in many threads, `take` in this one; it ends the walk with `ControlFlow::Break`.
pub fn walk_in_order<T: Send>(
    reader: &HistoryReader,
    ids: CommitIds,
    progress: &AtomicU64,
    read: impl Fn(&RawCommit<'_>, &mut ObjectReader) -> T + Sync,
    mut take: impl FnMut(Vec<T>) -> ControlFlow<()>,
) -> Result<(), Error> {
    let stopper = ids.stopper();
    let order =
        Order { ids: Mutex::new((0, Some(ids))), due: Mutex::new(Some(0)), moved: Condvar::new() };
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(threads());
        for _ in 0..threads() {
            let sender = sender.clone();
            let (order, read) = (&order, &read);
            scope.spawn(move || order.work(reader, read, &sender));
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (number, block) in receiver {
            early.insert(number, block);
            while let Some(block) = early.remove(&due) {
                due += 1;
                progress.fetch_add(block.as_ref().map_or(0, Vec::len) as u64, Ordering::Relaxed);
                order.advance(Some(due));
                let flow = match block {
                    Ok(block) if block.is_empty() => continue,
                    block => block.map(&mut take),
                };
                if !matches!(flow, Ok(ControlFlow::Continue(()))) {
                    order.advance(None);
                    stopper.stop();
                    return flow.map(|_| ());
                }
            }
        }
        Ok(())
    })
}

struct Order {
    /// The number of the next batch, and where its ids come from; `None` after the end.
    ids: Mutex<(usize, Option<CommitIds>)>,
    /// The number of the batch that is due; `None` when nobody wants more.
    due: Mutex<Option<usize>>,
    moved: Condvar,
}

impl Order {
    fn advance(&self, due: Option<usize>) {
        *lock(&self.due) = due;
        self.moved.notify_all();
    }

    /// Waits until a batch is near enough to the one that is due; `false` when nobody wants more.
    fn wait(&self, number: usize) -> bool {
        let mut due = lock(&self.due);
        loop {
            match *due {
                None => return false,
                Some(due) if number < due + AHEAD => return true,
                Some(_) => due = self.moved.wait(due).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn work<T: Send>(
        &self,
        reader: &HistoryReader,
        read: &(impl Fn(&RawCommit<'_>, &mut ObjectReader) -> T + Sync),
        sender: &SyncSender<(usize, Result<Vec<T>, Error>)>,
    ) {
        let (mut commits, mut notes) = (reader.objects(), reader.objects());
        loop {
            let mut guard = lock(&self.ids);
            let (number, Some(ids)) = (guard.0, &mut guard.1) else { return };
            let batch = ids.next_batch(BATCH);
            guard.0 += 1;
            if !matches!(&batch, Ok(ids) if !ids.is_empty()) {
                guard.1 = None;
            }
            drop(guard);
            if !self.wait(number) {
                return;
            }
            let block = batch.and_then(|ids| {
                ids.iter().map(|id| Ok(read(&commits.commit(*id)?, &mut notes))).collect()
            });
            if sender.send((number, block)).is_err() {
                return;
            }
        }
    }
}
