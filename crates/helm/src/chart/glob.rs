//! Patterns for paths: Go's `path.Match` for `.helmignore`, gobwas' for `.Files.Glob`.

/// A piece of a pattern.
#[derive(Clone, Debug)]
enum Token {
    Literal(char),
    /// `?`: anything but `/`.
    One,
    /// `*`: any number of them.
    Many,
    /// `**`: any number of anything.
    All,
    /// `[…]`.
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// A pattern.
#[derive(Clone, Debug)]
pub struct Pattern(Vec<Vec<Token>>);

impl Pattern {
    /// As Go's `path.Match` reads it.
    ///
    /// # Errors
    /// When a bracket stays open or a backslash has nothing behind it.
    pub fn of_path(pattern: &str) -> Result<Self, String> {
        let bad = || format!("syntax error in pattern {pattern:?}");
        let mut tokens = Vec::new();
        let mut rest = pattern.chars().peekable();
        while let Some(c) = rest.next() {
            tokens.push(match c {
                '*' => Token::Many,
                '?' => Token::One,
                '\\' => Token::Literal(rest.next().ok_or_else(bad)?),
                '[' => {
                    let negated = rest.next_if_eq(&'^').is_some();
                    let mut ranges = Vec::new();
                    loop {
                        let mut bound = || match rest.next() {
                            Some('\\') => rest.next().ok_or_else(bad),
                            Some('-') | None => Err(bad()),
                            Some(c) => Ok(c),
                        };
                        let low = bound()?;
                        let high = if rest.next_if_eq(&'-').is_some() {
                            match rest.next() {
                                Some('\\') => rest.next().ok_or_else(bad)?,
                                Some(']' | '-') | None => return Err(bad()),
                                Some(c) => c,
                            }
                        } else {
                            low
                        };
                        ranges.push((low, high));
                        if rest.next_if_eq(&']').is_some() {
                            break;
                        }
                    }
                    Token::Class { negated, ranges }
                }
                c => Token::Literal(c),
            });
        }
        Ok(Self(vec![tokens]))
    }

    /// As `.Files.Glob` reads it. A pattern that is wrong matches everything there.
    pub fn of_files(pattern: &str) -> Self {
        let mut variants = Vec::new();
        let everything = || Self(vec![vec![Token::All]]);
        if alternatives(pattern, &mut variants, 0).is_none() {
            return everything();
        }
        let tokens: Option<Vec<_>> = variants.iter().map(|variant| glob_tokens(variant)).collect();
        tokens.map_or_else(everything, Self)
    }

    /// Whether the whole path fits.
    pub fn matches(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().collect();
        self.0.iter().any(|tokens| matches(tokens, &path))
    }
}

/// How many variants braces may make of a pattern.
const MAX_VARIANTS: usize = 1000;

/// Writes `a{b,c}` out as `ab`, `ac`.
fn alternatives(pattern: &str, out: &mut Vec<String>, depth: usize) -> Option<()> {
    let mut open = None;
    let mut level = 0usize;
    let mut commas = Vec::new();
    let mut escaped = false;
    for (i, c) in pattern.char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match c {
            '\\' => escaped = true,
            '{' => {
                level += 1;
                open = open.or(Some(i));
            }
            ',' if level == 1 => commas.push(i),
            '}' if level > 0 => {
                level -= 1;
                if level == 0 {
                    let start = open?;
                    let bounds: Vec<usize> = [start].into_iter().chain(commas).chain([i]).collect();
                    for pair in bounds.windows(2) {
                        if depth > 32 || out.len() > MAX_VARIANTS {
                            return None;
                        }
                        let variant = format!(
                            "{}{}{}",
                            &pattern[..start],
                            &pattern[pair[0] + 1..pair[1]],
                            &pattern[i + 1..]
                        );
                        alternatives(&variant, out, depth + 1)?;
                    }
                    return Some(());
                }
            }
            _ => {}
        }
    }
    if level > 0 {
        return None;
    }
    out.push(pattern.into());
    Some(())
}

fn glob_tokens(pattern: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        tokens.push(match c {
            '*' if rest.next_if_eq(&'*').is_some() => Token::All,
            '*' => Token::Many,
            '?' => Token::One,
            '\\' => Token::Literal(rest.next()?),
            '[' => {
                let negated = rest.next_if_eq(&'!').is_some();
                let mut inner = Vec::new();
                loop {
                    match rest.next()? {
                        ']' => break,
                        '\\' => inner.push(rest.next()?),
                        c => inner.push(c),
                    }
                }
                let ranges = match inner.as_slice() {
                    [] => return None,
                    [low, '-', high] => vec![(*low, *high)],
                    // Either a range or a list: gobwas takes no mixture.
                    [_, '-', ..] => return None,
                    list => list.iter().map(|c| (*c, *c)).collect(),
                };
                Token::Class { negated, ranges }
            }
            c => Token::Literal(c),
        });
    }
    Some(tokens)
}

/// By the set of places the pattern may stand at after each character: never worse than their product.
fn matches(tokens: &[Token], path: &[char]) -> bool {
    let mut places = vec![false; tokens.len() + 1];
    places[0] = true;
    skip_empty(tokens, &mut places);
    for c in path.iter().copied() {
        let mut next = vec![false; tokens.len() + 1];
        for (i, token) in tokens.iter().enumerate().filter(|(i, _)| places[*i]) {
            match token {
                Token::Literal(literal) => next[i + 1] |= *literal == c,
                Token::One => next[i + 1] |= c != '/',
                Token::Many => next[i] |= c != '/',
                Token::All => next[i] = true,
                Token::Class { negated, ranges } => {
                    let within = ranges.iter().any(|(low, high)| (*low..=*high).contains(&c));
                    next[i + 1] |= within != *negated;
                }
            }
        }
        skip_empty(tokens, &mut next);
        places = next;
    }
    places[tokens.len()]
}

fn skip_empty(tokens: &[Token], places: &mut [bool]) {
    for (i, token) in tokens.iter().enumerate() {
        if places[i] && matches!(token, Token::Many | Token::All) {
            places[i + 1] = true;
        }
    }
}
