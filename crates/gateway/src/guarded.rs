//! A body that ends when its stream's right does.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio_util::sync::WaitForCancellationFutureOwned;

use crate::StreamGuard;

/// Passes `body` on for as long as `guard` lets it.
pub(crate) struct Guarded<B> {
    body: B,
    ended: Pin<Box<WaitForCancellationFutureOwned>>,
    _guard: StreamGuard,
}

impl<B> Guarded<B> {
    pub(crate) fn new(body: B, guard: StreamGuard) -> Self {
        Self { body, ended: Box::pin(guard.token().cancelled_owned()), _guard: guard }
    }
}

impl<B> Body for Guarded<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.ended.as_mut().poll(cx).is_ready() {
            // An error, not an end: a list that is cut off must not look like a whole one.
            let ended =
                io::Error::new(io::ErrorKind::ConnectionAborted, "the right to this stream was taken away");
            return Poll::Ready(Some(Err(ended.into())));
        }
        Pin::new(&mut self.body).poll_frame(cx).map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
