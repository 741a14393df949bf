//! /proc/thread-self/mountinfo (proc(5)): what is mounted where.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Mount points and the devices mounted there; of mounts over each other the one on top.
pub(super) fn parse(table: &str) -> BTreeMap<PathBuf, PathBuf> {
    table.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<(PathBuf, PathBuf)> {
    let (before, after) = line.split_once(" - ")?;
    let point = before.split(' ').nth(4)?;
    let source = after.split(' ').nth(1)?;
    Some((unescaped(point), unescaped(source)))
}

/// Spaces and the like are written as a backslash and three octal digits.
fn unescaped(field: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let octal =
            tail.get(..3).filter(|_| *first == b'\\').and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[3..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    use std::os::unix::ffi::OsStringExt;
    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_devices_are_read_with_their_escapes() {
        let table = "30 24 7:3 / /var/a\\040b/mnt rw,nosuid shared:9 master:1 - ext4 /dev/loop3 rw\n\
                     24 1 0:5 / /dev rw - devtmpfs devtmpfs rw\nnonsense\n";
        let mounts = parse(table);
        assert_eq!(mounts.get(&PathBuf::from("/var/a b/mnt")), Some(&PathBuf::from("/dev/loop3")));
        assert_eq!(mounts.len(), 2);
    }
}
