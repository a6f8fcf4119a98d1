//! What `git model init` did in a repository; where it was not run, agents' events are not kept.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::store::Error;
use crate::store::framed::write_replacing;

/// The format of the file.
const VERSION: u32 = 1;

/// What was installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installation {
    version: u32,
    /// When: milliseconds since 1970.
    pub at: i64,
    /// `core.hooksPath` then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hooks_path: Option<String>,
    /// The settings of agents into which hooks were put.
    #[serde(default)]
    pub agents: Vec<AgentHooks>,
}

/// One file of settings of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentHooks {
    /// The id of the agent.
    pub agent: String,
    /// The file.
    pub file: PathBuf,
    /// The lines that were added to `info/exclude` for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
}

impl Installation {
    /// Begins the description of an installation.
    pub fn new(at: i64, hooks_path: Option<String>) -> Self {
        Self { version: VERSION, at, hooks_path, agents: Vec::new() }
    }

    fn path(common_dir: &Path) -> PathBuf {
        common_dir.join("model").join("installation")
    }

    /// Says whether `init` was run in a repository; costs one look at the disk.
    pub fn is_there(common_dir: &Path) -> bool {
        Self::path(common_dir).exists()
    }

    /// Reads it; `None` where `init` was not run, or by a version that wrote something else.
    pub fn read(common_dir: &Path) -> Option<Self> {
        let bytes = fs::read(Self::path(common_dir)).ok()?;
        let read = serde_json::from_slice::<Self>(&bytes).ok()?;
        (read.version == VERSION).then_some(read)
    }

    /// Writes it.
    pub fn write(&self, common_dir: &Path) -> Result<(), Error> {
        let path = Self::path(common_dir);
        let folder = common_dir.join("model");
        fs::create_dir_all(&folder).map_err(|source| Error::Write { path: folder, source })?;
        let json = serde_json::to_vec_pretty(self).expect("it has only text, numbers and lists");
        write_replacing(&path, &json)
    }
}
