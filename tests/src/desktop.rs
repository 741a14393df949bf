//! A desktop as the console opens it: a WebSocket to the server, and RFB in it.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use crate::Instance;

impl Instance {
    /// The token of whoever is logged in.
    pub fn token(&self) -> String {
        let config = std::fs::read_to_string(&self.config).expect("the command line's file");
        let line = config.lines().find_map(|line| line.trim().strip_prefix("token: "));
        line.expect("somebody is logged in").to_owned()
    }

    /// Opens a workspace's desktop through the gateway, and gives the first words of it; else how it was refused.
    ///
    /// # Errors
    /// What came instead.
    pub fn banner(&self, workspace: &str) -> Result<String, String> {
        let address = self.url.strip_prefix("http://").expect("plain HTTP on loopback");
        let mut stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).map_err(|error| error.to_string())?;
        let request = format!(
            "GET /api/v1alpha1/workspaces/{workspace}/desktop HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: binary\r\nAuthorization: Bearer {}\r\n\r\n",
            self.token()
        );
        stream.write_all(request.as_bytes()).map_err(|error| error.to_string())?;
        let mut got = Vec::new();
        let mut byte = [0];
        while !got.ends_with(b"\r\n\r\n") {
            stream
                .read_exact(&mut byte)
                .map_err(|error| format!("{error} after {}", String::from_utf8_lossy(&got)))?;
            got.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&got).into_owned();
        if !head.starts_with("HTTP/1.1 101") {
            return Err(head);
        }
        // Frames of a server are not masked, and these are short (RFC 6455, 5.2); what is no data is passed over.
        loop {
            let mut start = [0; 2];
            stream.read_exact(&mut start).map_err(|error| error.to_string())?;
            let mut body = vec![0; usize::from(start[1] & 0x7f)];
            stream.read_exact(&mut body).map_err(|error| error.to_string())?;
            match start[0] & 0x0f {
                2 => return Ok(String::from_utf8_lossy(&body).into_owned()),
                8 => {
                    return Err(format!(
                        "closed: {}",
                        String::from_utf8_lossy(body.get(2..).unwrap_or_default())
                    ));
                }
                _ => {}
            }
        }
    }
}
