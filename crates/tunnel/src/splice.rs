//! Joining two byte streams.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// After one direction has ended, how long the other may be silent before both are given up. A peer that went
/// away without ending its stream would otherwise hold it for ever.
const LINGER: Duration = Duration::from_secs(600);
const BUFFER: usize = 16 * 1024;

/// Carries bytes both ways until both directions have ended, an error occurs in one, or one has ended and the
/// other is silent for ten minutes. The end of one direction is passed on as such (half-close). Returns the
/// bytes carried from `a` to `b` and from `b` to `a`.
///
/// # Errors
/// The first error of either stream; both are dropped then.
pub async fn splice<A, B>(a: A, b: B) -> io::Result<(u64, u64)>
where
    A: AsyncRead + AsyncWrite + Unpin,
    B: AsyncRead + AsyncWrite + Unpin,
{
    splice_with(a, b, LINGER).await
}

async fn splice_with<A, B>(a: A, b: B, silence: Duration) -> io::Result<(u64, u64)>
where
    A: AsyncRead + AsyncWrite + Unpin,
    B: AsyncRead + AsyncWrite + Unpin,
{
    let (mut a_read, mut a_write) = tokio::io::split(a);
    let (mut b_read, mut b_write) = tokio::io::split(b);
    let (there_count, back_count) = (AtomicU64::new(0), AtomicU64::new(0));
    let there = carry(&mut a_read, &mut b_write, &there_count);
    let back = carry(&mut b_read, &mut a_write, &back_count);
    tokio::pin!(there, back);
    tokio::select! {
        result = &mut there => { result?; linger(back, &back_count, silence).await?; }
        result = &mut back => { result?; linger(there, &there_count, silence).await?; }
    }
    Ok((there_count.load(Ordering::Relaxed), back_count.load(Ordering::Relaxed)))
}

async fn carry<R, W>(from: &mut R, to: &mut W, count: &AtomicU64) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            to.shutdown().await?;
            return Ok(());
        }
        to.write_all(&buffer[..read]).await?;
        to.flush().await?;
        count.fetch_add(read as u64, Ordering::Relaxed);
    }
}

async fn linger<F: Future<Output = io::Result<()>>>(
    rest: F,
    count: &AtomicU64,
    silence: Duration,
) -> io::Result<()> {
    tokio::pin!(rest);
    let mut last = count.load(Ordering::Relaxed);
    loop {
        tokio::select! {
            result = &mut rest => return result,
            () = tokio::time::sleep(silence) => {
                let now = count.load(Ordering::Relaxed);
                if now == last {
                    return Ok(());
                }
                last = now;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn the_end_of_one_direction_leaves_the_other_open() {
        let (near, inner) = tokio::io::duplex(64);
        let (inner2, far) = tokio::io::duplex(64);
        let join = tokio::spawn(splice(inner, inner2));
        let (mut near_read, mut near_write) = tokio::io::split(near);
        let (mut far_read, mut far_write) = tokio::io::split(far);
        near_write.write_all(b"question").await.unwrap();
        near_write.shutdown().await.unwrap();
        let mut got = Vec::new();
        far_read.read_to_end(&mut got).await.unwrap();
        assert_eq!(got, b"question");
        far_write.write_all(b"answer").await.unwrap();
        far_write.shutdown().await.unwrap();
        let mut back = Vec::new();
        near_read.read_to_end(&mut back).await.unwrap();
        assert_eq!(back, b"answer");
        assert_eq!(join.await.unwrap().unwrap(), (8, 6));
    }

    #[tokio::test]
    async fn a_half_closed_stream_that_stays_silent_is_given_up() {
        let (near, inner) = tokio::io::duplex(64);
        let (inner2, far) = tokio::io::duplex(64);
        let join = tokio::spawn(splice_with(inner, inner2, Duration::from_millis(50)));
        let (_near_read, mut near_write) = tokio::io::split(near);
        near_write.shutdown().await.unwrap();
        assert_eq!(join.await.unwrap().unwrap(), (0, 0));
        drop(far);
    }
}
