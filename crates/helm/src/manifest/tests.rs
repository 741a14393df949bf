#![allow(clippy::unwrap_used)]
use super::*;

#[test]
fn texts_are_split_as_helm_splits_them() {
    assert_eq!(split("---\na: 1\n---\nb: 1\n"), ["a: 1", "b: 1\n"]);
    assert_eq!(split("\n\na: 1\n\n\n--- \n\n---\nb: 1"), ["a: 1", "---\nb: 1"]);
    assert_eq!(split("a: 1\n---b: 2"), ["a: 1", "b: 2"]);
    assert_eq!(split("a: |\n  x\n  ---\n"), ["a: |\n  x\n  ---\n"]);
    assert!(split(" \n---\n \n").is_empty());
}

fn object(kind: &str, name: &str, annotations: &str) -> String {
    format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, annotations: {{{annotations}}}}}\n")
}

#[test]
fn objects_come_in_the_order_of_installing() {
    let text = [
        object("Zebra", "z", ""),
        object("Deployment", "d", ""),
        object("Ant", "a", ""),
        object("Service", "s2", ""),
        object("Service", "s1", ""),
        object("Namespace", "first", ""),
    ]
    .join("---\n");
    let (documents, _) = sort(vec![("c/templates/a.yaml".into(), text)]).unwrap();
    let names: Vec<&str> = documents.iter().map(|document| document.head.name.as_str()).collect();
    assert_eq!(names, ["first", "s2", "s1", "d", "a", "z"]);
    let mut kinds =
        vec!["Namespace", "Service", "Deployment", "CronJob", "Ingress", "IngressClass", "Zebra", "Ant"];
    sort_uninstall(&mut kinds, |kind| kind);
    assert_eq!(
        kinds,
        ["Ingress", "IngressClass", "Service", "CronJob", "Deployment", "Namespace", "Ant", "Zebra"]
    );
}

#[test]
fn hooks_are_told_apart() {
    let hook = "'helm.sh/hook': 'pre-install, Test', 'helm.sh/hook-weight': \"-5\", 'helm.sh/hook-delete-policy': hook-succeeded";
    let files = vec![
        ("c/templates/hook.yaml".into(), object("Job", "j", hook)),
        ("c/templates/unknown.yaml".into(), object("Job", "u", "'helm.sh/hook': 'never'")),
        ("c/templates/_part.yaml".into(), "not: [yaml".into()),
        ("c/templates/empty.yaml".into(), "\n\n".into()),
    ];
    let (documents, hooks) = sort(files).unwrap();
    assert!(documents.is_empty());
    assert_eq!(hooks.len(), 1);
    assert_eq!(
        (hooks[0].events.as_slice(), hooks[0].weight),
        ([Event::PreInstall, Event::Test].as_slice(), -5)
    );
    assert_eq!(hooks[0].delete_policies, ["hook-succeeded"]);
}

#[test]
fn what_is_no_object_is_refused_with_its_place() {
    let error = sort(vec![("c/templates/a.yaml".into(), "a: 1\n---\nb: [\n".into())]).err().unwrap();
    assert_eq!(error.file, "c/templates/a.yaml");
    assert!(error.line >= 3, "{error:?}");
    let error = sort(vec![("c/templates/a.yaml".into(), "- x\n".into())]).err().unwrap();
    assert!(error.message.contains("cannot unmarshal array"), "{error}");
    let deep = object("Pod", "p", "a: {b: c}");
    assert!(sort(vec![("f".into(), deep)]).err().unwrap().message.contains("metadata.annotations"));
}

#[test]
fn a_sorter_gives_what_the_texts_of_now_hold() {
    let files = |name: &str| {
        vec![
            ("c/templates/b.yaml".to_owned(), format!("kind: Service\nmetadata: {{name: {name}}}")),
            ("c/templates/a.yaml".to_owned(), "kind: Deployment\n---\nkind: Secret\n".to_owned()),
        ]
    };
    let mut sorter = Sorter::default();
    for name in ["one", "one", "two"] {
        assert_eq!(sorter.sort(files(name)).unwrap(), sort(files(name)).unwrap());
    }
    assert!(sorter.sort(vec![("c/templates/b.yaml".into(), "{".into())]).is_err());
    assert_eq!(sorter.sort(Vec::new()).unwrap(), (Vec::new(), Vec::new()));
    assert_eq!(sorter.sort(files("one")).unwrap(), sort(files("one")).unwrap());
}
