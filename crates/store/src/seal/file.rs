//! Keys in a file that only its owner reads.

use std::{
    fs,
    io::{ErrorKind, Read as _, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    sync::Arc,
};

use zeroize::Zeroizing;

use super::{Key, Ring};
use crate::StoreError;

/// The keys in the file, if there is one. One of 32 bytes is a single key as it is.
pub(super) fn read(path: &Path) -> Result<Option<Ring>, StoreError> {
    let failed = |source| StoreError::File { path: path.to_owned(), source };
    let mut file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mode = file.metadata().map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!(path = %path.display(), "others than its owner could read the sealing key; they no longer can: rotate it");
        file.set_permissions(fs::Permissions::from_mode(0o600)).map_err(failed)?;
    }
    let mut text = Zeroizing::new(Vec::new());
    file.read_to_end(&mut text).map_err(failed)?;
    if text.len() == 32
        && let Some(key) = Key::new(text.clone())
    {
        return Ok(Some(Ring::of(Arc::new(key))));
    }
    let place = path.display().to_string();
    let damaged = |why| StoreError::Key {
        place,
        why: format!("{why}. Restore it from the backup of the data directory"),
    };
    Ring::parse(&text).map(Some).map_err(damaged)
}

/// Writes the keys, all or not at all: half a key would lock what is sealed with it.
pub(super) fn write(path: &Path, ring: &Ring) -> Result<(), StoreError> {
    let write = || -> std::io::Result<()> {
        let unfinished = path.with_extension("key.new");
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(ring.text().as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        sync_folder(path)
    };
    write().map_err(|source| StoreError::File { path: path.to_owned(), source })
}

/// Removes the file. There may be none.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(StoreError::File { path: path.to_owned(), source }),
        Ok(()) => sync_folder(path).map_err(|source| StoreError::File { path: path.to_owned(), source }),
    }
}

/// A name is as durable as its folder.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
