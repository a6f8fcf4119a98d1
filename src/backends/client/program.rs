//! Running an agent's program to its end, or to the end of its time.
#![expect(
    clippy::disallowed_types,
    reason = "the one place that starts a program other than `git`"
)]

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::{Deadline, TICK};
use crate::backends::backend::Failure;
use crate::backends::watch::Watch;
use crate::os;

/// The most that is kept of what a program prints on standard output; one that prints more is ended.
const OUTPUT_LIMIT: usize = 16 << 20;

/// The most that is kept of what it prints on standard error; the rest is read and left.
const ERRORS_LIMIT: usize = 64 << 10;

/// How long a program that is told to end may take for it.
const GRACE: Duration = Duration::from_secs(1);

/// What gets each line of standard output as it comes, and says whether it is kept.
pub type Ear = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// A program to run.
#[derive(Clone, Default)]
pub struct Command {
    /// The program, with its whole path.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// What it reads on standard input.
    pub stdin: Vec<u8>,
    /// Where it runs.
    pub folder: PathBuf,
    /// Variables that it does not get.
    pub environment_remove: Vec<String>,
    /// Variables that it gets.
    pub environment_add: Vec<(String, String)>,
    /// What gets the lines that it prints; without one all of them are kept.
    pub hear: Option<Ear>,
}

/// What a program did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// What it printed on standard output.
    pub stdout: Vec<u8>,
    /// The beginning of what it printed on standard error.
    pub stderr: Vec<u8>,
    /// How it ended; `None` where a signal ended it.
    pub code: Option<i32>,
}

/// Runs a program. It and all that it started are gone when this returns, whatever happened.
pub fn run(command: &Command, seconds: u64, watch: &Watch) -> Result<Finished, Failure> {
    let deadline = Deadline::after(seconds);
    deadline.check(watch)?;
    let mut running = Running::start(command)?;
    running.watch(deadline, watch)
}

/// A program that runs, in a group of its own.
struct Running {
    child: Child,
    stdout: Receiver<Option<Vec<u8>>>,
    stderr: Receiver<Option<Vec<u8>>>,
}

impl Running {
    fn start(command: &Command) -> Result<Self, Failure> {
        let mut started = process::Command::new(&command.program);
        started
            .args(&command.args)
            .current_dir(&command.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in &command.environment_remove {
            started.env_remove(name);
        }
        started.envs(command.environment_add.iter().map(|(name, value)| (name, value)));
        os::in_own_group(&mut started);
        let mut child = started.spawn().map_err(|error| Failure::NotThere {
            what: command.program.display().to_string(),
            problem: error.to_string(),
        })?;
        if let Some(mut stdin) = child.stdin.take() {
            let input = command.stdin.clone();
            // A program that does not read all of it has closed it, which is its right.
            std::thread::spawn(move || stdin.write_all(&input));
        }
        let stdout = child
            .stdout
            .take()
            .map_or_else(nothing, |out| collect_lines(out, command.hear.clone()));
        let stderr = child.stderr.take().map_or_else(nothing, collect_beginning);
        Ok(Self { child, stdout, stderr })
    }

    /// Waits until it closed its output and ended.
    fn watch(&mut self, deadline: Deadline, watch: &Watch) -> Result<Finished, Failure> {
        let stdout = loop {
            match self.stdout.recv_timeout(TICK) {
                Ok(Some(bytes)) => break bytes,
                Ok(None) => {
                    let problem = format!("it is larger than {} MiB", OUTPUT_LIMIT >> 20);
                    return Err(Failure::BadReply { problem });
                }
                Err(RecvTimeoutError::Disconnected) => break Vec::new(),
                Err(RecvTimeoutError::Timeout) => deadline.check(watch)?,
            }
            // What it started in the background may keep the output open for ever.
            if self.has_ended() {
                match self.stdout.recv_timeout(GRACE) {
                    Ok(Some(bytes)) => break bytes,
                    _ => self.end_group(),
                }
            }
        };
        while !self.has_ended() {
            deadline.check(watch)?;
            std::thread::sleep(TICK);
        }
        let stderr = self.stderr.recv_timeout(GRACE).ok().flatten().unwrap_or_default();
        let code = self.child.wait().ok().and_then(|status| status.code());
        Ok(Finished { stdout, stderr, code })
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it and all that it started.
    fn end_group(&mut self) {
        os::end_group(self.child.id(), os::Firmness::Asked);
        let mut waited = Duration::ZERO;
        while !self.has_ended() && waited < GRACE {
            std::thread::sleep(TICK);
            waited += TICK;
        }
        os::end_group(self.child.id(), os::Firmness::Forced);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end_group();
    }
}

fn nothing() -> Receiver<Option<Vec<u8>>> {
    channel().1
}

/// Reads a stream to its end in a thread of its own, and keeps the beginning.
fn collect_beginning(mut stream: impl Read + Send + 'static) -> Receiver<Option<Vec<u8>>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut piece = vec![0; 64 << 10];
        while let Ok(length @ 1..) = stream.read(&mut piece) {
            let room = ERRORS_LIMIT - bytes.len();
            bytes.extend_from_slice(&piece[..length.min(room)]);
        }
        let _ = sender.send(Some(bytes));
    });
    receiver
}

/// Reads a stream to its end in a thread of its own, line by line, and keeps what is to be kept; `None` comes where that
/// is more than is allowed.
fn collect_lines(
    stream: impl Read + Send + 'static,
    hear: Option<Ear>,
) -> Receiver<Option<Vec<u8>>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut stream = BufReader::with_capacity(64 << 10, stream);
        let mut kept = Vec::new();
        loop {
            let begin = kept.len();
            // One byte more than is allowed, so that the end of what is allowed is told from the end of all.
            let room = (OUTPUT_LIMIT - begin) as u64 + 1;
            let read = stream.by_ref().take(room).read_until(b'\n', &mut kept);
            if !matches!(read, Ok(1..)) {
                break;
            }
            if kept.len() > OUTPUT_LIMIT {
                let _ = sender.send(None);
                return;
            }
            // What is not UTF-8 is kept, so that it is not overlooked.
            if let (Some(hear), Ok(line)) = (&hear, std::str::from_utf8(&kept[begin..]))
                && !hear(line.trim_end())
            {
                kept.truncate(begin);
            }
        }
        let _ = sender.send(Some(kept));
    });
    receiver
}

/// Runs a program at the terminal until the person leaves it; returns its exit code, `None` where a signal ended it.
///
/// It stands in front, with our own input and output: Ctrl-C is for it alone.
pub fn run_at_terminal(
    program: &Path,
    args: &[String],
    folder: &Path,
) -> std::io::Result<Option<i32>> {
    let (stop, idle) = (Arc::default(), Arc::default());
    // Where signals cannot be caught, Ctrl-C ends both.
    let _ = os::on_interrupt(&stop, &idle);
    let status = process::Command::new(program).args(args).current_dir(folder).status();
    idle.store(true, Ordering::SeqCst);
    Ok(status?.code())
}
