//! Logs of components: files they write themselves, so that they outlive their supervisor; kept to a bounded size.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::Error;

/// A log is at most about twice this: the file and one older one.
const LARGEST: u64 = 8 << 20;

pub(crate) fn open(path: &Path) -> Result<File, Error> {
    OpenOptions::new().create(true).append(true).open(path).map_err(|e| Error::io("open log", path, e))
}

/// Sets a log aside that has grown too big. The writer appends, so after the cut it goes on at the beginning; what it
/// writes between copy and cut is lost, which a log can bear.
pub(crate) fn rotate(path: &Path) -> Result<(), Error> {
    if fs::metadata(path).is_ok_and(|meta| meta.len() > LARGEST) {
        let failed = |e| Error::io("rotate log", path, e);
        fs::copy(path, path.with_extension("log.1")).map_err(failed)?;
        OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(0)).map_err(failed)?;
    }
    Ok(())
}

/// The last lines of a log, each cut to a readable length.
pub(crate) fn tail(path: &Path, lines: usize) -> Vec<String> {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(size.saturating_sub(16 << 10)))?;
        let mut bytes = vec![];
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].iter().map(|line| line.chars().take(400).collect()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Write;

    #[test]
    fn a_writer_goes_on_after_rotation() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        let mut writer = open(&path).unwrap();
        writer.write_all(&vec![b'a'; usize::try_from(LARGEST).unwrap() + 1]).unwrap();
        rotate(&path).unwrap();
        writer.write_all(b"one\ntwo\nthree\n").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), 14);
        assert_eq!(tail(&path, 2), ["two", "three"]);
        assert!(path.with_extension("log.1").exists());
    }
}
