//! index.yaml, read event by event: some are of 20 MB, and most of that nobody asks for.

use std::{collections::BTreeMap, sync::Arc};

use super::sort_versions;
use crate::{
    version::Version,
    yaml::events::{Event, Events},
};

/// How many entries an index may have.
const MAX_ENTRIES: usize = 500_000;

/// A version of a chart, as an index tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The chart's version.
    pub version: String,
    /// The version of what it installs.
    pub app_version: String,
    /// In a sentence. Shared by versions that say the same.
    pub description: Arc<str>,
    /// Where its icon is.
    pub icon: Arc<str>,
    /// When it was made.
    pub created: String,
    /// SHA-256 of the archive.
    pub digest: Option<String>,
    /// Where the archive is, relative to the repository or absolute.
    pub urls: Vec<String>,
    /// For searches.
    pub keywords: Arc<[String]>,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// `application` or `library`.
    pub kind: Arc<str>,
    /// Which versions of Kubernetes do.
    pub kube_version: Arc<str>,
}

/// All charts of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    charts: BTreeMap<String, Vec<Entry>>,
}

impl Index {
    /// Reads an index. Entries without a version that is one are left out, as Helm does.
    ///
    /// # Errors
    /// When it is no YAML, or has no entries.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let mut reader = Reader { events: Events::new(text).ok_or("no memory")?, entries: 0 };
        reader.index()
    }

    pub(super) fn from_charts(mut charts: BTreeMap<String, Vec<Entry>>) -> Self {
        for entries in charts.values_mut() {
            entries.retain(|entry| Version::parse(&entry.version).is_ok());
            sort_versions(entries, |entry| &entry.version);
        }
        charts.retain(|_, entries| !entries.is_empty());
        Self { charts }
    }

    /// A chart's versions, the newest first.
    pub fn versions(&self, chart: &str) -> &[Entry] {
        self.charts.get(chart).map(Vec::as_slice).unwrap_or_default()
    }

    /// All charts by name, each with its versions, the newest first.
    pub fn charts(&self) -> impl Iterator<Item = (&str, &[Entry])> {
        self.charts.iter().map(|(name, entries)| (name.as_str(), entries.as_slice()))
    }
}

struct Reader<'a> {
    events: Events<'a>,
    entries: usize,
}

/// What stands under a key.
enum Item {
    Scalar(String),
    Sequence,
    Mapping,
    End,
}

impl Reader<'_> {
    fn next(&mut self) -> Result<(Item, usize), String> {
        loop {
            let (event, mark) = self
                .events
                .next()
                .map_err(|problem| format!("line {}: {}", problem.mark.line + 1, problem.message))?;
            let item = match event {
                Event::DocumentStart => continue,
                Event::Scalar(scalar) => Item::Scalar(String::from_utf8_lossy(&scalar.value).into_owned()),
                // Nobody writes an index with them.
                Event::Alias(_) => Item::Scalar(String::new()),
                Event::SequenceStart(_) => Item::Sequence,
                Event::MappingStart(_) => Item::Mapping,
                Event::SequenceEnd | Event::MappingEnd | Event::DocumentEnd | Event::StreamEnd => Item::End,
            };
            return Ok((item, mark.line + 1));
        }
    }

    /// Passes over what was begun.
    fn skip(&mut self, item: &Item) -> Result<(), String> {
        let mut depth = usize::from(matches!(item, Item::Sequence | Item::Mapping));
        while depth > 0 {
            match self.next()?.0 {
                Item::Sequence | Item::Mapping => depth += 1,
                Item::End => depth -= 1,
                Item::Scalar(_) => {}
            }
        }
        Ok(())
    }

    fn text(&mut self) -> Result<String, String> {
        match self.next()?.0 {
            Item::Scalar(text) => Ok(text),
            other => self.skip(&other).map(|()| String::new()),
        }
    }

    fn texts(&mut self) -> Result<Vec<String>, String> {
        let item = self.next()?.0;
        let Item::Sequence = item else { return self.skip(&item).map(|()| Vec::new()) };
        let mut texts = Vec::new();
        loop {
            match self.next()?.0 {
                Item::End => return Ok(texts),
                Item::Scalar(text) => texts.push(text),
                other => self.skip(&other)?,
            }
        }
    }

    /// The next key of a mapping.
    fn key(&mut self) -> Result<Option<String>, String> {
        match self.next()? {
            (Item::End, _) => Ok(None),
            (Item::Scalar(key), _) => Ok(Some(key)),
            (_, line) => Err(format!("line {line}: a key must be a text")),
        }
    }

    fn index(&mut self) -> Result<Index, String> {
        let (root, line) = self.next()?;
        let Item::Mapping = root else {
            return Err(format!("line {line}: an index is a mapping with apiVersion and entries"));
        };
        let mut charts = BTreeMap::new();
        let mut versioned = false;
        while let Some(key) = self.key()? {
            match key.as_str() {
                "entries" => charts = self.charts()?,
                "apiVersion" => versioned = !self.text()?.is_empty(),
                _ => {
                    let item = self.next()?.0;
                    self.skip(&item)?;
                }
            }
        }
        if !versioned {
            return Err("no API version specified: this is no index of charts".into());
        }
        Ok(Index::from_charts(charts))
    }

    fn charts(&mut self) -> Result<BTreeMap<String, Vec<Entry>>, String> {
        let mut charts = BTreeMap::new();
        let item = self.next()?.0;
        let Item::Mapping = item else { return self.skip(&item).map(|()| charts) };
        while let Some(name) = self.key()? {
            let item = self.next()?.0;
            let Item::Sequence = item else {
                self.skip(&item)?;
                continue;
            };
            let mut entries: Vec<Entry> = Vec::new();
            loop {
                let (item, line) = self.next()?;
                match item {
                    Item::End => break,
                    Item::Mapping => {
                        self.entries += 1;
                        if self.entries > MAX_ENTRIES {
                            return Err(format!("line {line}: more than {MAX_ENTRIES} entries"));
                        }
                        let entry = self.entry(entries.last())?;
                        entries.push(entry);
                    }
                    other => self.skip(&other)?,
                }
            }
            charts.insert(name, entries);
        }
        Ok(charts)
    }

    fn entry(&mut self, before: Option<&Entry>) -> Result<Entry, String> {
        // What the version before says too is kept once.
        let share = |text: String, of: Option<&Arc<str>>| match of {
            Some(known) if **known == *text => Arc::clone(known),
            _ => Arc::from(text),
        };
        let mut entry = Entry::default();
        while let Some(key) = self.key()? {
            match key.as_str() {
                "version" => entry.version = self.text()?,
                "appVersion" => entry.app_version = self.text()?,
                "description" => {
                    entry.description = share(self.text()?, before.map(|entry| &entry.description))
                }
                "icon" => entry.icon = share(self.text()?, before.map(|entry| &entry.icon)),
                "type" => entry.kind = share(self.text()?, before.map(|entry| &entry.kind)),
                "kubeVersion" => {
                    entry.kube_version = share(self.text()?, before.map(|entry| &entry.kube_version))
                }
                "created" => entry.created = self.text()?,
                "digest" => entry.digest = Some(self.text()?).filter(|digest| !digest.is_empty()),
                "urls" => entry.urls = self.texts()?,
                "keywords" => {
                    let keywords = self.texts()?;
                    entry.keywords = match before {
                        Some(before) if *before.keywords == *keywords => Arc::clone(&before.keywords),
                        _ => keywords.into(),
                    };
                }
                "deprecated" => entry.deprecated = self.text()? == "true",
                _ => {
                    let item = self.next()?.0;
                    self.skip(&item)?;
                }
            }
        }
        Ok(entry)
    }
}
