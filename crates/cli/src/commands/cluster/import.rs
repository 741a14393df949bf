//! `nagaya cluster import`: a cluster that runs elsewhere joins by one line.

use nagaya_api::{
    Cluster, Kind, Resource as _,
    kinds::cluster::{ClusterSpec, Provider},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    CliError, Client,
    client::object_path,
    terminal::{note, print, say},
};

/// `nagaya cluster import`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Its name
    name: String,
    /// Print the manifest itself instead of the line that fetches it
    #[arg(long)]
    print: bool,
    /// Image of the agent, as the cluster pulls it [default: the server's --agent-image]
    #[arg(long, value_name = "REFERENCE", default_value = "", hide_default_value = true)]
    agent_image: String,
    /// HTTP proxy through which the agent reaches the server: http://[user:password@]host[:port]
    #[arg(long, value_name = "URL", default_value = "", hide_default_value = true)]
    proxy: String,
    /// Hosts that it reaches without the proxy, comma-separated
    #[arg(long, value_name = "HOSTS", default_value = "", hide_default_value = true, requires = "proxy")]
    no_proxy: String,
}

/// What the server answers to a join token that is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Made {
    expires_at: String,
    url: Option<String>,
    path: Option<String>,
    private_ca: bool,
}

/// Runs `cluster import`.
///
/// # Errors
/// The server's: it does not listen for clusters elsewhere, or no image is known.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    let name = &args.name;
    let cluster = Cluster::new(name, ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() });
    match client.create(&cluster.to_raw()).await {
        Ok(_) => note(&format!("cluster/{name} created")),
        // Once more: after a token that ended unused, or for an agent whose certificate did.
        Err(CliError::Api(error)) if error.reason == "AlreadyExists" => is_imported(client, name).await?,
        Err(error) => return Err(error),
    }
    let options = json!({"image": args.agent_image, "httpsProxy": args.proxy, "noProxy": args.no_proxy});
    let path = format!("{}/join-token", object_path(Kind::Cluster, name));
    let made: Made = serde_json::from_value(client.post(&path, Some(&options)).await?)
        .map_err(|error| CliError::Other(format!("the server's answer does not read: {error}")))?;
    let Some(path) = &made.path else {
        return Err(CliError::Other("the server answers no manifest: it is older than this program".into()));
    };
    if args.print {
        print(&client.root(path).await?);
        return Ok(());
    }
    let Some(url) = &made.url else {
        return Err(CliError::Usage(
            "the server does not listen with TLS, and a token is not fetched without it: give --print and pipe the manifest into kubectl apply -f -".into(),
        ));
    };
    note(&format!("run this where kubectl reaches the cluster; it works once, until {}:", made.expires_at));
    say(&line(url));
    for hint in hints(name, url, made.private_ca) {
        note(&hint);
    }
    Ok(())
}

async fn is_imported(client: &Client, name: &str) -> Result<(), CliError> {
    let there = Cluster::from_raw(&client.get(Kind::Cluster, name).await?)?;
    if there.spec.provider != Provider::Import {
        return Err(CliError::Usage(format!(
            "cluster/{name} is one on the server's host: give the imported one another name"
        )));
    }
    note(&format!("cluster/{name} is there"));
    Ok(())
}

/// The line to run.
fn line(url: &str) -> String {
    format!("kubectl apply -f {url}")
}

/// What keeps the line from working elsewhere, and what works then.
fn hints(name: &str, url: &str, private_ca: bool) -> Vec<String> {
    let mut hints = Vec::new();
    let host = url.split("://").nth(1).unwrap_or_default();
    let loopback = ["127.", "localhost", "[::1]"].iter().any(|own| host.starts_with(own));
    if loopback {
        hints.push(format!(
            "the address is the server's own loopback; from elsewhere: nagaya cluster import {name} --print | kubectl apply -f - (or start the server with --https-address and --https-names)"
        ));
    }
    if private_ca {
        let server = url.split("/api/").next().unwrap_or_default();
        hints.push(format!(
            "kubectl does not know the server's own CA; where the system does not trust it, with its certificate ({server}/ca.crt) at hand: curl -fsS --cacert ca.crt {url} | kubectl apply -f -"
        ));
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_one_that_a_shell_takes_and_hints_come_only_where_it_would_fail() {
        let url = "https://nagaya.example.com/api/v1alpha1/join/nagaya_join_x";
        assert_eq!(line(url), "kubectl apply -f https://nagaya.example.com/api/v1alpha1/join/nagaya_join_x");
        assert!(hints("java", url, false).is_empty());
        let all = hints("java", "https://127.0.0.1:8443/api/v1alpha1/join/x", true);
        assert!(all[0].contains("--print") && all[1].contains("https://127.0.0.1:8443/ca.crt"), "{all:?}");
    }
}
