//! Keys that a program prints.

use std::{fmt, process::Stdio, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use tokio::{io::AsyncReadExt as _, process::Command};
use zeroize::Zeroizing;

use super::Ring;
use crate::StoreError;

/// Longest wait for a program.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most that is read of what it prints. Keys are short lines.
const MOST: u64 = 64 << 10;

/// A program and its arguments. As text: words, quoted as in a shell; no shell runs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    words: Vec<String>,
    patience: Option<Duration>,
}

impl CommandLine {
    /// A program and its arguments.
    pub fn new<W: Into<String>>(words: impl IntoIterator<Item = W>) -> Self {
        Self { words: words.into_iter().map(Into::into).collect(), patience: None }
    }

    /// The same, waited for no longer than this.
    #[must_use]
    pub fn within(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Whether there is no program.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(super) fn failed(&self, why: &str) -> StoreError {
        StoreError::Key { place: format!("sealingKeyCommand ({self})"), why: why.to_owned() }
    }

    /// The keys that it prints. Nothing of that, nor of what it complains about, is logged or told: a program that
    /// traces itself would put the key there.
    pub(super) async fn keys(&self) -> Result<Ring, StoreError> {
        let Some((program, arguments)) = self.words.split_first() else {
            return Err(self.failed("it names no program"));
        };
        let patience = self.patience.unwrap_or(PATIENCE);
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let mut child =
            command.spawn().map_err(|error| self.failed(&format!("it cannot be run: {error}")))?;
        let Some(out) = child.stdout.take() else { return Err(self.failed("it has no output")) };
        let ran = tokio::time::timeout(patience, async {
            let mut text = Zeroizing::new(Vec::with_capacity(4096));
            out.take(MOST).read_to_end(&mut text).await?;
            Ok::<_, std::io::Error>((child.wait().await?, text))
        });
        let (status, text) = ran
            .await
            .map_err(|_| self.failed(&format!("it did not end within {} s", patience.as_secs_f32())))?
            .map_err(|error| self.failed(&error.to_string()))?;
        if !status.success() {
            return Err(self.failed(&format!(
                "it ended with {status} (what it says is not logged, since the key may be in it: run it by hand)"
            )));
        }
        Ring::parse(&text).map_err(|why| self.failed(&format!("what it prints: {why}")))
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = shlex::try_join(self.words.iter().map(String::as_str)).map_err(|_| fmt::Error)?;
        f.write_str(&joined)
    }
}

impl FromStr for CommandLine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words = shlex::split(text).ok_or_else(|| "a quote is not closed".to_owned())?;
        if words.iter().any(|word| word.contains('\0')) {
            return Err("there is a null character in it".into());
        }
        Ok(Self::new(words))
    }
}

impl Serialize for CommandLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.words.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for CommandLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = Vec::<String>::deserialize(deserializer)?;
        if words.iter().any(|word| word.contains('\0')) {
            return Err(D::Error::custom("there is a null character in it"));
        }
        Ok(Self::new(words))
    }
}
