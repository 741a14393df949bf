//! Names by pattern: `*` for any run of characters, `?` for one.

/// Whether a pattern fits all of a text.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last star stands, and up to where it reaches now: going back to it is enough.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match &mut star {
                Some((at, reach)) => {
                    *reach += 1;
                    (p, t) = (*at + 1, *reach);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text) in [
            ("jenkins*", "jenkins"),
            ("*-stack", "kube-stack-stack"),
            ("a?c", "abc"),
            ("*", ""),
            ("a*b*c", "aXbYbc"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("jenkins", "jenkins-2"), ("", "a"), ("a?", "a"), ("a*b", "abc"), ("?", "")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
        let stars = "*a".repeat(40);
        assert!(!matches(&stars, &"b".repeat(4000)), "no pattern takes long");
    }
}
