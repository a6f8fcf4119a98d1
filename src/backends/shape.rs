//! Holding an answer against the shape that was asked for: the few words of JSON Schema that all providers take.

use serde_json::{Map, Value};

use super::backend::{Failure, Shape};

/// How deep an answer may be nested.
const DEPTH_LIMIT: usize = 32;

/// Reads a text as JSON of a shape.
///
/// A fence of Markdown around the whole of it is taken off: models that follow no schema write one.
pub(super) fn read(text: &str, shape: &Shape) -> Result<Value, Failure> {
    let wrong = |problem: String| Failure::WrongShape { problem };
    let value: Value = serde_json::from_str(unfenced(text))
        .map_err(|error| wrong(format!("it is no JSON ({error})")))?;
    check(&value, shape).map_err(wrong)?;
    Ok(value)
}

/// Says what is wrong with a value that is to have a shape.
pub fn check(value: &Value, shape: &Shape) -> Result<(), String> {
    match serde_json::from_str(shape.schema) {
        Ok(schema) => fits(value, &schema, "", 0),
        Err(error) => Err(format!("the schema `{}` is no JSON ({error})", shape.name)),
    }
}

/// Returns the schema of a shape as a value.
pub(super) fn schema(shape: &Shape) -> Value {
    serde_json::from_str(shape.schema).unwrap_or(Value::Null)
}

/// Returns what stands in a fence, where a fence is around all of a text.
fn unfenced(text: &str) -> &str {
    let text = text.trim();
    let inside = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    inside.and_then(|inside| inside.split_once('\n')).map_or(text, |(_, inside)| inside.trim())
}

/// Holds a value against a schema; `at` is the path to the value.
fn fits(value: &Value, schema: &Value, at: &str, depth: usize) -> Result<(), String> {
    let here = if at.is_empty() { "the answer" } else { at };
    if depth > DEPTH_LIMIT {
        return Err(format!("{here} is nested too deep"));
    }
    if let Some(types) = schema.get("type") {
        let names: Vec<&str> = match types {
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        if !names.iter().any(|name| is_of(value, name)) {
            return Err(format!("{here} is not of the type {}", names.join(" or ")));
        }
    }
    if let Some(Value::Array(allowed)) = schema.get("enum")
        && !allowed.contains(value)
    {
        return Err(format!("{here} is none of the words allowed"));
    }
    match value {
        Value::Object(fields) => object_fits(fields, schema, at, depth),
        Value::Array(items) => match schema.get("items") {
            None => Ok(()),
            Some(of_items) => items.iter().enumerate().try_for_each(|(index, item)| {
                fits(item, of_items, &format!("{at}[{index}]"), depth + 1)
            }),
        },
        _ => Ok(()),
    }
}

fn object_fits(
    fields: &Map<String, Value>,
    schema: &Value,
    at: &str,
    depth: usize,
) -> Result<(), String> {
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    let required = schema.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        if !fields.contains_key(name) {
            return Err(format!("{} is missing", below(name)));
        }
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    for (name, value) in fields {
        match properties.and_then(|properties| properties.get(name)) {
            Some(of_field) => fits(value, of_field, &below(name), depth + 1)?,
            None if is_closed => return Err("it has a field that nobody asked for".to_owned()),
            None => {}
        }
    }
    Ok(())
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(is_whole),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn is_whole(number: f64) -> bool {
    number.fract() == 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape {
        name: "verdict",
        schema: r#"{"type":"object","properties":{
            "level":{"type":"string","enum":["high","low"]},
            "line":{"type":["integer","null"]},
            "notes":{"type":"array","items":{"type":"object","properties":{"text":{"type":"string"}},
                     "required":["text"],"additionalProperties":false}}
        },"required":["level","line","notes"],"additionalProperties":false}"#,
    };

    fn problem(text: &str) -> Option<String> {
        match read(text, &SHAPE) {
            Ok(_) => None,
            Err(Failure::WrongShape { problem }) => Some(problem),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_answer_of_the_shape_is_taken_in_a_fence_too() {
        let good = r#"{"level":"high","line":null,"notes":[{"text":"x"}]}"#;
        assert_eq!(problem(good), None);
        assert_eq!(problem(&format!("```json\n{good}\n```\n")), None);
        assert_eq!(problem(r#"{"level":"low","line":7.0,"notes":[]}"#), None);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_without_foreign_words() {
        for (text, expected) in [
            (r#"{"level":"low","line":1}"#, "notes is missing"),
            (r#"{"level":"mid","line":1,"notes":[]}"#, "level is none of the words allowed"),
            (r#"{"level":"low","line":1.5,"notes":[]}"#, "line is not of the type integer or null"),
            (
                r#"{"level":"low","line":1,"notes":[{"text":1}]}"#,
                "notes[0].text is not of the type string",
            ),
            (
                r#"{"level":"low","line":1,"notes":[],"\u001b[2J":1}"#,
                "it has a field that nobody asked for",
            ),
            ("[]", "the answer is not of the type object"),
        ] {
            assert_eq!(problem(text).as_deref(), Some(expected));
        }
        assert!(problem("yes").is_some_and(|problem| problem.starts_with("it is no JSON")));
        assert!(problem(&"[".repeat(100_000)).is_some());
    }
}
