//! What a kubectl command line asks for, as far as its output is merged by it.

/// How the outputs of many clusters become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Tables: a column CLUSTER before the others.
    Table,
    /// One List, each item with the cluster in an annotation, as JSON.
    Json,
    /// The same as YAML.
    Yaml,
    /// Lines, each with its cluster before it, cluster after cluster.
    Lines,
    /// Lines, each with its cluster before it, as they come.
    Stream,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// How to merge.
    pub shape: Shape,
    /// Whether it reads standard input, which every cluster then gets.
    pub reads_input: bool,
    /// The verb, when it cannot be run for many at once.
    pub wants_terminal: Option<&'static str>,
}

/// Verbs that hold a terminal, an editor or a local port.
const ALONE: &[&str] = &["edit", "attach", "port-forward", "proxy"];
/// Global flags of kubectl whose value is the next word.
const VALUED: &[&str] = &[
    "-n",
    "--namespace",
    "-s",
    "--server",
    "--context",
    "--cluster",
    "--user",
    "--token",
    "--kubeconfig",
    "--request-timeout",
    "-v",
];

impl Ask {
    /// Reads it from kubectl's arguments.
    pub fn of(arguments: &[String]) -> Self {
        // What follows kubectl's own two dashes is the command of an exec.
        let own = arguments.split(|word| word == "--").next().unwrap_or_default();
        let verb = verb(own);
        let has = |names: &[&str]| own.iter().any(|word| names.contains(&word.as_str()));
        let value = |short: &str, long: &str| {
            own.iter().enumerate().find_map(|(at, word)| {
                if word == short || word == long {
                    return own.get(at + 1).map(String::as_str);
                }
                word.strip_prefix(long).and_then(|rest| rest.strip_prefix('=')).or_else(|| {
                    // -ojson, -o=json; but not another long flag.
                    word.strip_prefix(short)
                        .filter(|_| !word.starts_with("--"))
                        .map(|rest| rest.trim_start_matches('='))
                })
            })
        };
        let follows =
            has(&["-w", "--watch", "--watch=true", "--watch-only", "-f", "--follow", "--follow=true"]);
        let shape = match verb {
            "get" if has(&["-w", "--watch", "--watch=true", "--watch-only"]) => Shape::Stream,
            "get" => match value("-o", "--output") {
                None | Some("wide") => Shape::Table,
                Some("json") => Shape::Json,
                Some("yaml") => Shape::Yaml,
                Some(other) if other.starts_with("custom-columns") => Shape::Table,
                Some(_) => Shape::Lines,
            },
            "top" => Shape::Table,
            "logs" | "log" if follows => Shape::Stream,
            "wait" | "rollout" => Shape::Stream,
            _ => Shape::Lines,
        };
        let terminal = has(&["-t", "--tty", "--tty=true", "-it", "-ti"]).then_some("exec -t");
        Self {
            shape,
            reads_input: value("-f", "--filename") == Some("-"),
            wants_terminal: ALONE.iter().find(|one| **one == verb).copied().or(terminal),
        }
    }
}

/// The first word that is no flag.
fn verb(words: &[String]) -> &str {
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        if VALUED.contains(&word) {
            words.next();
        } else if !word.starts_with('-') {
            return word;
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(line: &str) -> Ask {
        Ask::of(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_asked_decides_how_outputs_are_merged() {
        for (line, shape) in [
            ("get pods", Shape::Table),
            ("-n kube-system get pods -o wide", Shape::Table),
            ("get pods -o custom-columns=N:.metadata.name", Shape::Table),
            ("get pods -o json", Shape::Json),
            ("get pods -ojson", Shape::Json),
            ("get pods --output=yaml", Shape::Yaml),
            ("get pods -o name", Shape::Lines),
            ("get pods -o jsonpath={.items}", Shape::Lines),
            ("get pods -w", Shape::Stream),
            ("logs -f deploy/x", Shape::Stream),
            ("logs deploy/x", Shape::Lines),
            ("rollout status deploy/x", Shape::Stream),
            ("apply -f x.yaml", Shape::Lines),
            ("exec x -- get pods -o json", Shape::Lines),
            ("top nodes", Shape::Table),
        ] {
            assert_eq!(ask(line).shape, shape, "{line}");
        }
    }

    #[test]
    fn what_needs_a_terminal_or_input_is_noticed() {
        assert_eq!(ask("edit cm/x").wants_terminal, Some("edit"));
        assert!(ask("exec -it x -- sh").wants_terminal.is_some());
        assert_eq!(ask("exec x -- tool -it").wants_terminal, None);
        assert_eq!(ask("-n x port-forward svc/y 80").wants_terminal, Some("port-forward"));
        for line in ["apply -f -", "apply --filename=-", "apply -f=-"] {
            assert!(ask(line).reads_input, "{line}");
        }
        assert!(!ask("apply -f x.yaml").reads_input);
    }
}
