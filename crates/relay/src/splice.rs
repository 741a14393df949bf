//! Joins an admitted stream to the desktop's port.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

/// Bytes a direction and stream: a screen update goes through in a few turns, and a hundred streams take 3 MB.
const BUFFER: usize = 16 * 1024;
/// The pause between two tries while the desktop starts.
const RETRY: Duration = Duration::from_millis(20);

/// Marks a socket: small writes go out at once, and a peer that is gone is noticed.
pub(crate) fn prepare(stream: &TcpStream) {
    // None of these is worth refusing a stream for: without them it is slower, not wrong.
    let _ = stream.set_nodelay(true);
    let socket = SockRef::from(stream);
    let keepalive = TcpKeepalive::new()
        .with_time(Duration::from_secs(15))
        .with_interval(Duration::from_secs(5))
        .with_retries(4);
    let _ = socket.set_tcp_keepalive(&keepalive);
    let _ = socket.set_tcp_user_timeout(Some(Duration::from_secs(35)));
}

/// Connects to 127.0.0.1:`port`, trying again while nobody listens until `patience` has passed: the relay is up
/// before the desktop is.
///
/// # Errors
/// The last refusal.
pub async fn connect(port: u16, patience: Duration) -> io::Result<TcpStream> {
    let end = Instant::now() + patience;
    loop {
        match TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused && Instant::now() < end => {
                sleep(RETRY).await;
            }
            outcome => return outcome,
        }
    }
}

/// Copies both ways until both sides have ended. One side's end is passed on as such and the other direction goes on.
///
/// # Errors
/// The first failure of either side; both are closed then.
pub async fn join<S>(mut admitted: S, mut desktop: TcpStream) -> io::Result<(u64, u64)>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    prepare(&desktop);
    tokio::io::copy_bidirectional_with_sizes(&mut admitted, &mut desktop, BUFFER, BUFFER).await
}
