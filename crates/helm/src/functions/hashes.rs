//! Digests, and hashes of passwords.

use ring::digest::{self, Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA512};

use super::{
    Function,
    Parameter::{Int64, String as Text},
    arguments::{bytes, int, text},
    encoding::base64,
    fixed, random,
};
use crate::{environment::Environment, value::Value};

/// bcrypt's cost in Go's library and sprig.
const COST: u32 = 10;

/// The longest password Go's bcrypt takes.
const LONGEST: usize = 72;

fn hex(algorithm: &'static Algorithm, source: &[u8]) -> Value {
    let digits = digest::digest(algorithm, source)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    digits.into()
}

fn bcrypt(environment: &Environment<'_>, password: &[u8]) -> String {
    if password.len() > LONGEST {
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".into();
    }
    let mut salt = [0; 16];
    random::fill(environment, &mut salt);
    match bcrypt::hash_with_salt(password, COST, salt) {
        Ok(parts) => parts.format_for_version(bcrypt::Version::TwoA),
        Err(error) => format!("failed to encrypt string with bcrypt: {error}"),
    }
}

fn htpasswd(environment: &Environment<'_>, arguments: &[Value]) -> Value {
    let (user, password) = (text(arguments, 0), bytes(arguments, 1));
    if user.contains(':') {
        return format!("invalid username: {user}").into();
    }
    if bytes(arguments, 2) == b"sha" {
        let digest = digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, password);
        return format!("{user}:{{SHA}}{}", String::from_utf8_lossy(&base64(digest.as_ref()))).into();
    }
    format!("{user}:{}", bcrypt(environment, password)).into()
}

/// Templates of passwords by type, and which characters their letters stand for: the Master Password algorithm's.
fn templates(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

fn characters(letter: u8) -> &'static [u8] {
    match letter {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'A' => b"AEIOUBCDFGHJKLMNPQRSTVWXYZ",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// A text with its length before it, behind the algorithm's own name.
fn seeded(name: &[u8]) -> Vec<u8> {
    let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
    [b"com.lyndir.masterpassword", length.to_be_bytes().as_slice(), name].concat()
}

/// Derives a site's password from a master password.
fn derive_password(arguments: &[Value]) -> Result<Value, String> {
    let counter = u32::try_from(int(arguments, 0)).unwrap_or_default();
    let (kind, password, user, site) =
        (bytes(arguments, 1), bytes(arguments, 2), bytes(arguments, 3), bytes(arguments, 4));
    let Some(templates) = templates(kind) else {
        return Ok(format!("cannot find password template {}", text(arguments, 1)).into());
    };
    let failed = |error: &dyn std::fmt::Display| format!("failed to derive password: {error}");
    let parameters = scrypt::Params::new(15, 8, 2).map_err(|error| failed(&error))?;
    let mut key = [0; 64];
    scrypt::scrypt(password, &seeded(user), &parameters, &mut key).map_err(|error| failed(&error))?;
    let message = [seeded(site).as_slice(), &counter.to_be_bytes()].concat();
    let seed = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key), &message);
    let mut seed = seed.as_ref().iter().map(|byte| usize::from(*byte));
    let template =
        templates.get(seed.next().unwrap_or_default() % templates.len()).copied().unwrap_or_default();
    let password = template.bytes().zip(seed).filter_map(|(letter, byte)| {
        let characters = characters(letter);
        characters.get(byte % characters.len()).copied()
    });
    Ok(Value::string(password.collect::<Vec<u8>>()))
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("sha1sum", &[Text], |_, a| Ok(hex(&SHA1_FOR_LEGACY_USE_ONLY, bytes(a, 0)))),
    fixed("sha256sum", &[Text], |_, a| Ok(hex(&SHA256, bytes(a, 0)))),
    fixed("sha512sum", &[Text], |_, a| Ok(hex(&SHA512, bytes(a, 0)))),
    fixed("adler32sum", &[Text], |_, a| Ok(adler2::adler32_slice(bytes(a, 0)).to_string().into())),
    fixed("bcrypt", &[Text], |environment, a| Ok(bcrypt(environment, bytes(a, 0)).into())),
    fixed("htpasswd", &[Text, Text, Text], |environment, a| Ok(htpasswd(environment, a))),
    fixed("derivePassword", &[Int64, Text, Text, Text, Text], |_, a| derive_password(a)),
];
