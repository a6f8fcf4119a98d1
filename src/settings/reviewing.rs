//! When a review is due, and its limits: a repository's own configuration may ask for more, never for less.

use super::Settings;
use crate::git;

/// How long a hook waits for a review, in seconds, if `model.review.timeout` says nothing.
const TIMEOUT_SECONDS: u64 = 60;

/// At which moment a review is due (`model.review.gate`). A greater value is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum ReviewGate {
    /// At none.
    #[default]
    Off,
    /// Before a push, of all that it brings at once.
    Push,
    /// Before each commit.
    Commit,
}

/// What becomes of a commit whose review is not completed (`model.review.onError`). A greater value is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum OnError {
    /// It is made, with a warning, and its record says so.
    #[default]
    Warn,
    /// It is refused.
    Block,
}

impl ReviewGate {
    /// Returns the word for it, as in Git's configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Commit => "commit",
            Self::Push => "push",
        }
    }

    fn read(value: Option<&str>) -> Self {
        match value {
            Some("commit") => Self::Commit,
            Some("push") => Self::Push,
            _ => Self::Off,
        }
    }
}

impl Settings<'_> {
    /// Returns when a review is due; what is none of the words counts as `off`.
    ///
    /// Any file of configuration may switch it on. A repository's own does not switch off what the user's says.
    pub fn review_gate(&self) -> Result<ReviewGate, git::Error> {
        Ok(self.stricter("model.review.gate", ReviewGate::read)?.unwrap_or_default())
    }

    /// Returns what becomes of a commit whose review is not completed; a repository may be stricter than the user.
    pub fn review_on_error(&self) -> Result<OnError, git::Error> {
        let read = |value: Option<&str>| match value {
            Some("block") => OnError::Block,
            _ => OnError::Warn,
        };
        Ok(self.stricter("model.review.onError", read)?.unwrap_or_default())
    }

    /// Returns for how many seconds a hook waits for a review, by the user's own configuration.
    pub fn review_timeout(&self) -> Result<u64, git::Error> {
        let value = self.repo.users_setting("model.review.timeout")?;
        let seconds = value.and_then(|text| text.parse().ok()).filter(|seconds| *seconds > 0);
        Ok(seconds.unwrap_or(TIMEOUT_SECONDS))
    }

    /// Returns after how many rounds nothing blocks any more; a repository may ask for more than the user or the default.
    pub fn review_max_rounds(&self, default: u32) -> Result<u32, git::Error> {
        self.at_least("model.review.maxRounds", default)
    }

    /// Returns how many findings are checked and shown; a repository may ask for more than the user or the default.
    pub fn review_max_findings(&self, default: usize) -> Result<usize, git::Error> {
        self.at_least("model.review.maxFindings", default)
    }

    /// Says whether an agent's hook reviews its work as soon as it stops, by the user's own configuration.
    pub fn review_background(&self) -> Result<bool, git::Error> {
        let value = self.repo.users_setting("model.review.background")?;
        Ok(value.is_some_and(|value| matches!(value.as_str(), "true" | "yes" | "on" | "1" | "")))
    }

    /// Reads a setting twice, by the user's own files and by all, and returns the greater value; `None` where it is
    /// not set at all.
    fn stricter<T: Ord>(
        &self,
        key: &str,
        read: impl Fn(Option<&str>) -> T,
    ) -> Result<Option<T>, git::Error> {
        let Some(any) = self.repo.setting(key)? else { return Ok(None) };
        let users = self.repo.users_setting(key)?;
        Ok(Some(read(Some(&any)).max(read(users.as_deref()))))
    }

    /// Reads a number, which a repository's own configuration can only raise.
    fn at_least<T: Ord + std::str::FromStr>(&self, key: &str, default: T) -> Result<T, git::Error> {
        let read = |value: Option<String>| value.and_then(|text| text.parse::<T>().ok());
        let users = read(self.repo.users_setting(key)?).unwrap_or(default);
        Ok(match read(self.repo.setting(key)?) {
            Some(any) => any.max(users),
            None => users,
        })
    }
}
