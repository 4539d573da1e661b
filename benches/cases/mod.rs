//! The measured cases, each with the minimum of work that any program would need.

mod decoding;
mod encoding;
mod signing;

use std::hint::black_box;

/// One task of the crate, and its floor: the part of the work that any program needs.
pub(crate) struct Case {
    /// `group/case`, the name for filters on the command line.
    pub(crate) name: String,
    pub(crate) ours: Routine,
    pub(crate) floor_name: &'static str,
    pub(crate) floor: Routine,
}

/// Does its work this many times.
pub(crate) type Routine = Box<dyn FnMut(u64)>;

pub(crate) fn all() -> Vec<Case> {
    [signing::cases(), encoding::cases(), decoding::cases()].into_iter().flatten().collect()
}

/// The output is dropped within the measured time, as a program would drop it.
fn routine<T>(mut once: impl FnMut() -> T + 'static) -> Routine {
    Box::new(move |times| {
        for _ in 0..times {
            drop(black_box(once()));
        }
    })
}

/// The floor of a text: a copy of the finished text.
fn copy_of(text: String) -> Routine {
    routine(move || black_box(&text).clone())
}
