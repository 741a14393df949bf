//! Functions: their arguments, comparisons, `index`, `printf`, and what Helm adds. All of it as Helm 4.2.3 gave it.

use super::{check, check_errors, data, render, render_files};
use crate::template::{ErrorKind, Mode};

/// The error as it stands in the one file.
fn here(column: usize, action: &str, message: &str) -> String {
    format!("c/templates/t.yaml:1:{column}\n  executing \"c/templates/t.yaml\" at <{action}>:\n    {message}")
}

/// What a function itself says stands in one line.
fn said(action: &str, message: &str) -> String {
    format!(
        "template: c/templates/t.yaml:1:3: executing \"c/templates/t.yaml\" at <{action}>: error calling {message}"
    )
}

#[test]
fn and_and_or_evaluate_what_they_need() {
    check(&[
        ("{{ and 1 0 (fail \"x\") }}{{ or 0 1 (fail \"x\") }}", "01"),
        ("{{ and 1 2 }}{{ or 0 \"\" }}[{{ and nil 1 }}{{ or nil nil }}]", "2[]"),
        ("{{ 5 | and 1 }}{{ 5 | and 0 }}{{ 5 | or 0 }}{{ 5 | or 1 }}", "5051"),
        ("{{ not 0 }}{{ not .list }}", "truefalse"),
    ]);
}

#[test]
fn comparisons() {
    check(&[
        ("{{ eq 1 2 1 }}{{ eq \"a\" \"a\" }}{{ eq 1.0 .one }}{{ eq nil nil }}", "truetruetruetrue"),
        ("{{ eq .missing \"a\" }}{{ eq 1 nil }}{{ eq .list nil }}{{ ne .map nil }}", "falsefalsefalsetrue"),
        ("{{ eq 'a' 97 }}{{ eq (index \"a\" 0) 97 }}{{ lt 98 (index \"a\" 0) }}", "truetruefalse"),
        ("{{ lt 1 2 }}{{ le 1 1 }}{{ gt \"a\" \"b\" }}{{ ge \"a\" \"b\" }}", "truetruefalsefalse"),
    ]);
    for (action, message) in [
        ("eq 1 1.0", "eq: incompatible types for comparison: int and float64"),
        ("eq \"a\" .list", "eq: incompatible types for comparison: string and []interface {}"),
        ("lt true false", "lt: invalid type for comparison"),
        ("lt nil 1", "lt: invalid type for comparison"),
        ("eq 1", "eq: missing argument for comparison"),
        ("eq .map.deep .map.deep", "eq: non-comparable type map[c:3]: map[string]interface {}"),
    ] {
        let message = message.replace("map[c:3]", "map[c:%!s(int=3)]");
        assert_eq!(render(&format!("{{{{ {action} }}}}")).unwrap_err().to_string(), said(action, &message));
    }
}

#[test]
fn index_slice_and_len() {
    check(&[
        ("{{ index .list 0 }}{{ index .map \"deep\" \"c\" }}[{{ index .map \"zz\" }}]", "a3[]"),
        ("{{ index .name 0 }}{{ (index .map \"zz\").x }}", "100"),
        ("{{ slice .list 1 2 }}{{ slice .list 1 }}", "[2][2 <nil>]"),
        ("{{ len .list }}{{ len .map }}{{ len .name }}", "336"),
    ]);
    for (action, message) in [
        ("index .list 9", "index: index out of range: 9"),
        ("index .list 3", "index: reflect: slice index out of range"),
        ("index .list \"a\"", "index: cannot index slice/array with type string"),
        ("index .map 1", "index: value has type int; should be string"),
        ("index .missing 1", "index: index of untyped nil"),
        ("index 1 0", "index: can't index item of type int"),
        ("slice .list 2 1", "slice: reflect.Value.Slice: slice index out of bounds"),
        ("slice .name 0 1 2", "slice: list should be type of slice or array but string"),
        ("len 3", "len: len of type int"),
        ("len .missing", "len: len of nil pointer"),
        ("call .name", "call: non-function .name of type string"),
    ] {
        assert_eq!(render(&format!("{{{{ {action} }}}}")).unwrap_err().to_string(), said(action, message));
    }
}

#[test]
fn arguments_are_of_the_right_number_and_type() {
    let cases = [
        ("trunc 5 .missing", 11, ".missing", "wrong type for value; expected string; got interface {}"),
        (".missing | trunc 5", 20, "5", "invalid value; expected string"),
        ("trunc \"a\" \"b\"", 9, "\"a\"", "expected integer; found \"a\""),
        ("trunc .one \"b\"", 9, ".one", "wrong type for value; expected int; got float64"),
        ("trunc nil \"b\"", 9, "nil", "cannot assign nil to int"),
        ("trunc 5", 3, "trunc", "wrong number of args for trunc: want 2 got 1"),
        ("not 1 2", 3, "not", "wrong number of args for not: want 1 got 2"),
        ("printf", 3, "printf", "wrong number of args for printf: want at least 1 got 0"),
        ("1 2", 3, "1", "can't give argument to non-function 1"),
        ("nil", 3, "nil", "nil is not a command"),
        (".name.x", 8, ".name.x", "can't evaluate field x in type interface {}"),
        ("range .yes }}{{ end", 9, ".yes", "range can't iterate over true"),
        ("range $i, $j := 3 }}{{ end", 19, "3", "can't use 3 to iterate over more than one variable"),
        ("$x = 1", 8, "1", "undefined variable: $x"),
        ("template \"x\"", 12, "{{template \"x\"}}", "template \"x\" not defined"),
    ];
    for (text, column, action, message) in cases {
        let error = render(&format!("{{{{ {text} }}}}")).unwrap_err();
        assert_eq!(error.to_string(), here(column, action, message), "{text}");
    }
}

#[test]
fn parse_errors_name_the_line() {
    let cases = [
        ("\n{{ if 1 }}\n", "3", "unexpected EOF"),
        ("{{ 1 | 2 }}", "1", "non executable command in pipeline stage 2"),
        ("{{ }}", "1", "missing value for command"),
        ("{{ \"a }}", "1", "unterminated quoted string"),
        ("\n{{ print\n  ! }}", "3", "unexpected \"!\" in operand"),
        ("{{ (1 }}", "1", "unclosed left paren"),
        ("{{ 1) }}", "1", "unexpected right paren"),
        ("{{ break }}", "1", "{{break}} outside {{range}}"),
        ("{{ $x }}", "1", "undefined variable \"$x\""),
        ("{{ end }}", "1", "unexpected {{end}}"),
        ("{{ if 1 }}{{ else }}{{ else }}{{ end }}", "1", "expected end; found {{else}}"),
        ("{{/* a", "1", "unclosed comment"),
        ("{{ 1a }}", "1", "bad number syntax"),
        ("{{ .a.b-c }}", "1", "bad character U+002D '-'"),
    ];
    for (text, line, message) in cases {
        let error = render(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Parse, "{text}");
        let shown = error.to_string();
        assert!(
            shown.starts_with(&format!("parse error at (c/templates/t.yaml:{line}): ")),
            "{text}: {shown}"
        );
        assert!(error.message().starts_with(message), "{text}: {shown}");
    }
}

#[test]
fn printing() {
    check(&[
        ("{{ println 1 \"a\" }}", "1 a\n"),
        (
            "{{ printf \"%d|%5d|%-5d|%05d|%+d|%x|%#o|%b\" 1 2 3 4 5 255 8 5 }}",
            "1|    2|3    |00004|+5|ff|010|101",
        ),
        (
            "{{ printf \"%s|%q|%10s|%-4s|%.2s|%x\" \"a\" \"b\" \"c\" \"d\" \"efg\" \"hi\" }}",
            "a|\"b\"|         c|d   |ef|6869",
        ),
        (
            "{{ printf \"%v|%+v|%#v|%T\" .list .map.deep .list .map }}",
            "[a 2 <nil>]|map[c:3]|[]interface {}{\"a\", 2, interface {}(nil)}|map[string]interface {}",
        ),
        (
            "{{ printf \"%.2f|%8.3f|%e|%g|%t\" 1.005 2.5 1e6 1e21 true }}",
            "1.00|   2.500|1.000000e+06|1e+21|true",
        ),
        ("{{ printf \"%d %s\" \"x\" 1 }}", "%!d(string=x) %!s(int=1)"),
        (
            "{{ printf \"%d\" 1 2 }}{{ printf \"%d %d\" 1 }}{{ printf \"%\" }}",
            "1%!(EXTRA int=2)1 %!d(MISSING)%!(NOVERB)",
        ),
        ("{{ html \"<a>\" }}{{ js \"'x'\" }}{{ urlquery \"a b&c\" }}", "&lt;a&gt;\\'x\\'a+b%26c"),
    ]);
}

#[test]
fn refusals_say_what_the_chart_says() {
    check_errors(&[
        ("{{ fail \"a\\nb: c\" }}", "execution error at (c/templates/t.yaml:1:3): a\nb: c"),
        ("{{ required \"need it\" .missing }}", "execution error at (c/templates/t.yaml:1:3): need it"),
        (
            "{{ define \"x\" }}{{ fail \"no\" }}{{ end }}{{ include \"x\" . }}",
            "execution error at (c/templates/t.yaml:1:43): no",
        ),
    ]);
    check(&[("{{ required \"a\" 0 }}{{ required \"a\" false }}", "0false")]);
    let lint = Mode { lint: true, ..Mode::default() };
    let files = [("t", "[{{ required \"a\" .missing }}{{ fail \"b\" }}]")];
    assert_eq!(render_files(lint, &files, data()).unwrap(), "[]");
}

#[test]
fn strict_mode_refuses_missing_keys() {
    let strict = Mode { strict: true, ..Mode::default() };
    let error = render_files(strict, &[("t", "{{ .missing }}")], data()).unwrap_err();
    assert_eq!(error.message(), "map has no entry for key \"missing\"");
}

#[test]
fn errors_inside_tpl_show_the_text() {
    check_errors(&[
        (
            "{{ tpl \"{{ nope }}\" . }}",
            "template: c/templates/t.yaml:1:3: executing \"c/templates/t.yaml\" at <tpl \"{{ nope }}\" .>: error calling tpl: cannot parse template \"{{ nope }}\": template: gotpl:1: function \"nope\" not defined",
        ),
        (
            "{{ tpl \"{{ .a.b }}\" .map }}",
            "template: c/templates/t.yaml:1:3: executing \"c/templates/t.yaml\" at <tpl \"{{ .a.b }}\" .map>: error calling tpl: error during tpl function execution for \"{{ .a.b }}\": template: gotpl:1:5: executing \"gotpl\" at <.a.b>: can't evaluate field b in type interface {}",
        ),
    ]);
}

#[test]
fn tpl_sees_and_hides_definitions() {
    check(&[
        (
            "{{ define \"x\" }}1{{ end }}{{ define \"y\" }}{{ template \"x\" }}{{ end }}{{ tpl \"{{ define \\\"x\\\" }}2{{ end }}{{ include \\\"y\\\" . }}\" . }}{{ include \"y\" . }}",
            "21",
        ),
        (
            "{{ define \"x\" }}1{{ end }}{{ tpl \"{{ define \\\"x\\\" }} {{ end }}{{ include \\\"x\\\" . }}\" . }}",
            "1",
        ),
        ("{{ tpl \"[{{ .missing }}]\" . }}{{ tpl \"{{ print `<no value>` }}\" . | len }}", "[]0"),
        ("{{ define \"x\" }}{{ .missing }}{{ end }}{{ include \"x\" . | len }}", "10"),
    ]);
}
