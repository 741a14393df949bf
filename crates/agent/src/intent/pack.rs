//! An intent in pieces that fit into Secrets.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Bytes of one piece. A Secret may hold 1 MiB; etcd's requests carry base64 and metadata besides.
const PIECE: usize = 384 * 1024;
/// What is unpacked at most: a bomb must not end the agent.
const WHOLE: u64 = 256 * 1024 * 1024;

/// One piece, named by its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

pub(super) fn pack(json: &[u8]) -> std::io::Result<Vec<Piece>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(json)?;
    let packed = encoder.finish()?;
    Ok(packed.chunks(PIECE).map(|bytes| Piece { name: name(bytes), bytes: bytes.to_vec() }).collect())
}

pub(super) fn unpack(pieces: &[Piece]) -> Result<Vec<u8>, String> {
    let mut packed = Vec::new();
    for piece in pieces {
        if name(&piece.bytes) != piece.name {
            return Err(format!("Secret {} does not hold what its name says", piece.name));
        }
        packed.extend_from_slice(&piece.bytes);
    }
    let mut json = Vec::new();
    GzDecoder::new(packed.as_slice())
        .take(WHOLE)
        .read_to_end(&mut json)
        .map_err(|error| error.to_string())?;
    Ok(json)
}

fn name(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("nagaya-intent-{hex}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_again_and_every_piece_fits() {
        // Noise, so that it does not compress.
        let mut state = 1u64;
        let json: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 56) as u8
        })
        .take(1_500_000)
        .collect();
        let pieces = pack(&json).unwrap();
        assert!(pieces.len() > 3 && pieces.iter().all(|piece| piece.bytes.len() <= 512 * 1024));
        assert_eq!(unpack(&pieces).unwrap(), json);
        let mut damaged = pieces.clone();
        damaged[1].bytes[0] ^= 1;
        assert!(unpack(&damaged).unwrap_err().contains(&pieces[1].name));
        assert_eq!(pack(&json).unwrap(), pieces, "the same content has the same names");
    }
}
