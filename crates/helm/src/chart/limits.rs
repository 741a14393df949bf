//! How large a chart may be: nobody knows where it came from.

use super::Error;

/// Bounds of one chart with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Files, those of charts below included.
    pub files: usize,
    /// Bytes of one file.
    pub file_bytes: usize,
    /// Bytes of all files, unpacked, archives within archives included.
    pub total_bytes: usize,
    /// Charts within charts.
    pub depth: usize,
    /// Bytes of a path.
    pub path_bytes: usize,
}

impl Default for Limits {
    /// Helm's own, where it has one.
    fn default() -> Self {
        Self {
            files: 20_000,
            file_bytes: 5 * 1024 * 1024,
            total_bytes: 100 * 1024 * 1024,
            depth: 16,
            path_bytes: 1024,
        }
    }
}

/// What is left of the limits while a chart is read.
pub(super) struct Budget {
    pub limits: Limits,
    files: usize,
    pub bytes: usize,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { limits: limits.clone(), files: limits.files, bytes: limits.total_bytes }
    }

    /// Takes a file of so many bytes out of it.
    pub(super) fn take(&mut self, name: &str, bytes: u64) -> Result<(), Error> {
        let limits = &self.limits;
        if name.len() > limits.path_bytes {
            return Err(Error::TooLarge(format!(
                "a path in the chart is longer than {} bytes",
                limits.path_bytes
            )));
        }
        if self.files == 0 {
            return Err(Error::TooLarge(format!("the chart has more than {} files", limits.files)));
        }
        self.files -= 1;
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        if bytes > limits.file_bytes {
            return Err(Error::TooLarge(format!(
                "decompressed chart file {name:?} is larger than the maximum file size {}",
                limits.file_bytes
            )));
        }
        self.bytes = self.bytes.checked_sub(bytes).ok_or_else(|| self.too_large())?;
        Ok(())
    }

    pub(super) fn too_large(&self) -> Error {
        Error::TooLarge(format!(
            "decompressed chart is larger than the maximum size {}",
            self.limits.total_bytes
        ))
    }
}
