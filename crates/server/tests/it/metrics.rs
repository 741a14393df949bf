//! Figures for operations.

use crate::support::World;

#[tokio::test]
async fn figures_are_in_prometheus_text_format() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    world.get("me", "").await;
    let text = world.get("/metrics", &token).await.text;
    for line in [
        "nagaya_objects{kind=\"Workspace\"} 2",
        "nagaya_live_streams{kind=\"desktop\"} 0",
        "nagaya_agents_connected{cluster=\"c-java\"} 0",
        "nagaya_http_request_duration_seconds_count{route=\"/api/v1alpha1/me\",method=\"GET\",code=\"401\"} 1",
        "nagaya_clusters{phase=\"Pending\"} 2",
        "nagaya_workspaces{phase=\"Pending\"} 2",
        "nagaya_tunnel_lanes{lane=\"control\"} 0",
    ] {
        assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
    }
    let writes =
        text.lines().find_map(|line| line.strip_prefix("nagaya_store_write_duration_seconds_count "));
    assert!(writes.unwrap().parse::<u32>().unwrap() > 10, "the world was written");
    let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap();
        assert!(names.iter().any(|known| name.starts_with(known.split(' ').next().unwrap())), "{line}");
        assert!(line.rsplit(' ').next().unwrap().parse::<f64>().is_ok(), "{line}");
    }
}
