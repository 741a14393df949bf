//! Homes on the disk: `<homes>/<name>/{home.json, disk.img, mnt/home}`. Every step is idempotent and leaves, when it is
//! cut short, something the next try goes on from. All of it blocks.

mod image;
mod loopdev;
mod mountinfo;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nagaya_api::quantity::Bytes;
use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::unistd::{Gid, Uid, chown};

use super::about::{About, State};
use super::model::Home;

/// The account that owns what is in a home.
const OWNER: u32 = 1000;
/// Of the thread, not of the process: that is where its mounts are made.
const MOUNTS: &str = "/proc/thread-self/mountinfo";
/// The host's disk must have this much left for a new home: below it everybody's homes are in danger.
const RESERVE: u64 = 256 << 20;

/// Why something could not be done to a home.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// A file or folder.
    #[error("cannot {what} {path}: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// With which file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A program of e2fsprogs failed.
    #[error("{program} failed on {path}: {said}")]
    Program {
        /// The program.
        program: &'static str,
        /// The image.
        path: PathBuf,
        /// Its last words.
        said: String,
    },
    /// The host's disk is full.
    #[error(
        "the disk that holds the homes has {free} left, too little for another home; make room at {path}"
    )]
    NoSpace {
        /// What is left.
        free: Bytes,
        /// Where.
        path: PathBuf,
    },
    /// More is asked for than the disk has.
    #[error("a home of {asked} is more than the whole disk that holds the homes ({whole}); ask for less")]
    TooLarge {
        /// The size asked for.
        asked: Bytes,
        /// The disk's size.
        whole: Bytes,
    },
    /// It cannot grow while it is used.
    #[error("the home grows when its workspace is stopped, since here it cannot while it is used")]
    InUse,
    /// Nobody could mount it.
    #[error("cannot mount {path}: {source}; it is kept as it is")]
    Mount {
        /// The image.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
}

pub(super) type Result<T> = std::result::Result<T, DiskError>;

fn failed<'a>(what: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> DiskError + 'a {
    move |source| DiskError::Io { what, path: path.to_owned(), source }
}

/// The folder of all homes.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The homes below `root`.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(root: &Path) -> Result<Self> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o711)
            .create(root)
            .map_err(failed("make the folder", root))?;
        // Mount points are compared as the kernel writes them.
        let root = root.canonicalize().map_err(failed("find", root))?;
        Ok(Self { root })
    }

    /// Takes the right to work on these homes; `None` while another process has it. It ends with the value, or with the
    /// process. Two provisioners would make one image twice.
    ///
    /// # Errors
    /// The lock file cannot be opened.
    pub fn lock(&self) -> Result<Option<Flock<File>>> {
        let path = self.root.join(".lock");
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        match Flock::lock(file.map_err(failed("open", &path))?, FlockArg::LockExclusiveNonblock) {
            Ok(lock) => Ok(Some(lock)),
            Err((_, Errno::EAGAIN)) => Ok(None),
            Err((_, error)) => Err(failed("lock", &path)(error.into())),
        }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn image(&self, name: &str) -> PathBuf {
        self.folder(name).join("disk.img")
    }

    fn point(&self, name: &str) -> PathBuf {
        self.folder(name).join("mnt")
    }

    /// Where the home's content is while it is mounted: one below the mount point, so that an unmounted home is
    /// absent, never empty.
    #[must_use]
    pub fn content(&self, name: &str) -> PathBuf {
        self.point(name).join("home")
    }

    /// All homes. A folder whose `home.json` cannot be read is left out, and left alone.
    ///
    /// # Errors
    /// The folder of homes or the table of mounts cannot be read.
    pub fn homes(&self) -> Result<Vec<Home>> {
        let table = Path::new(MOUNTS);
        let mounts = mountinfo::parse(&fs::read_to_string(table).map_err(failed("read", table))?);
        let mut homes = Vec::new();
        for entry in fs::read_dir(&self.root).map_err(failed("list", &self.root))? {
            let entry = entry.map_err(failed("list", &self.root))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let about = match self.about(&name) {
                Ok(Some(about)) => about,
                Ok(None) => continue,
                Err(error) => {
                    tracing::warn!(%error, home = name, "this home is left alone");
                    continue;
                }
            };
            let image = fs::metadata(self.image(&name)).ok().map(|file| Bytes(file.len()));
            let mounted = mounts.contains_key(&self.point(&name));
            homes.push(Home { name, about, image, mounted });
        }
        homes.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(homes)
    }

    /// What a home says of itself; `None` when there is no such home.
    ///
    /// # Errors
    /// Its `home.json` cannot be read.
    pub fn about(&self, name: &str) -> Result<Option<About>> {
        let path = self.folder(name).join("home.json");
        match fs::read(&path) {
            Ok(content) => serde_json::from_slice(&content)
                .map(Some)
                .map_err(|error| failed("understand", &path)(io::Error::other(error))),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(None)
            }
            Err(error) => Err(failed("read", &path)(error)),
        }
    }

    /// Writes what a home says of itself, making its folder.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn describe(&self, name: &str, about: &About) -> Result<()> {
        let folder = self.folder(name);
        if self.about(name).ok().flatten().as_ref() == Some(about) {
            return Ok(());
        }
        fs::DirBuilder::new().recursive(true).mode(0o711).create(&folder).map_err(failed("make", &folder))?;
        let (path, new) = (folder.join("home.json"), folder.join("home.json.new"));
        let content =
            serde_json::to_vec_pretty(about).map_err(|e| failed("write", &path)(io::Error::other(e)))?;
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new);
        let mut file = file.map_err(failed("write", &new))?;
        file.write_all(&content).and_then(|()| file.sync_data()).map_err(failed("write", &new))?;
        fs::rename(&new, &path).map_err(failed("write", &path))
    }

    /// Changes only the state that a home is in.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn set_state(&self, name: &str, state: State) -> Result<()> {
        match self.about(name)? {
            Some(about) if about.state != state => self.describe(name, &About { state, ..about }),
            _ => Ok(()),
        }
    }

    /// Makes the image of `size`, or grows the one that is there; never makes one smaller.
    ///
    /// # Errors
    /// No room, or mkfs.ext4 failed.
    pub fn ensure_image(&self, name: &str, size: Bytes) -> Result<()> {
        let path = self.image(name);
        match fs::metadata(&path) {
            Ok(file) if file.len() >= size.0 => Ok(()),
            Ok(_) => self.grow(name, size),
            Err(_) => {
                self.check_room(size)?;
                image::make(&path, size)
            }
        }
    }

    /// Images are sparse: what is promised is not what is taken. A home is refused when the disk is nearly full.
    fn check_room(&self, size: Bytes) -> Result<()> {
        let disk = nix::sys::statvfs::statvfs(&self.root)
            .map_err(|error| failed("measure the disk of", &self.root)(error.into()))?;
        let bytes = |blocks: nix::libc::fsblkcnt_t| Bytes(blocks.saturating_mul(disk.fragment_size()));
        let (free, whole) = (bytes(disk.blocks_available()), bytes(disk.blocks()));
        if size > whole {
            return Err(DiskError::TooLarge { asked: size, whole });
        }
        if free.0 < RESERVE {
            return Err(DiskError::NoSpace { free, path: self.root.clone() });
        }
        Ok(())
    }

    /// Mounts the home and makes sure that its content is there.
    ///
    /// # Errors
    /// It cannot be mounted even after a check.
    pub fn mount(&self, name: &str) -> Result<()> {
        let (image, point) = (self.image(name), self.point(name));
        if self.device(name)?.is_none() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o711)
                .create(&point)
                .map_err(failed("make", &point))?;
            if let Err(first) = mount_image(&image, &point) {
                // Repairing under somebody's feet would be worse than not mounting.
                if loopdev::over(&image).map_err(failed("look at", &image))?.is_some() {
                    return Err(DiskError::Mount { path: image, source: first });
                }
                // The journal is replayed by the kernel; what it refuses is worth one repair of the safe kind.
                tracing::warn!(error = %first, home = name, "a home could not be mounted; it is checked");
                image::check(&image)?;
                mount_image(&image, &point).map_err(|source| DiskError::Mount { path: image, source })?;
            }
        }
        self.ensure_content(name)
    }

    /// The folder inside, owned by the desktop's user. Made aside and moved, so that it is never there half made.
    fn ensure_content(&self, name: &str) -> Result<()> {
        let (content, new) = (self.content(name), self.point(name).join(".home.new"));
        if content.exists() {
            return Ok(());
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&new).map_err(failed("make", &new))?;
        chown(&new, Some(Uid::from_raw(OWNER)), Some(Gid::from_raw(OWNER)))
            .map_err(|error| failed("hand over", &new)(error.into()))?;
        fs::rename(&new, &content).map_err(failed("make", &content))
    }

    /// The loop device that is mounted, if one is.
    fn device(&self, name: &str) -> Result<Option<PathBuf>> {
        let table = Path::new(MOUNTS);
        let mounts = mountinfo::parse(&fs::read_to_string(table).map_err(failed("read", table))?);
        Ok(mounts.get(&self.point(name)).cloned())
    }

    /// Unmounts the home; its loop device goes with it. With `force` also when somebody is in it.
    ///
    /// # Errors
    /// Somebody is in it.
    pub fn unmount(&self, name: &str, force: bool) -> Result<()> {
        let point = self.point(name);
        while self.device(name)?.is_some() {
            let flags = MntFlags::UMOUNT_NOFOLLOW;
            match umount2(&point, flags) {
                Err(Errno::EBUSY) if force => umount2(&point, flags | MntFlags::MNT_DETACH),
                outcome => outcome,
            }
            .map_err(|error| failed("unmount", &point)(error.into()))?;
        }
        Ok(())
    }

    /// Makes image, device and file system larger, mounted or not.
    ///
    /// # Errors
    /// No room, or resize2fs failed; what was done stays, and the next try goes on from there.
    pub fn grow(&self, name: &str, size: Bytes) -> Result<()> {
        let path = self.image(name);
        let file = OpenOptions::new().write(true).open(&path).map_err(failed("open", &path))?;
        if file.metadata().map_err(failed("measure", &path))?.len() < size.0 {
            self.check_room(size)?;
            file.set_len(size.0).and_then(|()| file.sync_all()).map_err(failed("grow", &path))?;
        }
        let Some(device) = self.device(name)? else { return grow_idle(&path) };
        loopdev::refresh_size(&device).map_err(failed("grow the device", &device))?;
        let Err(online) = image::resize(&device) else { return Ok(()) };
        // Growing a mounted ext4 asks for CAP_SYS_RESOURCE, which root inside a container may lack: without it, the
        // home grows as soon as nobody is in it.
        self.unmount(name, false)?;
        let grown = match loopdev::over(&path).map_err(failed("look at", &path))? {
            None => grow_idle(&path),
            Some(_) => {
                tracing::debug!(%online, home = name, "could not grow in use");
                Err(DiskError::InUse)
            }
        };
        self.mount(name).and(grown)
    }

    /// Removes the home for good. Only what belongs to a home is removed, and never what is inside a mount: should one
    /// be left, its folder is not empty and stays.
    ///
    /// # Errors
    /// Something could not be removed; its `home.json` goes last, so the next try finds it.
    pub fn remove(&self, name: &str) -> Result<()> {
        let folder = self.folder(name);
        for file in ["disk.img", "disk.img.new"] {
            gone(fs::remove_file(folder.join(file))).map_err(failed("remove", &folder.join(file)))?;
        }
        gone(fs::remove_dir(self.point(name))).map_err(failed("remove", &self.point(name)))?;
        for file in ["home.json.new", "home.json"] {
            gone(fs::remove_file(folder.join(file))).map_err(failed("remove", &folder.join(file)))?;
        }
        gone(fs::remove_dir(&folder)).map_err(failed("remove", &folder))
    }
}

fn grow_idle(image: &Path) -> Result<()> {
    image::check(image)?;
    image::resize(image)
}

fn gone(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

fn mount_image(image: &Path, point: &Path) -> io::Result<()> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOATIME;
    // Errors in the image must not go on spreading; what is deleted inside gives its room back outside.
    let options = Some("errors=remount-ro,discard");
    if let Some(device) = loopdev::over(image)? {
        return mount(Some(&device), point, Some("ext4"), flags, options).map_err(io::Error::from);
    }
    // Held until the mount holds it: between the two the device would go by itself.
    let device = loopdev::attach(image)?;
    mount(Some(&device.path), point, Some("ext4"), flags, options).map_err(io::Error::from)
}

/// Makes a rename survive a power cut.
fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed("write", folder))
}
