//! The order of keys: letters by letters, runs of digits by their number.

use std::cmp::Ordering;

/// A letter comes after what is none; with `numbers_end`, as in go-yaml v3, before it where a number ends.
pub(super) fn compare(a: &str, b: &str, numbers_end: bool) -> Ordering {
    let mut at = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    while !(a.is_char_boundary(at) && b.is_char_boundary(at)) {
        at -= 1;
    }
    let (same, left_rest) = a.split_at(at);
    let (_, right_rest) = b.split_at(at);
    let (Some(left), Some(right)) = (left_rest.chars().next(), right_rest.chars().next()) else {
        return a.len().cmp(&b.len());
    };
    let in_number = numbers_end && same.ends_with(char::is_numeric);
    match (left.is_alphabetic(), right.is_alphabetic()) {
        (true, true) => left.cmp(&right),
        (true, false) if in_number => Ordering::Less,
        (false, true) if in_number => Ordering::Greater,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            // Zeros in the middle of a number count, leading ones do not.
            let middle = (left == '0' || right == '0')
                && same.bytes().rev().take_while(u8::is_ascii_digit).any(|digit| digit != b'0');
            let start = i64::from(middle);
            number(left_rest, start).cmp(&number(right_rest, start)).then(left.cmp(&right))
        }
    }
}

/// The number a text begins with, and how many digits it has.
fn number(text: &str, start: i64) -> (i64, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.fold((start, 0), |(number, count), digit| {
        (number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')), count + 1)
    })
}
