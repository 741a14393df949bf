//! Random values for a chart: its own, changed here and there. The same seed gives the same values.

use serde_json::{Map, Value, json};

/// Texts that YAML, Go's verbs or Helm's functions treat in their own way.
const TEXTS: &[&str] = &[
    "",
    "word",
    "two words",
    "yes",
    "on",
    "n",
    "true",
    "null",
    "~",
    "0644",
    "0x1F",
    "1e3",
    "1_000",
    "-1",
    "1.50",
    "12:30",
    "2001-01-01",
    "a: b",
    "a:",
    "#x",
    "a #b",
    "- a",
    "-",
    "?",
    "*a",
    "&a",
    "!a",
    "%d",
    "100%",
    "@a",
    "`a`",
    "{a}",
    "[a]",
    "a, b",
    "it's",
    "say \"hi\"",
    "back\\slash",
    "tab\there",
    "line\nbreak",
    "end\n",
    "\nstart",
    "  lead",
    "trail ",
    "two\n\nlines\n\n",
    "日本語",
    "é",
    "😀",
    "\u{85}",
    "\u{feff}",
    "\u{1}",
    "<<",
    "=",
    "|",
    ">",
    ".inf",
    "---",
    "...",
    "{{ .Values }}",
    "{{ \"x\" }}",
    "${HOME}",
    "http://h:1/p?q=1#f",
    "a/b/c.txt",
    "CamelCase",
    "snake_case",
    "very long text that goes on and on, past eighty columns, so that whoever folds lines will fold this one too, twice",
    "1.2.3",
    ">=1.2",
    "v1.30.0-rc.1",
    "\r\n",
    "\u{2028}",
    "<a href='x'>&</a>",
    "key = value",
    "fail",
    "index",
    "a\u{a0}b",
];

/// A small generator of random numbers (SplitMix64), so that a seed means the same in ten years.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ 0x9E37_79B9)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn text(&mut self) -> String {
        TEXTS[self.below(TEXTS.len())].to_owned()
    }

    fn number(&mut self) -> Value {
        match self.below(8) {
            0 => json!(0),
            1 => json!(self.below(10)),
            2 => json!(-(self.below(1_000) as i64)),
            3 => json!(self.below(100_000_000)),
            4 => json!(9_007_199_254_740_993_i64),
            5 => json!(self.below(1_000) as f64 / 8.0),
            6 => json!(1e21),
            _ => json!(1.0 / (1 + self.below(1_000_000)) as f64),
        }
    }

    fn any(&mut self, depth: usize) -> Value {
        match self.below(if depth > 2 { 4 } else { 6 }) {
            0 => Value::Null,
            1 => json!(self.chance(50)),
            2 => self.number(),
            3 => json!(self.text()),
            4 => (0..self.below(4)).map(|_| self.any(depth + 1)).collect(),
            _ => Value::Object((0..self.below(4)).map(|_| (self.text(), self.any(depth + 1))).collect()),
        }
    }

    /// Another value in the place of one: most often of its type, so that most of a chart still renders.
    fn instead(&mut self, value: &Value) -> Value {
        if self.chance(4) {
            return self.any(0);
        }
        match value {
            Value::Null => self.any(0),
            Value::Bool(_) => json!(self.chance(50)),
            Value::Number(_) => self.number(),
            Value::String(_) => json!(self.text()),
            Value::Array(list) => {
                let mut list: Vec<_> = list
                    .iter()
                    .map(|one| if self.chance(30) { self.instead(one) } else { one.clone() })
                    .collect();
                if self.chance(40) {
                    let more = match list.first().cloned() {
                        Some(one) => self.instead(&one),
                        None => self.any(1),
                    };
                    list.push(more);
                }
                if self.chance(20) {
                    list.reverse();
                }
                Value::Array(list)
            }
            Value::Object(map) => Value::Object(self.overrides(map)),
        }
    }

    /// What a person would put into a values file for a chart with these.
    pub fn overrides(&mut self, defaults: &Map<String, Value>) -> Map<String, Value> {
        let mut values = Map::new();
        for (key, value) in defaults {
            if self.chance(6) {
                values.insert(key.clone(), Value::Null);
            } else if self.chance(if value.is_object() { 60 } else { 35 }) {
                values.insert(key.clone(), self.instead(value));
            }
        }
        if self.chance(15) {
            values.insert(self.text(), self.any(0));
        }
        values
    }
}
