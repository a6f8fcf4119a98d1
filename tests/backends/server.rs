//! A server on this machine that answers as it was told, and remembers what it was asked.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// What the server does with one request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Sends a recorded reply: the head as it is, a blank line, the body.
    Reply(Vec<u8>),
    /// Sends a recorded reply, a few bytes at a time.
    InPieces(Vec<u8>),
    /// Promises a body and sends only its beginning.
    Cut,
    /// Closes without a word.
    Close,
    /// Sends the head, then a letter now and then, for ever.
    Drip,
    /// Takes the request and says nothing.
    Silence,
    /// Sends a body without an end.
    Flood,
    /// Sends what is no HTTP.
    Babble,
}

/// One request, as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    /// Returns its first line, and its headers but for those that the library sets, in order.
    pub(crate) fn told(&self) -> String {
        let mut lines = self.head.lines();
        let first = lines.next().unwrap_or_default().to_owned();
        let mut headers: Vec<_> = lines
            .filter(|line| !line.starts_with("content-length:"))
            .map(|line| match line.split_once(": ") {
                Some(("host", _)) => "host: <server>".to_owned(),
                Some(("user-agent", value)) => {
                    let name = value.split('/').next().unwrap_or_default();
                    format!("user-agent: {name}/<version>")
                }
                _ => line.to_owned(),
            })
            .collect();
        headers.sort();
        [vec![first], headers].concat().join("\n")
    }
}

/// The server; it ends with the test.
pub(crate) struct Server {
    pub(crate) url: String,
    seen: Receiver<Seen>,
}

impl Server {
    /// Starts it with what it does with each request; after the last it closes without a word.
    pub(crate) fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of this machine");
        let url = format!("http://{}", listener.local_addr().expect("a port"));
        let (sender, seen) = channel();
        std::thread::spawn(move || {
            let mut acts = acts.into_iter();
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                // One connection may bring several requests.
                while let Some(request) = read(&mut stream) {
                    if sender.send(request).is_err() {
                        return;
                    }
                    if !act(&mut stream, acts.next().unwrap_or(Act::Close)) {
                        break;
                    }
                }
            }
        });
        Self { url, seen }
    }

    /// Returns what came so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.try_iter().collect()
    }
}

fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        match stream.read(&mut piece) {
            Ok(length @ 1..) => bytes.extend_from_slice(&piece[..length]),
            _ => return None,
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).replace("\r\n", "\n");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.and_then(|length| length.parse::<usize>().ok()).unwrap_or(0);
    let mut body = bytes.split_off(head_end + 4);
    while body.len() < length {
        match stream.read(&mut piece) {
            Ok(length @ 1..) => body.extend_from_slice(&piece[..length]),
            _ => return None,
        }
    }
    Some(Seen { head, body })
}

/// Does it; says whether the connection can be used again.
fn act(stream: &mut TcpStream, act: Act) -> bool {
    let head = |length: usize| {
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    match act {
        Act::Reply(recorded) => stream.write_all(&reply(&recorded)).is_ok(),
        Act::InPieces(recorded) => {
            let _ = stream.set_nodelay(true);
            reply(&recorded).chunks(7).all(|piece| stream.write_all(piece).is_ok())
        }
        Act::Cut => {
            let _ = stream.write_all(format!("{}{{\"id\":", head(1000)).as_bytes());
            false
        }
        Act::Close => false,
        Act::Drip => {
            let _ = stream.write_all(head(1_000_000).as_bytes());
            while stream.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
            false
        }
        Act::Silence => {
            // Until the other side gives up.
            while let Ok(1..) = stream.read(&mut [0; 64]) {}
            false
        }
        Act::Flood => {
            let _ = stream.write_all(head(1 << 40).as_bytes());
            let piece = vec![b' '; 1 << 16];
            while stream.write_all(&piece).is_ok() {}
            false
        }
        Act::Babble => {
            let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n");
            false
        }
    }
}

/// Makes a reply of a recorded one: the head as it is, and the length of the body.
fn reply(recorded: &[u8]) -> Vec<u8> {
    let at = recorded.windows(2).position(|window| window == b"\n\n");
    let (top, body) = recorded.split_at(at.expect("a blank line ends the head"));
    let body = &body[2..];
    let top = String::from_utf8_lossy(top).replace('\n', "\r\n");
    [format!("{top}\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}
