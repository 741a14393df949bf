//! What goes wrong in a template, and where.

use std::fmt;

use super::fmt::quoted;

/// How many places of the way to an error are kept of either end: a chain of a thousand includes tells no more.
const ENDS: usize = 8;
/// How long the parts of a place may be, and what is wrong there: an action may hold a whole text, and so may what it
/// complains of.
const PART: usize = 160;
const MESSAGE: usize = 4_000;

/// A place that execution went through on its way to the error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The file, by its full name in the chart; `gotpl` for a text that `tpl` was given.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// Bytes before it in its line, as Helm tells it. Parse errors have none.
    pub column: Option<usize>,
    /// The template that is executed: the file, or what a `define` names.
    pub template: String,
    /// What is executed, for instance `include "name" .`.
    pub action: String,
    /// What is wrong there, or what led to the next frame: `error calling include:`.
    pub message: String,
}

impl Frame {
    fn location(&self) -> String {
        match self.column {
            Some(column) => format!("{}:{}:{column}", self.file, self.line),
            None => format!("{}:{}", self.file, self.line),
        }
    }
}

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is no template.
    Parse,
    /// A template cannot be executed with these values.
    Execution,
    /// The chart itself refuses: `fail` or `required`.
    Refusal,
    /// It takes more than [`super::Limits`] allow.
    Limit,
}

/// An error, with the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    /// From the outermost in; the last one's message is the cause.
    frames: Vec<Frame>,
    /// How many are left out in the middle, behind the first [`ENDS`].
    left_out: usize,
    /// What was said without a place of its own.
    message: String,
    /// A function's own words end the way: Helm then shows it in one line.
    plain: bool,
}

impl Error {
    pub(super) fn parse(file: &str, line: usize, message: String) -> Self {
        let frame = Frame {
            file: file.to_owned(),
            line,
            column: None,
            template: String::new(),
            action: String::new(),
            message: shortened(message.clone(), MESSAGE),
        };
        Self::new(ErrorKind::Parse, message).placed(frame)
    }

    /// An error that has not been placed yet.
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = shortened(message.into(), MESSAGE);
        Self(Box::new(Inner { kind, frames: Vec::new(), left_out: 0, message, plain: false }))
    }

    pub(super) fn placed(mut self, frame: Frame) -> Self {
        let Frame { file, line, column, template, action, message } = frame;
        let [file, template, action, message] =
            [file, template, action, message].map(|part| shortened(part, PART));
        self.0.frames.insert(0, Frame { file, line, column, template, action, message });
        if self.0.frames.len() > 2 * ENDS {
            self.0.frames.remove(ENDS);
            self.0.left_out += 1;
        }
        self
    }

    /// What stands before this place for those that are left out.
    fn gap(&self, number: usize) -> String {
        match self.0.left_out {
            0 => String::new(),
            _ if number != ENDS => String::new(),
            count => format!("… {count} more places …"),
        }
    }

    /// Marks that a function said it, not the engine.
    pub(super) fn said(mut self) -> Self {
        self.0.plain = true;
        self
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The way to the error, from the outermost place in; of a long one its two ends.
    pub fn frames(&self) -> &[Frame] {
        &self.0.frames
    }

    /// Where it went wrong: the innermost place; for a refusal the outermost, as Helm has it.
    pub fn place(&self) -> Option<&Frame> {
        match self.0.kind {
            ErrorKind::Refusal => self.0.frames.first(),
            _ => self.0.frames.last(),
        }
    }

    /// The file of [`Self::place`].
    pub fn file(&self) -> Option<&str> {
        self.place().map(|frame| frame.file.as_str())
    }

    /// The line of [`Self::place`], from 1.
    pub fn line(&self) -> Option<usize> {
        self.place().map(|frame| frame.line)
    }

    /// The column of [`Self::place`], from 0.
    pub fn column(&self) -> Option<usize> {
        self.place().and_then(|frame| frame.column)
    }

    /// The cause alone.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The error as text/template tells it, in one line.
    pub(super) fn one_line(&self) -> String {
        let mut text = String::new();
        for (number, frame) in self.0.frames.iter().enumerate() {
            text += &match self.gap(number) {
                gap if gap.is_empty() => gap,
                gap => gap + " ",
            };
            match self.0.kind {
                ErrorKind::Parse if frame.column.is_none() => {
                    text += &format!("template: {}: ", frame.location());
                }
                _ => {
                    let template = quoted(frame.template.as_bytes());
                    text += &format!(
                        "template: {}: executing {template} at <{}>: ",
                        frame.location(),
                        frame.action
                    );
                    if !frame.message.is_empty() {
                        text += &frame.message;
                        text.push(' ');
                    }
                }
            }
        }
        text + &self.0.message
    }
}

/// As Helm shows it.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, frames, message, plain, .. } = &*self.0;
        match (kind, frames.as_slice()) {
            (ErrorKind::Parse, [only]) if only.column.is_none() => {
                let message = message.rsplit(": ").next().unwrap_or_default();
                write!(f, "parse error at ({}): {message}", only.location())
            }
            (ErrorKind::Refusal, [outermost, ..]) => {
                write!(f, "execution error at ({}): {message}", outermost.location())
            }
            (_, []) => f.write_str(message),
            _ if *plain => f.write_str(&self.one_line()),
            (_, frames) => {
                for (number, frame) in frames.iter().enumerate() {
                    match self.gap(number) {
                        gap if gap.is_empty() => {}
                        gap => write!(f, "{gap}\n    ")?,
                    }
                    let template = &frame.template;
                    write!(
                        f,
                        "{}\n  executing \"{template}\" at <{}>:\n    ",
                        frame.location(),
                        frame.action
                    )?;
                    if !frame.message.is_empty() {
                        writeln!(f, "{}", frame.message)?;
                    }
                }
                f.write_str(message)
            }
        }
    }
}

impl std::error::Error for Error {}

/// The text with its middle left out when it is longer than `most` bytes.
fn shortened(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let start = text.floor_char_boundary(most / 3 * 2);
    let end = text.ceil_char_boundary(text.len() - most / 3);
    let left_out = end - start;
    let (head, _) = text.split_at(start);
    let (_, tail) = text.split_at(end);
    format!("{head}… {left_out} more bytes …{tail}")
}
