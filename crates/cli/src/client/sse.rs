//! Server-sent events, read as the HTML standard says
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>), as far as the
//! server uses them: `data` and comments.

/// Puts bytes together into events' data.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: Vec<u8>,
    data: String,
}

impl Decoder {
    /// Takes the next bytes and gives the data of each event they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        self.buffer.extend_from_slice(bytes);
        let mut events = Vec::new();
        while let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.buffer.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            if line.is_empty() {
                if !self.data.is_empty() {
                    events.push(std::mem::take(&mut self.data));
                }
            } else if let Some(value) = line.strip_prefix("data:") {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value.strip_prefix(' ').unwrap_or(value));
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_survive_any_cut() {
        let text = "id: 7\ndata: {\"a\":\ndata: 1}\n\n: keep-alive\n\ndata: あ\r\n\r\n";
        for cut in 0..text.len() {
            let mut decoder = Decoder::default();
            let mut events = decoder.push(&text.as_bytes()[..cut]);
            events.extend(decoder.push(&text.as_bytes()[cut..]));
            assert_eq!(events, ["{\"a\":\n1}", "あ"], "cut at {cut}");
        }
    }
}
