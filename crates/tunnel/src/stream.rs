//! A raw byte stream inside the tunnel.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A byte stream made by an HTTP/2 CONNECT. `shutdown` ends one direction only: the other goes on until the
/// peer ends it.
#[derive(Debug)]
pub struct TunnelStream(TokioIo<Upgraded>);

impl TunnelStream {
    /// Wraps what hyper hands out after a CONNECT was answered with 200, on either end.
    pub fn new(upgraded: Upgraded) -> TunnelStream {
        TunnelStream(TokioIo::new(upgraded))
    }
}

impl AsyncRead for TunnelStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for TunnelStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        // One write becomes one allocation and one queued chunk: keep it to what a frame carries, so that a
        // stalled stream holds little.
        let piece = &buf[..buf.len().min(16 * 1024)];
        Pin::new(&mut self.0).poll_write(cx, piece)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
