//! The image of a home, by the programs of e2fsprogs.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nagaya_api::quantity::Bytes;

use super::{DiskError, Result, failed, sync_folder};

/// e2fsck(8): 1 is "errors were corrected".
const CORRECTED: i32 = 1;

/// Makes a sparse file of `size` with an empty ext4 in it. It gets its name when it is whole.
pub(super) fn make(path: &Path, size: Bytes) -> Result<()> {
    let new = path.with_extension("img.new");
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new);
    let file = file.map_err(failed("make", &new))?;
    file.set_len(size.0).map_err(failed("make", &new))?;
    // A sparse file reads as zeros: with `discard` mkfs knows, marks the inode tables as clean and writes next to
    // nothing, now or in the background. No reserve: there is no root inside to need it.
    let options = "discard,lazy_itable_init=1,lazy_journal_init=1";
    let arguments = ["-q", "-F", "-m", "0", "-L", "home", "-E", options];
    run("mkfs.ext4", &arguments, &new, |code| code == 0)?;
    file.sync_all().map_err(failed("write", &new))?;
    fs::rename(&new, path).map_err(failed("make", path))?;
    sync_folder(path.parent().unwrap_or(path))
}

/// Repairs what can be repaired without a decision.
pub(super) fn check(path: &Path) -> Result<()> {
    run("e2fsck", &["-f", "-p"], path, |code| code <= CORRECTED)
}

/// Makes the file system as large as the image or device it is in.
pub(super) fn resize(path: &Path) -> Result<()> {
    run("resize2fs", &[], path, |code| code == 0)
}

fn run(program: &'static str, arguments: &[&str], path: &Path, fine: impl Fn(i32) -> bool) -> Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).arg(path).stdin(Stdio::null()).env("LC_ALL", "C");
    // They lie there even where a service's PATH does not.
    let known = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{known}:/usr/sbin:/sbin:/usr/bin:/bin"));
    let output = command.output().map_err(failed("run e2fsprogs on", path))?;
    if output.status.code().is_some_and(fine) {
        return Ok(());
    }
    let said = [output.stderr, output.stdout].concat();
    let said = String::from_utf8_lossy(&said).split_whitespace().collect::<Vec<_>>().join(" ");
    Err(DiskError::Program { program, path: path.to_owned(), said })
}
