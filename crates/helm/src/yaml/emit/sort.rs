//! The order of keys: letters by letters, runs of digits by their number.

use std::cmp::Ordering;

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    for (i, (left, right)) in a.iter().zip(&b).enumerate() {
        if left == right {
            continue;
        }
        return match (left.is_alphabetic(), right.is_alphabetic()) {
            (true, true) => left.cmp(right),
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => {
                // Zeros in the middle of a number count, leading ones do not.
                let middle = (*left == '0' || *right == '0')
                    && a[..i].iter().rev().take_while(|c| c.is_ascii_digit()).any(|c| *c != '0');
                let start = i64::from(middle);
                let (left_number, left_length) = number(&a[i..], start);
                let (right_number, right_length) = number(&b[i..], start);
                left_number.cmp(&right_number).then(left_length.cmp(&right_length)).then(left.cmp(right))
            }
        };
    }
    a.len().cmp(&b.len())
}

fn number(text: &[char], start: i64) -> (i64, usize) {
    let digits: Vec<i64> = text.iter().map_while(|c| c.to_digit(10)).map(i64::from).collect();
    (digits.iter().fold(start, |number, digit| number.wrapping_mul(10).wrapping_add(*digit)), digits.len())
}
