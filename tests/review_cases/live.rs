//! The same cases put to a real model: how much of what it finds is wrong, and how much of what is wrong it finds.
#![expect(clippy::disallowed_methods, reason = "it is asked for by a variable")]
#![expect(clippy::print_stdout, reason = "it prints a table")]

use git_model::backends::{Manner, Watch, choose};
use git_model::git::Repo;
use git_model::provenance::{ModelName, Tokens, Verdict, catalog};
use git_model::review::{self, FindingState, Outcome, Request};
use git_model::settings::Settings;

use crate::case::Case;
use crate::trees::Trees;

/// So many seconds each answer may take.
const SECONDS: u64 = 600;

/// What came of all cases together.
#[derive(Default)]
struct Score {
    asked: usize,
    not_run: usize,
    right_verdicts: usize,
    /// Findings that were confirmed, and how many of them are about what is wrong.
    confirmed: usize,
    confirmed_right: usize,
    /// Findings before they were checked, and how many of them are about what is wrong.
    raw: usize,
    raw_right: usize,
    bugs: usize,
    bugs_found: usize,
    tokens: Tokens,
}

#[test]
#[ignore = "asks a real model and costs money: tests/review-cases/run --live [BACKEND:]MODEL"]
fn a_real_model_reviews_the_cases() {
    let name = std::env::var("GIT_MODEL_REVIEW_LIVE");
    let name = name.expect("GIT_MODEL_REVIEW_LIVE names [BACKEND:]MODEL");
    let only = std::env::var("GIT_MODEL_REVIEW_CASES").unwrap_or_default();
    let repo = Repo::discover().expect("a repository");
    let settings = Settings::of(&repo);
    let role = settings.model_to_ask(&name).expect("a model");
    let manner = Manner { seconds: SECONDS, watch: Watch::new(), reads: None };
    let chosen = choose(role.backend.as_deref(), &role.model, manner, &settings.around());
    let chosen = chosen.unwrap_or_else(|error| panic!("{error}"));
    let cases = crate::cases();
    let trees = Trees::of(&cases);
    let mut score = Score::default();
    println!(
        "{:<34} {:<8} {:<8} {:>4} {:>5} {:>5}",
        "case", "verdict", "wanted", "bugs", "found", "wrong"
    );
    for case in cases.iter().filter(|case| is_for_live(case) && case.name.contains(&only)) {
        let request = Request {
            reviewer: role.model.clone(),
            demand: review::Demand::Any,
            boundary: review::Boundary::random(),
            ..trees.request(case, case.rounds.len() - 1, &[])
        };
        let outcome = review::run(&request, &*chosen.ask, &mut |_| {});
        score.add(case, &outcome);
    }
    score.print(&role.model);
    assert!(score.asked > 0, "no case was asked");
}

/// Says whether a real model can be right about a case: it is no script of failures, and one round tells all.
fn is_for_live(case: &Case) -> bool {
    case.setting("live") != Some("no") && case.rounds.len() == 1
}

impl Score {
    fn add(&mut self, case: &Case, outcome: &Outcome) {
        self.asked += 1;
        self.tokens.add(outcome.tokens);
        let is_right = outcome.verdict.as_str() == case.truth;
        self.right_verdicts += usize::from(is_right);
        self.not_run += usize::from(outcome.verdict == Verdict::NotRun && case.truth != "not-run");
        let is_about_a_bug =
            |finding: &&review::Finding| case.bugs.iter().any(|bug| bug.is_in(finding));
        let confirmed =
            || outcome.findings.iter().filter(|finding| finding.state == FindingState::Confirmed);
        let raw = || outcome.findings.iter().chain(&outcome.refuted);
        let right = confirmed().filter(is_about_a_bug).count();
        let wrong = confirmed().count() - right;
        self.confirmed += confirmed().count();
        self.confirmed_right += right;
        self.raw += raw().count() + outcome.dropped as usize;
        self.raw_right += raw().filter(is_about_a_bug).count();
        let found = case.bugs.iter().filter(|bug| confirmed().any(|finding| bug.is_in(finding)));
        let found = found.count();
        self.bugs += case.bugs.len();
        self.bugs_found += found;
        println!(
            "{:<34} {:<8} {:<8} {:>4} {found:>5} {wrong:>5} {}",
            case.name,
            outcome.verdict.as_str(),
            case.truth,
            case.bugs.len(),
            if is_right { "" } else { outcome.reason.as_deref().unwrap_or("wrong verdict") },
        );
    }

    fn print(&self, model: &ModelName) {
        println!(
            "\n{} cases, {} right verdicts, {} not run",
            self.asked, self.right_verdicts, self.not_run
        );
        println!("precision {}", share(self.confirmed_right, self.confirmed));
        println!("precision before filter and check {}", share(self.raw_right, self.raw));
        println!("recall {}", share(self.bugs_found, self.bugs));
        let input = self.tokens.input + self.tokens.cache_read + self.tokens.cache_write;
        let price = catalog::find(model.id()).and_then(|row| row.price);
        let cost = price.map(|price| price.cost_micros(input, self.tokens.output));
        let cost = cost.map(|micros| {
            format!(", at most {}.{:02} $", micros / 1_000_000, micros / 10_000 % 100)
        });
        println!("{input} tokens read, {} written{}", self.tokens.output, cost.unwrap_or_default());
    }
}

fn share(part: usize, whole: usize) -> String {
    let percent = (part * 100).checked_div(whole);
    let percent = percent.map_or_else(|| "-".to_owned(), |percent| format!("{percent} %"));
    format!("{percent} ({part} of {whole})")
}
