//! Windows, limits and timings of the HTTP/2 connections, in one place for both ends.
//!
//! With hyper's defaults the connection window is only a few stream windows wide, so one stalled upload or
//! three stalled downloads froze every other stream of the connection (measured, design rule 3). Here the
//! connection window is as wide as HTTP/2 allows: a stalled stream can hold back only itself.

use std::time::Duration;

use hyper_util::rt::TokioTimer;

use crate::executor::Tracked;

/// The widest connection window that HTTP/2 has (RFC 9113, section 6.9.1).
const CONNECTION_WINDOW: u32 = (1 << 31) - 1;
/// What one stalled stream may hold in memory at its receiver.
const STREAM_WINDOW: u32 = 256 * 1024;
/// What one stream may hold in memory at its sender.
const SEND_BUFFER: usize = 256 * 1024;
/// Streams at once on one connection.
const STREAMS: u32 = 1000;
/// Larger frames would let one stream's frame delay another's keystroke; smaller ones cost throughput.
const FRAME: u32 = 16 * 1024;
/// Headers of one request, decoded.
const HEADER_LIST: u32 = 64 * 1024;
/// Streams that were reset locally and whose late frames are still recognised. A browser page that is closed
/// resets all of its streams at once; with h2's default of 10 the late frames of the eleventh count as
/// protocol errors.
const REMEMBERED_RESETS: usize = 2 * STREAMS as usize;

/// When a connection is given up, and how soon it is dialled again.
#[derive(Debug, Clone, Copy)]
pub struct Timings {
    /// Time between keep-alive pings.
    pub ping_interval: Duration,
    /// Time after which an unanswered ping ends the connection.
    pub ping_timeout: Duration,
    /// Time for TCP, TLS and the first exchange together.
    pub connect_timeout: Duration,
    /// First and smallest pause before dialling again.
    pub backoff_min: Duration,
    /// Largest pause before dialling again.
    pub backoff_max: Duration,
    /// A lane other than control that carried no new request for so long is let go.
    pub lane_idle: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Timings {
            ping_interval: Duration::from_secs(4),
            ping_timeout: Duration::from_secs(8),
            connect_timeout: Duration::from_secs(8),
            backoff_min: Duration::from_millis(200),
            backoff_max: Duration::from_secs(5),
            lane_idle: Duration::from_secs(300),
        }
    }
}

impl Timings {
    /// The longest an agent is away after its path works again, without the new handshake. Either its connection was
    /// lost without a word and only the pings tell, or a last attempt ran into the fault and the longest pause follows.
    pub fn longest_return(&self) -> Duration {
        let unnoticed = self.ping_interval + self.ping_timeout + self.backoff_min;
        let unlucky = self.connect_timeout + self.backoff_max;
        unnoticed.max(unlucky)
    }
}

/// The agent's end: an HTTP/2 server.
pub(crate) fn server(timings: &Timings, tasks: Tracked) -> hyper::server::conn::http2::Builder<Tracked> {
    let mut builder = hyper::server::conn::http2::Builder::new(tasks);
    builder
        .timer(TokioTimer::new())
        .adaptive_window(false)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .initial_stream_window_size(STREAM_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .max_concurrent_streams(STREAMS)
        .max_frame_size(FRAME)
        .max_header_list_size(HEADER_LIST)
        // The peer is the server that this agent's own certificate authority names: it is trusted to cancel
        // many streams at once, and must not lose the connection for it.
        .max_pending_accept_reset_streams(REMEMBERED_RESETS)
        .max_local_error_reset_streams(None)
        .keep_alive_interval(timings.ping_interval)
        .keep_alive_timeout(timings.ping_timeout);
    builder
}

/// The Nagaya server's end: an HTTP/2 client.
pub(crate) fn client(timings: &Timings, tasks: Tracked) -> hyper::client::conn::http2::Builder<Tracked> {
    let mut builder = hyper::client::conn::http2::Builder::new(tasks);
    builder
        .timer(TokioTimer::new())
        .adaptive_window(false)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .initial_stream_window_size(STREAM_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .initial_max_send_streams(STREAMS as usize)
        .max_frame_size(FRAME)
        .max_header_list_size(HEADER_LIST)
        .max_concurrent_reset_streams(REMEMBERED_RESETS)
        .max_local_error_reset_streams(None)
        .keep_alive_interval(timings.ping_interval)
        .keep_alive_timeout(timings.ping_timeout)
        .keep_alive_while_idle(true);
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two seconds are left for the handshake.
    #[test]
    fn an_agent_is_back_within_fifteen_seconds_of_its_path() {
        assert!(Timings::default().longest_return() <= Duration::from_secs(13));
    }
}
