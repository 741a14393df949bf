//! Issue 3: the everyday of the command line on real clusters.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use nagaya_e2e::Instance;

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn applying_the_same_file_twice_changes_nothing_and_says_so() {
    let nagaya = Instance::get();
    let file = "organisation.yaml";
    let out = nagaya.run(&["apply", "-f", file]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8_lossy(&out.stdout);
    assert!(!text.is_empty() && text.lines().all(|line| line.ends_with(" unchanged")), "{text}");
    assert!(String::from_utf8_lossy(&out.stderr).contains("nothing changed"));
    assert_eq!(nagaya.run(&["diff", "-f", file]).status.code(), Some(0));
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn a_bad_object_is_named_with_file_document_field_and_mend_and_nothing_is_applied() {
    let nagaya = Instance::get();
    let text = "apiVersion: nagaya.dev/v1alpha1\nkind: User\nmetadata: {name: half-applied}\n---\n\
                apiVersion: nagaya.dev/v1alpha1\nkind: Team\nmetadata: {name: broken}\nspec: {cluster: one, namespace: kube-system}\n";
    let out = nagaya.run_with(&["apply", "-f", "-"], text);
    let error = String::from_utf8_lossy(&out.stderr);
    assert!(!out.status.success());
    for part in ["-, document 2", "broken", "spec.namespace", "choose another"] {
        assert!(error.contains(part), "{part} in {error}");
    }
    assert_eq!(nagaya.run(&["get", "user", "half-applied"]).status.code(), Some(3));
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn exec_passes_input_output_and_exit_codes_and_the_home_outlives_the_pod() {
    let nagaya = Instance::get();
    let name = "everyday";
    nagaya.ok(&["workspace", "create", name, "--team", "alpha", "--owner", "dev-01", "-t", "desktop"]);
    let out = nagaya
        .run_with(&["workspace", "exec", "-i", name, "--", "sh", "-c", "cat > ~/file; exit 42"], "kept\n");
    assert_eq!(out.status.code(), Some(42), "{}", String::from_utf8_lossy(&out.stderr));
    let before = nagaya.running(name)["status"]["pod"]["uid"].clone();
    nagaya.ok(&["workspace", "stop", name]);
    nagaya.ok(&["workspace", "start", name]);
    assert_ne!(nagaya.running(name)["status"]["pod"]["uid"], before);
    assert_eq!(nagaya.exec(name, &["cat", "/home/dev/file"]), "kept\n");
    assert!(
        nagaya.exec(name, &["df", "-m", "--output=size", "/home/dev"]).contains(|c: char| c.is_ascii_digit())
    );
    nagaya.ok(&["workspace", "delete", name]);
    nagaya.ok(&["workspace", "start", name]);
    assert_eq!(nagaya.exec(name, &["cat", "/home/dev/file"]), "kept\n", "deleting keeps the home");
    nagaya.ok(&["workspace", "purge", name, "--yes"]);
    assert_eq!(nagaya.run(&["get", "workspace", name]).status.code(), Some(3));
}
