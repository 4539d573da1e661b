//! Call receipts: queues of them, and what is read from them.

mod queue;
