//! `encryptAES` and `decryptAES`: AES-256 in CBC mode, the password being the key, filled up with zeros.

use aes::{
    Aes256, Block,
    cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit},
};

use super::{
    Function,
    Parameter::String as Text,
    arguments::bytes,
    encoding::{base64, from_base64},
    fixed, random,
};
use crate::{environment::Environment, value::Value};

/// A block's bytes.
const BLOCK: usize = 16;

fn cipher(password: &[u8]) -> Aes256 {
    let mut key = [0; 32];
    key.iter_mut().zip(password).for_each(|(key, byte)| *key = *byte);
    Aes256::new(&key.into())
}

fn xor(block: &mut [u8], with: &[u8]) {
    block.iter_mut().zip(with).for_each(|(byte, with)| *byte ^= with);
}

fn encrypt(environment: &Environment<'_>, password: &[u8], plain: &[u8]) -> Value {
    if plain.is_empty() {
        return "".into();
    }
    let padding = BLOCK - plain.len() % BLOCK;
    let mut content = plain.to_vec();
    content.resize(plain.len() + padding, u8::try_from(padding).unwrap_or_default());
    let mut before = [0; BLOCK];
    random::fill(environment, &mut before);
    let cipher = cipher(password);
    let mut out = before.to_vec();
    for chunk in content.chunks_exact(BLOCK) {
        xor(&mut before, chunk);
        let mut block = Block::from(before);
        cipher.encrypt_block(&mut block);
        before = block.into();
        out.extend_from_slice(&before);
    }
    Value::string(base64(&out))
}

fn decrypt(password: &[u8], encrypted: &[u8]) -> Result<Value, String> {
    if encrypted.is_empty() {
        return Ok("".into());
    }
    let encrypted = from_base64(encrypted)?;
    let (blocks, rest) = encrypted.as_chunks::<BLOCK>();
    let Some((first, blocks)) = blocks.split_first() else {
        return Err(format!(
            "runtime error: slice bounds out of range [:16] with capacity {}",
            encrypted.len()
        ));
    };
    if !rest.is_empty() {
        return Err("crypto/cipher: input not full blocks".into());
    }
    let cipher = cipher(password);
    let mut before = *first;
    let mut out = Vec::with_capacity(encrypted.len());
    for encrypted in blocks {
        let mut block = Block::from(*encrypted);
        cipher.decrypt_block(&mut block);
        let mut plain: [u8; BLOCK] = block.into();
        xor(&mut plain, &before);
        out.extend_from_slice(&plain);
        before = *encrypted;
    }
    // How much was filled up is what the last byte says; of a wrong password it says anything.
    let padding = out.last().copied().ok_or("runtime error: index out of range [-1]")?;
    let length = out.len().checked_sub(padding.into());
    let length = length.ok_or_else(|| {
        format!("runtime error: slice bounds out of range [:{}]", out.len() as i64 - i64::from(padding))
    })?;
    out.truncate(length);
    Ok(Value::string(out))
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("encryptAES", &[Text, Text], |environment, a| Ok(encrypt(environment, bytes(a, 0), bytes(a, 1)))),
    fixed("decryptAES", &[Text, Text], |_, a| decrypt(bytes(a, 0), bytes(a, 1))),
];
