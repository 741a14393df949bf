#![allow(clippy::unwrap_used)]
use std::{fs, io::Write as _, os::unix::fs::symlink, rc::Rc};

use flate2::{Compression, write::GzEncoder};

use super::{dependencies::process, glob::Pattern, *};
use crate::{value::Value, values};

const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

fn tgz(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, data) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        header.set_mode(0o644);
        // Written by hand: the library refuses the names that are tried here.
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        archive.append(&header, *data).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

fn load(files: &[(&str, &[u8])]) -> Result<Chart, Error> {
    load_archive(&tgz(files), &Limits::default())
}

#[test]
fn an_archive_is_sorted_into_its_parts() {
    let sub =
        tgz(&[("s/Chart.yaml", b"apiVersion: v2\nname: s\nversion: 0.1.0\n"), ("s/values.yaml", b"a: 1")]);
    let chart = load(&[
        ("c/Chart.yaml", b"\xef\xbb\xbfapiVersion: v2\nname: c\nversion: 1.0.0\nappVersion: 1.10\nannotations: {size: 1000000}\n"),
        ("c/values.yaml", b"# all\na: 1\n"),
        ("c/values.schema.json", b"{}"),
        ("c/templates/a.yaml", b"a: 1"),
        ("c/templates/sub/b.yaml", b"b: 1"),
        ("c/crds/x.yaml", b"kind: CustomResourceDefinition"),
        ("c/crds/README.md", b"no CRD"),
        ("c/README.md", b"# c"),
        ("c/charts/s-0.1.0.tgz", &sub),
        ("c/charts/_ignored/Chart.yaml", b"not even YAML: ["),
        ("c/charts/d/Chart.yaml", b"apiVersion: v1\nname: d\nversion: 0.2.0\n"),
    ])
    .unwrap();
    assert_eq!(
        (chart.metadata.app_version.as_str(), chart.metadata.annotations["size"].as_str()),
        ("1.1", "1000000")
    );
    assert_eq!(chart.values_text.as_ref().unwrap().to_string(), "# all\na: 1\n");
    assert_eq!(chart.templates.len(), 2);
    assert_eq!(chart.dependencies.iter().map(|chart| chart.name()).collect::<Vec<_>>(), ["d", "s"]);
    assert_eq!(chart.crds().len(), 1);
    assert_eq!(chart.readme().unwrap().data.to_string(), "# c");
}

#[test]
fn paths_that_lead_out_are_refused() {
    for (name, problem) in [
        ("c/../../etc/passwd", "parent directory"),
        ("/etc/passwd", "absolute"),
        ("c//etc/passwd", "absolute"),
        ("c\\..\\..\\x", "parent directory"),
        ("c/..x/y", "parent directory"),
        ("c/c:/x", "illegally named"),
        ("Chart.yaml", "not in base directory"),
        ("x", "outside the base directory"),
    ] {
        let error = load(&[("c/Chart.yaml", CHART.as_bytes()), (name, b"x")]).err().unwrap().to_string();
        assert!(error.contains(problem), "{name}: {error}");
    }
    // Made on Windows, but honest.
    assert!(load(&[("c\\Chart.yaml", CHART.as_bytes()), ("c\\templates\\a.yaml", b"a: 1")]).is_ok());
}

#[test]
fn links_in_archives_are_refused() {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    archive.append_link(&mut header, "c/values.yaml", "/etc/shadow").unwrap();
    let bytes = archive.into_inner().unwrap().finish().unwrap();
    assert!(load_archive(&bytes, &Limits::default()).err().unwrap().to_string().contains("it is a link"));
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![0; 6 << 20];
    let large = load(&[("c/Chart.yaml", CHART.as_bytes()), ("c/zeros", &zeros)]).err().unwrap();
    assert!(large.to_string().contains("larger than the maximum file size"), "{large}");
    let limits = Limits { total_bytes: 1000, ..Limits::default() };
    let many = tgz(&[("c/Chart.yaml", CHART.as_bytes()), ("c/a", &[0; 600]), ("c/b", &[0; 600])]);
    assert!(
        load_archive(&many, &limits).err().unwrap().to_string().contains("larger than the maximum size 1000")
    );
    let limits = Limits { files: 2, ..Limits::default() };
    assert!(load_archive(&many, &limits).err().unwrap().to_string().contains("more than 2 files"));
    // A chart in a chart in a chart…
    let mut inner = tgz(&[("c/Chart.yaml", CHART.as_bytes())]);
    for _ in 0..20 {
        inner = tgz(&[("c/Chart.yaml", CHART.as_bytes()), ("c/charts/c.tgz", &inner)]);
    }
    assert!(
        load_archive(&inner, &Limits::default()).err().unwrap().to_string().contains("deeper within charts")
    );
    // What its header announces is not there.
    let mut cut = tgz(&[("c/Chart.yaml", CHART.as_bytes()), ("c/a", &[7; 5000])]);
    cut.truncate(cut.len() - 20);
    assert!(load_archive(&cut, &Limits::default()).is_err());
    let mut nothing = GzEncoder::new(Vec::new(), Compression::fast());
    nothing.write_all(b"no tar").unwrap();
    assert!(load_archive(&nothing.finish().unwrap(), &Limits::default()).is_err());
    assert!(
        load_archive(b"a: 1\n", &Limits::default())
            .err()
            .unwrap()
            .to_string()
            .contains("not a gzipped archive")
    );
}

#[test]
fn chart_yaml_is_checked_as_helm_checks_it() {
    for (text, problem) in [
        ("apiVersion: v2\nversion: 1.0.0\n", "chart.metadata.name is required"),
        ("apiVersion: v2\nname: c\n", "chart.metadata.version is required"),
        ("apiVersion: v2\nname: c\nversion: one\n", "chart.metadata.version \"one\" is invalid"),
        ("apiVersion: v2\nname: a/b\nversion: 1.0.0\n", "chart.metadata.name \"a/b\" is invalid"),
        ("apiVersion: v2\nname: c\nversion: 1.0.0\ntype: other\n", "must be application or library"),
        ("name: [c]\nversion: 1.0.0\n", "name is a list, not a text"),
        (
            "name: c\nversion: 1.0.0\ndependencies: [{name: a}, {name: b, alias: a}]\n",
            "more than one dependency",
        ),
        ("name: c\n  version: 1\n", "line 2"),
    ] {
        let error = load(&[("c/Chart.yaml", text.as_bytes())]).err().unwrap().to_string();
        assert!(error.contains(problem), "{text}: {error}");
    }
    assert!(load(&[("c/README", b"x")]).err().unwrap().to_string().contains("Chart.yaml file is missing"));
}

#[test]
fn a_folder_leaves_out_what_helmignore_names() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Chart.yaml", CHART);
    write(".helmignore", "# comment\n*.bak\n/only-here.txt\nnotes/\n");
    for name in [
        "a.bak",
        "sub/b.bak",
        "only-here.txt",
        "sub/only-here.txt",
        "notes/x",
        "templates/.hidden",
        "kept.txt",
    ] {
        write(name, "x");
    }
    let chart = load_dir(folder.path(), Symlinks::Refuse, &Limits::default()).unwrap();
    let names: Vec<String> = chart.files.iter().map(|file| file.path().into_owned()).collect();
    assert_eq!(names, [".helmignore", "kept.txt", "sub/only-here.txt"]);
    assert!(chart.templates.is_empty());

    symlink("/etc/passwd", folder.path().join("link")).unwrap();
    let error = load_dir(folder.path(), Symlinks::Refuse, &Limits::default()).err().unwrap();
    assert!(error.to_string().contains("symbolic link"), "{error}");
    assert!(load_dir(folder.path(), Symlinks::Follow, &Limits::default()).is_ok());
}

#[test]
fn patterns_fit_as_in_helm() {
    for (pattern, path, fits) in [
        ("*.yaml", "a.yaml", true),
        ("*.yaml", "d/a.yaml", false),
        ("**.yaml", "d/a.yaml", true),
        ("d/**", "d/e/f", true),
        ("**/a", "a", false),
        ("{a,b}/*.[ch]", "b/x.c", true),
        ("a?c", "a/c", false),
        ("[!a]x", "bx", true),
        ("a\\*", "a*", true),
        // What is wrong matches everything.
        ("[a-z0-9]x", "anything", true),
    ] {
        assert_eq!(Pattern::of_files(pattern).matches(path), fits, "{pattern} {path}");
    }
    assert!(Pattern::of_path("[a-c]*").unwrap().matches("bcd"));
    assert!(Pattern::of_path("[").is_err());
    // No exponential search.
    assert!(!Pattern::of_files(&"*a".repeat(200)).matches(&"a".repeat(5000).replace("aaaaa", "aaaab")));
}

fn dependent() -> Rc<Chart> {
    let sub = |name: &str, values: &str| {
        let text = format!("apiVersion: v2\nname: {name}\nversion: 1.2.0\n");
        tgz(&[
            (&format!("{name}/Chart.yaml"), text.as_bytes()),
            (&format!("{name}/values.yaml"), values.as_bytes()),
        ])
    };
    let yaml = "apiVersion: v2\nname: top\nversion: 1.0.0\ndependencies:\n\
        - {name: a, version: ^1.0.0, condition: 'a.enabled,other', tags: [back]}\n\
        - {name: a, version: 1.x, alias: second, import-values: [{child: deep, parent: taken}, all]}\n\
        - {name: b, version: '>2.0.0', condition: b.enabled}\n";
    let a = sub("a", "deep: {x: 1}\nexports: {all: {w: 2}}\n");
    let b = sub("b", "{}");
    let files: [(&str, &[u8]); 4] = [
        ("top/Chart.yaml", yaml.as_bytes()),
        ("top/values.yaml", b"taken: {z: 3}\n"),
        ("top/charts/a.tgz", &a),
        ("top/charts/b.tgz", &b),
    ];
    Rc::new(load(&files).unwrap())
}

fn names(values_text: &str) -> Vec<String> {
    let values = values::read(values_text.as_bytes()).unwrap();
    let tree = process(&dependent(), &values, &mut Vec::new()).unwrap();
    tree.children.iter().map(|child| child.metadata.name.clone()).collect()
}

#[test]
fn conditions_and_tags_turn_dependencies_on_and_off() {
    // b's version does not fit what Chart.yaml asks for: then it is there as if it were not listed.
    assert_eq!(names("{}"), ["b", "a", "second"]);
    assert_eq!(names("a: {enabled: false}"), ["b", "second"]);
    assert_eq!(names("tags: {back: false}"), ["b", "second"]);
    // A condition counts more than a tag.
    assert_eq!(names("tags: {back: false}\na: {enabled: true}"), ["b", "a", "second"]);
}

#[test]
fn parents_take_over_values() {
    let tree = process(&dependent(), &Map::new(), &mut Vec::new()).unwrap();
    let taken = values::table(&tree.values, "taken").unwrap();
    assert!(taken.contains_key(b"x") && taken.contains_key(b"z"));
    assert!(matches!(tree.values.get(b"w"), Some(Value::Float(2.0))));
}
