//! What differs between the releases of Kubernetes (and of containerd) that can be launched. All of it is decided here,
//! from the version; the rest of `launch` asks and never compares versions.

use super::Facts;
use crate::cgroup::Version as CgroupVersion;

/// How Pod Security is enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PodSecurity {
    /// PodSecurityPolicy, all there is before 1.23; removed in 1.25.
    Policies,
    /// The PodSecurity admission plugin, with the version of its configuration.
    Admission(&'static str),
}

/// Differences that matter to a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Differences {
    /// Before 1.24 there are insecure ports, open unless set to 0; from 1.24 on the flags are gone.
    pub(crate) close_insecure_ports: bool,
    pub(crate) pod_security: PodSecurity,
    /// Before 1.27 kubelet takes the runtime's socket as flags (and before 1.24 must be told that it is `remote`);
    /// from 1.27 on it is a field of its configuration.
    pub(crate) runtime_by_flags: bool,
    /// Before 1.27 image clean-up spares the pause image only if told its name; later the runtime pins it.
    pub(crate) name_pause_image: bool,
    /// From 1.35 on kubelet refuses a host with version 1 cgroups unless told otherwise; the field is there since 1.31.
    pub(crate) allow_cgroup_v1: bool,
    /// Before 1.24 kubelet first looks for a Docker daemon, five times, a second apart (cAdvisor, `docker.RootDir`). It may
    /// do so while the API server is still starting.
    pub(crate) kubelet_looks_for_docker: bool,
    /// The folder for flex volumes, which the controller manager would else make on the host. They are on their way out
    /// (deprecated since 1.23): newer releases get no flag that may vanish.
    pub(crate) flex_volume_flag: bool,
    /// containerd 2 renamed its plugins.
    pub(crate) containerd_config: u8,
}

impl Differences {
    pub(crate) fn of(facts: &Facts) -> Self {
        let version = facts.version;
        Self {
            close_insecure_ports: !version.at_least(24),
            pod_security: match (version.at_least(23), version.at_least(25)) {
                (false, _) => PodSecurity::Policies,
                (true, false) => PodSecurity::Admission("v1beta1"),
                (true, true) => PodSecurity::Admission("v1"),
            },
            runtime_by_flags: !version.at_least(27),
            name_pause_image: !version.at_least(27),
            allow_cgroup_v1: version.at_least(31) && facts.cgroup == CgroupVersion::V1,
            kubelet_looks_for_docker: !version.at_least(24),
            flex_volume_flag: !version.at_least(34),
            containerd_config: if facts.containerd_major >= 2 { 3 } else { 2 },
        }
    }
}
