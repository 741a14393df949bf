//! Waiting for something to become so.

use std::time::{Duration, Instant};

/// Waits until `look` gives something; `what` is said when it never does.
pub fn until<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Result<T, String>) -> T {
    let began = Instant::now();
    loop {
        let why = match look() {
            Ok(found) => return found,
            Err(why) => why,
        };
        assert!(began.elapsed() < patience, "{what}: not so after {} s: {why}", patience.as_secs());
        std::thread::sleep(Duration::from_millis(250));
    }
}
