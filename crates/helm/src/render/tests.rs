#![allow(clippy::unwrap_used)]
use std::cell::RefCell;

use super::*;
use crate::{
    chart::{Limits as ChartLimits, Symlinks, load_dir},
    environment::NoCluster,
    template::with_stack,
};

fn rendered(files: &[(&str, &str)], values: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    if !folder.path().join("Chart.yaml").exists() {
        std::fs::write(folder.path().join("Chart.yaml"), "apiVersion: v2\nname: c\nversion: 1.0.0\n")
            .unwrap();
    }
    with_stack(|| {
        let chart = load_dir(folder.path(), Symlinks::Refuse, &ChartLimits::default()).unwrap();
        let environment = Environment {
            now: (0, 0),
            random: RefCell::new(Box::new(|bytes: &mut [u8]| bytes.fill(7))),
            lookup: &NoCluster,
        };
        let release = Release {
            name: "r".into(),
            namespace: "n".into(),
            revision: 1,
            is_install: true,
            is_upgrade: false,
        };
        let values = values::read(values.as_bytes()).unwrap();
        let parsed = Parsed::new(chart);
        let context = Context {
            environment: &environment,
            release: &release,
            capabilities: &Capabilities::default(),
            options: &Options::default(),
        };
        let once = parsed.render(context, &values);
        let again = parsed.render(context, &values);
        match (once, again) {
            (Ok(once), Ok(again)) => {
                assert_eq!(once.manifest(), again.manifest(), "rendering leaves no trace");
                Ok(once.manifest() + &once.notes)
            }
            (once, _) => Err(once.err().unwrap().to_string()),
        }
    })
    .unwrap()
}

#[test]
fn templates_see_what_helm_shows_them() {
    let template = "{{ .Release.Name }} {{ .Release.Service }} {{ .Chart.Name }} {{ .Chart.IsRoot }} {{ .Template.Name }} \
        {{ .Template.BasePath }} {{ .Capabilities.KubeVersion }} {{ .Capabilities.APIVersions.Has \"apps/v1\" }} \
        {{ .Capabilities.HelmVersion.Version }} {{ .Files.Get \"a.txt\" }} {{ .Files.Lines \"b.txt\" | join \"+\" }}";
    let files = [("templates/NOTES.txt", template), ("a.txt", "A"), ("b.txt", "1\n2\n")];
    assert_eq!(
        rendered(&files, "").unwrap(),
        "r Helm c true c/templates/NOTES.txt c/templates v1.36.0 true v4.2 A 1+2"
    );
}

#[test]
fn what_a_template_sets_the_next_one_sees_but_no_other_rendering() {
    let files = [
        ("values.yaml", "n: 1\n"),
        ("templates/b.yaml", "{{ $_ := set .Values \"n\" 2 }}"),
        ("templates/a.yaml", "n: {{ .Values.n }}"),
    ];
    assert_eq!(rendered(&files, "").unwrap(), "---\n# Source: c/templates/a.yaml\nn: 2\n");
}

#[test]
fn charts_below_have_their_own_values() {
    let files = [
        ("charts/s/Chart.yaml", "apiVersion: v2\nname: s\nversion: 1.0.0\n"),
        ("charts/s/values.yaml", "a: default\n"),
        (
            "charts/s/templates/a.yaml",
            "a: {{ .Values.a }}\nb: {{ .Values.global.b }}\nroot: {{ .Chart.IsRoot }}\n",
        ),
        ("charts/l/Chart.yaml", "apiVersion: v2\nname: l\nversion: 1.0.0\ntype: library\n"),
        ("charts/l/templates/a.yaml", "a library renders nothing"),
        ("charts/l/templates/_l.tpl", "{{ define \"l\" }}from the library{{ end }}"),
        ("templates/b.yaml", "l: {{ include \"l\" . }}\n"),
    ];
    assert_eq!(
        rendered(&files, "s: {a: over}\nglobal: {b: 1}").unwrap(),
        "---\n# Source: c/charts/s/templates/a.yaml\na: over\nb: 1\nroot: false\n\n---\n# Source: c/templates/b.yaml\nl: from the library\n\n"
    );
}

#[test]
fn what_does_not_suit_is_refused() {
    let chart = "apiVersion: v2\nname: c\nversion: 1.0.0\nkubeVersion: '>=2.0.0'\n";
    let error = rendered(&[("Chart.yaml", chart)], "").unwrap_err();
    assert_eq!(error, "chart requires kubeVersion: >=2.0.0 which is incompatible with Kubernetes v1.36.0");
    let schema = r#"{"properties":{"size":{"type":"integer"}}}"#;
    let error = rendered(&[("values.schema.json", schema)], "size: x").unwrap_err();
    assert!(error.ends_with("c:\n- at '/size': got string, want integer\n"), "{error}");
    let error = rendered(&[("templates/a.yaml", "a: {{ fail \"no\" }}")], "").unwrap_err();
    assert!(error.contains("c/templates/a.yaml:1:6") && error.contains("no"), "{error}");
    let error = rendered(&[("templates/a.yaml", "a: b: c")], "").unwrap_err();
    assert!(error.contains("YAML parse error on c/templates/a.yaml"), "{error}");
}

#[test]
fn versions_of_kubernetes_are_read_as_helm_reads_them() {
    let version = KubeVersion::parse("1.33.4-gke.1245000").unwrap();
    assert_eq!((version.version.as_str(), version.normalized.as_str()), ("v1.33.4-gke.1245000", "v1.33.4"));
    assert_eq!((version.major.as_str(), version.minor.as_str()), ("1", "33"));
    assert!(KubeVersion::parse("one").is_err());
    assert!(KubeVersion::parse("1").is_err());
}
