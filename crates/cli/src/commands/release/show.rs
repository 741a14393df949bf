//! `nagaya release history` and `status`.

use jiff::Timestamp;
use nagaya_api::{Kind, Release, Resource as _};

use crate::{
    CliError, Client,
    output::{Table, age},
    terminal::print,
};

fn or_dash(text: &str) -> String {
    if text.is_empty() { "-".into() } else { text.into() }
}

pub(super) async fn history(client: &Client, name: &str) -> Result<(), CliError> {
    let release = Release::from_raw(&client.get(Kind::Release, name).await?)?;
    let now = Timestamp::now();
    let mut table = Table::new(vec!["VERSION", "CHART VERSION", "BY", "AGE", "MESSAGE"]);
    for line in &release.status.versions {
        let back = if line.rollback_to > 0 { format!("back to {}", line.rollback_to) } else { String::new() };
        table.row(vec![
            line.version.to_string(),
            line.chart_version.clone(),
            or_dash(&line.by),
            age(line.at, now),
            or_dash(if line.message.is_empty() { &back } else { &line.message }),
        ]);
    }
    print(&table.render(true, &[]).0);
    for cluster in release.status.clusters.iter().filter(|one| !one.history.is_empty()) {
        print(&format!("\non cluster {}:\n", cluster.cluster));
        let mut table = Table::new(vec!["REVISION", "STATUS", "CHART", "APP VERSION", "AGE", "DESCRIPTION"]);
        for line in &cluster.history {
            table.row(vec![
                line.revision.to_string(),
                line.status.clone(),
                line.chart.clone(),
                or_dash(&line.app_version),
                age(line.updated, now),
                or_dash(&line.description),
            ]);
        }
        print(&table.render(true, &[]).0);
    }
    Ok(())
}

pub(super) async fn status(client: &Client, name: &str) -> Result<(), CliError> {
    let release = Release::from_raw(&client.get(Kind::Release, name).await?)?;
    let (spec, status) = (&release.spec, &release.status);
    let mut text = format!(
        "release    {name}\nchart      {}/{} {}\nnamespace  {}\nversion    {}\n",
        spec.repository,
        spec.chart,
        or_dash(&status.version),
        spec.namespace,
        status.latest
    );
    for condition in status.conditions.iter().filter(|one| !one.status) {
        text.push_str(&format!(
            "{:10} {}: {}\n",
            condition.kind.to_lowercase(),
            condition.reason,
            condition.message
        ));
    }
    print(&text);
    let mut table = Table::new(vec!["CLUSTER", "STATE", "REVISION", "CHART VERSION", "READY", "MESSAGE"]);
    for line in &status.clusters {
        table.row(vec![
            line.cluster.clone(),
            format!("{:?}", line.state),
            line.revision.to_string(),
            or_dash(&line.chart_version),
            format!("{}/{}", line.ready, line.total),
            or_dash(if line.step.is_empty() { &line.message } else { &line.step }),
        ]);
    }
    print(&format!("\n{}", table.render(true, &[]).0));
    for line in &status.clusters {
        for object in line.objects.iter().filter(|one| !one.ready) {
            print(&format!("{}: {} is not ready: {}\n", line.cluster, object.object, object.message));
        }
    }
    if let Some(first) = status.clusters.iter().find(|one| !one.notes.is_empty()) {
        print(&format!("\n{}\n", first.notes.trim_end()));
    }
    Ok(())
}
