//! A thread with room for templates that call each other a thousand times, as Helm allows.

use std::{io, thread};

/// The stack that [`with_stack`] gives. Only what is touched becomes memory.
const SIZE: usize = 256 << 20;

/// What of it templates may use by calling each other: several times what a thousand nested includes take. The rest is
/// for what is called last, and for freeing lists in lists in lists.
pub(super) const USABLE: usize = SIZE / 2;

/// Runs `work` on a thread with a large stack and waits for it. Values live and die there: `work` gives back what may
/// leave its thread.
///
/// # Errors
/// The system has no thread to give, or `work` panicked.
pub fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        thread::Builder::new()
            .name("render".to_owned())
            .stack_size(SIZE)
            .spawn_scoped(scope, work)?
            .join()
            .map_err(|_| io::Error::other("the rendering thread panicked"))
    })
}

/// Starts a thread with such a stack, for who keeps what is parsed between renderings: it may not leave its thread.
///
/// # Errors
/// The system has no thread to give.
pub fn spawn_with_stack(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name("render".to_owned()).stack_size(SIZE).spawn(work).map(drop)
}

/// About where the stack is: the address of something on it.
#[inline(never)]
pub(super) fn address() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&here)).addr()
}
