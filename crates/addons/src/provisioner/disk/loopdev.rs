//! Loop devices by ioctl (kernel: include/uapi/linux/loop.h). The `mount` program would do, but it expects each device
//! node in /dev, and a container's /dev has only those that were there when it started.
#![allow(unsafe_code)] // four ioctls, each with its proof

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::stat::{Mode, SFlag, makedev, mknod};

/// Major number of loop devices (kernel: Documentation/admin-guide/devices.txt).
const LOOP_MAJOR: u64 = 7;
/// The device goes by itself with its last user: an unmount, or a crash before the mount, leaves nothing behind.
const LO_FLAGS_AUTOCLEAR: u32 = 4;
/// Another process may take a free device first; so often it is tried.
const ATTEMPTS: u32 = 64;

#[repr(C)]
#[derive(Clone, Copy)]
struct LoopInfo64 {
    device: u64,
    inode: u64,
    rdevice: u64,
    offset: u64,
    sizelimit: u64,
    number: u32,
    encrypt_type: u32,
    encrypt_key_size: u32,
    flags: u32,
    file_name: [u8; 64],
    crypt_name: [u8; 64],
    encrypt_key: [u8; 32],
    init: [u64; 2],
}

#[repr(C)]
struct LoopConfig {
    fd: u32,
    block_size: u32,
    info: LoopInfo64,
    reserved: [u64; 8],
}

nix::ioctl_none_bad!(loop_ctl_get_free, 0x4C82);
nix::ioctl_write_ptr_bad!(loop_configure, 0x4C0A, LoopConfig);
nix::ioctl_none_bad!(loop_set_capacity, 0x4C07);
nix::ioctl_read_bad!(loop_get_status64, 0x4C05, LoopInfo64);

const NO_INFO: LoopInfo64 = LoopInfo64 {
    device: 0,
    inode: 0,
    rdevice: 0,
    offset: 0,
    sizelimit: 0,
    number: 0,
    encrypt_type: 0,
    encrypt_key_size: 0,
    flags: 0,
    file_name: [0; 64],
    crypt_name: [0; 64],
    encrypt_key: [0; 32],
    init: [0; 2],
};

/// A loop device over a file. It lives as long as this value or a mount of it.
#[derive(Debug)]
pub(super) struct LoopDevice {
    /// Its node.
    pub path: PathBuf,
    _node: File,
}

/// Puts a loop device over `image`.
pub(super) fn attach(image: &Path) -> io::Result<LoopDevice> {
    let backing = OpenOptions::new().read(true).write(true).custom_flags(nix::libc::O_CLOEXEC).open(image)?;
    let control = OpenOptions::new().read(true).write(true).open("/dev/loop-control")?;
    for _ in 0..ATTEMPTS {
        // SAFETY: takes no argument and gives a number; the descriptor is open for the call.
        let number = unsafe { loop_ctl_get_free(control.as_raw_fd()) }?;
        let number = u64::try_from(number).map_err(io::Error::other)?;
        let path = node(number)?;
        let node = OpenOptions::new().read(true).write(true).open(&path)?;
        match configure(node.as_raw_fd(), backing.as_raw_fd(), image) {
            Ok(()) => return Ok(LoopDevice { path, _node: node }),
            Err(Errno::EBUSY) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::Error::other("every free loop device was taken by others first"))
}

/// The device that lies over `image` already. A pod may still hold a home that is no longer mounted here; a second
/// device over the same image would then be a second file system driver on the same blocks, and the end of the home.
pub(super) fn over(image: &Path) -> io::Result<Option<PathBuf>> {
    let image = fs::metadata(image)?;
    for entry in fs::read_dir("/sys/block")? {
        let entry = entry?;
        let number =
            entry.file_name().to_str().and_then(|name| name.strip_prefix("loop")?.parse::<u64>().ok());
        let Some(number) = number.filter(|_| entry.path().join("loop").exists()) else { continue };
        let path = node(number)?;
        // It may go while it is looked at: then it is not the one.
        let Ok(device) = OpenOptions::new().read(true).open(&path) else { continue };
        let mut info = NO_INFO;
        // SAFETY: the kernel fills a `struct loop_info64`, whose layout this is (checked by the test below); the value
        // outlives the call and the descriptor is open.
        if unsafe { loop_get_status64(device.as_raw_fd(), &raw mut info) }.is_ok()
            && (info.inode, info.device) == (image.ino(), image.dev())
        {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// Tells the kernel that the file under `device` has grown.
pub(super) fn refresh_size(device: &Path) -> io::Result<()> {
    let node = OpenOptions::new().read(true).write(true).open(device)?;
    // SAFETY: takes no argument; the descriptor is open for the call.
    unsafe { loop_set_capacity(node.as_raw_fd()) }?;
    Ok(())
}

/// The device node of a number, made where it is missing.
fn node(number: u64) -> io::Result<PathBuf> {
    let path = PathBuf::from(format!("/dev/loop{number}"));
    if !path.exists() {
        match mknod(&path, SFlag::S_IFBLK, Mode::S_IRUSR | Mode::S_IWUSR, makedev(LOOP_MAJOR, number)) {
            Ok(()) | Err(Errno::EEXIST) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(path)
}

fn configure(device: RawFd, backing: RawFd, image: &Path) -> Result<(), Errno> {
    let mut file_name = [0; 64];
    // For `losetup` to show; longer paths are cut, and a zero must stay at the end.
    for (to, from) in file_name[..63].iter_mut().zip(image.as_os_str().as_encoded_bytes()) {
        *to = *from;
    }
    let info = LoopInfo64 { flags: LO_FLAGS_AUTOCLEAR, file_name, ..NO_INFO };
    let fd = u32::try_from(backing).map_err(|_| Errno::EBADF)?;
    let config = LoopConfig { fd, block_size: 0, info, reserved: [0; 8] };
    // SAFETY: `LoopConfig` has the layout of the kernel's `struct loop_config` (checked by the test below), it outlives
    // the call, the kernel only reads it, and both descriptors are open.
    unsafe { loop_configure(device, &raw const config) }.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_the_kernels() {
        assert_eq!((size_of::<LoopInfo64>(), size_of::<LoopConfig>()), (232, 304));
        assert_eq!(std::mem::offset_of!(LoopInfo64, flags), 52);
        assert_eq!(std::mem::offset_of!(LoopInfo64, file_name), 56);
    }
}
