//! Ports and subnets that nothing on this host uses.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context as _, Result, bail};
use ipnet::Ipv4Net;

/// Ports of loopback that nobody listens on now, all different.
///
/// # Errors
/// When there are none.
pub fn free_ports(count: usize) -> Result<Vec<u16>> {
    // All are held until all are known, else the kernel could give one twice.
    let held: Vec<TcpListener> = (0..count)
        .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .collect::<Result<_, _>>()
        .context("no free port on loopback")?;
    held.iter().map(|listener| Ok(listener.local_addr()?.port())).collect()
}

/// A private /16 that no route of this host and no instance named in `taken` touches.
///
/// # Errors
/// When all are taken.
pub fn free_subnet(taken: &[Ipv4Net]) -> Result<Ipv4Net> {
    let routes = std::fs::read_to_string("/proc/net/route").context("cannot read /proc/net/route")?;
    let mut used = parse_routes(&routes);
    used.extend_from_slice(taken);
    pick(&used)
}

fn pick(used: &[Ipv4Net]) -> Result<Ipv4Net> {
    for second in (64..=98).rev() {
        let candidate = Ipv4Net::new(Ipv4Addr::new(10, second, 0, 0), 16)?;
        let touches =
            |net: &Ipv4Net| net.contains(&candidate.network()) || candidate.contains(&net.network());
        if !used.iter().any(|net| net.prefix_len() > 0 && touches(net)) {
            return Ok(candidate);
        }
    }
    bail!("no /16 between 10.64.0.0 and 10.98.0.0 is free: give one with --subnet")
}

/// Destinations of /proc/net/route: addresses and masks in hexadecimal, little-endian (proc_net_route(5)).
fn parse_routes(text: &str) -> Vec<Ipv4Net> {
    text.lines()
        .skip(1)
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let word = |at: usize| u32::from_str_radix(fields.get(at)?, 16).ok().map(u32::swap_bytes);
            Ipv4Net::new(Ipv4Addr::from(word(1)?), u8::try_from(word(7)?.leading_ones()).ok()?).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_subnet_that_a_route_touches_is_not_taken() {
        let routes = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n\
                      eth0 00000000 010011AC 0003 0 0 0 00000000 0 0 0\n\
                      eth1 0005620A 00000000 0001 0 0 0 00FFFFFF 0 0 0\n";
        let used = parse_routes(routes);
        assert_eq!(used[1], "10.98.5.0/24".parse().unwrap());
        assert_eq!(pick(&used).unwrap(), "10.97.0.0/16".parse().unwrap());
    }

    #[test]
    fn free_ports_differ() {
        let mut ports = free_ports(3).unwrap();
        ports.dedup();
        assert_eq!(ports.len(), 3);
    }
}
