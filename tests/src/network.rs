//! The network between a cluster and its server, cut and mended.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use crate::Instance;

/// Where agents find the server, in the hub's network namespace.
const TUNNEL_PORT: u16 = 7443;
/// A table of our own: the instance's rules stay as they are, and both are asked.
const TABLE: &str = "inet nagaya_e2e_cut";

/// Nothing from any agent reaches the server, connections that are open included, until this is dropped.
#[derive(Debug)]
pub struct Cut {
    netns: String,
}

impl Cut {
    /// Cuts the agents of an instance off.
    pub fn agents_of(instance: &Instance) -> Self {
        let cut = Self { netns: format!("/run/netns/nagaya-{}", instance.name) };
        cut.nft(&format!(
            "table {TABLE}\ndelete table {TABLE}\ntable {TABLE} {{\nchain input {{\n\
             type filter hook input priority filter - 10\n\
             iifname \"c*\" tcp dport {TUNNEL_PORT} counter drop\n}}\n}}\n"
        ));
        cut
    }

    /// Packets that did not get through so far.
    pub fn dropped(&self) -> u64 {
        let rules = self.nft(&format!("list table {TABLE}\n"));
        let mut words = rules.split_whitespace().skip_while(|word| *word != "packets").skip(1);
        words.next().and_then(|count| count.parse().ok()).expect("the rule counts")
    }

    /// Never by `ip netns exec`, which mounts over /sys.
    fn nft(&self, script: &str) -> String {
        let mut child = Command::new("nsenter")
            .args([&format!("--net={}", self.netns), "nft", "-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("nsenter runs");
        child.stdin.take().expect("piped").write_all(script.as_bytes()).expect("it reads");
        let out = child.wait_with_output().expect("it ends");
        assert!(out.status.success(), "nft in {}: {}", self.netns, String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }
}

impl Drop for Cut {
    fn drop(&mut self) {
        // It is there or not, whatever went wrong before.
        self.nft(&format!("table {TABLE}\ndelete table {TABLE}\n"));
    }
}
