//! The only way to stdout and stderr: output through a pager as Git does it, warnings, and a line of progress.
#![expect(clippy::disallowed_types, reason = "the one place that starts the pager")]

use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

mod programs;

/// The width where no terminal tells another.
const DEFAULT_WIDTH: usize = 80;

/// Nobody is told of progress before this.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often a plain line says that something is still waited for.
const PLAIN_EVERY: Duration = Duration::from_secs(20);

/// What turns in front of the line of progress.
const SPOKES: [char; 4] = ['|', '/', '-', '\\'];

/// How often the line of progress changes.
const TICK: Duration = Duration::from_millis(200);

/// What standard output and standard error are connected to.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    interactive: bool,
    shows_progress: bool,
    width: usize,
    colour: bool,
}

impl Terminal {
    /// Looks at standard output, standard error and `NO_COLOR`.
    #[expect(clippy::disallowed_methods, reason = "the terminal's own variables")]
    pub fn detect() -> Self {
        let interactive = io::stdout().is_terminal();
        let width = terminal_size::terminal_size_of(io::stdout())
            .map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0).max(1));
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            interactive,
            shows_progress: io::stderr().is_terminal(),
            width,
            colour: interactive && !is_set("NO_COLOR") && !is_dumb,
        }
    }

    /// Says whether standard output is a terminal, so that a pager is worth asking for.
    pub fn is_interactive(&self) -> bool {
        self.interactive
    }

    /// Returns how many columns fit.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Says whether colour may be used on standard output.
    pub fn colour(&self) -> bool {
        self.colour
    }

    /// Runs a function that writes to standard output, through a pager if one is named and a person looks.
    ///
    /// A closed pipe is not an error: whoever reads has seen enough.
    pub fn print(
        &self,
        pager: Option<&str>,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut output = self.output(pager);
        let written = write(&mut output).and_then(|()| output.flush());
        output.finish();
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }

    fn output(&self, pager: Option<&str>) -> Output {
        let wanted = pager.filter(|pager| self.interactive && !matches!(pager.trim(), "" | "cat"));
        match wanted.and_then(start_pager) {
            Some((child, input)) => Output::Pager(child, BufWriter::new(input)),
            None => Output::Direct(BufWriter::new(io::stdout())),
        }
    }

    /// Prints a line on standard error, as `warning: ...`.
    pub fn warning(&self, text: &str) {
        self.line("warning", text);
    }

    /// Prints a line on standard error, as `error: ...`.
    pub fn error(&self, text: &str) {
        self.line("error", text);
    }

    /// Prints a line on standard error, as `hint: ...`.
    pub fn hint(&self, text: &str) {
        self.line("hint", text);
    }

    /// Prints a line on standard error, as it is.
    pub fn note(&self, text: &str) {
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// Prints a line on standard error, as `KIND: ...`.
    pub fn line(&self, kind: &str, text: &str) {
        let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
        // Where standard error is closed nobody can be told.
        let _ = writeln!(io::stderr(), "{kind}: {text}");
    }

    /// Shows how far a count has come, from one second on and only to a person; ends when dropped.
    pub fn progress(&self, label: &'static str, count: Arc<AtomicU64>) -> Progress {
        if !self.shows_progress {
            return Progress { running: None };
        }
        let (stop, stopped) = channel::<()>();
        let thread = std::thread::spawn(move || {
            let mut pause = PATIENCE;
            let mut shown = false;
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(pause) {
                let line = format!("\r{label}: {}", count.load(Ordering::Relaxed));
                shown |= io::stderr().write_all(line.as_bytes()).is_ok();
                pause = TICK;
            }
            if shown {
                // To the first column, and erase what stands there.
                let _ = io::stderr().write_all(b"\r\x1b[K");
            }
        });
        Progress { running: Some((stop, thread)) }
    }
}

impl Terminal {
    /// Shows what is waited for, until what this returns is dropped: a line that moves to a person, below the text that
    /// has come so far, and a plain line now and then where nobody looks.
    pub fn waiting(
        &self,
        line: impl Fn() -> String + Send + 'static,
        text: impl Fn() -> String + Send + 'static,
    ) -> Progress {
        let (stop, stopped) = channel::<()>();
        let moves = self.shows_progress;
        let width = terminal_size::terminal_size_of(io::stderr())
            .map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0).max(1));
        let thread = std::thread::spawn(move || {
            let mut pause = if moves { PATIENCE } else { PLAIN_EVERY };
            let mut turn = 0;
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(pause) {
                let come = if moves { above(&text()) } else { String::new() };
                let text = line();
                let text: String = text.chars().filter(|c| !c.is_control()).collect();
                let shown = if moves {
                    turn += 1;
                    let spoke = SPOKES[turn % SPOKES.len()];
                    let text: String = text.chars().take(width.saturating_sub(3)).collect();
                    format!("\r{come}{spoke} {text}\x1b[K")
                } else {
                    format!("{text}\n")
                };
                let _ = io::stderr().write_all(shown.as_bytes());
                pause = if moves { TICK } else { PLAIN_EVERY };
            }
            if turn > 0 {
                let _ = io::stderr().write_all(b"\r\x1b[K");
            }
        });
        Progress { running: Some((stop, thread)) }
    }
}

/// Returns lines that are to stand above the line of progress, and take its place.
fn above(text: &str) -> String {
    let clean = |line: &str| line.chars().filter(|c| !c.is_control()).collect::<String>();
    text.lines().map(|line| clean(line) + "\x1b[K\r\n").collect()
}

/// A line of progress; it is erased when this is dropped.
#[must_use]
pub struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            // A line of progress that failed is nobody's concern.
            let _ = thread.join();
        }
    }
}

enum Output {
    Direct(BufWriter<io::Stdout>),
    Pager(Child, BufWriter<ChildStdin>),
}

impl Output {
    /// Lets the pager see the end, and waits until the person has.
    fn finish(self) {
        if let Self::Pager(mut child, input) = self {
            // What it does not take any more, it does not want.
            drop(input.into_parts());
            let _ = child.wait();
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Direct(out) => out.write(bytes),
            Self::Pager(_, out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Direct(out) => out.flush(),
            Self::Pager(_, out) => out.flush(),
        }
    }
}

/// Starts a pager in a shell, as Git does; `None` where that fails, and then output goes on without it.
fn start_pager(pager: &str) -> Option<(Child, ChildStdin)> {
    // Git's own defaults, which hold only where the user has set nothing.
    let script = format!("LESS=${{LESS-FRX}} LV=${{LV--c}}; export LESS LV; {pager}");
    let mut child = Command::new("sh").args(["-c", &script]).stdin(Stdio::piped()).spawn().ok()?;
    let input = child.stdin.take()?;
    Some((child, input))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: Terminal =
        Terminal { interactive: true, shows_progress: false, width: 80, colour: true };

    /// A folder of its own for a test, gone afterwards.
    struct Folder(std::path::PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let name = format!("git-model-terminal-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(name);
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn file(&self) -> std::path::PathBuf {
            self.0.join("seen")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_pager_has_seen_everything_when_print_returns() {
        let folder = Folder::new("pager");
        let file = folder.file();
        let pager = format!("sleep 0.1; cat > '{}'", file.display());
        PERSON.print(Some(&pager), |out| write!(out, "one\ntwo\n")).unwrap();
        assert_eq!(std::fs::read_to_string(file).unwrap(), "one\ntwo\n");
    }

    #[test]
    fn a_pager_is_started_only_for_a_person_and_where_one_is_named() {
        let folder = Folder::new("no-pager");
        let pager = format!("cat > '{}'", folder.file().display());
        let nobody = Terminal { interactive: false, ..PERSON };
        nobody.print(Some(&pager), |_| Ok(())).unwrap();
        assert!(!folder.file().exists());
        for pager in [None, Some(""), Some(" "), Some("cat"), Some(" cat ")] {
            assert!(matches!(PERSON.output(pager), Output::Direct(_)), "{pager:?}");
        }
        PERSON.print(Some(&pager), |_| Ok(())).unwrap();
        assert!(folder.file().exists());
    }

    #[test]
    fn a_pager_that_is_closed_early_is_no_error_and_another_failure_is_one() {
        let long = vec![b'x'; 1 << 20];
        PERSON.print(Some("true"), |out| out.write_all(&long)).unwrap();
        let failed = PERSON.print(None, |_| Err(io::ErrorKind::PermissionDenied.into()));
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        PERSON.print(None, |_| Err(io::ErrorKind::BrokenPipe.into())).unwrap();
    }

    #[test]
    fn progress_is_for_persons_and_ends_when_dropped() {
        let count = Arc::new(AtomicU64::new(0));
        assert!(PERSON.progress("Reading", Arc::clone(&count)).running.is_none());
        let watched = Terminal { shows_progress: true, ..PERSON };
        let progress = watched.progress("Reading", Arc::clone(&count));
        assert!(progress.running.is_some());
        drop(progress);
        // Its thread is gone with it.
        assert_eq!(Arc::strong_count(&count), 1);
    }
}
