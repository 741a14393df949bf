//! Does the desktop answer on loopback?
//!
//! An RFB server is greeted up to the end of its security handshake where it asks for none. TigerVNC marks an address
//! each time a connection from it ends before that, and after five marks shuts it out for a while; probe and agent
//! both come from 127.0.0.1, so a probe that only looked at the banner would lock the user out.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use crate::splice;

/// One try may take this long.
const TRY_TIME: Duration = Duration::from_secs(2);
/// The pause between two tries.
const RETRY: Duration = Duration::from_millis(20);
/// RFC 6143, 7.1.2: the security type that asks for nothing.
const SECURITY_NONE: u8 = 1;
/// The version whose security handshake has another form; TigerVNC uses it to refuse.
const OLDEST: &[u8] = b"RFB 003.003";

/// What to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSettings {
    /// The port on 127.0.0.1.
    pub port: u16,
    /// Whether it is an RFB server's, whose greeting is awaited.
    pub rfb: bool,
    /// How long to try again; zero: one try. With it a probe ends the moment the desktop answers, not at the next
    /// whole second.
    pub wait: Duration,
}

/// The desktop does not answer.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// Nobody listens, or the connection broke.
    #[error("nothing answers on 127.0.0.1:{port}: {source}")]
    Silent {
        /// The port.
        port: u16,
        /// The system's answer.
        source: io::Error,
    },
    /// Somebody listens who says nothing.
    #[error("127.0.0.1:{port} accepts connections but does not answer")]
    Slow {
        /// The port.
        port: u16,
    },
    /// Somebody else listens.
    #[error("127.0.0.1:{port} is no RFB server: it says {said:?}")]
    NotRfb {
        /// The port.
        port: u16,
        /// What it said.
        said: String,
    },
    /// An RFB server that lets nobody in.
    #[error("the RFB server on 127.0.0.1:{port} refuses: {said:?}")]
    Refused {
        /// The port.
        port: u16,
        /// Its reason.
        said: String,
    },
}

/// Checks the port.
///
/// # Errors
/// Why it did not answer within the time, as the last try met it.
pub async fn run(settings: &CheckSettings) -> Result<(), CheckError> {
    let end = Instant::now() + settings.wait;
    loop {
        match one(settings.port, settings.rfb).await {
            Err(_) if Instant::now() < end => sleep(RETRY).await,
            outcome => return outcome,
        }
    }
}

async fn one(port: u16, rfb: bool) -> Result<(), CheckError> {
    let silent = |source| CheckError::Silent { port, source };
    let attempt = async {
        let mut stream = splice::connect(port, Duration::ZERO).await.map_err(silent)?;
        if !rfb {
            return Ok(());
        }
        let mut banner = [0; 12];
        stream.read_exact(&mut banner).await.map_err(silent)?;
        if !banner.starts_with(b"RFB ") {
            return Err(CheckError::NotRfb { port, said: String::from_utf8_lossy(&banner).into_owned() });
        }
        // It has answered: what follows is courtesy, and its failure no verdict, unless the server says no.
        match timeout(TRY_TIME / 4, pass_security(&mut stream, &banner)).await {
            Ok(Ok(Some(said))) => Err(CheckError::Refused { port, said }),
            _ => Ok(()),
        }
    };
    timeout(TRY_TIME, attempt).await.unwrap_or(Err(CheckError::Slow { port }))
}

/// RFC 6143, 7.1: version, security types, the result. Ends before ClientInit, which could disturb other viewers. Gives
/// the reason of a server that refuses.
async fn pass_security(stream: &mut TcpStream, banner: &[u8]) -> io::Result<Option<String>> {
    stream.write_all(banner).await?;
    let types = if banner.starts_with(OLDEST) {
        // 7.1.2: the server decides, and says so in four bytes.
        match stream.read_u32().await? {
            0 => return reason(stream).await.map(Some),
            _ => return Ok(None),
        }
    } else {
        let mut types = vec![0; usize::from(stream.read_u8().await?)];
        stream.read_exact(&mut types).await?;
        types
    };
    if types.is_empty() {
        return reason(stream).await.map(Some);
    }
    if types.contains(&SECURITY_NONE) {
        stream.write_u8(SECURITY_NONE).await?;
        stream.read_u32().await?;
    }
    Ok(None)
}

async fn reason(stream: &mut TcpStream) -> io::Result<String> {
    let length = stream.read_u32().await?.min(200);
    let mut said = Vec::new();
    stream.take(length.into()).read_to_end(&mut said).await?;
    Ok(String::from_utf8_lossy(&said).into_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tokio::net::TcpListener;

    fn check(port: u16, rfb: bool) -> CheckSettings {
        CheckSettings { port, rfb, wait: Duration::ZERO }
    }

    #[tokio::test]
    async fn a_desktop_is_ready_only_when_its_rfb_server_greets() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            let (mut other, _) = listener.accept().await.unwrap();
            other.write_all(b"HTTP/1.1 400 Bad Request").await.unwrap();
            let (mut desktop, _) = listener.accept().await.unwrap();
            desktop.write_all(b"RFB 003.008\n").await.unwrap();
            let mut version = [0; 12];
            desktop.read_exact(&mut version).await.unwrap();
            desktop.write_all(&[1, SECURITY_NONE]).await.unwrap();
            let chosen = desktop.read_u8().await.unwrap();
            desktop.write_u32(0).await.unwrap();
            (version, chosen, desktop.read(&mut [0]).await.unwrap())
        });
        assert!(matches!(run(&check(port, true)).await, Err(CheckError::NotRfb { .. })));
        run(&check(port, true)).await.unwrap();
        // The handshake was finished, so TigerVNC holds nothing against 127.0.0.1, and no ClientInit was sent.
        assert_eq!(server.await.unwrap(), (*b"RFB 003.008\n", SECURITY_NONE, 0));
        assert!(matches!(run(&check(port, false)).await, Err(CheckError::Silent { .. })));
    }

    #[tokio::test]
    async fn a_desktop_that_refuses_everybody_is_not_ready() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            for refusal in
                [&b"RFB 003.003\n\0\0\0\0\0\0\0\x08too many"[..], b"RFB 003.008\n\0\0\0\0\x08too many"]
            {
                let (mut desktop, _) = listener.accept().await.unwrap();
                desktop.write_all(refusal).await.unwrap();
                let _ = desktop.read(&mut [0; 12]).await;
            }
        });
        for _ in 0..2 {
            let outcome = run(&check(port, true)).await;
            assert!(
                matches!(&outcome, Err(CheckError::Refused { said, .. }) if said == "too many"),
                "{outcome:?}"
            );
        }
        server.await.unwrap();
    }

    #[tokio::test]
    async fn waiting_ends_as_soon_as_the_desktop_answers() {
        // Below the ports that the system gives to others meanwhile.
        let port = 26000 + u16::try_from(std::process::id() % 6000).unwrap();
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
        let late = tokio::spawn(async move {
            sleep(Duration::from_millis(100)).await;
            let listener = TcpListener::bind(address).await.unwrap();
            listener.accept().await.unwrap();
        });
        let settings = CheckSettings { wait: Duration::from_secs(30), ..check(address.port(), false) };
        run(&settings).await.unwrap();
        late.await.unwrap();
    }
}
