//! Requests as they are sent, whole: where to, with which headers, and what.

use expect_test::{Expect, expect};

use crate::around::{Around, KEY, question};
use crate::replies::recorded;
use crate::server::Server;

fn check_request(backend: &'static str, model: &str, expected: &Expect) {
    let server = Server::start(vec![recorded(backend, "good")]);
    let around = Around::at(backend, &server.url);
    let chosen = around.choose(Some(backend), model, 60).unwrap();
    let question = question(model);
    let (place, dry) = chosen.ask.would_send(&question);
    chosen.ask.ask(&question).unwrap();
    let seen = server.seen();
    let body: serde_json::Value = serde_json::from_slice(&seen[0].body).unwrap();
    let body = serde_json::to_string_pretty(&body).unwrap();
    assert_eq!(dry, body, "what would be sent is what is sent");
    let path = place.strip_prefix(&server.url).expect("and where to");
    assert!(seen[0].head.starts_with(&format!("POST {path} ")), "{}", seen[0].head);
    let told = seen[0].told().replace(KEY, "<key>");
    expected.assert_eq(&format!("{told}\n\n{body}\n"));
}

#[test]
fn a_request_to_anthropic() {
    check_request(
        "anthropic",
        "claude-opus-5-5",
        &expect![[r#"
            POST /v1/messages HTTP/1.1
            accept: application/json, text/event-stream
            anthropic-version: 2026-10-21
            content-type: application/json
            host: <server>
            user-agent: git-model/<version>
            x-api-key: <key>

            {
              "max_tokens": 4000,
              "messages": [
                {
                  "content": [
                    {
                      "cache_control": {
                        "type": "ephemeral"
                      },
                      "text": "The rules.",
                      "type": "text"
                    },
                    {
                      "text": "The change.",
                      "type": "text"
                    }
                  ],
                  "role": "user"
                }
              ],
              "model": "claude-opus-5-5",
              "output_config": {
                "format": {
                  "schema": {
                    "additionalProperties": false,
                    "properties": {
                      "line": {
                        "type": [
                          "integer",
                          "null"
                        ]
                      },
                      "verdict": {
                        "enum": [
                          "fine",
                          "bad"
                        ],
                        "type": "string"
                      }
                    },
                    "required": [
                      "verdict",
                      "line"
                    ],
                    "type": "object"
                  },
                  "type": "json_schema"
                }
              },
              "system": [
                {
                  "text": "You read a change.",
                  "type": "text"
                }
              ]
            }
        "#]],
    );
}

#[test]
fn a_request_to_openai() {
    check_request(
        "openai",
        "gpt-6-astra",
        &expect![[r#"
            POST /responses HTTP/1.1
            accept: application/json, text/event-stream
            authorization: Bearer <key>
            content-type: application/json
            host: <server>
            user-agent: git-model/<version>

            {
              "input": [
                {
                  "content": [
                    {
                      "text": "The rules.",
                      "type": "input_text"
                    },
                    {
                      "text": "The change.",
                      "type": "input_text"
                    }
                  ],
                  "role": "user"
                }
              ],
              "instructions": "You read a change.",
              "max_output_tokens": 4000,
              "model": "gpt-6-astra",
              "store": false,
              "text": {
                "format": {
                  "name": "verdict",
                  "schema": {
                    "additionalProperties": false,
                    "properties": {
                      "line": {
                        "type": [
                          "integer",
                          "null"
                        ]
                      },
                      "verdict": {
                        "enum": [
                          "fine",
                          "bad"
                        ],
                        "type": "string"
                      }
                    },
                    "required": [
                      "verdict",
                      "line"
                    ],
                    "type": "object"
                  },
                  "strict": true,
                  "type": "json_schema"
                }
              }
            }
        "#]],
    );
}

#[test]
fn a_request_to_gemini() {
    check_request(
        "gemini",
        "gemini-3.1-pro-preview",
        &expect![[r#"
            POST /models/gemini-3.1-pro-preview:generateContent HTTP/1.1
            accept: application/json, text/event-stream
            content-type: application/json
            host: <server>
            user-agent: git-model/<version>
            x-goog-api-key: <key>

            {
              "contents": [
                {
                  "parts": [
                    {
                      "text": "The rules."
                    },
                    {
                      "text": "The change."
                    }
                  ],
                  "role": "user"
                }
              ],
              "generationConfig": {
                "maxOutputTokens": 4000,
                "responseJsonSchema": {
                  "additionalProperties": false,
                  "properties": {
                    "line": {
                      "type": [
                        "integer",
                        "null"
                      ]
                    },
                    "verdict": {
                      "enum": [
                        "fine",
                        "bad"
                      ],
                      "type": "string"
                    }
                  },
                  "required": [
                    "verdict",
                    "line"
                  ],
                  "type": "object"
                },
                "responseMimeType": "application/json"
              },
              "systemInstruction": {
                "parts": [
                  {
                    "text": "You read a change."
                  }
                ]
              }
            }
        "#]],
    );
}

#[test]
fn a_request_to_a_compatible_server() {
    check_request(
        "openai-compatible",
        "qwen3-coder:30b",
        &expect![[r#"
            POST /chat/completions HTTP/1.1
            accept: application/json, text/event-stream
            authorization: Bearer <key>
            content-type: application/json
            host: <server>
            user-agent: git-model/<version>

            {
              "max_tokens": 4000,
              "messages": [
                {
                  "content": "You read a change.",
                  "role": "system"
                },
                {
                  "content": "The rules.\n\nThe change.",
                  "role": "user"
                }
              ],
              "model": "qwen3-coder:30b",
              "response_format": {
                "json_schema": {
                  "name": "verdict",
                  "schema": {
                    "additionalProperties": false,
                    "properties": {
                      "line": {
                        "type": [
                          "integer",
                          "null"
                        ]
                      },
                      "verdict": {
                        "enum": [
                          "fine",
                          "bad"
                        ],
                        "type": "string"
                      }
                    },
                    "required": [
                      "verdict",
                      "line"
                    ],
                    "type": "object"
                  },
                  "strict": true
                },
                "type": "json_schema"
              },
              "stream": false
            }
        "#]],
    );
}
