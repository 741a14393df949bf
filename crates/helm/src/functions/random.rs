//! What is drawn by lot, from the environment's randomness.

use super::{
    Function,
    Parameter::{Int, String as Text},
    arguments::{bytes, check_bytes, int, position},
    encoding::base64,
    fixed, runes,
};
use crate::{environment::Environment, value::Value};

/// Random bytes.
pub fn fill(environment: &Environment<'_>, buffer: &mut [u8]) {
    (environment.random.borrow_mut())(buffer);
}

/// A number below `limit`, all alike likely.
fn below(environment: &Environment<'_>, limit: u64) -> u64 {
    if limit <= 1 {
        return 0;
    }
    // What lies above the last whole multiple is drawn again: it would favour small numbers.
    let most = u64::MAX - u64::MAX % limit;
    // A source that gives the same for ever would hold us here; no fair one needs a hundred draws.
    for _ in 0..100 {
        let mut drawn = [0; 8];
        fill(environment, &mut drawn);
        let drawn = u64::from_le_bytes(drawn);
        if drawn < most {
            return drawn % limit;
        }
    }
    0
}

/// So many characters; none for a negative count.
fn characters(environment: &Environment<'_>, count: i64, alphabet: &[u8]) -> Result<Value, String> {
    let count = position(count).unwrap_or_default();
    check_bytes(count)?;
    let length = alphabet.len() as u64;
    let draw =
        |_| usize::try_from(below(environment, length)).ok().and_then(|index| alphabet.get(index)).copied();
    Ok(Value::string((0..count).filter_map(draw).collect::<Vec<u8>>()))
}

const DIGITS: &[u8] = b"0123456789";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BOTH: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn ascii(environment: &Environment<'_>, count: i64) -> Result<Value, String> {
    characters(environment, count, &(b' '..=b'~').collect::<Vec<u8>>())
}

fn random_int(environment: &Environment<'_>, least: i64, most: i64) -> Result<Value, String> {
    match u64::try_from(most.wrapping_sub(least)) {
        Ok(width) if width > 0 => Ok(Value::int(least.wrapping_add_unsigned(below(environment, width)))),
        _ => Err("invalid argument to Intn".into()),
    }
}

fn random_bytes(environment: &Environment<'_>, count: i64) -> Result<Value, String> {
    let count = position(count).ok_or("runtime error: makeslice: len out of range")?;
    check_bytes(count)?;
    let mut buffer = vec![0; count];
    fill(environment, &mut buffer);
    Ok(Value::string(base64(&buffer)))
}

fn shuffle(environment: &Environment<'_>, source: &[u8]) -> Value {
    let mut runes: Vec<char> = runes::runes(source).collect();
    for last in (1..runes.len()).rev() {
        let other = usize::try_from(below(environment, last as u64 + 1)).unwrap_or_default();
        runes.swap(last, other);
    }
    Value::string(runes.into_iter().collect::<String>())
}

fn uuid(environment: &Environment<'_>) -> Value {
    let mut bytes = [0; 16];
    fill(environment, &mut bytes);
    let number = u128::from_be_bytes(bytes);
    // Version 4, variant of RFC 9562.
    let number = number & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let digits = format!("{number:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)).into()
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("randAlphaNum", &[Int], |environment, a| characters(environment, int(a, 0), BOTH)),
    fixed("randAlpha", &[Int], |environment, a| characters(environment, int(a, 0), LETTERS)),
    fixed("randNumeric", &[Int], |environment, a| characters(environment, int(a, 0), DIGITS)),
    fixed("randAscii", &[Int], |environment, a| ascii(environment, int(a, 0))),
    fixed("randBytes", &[Int], |environment, a| random_bytes(environment, int(a, 0))),
    fixed("randInt", &[Int, Int], |environment, a| random_int(environment, int(a, 0), int(a, 1))),
    fixed("shuffle", &[Text], |environment, a| Ok(shuffle(environment, bytes(a, 0)))),
    fixed("uuidv4", &[], |environment, _| Ok(uuid(environment))),
];
