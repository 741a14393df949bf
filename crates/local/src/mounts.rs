//! A cluster's own mount namespace, in which the customary paths of a Kubernetes node are the cluster's.
//!
//! Whatever is mounted in there (homes, container roots, secrets) is gone with the namespace, so a cluster that was
//! killed at any moment leaves no mount behind. And the kernel settings that kubelet rewrites for the whole host are
//! covered by plain files in there: kubelet reads what it wants to read, and the host's values stay.
//!
//! The namespace is held by a file under /run/nagaya-local, so it outlives any component.

use std::fs;
use std::path::{Path, PathBuf};

use nix::mount::{MntFlags, umount2};

use crate::Error;
use crate::paths::{self, ClusterPaths};
use crate::program::Program;

/// Settings kubelet insists on, by path below /proc/sys (kubernetes: pkg/kubelet/cm, `setupKernelTunables`).
const KUBELET_SYSCTLS: [(&str, &str); 6] = [
    ("vm/overcommit_memory", "1"),
    ("vm/panic_on_oom", "0"),
    ("kernel/panic", "10"),
    ("kernel/panic_on_oops", "1"),
    ("kernel/keys/root_maxkeys", "1000000"),
    ("kernel/keys/root_maxbytes", "25000000"),
];

/// Written last into the namespace: without it the namespace is half made.
const MARK: &str = "/run/containerd/.nagaya";

/// The mount namespace of one cluster.
#[derive(Debug, Clone)]
pub(crate) struct MountNamespace {
    pin: PathBuf,
}

impl MountNamespace {
    pub(crate) fn of(instance: &str, cluster: &str) -> Self {
        Self { pin: Path::new(paths::RUN).join(instance).join(format!("{cluster}.mnt")) }
    }

    pub(crate) fn pin(&self) -> &Path {
        &self.pin
    }

    /// Whether it is there, as a namespace.
    pub(crate) fn exists(&self) -> bool {
        let magic = nix::sys::statfs::statfs(&self.pin).map(|fs| fs.filesystem_type());
        magic.is_ok_and(|kind| kind == nix::sys::statfs::NSFS_MAGIC)
    }

    /// Makes it unless it is there and whole. True when it was made now: then nothing can be running in it.
    pub(crate) async fn ensure(&self, cluster: &ClusterPaths) -> Result<bool, Error> {
        if self.exists() {
            let whole = self.program("look into the mount namespace", "test").args(["-e", MARK]);
            if whole.succeeds().await? {
                return Ok(false);
            }
        }
        self.remove()?;
        self.prepare_pin().await?;
        let script = script(cluster)?;
        Program::new(format!("make the mount namespace {}", self.pin.display()), "unshare")
            .args([&format!("--mount={}", self.pin.display()), "--propagation=slave", "--", "sh", "-eu"])
            .input(script)
            .run()
            .await?;
        Ok(true)
    }

    /// A namespace can only be held on a mount that is private: one bind mount for all instances.
    async fn prepare_pin(&self) -> Result<(), Error> {
        let folder = self.pin.parent().unwrap_or(Path::new(paths::RUN));
        paths::create_dir(folder)?;
        if !is_mount_point(Path::new(paths::RUN)) {
            let mount = |args: [&'static str; 3]| {
                Program::new("make the folder of namespaces a mount of its own", "mount").args(args)
            };
            mount(["--bind", paths::RUN, paths::RUN]).run().await?;
        }
        Program::new("make the folder of namespaces private", "mount")
            .args(["--make-private", paths::RUN])
            .run()
            .await?;
        paths::write(&self.pin, "")
    }

    /// Unmounts in order what should reach the disk before the namespace goes: homes first.
    pub(crate) async fn unmount_below(&self, folder: &Path) -> Result<(), Error> {
        if !self.exists() {
            return Ok(());
        }
        // Deepest first; a path that will not go is reported by the caller's check of loop devices.
        let script = r#"
            while read -r _ _ _ _ point _; do
              case $point in "$1"/*) printf '%s\n' "$point";; esac
            done </proc/self/mountinfo | sort -ru | while read -r point; do umount "$point" || umount -l "$point" || true; done
        "#;
        let unmount = self.program(format!("unmount what is below {}", folder.display()), "sh");
        unmount.args(["-c", script, "sh", &folder.to_string_lossy()]).run().await.map(drop)
    }

    /// Lets go of it. Its mounts vanish with its last process.
    pub(crate) fn remove(&self) -> Result<(), Error> {
        // Until EINVAL (no longer a mount) or ENOENT: two makers at once leave two mounts, one on the other.
        while umount2(&self.pin, MntFlags::MNT_DETACH).is_ok() {}
        match fs::remove_file(&self.pin) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io("remove mount namespace", &self.pin, e))
            }
            _ => Ok(()),
        }
    }

    /// A program inside.
    pub(crate) fn program(&self, what: impl Into<String>, program: &str) -> Program {
        let enter = format!("--mount={}", self.pin.display());
        Program::new(what, "nsenter").args([enter.as_str(), "--", program])
    }
}

/// Clusters of the instance that have, or had, a namespace.
pub(crate) fn pinned(instance: &str) -> Vec<String> {
    let entries =
        fs::read_dir(Path::new(paths::RUN).join(instance)).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".mnt")?.to_owned())).collect()
}

/// Removes the instance's folder of pins, and the mount below all instances' when it is the last.
pub(crate) fn remove_pins(instance: &str) -> Result<(), Error> {
    let folder = Path::new(paths::RUN).join(instance);
    if let Ok(entries) = fs::read_dir(&folder) {
        for entry in entries.filter_map(Result::ok) {
            MountNamespace { pin: entry.path() }.remove()?;
        }
        // Not empty only when another process just made one: then it is not ours to remove.
        let _ = fs::remove_dir(&folder);
    }
    let others = paths::folders_in(paths::RUN)?.into_iter().any(|name| name != "host");
    if !others {
        let _ = umount2(paths::RUN, MntFlags::MNT_DETACH);
    }
    Ok(())
}

pub(crate) fn is_mount_point(path: &Path) -> bool {
    let table = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    table.lines().filter_map(|line| line.split(' ').nth(4)).any(|point| Path::new(point) == path)
}

/// What is run inside to furnish it.
fn script(cluster: &ClusterPaths) -> Result<String, Error> {
    let mut script = String::from("mount --make-rshared /\n");
    let own = [
        ("kubelet", "/var/lib/kubelet"),
        ("containerd", "/var/lib/containerd"),
        ("logs/pods", "/var/log/pods"),
        ("logs/containers", "/var/log/containers"),
    ];
    for (folder, customary) in own {
        paths::create_dir(cluster.dir.join(folder))?;
        paths::create_dir(customary)?;
        script += &format!("mount --bind {} {customary}\n", quoted(&cluster.dir.join(folder)));
    }
    for customary in ["/run/netns", "/run/containerd", "/var/lib/cni"] {
        paths::create_dir(customary)?;
        script += &format!("mount -t tmpfs -o mode=0711 tmpfs {customary}\n");
    }
    let covers = cluster.config().join("sysctl");
    paths::create_dir(&covers)?;
    for (key, value) in KUBELET_SYSCTLS {
        let real = Path::new("/proc/sys").join(key);
        if real.exists() {
            let cover = covers.join(key.replace('/', "."));
            paths::write(&cover, format!("{value}\n"))?;
            script += &format!("mount --bind {} {}\n", quoted(&cover), real.display());
        }
    }
    let resolv = cluster.config().join("resolv.conf");
    paths::write(&resolv, reachable_resolvers())?;
    if Path::new("/etc/resolv.conf").exists() {
        script += &format!("mount --bind {} /etc/resolv.conf\n", quoted(&resolv));
    }
    paths::create_dir(cluster.homes())?;
    script += &format!("touch {MARK}\n");
    Ok(script)
}

/// The host's DNS servers but those on its loopback, which nobody in another network namespace reaches.
fn reachable_resolvers() -> String {
    // systemd-resolved and NetworkManager keep the real servers beside their loopback stub.
    let files =
        ["/run/systemd/resolve/resolv.conf", "/run/NetworkManager/no-stub-resolv.conf", "/etc/resolv.conf"];
    let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
    let mut kept = texts.map(|text| without_loopback(&text)).filter(|text| text.contains("nameserver"));
    kept.next().unwrap_or_else(|| "# The host has no DNS server that its clusters could reach.\n".into())
}

fn without_loopback(text: &str) -> String {
    let loopback = |line: &str| {
        let mut words = line.split_ascii_whitespace();
        words.next() == Some("nameserver")
            && words
                .next()
                .and_then(|ip| ip.parse::<std::net::IpAddr>().ok())
                .is_none_or(|ip| ip.is_loopback())
    };
    text.lines().filter(|line| !loopback(line)).map(|line| format!("{line}\n")).collect()
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_resolvers_are_left_out() {
        let text = "search corp\nnameserver 127.0.0.53\nnameserver ::1\nnameserver 192.0.2.1\n";
        assert_eq!(without_loopback(text), "search corp\nnameserver 192.0.2.1\n");
    }

    #[test]
    fn paths_reach_the_shell_as_they_are() {
        assert_eq!(quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }
}
