//! Reaching the server through an HTTP proxy, as the usual environment variables say.

use std::io;

use base64::Engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longest answer of a proxy that is read.
const ANSWER_LIMIT: usize = 8 * 1024;

/// An HTTP proxy that is asked to CONNECT.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    address: String,
    authorization: Option<String>,
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proxy({})", self.address) // never its password
    }
}

/// Why a proxy setting cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "the proxy `{0}` cannot be used; write http://[user:password@]host[:port] (TLS to the server passes through it unread)"
)]
pub struct ProxyError(String);

impl Proxy {
    /// Reads `http://[user:password@]host[:port]`. User and password may be percent-encoded.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn parse(url: &str) -> Result<Proxy, ProxyError> {
        let shown = || ProxyError(url.rsplit('@').next().unwrap_or_default().to_owned());
        let uri: http::Uri = url.trim_end_matches('/').parse().map_err(|_| shown())?;
        if !matches!(uri.scheme_str(), Some("http") | None) {
            return Err(shown());
        }
        let authority = uri.authority().ok_or_else(shown)?;
        let user = authority.as_str().rsplit_once('@').map(|(user, _)| user);
        let authorization = user.map(|user| {
            let plain = percent_decode(user);
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(plain))
        });
        Ok(Proxy {
            address: format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(80)),
            authorization,
        })
    }

    /// Decides from `HTTPS_PROXY`/`ALL_PROXY` and `NO_PROXY` (either case) how to reach `server` (`host:port`).
    /// `var` gives an environment variable's value.
    ///
    /// # Errors
    /// If the proxy that counts cannot be used.
    pub fn from_env(server: &str, var: impl Fn(&str) -> Option<String>) -> Result<Option<Proxy>, ProxyError> {
        let get = |name: &str| {
            var(name).or_else(|| var(&name.to_ascii_lowercase())).filter(|value| !value.trim().is_empty())
        };
        let Some(url) = get("HTTPS_PROXY").or_else(|| get("ALL_PROXY")) else { return Ok(None) };
        let host = server.rsplit_once(':').map_or(server, |(host, _)| host);
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let exempt =
            get("NO_PROXY").is_some_and(|list| list.split(',').any(|rule| exempts(rule.trim(), host)));
        if exempt { Ok(None) } else { Proxy::parse(&url).map(Some) }
    }

    pub(crate) async fn connect(&self, server: &str) -> io::Result<TcpStream> {
        let mut tcp = TcpStream::connect(&self.address).await?;
        let mut request = format!("CONNECT {server} HTTP/1.1\r\nHost: {server}\r\n");
        if let Some(authorization) = &self.authorization {
            request.push_str(&format!("Proxy-Authorization: {authorization}\r\n"));
        }
        request.push_str("\r\n");
        tcp.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        // One byte at a time: what follows the empty line is the server's already.
        while !answer.ends_with(b"\r\n\r\n") {
            if answer.len() >= ANSWER_LIMIT {
                return Err(io::Error::other(format!(
                    "the proxy {} sent no end of its answer",
                    self.address
                )));
            }
            answer.push(tcp.read_u8().await?);
        }
        let first = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let first = String::from_utf8_lossy(first);
        if first.starts_with("HTTP/1.") && first.split(' ').nth(1).is_some_and(|code| code.starts_with('2')) {
            Ok(tcp)
        } else {
            Err(io::Error::other(format!("the proxy {} refused: {first}", self.address)))
        }
    }
}

fn exempts(rule: &str, host: &str) -> bool {
    if rule.is_empty() {
        return false;
    }
    let rule = rule.trim_start_matches('*').trim_start_matches('.');
    rule.is_empty() || host.eq_ignore_ascii_case(rule) || {
        let (host, rule) = (host.to_ascii_lowercase(), rule.to_ascii_lowercase());
        host.strip_suffix(&rule).is_some_and(|front| front.ends_with('.'))
    }
}

fn percent_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn env(pairs: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn no_variable_means_no_proxy() {
        assert_eq!(Proxy::from_env("a:1", env(&[])), Ok(None));
        assert_eq!(Proxy::from_env("a:1", env(&[("HTTPS_PROXY", " ")])), Ok(None));
    }

    #[test]
    fn the_exempt_hosts_are_dialled_directly() {
        const ENV: &[(&str, &str)] =
            &[("https_proxy", "http://p:3128"), ("NO_PROXY", "localhost, .corp.example,10.0.0.1")];
        for direct in ["localhost:1", "a.corp.example:443", "corp.example:443", "10.0.0.1:7443"] {
            assert_eq!(Proxy::from_env(direct, env(ENV)), Ok(None), "{direct}");
        }
        for through in ["example.com:443", "notcorp.example:443"] {
            assert!(Proxy::from_env(through, env(ENV)).unwrap().is_some(), "{through}");
        }
    }

    #[tokio::test]
    async fn bytes_after_the_proxys_answer_belong_to_the_server() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(async move {
            let mut asked = Vec::new();
            for answer in
                ["HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello"]
            {
                let (mut tcp, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    request.push(tcp.read_u8().await.unwrap());
                }
                asked.push(String::from_utf8(request).unwrap());
                tcp.write_all(answer.as_bytes()).await.unwrap();
            }
            asked
        });
        let proxy = Proxy::parse(&format!("http://u:p@{address}")).unwrap();
        let refused = proxy.connect("server:7443").await.unwrap_err();
        assert!(refused.to_string().contains("407"), "{refused}");
        let mut tcp = proxy.connect("server:7443").await.unwrap();
        let mut greeting = [0; 5];
        tcp.read_exact(&mut greeting).await.unwrap();
        assert_eq!(&greeting, b"hello");
        let asked = serving.await.unwrap();
        assert!(asked[1].starts_with(
            "CONNECT server:7443 HTTP/1.1\r\nHost: server:7443\r\nProxy-Authorization: Basic dTpw\r\n"
        ));
    }

    #[test]
    fn a_password_is_sent_decoded_and_never_shown() {
        let proxy = Proxy::parse("http://us%65r:p%40ss@proxy.example:8080/").unwrap();
        assert_eq!(proxy.address, "proxy.example:8080");
        assert_eq!(proxy.authorization.as_deref(), Some("Basic dXNlcjpwQHNz"));
        assert!(!format!("{proxy:?}").contains("dXN"));
        let error = Proxy::parse("socks5://user:secret@p:1").unwrap_err();
        assert!(!error.to_string().contains("secret"));
    }
}
