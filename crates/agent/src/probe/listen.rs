//! What runs in a probe's pod: it tells a word to whoever connects.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Where it listens in its pod.
pub const PORT: u16 = 7902;
/// Environment variable with the word.
pub const WORD_VARIABLE: &str = "NAGAYA_PROBE_WORD";
/// How long a try may take: in a cluster an answer comes within milliseconds.
const PATIENCE: Duration = Duration::from_secs(1);

/// Listens until the pod ends.
///
/// # Errors
/// When the port cannot be listened on.
pub async fn listen(word: String) -> std::io::Result<()> {
    // With IPv6 there are both; a kernel without it has the other one.
    let listener = match TcpListener::bind((Ipv6Addr::UNSPECIFIED, PORT)).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind((Ipv4Addr::UNSPECIFIED, PORT)).await?,
    };
    tell(listener, word).await
}

async fn tell(listener: TcpListener, word: String) -> std::io::Result<()> {
    loop {
        let (mut stream, peer) = listener.accept().await?;
        // One after the other: there is one agent, and whoever does not read must not hold it up.
        let told = tokio::time::timeout(PATIENCE, stream.write_all(word.as_bytes())).await;
        tracing::debug!(%peer, told = told.is_ok_and(|told| told.is_ok()), "asked");
    }
}

/// Whether who listens at `address` tells the word. Addresses of pods are used again, so an answer alone says little.
pub(super) async fn reaches(address: SocketAddr, word: &str) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        let mut told = vec![0; word.len()];
        stream.read_exact(&mut told).await?;
        Ok::<_, std::io::Error>(told == word.as_bytes())
    };
    matches!(tokio::time::timeout(PATIENCE, ask).await, Ok(Ok(true)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn the_pod_is_known_by_its_word() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let telling = tokio::spawn(tell(listener, "this one".into()));
        // Somebody who never reads.
        let _stalled = TcpStream::connect(address).await.unwrap();
        assert!(reaches(address, "this one").await);
        assert!(!reaches(address, "that one").await);
        telling.abort();
        let _ = telling.await;
        assert!(!reaches(address, "this one").await);
    }
}
