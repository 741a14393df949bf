#![allow(clippy::unwrap_used)]
use super::{index::Index, *};

const INDEX: &str = "apiVersion: v1\ngenerated: now\nentries:\n  jenkins:\n  - version: 5.0.0\n    appVersion: '2.4'\n    \
    description: Builds\n    urls: [jenkins-5.0.0.tgz]\n    digest: abc\n    dependencies: [{name: x, version: 1}]\n  \
    - version: 5.10.0\n    urls: ['https://cdn.example.com/jenkins-5.10.0.tgz']\n    description: Builds\n  \
    - version: 6.0.0-rc.1\n    urls: [rc.tgz]\n  - version: no version\n    urls: [x.tgz]\n";

fn repository() -> Repository {
    Repository::new("https://charts.example.com/stable/", None, None)
}

#[test]
fn the_newest_that_fits_is_chosen() {
    let index = Index::parse(INDEX.as_bytes()).unwrap();
    let versions: Vec<&str> = index.versions("jenkins").iter().map(|entry| entry.version.as_str()).collect();
    assert_eq!(versions, ["6.0.0-rc.1", "5.10.0", "5.0.0"]);
    let resolve = |constraint: &str| repository().resolve_in(&index, "jenkins", constraint);
    assert_eq!(resolve("").unwrap().version, "5.10.0");
    assert_eq!(resolve("~5.0").unwrap().version, "5.0.0");
    assert_eq!(resolve("6.0.0-rc.1").unwrap().version, "6.0.0-rc.1");
    assert_eq!(resolve("5.0.0").unwrap().url, "https://charts.example.com/stable/jenkins-5.0.0.tgz");
    assert_eq!(resolve("5.10.0").unwrap().url, "https://cdn.example.com/jenkins-5.10.0.tgz");
    assert!(matches!(resolve(">7"), Err(Error::NoVersion { newest, .. }) if newest == "6.0.0-rc.1"));
    assert!(matches!(resolve("newest"), Err(Error::Constraint(_))));
    assert!(matches!(repository().resolve_in(&index, "other", ""), Err(Error::NoChart { .. })));
}

#[test]
fn what_is_no_index_is_refused() {
    assert!(Index::parse(b"entries: {}\n").unwrap_err().contains("no API version"));
    assert!(Index::parse(b"<html>").unwrap_err().contains("an index is a mapping"));
    assert!(Index::parse(b"apiVersion: v1\nentries: {a: [\n").unwrap_err().starts_with("line "));
}

#[tokio::test]
async fn a_folder_is_a_repository_and_nothing_outside_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("index.yaml"),
        "apiVersion: v1\nentries: {a: [{version: 1.0.0, urls: [../secret]}], b: [{version: 1.0.0, urls: [b.tgz], digest: aa}]}\n",
    )
    .unwrap();
    std::fs::write(folder.path().join("b.tgz"), b"b").unwrap();
    let repository = Repository::new(&format!("file://{}", folder.path().display()), None, None);
    for (chart, problem) in [("a", "leads out of it"), ("b", "digest")] {
        let found = repository.resolve(chart, "").await.unwrap();
        let error = repository.fetch(&found).await.unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
    assert!(matches!(Repository::new("ftp://x", None, None).index().await, Err(Error::Address(_))));
}
