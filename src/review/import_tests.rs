//! Tests of verdicts that other reviewers gave.

use crate::provenance::{CommitId, ModelName};
use crate::review::place_tests::change;
use crate::review::{Change, Import, Limits, Outcome, import};

const TREE: &str = "0123456789abcdef0123456789abcdef01234567";

fn imported(change: &Change, text: &str) -> Result<Outcome, String> {
    let model = |name: &str| ModelName::parse(name).unwrap();
    let wanted = Import {
        change,
        plan: None,
        reviewer: model("claude-opus-5-5"),
        agent: "claude-code".to_owned(),
        authors: vec![model("claude-sonnet-5-5")],
        limits: Limits::default(),
    };
    import(text, &wanted).map_err(|error| error.to_string())
}

fn said(text: &str) -> String {
    let change = change("a\nb\n", "a\nb / 0\nc\n");
    match imported(&change, text) {
        Ok(outcome) => {
            let findings = outcome.findings.iter().map(|finding| {
                let severity = finding.severity.as_str();
                format!(
                    "{severity} {:.1} {}:{} {} ({})",
                    finding.confidence,
                    finding.path,
                    finding.start_line,
                    finding.title,
                    finding.state.as_str()
                )
            });
            let head = format!("{}, {} dropped", outcome.verdict.as_str(), outcome.dropped);
            [head].into_iter().chain(findings).collect::<Vec<_>>().join("; ")
        }
        Err(error) => error,
    }
}

fn ours(fields: &str, severity: &str, quote: &str) -> String {
    format!(
        r#"{{{fields}"findings":[{{"title":"Division by zero","why":"w","severity":"{severity}","confidence":0.9,"path":"src/a.rs","start_line":2,"end_line":2,"quote":"{quote}"}}]}}"#
    )
}

#[test]
fn our_own_form_is_filtered_and_the_verdict_is_computed_anew() {
    let tree = format!(r#""schema":"git-model/review/1","verdict":"pass","tree":"{TREE}","#);
    assert_eq!(
        said(&ours(&tree, "high", "b / 0")),
        "block, 0 dropped; high 0.9 src/a.rs:2 Division by zero (imported)"
    );
    assert_eq!(
        said(&ours("", "medium", "b / 0")),
        "pass, 0 dropped; medium 0.9 src/a.rs:2 Division by zero (imported)"
    );
    assert_eq!(said(&ours("", "critical", "x / 0")), "pass, 1 dropped");
    assert_eq!(said(r#"{"findings":[]}"#), "pass, 0 dropped");
}

#[test]
fn a_verdict_that_is_not_whole_or_about_something_else_is_refused() {
    assert_eq!(said("LGTM").split(':').next(), Some("the file is not JSON"));
    assert_eq!(
        said("{}"),
        "the file is neither a review of git-model nor SARIF 2.1.0: `findings` is missing"
    );
    assert_eq!(
        said(r#"{"schema":"git-model/log/1","findings":[]}"#),
        "the file is neither a review of git-model nor SARIF 2.1.0: its `schema` is another one"
    );
    assert_eq!(
        said(r#"{"verdict":"not-run","reason":"no answer within 60 s","findings":[]}"#),
        "the review in the file was not completed: no answer within 60 s"
    );
    assert_eq!(
        said(&format!(r#"{{"tree":"{}","findings":[]}}"#, "1".repeat(40))),
        format!("the verdict is about the tree {}, not {TREE}", "1".repeat(40))
    );
    assert_eq!(
        said(&ours(r#""verdict":"block","#, "low", "b / 0")),
        "the file blocks the change, but none of its 1 findings lies in it and is grave enough"
    );
    let broken = ours("", "blocker", "b / 0");
    assert_eq!(said(&broken), "the file cannot be read as a whole: no severity: blocker");
    assert!(said(r#"{"findings":"none"}"#).starts_with("the file cannot be read as a whole"));
}

#[test]
fn what_the_other_reviewer_refuted_is_left_out() {
    let refuted = ours("", "high", "b / 0").replace(r#""title""#, r#""state":"refuted","title""#);
    assert_eq!(said(&refuted), "pass, 0 dropped");
}

/// Makes a SARIF log of one run with these results.
fn sarif(results: &str) -> String {
    format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"x","rules":[{{"id":"r1","shortDescription":{{"text":"Arithmetic"}},"properties":{{"security-severity":"9.8"}}}}]}}}},"results":[{results}]}}]}}"#
    )
}

fn result(fields: &str, region: &str) -> String {
    format!(
        r#"{{{fields}"message":{{"text":"Division by zero"}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"src/%61.rs"}},"region":{{{region}}}}}}}]}}"#
    )
}

#[test]
fn sarif_is_read_by_its_lines_levels_and_rules() {
    assert_eq!(
        said(&sarif(&result(r#""level":"error","#, r#""startLine":2"#))),
        "block, 0 dropped; high 1.0 src/a.rs:2 Division by zero (imported)"
    );
    assert_eq!(
        said(&sarif(&result(r#""ruleId":"r1","rank":50,"#, r#""startLine":2"#))),
        "pass, 0 dropped; critical 0.5 src/a.rs:2 Arithmetic (imported)"
    );
    let snippet = r#""startLine":9,"snippet":{"text":"c\n"}"#;
    assert_eq!(
        said(&sarif(&result("", snippet))),
        "pass, 0 dropped; medium 1.0 src/a.rs:3 Division by zero (imported)"
    );
    assert_eq!(said(&sarif(&result(r#""level":"error","#, r#""startLine":1"#))), "pass, 1 dropped");
}

#[test]
fn results_that_are_none_do_not_count_and_runs_that_failed_are_refused() {
    let region = r#""startLine":2"#;
    for fields in [
        r#""level":"error","kind":"pass","#,
        r#""level":"error","baselineState":"unchanged","#,
        r#""level":"error","suppressions":[{"kind":"inSource"}],"#,
    ] {
        assert_eq!(said(&sarif(&result(fields, region))), "pass, 0 dropped", "{fields}");
    }
    assert_eq!(
        said(r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}}}]}"#),
        "the review in the file was not completed: a run has no results"
    );
    let failed = sarif("")
        .replace(r#""results""#, r#""invocations":[{"executionSuccessful":false}],"results""#);
    assert_eq!(said(&failed), "the review in the file was not completed");
    assert_eq!(
        said(r#"{"version":"1.0.0","runs":[]}"#),
        "the file is neither a review of git-model nor SARIF 2.1.0: it is SARIF 1.0.0"
    );
}

#[test]
fn an_imported_verdict_is_declared_and_names_its_agent() {
    let change = change("a\n", "b\n");
    let outcome = imported(&change, r#"{"findings":[]}"#).unwrap();
    let review = outcome.review();
    assert_eq!(review.grade, crate::provenance::Grade::Declared);
    assert_eq!(
        (review.by.as_str(), review.tree),
        ("claude-code", TREE.parse::<CommitId>().unwrap())
    );
    assert_eq!(Outcome::from_json(&outcome.to_json()), Some(outcome));
}
