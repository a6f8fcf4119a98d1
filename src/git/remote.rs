//! Other repositories: what references they have, and records fetched from them and pushed to them.
//!
//! `git` itself speaks to them, so that each address, credential and setting means here what it means to it. No
//! reference but the named ones is touched, whatever the configuration of the remote says.
#![expect(
    clippy::disallowed_types,
    reason = "git/ is the only room that knows git2 and starts `git`"
)]

use std::io::{Read, Write as _};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::git::process::git_command;
use crate::git::repo::Repo;
use crate::git::{Error, environment};
use crate::provenance::CommitId;

/// The most that is read of a list of references, in bytes: some 100,000 of them.
const LIST_LIMIT: u64 = 16 << 20;

/// The most that is kept of complaints, in bytes.
const COMPLAINT_LIMIT: u64 = 64 << 10;

/// The longest reason that is shown.
const LONGEST_REASON: usize = 300;

/// How often a running command is looked at where time is limited.
const LOOK: Duration = Duration::from_millis(10);

/// Another repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Its name, or its address where it has none here.
    pub name: String,
    /// What stands for it in names of references.
    pub key: String,
    /// How long one command may take; `None` for as long as it takes.
    pub patience: Option<Duration>,
}

/// What became of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pushed {
    /// The reference is there now.
    Done,
    /// Somebody else moved the reference first.
    Raced,
    /// The remote does not take it; its own words.
    Refused(String),
}

/// Why another repository could not be used.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// It cannot be read.
    #[error("cannot read from `{remote}`: {reason}")]
    Read {
        /// The remote.
        remote: String,
        /// Git's own words.
        reason: String,
    },
    /// It cannot be written to, whatever is pushed.
    #[error("cannot push to `{remote}`: {reason}")]
    Write {
        /// The remote.
        remote: String,
        /// Git's own words.
        reason: String,
    },
    /// It does not take this reference.
    #[error("`{remote}` does not take {reference}: {reason}")]
    Refused {
        /// The remote.
        remote: String,
        /// The reference.
        reference: String,
        /// Its own words.
        reason: String,
    },
    /// It does not answer in time.
    #[error("`{remote}` does not answer within {seconds} seconds")]
    Slow {
        /// The remote.
        remote: String,
        /// How long was waited.
        seconds: u64,
    },
    /// It has more references than anybody would make.
    #[error("`{remote}` lists more references than can be read")]
    TooMany {
        /// The remote.
        remote: String,
    },
    /// Others kept moving the reference.
    #[error("others keep pushing {reference} to `{remote}`: {tries} tries were not enough")]
    Busy {
        /// The remote.
        remote: String,
        /// The reference.
        reference: String,
        /// How often it was tried.
        tries: u32,
    },
}

/// What a command printed.
struct Said {
    is_success: bool,
    output: Vec<u8>,
    complaint: String,
}

enum Ended {
    With(Said),
    TooLong,
    TooMuch,
}

impl Repo {
    /// Lists the names of the remotes.
    pub fn remotes(&self) -> Result<Vec<String>, Error> {
        let failed = |source: git2::Error| Error::Configuration { source: source.into() };
        let names = self.inner.remotes().map_err(failed)?;
        let names = names.iter().filter_map(|name| name.ok().flatten().map(str::to_owned));
        Ok(names.collect())
    }

    /// Returns the remote that Git would push the present branch to; `None` where there are several and none is chosen.
    pub fn default_remote(&self) -> Result<Option<String>, Error> {
        let names = self.remotes()?;
        let is_there = |name: &String| names.contains(name);
        if let Some(branch) = self.head()?.branch {
            for key in [format!("branch.{branch}.pushRemote"), "remote.pushDefault".to_owned()] {
                if let Some(name) = self.setting(&key)?.filter(is_there) {
                    return Ok(Some(name));
                }
            }
            let key = format!("branch.{branch}.remote");
            if let Some(name) = self.setting(&key)?.filter(is_there) {
                return Ok(Some(name));
            }
        }
        let origin = "origin".to_owned();
        Ok(match names.as_slice() {
            [only] => Some(only.clone()),
            names => names.contains(&origin).then_some(origin),
        })
    }

    /// Names a remote, or another repository by its address.
    pub fn remote(&self, name: &str) -> Result<Remote, Error> {
        let is_key = git2::Reference::is_valid_name(&format!("refs/notes/x/{name}"));
        let key = if is_key && self.remotes()?.iter().any(|known| known == name) {
            name.to_owned()
        } else {
            format!("at-{:016x}", xxhash_rust::xxh3::xxh3_64(name.as_bytes()))
        };
        Ok(Remote { name: name.to_owned(), key, patience: None })
    }
}

impl Remote {
    /// Lists those of its references that begin with one of the prefixes, or are one.
    pub fn list(&self, wanted: &[&str]) -> Result<Vec<(String, CommitId)>, RemoteError> {
        let mut arguments = vec!["ls-remote", "-q", "--refs", "--", self.name.as_str()];
        let patterns = wanted.iter().map(|name| pattern(name)).collect::<Vec<_>>();
        arguments.extend(patterns.iter().map(String::as_str));
        let said = self.run(&arguments, "")?;
        if !said.is_success {
            return Err(self.unreadable(&said));
        }
        let text = String::from_utf8_lossy(&said.output);
        let mut found = Vec::new();
        for line in text.lines() {
            let Some((id, name)) = line.split_once('\t') else { continue };
            // Git compares the ends of names, so that `refs/heads/refs/notes/model` comes along.
            let is_wanted = wanted.iter().any(|wanted| match wanted.strip_suffix('/') {
                Some(_) => name.starts_with(wanted),
                None => name == *wanted,
            });
            if let (true, Ok(id)) = (is_wanted, id.parse()) {
                found.push((name.to_owned(), id));
            }
        }
        Ok(found)
    }

    /// Fetches references, each to another name here, or only their objects.
    ///
    /// What a partial clone would leave out is fetched too: records are read by a library that fetches nothing.
    pub fn fetch(&self, references: &[(String, Option<String>)]) -> Result<(), RemoteError> {
        let refspec = |(from, to): &(String, Option<String>)| match to {
            Some(to) => format!("+{from}:{to}\n"),
            None => format!("{from}\n"),
        };
        let refspecs = references.iter().map(refspec).collect::<String>();
        let said = self.run(
            &[
                "fetch",
                "-q",
                "--no-tags",
                "--no-prune",
                "--no-filter",
                "--no-auto-gc",
                "--no-recurse-submodules",
                "--no-write-fetch-head",
                // A refspec such as `+refs/notes/*:refs/notes/*` in the configuration would write over our records.
                "--refmap=",
                "--stdin",
                "--",
                &self.name,
            ],
            &refspecs,
        )?;
        if said.is_success { Ok(()) } else { Err(self.unreadable(&said)) }
    }

    /// Pushes commits to references, never by force; tells of each what became of it.
    ///
    /// Hooks of this repository are not run: they are about the project's commits, and one of them may have called us.
    pub fn push(&self, wanted: &[(CommitId, &str)]) -> Result<Vec<Pushed>, RemoteError> {
        let refspec = |(commit, name): &(CommitId, &str)| format!("{commit}:{name}");
        let refspecs = wanted.iter().map(refspec).collect::<Vec<_>>();
        let mut arguments = vec!["push", "--porcelain", "--no-verify", "--no-follow-tags"];
        arguments.extend(["--recurse-submodules=no", "--", &self.name]);
        arguments.extend(refspecs.iter().map(String::as_str));
        let said = self.run(&arguments, "")?;
        let text = String::from_utf8_lossy(&said.output).into_owned();
        let rejected = text.lines().filter(|line| line.starts_with("!\t")).collect::<Vec<_>>();
        if !said.is_success && rejected.is_empty() {
            let reason = reason(&said.complaint);
            return Err(RemoteError::Write { remote: self.name.clone(), reason });
        }
        let fate = |refspec: &String| {
            let is_it = |line: &&&str| line.split('\t').nth(1) == Some(refspec);
            match rejected.iter().find(is_it) {
                None => Pushed::Done,
                Some(line) if is_race(line) => Pushed::Raced,
                Some(line) => Pushed::Refused(refusal(line, &said.complaint)),
            }
        };
        Ok(refspecs.iter().map(fate).collect())
    }

    fn unreadable(&self, said: &Said) -> RemoteError {
        RemoteError::Read { remote: self.name.clone(), reason: reason(&said.complaint) }
    }

    fn run(&self, arguments: &[&str], input: &str) -> Result<Said, RemoteError> {
        let failed = |error: std::io::Error| RemoteError::Read {
            remote: self.name.clone(),
            reason: format!("git does not start: {error}"),
        };
        let mut command = git_command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("LC_ALL", "C");
        let mut child = command.spawn().map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            // Git that has ended already says why on its own.
            let _ = stdin.write_all(input.as_bytes());
        }
        match wait(child, self.patience).map_err(failed)? {
            Ended::With(said) => Ok(said),
            Ended::TooMuch => Err(RemoteError::TooMany { remote: self.name.clone() }),
            Ended::TooLong => Err(RemoteError::Slow {
                remote: self.name.clone(),
                seconds: self.patience.unwrap_or_default().as_secs(),
            }),
        }
    }
}

/// Returns the pattern by which `git ls-remote` finds a reference or all of a folder.
fn pattern(wanted: &str) -> String {
    if wanted.ends_with('/') { format!("{wanted}*") } else { wanted.to_owned() }
}

fn wait(mut child: Child, patience: Option<Duration>) -> std::io::Result<Ended> {
    let mut output = child.stdout.take().map(|pipe| pipe.take(LIST_LIMIT + 1));
    let mut complaint = child.stderr.take();
    let output = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.as_mut().map_or(Ok(0), |pipe| pipe.read_to_end(&mut bytes));
        read.map(|_| bytes)
    });
    let complaint = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let Some(pipe) = complaint.as_mut() else { return bytes };
        // What is beyond the limit is read and forgotten, so that Git is not stopped by a full pipe.
        let _ = pipe.take(COMPLAINT_LIMIT).read_to_end(&mut bytes);
        let _ = std::io::copy(pipe, &mut std::io::sink());
        bytes
    });
    if let Some(patience) = patience {
        let mut waited = Duration::ZERO;
        while child.try_wait()?.is_none() {
            if waited > patience {
                child.kill()?;
                child.wait()?;
                return Ok(Ended::TooLong);
            }
            std::thread::sleep(LOOK);
            waited += LOOK;
        }
    }
    let output = output.join().unwrap_or_else(|_| Ok(Vec::new()))?;
    if output.len() as u64 > LIST_LIMIT {
        child.kill()?;
        child.wait()?;
        return Ok(Ended::TooMuch);
    }
    let status = child.wait()?;
    let complaint = complaint.join().unwrap_or_default();
    let complaint = String::from_utf8_lossy(&complaint).into_owned();
    Ok(Ended::With(Said { is_success: status.success(), output, complaint }))
}

/// Says whether a rejected push only came too late.
fn is_race(line: &str) -> bool {
    const RACES: [&str; 8] = [
        "fetch first",
        "non-fast-forward",
        "stale info",
        "failed to update ref",
        "cannot lock ref",
        "incorrect old value",
        "already exists",
        "failed to lock",
    ];
    RACES.iter().any(|race| line.contains(race))
}

/// Returns the remote's words: in brackets after the reference, and what its hooks printed.
fn refusal(line: &str, complaint: &str) -> String {
    let summary = line.rsplit('\t').next().unwrap_or_default();
    let inner = summary.split_once('(').map_or(summary, |(_, inner)| inner.trim_end_matches(')'));
    let told = complaint.lines().filter_map(|line| line.strip_prefix("remote: "));
    let told = told.map(str::trim).filter(|line| !line.is_empty() && !line.contains(inner));
    shortened(std::iter::once(inner).chain(told))
}

/// Returns what Git complained of, without its advice, in one line.
fn reason(complaint: &str) -> String {
    const ADVICE: [&str; 3] =
        ["Please make sure you have the correct access", "and the repository exists.", "hint: "];
    let is_advice = |line: &str| ADVICE.iter().any(|advice| line.starts_with(advice));
    let lines = complaint.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !is_advice(line));
    let lines = lines.map(|line| {
        ["fatal: ", "error: ", "remote: "]
            .iter()
            .fold(line, |line, prefix| line.strip_prefix(prefix).unwrap_or(line))
    });
    let text = shortened(lines);
    if text.is_empty() { "it did not say why".to_owned() } else { text }
}

fn shortened<'t>(lines: impl Iterator<Item = &'t str>) -> String {
    let text = lines.take(4).collect::<Vec<_>>().join("; ");
    text.chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect()
}

impl Repo {
    /// Says whether Git signs the commits that it makes (`commit.gpgSign`).
    pub fn signs_commits(&self) -> Result<bool, Error> {
        Ok(self.setting_bool("commit.gpgSign")?.unwrap_or(false))
    }

    /// Says whether a commit is signed.
    pub fn is_signed(&self, commit: CommitId) -> bool {
        self.inner.extract_signature(&crate::git::repo::oid(commit), None).is_ok()
    }

    /// Makes a signed commit of a tree, as the user's configuration says; no reference is moved.
    pub fn signed_commit(
        &self,
        parent: CommitId,
        tree: CommitId,
        message: &str,
    ) -> Result<CommitId, Error> {
        let (tree, parent) = (tree.to_string(), parent.to_string());
        let mut command = git_command(&["commit-tree", "-S", "-p", &parent, "-m", message, &tree]);
        let signature = self.signature()?;
        let (name, mail) =
            (signature.name().unwrap_or_default(), signature.email().unwrap_or_default());
        let (author, address) = environment::author();
        // Who works here signs, also where Git would not know a name for them.
        command.env("GIT_COMMITTER_NAME", name).env("GIT_COMMITTER_EMAIL", mail);
        command.env("GIT_AUTHOR_NAME", author.as_deref().unwrap_or(name));
        command.env("GIT_AUTHOR_EMAIL", address.as_deref().unwrap_or(mail));
        let failed = |reason: String| Error::Sign { reason };
        let output = command.output().map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            return Err(failed(reason(&String::from_utf8_lossy(&output.stderr))));
        }
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        said.parse().map_err(|_| failed("git printed something unknown".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_too_late_is_told_from_who_is_refused() {
        let line = |reason: &str| format!("!\t1234:refs/notes/model\t[rejected] ({reason})");
        for late in ["fetch first", "non-fast-forward", "cannot lock ref 'refs/notes/model'"] {
            assert!(is_race(&line(late)), "{late}");
        }
        assert!(!is_race(&line("pre-receive hook declined")));
        let told = "remote: no notes here        \nremote: pre-receive hook declined\n";
        assert_eq!(
            refusal(&line("pre-receive hook declined"), told),
            "pre-receive hook declined; no notes here"
        );
    }

    #[test]
    fn a_reason_is_one_line_without_advice() {
        let said = "ssh: connect to host example.org port 22: refused\n\
                    fatal: Could not read from remote repository.\n\n\
                    Please make sure you have the correct access rights\nand the repository exists.\n";
        assert_eq!(
            reason(said),
            "ssh: connect to host example.org port 22: refused; Could not read from remote repository."
        );
    }
}
