//! What is measured, each with the least that any program would have to do for it.

mod decoding;
mod encoding;
mod signing;

use std::hint::black_box;

/// One piece of the crate's work, and its floor: the part of it that cannot be left out.
pub(crate) struct Case {
    /// `group/what`, as a filter on the command line names it.
    pub(crate) name: String,
    pub(crate) ours: Routine,
    pub(crate) floor_name: &'static str,
    pub(crate) floor: Routine,
}

/// Does its work so many times.
pub(crate) type Routine = Box<dyn FnMut(u64)>;

pub(crate) fn all() -> Vec<Case> {
    [signing::cases(), encoding::cases(), decoding::cases()].into_iter().flatten().collect()
}

/// What the work gives is dropped within the measured time, as a program would drop it.
fn routine<T>(mut once: impl FnMut() -> T + 'static) -> Routine {
    Box::new(move |times| {
        for _ in 0..times {
            drop(black_box(once()));
        }
    })
}

/// For a text that is made: the finished text, copied.
fn copy_of(text: String) -> Routine {
    routine(move || black_box(&text).clone())
}
