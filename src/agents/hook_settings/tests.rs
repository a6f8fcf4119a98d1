//! What goes in comes out again, byte for byte.

use std::path::Path;

use expect_test::expect;

use super::*;

static SET: HookSet = HookSet {
    marker: "agent-hook test",
    timeout_seconds: 10,
    entries: &[
        HookEntry { event: "Pre", matchers: &[Some("A|B"), Some("c.*")] },
        HookEntry { event: "Stop", matchers: &[None] },
    ],
};

const COMMAND: &str = "git-model agent-hook test";

fn file(text: &str) -> SettingsFile<'_> {
    SettingsFile { path: Path::new(".claude/settings.json"), text: Some(text) }
}

fn no_file() -> SettingsFile<'static> {
    SettingsFile { path: Path::new(".claude/settings.json"), text: None }
}

/// Settings as people have them.
const TEXTS: &[&str] = &[
    "{}",
    "{}\n",
    "{ }",
    "{\n}\n",
    "{\r\n}\r\n",
    r#"{"model":"opus"}"#,
    "{\n  \"model\": \"opus\"\n}\n",
    "{\n\t\"model\": \"opus\",\n\t\"hooks\": {}\n}\n",
    "{\r\n    \"model\": \"opus\",\r\n    \"hooks\": {\r\n    }\r\n}",
    "{\"hooks\":{\"Pre\":[]}}",
    "{\"hooks\": {\"Pre\": [ ], \"Stop\": [\n]}, \"z\": [1,2]}",
    "{\n  // mine\n  \"model\": \"opus\", // best\n}\n",
    "{\n  \"hooks\": {\n    \"Pre\": [\n      {\"matcher\": \"A|B\", \"hooks\": [{\"type\": \"command\", \
     \"command\": \"make lint\"}]}\n    ]\n  },\n  \"ä\": \"\\u00e4 \\\" }\"\n}\n",
    "{\"hooks\": {\"Stop\": [{\"hooks\": [{\"type\": \"command\", \"command\": \"git-model agent-hook tester\"}]}], \
     \"Other\": [{}]}}",
    "\n\n  {\"a\": {}}  \n\n",
];

#[test]
fn what_was_put_in_is_taken_out_to_the_byte() {
    for text in TEXTS {
        let with = SET.with(file(text), COMMAND).unwrap();
        assert_eq!(SET.state(file(text), COMMAND).unwrap(), HookState::Absent, "{text}");
        assert_eq!(SET.state(file(&with), COMMAND).unwrap(), HookState::Installed, "{with}");
        assert_eq!(SET.without(file(&with)).unwrap(), Removal::Text((*text).to_owned()), "{with}");
        assert_eq!(SET.without(file(text)).unwrap(), Removal::Unchanged, "{text}");
    }
}

#[test]
fn a_second_time_changes_nothing() {
    for text in TEXTS {
        let once = SET.with(file(text), COMMAND).unwrap();
        assert_eq!(SET.with(file(&once), COMMAND).unwrap(), once);
    }
    let ours = SET.with(no_file(), COMMAND).unwrap();
    assert_eq!(SET.with(file(&ours), COMMAND).unwrap(), ours);
}

#[test]
fn an_older_command_is_replaced_and_leaves_nothing() {
    for text in TEXTS {
        let old = SET.with(file(text), "/old/git-model agent-hook test --verbose").unwrap();
        assert_eq!(SET.state(file(&old), COMMAND).unwrap(), HookState::Outdated, "{text}");
        let new = SET.with(file(&old), COMMAND).unwrap();
        assert_eq!(new, SET.with(file(text), COMMAND).unwrap(), "{text}");
    }
    let old = SET.with(no_file(), "/old/git-model agent-hook test").unwrap();
    let new = SET.with(file(&old), COMMAND).unwrap();
    assert_eq!(new, SET.with(no_file(), COMMAND).unwrap());
}

#[test]
fn a_file_of_ours_alone_goes() {
    let ours = SET.with(no_file(), COMMAND).unwrap();
    assert_eq!(SET.without(file(&ours)).unwrap(), Removal::DeleteFile);
    assert_eq!(SET.without(no_file()).unwrap(), Removal::Unchanged);
    assert_eq!(SET.with(file(" \n"), COMMAND).unwrap(), ours);
    expect![[r#"
        {
          "hooks": {
            "Pre": [
              {
                "matcher": "A|B",
                "hooks": [
                  {
                    "type": "command",
                    "command": "git-model agent-hook test",
                    "timeout": 10
                  }
                ]
              },
              {
                "matcher": "c.*",
                "hooks": [
                  {
                    "type": "command",
                    "command": "git-model agent-hook test",
                    "timeout": 10
                  }
                ]
              }
            ],
            "Stop": [
              {
                "hooks": [
                  {
                    "type": "command",
                    "command": "git-model agent-hook test",
                    "timeout": 10
                  }
                ]
              }
            ]
          }
        }
    "#]]
    .assert_eq(&ours);
}

#[test]
fn hooks_of_others_stay_where_they_are() {
    let text = "{\n    \"hooks\": {\n        \"Pre\": [\n            {\n                \"hooks\": [\n                    \
                {\"type\": \"command\", \"command\": \"lint\"}\n                ]\n            }\n        ]\n    }\n}\n";
    let with = SET.with(file(text), COMMAND).unwrap();
    expect![[r#"
        {
            "hooks": {
                "Pre": [
                    {
                        "hooks": [
                            {"type": "command", "command": "lint"}
                        ]
                    },
                    {
                        "matcher": "A|B",
                        "hooks": [
                            {
                                "type": "command",
                                "command": "git-model agent-hook test",
                                "timeout": 10
                            }
                        ]
                    },
                    {
                        "matcher": "c.*",
                        "hooks": [
                            {
                                "type": "command",
                                "command": "git-model agent-hook test",
                                "timeout": 10
                            }
                        ]
                    }
                ],
                "Stop": [
                    {
                        "hooks": [
                            {
                                "type": "command",
                                "command": "git-model agent-hook test",
                                "timeout": 10
                            }
                        ]
                    }
                ]
            }
        }
    "#]]
    .assert_eq(&with);
}

#[test]
fn what_was_added_since_stays() {
    let ours = SET.with(no_file(), COMMAND).unwrap();
    // Another's handler in a group of ours, and another's event behind ours.
    let text = ours
        .replacen(
            "\"timeout\": 10\n          }",
            "\"timeout\": 10\n          },\n          {\"type\": \"x\"}",
            1,
        )
        .replace("\n  }\n}", ",\n    \"Own\": [1]\n  }\n}");
    let Removal::Text(left) = SET.without(file(&text)).unwrap() else { panic!("{text}") };
    expect![[r#"
        {
          "hooks": {
            "Pre": [
              {
                "matcher": "A|B",
                "hooks": [
                  {"type": "x"}
                ]
              }
            ],
            "Own": [1]
          }
        }
    "#]]
    .assert_eq(&left);
}

#[test]
fn one_that_is_missing_is_put_back() {
    let ours = SET.with(no_file(), COMMAND).unwrap();
    let text = ours.replace("c.*", "d.*");
    assert_eq!(SET.state(file(&text), COMMAND).unwrap(), HookState::Outdated);
    assert_eq!(SET.with(file(&text), COMMAND).unwrap(), ours);
}

#[test]
fn settings_that_cannot_be_read_are_refused_and_named() {
    for (text, message) in [
        (
            "{\"a\": 1,\n \"b\" 2}",
            "`.claude/settings.json` is not valid JSON at line 2, column 6: ",
        ),
        ("{'a': 1}", "`.claude/settings.json` is not valid JSON at line 1, column 2: "),
        ("[]", "the whole text in `.claude/settings.json` is not an object at line 1, column 1"),
        (
            "{\n \"hooks\": 7}",
            "`hooks` in `.claude/settings.json` is not an object at line 2, column 11",
        ),
        (
            "{\"hooks\": {\"Stop\": {}}}",
            "`hooks.Stop` in `.claude/settings.json` is not a list at line 1, column 20",
        ),
    ] {
        let error = SET.with(file(text), COMMAND).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn a_mark_of_byte_order_stays() {
    let text = "\u{feff}{\"a\": 1}";
    let with = SET.with(file(text), COMMAND).unwrap();
    assert_eq!(SET.without(file(&with)).unwrap(), Removal::Text(text.to_owned()));
}
