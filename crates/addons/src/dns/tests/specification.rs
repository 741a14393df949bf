//! Every rule of the specification, by its section.

use hickory_proto::rr::RecordType::{A, AAAA, CNAME, MX, NS, PTR, SOA, SRV, TXT};

use super::{Verdict, ask, records};

#[test]
fn section_2_2_the_schema_version() {
    assert_eq!(records("dns-version.cluster.local.", TXT), Ok(vec!["1.1.0".into()]));
    assert_eq!(records("dns-version.cluster.local.", A), Err("NODATA"));
}

#[test]
fn section_2_3_a_service_with_an_address() {
    assert_eq!(records("web.team.svc.cluster.local.", A), Ok(vec!["10.96.0.7".into()]));
    assert_eq!(records("WEB.Team.svc.CLUSTER.local.", A), Ok(vec!["10.96.0.7".into()]), "case counts");
    assert_eq!(records("web.team.svc.cluster.local.", AAAA), Err("NODATA"));
    assert_eq!(records("web.team.svc.cluster.local.", MX), Err("NODATA"));
    assert_eq!(records("dual.team.svc.cluster.local.", AAAA), Ok(vec!["fd00::8".into()]));
    assert_eq!(records("dual.team.svc.cluster.local.", A), Ok(vec!["10.96.0.8".into()]));
    let target = "0 100 80 web.team.svc.cluster.local.";
    assert_eq!(records("_http._tcp.web.team.svc.cluster.local.", SRV), Ok(vec![target.into()]));
    assert_eq!(records("_http._udp.web.team.svc.cluster.local.", SRV), Err("NXDOMAIN"));
    assert_eq!(records("_other._tcp.web.team.svc.cluster.local.", SRV), Err("NXDOMAIN"));
    assert_eq!(records("_http._tcp.web.team.svc.cluster.local.", A), Err("NODATA"));
    assert_eq!(
        records("_tcp.web.team.svc.cluster.local.", SRV),
        Err("NODATA"),
        "a name with names below it exists"
    );
    assert_eq!(records("_sctp.web.team.svc.cluster.local.", SRV), Err("NXDOMAIN"));
    assert_eq!(records("7.0.96.10.in-addr.arpa.", PTR), Ok(vec!["web.team.svc.cluster.local.".into()]));
    let six = "8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa.";
    assert_eq!(records(six, PTR), Ok(vec!["dual.team.svc.cluster.local.".into()]));
    // Endpoints of a Service with an address have no names.
    assert_eq!(records("web-0.web.team.svc.cluster.local.", A), Err("NXDOMAIN"));
    assert_eq!(records("9.0.1.10.in-addr.arpa.", PTR), Err("elsewhere"));
}

#[test]
fn an_srv_answer_brings_the_addresses_of_its_targets() {
    let Verdict::Answer { additional, .. } = ask("_peer._tcp.peers.team.svc.cluster.local.", SRV) else {
        panic!()
    };
    let found: Vec<_> = additional.iter().map(|one| format!("{} {}", one.name, one.data)).collect();
    assert_eq!(found[0], "peer-0.peers.team.svc.cluster.local. 10.1.0.1");
    assert_eq!(found.len(), 3);
}

#[test]
fn section_2_4_a_headless_service() {
    let all = vec!["10.1.0.1".to_owned(), "10.1.0.2".into(), "10.1.0.3".into()];
    assert_eq!(records("peers.team.svc.cluster.local.", A), Ok(all));
    assert_eq!(records("peers.team.svc.cluster.local.", AAAA), Err("NODATA"));
    assert_eq!(records("peer-1.peers.team.svc.cluster.local.", A), Ok(vec!["10.1.0.2".into()]));
    assert_eq!(records("peer-1.peers.team.svc.cluster.local.", AAAA), Err("NODATA"));
    assert_eq!(records("10-1-0-3.peers.team.svc.cluster.local.", A), Ok(vec!["10.1.0.3".into()]));
    assert_eq!(records("peer-9.peers.team.svc.cluster.local.", A), Err("NXDOMAIN"));
    let targets =
        ["10-1-0-3", "peer-0", "peer-1"].map(|one| format!("0 100 7000 {one}.peers.team.svc.cluster.local."));
    assert_eq!(records("_peer._tcp.peers.team.svc.cluster.local.", SRV), Ok(targets.to_vec()));
    assert_eq!(
        records("2.0.1.10.in-addr.arpa.", PTR),
        Ok(vec!["peer-1.peers.team.svc.cluster.local.".into()])
    );
    assert_eq!(
        records("nobody.team.svc.cluster.local.", A),
        Err("NXDOMAIN"),
        "2.4.1: no ready endpoint, no name"
    );
}

#[test]
fn section_2_5_an_external_name() {
    assert_eq!(records("db.team.svc.cluster.local.", CNAME), Ok(vec!["db.example.com.".into()]));
    let Verdict::Elsewhere { aliases, target } = ask("db.team.svc.cluster.local.", A) else { panic!() };
    assert_eq!((aliases.len(), target.to_string().as_str()), (1, "db.example.com."));
    let both = vec!["10.96.0.7".to_owned(), "web.team.svc.cluster.local.".into()];
    assert_eq!(
        records("near.team.svc.cluster.local.", A),
        Ok(both),
        "an alias within the cluster is followed"
    );
    assert_eq!(records("ring.team.svc.cluster.local.", A), Err("NODATA"), "a ring ends");
    assert_eq!(records("x.db.team.svc.cluster.local.", A), Err("NXDOMAIN"));
}

#[test]
fn section_2_6_pods() {
    assert_eq!(records("10-1-0-1.team.pod.cluster.local.", A), Ok(vec!["10.1.0.1".into()]));
    assert_eq!(records("10-1-0-1.team.pod.cluster.local.", AAAA), Err("NODATA"));
    assert_eq!(records("fd00-0-0-0-0-0-0-7.team.pod.cluster.local.", AAAA), Ok(vec!["fd00::7".into()]));
    assert_eq!(records("fd00--7.team.pod.cluster.local.", AAAA), Ok(vec!["fd00::7".into()]));
    assert_eq!(records("web-0.team.pod.cluster.local.", A), Err("NXDOMAIN"));
    assert_eq!(records("300-1-0-1.team.pod.cluster.local.", A), Err("NXDOMAIN"));
}

#[test]
fn nothing_and_no_data_are_told_apart() {
    for exists in ["cluster.local.", "svc.cluster.local.", "team.svc.cluster.local.", "pod.cluster.local."] {
        assert_eq!(records(exists, A), Err("NODATA"), "{exists}");
    }
    for absent in [
        "absent.team.svc.cluster.local.",
        "absent.svc.cluster.local.",
        "x.cluster.local.",
        "a.b.x.cluster.local.",
    ] {
        assert_eq!(records(absent, A), Err("NXDOMAIN"), "{absent}");
    }
    // What a search list makes of a name from outside ends here and goes nowhere.
    assert_eq!(records("www.example.com.team.svc.cluster.local.", A), Err("NXDOMAIN"));
    assert_eq!(records("www.example.com.cluster.local.", A), Err("NXDOMAIN"));
    assert!(records("cluster.local.", SOA).is_ok());
    assert_eq!(records("cluster.local.", NS), Err("NODATA"), "there is no kube-dns in this cluster");
}

#[test]
fn other_names_are_other_peoples() {
    for other in
        ["www.example.com.", "local.", "xcluster.local.", ".", "1.1.1.1.in-addr.arpa.", "10.in-addr.arpa."]
    {
        assert_eq!(records(other, A), Err("elsewhere"), "{other}");
    }
    assert_eq!(records("Registry.nagaya.internal.", A), Ok(vec!["10.99.0.1".into()]));
    assert_eq!(records("registry.nagaya.internal.", AAAA), Err("NODATA"));
}
