//! To which hosts something of this repository was sent before, so that the first time is said, once.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

/// Remembers a host; says whether it was not known before.
///
/// A file that cannot be written is no reason not to ask: it is then said again.
pub fn is_first_time(common_dir: &Path, host: &str) -> bool {
    let folder = common_dir.join("model");
    let path = folder.join("hosts");
    let known = fs::read_to_string(&path).unwrap_or_default();
    if known.lines().any(|line| line == host) {
        return false;
    }
    let _ = fs::create_dir_all(&folder);
    if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(&path) {
        let _ = file.write_all(format!("{host}\n").as_bytes());
    }
    true
}
