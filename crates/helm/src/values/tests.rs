#![allow(clippy::unwrap_used)]
use super::{
    layers::{Layer, origins, reduce},
    set::{self, Kind},
    *,
};
use crate::yaml::json::to_json;

fn map(yaml: &str) -> Map {
    read(yaml.as_bytes()).unwrap()
}

fn shown(map: &Map) -> String {
    to_json(&Value::Map(map.clone())).to_string()
}

struct Plain {
    name: &'static str,
    values: Map,
    children: Vec<Plain>,
}

impl Node for Plain {
    fn name(&self) -> &str {
        self.name
    }
    fn values(&self) -> &Map {
        &self.values
    }
    fn children(&self) -> &[Self] {
        &self.children
    }
}

fn chart(name: &'static str, values: &str, children: Vec<Plain>) -> Plain {
    Plain { name, values: map(values), children }
}

#[test]
fn documents_of_a_values_file_are_merged() {
    assert_eq!(shown(&map("a: {b: 1}\n--- # next\na: {c: 2}\n")), r#"{"a":{"b":1,"c":2}}"#);
    assert_eq!(read(b"a: 1\n---\n- x\n").err().unwrap().line, 3);
}

#[test]
fn a_null_deletes_a_default_and_defaults_have_none() {
    let chart = chart("c", "a: 1\nb: {x: 1, y: null}\nz: null\n", vec![]);
    let values = coalesce(&chart, &map("a: null\nb: {x: null, w: 2}\nown: null\n"), &mut Vec::new()).unwrap();
    assert_eq!(shown(&values), r#"{"b":{"w":2},"own":null}"#);
}

#[test]
fn globals_reach_the_charts_below_and_the_top_wins() {
    let leaf = chart("leaf", "global: {from: leaf, only: leaf}\nsize: 1\n", vec![]);
    let chart = chart("top", "global: {from: top}\nleaf: {size: 2}\n", vec![leaf]);
    let values = coalesce(&chart, &Map::new(), &mut Vec::new()).unwrap();
    assert_eq!(
        shown(&values),
        r#"{"global":{"from":"top"},"leaf":{"global":{"from":"top","only":"leaf"},"size":2}}"#
    );
}

#[test]
fn tables_and_what_is_none_do_not_mix() {
    let mut warnings = Vec::new();
    let chart_of = chart("c", "a: 1\nb: {x: {y: 1}}\n", vec![]);
    let values = coalesce(&chart_of, &map("a: {x: 1}\nb: {x: 2}\n"), &mut warnings).unwrap();
    assert_eq!(shown(&values), r#"{"a":{"x":1},"b":{"x":2}}"#);
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    let below = chart("top", "", vec![chart("leaf", "", vec![])]);
    assert!(
        coalesce(&below, &map("leaf: 1"), &mut Vec::new()).err().unwrap().contains("type mismatch on leaf")
    );
}

fn parsed(kind: Kind, text: &str, onto: &str) -> Result<String, String> {
    let values = copy(&map(onto));
    set::parse(kind, text, &values, &|path| Ok(format!("<{path}>").into_bytes())).map(|()| shown(&values))
}

#[test]
fn set_is_read_as_helm_reads_it() {
    for (kind, text, onto, result) in [
        (Kind::Typed, "a.b=1,c=true,d=null,e=", "", r#"{"a":{"b":1},"c":true,"d":null,"e":""}"#),
        (Kind::Typed, "a=01,b=1.5,c=0", "", r#"{"a":"01","b":"1.5","c":0}"#),
        (Kind::Typed, "a={x,2},b={}", "", r#"{"a":["x",2],"b":[""]}"#),
        (Kind::Typed, "a[1].b=2", "", r#"{"a":[null,{"b":2}]}"#),
        (Kind::Typed, "a[0][1]=x", "", r#"{"a":[[null,"x"]]}"#),
        (Kind::Typed, "a[0].b=9", "a: [{b: 1, c: 2}]", r#"{"a":[{"b":9,"c":2}]}"#),
        (Kind::Typed, r"a\.b/c=x\,y", "", r#"{"a.b/c":"x,y"}"#),
        (Kind::Text, "a=1,b=true", "", r#"{"a":"1","b":"true"}"#),
        (Kind::Json, r#"a={"x":[1]},b=null"#, "", r#"{"a":{"x":[1]},"b":null}"#),
        (Kind::Json, r#"{"a":{"y":2}}"#, "a: {x: 1}", r#"{"a":{"x":1,"y":2}}"#),
        (Kind::File, "a=f.txt", "", r#"{"a":"<f.txt>"}"#),
        (Kind::Literal, r"a.b=x,y={1}\n", "", r#"{"a":{"b":"x,y={1}\\n"}}"#),
    ] {
        assert_eq!(parsed(kind, text, onto).unwrap(), result, "{text}");
    }
}

#[test]
fn set_says_what_it_cannot_read() {
    for (text, onto, problem) in [
        ("a", "", "key \"a\" has no value"),
        ("a,b=1", "", "cannot end with ,"),
        ("a={x", "", "list must terminate with '}'"),
        ("a[-1]=x", "", "negative -1 index not allowed"),
        ("a[70000]=x", "", "greater than maximum supported index"),
        ("a.b=1", "a: 1", "is already a float64, and not a table"),
        ("a[0]x=1", "", "unexpected data at end of array index"),
    ] {
        let error = parsed(Kind::Typed, text, onto).unwrap_err();
        assert!(error.contains(problem), "{text}: {error}");
    }
    let deep = format!("{}=1", vec!["a"; 40].join("."));
    assert!(parsed(Kind::Typed, &deep, "").unwrap_err().contains("nested level"));
}

fn layers() -> Vec<Layer> {
    [
        ("chart", "a: {x: 1, w: 1}\nb: [1]\nc: {}\n"),
        ("group java", "a: {x: 2}\n"),
        ("release", "a: {x: 3}\nb: [2]\n"),
    ]
    .into_iter()
    .map(|(name, yaml)| Layer { name: name.into(), values: map(yaml) })
    .collect()
}

#[test]
fn each_leaf_tells_its_layer_and_what_it_hides() {
    let lines: Vec<String> = origins(&layers())
        .iter()
        .map(|origin| {
            let hides: Vec<String> =
                origin.hides.iter().map(|hidden| format!("{}={}", hidden.layer, hidden.value)).collect();
            format!("{} {} {} [{}]", origin.path.join("."), origin.layer, origin.value, hides.join(" "))
        })
        .collect();
    assert_eq!(
        lines,
        [
            "a.w chart 1 []",
            "a.x release 3 [group java=2 chart=1]",
            "b release [2] [chart=[1]]",
            "c chart {} []"
        ]
    );
}

#[test]
fn only_what_differs_is_kept() {
    let below = map("a: {x: 1, y: 1}\nb: [1]\nc: 1\n");
    assert_eq!(
        shown(&reduce(&map("a: {x: 2, y: 1}\nb: [1]\nd: new\n"), &below)),
        r#"{"a":{"x":2},"c":null,"d":"new"}"#
    );
    // Layered again, the document is what it was.
    let edited = map("a: {x: 2}\nb: [1]\nd: new\n");
    let chart = Plain { name: "c", values: below.clone(), children: vec![] };
    let again = coalesce(&chart, &reduce(&edited, &below), &mut Vec::new()).unwrap();
    assert_eq!(shown(&again), shown(&edited));
}
