//! `nagaya kubeconfig`: kubectl's way into a cluster, through the tunnel or past it.

mod direct;

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use nagaya_api::Kind;
use serde_json::{Value, json};

use super::duration::duration;
use crate::{
    CliError, Client, ConfigFile, Global,
    client::{Filter, object_path},
    config,
    output::yaml,
    terminal::{note, print},
};

/// The version that kubectl speaks with programs it asks for credentials; from kubectl 1.22 on.
/// <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins>
const CREDENTIALS: &str = "client.authentication.k8s.io/v1";
/// The shortest life the server gives a kubeconfig's token, for one that is thrown away.
pub(super) const BRIEF: jiff::SignedDuration = jiff::SignedDuration::from_mins(1);

/// `nagaya kubeconfig`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The cluster
    #[arg(required_unless_present = "all")]
    cluster: Option<String>,
    /// All clusters in one, a context each
    #[arg(long, conflicts_with = "cluster")]
    all: bool,
    /// Put it into KUBECONFIG or ~/.kube/config and make it the current context, instead of printing it
    #[arg(long)]
    merge: bool,
    /// How long it is good, for instance 8h; 12h unless said, 7d at most; with --direct 1h and 24h
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    lives: Option<jiff::SignedDuration>,
    /// Put no token into it: kubectl asks this program for the one it is logged in with (kubectl 1.22 and later)
    #[arg(long, conflicts_with = "lives")]
    exec: bool,
    /// Straight to the cluster's API server, for when Nagaya is down: for operations
    #[arg(long, conflicts_with_all = ["all", "exec"])]
    direct: bool,
    /// Where the API server is reached, when that is not the address the cluster itself names
    #[arg(long, value_name = "URL", requires = "direct")]
    api_server: Option<String>,
    /// Take away what --direct gave you in this cluster, at once
    #[arg(long, requires = "direct", conflicts_with_all = ["lives", "merge", "api_server"])]
    revoke: bool,
    /// Answer kubectl, as a kubeconfig made with --exec asks
    #[arg(long, hide = true, conflicts_with_all = ["lives", "merge", "exec", "all", "direct"])]
    credential: bool,
}

/// Runs `kubeconfig`.
///
/// # Errors
/// The server's, or the file's.
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let file = ConfigFile::load(&config::path(global))?;
    let client = Client::new(file.connection(global)?)?;
    if args.credential {
        print(&format!("{}\n", credential(&client.connection().token)?));
        return Ok(());
    }
    if let (true, Some(cluster)) = (args.direct, &args.cluster) {
        return straight(&args, &client, cluster).await;
    }
    let clusters = match &args.cluster {
        Some(cluster) => vec![cluster.clone()],
        None => every(&client).await?,
    };
    let lives = if args.exec { Some(BRIEF) } else { args.lives };
    let query = lives.map_or_else(String::new, |lives| format!("?expirationSeconds={}", lives.as_secs()));
    let (mut text, mut until) = (String::new(), None);
    let mut whole = json!({});
    for cluster in &clusters {
        let path = object_path(Kind::Cluster, cluster);
        text = client.text(&format!("{path}/kubeconfig{query}")).await?;
        until = text.lines().next().and_then(|line| line.strip_prefix("# ")).map(str::to_owned);
        if !args.exec && !args.all {
            continue;
        }
        let mut config = parse("the server's kubeconfig", &text)?;
        if args.exec {
            let context = file.chosen(global)?.ok_or(CliError::NoContext)?;
            let program = std::env::current_exe().map_err(|error| CliError::Other(error.to_string()))?;
            config = asking(config, &program, &config::path(global), &context.name, cluster);
            until = None;
        }
        if args.all {
            config = with_own_user(config);
        }
        let first = whole.get("current-context").cloned();
        whole = merge(whole, &config);
        if let Some(first) = first {
            whole["current-context"] = first;
        }
    }
    if args.exec || args.all {
        text = yaml(&whole)?;
        if let Some(until) = until.as_deref().filter(|_| args.all) {
            // It names one cluster; the end is the same for all, but for the seconds between.
            let end =
                until.split(" until ").nth(1).and_then(|rest| rest.split(';').next()).unwrap_or_default();
            text = format!("# all clusters until {end}; then get another: nagaya kubeconfig --all\n{text}");
        }
    }
    hand_over(args.merge, &text, until.as_deref())
}

/// `--direct`.
async fn straight(args: &Args, client: &Client, cluster: &str) -> Result<(), CliError> {
    if args.revoke {
        direct::revoke(client, cluster).await?;
        note(&format!("no direct way into {cluster} that was given to you works any more"));
        return Ok(());
    }
    let made = direct::make(client, cluster, args.api_server.as_deref(), args.lives).await?;
    let until = format!("straight to {cluster} until {}; with or without Nagaya", made.until);
    hand_over(args.merge, &format!("# {until}\n{}", yaml(&made.config)?), Some(&until))
}

/// Prints a kubeconfig, or puts it where kubectl looks.
fn hand_over(merged: bool, text: &str, until: Option<&str>) -> Result<(), CliError> {
    if !merged {
        print(text);
        return Ok(());
    }
    let path = target();
    let old = match fs::read_to_string(&path) {
        Ok(text) => parse(&path.display().to_string(), &text)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            json!({"apiVersion": "v1", "kind": "Config"})
        }
        Err(error) => return Err(CliError::file(path, error)),
    };
    let merged = merge(old, &parse("the server's kubeconfig", text)?);
    write(&path, &yaml(&merged)?).map_err(|error| CliError::file(&path, error))?;
    let context = merged.get("current-context").and_then(Value::as_str).unwrap_or_default();
    note(&format!("{}: context {context} is the current one", path.display()));
    if let Some(until) = until {
        note(until);
    }
    Ok(())
}

/// The clusters the caller may see.
async fn every(client: &Client) -> Result<Vec<String>, CliError> {
    let all = client.list(Kind::Cluster, &Filter::default()).await?;
    let open = all.items.into_iter().filter(|cluster| cluster.metadata.deletion_timestamp.is_none());
    let names: Vec<_> = open.map(|cluster| cluster.metadata.name).collect();
    if names.is_empty() {
        return Err(CliError::Usage("there is no cluster that you may use".into()));
    }
    Ok(names)
}

/// The kubeconfig with its user named like its context: beside others each has its own token.
fn with_own_user(mut config: Value) -> Value {
    let Some(context) = config.get("current-context").cloned() else { return config };
    for user in config.get_mut("users").and_then(Value::as_array_mut).into_iter().flatten() {
        user["name"] = context.clone();
    }
    for entry in config.get_mut("contexts").and_then(Value::as_array_mut).into_iter().flatten() {
        entry["context"]["user"] = context.clone();
    }
    config
}

/// What kubectl is answered: the token this program is logged in with, so that there is none besides.
fn credential(token: &str) -> Result<Value, CliError> {
    if token.is_empty() {
        return Err(CliError::NoContext);
    }
    Ok(json!({"apiVersion": CREDENTIALS, "kind": "ExecCredential", "status": {"token": token}}))
}

/// The kubeconfig with the token taken out of it: kubectl runs this program for one.
fn asking(mut kubeconfig: Value, program: &Path, config: &Path, context: &str, cluster: &str) -> Value {
    let config = std::path::absolute(config).unwrap_or_else(|_| config.to_owned());
    let (program, config) = (program.display().to_string(), config.display().to_string());
    let exec = json!({
        "apiVersion": CREDENTIALS,
        "command": program,
        "args": ["--config", config, "--context", context, "kubeconfig", cluster, "--credential"],
        "interactiveMode": "Never",
        "installHint": "this kubeconfig asks the nagaya command line, which is not where it was: `nagaya kubeconfig --exec` makes another",
    });
    for user in kubeconfig.get_mut("users").and_then(Value::as_array_mut).into_iter().flatten() {
        user["user"] = json!({"exec": exec});
    }
    kubeconfig
}

fn target() -> PathBuf {
    // kubectl writes to the first file that KUBECONFIG names.
    let named = std::env::var("KUBECONFIG").ok().and_then(|list| list.split(':').next().map(PathBuf::from));
    named.filter(|path| !path.as_os_str().is_empty()).unwrap_or_else(|| {
        let home = std::env::var_os("HOME").map_or_else(|| PathBuf::from("/root"), PathBuf::from);
        home.join(".kube/config")
    })
}

pub(super) fn parse(what: &str, text: &str) -> Result<Value, CliError> {
    let value: Value = yaml_serde::from_str(text)
        .map_err(|error| CliError::Usage(format!("{what}: {error} (mend or move the file)")))?;
    Ok(if value.is_null() { json!({}) } else { value })
}

/// Puts the named entries of `new` into `old`, in the place of those of the same name.
fn merge(mut old: Value, new: &Value) -> Value {
    for list in ["clusters", "users", "contexts"] {
        let mut entries = old.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
        for entry in new.get(list).and_then(Value::as_array).into_iter().flatten() {
            entries.retain(|other| other.get("name") != entry.get("name"));
            entries.push(entry.clone());
        }
        old[list] = Value::Array(entries);
    }
    for field in ["apiVersion", "kind", "current-context"] {
        if let Some(value) = new.get(field) {
            old[field] = value.clone();
        }
    }
    old
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    let temporary = dir.join(format!(".config.nagaya.{}", std::process::id()));
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(text.as_bytes())?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kubeconfig_that_asks_holds_no_token_and_names_who_answers() {
        let server = json!({"clusters": [{"name": "c", "cluster": {"server": "https://s"}}],
            "users": [{"name": "u", "user": {"token": "nagaya_secret"}}]});
        let asks = asking(server, Path::new("/bin/nagaya"), Path::new("/c.yaml"), "here", "java");
        assert!(!asks.to_string().contains("nagaya_secret"));
        assert_eq!(asks["clusters"][0]["cluster"]["server"], "https://s");
        let exec = &asks["users"][0]["user"]["exec"];
        assert_eq!(exec["command"], "/bin/nagaya");
        // What it names is a command line that this program takes.
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            global: Global,
            #[command(subcommand)]
            command: crate::Command,
        }
        let words = exec["args"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let line = <Line as clap::Parser>::try_parse_from(std::iter::once("nagaya").chain(words));
        let Ok(Line { global, command: crate::Command::Kubeconfig(args) }) = line else { panic!("{exec}") };
        assert!(args.credential && args.cluster.as_deref() == Some("java"));
        assert_eq!(global.context.as_deref(), Some("here"));
    }

    #[test]
    fn many_clusters_in_one_file_keep_their_own_tokens() {
        let of = |cluster: &str| {
            with_own_user(json!({
                "clusters": [{"name": cluster, "cluster": {"server": cluster}}],
                "users": [{"name": "nagaya-main-dev-01", "user": {"token": format!("token-{cluster}")}}],
                "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": "nagaya-main-dev-01"}}],
                "current-context": cluster,
            }))
        };
        let both = merge(of("a"), &of("b"));
        for (at, cluster) in ["a", "b"].into_iter().enumerate() {
            let user = both["contexts"][at]["context"]["user"].clone();
            let users = both["users"].as_array().cloned().unwrap_or_default();
            let found: Vec<_> = users.iter().filter(|one| one["name"] == user).collect();
            assert_eq!(found.len(), 1);
            assert_eq!(found[0]["user"]["token"], format!("token-{cluster}"));
        }
    }

    #[test]
    fn kubectl_is_answered_in_the_version_its_kubeconfig_names() {
        let answer = credential("nagaya_secret").unwrap_or_default();
        assert_eq!(answer["apiVersion"], CREDENTIALS);
        assert_eq!(answer["status"]["token"], "nagaya_secret");
        assert!(credential("").is_err(), "nobody is logged in");
    }

    #[test]
    fn merging_keeps_the_other_clusters_and_replaces_our_own() {
        let old = json!({"current-context": "other", "preferences": {"colors": true},
            "clusters": [{"name": "other"}, {"name": "nagaya-java", "cluster": {"server": "old"}}]});
        let new = json!({"apiVersion": "v1", "kind": "Config", "current-context": "nagaya-java",
            "clusters": [{"name": "nagaya-java", "cluster": {"server": "new"}}], "users": [{"name": "u"}], "contexts": []});
        let merged = merge(old, &new);
        assert_eq!(
            merged,
            json!({"apiVersion": "v1", "kind": "Config", "current-context": "nagaya-java", "preferences": {"colors": true},
            "clusters": [{"name": "other"}, {"name": "nagaya-java", "cluster": {"server": "new"}}],
            "users": [{"name": "u"}], "contexts": []})
        );
    }
}
