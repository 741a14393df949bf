//! Questions that are not about the cluster: who is asked, and what comes back.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use hickory_proto::op::ResponseCode;
use hickory_proto::rr::{Name, RData, Record, RecordType};
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use tokio::time::{Instant, timeout};

use super::breaker::Breaker;

/// For one try at one server.
const TRY_TIME: Duration = Duration::from_secs(2);
/// For everything: less than the five seconds after which a C library asks again.
const WHOLE_TIME: Duration = Duration::from_secs(4);
/// Answers remembered. The pods of one cluster ask for the same few hosts.
const CACHE: u64 = 2048;
/// Seconds: no answer is remembered for longer, whatever its owner says.
const LONGEST: Duration = Duration::from_secs(300);

/// The upstream servers a `resolv.conf` names, without those that cannot be asked from here: a loopback address is a
/// resolver on the host, and asking oneself (`own`) never ends.
#[must_use]
pub fn servers_in(resolv_conf: &str, own: &[IpAddr]) -> Vec<IpAddr> {
    let mut found = Vec::new();
    for line in resolv_conf.lines() {
        let mut words = line.split_whitespace();
        if words.next() != Some("nameserver") {
            continue;
        }
        let Some(address) = words.next().and_then(|word| word.parse::<IpAddr>().ok()) else { continue };
        if !address.is_loopback()
            && !address.is_unspecified()
            && !own.contains(&address)
            && !found.contains(&address)
        {
            found.push(address);
        }
    }
    found
}

/// What came back.
#[derive(Debug, Default)]
pub struct Reply {
    /// How it went.
    pub code: ResponseCode,
    /// The answer section.
    pub records: Vec<Record>,
    /// The authority section: for how long the absence may be remembered.
    pub authorities: Vec<Record>,
}

impl Reply {
    fn only(code: ResponseCode) -> Self {
        Self { code, ..Self::default() }
    }
}

/// The servers that are asked. With none every question fails at once: a machine without a network is no reason to wait.
pub struct Upstream {
    resolver: Option<TokioResolver>,
    breaker: Mutex<Breaker>,
    started: Instant,
}

impl Upstream {
    /// Asks `servers` on port 53, over UDP and, where the answer is too long, TCP.
    ///
    /// # Errors
    /// The resolver cannot be set up.
    pub fn new(servers: &[IpAddr]) -> anyhow::Result<Self> {
        Self::on_port(servers, 53)
    }

    pub(crate) fn on_port(servers: &[IpAddr], port: u16) -> anyhow::Result<Self> {
        if servers.is_empty() {
            return Ok(Self::with(None));
        }
        let to_port = |mut connection: ConnectionConfig| {
            connection.port = port;
            connection
        };
        let servers = servers.iter().map(|address| {
            let mut server = NameServerConfig::udp_and_tcp(*address);
            server.connections = server.connections.into_iter().map(to_port).collect();
            server
        });
        let config = ResolverConfig::from_name_servers(servers.collect());
        let mut options = ResolverOpts::default();
        options.timeout = TRY_TIME;
        options.attempts = 1;
        options.cache_size = CACHE;
        options.positive_max_ttl = Some(LONGEST);
        options.negative_max_ttl = Some(LONGEST);
        // The hosts file of this container says nothing about the pod that asks.
        options.use_hosts_file = ResolveHosts::Never;
        let resolver = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            .with_options(options)
            .build()
            .context("cannot set up the resolver for upstream servers")?;
        Ok(Self::with(Some(resolver)))
    }

    fn with(resolver: Option<TokioResolver>) -> Self {
        Self { resolver, breaker: Mutex::default(), started: Instant::now() }
    }

    fn breaker<T>(&self, ask: impl FnOnce(&mut Breaker, Duration) -> T) -> T {
        ask(&mut self.breaker.lock().unwrap_or_else(PoisonError::into_inner), self.started.elapsed())
    }

    /// Asks for `name`.
    pub async fn ask(&self, name: &Name, kind: RecordType) -> Reply {
        let Some(resolver) = &self.resolver else { return without_upstream(name) };
        if !self.breaker(Breaker::may_ask) {
            return Reply::only(ResponseCode::ServFail);
        }
        let mut name = name.clone();
        name.set_fqdn(true);
        let answer =
            timeout(WHOLE_TIME, resolver.lookup(name.clone(), kind)).await.unwrap_or(Err(NetError::Timeout));
        // A server that says it failed is one that answers.
        match answer {
            Ok(_) | Err(NetError::Dns(_)) => self.breaker(|breaker, _| breaker.answered()),
            Err(_) => self.breaker(Breaker::silent),
        }
        match answer {
            Ok(lookup) => Reply { records: lookup.answers().to_vec(), ..Reply::default() },
            Err(error) => failure(&name, error),
        }
    }
}

/// RFC 6303: nobody outside knows names for private addresses, so that is no failure, and a program which looks up
/// its caller goes on.
fn without_upstream(name: &Name) -> Reply {
    let private = name.parse_arpa_name().is_ok_and(|net| match net.addr() {
        IpAddr::V4(address) => address.is_private() || address.is_loopback() || address.is_link_local(),
        IpAddr::V6(address) => {
            address.is_unique_local() || address.is_loopback() || address.is_unicast_link_local()
        }
    });
    Reply::only(if private { ResponseCode::NXDomain } else { ResponseCode::ServFail })
}

fn failure(name: &Name, error: NetError) -> Reply {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => {
            let soa = none.soa.map(|soa| Record::from_rdata(soa.name, soa.ttl, RData::SOA(soa.data)));
            Reply { code: none.response_code, records: Vec::new(), authorities: soa.into_iter().collect() }
        }
        NetError::Dns(DnsError::ResponseCode(code)) => Reply::only(code),
        error => {
            tracing::debug!(%name, %error, "no upstream server answered");
            Reply::only(ResponseCode::ServFail)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_question_is_sent_in_a_circle() {
        let conf = "search example.com\n# nameserver 1.1.1.1\nnameserver 127.0.0.53\nnameserver 10.0.0.10\n\
                    nameserver 192.0.2.1\nnameserver ::1\nnameserver 0.0.0.0\n nameserver  2001:db8::1 \nnameserver 192.0.2.1\n";
        let own = ["10.0.0.10".parse().unwrap()];
        let expected: Vec<IpAddr> = vec!["192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap()];
        assert_eq!(servers_in(conf, &own), expected);
        assert!(servers_in("", &own).is_empty());
    }

    #[tokio::test]
    async fn without_a_network_the_answer_is_a_failure_at_once_and_private_addresses_have_no_name() {
        let upstream = Upstream::new(&[]).unwrap();
        let ask = async |name: &str, kind| upstream.ask(&Name::from_ascii(name).unwrap(), kind).await.code;
        assert_eq!(ask("www.example.com.", RecordType::A).await, ResponseCode::ServFail);
        assert_eq!(ask("7.0.1.10.in-addr.arpa.", RecordType::PTR).await, ResponseCode::NXDomain);
        assert_eq!(ask("8.8.8.8.in-addr.arpa.", RecordType::PTR).await, ResponseCode::ServFail);
    }
}
