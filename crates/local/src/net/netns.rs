//! Named network namespaces, entered without touching mounts.
//!
//! `ip netns exec` is never used: it remounts /sys, which hides the cgroup mounts from kubelet.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;

use nix::mount::{MntFlags, umount2};
use nix::sched::{CloneFlags, setns};

use crate::Error;
use crate::program::Program;

/// A network namespace by its name under /run/netns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Netns {
    pub(crate) name: String,
}

impl Netns {
    pub(crate) fn hub(instance: &str) -> Self {
        Self { name: format!("nagaya-{instance}") }
    }

    pub(crate) fn cluster(instance: &str, cluster: &str) -> Self {
        Self { name: format!("nagaya-{instance}-{cluster}") }
    }

    pub(crate) fn path(&self) -> PathBuf {
        PathBuf::from("/run/netns").join(&self.name)
    }

    /// Whether it is there and still a namespace (after a reboot or in another mount namespace the file may be a bare file).
    pub(crate) fn exists(&self) -> bool {
        let magic = nix::sys::statfs::statfs(&self.path()).map(|fs| fs.filesystem_type());
        magic.is_ok_and(|kind| kind == nix::sys::statfs::NSFS_MAGIC)
    }

    /// Makes it unless it is there. True when it was made now.
    pub(crate) async fn ensure(&self) -> Result<bool, Error> {
        if self.exists() {
            return Ok(false);
        }
        self.remove()?;
        crate::paths::create_dir("/run/netns")?;
        crate::paths::write(self.path(), "")?;
        // `ip netns add` does the same, but leaves a mount of /run/netns on itself behind for ever.
        let pin = format!("--net={}", self.path().display());
        let make = Program::new(format!("make network namespace {}", self.name), "unshare");
        make.args([&pin, "--", "ip", "link", "set", "lo", "up"]).run().await?;
        Ok(true)
    }

    /// Takes the name away; the namespace itself goes with its last process.
    pub(crate) fn remove(&self) -> Result<(), Error> {
        let path = self.path();
        // Until EINVAL (not a mount any more) or ENOENT: two makers at once leave two mounts, one on the other.
        while umount2(&path, MntFlags::MNT_DETACH).is_ok() {}
        match fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io("remove network namespace", &path, e))
            }
            _ => Ok(()),
        }
    }

    /// `ip …` inside.
    pub(crate) async fn ip(&self, args: &[&str]) -> Result<String, Error> {
        self.program(format!("set up network namespace {}", self.name), "ip").args(args).run().await
    }

    /// Any program inside.
    pub(crate) fn program(&self, what: impl Into<String>, program: &str) -> Program {
        let enter = format!("--net={}", self.path().display());
        Program::new(what, "nsenter").args([enter.as_str(), "--", program])
    }

    /// Sets a kernel setting of the namespace, given as a path below /proc/sys.
    pub(crate) fn set(&self, key: &str, value: &str) -> Result<(), Error> {
        let path = PathBuf::from("/proc/sys").join(key);
        let value = value.to_owned();
        self.enter(move || fs::write(&path, value).map_err(|e| Error::io("set", &path, e)))?
    }

    /// Runs `job` on a thread of its own inside the namespace. Sockets it makes stay in there.
    pub(crate) fn enter<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let path = self.path();
        let file = File::open(&path).map_err(|e| Error::io("open network namespace", &path, e))?;
        let failed = |e: std::io::Error| Error::io("enter network namespace", self.path(), e);
        let thread = std::thread::Builder::new().name("netns".into()).spawn(move || {
            setns(&file, CloneFlags::CLONE_NEWNET).map_err(std::io::Error::from)?;
            Ok(job())
        });
        let ended = thread.map_err(failed)?.join();
        ended.unwrap_or_else(|_| Err(std::io::Error::other("the thread panicked"))).map_err(failed)
    }

    /// A listener inside the namespace, usable from outside.
    pub(crate) fn listen(&self, address: SocketAddr) -> Result<TcpListener, Error> {
        let listener = self.enter(move || TcpListener::bind(address))?;
        let listener = listener.map_err(|e| Error::io("listen on", address.to_string(), e))?;
        listener.set_nonblocking(true).map_err(|e| Error::io("listen on", address.to_string(), e))?;
        Ok(listener)
    }
}
