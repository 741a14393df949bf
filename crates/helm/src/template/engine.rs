//! All templates of a chart and of its subcharts.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use bstr::ByteSlice as _;

use super::{
    ast::Definition,
    error::Error,
    exec::{Executor, NO_VALUE},
    limits::{Limits, Mode},
    parser,
};
use crate::{
    environment::Environment,
    value::{Str, Value},
};

/// The name that texts given to `tpl` go by.
const ROOT: &str = "gotpl";

/// How many bytes of texts given to `tpl` are kept parsed.
const KEPT: usize = 4 << 20;

/// What a text defines.
type Definitions = Arc<Vec<Arc<Definition>>>;

/// Templates by name.
#[derive(Default)]
pub(super) struct Templates {
    named: HashMap<Str, Arc<Definition>, foldhash::fast::RandomState>,
    /// What `tpl` parsed, by its text: charts give the same one again and again.
    texts: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    parsed: HashMap<Str, Definitions>,
    bytes: usize,
}

impl Templates {
    pub(super) fn get(&self, name: &[u8]) -> Option<&Arc<Definition>> {
        self.named.get(name)
    }

    /// A text as `tpl` takes it.
    pub(super) fn text(&self, text: &Str) -> Result<Definitions, Error> {
        let mut kept = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(definitions) = kept.parsed.get(text) {
            return Ok(definitions.clone());
        }
        let definitions: Vec<_> = parser::parse(ROOT, text.as_bytes())?.into_iter().map(Arc::new).collect();
        let definitions = Arc::new(definitions);
        kept.bytes += text.len();
        if kept.bytes > KEPT {
            kept.parsed.clear();
            kept.bytes = text.len();
        }
        kept.parsed.insert(text.clone(), definitions.clone());
        Ok(definitions)
    }

    fn add(&mut self, definitions: &[Arc<Definition>]) {
        for definition in definitions {
            match self.named.get(&definition.name) {
                Some(_) if definition.is_empty() => {}
                _ => {
                    self.named.insert(definition.name.clone(), definition.clone());
                }
            }
        }
    }
}

/// A parsed file: a template of the file's name, and those that it defines.
#[derive(Clone, Debug)]
pub struct Template {
    definitions: Vec<Arc<Definition>>,
}

impl Template {
    /// Parses a file. `name`: its full name, for instance `chart/templates/service.yaml`.
    ///
    /// # Errors
    /// It is no template, or calls a function that is not there.
    pub fn parse(name: &str, text: impl AsRef<[u8]>) -> Result<Self, Error> {
        let definitions = parser::parse(name, text.as_ref())?;
        Ok(Self { definitions: definitions.into_iter().map(Arc::new).collect() })
    }
}

/// Parsed once, rendered many times, on any thread.
#[derive(Default)]
pub struct Engine {
    templates: Templates,
    mode: Mode,
}

impl Engine {
    /// An engine without templates.
    pub fn new(mode: Mode) -> Self {
        Self { templates: Templates::default(), mode }
    }

    /// Adds a file. Of several definitions of one name the last that was added counts, so add files in Helm's order:
    /// those deep in the tree first ([`sort`]).
    pub fn add(&mut self, template: &Template) {
        self.templates.add(&template.definitions);
    }

    /// Whether there is a template of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.templates.get(name.as_bytes()).is_some()
    }

    /// Renders the template `entry` with `data` as its dot. Call it inside [`super::with_stack`].
    ///
    /// # Errors
    /// Whatever the template does that cannot be done, says with `fail`, or takes beyond the limits.
    pub fn render(
        &self,
        environment: &Environment<'_>,
        entry: &str,
        data: Value,
        limits: &Limits,
    ) -> Result<Vec<u8>, Error> {
        Executor::new(&self.templates, environment, self.mode, limits).render(entry, data)
    }
}

/// Sorts names of files into the order in which Helm parses and renders them: by depth, then by name, backwards.
pub fn sort<S: AsRef<str>>(names: &mut [S]) {
    let depth = |name: &S| name.as_ref().bytes().filter(|byte| *byte == b'/').count();
    names.sort_by(|a, b| depth(b).cmp(&depth(a)).then_with(|| b.as_ref().cmp(a.as_ref())));
}

/// Whether a text has anything for the engine to do.
pub(super) fn has_action(text: &[u8]) -> bool {
    text.find(b"{{").is_some()
}

/// Takes out what stands for nil, as Helm does with what a file or `tpl` gives.
pub(super) fn without_no_value(text: Vec<u8>) -> Vec<u8> {
    match text.find(NO_VALUE) {
        Some(_) => text.replace(NO_VALUE, b""),
        None => text,
    }
}

/// [`without_no_value`] for a string, which is kept when it is none of its matter.
pub(super) fn without_no_value_text(text: &Str) -> Str {
    match text.find(NO_VALUE) {
        Some(_) => text.replace(NO_VALUE, b"").into(),
        None => text.clone(),
    }
}
