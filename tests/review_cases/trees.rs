//! The trees of all cases in one repository, and the requests that are made of them.
#![expect(clippy::disallowed_types, reason = "tests start Git themselves")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use git_model::git::Repo;
use git_model::provenance::{
    Actor, CommitId, Grade, ModelName, Origin, Phase, Plan, PlanAction, PlanEvent, PlanId,
    PlanState, Scope, title_of,
};
use git_model::review::{Boundary, Change, Demand, Dismissal, Limits, Outcome, Request};

use crate::case::{Case, Files};

/// The random word of all reviews here.
pub(crate) const BOUNDARY: &str = "0123456789abcdef0123456789abcdef";

/// A repository with a branch for each tree; removed when dropped.
pub(crate) struct Trees {
    folder: PathBuf,
    repo: Repo,
}

impl Trees {
    /// Writes the trees of all cases, in one go.
    pub(crate) fn of(cases: &[Case]) -> Self {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("git-model-review-cases-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let git = |arguments: &[&str], input: &[u8]| {
            let mut command = Command::new("git");
            command.args(arguments).current_dir(&folder).stdin(Stdio::piped());
            command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
            let mut child = command.spawn().expect("git can be started");
            child.stdin.take().expect("it reads").write_all(input).expect("it reads all");
            assert!(child.wait().expect("it ends").success(), "git {arguments:?}");
        };
        git(&["init", "-q", "--object-format=sha1"], b"");
        let mut stream = Vec::new();
        for case in cases {
            let modes = case.all("mode").filter_map(|mode| mode.rsplit_once(' '));
            let modes = modes.collect::<Vec<_>>();
            write_tree(&mut stream, &case.name, "before", &case.before, &[]);
            for (number, round) in case.rounds.iter().enumerate() {
                write_tree(&mut stream, &case.name, &number.to_string(), &round.after, &modes);
            }
        }
        git(&["fast-import", "--quiet"], &stream);
        let repo = Repo::open_for_hook(&folder).expect("it is a repository");
        Self { folder, repo }
    }

    fn tree(&self, case: &Case, name: &str) -> CommitId {
        let branch = format!("refs/heads/{}/{name}", case.name);
        let commit = self.repo.reference(&branch).expect("it can be read").expect("it is there");
        self.repo.commit(commit).expect("a commit can be read").tree
    }

    /// Makes the request of a round.
    pub(crate) fn request(&self, case: &Case, number: usize, earlier: &[Outcome]) -> Request {
        let round = &case.rounds[number];
        let base = (!case.before.is_empty()).then(|| self.tree(case, "before"));
        let tree = self.tree(case, &number.to_string());
        let mut change = Change::between(&self.repo, base, tree).expect("a change can be read");
        case.all("wrote").for_each(|wrote| name_author(&mut change, wrote));
        let model = |name: &str| ModelName::parse(name).expect("a model");
        let number = |name: &str| case.setting(name).map(|text| text.parse().expect("a number"));
        let limits = Limits::default();
        let authors = case.all("author").map(model).collect::<Vec<_>>();
        let dismissed = round.dismissed.iter().map(|[path, quote, title, why]| Dismissal {
            path: path.clone(),
            quote: quote.clone(),
            title: title.clone(),
            why: Some(why.clone()),
        });
        Request {
            change,
            plan: case.plan.as_deref().map(|text| self.plan(text, case.setting("steps"))),
            notes: case.notes.clone(),
            message: case.message.clone(),
            earlier: earlier.to_vec(),
            dismissed: dismissed.collect(),
            reviewer: model(case.setting("reviewer").unwrap_or("claude-opus-5-5")),
            by: "script".to_owned(),
            authors: if authors.is_empty() { vec![model("claude-sonnet-5-5")] } else { authors },
            demand: match case.setting("demand") {
                Some("any") => Demand::Any,
                Some("stronger") => Demand::Stronger,
                _ => Demand::NotWeaker,
            },
            limits: Limits {
                max_rounds: number("rounds").unwrap_or(limits.max_rounds),
                max_findings: number("findings").map_or(limits.max_findings, |most| most as usize),
                ..limits
            },
            may_send_secrets: case.setting("secrets") == Some("allowed"),
            boundary: Boundary::chosen(BOUNDARY),
        }
    }

    fn plan(&self, text: &str, steps: Option<&str>) -> Plan {
        let hash = self.repo.hash(text.as_bytes()).expect("a text has an id");
        let steps = steps.map(|steps| steps.parse().expect("steps"));
        let scope = steps.map_or(Scope::Whole, Scope::Part);
        let to = ModelName::parse("claude-sonnet-5-5").expect("a model");
        let actions = [
            PlanAction::Created { planner: None },
            PlanAction::Approved { scope: Scope::Whole },
            PlanAction::HandedOff { from: None, to, scope },
        ];
        let by = || Actor::Person("P".to_owned());
        let events = actions.into_iter().map(|action| PlanEvent {
            at: 0,
            by: by(),
            version: 1,
            hash,
            action,
        });
        Plan {
            id: PlanId::from_number(0x7f3a_9c1b).expect("an id"),
            title: title_of(text),
            request: None,
            state: PlanState::Implementing,
            version: 1,
            text: text.to_owned(),
            hash,
            planner: None,
            events: events.collect(),
        }
    }
}

impl Drop for Trees {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Reads `PATH FIRST-LAST MODEL`, or `human` in place of a model.
fn name_author(change: &mut Change, wrote: &str) {
    let words = wrote.split(' ').collect::<Vec<_>>();
    let [path, lines, name] = words[..] else { panic!("no author: {wrote}") };
    let (first, last) = lines.split_once('-').expect("two numbers");
    let lines = first.parse::<u32>().expect("a number")..=last.parse().expect("a number");
    let origin = match name {
        "human" => Origin::Human,
        name => Origin::Model {
            model: ModelName::parse(name).expect("a model"),
            phase: Some(Phase::Implementation),
            agent: None,
            grade: Grade::Declared,
        },
    };
    change.name_authors(path, |line| lines.contains(&line).then(|| origin.clone()));
}

fn write_tree(stream: &mut Vec<u8>, case: &str, name: &str, files: &Files, modes: &[(&str, &str)]) {
    let head = format!(
        "commit refs/heads/{case}/{name}\ncommitter C <c@example.com> 1767225600 +0000\ndata 0\n"
    );
    stream.extend(head.as_bytes());
    for (path, content) in files {
        let is_it = |(known, _): &&(&str, &str)| known.as_bytes() == &path[..];
        let mode = modes.iter().find(is_it).map_or("100644", |(_, mode)| mode);
        let quoted = path.iter().fold(String::new(), |text, byte| format!("{text}\\{byte:03o}"));
        if mode == "160000" {
            let id = String::from_utf8_lossy(content);
            stream.extend(format!("M {mode} {} \"{quoted}\"\n", id.trim()).as_bytes());
            continue;
        }
        let link = content.strip_suffix(b"\n").filter(|_| mode == "120000");
        let content = link.unwrap_or(content);
        stream.extend(format!("M {mode} inline \"{quoted}\"\ndata {}\n", content.len()).as_bytes());
        stream.extend(content);
        stream.push(b'\n');
    }
    stream.push(b'\n');
}
