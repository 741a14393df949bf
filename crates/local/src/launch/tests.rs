//! Snapshots of every launch for each release that is supported: a changed flag shows up in review.
#![allow(clippy::unwrap_used)]

use super::*;

fn facts(version: &str, containerd_major: u16) -> Facts {
    Facts {
        version: version.parse().unwrap(),
        containerd_major,
        cgroup: CgroupVersion::V1,
        may_lower_oom_score: false,
        binaries: "/k8s".into(),
        has_kube_proxy: true,
        cluster: ClusterPaths::new("/c"),
        name: "java".into(),
        node_ip: "10.99.0.6".parse().unwrap(),
        hub: "10.99.0.1".parse().unwrap(),
        pods: "10.99.1.0/24".parse().unwrap(),
        services: "10.99.65.0/24".parse().unwrap(),
        api_service: "10.99.65.1".parse().unwrap(),
        dns: "10.99.65.10".parse().unwrap(),
        pods_cgroup: "/nagaya/main/java/pods".into(),
        cpu_millicores: 1500,
        memory_bytes: 4 << 30,
        host_millicores: 4000,
        host_memory_bytes: 16 << 30,
        pause_image: "registry.nagaya.internal/pause:3".into(),
        proxy_env: vec![],
    }
}

fn shown(facts: &Facts) -> String {
    let mut text = String::new();
    for launch in components(facts) {
        text += &format!("== {}\n{}\n", launch.name, launch.argv.join("\n  "));
        for (path, content) in launch.files {
            text += &format!("-- {}\n{content}", path.display());
        }
    }
    text
}

#[test]
fn launch_of_1_20_with_containerd_1() {
    insta::assert_snapshot!(shown(&facts("1.20.2", 1)));
}

#[test]
fn launch_of_1_34_with_containerd_1() {
    insta::assert_snapshot!(shown(&facts("1.34.0", 1)));
}

#[test]
fn launch_of_1_35_with_containerd_2() {
    insta::assert_snapshot!(shown(&facts("1.35.1", 2)));
}

#[test]
fn launch_of_1_36_with_containerd_2_on_cgroup_v2() {
    let facts = Facts { cgroup: CgroupVersion::V2, may_lower_oom_score: true, ..facts("1.36.2", 2) };
    insta::assert_snapshot!(shown(&facts));
}

#[test]
fn allocatable_is_the_cap() {
    let facts = facts("1.36.2", 2);
    let kubelet = components(&facts).into_iter().find(|launch| launch.name == "kubelet").unwrap();
    let config: serde_json::Value = serde_json::from_str(&kubelet.files[0].1).unwrap();
    let reserved: u64 = config["systemReserved"]["memory"].as_str().unwrap().parse().unwrap();
    let evict: u64 = config["evictionHard"]["memory.available"].as_str().unwrap().parse().unwrap();
    assert_eq!(facts.host_memory_bytes - reserved - evict, facts.memory_bytes);
    assert_eq!(config["systemReserved"]["cpu"], "2500m");
}

#[test]
fn another_flag_or_file_is_another_fingerprint() {
    let (a, b) =
        (components(&facts("1.35.0", 2)), components(&Facts { memory_bytes: 1 << 30, ..facts("1.35.0", 2) }));
    let differing: Vec<_> =
        a.iter().zip(&b).filter(|(a, b)| a.fingerprint() != b.fingerprint()).map(|(a, _)| a.name).collect();
    assert_eq!(differing, ["kubelet"], "a changed cap restarts kubelet alone");
}

#[test]
fn configurations_are_valid_in_their_format() {
    for (version, containerd) in [("1.20.2", 1), ("1.36.2", 2)] {
        for launch in components(&facts(version, containerd)) {
            for (path, text) in launch.files {
                if path.extension().is_some_and(|e| e == "toml") {
                    text.parse::<toml::Table>().unwrap();
                } else {
                    serde_json::from_str::<serde_json::Value>(&text).unwrap();
                }
            }
        }
    }
}
