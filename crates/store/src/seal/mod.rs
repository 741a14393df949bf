//! The keys that seal secrets: one that seals, and during a change of keys those before it.

mod command;
mod file;
mod key;

use std::{path::Path, sync::Arc};

pub use command::CommandLine;
pub(crate) use key::{Key, Opened, Ring};

use crate::StoreError;

/// Where the sealing keys come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeySource {
    /// The file `store.key` beside the database, which is made when there is none.
    #[default]
    File,
    /// What a program prints when it is run. A file `store.key` of before only opens what it sealed.
    Command(CommandLine),
}

impl KeySource {
    /// The keys as they are given now; none when there is no file yet.
    pub(crate) async fn load(&self, file: &Path) -> Result<Option<Ring>, StoreError> {
        let in_file = file::read(file)?;
        match self {
            Self::File => Ok(in_file),
            Self::Command(command) => {
                let mut ring = command.keys().await?;
                ring.append(in_file.iter().flat_map(Ring::keys));
                Ok(Some(ring))
            }
        }
    }

    /// Makes sure that the key that is about to seal will be given again. A program that prints something else each
    /// time would lock away what is sealed with what it printed once.
    pub(crate) async fn check_stays(&self, ring: &Ring) -> Result<(), StoreError> {
        let Self::Command(command) = self else { return Ok(()) };
        if command.keys().await?.first().id() == ring.first().id() {
            return Ok(());
        }
        Err(command.failed(
            "it printed two different keys when it was run twice: it must print the key that it keeps",
        ))
    }

    /// Keeps these keys, where that is for the store to do.
    pub(crate) fn keep(&self, file: &Path, ring: &Ring) -> Result<(), StoreError> {
        match self {
            Self::File => file::write(file, ring),
            Self::Command(_) => Ok(()),
        }
    }

    /// Forgets all keys but the one that seals, where that is for the store to do.
    pub(crate) fn keep_only(&self, file: &Path, key: &Arc<Key>) -> Result<(), StoreError> {
        match self {
            Self::File => file::write(file, &Ring::of(Arc::clone(key))),
            Self::Command(_) => file::remove(file),
        }
    }

    /// The ring with which a rotation begins: another key first, the present ones behind it.
    pub(crate) async fn next(&self, present: &Ring) -> Result<Ring, StoreError> {
        let Self::Command(command) = self else {
            let mut next = Ring::of(Arc::new(Key::generate()?));
            next.append(present.keys());
            return Ok(next);
        };
        let next = command.keys().await?;
        let old = present.first().id();
        if next.first().id() == old {
            return Err(command.failed(&format!(
                "the first key it prints is {old}, which seals already: have it print a new key first and this one after it"
            )));
        }
        if next.find(old).is_none() {
            return Err(command.failed(&format!(
                "it does not print key {old} any more, with which secrets are sealed: have it print the new key first and this one after it until the rotation is done"
            )));
        }
        self.check_stays(&next).await?;
        Ok(next)
    }

    /// Where the keys lie, in a word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Command(_) => "command",
        }
    }
}
