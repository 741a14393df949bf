#![allow(clippy::unwrap_used)]
use super::*;
use crate::value::Map;

fn json(text: &str) -> String {
    json::to_json(&parse(text.as_bytes()).unwrap()).to_string()
}

/// What the Helm SDK gave for the same texts.
#[test]
fn scalars_are_resolved_as_helm_does() {
    let text = "a: y\nb: 0644\nc: 1e3\nd: 2001-01-01\ne: .5\nf_: 0o17\ng: 1_000\nh: !!str 5\ni: '5'\nj: 12:30\nk: 0x1F\n\
                l: +5\nm: 1.\nn: 08\no: 123456789012345678901\np: -0b11\nq: !foo bar\nr: !!binary aGVsbG8=\ns: ~\n";
    assert_eq!(
        json(text),
        r#"{"a":true,"b":420,"c":1000,"d":"2001-01-01","e":0.5,"f_":15,"false":8,"g":1000,"h":"5","i":"5","j":"12:30","k":31,"l":5,"m":1,"o":1.2345678901234568e+20,"p":-3,"q":"bar","r":"hello","s":null}"#
    );
}

#[test]
fn merges_and_equal_keys_hold_in_the_order_they_stand() {
    assert_eq!(json("a: 1\na: 2\n"), r#"{"a":2}"#);
    assert_eq!(json("x: &x {a: 1, b: 1}\nz: {<<: *x, b: 2}"), r#"{"x":{"a":1,"b":1},"z":{"a":1,"b":2}}"#);
    assert_eq!(json("<<: [{a: 1}, {a: 2, b: 3}]"), r#"{"a":1,"b":3}"#);
}

#[test]
fn an_alias_is_a_copy() {
    let Value::Map(map) = parse(b"a: &a {x: 1}\nb: *a").unwrap() else { panic!() };
    let Some(Value::Map(b)) = map.get(b"b") else { panic!() };
    b.insert("x", 2.0);
    assert_eq!(json::to_json(&Value::Map(map)).to_string(), r#"{"a":{"x":1},"b":{"x":2}}"#);
}

#[test]
fn errors_tell_the_place_and_gos_words() {
    for (text, line, go) in [
        ("a: [1,\n b: c: d", 2, "yaml: line 1: did not find expected ',' or ']'"),
        ("a: b\n\tc: d\n", 2, "yaml: line 2: found a tab character that violates indentation"),
        ("~: n\n", 1, "unsupported map key of type: %!s(<nil>), key: <nil>"),
        ("a: *x\n", 1, "yaml: unknown anchor 'x' referenced"),
        ("a: &a [*a]\n", 1, "yaml: anchor 'a' value contains itself"),
        ("a: .inf\n", 1, "json: unsupported value: +Inf"),
        ("a: !!int x\n", 1, "yaml: cannot decode !!str `x` as a !!int"),
        ("? [a]\n: b\n", 1, "yaml: invalid map key: only scalars can be keys"),
    ] {
        let error = parse(text.as_bytes()).err().unwrap();
        assert_eq!(
            (error.line, error.go.as_str()),
            (line, format!("error converting YAML to JSON: {go}").as_str())
        );
    }
}

#[test]
fn bombs_are_refused() {
    let mut laughs = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for i in 1..10 {
        let before = format!("*a{}", i - 1);
        laughs.push_str(&format!("a{i}: &a{i} [{}]\n", [before.as_str(); 10].join(",")));
    }
    assert!(parse(laughs.as_bytes()).err().unwrap().message.contains("excessive aliasing"));
    assert!(parse("[".repeat(200_000).as_bytes()).err().unwrap().message.contains("max depth"));
}

#[test]
fn documents_are_told_apart() {
    assert_eq!(parse_all(b"a: 1\n---\n---\nb\n").unwrap().len(), 3);
    assert!(parse(b"").unwrap().is_nil());
    // As Helm: only the first is read.
    assert_eq!(json("a: 1\n---\n}"), r#"{"a":1}"#);
}

/// What the Helm SDK's `toYaml` gave for the same values.
#[test]
fn texts_are_written_as_helm_does() {
    let words = "word ".repeat(40);
    let wrapped =
        format!("'{}\n  {}\n  {} '", ["word"; 17].join(" "), ["word"; 16].join(" "), ["word"; 7].join(" "));
    for (text, written) in [
        (words.as_str(), wrapped.as_str()),
        ("a\tb", r#""a\tb""#),
        ("tab\tline\nx", r#""tab\tline\nx""#),
        ("é😀", r#""é\U0001F600""#),
        ("\u{7f}", ""),
        ("yes", r#""yes""#),
        ("1:30", r#""1:30""#),
        ("0644", r#""0644""#),
        ("", r#""""#),
        (" x", "' x'"),
        ("a\nb", "|-\n  a\n  b"),
        ("a\nb\n", "|\n  a\n  b"),
        ("\n", "|2+\n"),
        ("a\n\n", "|+\n  a\n"),
        (" a\nb", "|2-\n   a\n  b"),
        ("a \nb", r#""a \nb""#),
        ("a: b", "'a: b'"),
        ("a #b", "'a #b'"),
        ("- x", "'- x'"),
        ("-x", "-x"),
        ("{a", "'{a'"),
        ("~", r#""~""#),
        ("=", "="),
        ("<<", "<<"),
        ("1e3", r#""1e3""#),
        ("2001-01-01", r#""2001-01-01""#),
        ("a'b", "a'b"),
        ("\u{2028}", "'\u{2028}'"),
        ("a\r\nb", r#""a\r\nb""#),
        ("\u{feff}a", r#""\uFEFF\x61""#),
        ("...", "'...'"),
    ] {
        let yaml = emit(&Value::string(text));
        assert_eq!(yaml.strip_suffix('\n').unwrap_or(&yaml), written, "{text:?}");
    }
}

#[test]
fn numbers_are_written_as_helm_does() {
    for (number, written) in [
        (1_000_000.0, "1000000\n"),
        (1.5e20, "1.5e+20\n"),
        (1e-7, "1e-07\n"),
        (1_234_567.5, "1.2345675e+06\n"),
        (0.0001, "0.0001\n"),
        (-0.5, "-0.5\n"),
        (-0.0, "0\n"),
    ] {
        assert_eq!(emit(&Value::Float(number)), written);
    }
    assert_eq!(number::text(1.10), "1.1");
    assert_eq!(number::text(20_230_101.0), "20230101");
}

#[test]
fn collections_are_written_as_helm_does() {
    let value = parse(br#"{"k y":["a",{"b":[1,[2,3]],"c":{}}],"10":1,"9":2,"a10":1,"a9":2}"#).unwrap();
    let written = "\"9\": 2\n\"10\": 1\na9: 2\na10: 1\nk y:\n- a\n- b:\n  - 1\n  - - 2\n    - 3\n  c: {}\n";
    assert_eq!(emit(&value), written);
    let long = "a".repeat(130);
    let map: Map = [(long.as_str(), 1.0)].into_iter().collect();
    assert_eq!(emit(&Value::Map(map)), format!("? {long}\n: 1\n"));
}

#[test]
fn what_holds_itself_is_no_yaml() {
    let map = Map::new();
    map.insert("self", map.clone());
    assert_eq!(emit(&Value::Map(map.clone())), "");
    map.remove(b"self");
}

/// What is passed over is refused where the whole is, and what is read is the same.
#[test]
fn of_a_part_the_same_is_read_and_refused() {
    let keys = &["kind", "metadata"];
    for text in [
        "kind: A\nspec: {a: [1, two, {x: y}], b: \"q\"}\nmetadata: {name: n, labels: {a: b}}\n",
        "spec: &a {x: 1}\nkind: *a\n",
        "kind: &a K\nspec: [*a, *b]\n",
        "base: &b {metadata: {name: n}}\n<<: *b\nkind: K\n",
        "spec:\n  <<: 5\nkind: K\n",
        "spec: {x: .nan}\nkind: K\n",
        "spec: {~: x}\nkind: K\n",
        "spec: {18446744073709551615: x}\nkind: K\n",
        "spec: {[a]: x}\nkind: K\n",
        "spec: !!int x\nkind: K\n",
        "spec: {a: 1, a: 2}\nkind: A\nkind: B\n",
        "spec: {a: b\nkind: K\n",
        "spec: [[[]]]\nkind: [K]\n",
        "spec: |\n  text\nmetadata:\n",
        "- kind: K\n",
        "just text\n",
        "",
    ] {
        let whole = parse(text.as_bytes()).map(|value| match value {
            Value::Map(map) => {
                let part = Map::new();
                for key in keys {
                    map.get(key.as_bytes()).into_iter().for_each(|value| part.insert(*key, value));
                }
                emit(&Value::Map(part))
            }
            other => emit(&other),
        });
        let part = parse_part(text.as_bytes(), keys).map(|value| match value {
            // What was read whole has the others, too.
            Value::Map(map) => {
                for (key, _) in map.sorted() {
                    if !keys.iter().any(|wanted| wanted.as_bytes() == key.as_bytes()) {
                        map.remove(key.as_bytes());
                    }
                }
                emit(&Value::Map(map))
            }
            other => emit(&other),
        });
        assert_eq!(part, whole, "{text}");
    }
    let deep = format!("spec: {}{}\n", "[".repeat(20_000), "]".repeat(20_000));
    assert!(parse_part(deep.as_bytes(), keys).is_err());
}
