//! One call after the other; as many lanes as calls go at once.

use std::cell::Cell;
use std::error::Error;

use futures_util::future::try_join_all;

pub(crate) trait Lane {
    /// One call, whose answer is read to its end and says success.
    async fn call(&mut self) -> Result<(), Box<dyn Error>>;
}

/// Makes so many calls, each on the next lane that is free.
pub(crate) async fn make_calls<L: Lane>(lanes: &mut [L], calls: u64) -> Result<(), Box<dyn Error>> {
    let left = Cell::new(calls);
    let run = async |lane: &mut L| {
        while let Some(rest) = left.get().checked_sub(1) {
            left.set(rest);
            lane.call().await?;
        }
        Ok::<(), Box<dyn Error>>(())
    };
    try_join_all(lanes.iter_mut().map(run)).await?;
    Ok(())
}
