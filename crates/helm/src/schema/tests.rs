#![allow(clippy::unwrap_used)]
use super::*;

fn violations(schema: &str, values: &str) -> Vec<String> {
    let schema = compile(schema.as_bytes()).unwrap();
    let json: serde_json::Value = serde_json::from_str(values).unwrap();
    schema
        .iter_errors(&json)
        .map(|error| format!("{}: {}", error.instance_path(), message::of(&error)))
        .collect()
}

/// The words are those of the Helm SDK.
#[test]
fn violations_are_told_in_helms_words() {
    for (schema, values, told) in [
        (r#"{"properties":{"n":{"type":"integer"}}}"#, r#"{"n":"x"}"#, "/n: got string, want integer"),
        (r#"{"required":["a"]}"#, "{}", ": missing property 'a'"),
        (
            r#"{"properties":{"a":{}},"additionalProperties":false}"#,
            r#"{"b":1}"#,
            ": additional properties 'b' not allowed",
        ),
        (r#"{"properties":{"n":{"minimum":1}}}"#, r#"{"n":0}"#, "/n: minimum: got 0, want 1"),
        (r#"{"properties":{"s":{"enum":["a","b"]}}}"#, r#"{"s":"c"}"#, "/s: value must be one of 'a', 'b'"),
        (r#"{"properties":{"s":{"pattern":"^a"}}}"#, r#"{"s":"b"}"#, "/s: 'b' does not match pattern '^a'"),
    ] {
        assert_eq!(violations(schema, values), [told], "{schema}");
    }
    // Numbers of values have no kind: 3 is an integer, however it was written.
    assert!(violations(r#"{"properties":{"n":{"type":"integer"}}}"#, r#"{"n":3.0}"#).is_empty());
}

#[test]
fn schemas_elsewhere_are_not_fetched_and_let_pass() {
    let schema = r#"{"properties":{"n":{"$ref":"https://schemas.example.com/n.json"}}}"#;
    assert!(violations(schema, r#"{"n":"anything"}"#).is_empty());
    assert!(compile(b"{").is_err());
}
