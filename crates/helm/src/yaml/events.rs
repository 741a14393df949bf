//! libyaml's events, safely.
#![allow(unsafe_code, reason = "libyaml-rs is C translated to Rust; the proof stands beside each use")]

use std::{ffi::CStr, marker::PhantomData, mem::MaybeUninit};

use libyaml_rs as sys;

/// A place in the text, counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub line: usize,
    pub column: usize,
}

/// What libyaml refuses, and where.
#[derive(Debug)]
pub(crate) struct Problem {
    pub message: String,
    pub mark: Mark,
    /// Where what contains it began, when it tells.
    pub context: Mark,
    /// From the scanner, not from the parser: go-yaml counts their lines differently.
    pub scanner: bool,
}

/// A scalar.
pub(crate) struct Scalar {
    pub anchor: Option<Vec<u8>>,
    pub tag: Option<String>,
    pub value: Vec<u8>,
    /// Plain, or marked so that it is resolved as if it were.
    pub implicit: bool,
}

/// What stands in a document.
pub(crate) enum Event {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(Vec<u8>),
    Scalar(Scalar),
    SequenceStart(Option<Vec<u8>>),
    SequenceEnd,
    MappingStart(Option<Vec<u8>>),
    MappingEnd,
}

/// Reads a text as events.
pub(crate) struct Events<'a> {
    // Boxed: libyaml keeps pointers into its own parser.
    parser: Box<MaybeUninit<sys::yaml_parser_t>>,
    failed: bool,
    text: PhantomData<&'a [u8]>,
}

impl<'a> Events<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Option<Self> {
        let mut parser = Box::new(MaybeUninit::uninit());
        // SAFETY: `yaml_parser_initialize` writes the whole parser, and it is used only if it succeeded; the text outlives
        // the parser by the lifetime this type carries.
        unsafe {
            if sys::yaml_parser_initialize(parser.as_mut_ptr()).fail {
                return None;
            }
            sys::yaml_parser_set_input_string(parser.as_mut_ptr(), text.as_ptr(), text.len() as u64);
        }
        Some(Self { parser, failed: false, text: PhantomData })
    }

    /// The next event. After an error or the stream's end there is none: `StreamEnd` again.
    pub(crate) fn next(&mut self) -> Result<(Event, Mark), Problem> {
        loop {
            if self.failed {
                return Ok((Event::StreamEnd, Mark::default()));
            }
            let mut event = MaybeUninit::<sys::yaml_event_t>::uninit();
            // SAFETY: the parser was initialised in `new`. `yaml_parser_parse` writes the whole event when it succeeds, and the
            // event is deleted once, after what it points to was copied.
            unsafe {
                if sys::yaml_parser_parse(self.parser.as_mut_ptr(), event.as_mut_ptr()).fail {
                    self.failed = true;
                    return Err(self.problem());
                }
                let converted = convert(event.assume_init_ref());
                let mark = mark(event.assume_init_ref().start_mark);
                sys::yaml_event_delete(event.as_mut_ptr());
                if let Some(converted) = converted {
                    return Ok((converted, mark));
                }
            }
        }
    }

    fn problem(&self) -> Problem {
        // SAFETY: the parser was initialised in `new`; its texts are C strings that live as long as it does, or null.
        unsafe {
            let parser = self.parser.assume_init_ref();
            let message = if parser.problem.is_null() {
                "unknown problem parsing YAML content".into()
            } else {
                CStr::from_ptr(parser.problem.cast()).to_string_lossy().into_owned()
            };
            Problem {
                message,
                mark: mark(parser.problem_mark),
                context: mark(parser.context_mark),
                scanner: parser.error == sys::YAML_SCANNER_ERROR,
            }
        }
    }
}

impl Drop for Events<'_> {
    fn drop(&mut self) {
        // SAFETY: initialised in `new`, and deleted only here.
        unsafe { sys::yaml_parser_delete(self.parser.as_mut_ptr()) }
    }
}

fn mark(mark: sys::yaml_mark_t) -> Mark {
    Mark {
        line: usize::try_from(mark.line).unwrap_or(usize::MAX),
        column: usize::try_from(mark.column).unwrap_or(usize::MAX),
    }
}

/// # Safety
/// The event is one that `yaml_parser_parse` gave and that was not deleted.
unsafe fn convert(event: &sys::yaml_event_t) -> Option<Event> {
    // SAFETY: the type tells which member of the union holds; anchors and tags are C strings or null, a scalar's value has
    // `length` bytes.
    unsafe {
        Some(match event.type_ {
            sys::YAML_STREAM_END_EVENT => Event::StreamEnd,
            sys::YAML_DOCUMENT_START_EVENT => Event::DocumentStart,
            sys::YAML_DOCUMENT_END_EVENT => Event::DocumentEnd,
            sys::YAML_ALIAS_EVENT => Event::Alias(bytes(event.data.alias.anchor).unwrap_or_default()),
            sys::YAML_SCALAR_EVENT => {
                let scalar = &event.data.scalar;
                let length = usize::try_from(scalar.length).unwrap_or(0);
                let value = if length == 0 {
                    Vec::new()
                } else {
                    std::slice::from_raw_parts(scalar.value, length).to_vec()
                };
                Event::Scalar(Scalar {
                    anchor: bytes(scalar.anchor),
                    tag: bytes(scalar.tag).map(|tag| String::from_utf8_lossy(&tag).into_owned()),
                    value,
                    implicit: scalar.plain_implicit,
                })
            }
            sys::YAML_SEQUENCE_START_EVENT => Event::SequenceStart(bytes(event.data.sequence_start.anchor)),
            sys::YAML_SEQUENCE_END_EVENT => Event::SequenceEnd,
            sys::YAML_MAPPING_START_EVENT => Event::MappingStart(bytes(event.data.mapping_start.anchor)),
            sys::YAML_MAPPING_END_EVENT => Event::MappingEnd,
            _ => return None,
        })
    }
}

/// # Safety
/// A C string, or null.
unsafe fn bytes(text: *const u8) -> Option<Vec<u8>> {
    // SAFETY: as above.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text.cast()) }.to_bytes().to_vec())
}
