//! An empty folder for a program that is asked: only its owner can look into it, and it is gone afterwards.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::os;

/// How often another name is tried where one is taken.
const TRIES: u64 = 100;

/// A folder that is removed with this.
#[derive(Debug)]
pub(super) struct OwnFolder(PathBuf);

impl OwnFolder {
    /// Makes one in the folder for temporary files.
    pub(super) fn make() -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        for _ in 0..TRIES {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!("git-model-{}-{number}", std::process::id());
            let path = std::env::temp_dir().join(name);
            match os::make_private_folder(&path) {
                Ok(()) => return Ok(Self(path)),
                // One that was left behind, or that somebody else put there: never used.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn write(&self, name: &str, content: &str) -> io::Result<()> {
        fs::write(self.0.join(name), content)
    }
}

impl Drop for OwnFolder {
    fn drop(&mut self) {
        // What cannot be removed stays where temporary files stay.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_folders_are_two_and_gone_afterwards() {
        let (one, other) = (OwnFolder::make().unwrap(), OwnFolder::make().unwrap());
        one.write("schema.json", "{}").unwrap();
        assert_ne!(one.path(), other.path());
        let path = one.path().to_path_buf();
        drop(one);
        assert!(!path.exists() && other.path().exists());
    }
}
