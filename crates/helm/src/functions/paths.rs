//! Paths with slashes. Those of the operating system are the same: charts are rendered as on Linux.

use super::{Function, Parameter::String as Text, arguments::bytes, fixed};
use crate::value::Value;

/// The shortest path that is the same: without `.`, without `..` behind a name, without doubled slashes.
fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut names: Vec<&[u8]> = Vec::new();
    for name in path.split(|byte| *byte == b'/') {
        match name {
            b"" | b"." => {}
            b".." => match names.last() {
                Some(last) if *last != b".." => {
                    names.pop();
                }
                _ if rooted => {}
                _ => names.push(name),
            },
            name => names.push(name),
        }
    }
    let joined = names.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

fn base(path: &[u8]) -> &[u8] {
    if path.is_empty() {
        return b".";
    }
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
    let path = path.get(..end).unwrap_or_default();
    if path.is_empty() {
        return b"/";
    }
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

fn dir(path: &[u8]) -> Vec<u8> {
    let end = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    clean(path.get(..end).unwrap_or_default())
}

fn ext(path: &[u8]) -> &[u8] {
    match path.iter().rposition(|byte| matches!(byte, b'.' | b'/')) {
        Some(at) if path.get(at) == Some(&b'.') => path.get(at..).unwrap_or_default(),
        _ => b"",
    }
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("base", &[Text], |_, a| Ok(Value::string(base(bytes(a, 0))))),
    fixed("osBase", &[Text], |_, a| Ok(Value::string(base(bytes(a, 0))))),
    fixed("dir", &[Text], |_, a| Ok(Value::string(dir(bytes(a, 0))))),
    fixed("osDir", &[Text], |_, a| Ok(Value::string(dir(bytes(a, 0))))),
    fixed("clean", &[Text], |_, a| Ok(Value::string(clean(bytes(a, 0))))),
    fixed("osClean", &[Text], |_, a| Ok(Value::string(clean(bytes(a, 0))))),
    fixed("ext", &[Text], |_, a| Ok(Value::string(ext(bytes(a, 0))))),
    fixed("osExt", &[Text], |_, a| Ok(Value::string(ext(bytes(a, 0))))),
    fixed("isAbs", &[Text], |_, a| Ok(bytes(a, 0).starts_with(b"/").into())),
    fixed("osIsAbs", &[Text], |_, a| Ok(bytes(a, 0).starts_with(b"/").into())),
];
