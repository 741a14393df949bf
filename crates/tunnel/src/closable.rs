//! A connection that can be ended from outside.
//!
//! hyper carries an HTTP/2 client connection in a task of its own, which goes on until the last stream has ended, however
//! early the connection's future is dropped: a stream of reports would keep it alive for ever, past the refusal of its
//! cluster and the end of its certificate. What ends it at once is the byte stream below it.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::{CancellationToken, DropGuard, WaitForCancellationFutureOwned};

/// A byte stream that fails once a token is cancelled.
pub(crate) struct Closable<T> {
    inner: T,
    close: CancellationToken,
    closed: Pin<Box<WaitForCancellationFutureOwned>>,
    _gone: DropGuard,
}

impl<T> Closable<T> {
    /// Fails once `close` is cancelled, and cancels `gone` once nobody holds it any more.
    pub(crate) fn new(inner: T, close: CancellationToken, gone: CancellationToken) -> Closable<T> {
        let closed = Box::pin(close.clone().cancelled_owned());
        Closable { inner, closed, close, _gone: gone.drop_guard() }
    }

    fn check(&self) -> io::Result<()> {
        match self.close.is_cancelled() {
            true => Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the connection was ended here")),
            false => Ok(()),
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Closable<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check()?;
        // A connection always waits to read: it is woken here. After the end it is not polled again.
        if self.closed.as_mut().poll(cx).is_ready() {
            return Poll::Ready(self.check());
        }
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Closable<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
