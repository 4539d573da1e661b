//! Handles receipts after their push was acknowledged.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use privacy_number::aliyun::receipt::PushedMessages;
use tokio::sync::mpsc;

/// The pushes that are handled at once.
const AT_ONCE: usize = 16_384;

/// Handles the pushes until the server has ended and no push is left.
pub(crate) async fn handle_all(mut pushed: mpsc::Receiver<PushedMessages>, is_load: bool) {
    let pushes = stream::poll_fn(|context| pushed.poll_recv(context));
    pushes.for_each_concurrent(AT_ONCE, |push| handle(push, is_load)).await;
}

/// A second delivery has the same key: skip a receipt whose key you have handled.
async fn handle(push: PushedMessages, is_load: bool) {
    if is_load {
        return tokio::time::sleep(Duration::from_secs(5)).await;
    }
    for receipt in push.receipts.iter().flatten() {
        println!("received {}", receipt.key());
    }
    if push.receipts.is_err() {
        println!("received a body of {} that is not JSON: it is in the journal", push.receipt_type);
    }
}
