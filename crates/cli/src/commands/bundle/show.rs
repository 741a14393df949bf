//! `nagaya bundle status` and `history`.

use jiff::Timestamp;
use nagaya_api::{
    Bundle, Kind, Resource as _,
    kinds::bundle::{BundleCluster, BundleStatus},
};

use crate::{
    CliError, Client,
    output::{Table, age},
    terminal::{note, print},
};

pub(super) async fn status(client: &Client, name: &str) -> Result<(), CliError> {
    let bundle = Bundle::from_raw(&client.get(Kind::Bundle, name).await?)?;
    let sum = &bundle.status.summary;
    note(&format!(
        "bundle/{name} version {}: {} of {} clusters ready, {} have the version, {} are not ready",
        bundle.status.version, sum.ready, sum.targets, sum.updated, sum.unready
    ));
    if bundle.spec.rollout.paused {
        note(&format!("the rollout is paused: `nagaya bundle resume {name}`"));
    }
    print(&clusters(&bundle.status.clusters, Timestamp::now()).render(true, &[]).0);
    Ok(())
}

fn clusters(lines: &[BundleCluster], now: Timestamp) -> Table {
    let mut table = Table::new(["CLUSTER", "STATE", "VERSION", "READY", "SINCE", "DRIFT", "MESSAGE"]);
    for line in lines {
        let last = line.drift.last.as_ref().map(|last| {
            let who = if last.manager.is_empty() { "somebody" } else { &last.manager };
            let what = if last.fields.is_empty() {
                "removed it".into()
            } else {
                format!("changed {}", last.fields.join(", "))
            };
            format!("last drift: {who} {what}: {} ({} ago)", last.object, age(Some(last.at), now))
        });
        let message: Vec<_> = [Some(line.message.clone()), last]
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
            .collect();
        table.row([
            line.cluster.clone(),
            format!("{:?}", line.state),
            if line.version == 0 { "-".into() } else { line.version.to_string() },
            format!("{}/{}", line.ready, line.objects),
            age(line.since, now),
            line.drift.count.to_string(),
            if message.is_empty() { "-".into() } else { message.join("; ") },
        ]);
    }
    table
}

pub(super) async fn history(client: &Client, name: &str) -> Result<(), CliError> {
    let bundle = Bundle::from_raw(&client.get(Kind::Bundle, name).await?)?;
    print(&versions(&bundle.status, Timestamp::now()).render(true, &[]).0);
    Ok(())
}

fn versions(status: &BundleStatus, now: Timestamp) -> Table {
    let mut table = Table::new(["VERSION", "AGE", "BY", "CLUSTERS", "MESSAGE"]);
    for line in &status.versions {
        let have = status.clusters.iter().filter(|cluster| cluster.version == line.version).count();
        let dash = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
        table.row([
            line.version.to_string(),
            age(line.at, now),
            dash(&line.by),
            have.to_string(),
            dash(&line.message),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use nagaya_api::kinds::bundle::{BundleDrift, BundleState, DriftEvent, VersionLine};

    use super::*;

    #[test]
    fn the_table_tells_who_changed_what() {
        let last = DriftEvent {
            object: "ConfigMap n/c".into(),
            manager: "kubectl-edit".into(),
            fields: vec!["data.v".into()],
            at: Timestamp::UNIX_EPOCH,
        };
        let line = BundleCluster {
            cluster: "one".into(),
            version: 2,
            state: BundleState::NotReady,
            message: "why".into(),
            objects: 3,
            ready: 2,
            drift: BundleDrift { count: 4, last: Some(last) },
            ..BundleCluster::default()
        };
        let status = BundleStatus {
            clusters: vec![line],
            versions: vec![VersionLine { version: 2, by: "root".into(), ..VersionLine::default() }],
            ..BundleStatus::default()
        };
        let text = clusters(&status.clusters, Timestamp::UNIX_EPOCH).render(true, &[]).0;
        for part in ["NotReady", "2/3", "why; last drift: kubectl-edit changed data.v: ConfigMap n/c"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let text = versions(&status, Timestamp::UNIX_EPOCH).render(true, &[]).0;
        assert!(text.contains("root") && text.contains("CLUSTERS"), "{text}");
    }
}
