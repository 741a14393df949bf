//! As much of RFB (RFC 6143) as a round trip needs: shake hands, ask for a patch of the screen, read it.

use std::io::{self, Read, Write};

/// A connection whose handshake is done.
#[derive(Debug)]
pub struct Rfb<S> {
    stream: S,
    bytes_per_pixel: usize,
}

/// Side of the patch that is asked for, in pixels: what changes when a key is typed.
const PATCH: u16 = 32;

fn array<const N: usize>(stream: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(stream: &mut impl Read, length: usize) -> io::Result<()> {
    let mut rest = vec![0; length];
    stream.read_exact(&mut rest)
}

/// Reads the server's banner, the first bytes of RFB.
///
/// # Errors
/// When the stream ends, or begins otherwise.
pub fn banner(stream: &mut impl Read) -> io::Result<()> {
    let banner: [u8; 12] = array(stream)?;
    if banner.starts_with(b"RFB ") { Ok(()) } else { Err(io::Error::other("no RFB banner")) }
}

impl<S: Read + Write> Rfb<S> {
    /// Shakes hands: version 3.8, no authentication, shared, raw encoding.
    ///
    /// # Errors
    /// When the stream fails or the server wants authentication.
    pub fn new(mut stream: S) -> io::Result<Self> {
        banner(&mut stream)?;
        stream.write_all(b"RFB 003.008\n")?;
        stream.flush()?;
        let [count] = array(&mut stream)?;
        skip(&mut stream, count.into())?;
        stream.write_all(&[1])?;
        stream.flush()?;
        if u32::from_be_bytes(array(&mut stream)?) != 0 {
            return Err(io::Error::other("the desktop wants authentication"));
        }
        stream.write_all(&[1])?;
        stream.flush()?;
        let init: [u8; 24] = array(&mut stream)?;
        let name = u32::from_be_bytes([init[20], init[21], init[22], init[23]]);
        skip(&mut stream, name as usize)?;
        // SetEncodings: one, raw.
        stream.write_all(&[2, 0, 0, 1, 0, 0, 0, 0])?;
        stream.flush()?;
        Ok(Self { stream, bytes_per_pixel: usize::from(init[4]) / 8 })
    }

    /// Asks for a patch, changed or not, and waits until it is there.
    ///
    /// # Errors
    /// When the stream fails.
    pub fn round_trip(&mut self) -> io::Result<()> {
        let [high, low] = PATCH.to_be_bytes();
        self.stream.write_all(&[3, 0, 0, 0, 0, 0, high, low, high, low])?;
        self.stream.flush()?;
        loop {
            let [kind] = array(&mut self.stream)?;
            match kind {
                0 => return self.update(),
                // SetColourMapEntries, Bell, ServerCutText: not asked for, may come all the same.
                1 => {
                    let head: [u8; 5] = array(&mut self.stream)?;
                    skip(&mut self.stream, 6 * usize::from(u16::from_be_bytes([head[3], head[4]])))?;
                }
                2 => {}
                3 => {
                    let head: [u8; 7] = array(&mut self.stream)?;
                    skip(
                        &mut self.stream,
                        u32::from_be_bytes([head[3], head[4], head[5], head[6]]) as usize,
                    )?;
                }
                other => return Err(io::Error::other(format!("RFB message {other} was not asked for"))),
            }
        }
    }

    fn update(&mut self) -> io::Result<()> {
        let head: [u8; 3] = array(&mut self.stream)?;
        for _ in 0..u16::from_be_bytes([head[1], head[2]]) {
            let rectangle: [u8; 12] = array(&mut self.stream)?;
            let side = |at: usize| usize::from(u16::from_be_bytes([rectangle[at], rectangle[at + 1]]));
            skip(&mut self.stream, side(4) * side(6) * self.bytes_per_pixel)?;
        }
        Ok(())
    }
}
