//! Programs of the user's that are started at the terminal: the editor, and the one that holds the clipboard.
#![expect(clippy::disallowed_types, reason = "the place that starts the user's own programs")]

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::terminal::Terminal;

/// Programs that take what becomes the clipboard's content on standard input, with their arguments.
const CLIPBOARDS: [(&str, &[&str]); 5] = [
    ("wl-copy", &[]),
    ("xclip", &["-selection", "clipboard"]),
    ("xsel", &["--clipboard", "--input"]),
    ("pbcopy", &[]),
    ("clip.exe", &[]),
];

impl Terminal {
    /// Says whether somebody can be asked: standard input and standard error are a terminal.
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a question that `y` answers with yes, and anything else with no.
    pub fn ask(&self, question: &str) -> bool {
        let question: String = question.chars().filter(|c| !c.is_control()).collect();
        let _ = write!(io::stderr(), "{question} [y/N] ").and_then(|()| io::stderr().flush());
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer);
        read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
    }

    /// Opens a file in an editor, which a shell starts as Git does; says whether it ended well.
    pub fn edit(&self, editor: &str, file: &Path) -> io::Result<bool> {
        let script = format!("{editor} \"$@\"");
        Ok(Command::new("sh").args(["-c", &script, "editor"]).arg(file).status()?.success())
    }

    /// Puts a text into the clipboard and returns the program that took it; `None` where there is none.
    pub fn copy(&self, text: &str) -> Option<&'static str> {
        CLIPBOARDS.iter().find_map(|(program, arguments)| {
            let mut child = Command::new(program)
                .args(*arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .ok()?;
            let written = child.stdin.take()?.write_all(text.as_bytes());
            let ended = child.wait();
            (written.is_ok() && ended.is_ok_and(|status| status.success())).then_some(*program)
        })
    }
}
