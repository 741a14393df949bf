//! Maps may come to hold themselves, and what holds itself is never freed: a chart could fill the server's memory that
//! way, preview by preview. So a thread remembers the maps that others were put into, and empties them at the end of what
//! made them.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use super::Entries;

/// How many maps there may be at first before those that are gone are looked for.
const SWEEP: usize = 1 << 12;

struct Watched {
    maps: Vec<Weak<Entries>>,
    /// How many there may be before those that are gone are looked for.
    sweep: usize,
}

impl Drop for Watched {
    fn drop(&mut self) {
        for map in self.maps.drain(..).filter_map(|map| map.upgrade()) {
            let _entries = map.try_borrow_mut().map(|mut entries| std::mem::take(&mut *entries));
        }
    }
}

thread_local! {
    static WATCHED: RefCell<Watched> = const { RefCell::new(Watched { maps: Vec::new(), sweep: SWEEP }) };
}

/// Remembers a map that another is put into.
pub(super) fn watch(map: &Rc<Entries>) {
    // The first such map is watched once; a second watch would only be an entry more.
    if Rc::weak_count(map) > 0 {
        return;
    }
    // At the end of the thread there is nothing left to remember it.
    let _ = WATCHED.try_with(|watched| {
        let Ok(mut watched) = watched.try_borrow_mut() else { return };
        if watched.maps.len() >= watched.sweep {
            watched.maps.retain(|map| map.strong_count() > 0);
            watched.sweep = (watched.maps.len() * 2).max(SWEEP);
        }
        watched.maps.push(Rc::downgrade(map));
    });
}

/// Runs what leaves no map behind, and then frees those that hold themselves.
pub(crate) fn confined<T>(work: impl FnOnce() -> T) -> T {
    let none = || Watched { maps: Vec::new(), sweep: SWEEP };
    let outer = WATCHED.try_with(|watched| watched.replace(none()));
    let made = work();
    if let Ok(outer) = outer {
        // Emptied outside of the cell: what is freed may look into it.
        let _inner = WATCHED.try_with(|watched| watched.replace(outer));
    }
    made
}
