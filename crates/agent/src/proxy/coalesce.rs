//! Small chunks made into fewer.
//!
//! kubelet flushes a log line by line. Each would become a frame, a TLS record and a system call of its own on the way
//! to the reader; what is there at the same time travels together instead. Nothing waits for more.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};

/// What one HTTP/2 frame carries.
const ENOUGH: usize = 16 * 1024;

/// A body that hands out what is ready together.
pub(super) struct Coalesce<B: Body<Data = Bytes>> {
    inner: Pin<Box<B>>,
    /// What came after the data of the last chunk: trailers, an error, or the end.
    next: Option<Option<Result<Frame<Bytes>, B::Error>>>,
}

impl<B: Body<Data = Bytes>> Coalesce<B> {
    pub(super) fn new(inner: B) -> Self {
        Coalesce { inner: Box::pin(inner), next: None }
    }
}

impl<B> Body for Coalesce<B>
where
    B: Body<Data = Bytes>,
    B::Error: Unpin,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if let Some(next) = self.next.take() {
            return Poll::Ready(next);
        }
        let mut first = Bytes::new();
        let mut joined = BytesMut::new();
        loop {
            match self.inner.as_mut().poll_frame(cx) {
                Poll::Pending if first.is_empty() => return Poll::Pending,
                Poll::Pending => break,
                Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                    let chunk = frame.into_data().unwrap_or_default();
                    match (first.is_empty(), joined.is_empty()) {
                        (true, _) => first = chunk, // alone it is not copied
                        (false, true) => {
                            joined.reserve(first.len() + chunk.len());
                            joined.extend_from_slice(&first);
                            joined.extend_from_slice(&chunk);
                        }
                        (false, false) => joined.extend_from_slice(&chunk),
                    }
                    if first.len().max(joined.len()) >= ENOUGH {
                        break;
                    }
                }
                Poll::Ready(other) if first.is_empty() => return Poll::Ready(other),
                Poll::Ready(other) => {
                    self.next = Some(other);
                    break;
                }
            }
        }
        let data = if joined.is_empty() { first } else { joined.freeze() };
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.next.is_none() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.next {
            None => self.inner.size_hint(),
            Some(_) => SizeHint::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use futures::StreamExt;
    use http_body_util::{BodyExt, StreamBody};

    use super::*;

    type Item = Result<Frame<Bytes>, &'static str>;

    async fn frames(items: Vec<Item>) -> Vec<Result<usize, &'static str>> {
        let mut body = Coalesce::new(StreamBody::new(futures::stream::iter(items)));
        let mut sizes = Vec::new();
        while let Some(frame) = body.frame().await {
            sizes.push(frame.map(|frame| frame.data_ref().map_or(0, Bytes::len)));
        }
        sizes
    }

    fn data(size: usize) -> Item {
        Ok(Frame::data(vec![1; size].into()))
    }

    #[tokio::test]
    async fn what_is_ready_travels_together_and_an_error_comes_after_it() {
        assert_eq!(frames((0..100).map(|_| data(10)).collect()).await, [Ok(1000)]);
        assert_eq!(frames(vec![data(20_000), data(5)]).await, [Ok(20_000), Ok(5)]);
        assert_eq!(frames(vec![data(3), Err("broken")]).await, [Ok(3), Err("broken")]);
        assert_eq!(frames(vec![data(3), Ok(Frame::trailers(Default::default()))]).await, [Ok(3), Ok(0)]);
        assert_eq!(frames(Vec::new()).await, []);
    }

    /// A line of a log that is followed must not wait for the next.
    #[tokio::test]
    async fn what_is_there_does_not_wait_for_more() {
        let (sender, receiver) = futures::channel::mpsc::unbounded::<Item>();
        let mut body = Coalesce::new(StreamBody::new(receiver.boxed()));
        sender.unbounded_send(data(3)).unwrap();
        assert_eq!(body.frame().await.unwrap().unwrap().data_ref().unwrap().len(), 3);
        assert!(futures::poll!(Box::pin(body.frame())).is_pending());
    }
}
