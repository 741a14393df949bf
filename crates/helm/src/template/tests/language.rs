//! The language: actions, control, variables, pipelines.

use super::{check, check_errors, data, render_files};
use crate::template::Mode;

#[test]
fn text_and_trimming() {
    check(&[
        ("", ""),
        ("plain", "plain"),
        ("a {{ 1 }} b", "a 1 b"),
        ("a {{- 1 -}} b", "a1b"),
        ("a \n\t{{- 1 }} b", "a1 b"),
        ("a{{/* no */}}b", "ab"),
        ("a {{- /* no */ -}} b", "ab"),
        ("a {{- /* no */}} b", "a b"),
        ("{{3 -}} \n x", "3x"),
        ("{{- 3}}", "3"),
        ("{{-3}}", "-3"),
        ("{{ 3 | print -}}\n", "3"),
        ("{{ (1) -}}\n", "1"),
        ("}} {", "}} {"),
    ]);
}

#[test]
fn constants() {
    check(&[
        ("{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 017 }} {{ 1_000 }}", "31 5 15 15 1000"),
        ("{{ 1.5 }} {{ 1e3 }} {{ 0x1p4 }} {{ -2 }} {{ +3 }} {{ .5 }}", "1.5 1000 16 -2 3 0.5"),
        ("{{ 'a' }} {{ '\\n' }} {{ '\\x41' }} {{ '日' }}", "97 10 65 26085"),
        (r#"{{ "a\tb\"\u00e9\x41" }}"#, "a\tb\"éA"),
        ("{{ `a\\n\"` }}", "a\\n\""),
        ("{{ true }} {{ false }}", "true false"),
        ("{{ printf \"%T %T %T\" 1 1.0 'a' }}", "int float64 int"),
    ]);
}

#[test]
fn values() {
    check(&[
        ("{{ .name }} {{ .one }} {{ .million }} {{ .yes }}", "dev-01 1 1e+06 true"),
        ("{{ .map }} {{ .list }}", "map[a:x b:2 deep:map[c:3]] [a 2 <nil>]"),
        ("[{{ .nothing }}{{ .missing }}]", "[]"),
        ("{{ .map.deep.c }} {{ (.map).deep.c }} {{ $.map.a }}", "3 3 x"),
        ("[{{ ((.map).missing).b }}{{ (.missing).x.y }}]", "[]"),
        ("{{ $x := .missing }}[{{ $x.y }}]", "[]"),
    ]);
}

#[test]
fn control() {
    check(&[
        ("{{ if .yes }}a{{ else }}b{{ end }}", "a"),
        ("{{ if .empty }}a{{ else if .missing }}b{{ else if 1 }}c{{ else }}d{{ end }}", "c"),
        ("{{ with .map }}{{ .a }}{{ end }}", "x"),
        ("{{ with .missing }}a{{ else with .map.deep }}{{ .c }}{{ else }}b{{ end }}", "3"),
        ("{{ with $x := .name }}{{ $x }}{{ end }}", "dev-01"),
        ("{{ range .list }}<{{ . }}>{{ end }}", "<a><2><>"),
        ("{{ range $i, $e := .list }}{{ $i }}={{ $e }};{{ end }}", "0=a;1=2;2=;"),
        ("{{ range $k, $v := .map }}{{ $k }}{{ end }}", "abdeep"),
        ("{{ range $v := .map.deep }}{{ $v }}{{ end }}", "3"),
        ("{{ range 3 }}{{ . }}{{ end }}{{ range $i := 2 }}{{ $i }}{{ end }}", "01201"),
        ("{{ range .missing }}a{{ else }}b{{ end }}", "b"),
        ("{{ range .list }}{{ break }}{{ end }}x", "x"),
        ("{{ range $i, $e := .list }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ $i }}{{ end }}", "02"),
    ]);
}

#[test]
fn variables() {
    check(&[
        ("{{ $x := 1 }}{{ $x = 2 }}{{ $x }}", "2"),
        ("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}", "21"),
        ("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"),
        ("{{ $x := 1 }}{{ $x := printf \"%d%d\" $x $x }}{{ $x }}", "11"),
        ("{{ $i := 7 }}{{ $e := 8 }}{{ range $i, $e = .list }}{{ end }}{{ $i }}{{ $e }}", "2"),
        ("{{ range .list }}{{ $.name }}{{ end }}", "dev-01dev-01dev-01"),
    ]);
}

#[test]
fn definitions() {
    check(&[
        ("{{ define \"x\" }}[{{ . }}]{{ end }}{{ template \"x\" .name }}{{ template \"x\" }}", "[dev-01][]"),
        ("{{ block \"x\" .map }}[{{ .a }}]{{ end }}", "[x]"),
        ("{{ define \"x\" }}[{{ . }}]{{ end }}{{ include \"x\" 1 | printf \"%s!\" }}", "[1]!"),
        ("{{ define \"x\" }}[{{ . }}]{{ end }}{{ tpl `{{ include \"x\" .a }}` .map }}", "[x]"),
        ("{{ tpl `{{ define \"y\" }}{{ . }}{{ end }}{{ include \"y\" 1 }}` . }}", "1"),
        ("{{ tpl `plain` . }}", "plain"),
    ]);
    let files = [
        ("c/charts/d/templates/_h.tpl", "{{ define \"x\" }}inner{{ end }}"),
        ("c/templates/_h.tpl", "{{ define \"x\" }}outer{{ end }}"),
        ("c/templates/t.yaml", "{{ include \"x\" . }}"),
    ];
    assert_eq!(render_files(Mode::default(), &files, data()).unwrap(), "outer");
}

#[test]
fn errors_name_the_place_and_the_cause() {
    check_errors(&[
        (
            "a\n  {{ .map.missing.x }}",
            "c/templates/t.yaml:2:9\n  executing \"c/templates/t.yaml\" at <.map.missing.x>:\n    nil pointer evaluating interface {}.x",
        ),
        (
            "{{ define \"x\" }}{{ .a.b }}{{ end }}{{ include \"x\" .map }}",
            "c/templates/t.yaml:1:38\n  executing \"c/templates/t.yaml\" at <include \"x\" .map>:\n    error calling include:\nc/templates/t.yaml:1:21\n  executing \"x\" at <.a.b>:\n    can't evaluate field b in type interface {}",
        ),
        ("{{ fail \"no\" }}", "execution error at (c/templates/t.yaml:1:3): no"),
        ("a\n{{ nope }}", "parse error at (c/templates/t.yaml:2): function \"nope\" not defined"),
    ]);
}
