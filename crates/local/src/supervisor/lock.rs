//! One supervisor per directory.

use std::fs::{File, OpenOptions};
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

use crate::Error;

/// Held for as long as the supervisor lives; the kernel lets go of it at its death, however that comes.
pub(super) struct Held {
    _lock: Flock<File>,
}

/// `None` when another supervisor has it.
pub(super) fn take(path: &Path) -> Result<Option<Held>, Error> {
    let failed = |e: std::io::Error| Error::io("lock", path, e);
    // Not inherited by components: Rust opens files close-on-exec.
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(failed)?;
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(lock) => Ok(Some(Held { _lock: lock })),
        Err((_, Errno::EWOULDBLOCK)) => Ok(None),
        Err((_, e)) => Err(failed(e.into())),
    }
}
