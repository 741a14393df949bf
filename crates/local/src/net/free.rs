//! A subnet nobody on this host uses.

use ipnet::Ipv4Net;

use crate::Error;
use crate::program::Program;

/// A /16 between 10.64.0.0 and 10.127.0.0 that no route or address of this host touches, the search beginning at a
/// place picked by `seed`: callers side by side give different ones (a process id will do) and do not collide.
///
/// # Errors
/// When the routes cannot be read, or all are taken.
pub async fn free_subnet(seed: u32) -> Result<Ipv4Net, Error> {
    let used: Vec<Ipv4Net> = nets_in_use().await?.into_iter().map(|(net, _)| net).collect();
    pick(seed, &used).ok_or_else(|| Error::Config {
        field: "subnet",
        problem: "every /16 between 10.64 and 10.127 is in use on this host".into(),
        mend: "stop an instance, or give a subnet".into(),
    })
}

fn pick(seed: u32, used: &[Ipv4Net]) -> Option<Ipv4Net> {
    (0..64).map(|step| 64 + (seed.wrapping_add(step) % 64) as u8).find_map(|second| {
        let net = Ipv4Net::new(std::net::Ipv4Addr::new(10, second, 0, 0), 16).ok()?;
        let clash = |other: &Ipv4Net| other.prefix_len() > 0 && (other.contains(&net) || net.contains(other));
        (!used.iter().any(clash)).then_some(net)
    })
}

/// Destinations of the host's routes with the interface they go out by.
pub(crate) async fn nets_in_use() -> Result<Vec<(Ipv4Net, String)>, Error> {
    let text = Program::new("read the host's routes", "ip")
        .args(["-4", "-json", "route", "show", "table", "all"])
        .run()
        .await?;
    let routes: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap_or_default();
    Ok(routes
        .iter()
        .filter_map(|route| {
            let to = route["dst"].as_str()?;
            let net = if to.contains('/') { to.parse() } else { format!("{to}/32").parse() };
            Some((net.ok()?, route["dev"].as_str().unwrap_or_default().to_owned()))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_used_is_passed_over_even_in_part() {
        let used: Vec<Ipv4Net> =
            ["10.64.3.0/24", "10.65.0.0/16", "0.0.0.0/0"].map(|n| n.parse().unwrap()).into();
        assert_eq!(pick(0, &used).unwrap().to_string(), "10.66.0.0/16");
        assert_eq!(pick(0, &["10.0.0.0/8".parse().unwrap()]), None);
    }
}
