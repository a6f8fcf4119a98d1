//! The only place that waits for a network, and the only one that starts a program other than `git`.
//!
//! No redirect is followed, no proxy of the environment is taken, no reply is read past a limit, and nothing waits
//! longer than it was told.

use std::error::Error as _;
use std::fmt;
use std::pin::pin;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::backend::Failure;
use super::watch::Watch;
use crate::clock;

mod apart;
mod program;

pub use apart::start_apart;
pub use program::{Command, Ear, Finished, run, run_at_terminal};

/// The most that is read of a reply. The longest answers that are asked for have some hundred kilobytes, and about thirty
/// times as much where they come piece by piece.
const REPLY_LIMIT: usize = 16 << 20;

/// How often somebody who waits looks whether to go on.
const TICK: Duration = Duration::from_millis(50);

/// How long a connection may take to open; a host that is not there is told before the whole time is over.
const CONNECT_LIMIT: Duration = Duration::from_secs(15);

/// An address that a request may go to: https, or this machine itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(reqwest::Url);

/// Why nothing is sent to an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It cannot be read.
    #[error("it is no address")]
    Unreadable,
    /// Others could read what is sent.
    #[error("it does not begin with https://, and is not this machine")]
    NotEncrypted,
    /// A name or a key stands in it.
    #[error("a name, a password or a query stands in it; keys have their own place")]
    HoldsSecrets,
}

impl Address {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let url = reqwest::Url::parse(text).map_err(|_| AddressError::Unreadable)?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(AddressError::Unreadable);
        }
        let has_secrets =
            !url.username().is_empty() || url.password().is_some() || url.query().is_some();
        if has_secrets || url.fragment().is_some() {
            return Err(AddressError::HoldsSecrets);
        }
        let address = Self(url);
        match address.0.scheme() {
            "https" => Ok(address),
            "http" if address.is_loopback() => Ok(address),
            "http" => Err(AddressError::NotEncrypted),
            _ => Err(AddressError::Unreadable),
        }
    }

    /// Returns the host, with the port where it is an unusual one.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Says whether both lead to one server: the same host, port and encryption.
    pub fn is_same_host(&self, other: &Self) -> bool {
        self.0.origin() == other.0.origin()
    }

    /// Says whether it is this machine itself.
    pub fn is_loopback(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        // A name below `localhost` may be answered by a name server, so only the name itself counts.
        host == "localhost"
            || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Returns the address with parts added to its path, and a query.
    #[must_use]
    pub fn below(&self, parts: &[String], query: Option<&str>) -> Self {
        let mut url = self.0.clone();
        url.set_query(query);
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        Self(url)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

/// A request to be posted. It has no `Debug`, since a key stands in it.
pub(super) struct Request<'r> {
    pub(super) address: &'r Address,
    pub(super) headers: &'r [(&'static str, String)],
    pub(super) body: &'r [u8],
}

/// A reply, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// How long the provider wants us to wait before the next try.
    pub(super) wait: Option<Duration>,
    /// What the provider says of another try.
    pub(super) should_retry: Option<bool>,
    /// It comes piece by piece.
    pub(super) is_stream: bool,
}

/// What posts requests, each over a connection of its own.
pub(super) struct Client {
    runtime: tokio::runtime::Runtime,
    inner: reqwest::Client,
}

impl Client {
    /// Makes a client for one host.
    pub(super) fn new(address: &Address, proxy: Option<&str>) -> Result<Self, Failure> {
        let not_there = |problem: String| Failure::NotThere { what: address.host(), problem };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(|error| not_there(error.to_string()))?;
        // Somebody else in this process may have set one already; one is as good as the other.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("git-model/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_LIMIT)
            // Between two questions nobody would see that the other side has closed a kept connection.
            .pool_max_idle_per_host(0)
            .no_proxy();
        if address.is_loopback() {
            // The certificates of the machine are not looked for, which fails where it has none.
            builder = builder.tls_certs_only([]);
        } else if let Some(proxy) = proxy {
            let proxy = reqwest::Proxy::all(proxy)
                .map_err(|_| not_there("http.proxy is no address".to_owned()))?;
            builder = builder.proxy(proxy);
        }
        let inner = builder.build().map_err(|error| {
            not_there(format!("the certificates of this machine: {}", innermost(&error)))
        })?;
        Ok(Self { runtime, inner })
    }

    /// Posts a request and reads the whole reply; `heard` gets the pieces of a good one that comes in pieces.
    pub(super) fn post(
        &self,
        request: &Request<'_>,
        deadline: Deadline,
        watch: &Watch,
        heard: &mut dyn FnMut(&[u8]),
    ) -> Result<Response, Failure> {
        let host = request.address.host();
        let headers = header_map(request.headers)
            .ok_or_else(|| Failure::NotAllowed { host: host.clone(), from: None })?;
        let sent =
            self.inner.post(request.address.0.clone()).headers(headers).body(request.body.to_vec());
        self.runtime.block_on(async {
            let mut exchange = pin!(exchange(sent, &host, heard));
            loop {
                if let Ok(response) = tokio::time::timeout(TICK, exchange.as_mut()).await {
                    return response;
                }
                deadline.check(watch)?;
            }
        })
    }

    /// Waits before the next try.
    pub(super) fn wait(
        &self,
        duration: Duration,
        deadline: Deadline,
        watch: &Watch,
    ) -> Result<(), Failure> {
        let end = clock::instant() + duration;
        self.runtime.block_on(async {
            while clock::instant() < end {
                tokio::time::sleep(TICK.min(end - clock::instant())).await;
                deadline.check(watch)?;
            }
            Ok(())
        })
    }
}

/// The end of the time that a question may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    end: Instant,
    seconds: u64,
}

impl Deadline {
    /// Begins now.
    pub(super) fn after(seconds: u64) -> Self {
        // A year is for ever here, and can be added to any time.
        let seconds = seconds.min(365 * 86400);
        Self { end: clock::instant() + Duration::from_secs(seconds), seconds }
    }

    /// Returns what is left.
    pub(super) fn left(self) -> Duration {
        self.end.saturating_duration_since(clock::instant())
    }

    /// Fails when the time is over, or somebody stopped it.
    pub(super) fn check(self, watch: &Watch) -> Result<(), Failure> {
        if watch.is_stopped() {
            return Err(Failure::Stopped);
        }
        if self.left().is_zero() {
            return Err(Failure::TooLate { seconds: self.seconds });
        }
        Ok(())
    }
}

async fn exchange(
    sent: reqwest::RequestBuilder,
    host: &str,
    heard: &mut dyn FnMut(&[u8]),
) -> Result<Response, Failure> {
    let mut response = sent.send().await.map_err(|error| not_there(&error, host))?;
    let headers = response.headers();
    let mut read = Response {
        status: response.status().as_u16(),
        body: Vec::new(),
        wait: wait_of(headers, clock::now()),
        should_retry: text_of(headers, "x-should-retry").map(|text| text == "true"),
        is_stream: text_of(headers, "content-type")
            .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/event-stream")),
    };
    let is_heard = read.status == 200 && read.is_stream;
    let mut length = 0;
    loop {
        let chunk = response
            .chunk()
            .await
            .map_err(|_| Failure::BadReply { problem: "the connection was cut".to_owned() })?;
        let Some(chunk) = chunk else { return Ok(read) };
        length += chunk.len();
        if length > REPLY_LIMIT {
            let problem = format!("it is larger than {} MiB", REPLY_LIMIT >> 20);
            return Err(Failure::BadReply { problem });
        }
        if is_heard {
            heard(&chunk);
        } else {
            read.body.extend_from_slice(&chunk);
        }
    }
}

/// Reads how long to wait: milliseconds, seconds, or a date.
fn wait_of(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    if let Some(text) = text_of(headers, "retry-after-ms") {
        return text.parse().ok().map(Duration::from_millis);
    }
    let text = text_of(headers, "retry-after")?;
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some((date.with_timezone(&Utc) - now).to_std().unwrap_or(Duration::ZERO))
}

fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

/// Makes headers, all of them marked as not to be shown; `None` where one cannot be sent.
fn header_map(headers: &[(&'static str, String)]) -> Option<HeaderMap> {
    let mut map = HeaderMap::new();
    map.insert("content-type", HeaderValue::from_static("application/json"));
    map.insert("accept", HeaderValue::from_static("application/json, text/event-stream"));
    for (name, value) in headers {
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        map.insert(HeaderName::from_static(name), value);
    }
    Some(map)
}

fn not_there(error: &reqwest::Error, host: &str) -> Failure {
    if error.is_connect() || error.is_timeout() {
        let problem = innermost(error);
        return Failure::NotThere { what: host.to_owned(), problem };
    }
    Failure::BadReply { problem: "the connection was cut, or it is no HTTP".to_owned() }
}

/// Returns what the innermost cause says: it holds no address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut text = None;
    while let Some(error) = cause {
        text = Some(error.to_string());
        cause = error.source();
    }
    text.unwrap_or_else(|| "no connection".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_where_others_could_read_it() {
        for good in [
            "https://api.example.com",
            "https://api.example.com:8443/v1",
            "http://127.0.0.1:11434/v1",
            "http://[::1]:8080",
            "http://localhost:1",
        ] {
            assert!(Address::parse(good).is_ok(), "{good}");
        }
        for (bad, expected) in [
            ("http://api.example.com", AddressError::NotEncrypted),
            ("http://localhost.example.com", AddressError::NotEncrypted),
            ("http://127.0.0.1.example.com", AddressError::NotEncrypted),
            ("http://0.0.0.0:1", AddressError::NotEncrypted),
            ("https://me:secret@api.example.com", AddressError::HoldsSecrets),
            ("https://api.example.com?key=secret", AddressError::HoldsSecrets),
            // Two letters of two scripts may look alike.
            ("https://\u{430}pi.example.com", AddressError::Unreadable),
            ("ftp://api.example.com", AddressError::Unreadable),
            ("file:///etc/passwd", AddressError::Unreadable),
            ("api.example.com", AddressError::Unreadable),
            ("", AddressError::Unreadable),
        ] {
            assert_eq!(Address::parse(bad), Err(expected), "{bad}");
        }
    }

    #[test]
    fn parts_of_a_path_stay_parts() {
        let base = Address::parse("https://api.example.com/v1/").unwrap();
        let below =
            base.below(&["models".to_owned(), "../x?y#z:generate".to_owned()], Some("alt=sse"));
        assert_eq!(
            below.to_string(),
            "https://api.example.com/v1/models/..%2Fx%3Fy%23z:generate?alt=sse"
        );
        assert_eq!(below.host(), "api.example.com");
    }

    #[test]
    fn a_wait_is_told_in_three_ways() {
        let now = DateTime::parse_from_rfc3339("2026-11-03T10:00:00Z").unwrap().to_utc();
        let wait = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_str(value).unwrap());
            wait_of(&headers, now)
        };
        assert_eq!(wait("retry-after", "2"), Some(Duration::from_secs(2)));
        assert_eq!(wait("retry-after-ms", "250"), Some(Duration::from_millis(250)));
        assert_eq!(
            wait("retry-after", "Tue, 03 Nov 2026 10:00:30 GMT"),
            Some(Duration::from_secs(30))
        );
        assert_eq!(wait("retry-after", "Tue, 03 Nov 2026 09:00:00 GMT"), Some(Duration::ZERO));
        for nonsense in ["soon", "-1", "NaN", "1e400"] {
            assert_eq!(wait("retry-after", nonsense), None, "{nonsense}");
        }
    }
}
