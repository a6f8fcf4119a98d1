//! The verdicts on changes that are not committed yet: one framed file beside the journal of a worktree.
//!
//! A verdict is about one change: the tree that would be committed, on top of the tree it would be committed to.
//! The same change, plan, reviewer and prompts are answered from here; another tree is another question.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::provenance::{CommitId, ModelName};
use crate::store::framed::{Contents, Framed, FramedFile};
use crate::store::{Error, KeptReview};

/// When the file is larger than this, old verdicts are dropped at the next append: hooks read it whole.
const COMPACT_ABOVE: u64 = 128 << 10;

/// So many verdicts are kept then, if they are small enough.
const KEPT_LIMIT: usize = 32;

/// So much of what verdicts say is kept then, in bytes, the newest first.
const KEPT_BYTES: usize = 64 << 10;

/// A verdict, with what is needed to say it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptVerdict {
    /// When: seconds since 1970.
    pub at: i64,
    /// The tree that the change is made to; `None` where there is no commit yet.
    pub base: Option<CommitId>,
    /// What the commit's record is to say of it.
    pub review: KeptReview,
    /// All that was said, as the review room writes it.
    pub said: String,
}

/// What a question about a change has in common with the answer that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictKey<'k> {
    /// The tree that the change is made to.
    pub base: Option<CommitId>,
    /// The tree that would be committed.
    pub tree: CommitId,
    /// The hash of the plan's text that it is held against.
    pub plan_hash: Option<CommitId>,
    /// The model that is asked.
    pub reviewer: &'k ModelName,
    /// The version of the prompts.
    pub prompt_version: u32,
}

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum VerdictEntry {
    /// A review came to its end, well or not.
    Reviewed(Box<KeptVerdict>),
    /// One that a newer version knows.
    #[serde(other)]
    Unknown,
}

impl Framed for VerdictEntry {
    fn is_known(&self) -> bool {
        *self != Self::Unknown
    }
}

/// The verdicts of one worktree.
#[derive(Debug, Clone)]
pub struct Verdicts {
    folder: PathBuf,
}

impl Verdicts {
    /// Names the verdicts of a worktree by its git directory; nothing is opened or made.
    pub fn of(git_dir: &Path) -> Self {
        Self { folder: git_dir.join("model") }
    }

    fn file(&self) -> FramedFile {
        FramedFile::new(self.folder.join("verdicts"))
    }

    /// Reads all verdicts, oldest first; damaged lines are left aside.
    pub fn read(&self) -> Result<Vec<KeptVerdict>, Error> {
        let contents: Contents<VerdictEntry> = self.file().read()?;
        let verdict = |entry| match entry {
            VerdictEntry::Reviewed(verdict) => Some(*verdict),
            VerdictEntry::Unknown => None,
        };
        Ok(contents.entries.into_iter().filter_map(verdict).collect())
    }

    /// Keeps a verdict.
    pub fn append(&self, verdict: KeptVerdict) -> Result<(), Error> {
        let file = self.file();
        let lock = file.lock()?;
        let entry = VerdictEntry::Reviewed(Box::new(verdict));
        if file.append(&lock, std::slice::from_ref(&entry))? > COMPACT_ABOVE {
            let contents: Contents<VerdictEntry> = file.read()?;
            file.rewrite(&lock, newest(&contents.entries))?;
        }
        Ok(())
    }
}

/// Returns the newest entries that are worth keeping, oldest first.
fn newest(entries: &[VerdictEntry]) -> &[VerdictEntry] {
    let mut bytes = 0;
    let size = |entry: &VerdictEntry| match entry {
        VerdictEntry::Reviewed(verdict) => verdict.said.len(),
        VerdictEntry::Unknown => 0,
    };
    let fitting = entries.iter().rev().take(KEPT_LIMIT).take_while(|entry| {
        bytes += size(entry);
        bytes <= KEPT_BYTES
    });
    // The last one is kept however much it says.
    let count = fitting.count().max(1).min(entries.len());
    &entries[entries.len() - count..]
}

impl KeptVerdict {
    /// Says whether it is about a change.
    pub fn is_about(&self, base: Option<CommitId>, tree: CommitId) -> bool {
        self.base == base && self.review.tree == tree
    }

    /// Says whether it answers a question.
    ///
    /// A model that answered in place of the one that was asked is found by either name.
    pub fn answers(&self, key: &VerdictKey<'_>) -> bool {
        let is = |name: &str| ModelName::parse(name).is_ok_and(|model| model == *key.reviewer);
        self.is_about(key.base, key.tree)
            && self.review.plan_hash == key.plan_hash
            && self.review.prompt_version == key.prompt_version
            && (is(&self.review.reviewer) || self.review.requested.as_deref().is_some_and(is))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::provenance::{Drift, FindingCounts, Grade, Strength, Verdict};

    fn id(digit: char) -> CommitId {
        digit.to_string().repeat(40).parse().unwrap()
    }

    fn verdict(tree: char, said: &str) -> KeptVerdict {
        KeptVerdict {
            at: 1,
            base: Some(id('0')),
            review: KeptReview {
                reviewer: "claude-opus-5-5".to_owned(),
                requested: Some("claude-fable-5-2".to_owned()),
                by: "anthropic".to_owned(),
                grade: Grade::Observed,
                tree: id(tree),
                verdict: Verdict::Pass,
                drift: Drift::None,
                findings: FindingCounts::default(),
                fixed: FindingCounts::default(),
                dismissed: FindingCounts::default(),
                rounds: 1,
                partial: false,
                plan_hash: Some(id('d')),
                prompt_version: 1,
                strength: Strength::Stronger,
                carried: false,
            },
            said: said.to_owned(),
        }
    }

    fn temporary() -> Verdicts {
        static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("git-model-verdicts-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        Verdicts::of(&folder)
    }

    #[test]
    fn the_file_stays_small_and_keeps_the_newest() {
        let verdicts = temporary();
        let said = "x".repeat(8 << 10);
        for _ in 0..100 {
            verdicts.append(verdict('a', &said)).unwrap();
        }
        verdicts.append(verdict('b', "last")).unwrap();
        let kept = verdicts.read().unwrap();
        assert!(fs::metadata(verdicts.file().path()).unwrap().len() < COMPACT_ABOVE + (16 << 10));
        assert_eq!(kept.last(), Some(&verdict('b', "last")));
        assert!(kept.len() < 20, "{}", kept.len());
    }

    #[test]
    fn one_verdict_that_says_very_much_is_kept() {
        let entries = [
            VerdictEntry::Reviewed(Box::new(verdict('a', "x"))),
            VerdictEntry::Reviewed(Box::new(verdict('b', &"x".repeat(KEPT_BYTES + 1)))),
        ];
        assert_eq!(newest(&entries), &entries[1..]);
        assert!(newest(&[]).is_empty());
    }

    #[test]
    fn another_change_plan_reviewer_or_prompt_is_another_question() {
        let names = ["claude-opus-5-5", "claude-fable-5-2", "claude-sonnet-5-5"];
        let [opus, fable, sonnet] = names.map(|name| ModelName::parse(name).unwrap());
        let key = VerdictKey {
            base: Some(id('0')),
            tree: id('a'),
            plan_hash: Some(id('d')),
            reviewer: &opus,
            prompt_version: 1,
        };
        let kept = verdict('a', "");
        assert!(kept.answers(&key));
        assert!(kept.answers(&VerdictKey { reviewer: &fable, ..key.clone() }));
        assert!(!kept.answers(&VerdictKey { reviewer: &sonnet, ..key.clone() }));
        assert!(!kept.answers(&VerdictKey { tree: id('b'), ..key.clone() }));
        assert!(!kept.answers(&VerdictKey { base: None, ..key.clone() }));
        assert!(!kept.answers(&VerdictKey { plan_hash: None, ..key.clone() }));
        assert!(!kept.answers(&VerdictKey { prompt_version: 2, ..key }));
    }
}
