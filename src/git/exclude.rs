//! `info/exclude`: files that are ignored in this repository and by nobody else.

use std::fs;
use std::path::{Path, PathBuf};

use crate::git::{InstallError, Repo};

impl Repo {
    /// Makes Git ignore a file of the work tree, unless it does already or tracks it; returns the lines added.
    pub fn exclude(&self, file: &Path) -> Result<Vec<String>, InstallError> {
        let relative = self.work_tree().and_then(|top| file.strip_prefix(top).ok());
        let Some(relative) = relative.and_then(Path::to_str) else { return Ok(Vec::new()) };
        if self.is_tracked(file) || self.is_ignored(file) {
            return Ok(Vec::new());
        }
        let line = format!("/{relative}");
        let path = self.exclude_file();
        let mut text = fs::read_to_string(&path).unwrap_or_default();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&line);
        text.push('\n');
        write(&path, &text)?;
        Ok(vec![line])
    }

    /// Takes lines out of `info/exclude` again, each once.
    pub fn include_again(&self, lines: &[String]) -> Result<(), InstallError> {
        let path = self.exclude_file();
        let Ok(text) = fs::read_to_string(&path) else { return Ok(()) };
        let mut rest = lines.to_vec();
        let kept = text.split_inclusive('\n').filter(|line| {
            let place = rest.iter().position(|known| known == line.trim_end_matches('\n'));
            place.map(|place| rest.swap_remove(place)).is_none()
        });
        let kept = kept.collect::<String>();
        if kept == text { Ok(()) } else { write(&path, &kept) }
    }

    fn exclude_file(&self) -> PathBuf {
        self.common_dir().join("info").join("exclude")
    }
}

fn write(path: &Path, text: &str) -> Result<(), InstallError> {
    let failed = |source| InstallError::Write { path: path.to_path_buf(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}
