//! A process of its own that meets a hostile chart: what it takes can be measured, and it can be killed.

use std::{
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Where the child finds the folder or archive.
pub const INPUT: &str = "NAGAYA_HOSTILE";
/// What the child begins its last word with.
pub const REFUSED: &str = "refused: ";
const RENDERED: &str = "rendered ";
/// What a hostile chart may cost.
const MEMORY: u64 = 256 << 20;
/// Long after it should have been refused: who is still at it hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// How a child ended.
pub struct End {
    pub word: String,
    pub peak: u64,
}

/// Runs the child test of this name on the input; asserts that it ended by itself, with a word, within the memory.
pub fn run(test: &str, input: &Path) -> End {
    // A virtual limit far above keeps a mistake from taking the machine down; what counts is what was resident.
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -v 4000000; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture", "--test-threads", "1"])
        .env(INPUT, input)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        let _ = out.read_to_end(&mut text);
        text
    });
    let errors = thread::spawn(move || {
        let mut text = Vec::new();
        let _ = err.read_to_end(&mut text);
        text
    });
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if began.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            break None;
        }
        thread::sleep(Duration::from_millis(5));
    };
    let (text, errors) = (reader.join().unwrap(), errors.join().unwrap());
    let (text, errors) = (String::from_utf8_lossy(&text), String::from_utf8_lossy(&errors));
    let name = input.display();
    let status = status.unwrap_or_else(|| panic!("{name}: hangs"));
    let word = text.lines().find(|line| line.starts_with(REFUSED) || line.starts_with(RENDERED));
    let word = word.unwrap_or_else(|| {
        panic!("{name}: died with {status}: {}", errors.lines().last().unwrap_or_default())
    });
    let peak =
        text.lines().find_map(|line| line.strip_prefix("peak ")).and_then(|text| text.parse().ok()).unwrap();
    assert!(peak <= MEMORY, "{name}: took {} MB: {word}", peak >> 20);
    End { word: word.to_owned(), peak }
}

/// What the child says at its end.
pub fn say(result: Result<usize, String>) {
    match result {
        Ok(bytes) => println!("\n{RENDERED}{bytes}"),
        Err(error) => println!("\n{REFUSED}{}", error.replace('\n', " ")),
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let kib: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|text| text.split_whitespace().next()?.parse().ok())
        .unwrap();
    println!("peak {}", kib * 1024);
}
