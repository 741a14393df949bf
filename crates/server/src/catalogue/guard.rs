//! Where the server goes on somebody else's word: an index says where archives and icons are, and its writer is not to reach
//! what only this server reaches.

use std::{
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Whether an address is of the network at large.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, ..] = address.octets();
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_broadcast()
                || address.is_documentation()
                || address.is_multicast()
                || a == 0
                || a >= 240
                || (a, b & 0xc0) == (100, 64)
                || (a, b & 0xfe) == (198, 18))
        }
        IpAddr::V6(address) => {
            if let Some(mapped) = address.to_ipv4_mapped() {
                return is_public(IpAddr::V4(mapped));
            }
            let first = address.segments()[0];
            // 2000::/3 is all that is given out; 2002:: and 64:ff9b:: carry an IPv4 address within.
            (first & 0xe000) == 0x2000
                && first != 0x2002
                && !(first == 0x2001 && address.segments()[1] < 0x200)
        }
    }
}

/// Whether the server may go to a host that is named by somebody else. Names are looked at again once resolved.
pub fn may_go(url: &reqwest::Url) -> bool {
    if !["http", "https"].contains(&url.scheme()) {
        return false;
    }
    match url.host_str() {
        None => false,
        Some(host) => match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) => is_public(address),
            Err(_) => host != "localhost" && !host.ends_with(".localhost"),
        },
    }
}

/// Resolves names to addresses of the network at large only, but for one.
pub struct Public {
    own: Option<String>,
}

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        let own = self.own.as_deref() == Some(name.as_str());
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::task::spawn_blocking(move || (host.as_str(), 0).to_socket_addrs()).await??;
            let public: Vec<SocketAddr> = found.filter(|address| own || is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("its address is not of the network at large".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// A resolver for [`reqwest::ClientBuilder::dns_resolver`]. `own` is the host that somebody with the right to named: it may
/// be anywhere. A redirect from there to another name is not its matter alone.
pub fn resolver(own: Option<&str>) -> Arc<Public> {
    Arc::new(Public { own: own.map(str::to_lowercase) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_name_leads_to_the_network_at_large_or_is_the_one_that_was_given() {
        let resolve =
            async |own, name: &str| resolver(own).resolve(name.parse().unwrap()).await.map(Iterator::count);
        assert!(resolve(None, "localhost").await.is_err());
        assert!(resolve(Some("charts.example.com"), "localhost").await.is_err());
        assert!(resolve(Some("localhost"), "localhost").await.unwrap() > 0);
    }

    #[test]
    fn what_only_this_server_reaches_is_not_gone_to() {
        for bad in [
            "http://127.0.0.1/",
            "http://10.1.2.3/",
            "http://169.254.169.254/latest",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://localhost/",
            "http://x.localhost/",
            "http://0.0.0.0/",
            "http://100.64.0.1/",
            "http://[2002:0a00:0001::1]/",
            "http://[64:ff9b::a00:1]/",
            "http://2130706433/",
            "file:///etc/passwd",
            "ftp://example.com/",
            "http://192.168.0.1:8080/",
        ] {
            assert!(!may_go(&bad.parse().unwrap()), "{bad}");
        }
        for good in
            ["https://charts.example.com/a.tgz", "http://93.184.215.14/", "https://[2606:2800:21f::1]/"]
        {
            assert!(may_go(&good.parse().unwrap()), "{good}");
        }
    }
}
