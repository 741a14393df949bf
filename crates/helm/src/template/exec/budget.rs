//! Counts what rendering takes.

use std::sync::atomic::Ordering;

use super::{super::stack, Error, ErrorKind, Limits};
use crate::value::Value;

/// How often the stop flag is looked at.
const LOOK: u64 = 1 << 10;

pub(super) struct Budget<'e> {
    limits: &'e Limits,
    steps: u64,
    bytes: usize,
    /// Where the stack was when rendering started.
    stack: usize,
}

impl<'e> Budget<'e> {
    pub(super) fn new(limits: &'e Limits) -> Self {
        Self { limits, steps: limits.steps, bytes: limits.bytes, stack: stack::address() }
    }

    /// Takes one step.
    #[inline]
    pub(super) fn step(&mut self) -> Result<(), Error> {
        match self.steps.checked_sub(1) {
            Some(steps) => {
                self.steps = steps;
                if steps % LOOK == 0 { self.look() } else { Ok(()) }
            }
            None => Err(exhausted(format!("rendering takes more than {} steps", self.limits.steps))),
        }
    }

    #[cold]
    fn look(&self) -> Result<(), Error> {
        match &self.limits.stop {
            Some(stop) if stop.load(Ordering::Relaxed) => Err(exhausted("rendering was stopped".to_owned())),
            _ => Ok(()),
        }
    }

    /// Takes room for something that is made.
    #[inline]
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), Error> {
        match self.bytes.checked_sub(bytes) {
            Some(bytes) => {
                self.bytes = bytes;
                Ok(())
            }
            None => Err(exhausted(format!("rendering makes more than {} bytes", self.limits.bytes))),
        }
    }

    /// Takes room for what a function gave, if it made it.
    #[inline]
    pub(super) fn spend_value(&mut self, value: &Value) -> Result<(), Error> {
        self.spend(match value {
            Value::String(text) if text.is_unshared() => text.len() + 32,
            Value::List(list, _) if std::rc::Rc::strong_count(list) == 1 => {
                32 + list.len() * size_of::<Value>()
            }
            // Filled maps are made of what is there; an entry more is what a step may add.
            Value::Map(_) => 96,
            _ => 0,
        })
    }

    /// How many bytes are left.
    pub(super) fn room(&self) -> usize {
        self.bytes
    }

    /// Whether the stack has room for one more template.
    pub(super) fn check_stack(&self) -> Result<(), Error> {
        if self.stack.abs_diff(stack::address()) < self.limits.stack {
            return Ok(());
        }
        Err(exhausted("templates call each other too deeply".to_owned()))
    }
}

#[cold]
fn exhausted(message: String) -> Error {
    Error::new(ErrorKind::Limit, message)
}
