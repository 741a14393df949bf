//! How a record is packed: JSON, compressed, base64.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};

use super::record::Record;

/// What a record is unpacked to at most: whoever may write Secrets of a namespace must not end the agent.
const WHOLE: u64 = 64 * 1024 * 1024;
/// What a packed record may take: etcd refuses requests above 1.5 MiB, and the Secret's own base64 comes on top.
const PACKED: usize = 1024 * 1024;
/// Compressed data begins so; very old records are plain.
const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];

/// Why a record is not one.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// Not base64.
    #[error("it is not base64: {0}")]
    Base64(#[from] base64::DecodeError),
    /// Not compressed as it says, or cut off.
    #[error("it cannot be unpacked: {0}")]
    Gzip(#[from] std::io::Error),
    /// Larger than any honest one.
    #[error("unpacked it is larger than {} MiB", WHOLE / 1024 / 1024)]
    TooLarge,
    /// Not Helm's JSON.
    #[error("its JSON is not a release: {0}")]
    Json(#[from] serde_json::Error),
    /// The chart is too big for Helm's way of keeping records.
    #[error(
        "with its chart the record takes {0} bytes, and a Secret holds 1 MiB: Helm cannot keep releases of this chart \
         either; take large files out of the chart"
    )]
    DoesNotFit(usize),
}

/// Packs a record into what a Secret's `release` holds.
///
/// # Errors
/// [`CodecError::DoesNotFit`].
pub fn encode(record: &Record) -> Result<String, CodecError> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&serde_json::to_vec(record)?)?;
    let text = STANDARD.encode(encoder.finish()?);
    match text.len() > PACKED {
        true => Err(CodecError::DoesNotFit(text.len())),
        false => Ok(text),
    }
}

/// Unpacks what a Secret's `release` holds.
///
/// # Errors
/// [`CodecError`].
pub fn decode(text: &[u8]) -> Result<Record, CodecError> {
    let packed = STANDARD.decode(text)?;
    if !packed.starts_with(GZIP) {
        return Ok(serde_json::from_slice(&packed)?);
    }
    let mut json = Vec::new();
    GzDecoder::new(packed.as_slice()).take(WHOLE + 1).read_to_end(&mut json)?;
    match json.len() as u64 > WHOLE {
        true => Err(CodecError::TooLarge),
        false => Ok(serde_json::from_slice(&json)?),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_again() {
        let record = Record { name: "ci".into(), version: 3, manifest: "---\n".into(), ..Record::default() };
        let text = encode(&record).unwrap();
        assert!(text.starts_with("H4sI"), "compressed: {text}");
        assert_eq!(decode(text.as_bytes()).unwrap().name, "ci");
        assert_eq!(decode(STANDARD.encode("{\"name\":\"old\"}").as_bytes()).unwrap().name, "old");
    }

    #[test]
    fn a_bomb_and_rubbish_are_refused() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let zeros = vec![b' '; 1024 * 1024];
        for _ in 0..=WHOLE / 1024 / 1024 {
            encoder.write_all(&zeros).unwrap();
        }
        let bomb = STANDARD.encode(encoder.finish().unwrap());
        assert!(matches!(decode(bomb.as_bytes()), Err(CodecError::TooLarge)));
        assert!(matches!(decode(b"%"), Err(CodecError::Base64(_))));
        assert!(matches!(decode(STANDARD.encode([0x1f, 0x8b, 8, 1]).as_bytes()), Err(CodecError::Gzip(_))));
        assert!(matches!(decode(STANDARD.encode("[]").as_bytes()), Err(CodecError::Json(_))));
    }

    #[test]
    fn a_record_that_no_secret_holds_is_refused_before_it_is_sent() {
        let mut state = 1u64;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            char::from(b'!' + (state >> 57) as u8 % 90)
        });
        let record = Record { manifest: noise.take(2_000_000).collect(), ..Record::default() };
        assert!(matches!(encode(&record), Err(CodecError::DoesNotFit(_))));
    }
}
