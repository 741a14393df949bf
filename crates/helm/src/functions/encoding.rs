//! base64 and base32. What does not decode becomes the text of Go's error, as sprig has it.

use super::{Function, Parameter::String as Text, arguments::bytes, fixed};
use crate::value::Value;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Groups of `bits` bits by `alphabet`, filled up with `=` to a multiple of `block`.
fn encode(source: &[u8], alphabet: &[u8], bits: u32, block: usize) -> Vec<u8> {
    let letter = |group: u32| alphabet.get(group as usize & (alphabet.len() - 1)).copied().unwrap_or(b'=');
    let mut out = Vec::with_capacity(source.len() * 2);
    let (mut buffer, mut held) = (0u32, 0);
    for byte in source {
        buffer = buffer << 8 | u32::from(*byte);
        held += 8;
        while held >= bits {
            held -= bits;
            out.push(letter(buffer >> held));
        }
        buffer &= (1 << held) - 1;
    }
    if held > 0 {
        out.push(letter(buffer << (bits - held)));
    }
    out.resize(out.len().next_multiple_of(block), b'=');
    out
}

/// The bytes, or at which byte of the input it ceased to be right.
///
/// Go skips line breaks, wants the padding, and does not mind bits that are left over.
fn decode(source: &[u8], alphabet: &[u8], bits: u32, block: usize) -> Result<Vec<u8>, usize> {
    let mut letters = source.iter().enumerate().filter(|(_, byte)| !matches!(byte, b'\r' | b'\n'));
    let mut out = Vec::with_capacity(source.len());
    let (mut buffer, mut held, mut in_block) = (0u32, 0, 0usize);
    // How many letters a last block may have: those that end within a byte's bits.
    let ends = |count: usize| count > 0 && (count as u32 * bits) % 8 < bits;
    while let Some((at, byte)) = letters.next() {
        if *byte == b'=' {
            // base32 knows padding only in the last eight letters.
            if !ends(in_block) || block == 8 && source.len() - at > 8 {
                return Err(at);
            }
            for _ in in_block + 1..block {
                match letters.next() {
                    Some((_, b'=')) => {}
                    Some((at, _)) => return Err(at - 1),
                    None => return Err(source.len()),
                }
            }
            return match letters.next() {
                None => Ok(out),
                Some((at, _)) => Err(at),
            };
        }
        let Some(value) = alphabet.iter().position(|letter| letter == byte) else {
            return Err(at);
        };
        buffer = buffer << bits | value as u32;
        held += bits;
        if held >= 8 {
            held -= 8;
            out.push((buffer >> held) as u8);
            buffer &= (1 << held) - 1;
        }
        in_block += 1;
        if in_block == block {
            (buffer, held, in_block) = (0, 0, 0);
        }
    }
    if in_block == 0 { Ok(out) } else { Err(source.len() - in_block) }
}

fn encoded(source: &[u8], alphabet: &[u8], bits: u32, block: usize) -> Value {
    Value::string(encode(source, alphabet, bits, block))
}

fn decoded(source: &[u8], alphabet: &[u8], bits: u32, block: usize, name: &str) -> Value {
    match decode(source, alphabet, bits, block) {
        Ok(bytes) => Value::string(bytes),
        Err(at) => format!("illegal {name} data at input byte {at}").into(),
    }
}

/// Standard base64 with padding.
pub fn base64(source: &[u8]) -> Vec<u8> {
    encode(source, BASE64, 6, 4)
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("b64enc", &[Text], |_, a| Ok(encoded(bytes(a, 0), BASE64, 6, 4))),
    fixed("b64dec", &[Text], |_, a| Ok(decoded(bytes(a, 0), BASE64, 6, 4, "base64"))),
    fixed("b32enc", &[Text], |_, a| Ok(encoded(bytes(a, 0), BASE32, 5, 8))),
    fixed("b32dec", &[Text], |_, a| Ok(decoded(bytes(a, 0), BASE32, 5, 8, "base32"))),
];
