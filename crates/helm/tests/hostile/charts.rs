//! Charts whose templates, values or manifests are meant to take all there is.

use std::{fmt::Write as _, fs, path::Path};

/// A chart in a folder: file names and what is in them. `Chart.yaml` is made when it is not named.
pub fn write(folder: &Path, files: &[(String, String)]) {
    fs::create_dir_all(folder.join("templates")).unwrap();
    fs::write(folder.join("Chart.yaml"), "apiVersion: v2\nname: hostile\nversion: 0.1.0\n").unwrap();
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Ten references to ten references to…
pub fn laughs(levels: usize) -> String {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..levels {
        let below = format!("*a{}", level - 1);
        let _ = writeln!(text, "a{level}: &a{level} [{}]", [below.as_str(); 10].join(", "));
    }
    text
}

fn merges(levels: usize) -> String {
    let mut text = "m0: &m0 {a: 1, b: 2, c: 3}\n".to_owned();
    for level in 1..levels {
        let _ = writeln!(
            text,
            "m{level}: &m{level}\n  <<: [*m{0}, *m{0}]\n  x{level}: {{k: *m{0}, l: *m{0}, n: *m{0}}}",
            level - 1
        );
    }
    text
}

fn template(text: &str) -> Vec<(String, String)> {
    vec![("templates/a.yaml".to_owned(), format!("# {text}\n"))]
}

fn values(text: String) -> Vec<(String, String)> {
    vec![
        ("values.yaml".to_owned(), text),
        ("templates/a.yaml".to_owned(), "# {{ .Values | toYaml | len }}\n".to_owned()),
    ]
}

/// Each by the name of its fault. All must be refused.
pub fn refused() -> Vec<(&'static str, Vec<(String, String)>)> {
    let deep = 200_000;
    vec![
        (
            "include that includes itself",
            template("{{ define \"x\" }}{{ include \"x\" . }}{{ end }}{{ include \"x\" . }}"),
        ),
        (
            "template that calls itself",
            template("{{ define \"x\" }}{{ template \"x\" . }}{{ end }}{{ template \"x\" . }}"),
        ),
        (
            "two that include each other",
            template(
                "{{ define \"x\" }}{{ include \"y\" . }}{{ end }}{{ define \"y\" }}{{ tpl \"{{ include \\\"x\\\" . }}\" . }}{{ end }}{{ include \"x\" . }}",
            ),
        ),
        (
            "tpl of itself",
            vec![
                ("values.yaml".to_owned(), "t: \"{{ tpl .Values.t . }}\"\n".to_owned()),
                ("templates/a.yaml".to_owned(), "# {{ tpl .Values.t . }}\n".to_owned()),
            ],
        ),
        ("a range over a billion", template("{{ range until 1000000000 }}{{ end }}")),
        ("a range over an integer", template("{{ range 1000000000000 }}{{ end }}")),
        (
            "ranges in ranges",
            template(
                "{{ range until 10000 }}{{ range until 10000 }}{{ range until 10000 }}x{{ end }}{{ end }}{{ end }}",
            ),
        ),
        ("untilStep by one", template("{{ untilStep 0 2000000000 1 | len }}")),
        ("seq to a billion", template("{{ seq 1 1000000000 | len }}")),
        ("a text repeated", template("{{ repeat 2000000000 \"x\" | len }}")),
        (
            "a text doubled",
            template(
                "{{ $x := \"xxxxxxxx\" }}{{ range until 64 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}{{ len $x }}",
            ),
        ),
        (
            "a text doubled by join",
            template(
                "{{ $x := \"xxxxxxxx\" }}{{ range until 64 }}{{ $x = join $x (list $x $x $x) }}{{ end }}{{ len $x }}",
            ),
        ),
        (
            "a text doubled by replace",
            template(
                "{{ $x := \"xx\" }}{{ range until 64 }}{{ $x = replace \"x\" $x $x }}{{ end }}{{ len $x }}",
            ),
        ),
        (
            "a text doubled by a pattern",
            template(
                "{{ $x := \"xx\" }}{{ range until 64 }}{{ $x = regexReplaceAll \"x\" $x $x }}{{ end }}{{ len $x }}",
            ),
        ),
        ("a wide verb", template("{{ printf \"%999999d%999999d\" 1 2 | repeat 10000 | len }}")),
        ("a wide indent", template("{{ indent 2000000000 \"x\" | len }}")),
        (
            "lists doubled",
            template(
                "{{ $x := list 1 2 3 4 }}{{ range until 64 }}{{ $x = concat $x $x }}{{ end }}{{ len $x }}",
            ),
        ),
        (
            "lists of lists, printed",
            template(
                "{{ $x := list 1 }}{{ range until 64 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x | len }}",
            ),
        ),
        (
            "lists of lists, as YAML",
            template(
                "{{ $x := list 1 }}{{ range until 64 }}{{ $x = list $x $x }}{{ end }}{{ toYaml $x | len }}",
            ),
        ),
        (
            "lists of lists, copied",
            template(
                "{{ $x := list 1 }}{{ range until 64 }}{{ $x = list $x $x }}{{ end }}{{ deepCopy $x | len }}",
            ),
        ),
        (
            "lists of lists, compared",
            template(
                "{{ $x := list 1 }}{{ $y := list 1 }}{{ range until 64 }}{{ $x = list $x $x }}{{ $y = list $y $y }}{{ end }}{{ deepEqual $x $y }}",
            ),
        ),
        (
            "a map in itself, as JSON",
            template("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ mustToJson $d | len }}"),
        ),
        ("a map in itself, printed", template("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ $d }}")),
        (
            "a map in itself, copied",
            template("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ deepCopy $d | len }}"),
        ),
        (
            "a map in itself, as TOML",
            template(
                "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ toToml $d | len }}{{ fail \"whatever it says\" }}",
            ),
        ),
        (
            "a map in itself, merged",
            template(
                "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ merge (dict \"d\" (dict)) $d | toJson | len }}{{ fail \"whatever it says\" }}",
            ),
        ),
        (
            "a deep nest of maps",
            template(
                "{{ $d := dict }}{{ range until 100000 }}{{ $d = dict \"d\" $d }}{{ end }}{{ toYaml $d | len }}{{ fail \"whatever it says\" }}",
            ),
        ),
        (
            "a deep nest of lists, dropped",
            template(
                "{{ $d := list }}{{ range until 300000 }}{{ $d = list $d }}{{ end }}{{ fail \"dropped\" }}",
            ),
        ),
        (
            "a pattern that explodes",
            template(
                "{{ regexMatch \"((((x{1,100}){1,100}){1,100}){1,100}){1,100}\" \"xx\" }}{{ fail \"whatever it says\" }}",
            ),
        ),
        ("a pattern in patterns", template("{{ $p := repeat 100000 \"(\" }}{{ mustRegexMatch $p \"x\" }}")),
        ("random bytes without end", template("{{ randAlphaNum 2000000000 | len }}")),
        ("random bytes in base64", template("{{ randBytes 2000000000 | len }}")),
        (
            "expressions in parentheses",
            template(&format!("{{{{ {}1{} }}}}", "(".repeat(deep), ")".repeat(deep))),
        ),
        (
            "blocks in blocks",
            template(&format!("{}{}", "{{ if true }}".repeat(deep), "{{ end }}".repeat(deep))),
        ),
        (
            "else after else",
            template(&format!(
                "{{{{ if false }}}}{}{{{{ end }}}}{{{{ fail \"x\" }}}}",
                "{{ else if false }}".repeat(deep)
            )),
        ),
        ("a laugh in values", values(laughs(12))),
        ("merges in values", values(merges(24))),
        ("a deep flow in values", values(format!("a: {}{}\n", "[".repeat(deep), "]".repeat(deep)))),
        ("deep maps in values", values(format!("a: {}1{}\n", "{a: ".repeat(deep), "}".repeat(deep)))),
        (
            "a deep block in values",
            values((0..20_000).fold(String::new(), |text, level| text + &" ".repeat(level % 2000) + "a:\n")),
        ),
        ("deep dashes in values", values(format!("a:\n{}x\n", "- ".repeat(deep)))),
        (
            "a laugh in fromYaml",
            template(&format!("{{{{ fromYaml {:?} | toJson | len }}}}{{{{ fail \"x\" }}}}", laughs(12))),
        ),
        (
            "deep JSON in fromJson",
            template(&format!(
                "{{{{ mustFromJson {:?} | toJson | len }}}}{{{{ fail \"x\" }}}}",
                "[".repeat(deep)
            )),
        ),
        (
            "deep YAML in fromYaml",
            template(
                "{{ fromYaml (repeat 200000 \"[\") | toJson | len }}{{ fromYamlArray (repeat 200000 \"- \") | toJson | len }}{{ fail \"x\" }}",
            ),
        ),
        (
            "a laugh in a manifest",
            vec![(
                "templates/a.yaml".to_owned(),
                format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n{}", laughs(12)),
            )],
        ),
        ("a deep manifest", template(&format!("\n{}", "[".repeat(deep)))),
        (
            "a laugh in Chart.yaml",
            vec![(
                "Chart.yaml".to_owned(),
                format!(
                    "apiVersion: v2\nname: hostile\nversion: 0.1.0\nannotations:\n{}",
                    laughs(12).lines().fold(String::new(), |all, line| all + "  " + line + "\n")
                ),
            )],
        ),
        (
            "a pattern in a schema",
            vec![
                ("values.yaml".to_owned(), format!("a: {}!\n", "a".repeat(60))),
                (
                    "values.schema.json".to_owned(),
                    r#"{"properties": {"a": {"type": "string", "pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"}}}"#
                        .to_owned(),
                ),
            ],
        ),
        (
            "a text that is too long altogether",
            template("{{ range until 100000 }}{{ repeat 10000 \"x\" }}{{ end }}"),
        ),
    ]
}

/// Large, but none of it is a fault: it must render.
pub fn rendered() -> Vec<(&'static str, Vec<(String, String)>)> {
    vec![
        (
            "includes nine hundred deep",
            template(
                "{{ define \"x\" }}{{ if gt . 0 }}{{ include \"x\" (sub . 1) }}{{ end }}{{ end }}{{ include \"x\" 900 }}",
            ),
        ),
        ("a range over fifty thousand", template("{{ range until 50000 }}x{{ end }}")),
        // Helm's toYaml, too, gives nothing for what holds itself.
        (
            "a map in itself, as YAML",
            template("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ toYaml $d | len }}"),
        ),
        (
            "values in themselves, and a tpl",
            template("{{ $_ := set .Values \"v\" .Values }}{{ tpl \"{{ .Values | toYaml | len }}\" . }}"),
        ),
        ("a laugh of three", values(laughs(3))),
        ("values three hundred deep", values(format!("a: {}1{}\n", "[".repeat(300), "]".repeat(300)))),
        // Neither is read: what stands there is no schema, and nobody answers.
        (
            "a schema from another file",
            vec![("values.schema.json".to_owned(), r#"{"$ref": "file:///etc/passwd"}"#.to_owned())],
        ),
        (
            "a schema from the network",
            vec![(
                "values.schema.json".to_owned(),
                r#"{"$ref": "http://127.0.0.1:1/schema.json"}"#.to_owned(),
            )],
        ),
        ("a text of a megabyte", template("{{ repeat 1000000 \"x\" }}")),
        (
            "a hundred thousand lines of separators",
            vec![("templates/a.yaml".to_owned(), "---\n".repeat(100_000))],
        ),
    ]
}
