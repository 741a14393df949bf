//! URLs, taken apart and put together as Go's `net/url` does, which is laxer than the standard of browsers.

use super::{
    Function,
    Parameter::{Map as Dict, String as Text},
    arguments::{NIL, map, text},
    fixed,
    text::quote,
};
use crate::value::{Map, Value};

/// Where a character stands decides whether it is escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Host,
    Zone,
    User,
    Fragment,
}

/// A URL's parts, decoded but for the query.
#[derive(Default)]
struct Url {
    scheme: String,
    opaque: String,
    user: Option<(String, Option<String>)>,
    host: String,
    path: String,
    query: String,
    fragment: String,
}

fn needs_escape(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
        return false;
    }
    match part {
        Part::Host | Part::Zone => !b"!$&'()*+,;=:[]<>\"".contains(&byte),
        Part::Path => !b"$&+,/:;=@".contains(&byte),
        Part::User => !b"$&+,;=".contains(&byte),
        Part::Fragment => !b"$&+,/:;=?@!()*".contains(&byte),
    }
}

fn escape(source: &str, part: Part) -> String {
    let mut out = String::with_capacity(source.len());
    for byte in source.bytes() {
        if needs_escape(byte, part) {
            out.push_str(&format!("%{byte:02X}"));
        } else {
            out.push(char::from(byte));
        }
    }
    out
}

fn invalid_escape(text: &str) -> String {
    let text: String = text.chars().take(3).collect();
    format!("invalid URL escape {}", quoted(&text))
}

fn quoted(text: &str) -> String {
    String::from_utf8_lossy(&quote(text.as_bytes())).into_owned()
}

fn unescape(source: &str, part: Part) -> Result<String, String> {
    let mut out = Vec::with_capacity(source.len());
    let mut rest = source;
    while let Some(next) = rest.chars().next() {
        let after = rest.get(next.len_utf8()..).unwrap_or_default();
        if next == '%' {
            let digits = rest.get(1..3).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            let byte = byte.ok_or_else(|| invalid_escape(rest))?;
            // A host may only have what is not ASCII escaped, and the sign before its zone.
            if part == Part::Host && byte < 0x80 && !rest.starts_with("%25") {
                return Err(invalid_escape(rest));
            }
            out.push(byte);
            rest = rest.get(3..).unwrap_or_default();
            continue;
        }
        if matches!(part, Part::Host | Part::Zone) && next.is_ascii() && needs_escape(next as u8, part) {
            return Err(format!("invalid character {} in host name", quoted(&next.to_string())));
        }
        let mut buffer = [0; 4];
        out.extend_from_slice(next.encode_utf8(&mut buffer).as_bytes());
        rest = after;
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// The scheme and what follows it.
fn scheme(source: &str) -> Result<(&str, &str), String> {
    for (at, byte) in source.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".into()),
            b':' => {
                return Ok((source.get(..at).unwrap_or_default(), source.get(at + 1..).unwrap_or_default()));
            }
            _ => break,
        }
    }
    Ok(("", source))
}

impl Url {
    fn parse(source: &str) -> Result<Self, String> {
        Self::read(source).map_err(|error| format!("parse {}: {error}", quoted(source)))
    }

    fn read(source: &str) -> Result<Self, String> {
        let (source, fragment) = source.split_once('#').unwrap_or((source, ""));
        if source.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return Err("net/url: invalid control character in URL".into());
        }
        let mut url = Self::default();
        if source == "*" {
            url.path = "*".into();
            return Ok(url);
        }
        let (scheme, rest) = scheme(source)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        url.query = query.into();
        url.fragment = unescape(fragment, Part::Fragment)?;
        if !rest.starts_with('/') {
            if !url.scheme.is_empty() {
                url.opaque = rest.into();
                return Ok(url);
            }
            if rest.split('/').next().is_some_and(|first| first.contains(':')) {
                return Err("first path segment in URL cannot contain colon".into());
            }
        }
        let path =
            match rest.strip_prefix("//").filter(|_| !url.scheme.is_empty() || !rest.starts_with("///")) {
                Some(after) => {
                    let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
                    url.authority(authority)?;
                    path
                }
                None => rest,
            };
        url.path = unescape(path, Part::Path)?;
        Ok(url)
    }

    fn authority(&mut self, authority: &str) -> Result<(), String> {
        let (user, host) =
            authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
        self.host = parse_host(host)?;
        let Some(user) = user else { return Ok(()) };
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
        if !user.bytes().all(fits) {
            return Err("net/url: invalid userinfo".into());
        }
        let (name, password) =
            user.split_once(':').map_or((user, None), |(name, password)| (name, Some(password)));
        let password = password.map(|password| unescape(password, Part::User)).transpose()?;
        self.user = Some((unescape(name, Part::User)?, password));
        Ok(())
    }

    fn userinfo(&self) -> String {
        match &self.user {
            None => String::new(),
            Some((name, None)) => escape(name, Part::User),
            Some((name, Some(password))) => {
                format!("{}:{}", escape(name, Part::User), escape(password, Part::User))
            }
        }
    }

    /// The host without its port and brackets.
    fn hostname(&self) -> &str {
        let bracketed = self.host.strip_prefix('[').and_then(|host| host.split_once(']'));
        if let Some((host, _)) = bracketed {
            return host;
        }
        match self.host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => &self.host,
        }
    }

    fn print(&self) -> String {
        let mut out = String::new();
        if !self.scheme.is_empty() {
            out.push_str(&self.scheme);
            out.push(':');
        }
        if self.opaque.is_empty() {
            if !self.scheme.is_empty() || !self.host.is_empty() || self.user.is_some() {
                if !self.host.is_empty() || !self.path.is_empty() || self.user.is_some() {
                    out.push_str("//");
                }
                if self.user.is_some() {
                    out.push_str(&self.userinfo());
                    out.push('@');
                }
                out.push_str(&escape(&self.host, Part::Host));
            }
            let path = escape(&self.path, Part::Path);
            if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
                out.push('/');
            }
            // So that it is not read as a scheme.
            if out.is_empty() && path.split('/').next().is_some_and(|first| first.contains(':')) {
                out.push_str("./");
            }
            out.push_str(&path);
        } else {
            out.push_str(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push('?');
            out.push_str(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push('#');
            out.push_str(&escape(&self.fragment, Part::Fragment));
        }
        out
    }
}

fn check_port(port: &str) -> Result<(), String> {
    let fits = port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    if fits { Ok(()) } else { Err(format!("invalid port {} after host", quoted(port))) }
}

fn parse_host(host: &str) -> Result<String, String> {
    if host.starts_with('[') {
        let at = host.rfind(']').ok_or("missing ']' in host")?;
        check_port(host.get(at + 1..).unwrap_or_default())?;
        if let Some(zone) = host.get(..at).and_then(|host| host.find("%25")) {
            let (before, zone) = host.split_at(zone);
            let (zone, after) = zone.split_at(zone.rfind(']').unwrap_or(zone.len()));
            return Ok([
                unescape(before, Part::Host)?,
                unescape(zone, Part::Zone)?,
                unescape(after, Part::Host)?,
            ]
            .concat());
        }
    } else if let Some(at) = host.rfind(':') {
        check_port(host.get(at..).unwrap_or_default())?;
    }
    unescape(host, Part::Host)
}

fn parse(source: &str) -> Result<Value, String> {
    let url = Url::parse(source).map_err(|error| format!("unable to parse url: {error}"))?;
    let hostname = url.hostname().to_owned();
    let userinfo = url.userinfo();
    let parts = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", userinfo),
    ];
    Ok(Value::Map(parts.into_iter().collect()))
}

fn join(parts: &Map) -> Result<Value, String> {
    let part = |name: &str| match parts.get(name.as_bytes()) {
        None => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.to_string()),
        Some(Value::Nil) => Err(NIL.to_owned()),
        Some(other) => {
            Err(format!("unable to parse {name} key, must be of type string, but {} found", other.kind()))
        }
    };
    let mut url = Url {
        scheme: part("scheme")?,
        host: part("host")?,
        path: part("path")?,
        query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
        user: None,
    };
    let userinfo = part("userinfo")?;
    if !userinfo.is_empty() {
        let read = Url::parse(&format!("proto://{userinfo}@host"));
        url.user = read.map_err(|error| format!("unable to parse userinfo in dict: {error}"))?.user;
    }
    Ok(url.print().into())
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("urlParse", &[Text], |_, a| parse(&text(a, 0))),
    fixed("urlJoin", &[Dict], |_, a| join(&map(a, 0))),
];
