//! What is wrong with a release by itself.

use super::{Release, SecretPath, Values, values::bytes};
use crate::{
    Cause,
    kinds::{bundle, fixed, group::check_selector, repository::check_chart},
    names,
};

/// Longest name of a release: its versions' names are made from it.
pub const MAX_NAME: usize = 32;
/// Longest name that Helm gives a release: names of objects are made from it.
pub const MAX_RELEASE_NAME: usize = 53;
/// How large the values of a release may be, as JSON.
pub const MAX_BYTES: usize = 256 << 10;
/// Longest time that a step of a release may take, in seconds.
pub const MAX_TIMEOUT: u32 = 3600;
/// How many values may be sealed.
const MAX_SECRETS: usize = 100;

/// What is wrong with a namespace that releases are to go to.
pub(in crate::kinds) fn check_namespace(field: &str, namespace: &str) -> Option<Cause> {
    if let Err(cause) = label(field, namespace, 63) {
        return Some(cause);
    }
    // Whoever may put objects there has the cluster, or Nagaya's agent in it.
    let taken = ["kube-system", "kube-public", "kube-node-lease", "nagaya-system"].contains(&namespace);
    taken.then(|| {
        let message = format!("\"{namespace}\" belongs to Kubernetes or Nagaya");
        Cause::invalid(field, message, "choose another")
    })
}

/// What is wrong with a version that is asked for.
pub(in crate::kinds) fn check_version(field: &str, version: &str) -> Option<Cause> {
    (version.len() > 200 || version.chars().any(char::is_control)).then(|| {
        Cause::invalid(field, "is no version and no constraint", "for instance 5.1.0, ^5.1 or >=1.2 <2")
    })
}

/// What is wrong with values by their size.
pub(in crate::kinds) fn check_values(field: &str, values: &Values) -> Option<Cause> {
    let size = bytes(values);
    (size > MAX_BYTES).then(|| {
        let mend = format!("values may have {MAX_BYTES}: put files into ConfigMaps of their own");
        Cause::invalid(field, format!("{size} bytes are too many"), mend)
    })
}

/// A DNS label (RFC 1123) of at most so many characters.
fn label(field: &str, text: &str, longest: usize) -> Result<(), Cause> {
    if text.is_empty() {
        return Err(Cause::required(field, "give a name of lower-case letters, digits and '-'"));
    }
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let good = text.len() <= longest
        && text.starts_with(edge)
        && text.ends_with(edge)
        && text.chars().all(|c| edge(c) || c == '-');
    if good {
        return Ok(());
    }
    let mend = format!(
        "use lower-case letters, digits and '-', at most {longest}, with a letter or digit at both ends"
    );
    Err(Cause::invalid(field, format!("\"{text}\" is not a name"), mend))
}

pub(super) fn check(release: &Release) -> Vec<Cause> {
    let spec = &release.spec;
    let mut causes = Vec::new();
    if release.metadata.name.len() > MAX_NAME {
        let mend =
            format!("use at most {MAX_NAME} characters, and spec.releaseName for a longer one in Helm");
        causes.push(Cause::invalid("metadata.name", "is too long for a release", mend));
    }
    if let Some(team) = &spec.team {
        causes.extend(names::check("spec.team", team).err());
    }
    causes.extend(names::check("spec.repository", &spec.repository).err());
    causes.extend(check_chart("spec.chart", &spec.chart));
    causes.extend(check_version("spec.version", &spec.version));
    match (&spec.cluster, &spec.group) {
        (Some(cluster), None) => causes.extend(names::check("spec.cluster", cluster).err()),
        (None, Some(group)) => causes.extend(names::check("spec.group", group).err()),
        (None, None) => {
            causes.push(Cause::required("spec.cluster", "name a cluster, or a group in spec.group"))
        }
        (Some(_), Some(_)) => {
            causes.push(Cause::invalid("spec.group", "stands beside spec.cluster", "keep one of both"));
        }
    }
    causes.extend(check_namespace("spec.namespace", &spec.namespace));
    if !spec.release_name.is_empty() {
        causes.extend(label("spec.releaseName", &spec.release_name, MAX_RELEASE_NAME).err());
    }
    if spec.timeout_seconds == 0 || spec.timeout_seconds > MAX_TIMEOUT {
        let message = format!("{} seconds are out of range", spec.timeout_seconds);
        causes.push(Cause::invalid("spec.timeoutSeconds", message, format!("from 1 to {MAX_TIMEOUT}")));
    }
    if spec.atomic && !spec.wait {
        let mend = "leave wait out, or say atomic: false";
        causes.push(Cause::invalid("spec.wait", "is needed to know when to roll back", mend));
    }
    causes.extend(check_values("spec.values", &spec.values));
    check_secrets(&mut causes, release);
    for (at, wave) in spec.rollout.waves.iter().enumerate() {
        let field = format!("spec.rollout.waves[{at}]");
        if wave.trim().is_empty() {
            let mend = "write a selector; what no wave selects is the last wave in any case";
            causes.push(Cause::required(&field, mend));
        }
        causes.extend(check_selector(&field, wave));
    }
    causes.extend(bundle::check_contents(&[], &[], &spec.ignore));
    causes
}

fn check_secrets(causes: &mut Vec<Cause>, release: &Release) {
    let secrets = &release.spec.secrets;
    if secrets.len() > MAX_SECRETS {
        let message = format!("{} are too many", secrets.len());
        causes.push(Cause::invalid("spec.secrets", message, format!("at most {MAX_SECRETS}")));
    }
    let mut paths: Vec<SecretPath> = Vec::new();
    for (at, one) in secrets.iter().enumerate() {
        causes.extend(label(&format!("spec.secrets[{at}].secret"), &one.secret, 63).err());
        let field = format!("spec.secrets[{at}].path");
        match one.path.parse::<SecretPath>() {
            Err(error) => causes.push(Cause::invalid(
                field,
                error.to_string(),
                "for instance controller.admin.password",
            )),
            Ok(path) => {
                if paths.iter().any(|earlier| earlier.overlaps(&path)) {
                    let message = format!("{} is sealed by another of them", one.path);
                    causes.push(Cause::invalid(&field, message, "remove one"));
                }
                if path.is_in(&release.spec.values) {
                    let message = format!("{} stands in spec.values too", one.path);
                    causes.push(Cause::invalid(
                        &field,
                        message,
                        "remove it there: it would be plain for all to read",
                    ));
                }
                paths.push(path);
            }
        }
    }
}

pub(super) fn check_change(new: &Release, old: &Release) -> Vec<Cause> {
    let mut causes = Vec::new();
    let mend = "uninstall this release and install another: Helm knows a release by namespace and name";
    fixed(&mut causes, "spec.namespace", &old.spec.namespace, &new.spec.namespace, mend);
    fixed(&mut causes, "spec.releaseName", &old.release_name(), &new.release_name(), mend);
    fixed(&mut causes, "spec.team", &old.spec.team, &new.spec.team, "install another release for that team");
    causes
}
