//! What goes out: the bytes that a gateway receives, for every operation.

mod aliyun;
mod envelope;
mod top;
