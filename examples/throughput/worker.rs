//! A worker makes one call after the other. There are as many workers as concurrent calls.

use std::cell::Cell;
use std::error::Error;

use futures_util::future::try_join_all;

pub(crate) trait Worker {
    /// Makes a call and reads its response to the end. A response that is not a success is an error.
    async fn call(&mut self) -> Result<(), Box<dyn Error>>;
}

/// Makes this many calls, each by the next worker that is free.
pub(crate) async fn make_calls<W: Worker>(workers: &mut [W], calls: u64) -> Result<(), Box<dyn Error>> {
    let remaining = Cell::new(calls);
    let run = async |worker: &mut W| {
        while let Some(rest) = remaining.get().checked_sub(1) {
            remaining.set(rest);
            worker.call().await?;
        }
        Ok::<(), Box<dyn Error>>(())
    };
    try_join_all(workers.iter_mut().map(run)).await?;
    Ok(())
}
