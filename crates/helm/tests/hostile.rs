//! What nobody means well with is refused within limits: it does not crash, it does not hang, it does not take the
//! memory of others. Each is met by a process of its own.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

#[path = "hostile/archives.rs"]
mod archives;
#[path = "hostile/charts.rs"]
mod charts;
#[path = "hostile/child.rs"]
mod child;
#[path = "oracle/ours.rs"]
mod ours;

use std::{env, fs, os::unix::fs::symlink, path::Path};

use nagaya_helm::{chart, render::Parsed, value::Map};

const RELEASE: &str = "rel";
const NAMESPACE: &str = "space";

/// All faults of a list, so that one run tells of every case that is wrong.
fn each<T>(cases: Vec<(&'static str, T)>, mut check: impl FnMut(T)) {
    let mut wrong = Vec::new();
    for (name, case) in cases {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(case)));
        if let Err(panic) = result {
            let text = panic.downcast_ref::<String>().cloned();
            wrong.push(format!("{name}: {}", text.unwrap_or_else(|| "failed".to_owned())));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn refused(end: &child::End) {
    assert!(end.word.starts_with(child::REFUSED), "it was not refused: {}", end.word);
    // A message that is as long as the bomb is another one.
    assert!(
        end.word.len() < 10_000,
        "a message of {} bytes, {} MB at the peak",
        end.word.len(),
        end.peak >> 20
    );
}

#[test]
fn hostile_charts_are_refused() {
    each(charts::refused(), |files| {
        let folder = tempfile::tempdir().unwrap();
        charts::write(folder.path(), &files);
        refused(&child::run("child_renders", folder.path()));
    });
}

#[test]
fn what_is_only_large_is_rendered() {
    each(charts::rendered(), |files| {
        let folder = tempfile::tempdir().unwrap();
        charts::write(folder.path(), &files);
        let end = child::run("child_renders", folder.path());
        assert!(!end.word.starts_with(child::REFUSED), "{}", end.word);
    });
}

#[test]
fn hostile_archives_are_refused() {
    each(archives::all(), |bytes| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("chart.tgz");
        fs::write(&file, bytes).unwrap();
        refused(&child::run("child_renders", &file));
    });
}

#[test]
fn the_first_part_of_a_path_is_dropped() {
    each(archives::accepted(), |(bytes, name)| {
        let chart = chart::load_archive(&bytes, &chart::Limits::default()).unwrap();
        let names: Vec<_> = chart.files.iter().map(|file| file.name.to_string()).collect();
        assert_eq!(names, [name]);
    });
}

#[test]
fn links_in_archives_lead_nowhere() {
    each(archives::links(), |bytes| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("chart.tgz");
        fs::write(&file, bytes).unwrap();
        child::run("child_finds_no_secret", &file);
        assert!(!Path::new("/tmp/nagaya-hostile-escaped").exists(), "a file was written through a link");
    });
}

/// Makes something in a folder.
type Make = fn(&Path);

/// A link or a pipe in a folder that somebody else wrote: refused, not followed, not waited for.
#[test]
fn folders_with_links_and_pipes_are_refused() {
    let make: Vec<(&'static str, Make)> = vec![
        ("a link to a file", |folder| symlink("/etc/passwd", folder.join("templates/a.yaml")).unwrap()),
        ("a link to what never ends", |folder| symlink("/dev/zero", folder.join("values.yaml")).unwrap()),
        ("a link to itself", |folder| symlink(folder, folder.join("charts")).unwrap()),
        ("a pipe", |folder| {
            let made =
                std::process::Command::new("mkfifo").arg(folder.join("templates/a.yaml")).status().unwrap();
            assert!(made.success());
        }),
        ("a link for its rules", |folder| symlink("/dev/zero", folder.join(".helmignore")).unwrap()),
    ];
    each(make, |make| {
        let folder = tempfile::tempdir().unwrap();
        charts::write(folder.path(), &[]);
        make(folder.path());
        refused(&child::run("child_renders", folder.path()));
    });
}

fn load(input: &Path) -> Result<Parsed, String> {
    let limits = chart::Limits::default();
    let chart = if input.is_dir() {
        chart::load_dir(input, chart::Symlinks::Refuse, &limits)
    } else {
        chart::load_archive(&fs::read(input).unwrap(), &limits)
    };
    chart.map(Parsed::new).map_err(|error| error.to_string())
}

/// How much came out.
fn bytes(output: &ours::Output) -> usize {
    let hooks = output.hooks.iter().map(|(path, text)| path.len() + text.len());
    let crds = output.crds.iter().map(String::len);
    output.manifest.len() + output.notes.len() + hooks.chain(crds).sum::<usize>()
}

/// Runs in a process of its own: see [`child`].
#[test]
#[ignore = "a part of the others"]
fn child_renders() {
    let input = env::var_os(child::INPUT).unwrap();
    let result = nagaya_helm::template::with_stack(|| {
        let parsed = load(Path::new(&input))?;
        ours::render(&parsed, &Map::new()).map(|output| bytes(&output))
    });
    child::say(result.unwrap_or_else(|panic| panic!("{panic}")));
}

#[test]
#[ignore = "a part of the others"]
fn child_finds_no_secret() {
    let input = env::var_os(child::INPUT).unwrap();
    let chart = chart::load_archive(&fs::read(input).unwrap(), &chart::Limits::default());
    if let Ok(chart) = &chart {
        assert!(chart.files.iter().all(|file| file.name.to_text() != "secret" || file.data.is_empty()));
    }
    child::say(chart.map(|chart| chart.files.len()).map_err(|error| error.to_string()));
}
