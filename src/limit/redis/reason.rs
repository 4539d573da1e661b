//! Why the server cannot be used.

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::limit::shared::Unavailable;

/// A fixed text, because the library's own may quote the URL.
pub(super) fn reason(error: &RedisError) -> Unavailable {
    Unavailable::new(match error.kind() {
        ErrorKind::Io if error.is_connection_refusal() => "nothing listens at its address",
        ErrorKind::Io => "the connection failed",
        ErrorKind::AuthenticationFailed => "it refuses the password",
        ErrorKind::Server(ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown) => {
            "it is a replica without a master"
        }
        ErrorKind::Server(ServerErrorKind::BusyLoading) => "it is loading its data",
        ErrorKind::Server(ServerErrorKind::Moved | ServerErrorKind::Ask | ServerErrorKind::ClusterDown) => {
            "it is a node of a cluster that does not serve this key"
        }
        ErrorKind::Server(ServerErrorKind::NoPerm) => "it does not permit this user the commands or the key",
        _ => match error.code() {
            Some("NOAUTH" | "WRONGPASS") => "it refuses the password",
            Some("OOM") => "it is out of memory",
            _ => "it answers with an error",
        },
    })
}
