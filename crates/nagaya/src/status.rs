//! `nagaya status` and `nagaya config show`.

use anyhow::Result;
use jiff::Timestamp;
use nagaya_cli::{
    output::{Table, age},
    terminal::{note, print, say},
};
use nagaya_local::{ComponentPhase, Provider};

use crate::{
    instance::{Folders, ServerProcess, identity},
    settings::Settings,
    up,
};

/// Prints every setting with its source.
pub fn settings(settings: &Settings) {
    let mut table = Table::new(["SETTING", "VALUE", "SOURCE"]);
    for (name, value, source) in &settings.sources {
        let value = if value.is_empty() { "-" } else { value };
        table.row([*name, value, &source.to_string()]);
    }
    print(&table.render(true, &[]).0);
}

/// Shows what runs of an instance, without asking its server for anything but a sign of life.
///
/// # Errors
/// When the data directory cannot be read.
pub async fn run(settings: &Settings) -> Result<()> {
    let folders = Folders::of(settings);
    say(&format!("instance  {} in {} ({})", settings.instance, settings.data_dir.display(), settings.subnet));
    if !settings.data_dir.exists() {
        say("          nothing is there: `nagaya up` brings it up");
        return Ok(());
    }
    match ServerProcess::find(&folders) {
        Some(server) => {
            let answers = if up::server_ready(settings).await { "answers" } else { "does not answer" };
            let build = if identity(&settings.cache_dir).is_ok_and(|build| build == server.record.build) {
                "this build"
            } else {
                "another build"
            };
            say(&format!(
                "server    process {}, {build}, {answers} at {}",
                server.record.pid,
                settings.http_url()
            ));
        }
        None => say("server    does not run"),
    }
    if !nix::unistd::geteuid().is_root() {
        note("(clusters are shown to root only)");
        return Ok(());
    }
    let provider = Provider::new(up::local_config(settings, &folders)?)?;
    let now = Timestamp::now();
    let mut table = Table::new(["CLUSTER", "PHASE", "SINCE", "KUBERNETES", "PROGRAMS", "MESSAGE"]);
    for name in provider.clusters()? {
        let Ok(state) = provider.state(&name) else {
            table.row([name, "Unknown".into()]);
            continue;
        };
        let ready = state.components.values().filter(|one| one.phase == ComponentPhase::Ready).count();
        table.row([
            state.name,
            format!("{:?}", state.phase),
            age(Some(state.since), now),
            state.version.map_or_else(|| "-".into(), |version| version.to_string()),
            format!("{ready}/{}", state.components.len()),
            state.message,
        ]);
    }
    if table.is_empty() {
        say("clusters  none");
    } else {
        print(&table.render(true, &[]).0);
    }
    Ok(())
}
