//! The bytes on the wire: what a gateway receives, for every operation.

mod aliyun;
mod envelope;
mod top;
