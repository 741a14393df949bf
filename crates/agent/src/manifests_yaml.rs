//! The manifest as people read it before they apply it: YAML, with a comment on every right.

use serde_json::Value;

use crate::manifests::{ManifestArgs, manifests};

/// How wide comments are.
const WIDTH: usize = 110;
/// Where an object's annotations say why it has its rules.
const WHY: &str = "nagaya.dev/rule-";

/// The manifest of `cluster` as YAML documents. Nothing in it can break out of its place: values are quoted by the
/// serializer, and what goes into comments is split at line ends.
///
/// # Errors
/// When an object cannot be written as YAML.
pub fn manifest_yaml(cluster: &str, args: &ManifestArgs) -> Result<String, yaml_serde::Error> {
    let mut text = String::new();
    comment(
        &mut text,
        "",
        &format!(
            "Nagaya's agent for cluster \"{cluster}\". It dials {}; no port of this cluster needs to be open. \
             Plainly: the agent may give rights (`escalate`, `bind`), because members' rights are part of what it \
             applies, and once charts may be installed it applies whatever they hold. So it is as mighty as an \
             administrator of this cluster, and whoever administers the Nagaya server is too. To be rid of it: \
             `nagaya cluster delete {cluster}`, or `kubectl delete namespace nagaya-system` and the ClusterRole \
             and ClusterRoleBinding nagaya-agent.",
            args.server
        ),
    );
    for object in manifests(args) {
        text.push_str("---\n");
        text.push_str(&document(object)?);
    }
    Ok(text)
}

fn document(mut object: Value) -> Result<String, yaml_serde::Error> {
    let Some(Value::Array(rules)) = object.as_object_mut().and_then(|object| object.remove("rules")) else {
        return yaml_serde::to_string(&object);
    };
    let mut text = yaml_serde::to_string(&object)?;
    text.push_str("rules:\n");
    for (number, rule) in rules.iter().enumerate() {
        let why = object.pointer("/metadata/annotations").and_then(|all| all.get(format!("{WHY}{number}")));
        comment(&mut text, "  ", why.and_then(Value::as_str).unwrap_or_default());
        for (at, (field, values)) in rule.as_object().into_iter().flatten().enumerate() {
            // JSON is YAML: a list of names on one line.
            text.push_str(&format!("  {} {field}: {values}\n", if at == 0 { "-" } else { " " }));
        }
    }
    Ok(text)
}

/// Words as comment lines.
fn comment(text: &mut String, indent: &str, words: &str) {
    let mut line = String::new();
    for word in words.split_whitespace() {
        if !line.is_empty() && indent.len() + line.len() + word.len() + 3 > WIDTH {
            text.push_str(&format!("{indent}#{line}\n"));
            line.clear();
        }
        line.push(' ');
        line.push_str(word);
    }
    if !line.is_empty() {
        text.push_str(&format!("{indent}#{line}\n"));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde::Deserialize as _;

    use super::*;

    fn args() -> ManifestArgs {
        ManifestArgs {
            server: "nagaya.example.com:7443".into(),
            join_token: Some("nagaya_join_x".into()),
            ca_pem: "-----BEGIN CERTIFICATE-----\n".into(),
            image: "registry.example.com/nagaya:1".into(),
            environment: vec![("HTTPS_PROXY".into(), "http://p:3128".into())],
        }
    }

    #[test]
    fn the_text_says_what_the_objects_say_and_why() {
        let text = manifest_yaml("java", &args()).unwrap();
        let read: Vec<Value> = yaml_serde::Deserializer::from_str(&text)
            .map(|document| Value::deserialize(document).unwrap())
            .collect();
        assert_eq!(read, manifests(&args()));
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.starts_with("  - ") && line.contains("apiGroups"))
        {
            assert!(lines[at - 1].trim_start().starts_with("# "), "no word on {line}");
        }
        assert!(text.contains("as mighty as an"), "{text}");
        assert!(
            lines.iter().filter(|line| line.trim_start().starts_with('#')).all(|line| line.len() <= WIDTH)
        );
    }

    #[test]
    fn a_value_cannot_become_another_document() {
        let image = "x\n---\nkind: Secret\n# ".to_owned();
        let text = manifest_yaml("java\n---\nkind: Pod", &ManifestArgs { image, ..args() }).unwrap();
        assert_eq!(yaml_serde::Deserializer::from_str(&text).count(), manifests(&args()).len());
    }
}
