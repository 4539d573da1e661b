//! What a consumer tells while it runs.

use std::sync::Arc;

use crate::error::Error;
use crate::top::tmc::MessageId;

pub(super) type OnProgress = Arc<dyn Fn(MessageProgress<'_>) + Send + Sync>;

/// What a consumer tells while it runs: [`RunMessages::on_progress`](crate::top::RunMessages::on_progress).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum MessageProgress<'a> {
    /// So many messages were taken.
    Taken(usize),
    /// The handler returned an error for this message. It comes again.
    HandlerFailed(MessageId),
    /// A message came again that was handled before. It is confirmed without the handler.
    Repeated(MessageId),
    /// So many messages were confirmed.
    Confirmed(usize),
    /// A request failed. It is sent again after a pause.
    Failed(&'a Error),
}
