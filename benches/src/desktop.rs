//! A desktop as the page reaches it: a WebSocket of the server; and as a process in the pod's network namespace does.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{self, Read, Write},
    net::TcpStream,
    time::Duration,
};

use nix::sched::{CloneFlags, setns};
use tungstenite::{
    Message, WebSocket,
    client::{IntoClientRequest, client},
    http::HeaderValue,
};

use crate::subject::Subject;

/// Longest silence of a desktop.
const SILENCE: Duration = Duration::from_secs(60);

/// A WebSocket as a stream of bytes.
#[derive(Debug)]
pub struct Page {
    socket: WebSocket<TcpStream>,
    received: VecDeque<u8>,
}

impl Page {
    /// Opens the desktop of a workspace through server, tunnel, agent and relay.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn open(subject: &Subject, workspace: &str) -> io::Result<Self> {
        let address = subject.address();
        let stream = TcpStream::connect(&address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE))?;
        let mut request = format!("ws://{address}/api/v1alpha1/workspaces/{workspace}/desktop")
            .into_client_request()
            .map_err(io::Error::other)?;
        let bearer = HeaderValue::from_str(&format!("Bearer {}", subject.token)).map_err(io::Error::other)?;
        request.headers_mut().insert("authorization", bearer);
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("binary"));
        let (socket, _) = client(request, stream).map_err(io::Error::other)?;
        Ok(Self { socket, received: VecDeque::new() })
    }
}

impl Read for Page {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.received.is_empty() {
            match self.socket.read().map_err(io::Error::other)? {
                Message::Binary(bytes) => self.received.extend(bytes),
                Message::Close(frame) => return Err(io::Error::other(format!("closed: {frame:?}"))),
                _ => {}
            }
        }
        self.received.read(buffer)
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.send(Message::binary(bytes.to_vec())).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush().map_err(io::Error::other)
    }
}

/// Connects to a desktop on the loopback of a pod, as a process beside it would.
///
/// # Errors
/// When there is no desktop yet.
pub fn in_pod(uid: &str) -> io::Result<TcpStream> {
    let namespace = network_namespace(uid)?;
    // A thread has its own network namespace, and this one ends with the connection made.
    let connect = move || {
        setns(namespace, CloneFlags::CLONE_NEWNET)?;
        TcpStream::connect("127.0.0.1:5901")
    };
    let stream =
        std::thread::spawn(connect).join().map_err(|_| io::Error::other("the thread panicked"))??;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SILENCE))?;
    Ok(stream)
}

/// The network namespace of a pod, by a process whose control group has the pod's uid in its path.
fn network_namespace(uid: &str) -> io::Result<File> {
    for entry in fs::read_dir("/proc")?.flatten() {
        let groups = fs::read_to_string(entry.path().join("cgroup")).unwrap_or_default();
        if groups.contains(uid) {
            return File::open(entry.path().join("ns/net"));
        }
    }
    Err(io::Error::other("the pod has no process yet"))
}
