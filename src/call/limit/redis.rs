//! The limits of a fleet on a Redis server: one script, which runs there as one step and reads the time there.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ErrorKind, RedisError, Script, ServerErrorKind};
use tokio::sync::Mutex;

use super::{Reservation, Reserved, SharedLimit, Unavailable};
use crate::error::{Error, InvalidRequest};

/// How long making a connection may take; calls do not wait for it longer than for any other answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The longest wait for a turn. What lies further ahead, the script takes for a clock that was set back.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The longest ban, about 30 years: more microseconds would not be counted exactly.
const LONGEST_BAN: Duration = Duration::from_secs(1_000_000_000);

/// A [`SharedLimit`] on a Redis server (5.0 or later), for a [`Fleet`](crate::Fleet).
///
/// Turns and bans of an operation are one key, `privacy-number:SCOPE:OPERATION`, which expires a second after it has
/// nothing more to say. Each question is one script call on that one key, which works behind the proxy of a cluster too;
/// nodes of a cluster are not looked up. The time is the server's: its clock may be slewed, but a step back holds calls
/// up, at most as long as the step and at most for a minute, and a step forward or a fail-over to a replica that lags
/// lets the calls of that time go again.
///
/// A user of the server's access lists needs the commands `EVALSHA`, `SCRIPT LOAD`, `TIME`, `HMGET`, `HSET` and `PEXPIRE`.
///
/// The connection is made at the first call and made anew after a failure, in the background. It is not encrypted unless
/// the URL says `rediss://`, for which your program must add the crate `redis` 1 with a TLS feature, such as
/// `tokio-rustls-comp`.
#[doc(alias = "rate limit")]
pub struct RedisLimit {
    client: Client,
    scope: String,
    script: Script,
    connection: Arc<Mutex<Option<MultiplexedConnection>>>,
}

impl RedisLimit {
    /// The server at a URL, `redis://:PASSWORD@HOST:PORT/DATABASE`, and a name for the account whose limits these are.
    /// The name is a word of your own, since it can be read on the server: not the app key or the access key. All
    /// machines use the same.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the URL cannot be used or the name is empty. Whether the server is there shows at the first
    /// call.
    pub fn open(url: &str, scope: impl Into<String>) -> Result<Self, Error> {
        let scope = scope.into();
        if scope.is_empty() {
            return Err(InvalidRequest::new("scope", "must not be empty").into());
        }
        // The library's own error may quote the URL, and with it the password.
        let client = Client::open(url).map_err(|_| {
            InvalidRequest::new(
                "url",
                "must be a URL such as redis://host:6379/; rediss:// needs a TLS feature of the crate `redis`",
            )
        })?;
        let script = Script::new(include_str!("redis.lua"));
        Ok(Self { client, scope, script, connection: Arc::default() })
    }

    async fn run(
        &self,
        operation: &str,
        cost: Duration,
        longest_wait: Duration,
        ban: Duration,
        timeout: Duration,
    ) -> Result<Reserved, Unavailable> {
        let answer = tokio::time::timeout(timeout, async {
            let mut connection = self.connection().await?;
            let mut call = self.script.key(format!("privacy-number:{}:{operation}", self.scope));
            call.arg(microseconds(cost)).arg(microseconds(longest_wait)).arg(microseconds(ban));
            call.invoke_async::<(u8, u64)>(&mut connection).await.map_err(|error| reason(&error))
        });
        let answer = answer.await.unwrap_or(Err(Unavailable("it does not answer in time")));
        let (kind, wait) = match answer {
            Ok(answer) => answer,
            Err(why) => {
                self.disconnect();
                return Err(why);
            }
        };
        let wait = Duration::from_micros(wait);
        match kind {
            0 => Ok(Reserved::After(wait)),
            1 => Ok(Reserved::TooLate(wait)),
            _ => Ok(Reserved::Banned(wait)),
        }
    }

    /// The connection, or a new one. It is made even if nobody waits for it any longer, so that a slow one is there the
    /// next time.
    async fn connection(&self) -> Result<MultiplexedConnection, Unavailable> {
        let mut slot = Arc::clone(&self.connection).lock_owned().await;
        if let Some(connection) = &*slot {
            return Ok(connection.clone());
        }
        let client = self.client.clone();
        let connecting = tokio::spawn(async move {
            let config =
                AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT_TIMEOUT)).set_response_timeout(None);
            let made = client.get_multiplexed_async_connection_with_config(&config).await;
            made.map(|connection| slot.insert(connection).clone()).map_err(|error| reason(&error))
        });
        connecting.await.unwrap_or(Err(Unavailable("connecting was broken off")))
    }

    /// A connection that failed once may be half dead, or lead to a server that no longer is the master.
    fn disconnect(&self) {
        // Whoever holds the lock is just making another one.
        if let Ok(mut slot) = self.connection.try_lock() {
            *slot = None;
        }
    }
}

impl SharedLimit for RedisLimit {
    async fn reserve(&self, wanted: &Reservation) -> Result<Reserved, Unavailable> {
        let longest_wait = wanted.longest_wait.min(LONGEST_WAIT);
        self.run(wanted.operation, wanted.cost(), longest_wait, Duration::ZERO, wanted.timeout).await
    }

    async fn ban(&self, operation: &str, ban: Duration, timeout: Duration) -> Result<(), Unavailable> {
        let ban = ban.clamp(Duration::from_micros(1), LONGEST_BAN);
        self.run(operation, Duration::ZERO, Duration::ZERO, ban, timeout).await.map(|_| ())
    }
}

impl fmt::Debug for RedisLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLimit").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// Rounded up, so that turns are never closer than they should be.
fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1000)).unwrap_or(u64::MAX)
}

/// In our own words: the library's may quote the URL.
fn reason(error: &RedisError) -> Unavailable {
    Unavailable(match error.kind() {
        ErrorKind::Io if error.is_connection_refusal() => "nothing listens at its address",
        ErrorKind::Io => "the connection failed",
        ErrorKind::AuthenticationFailed => "it refuses the password",
        ErrorKind::Server(ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown) => {
            "it is a replica without a master"
        }
        ErrorKind::Server(ServerErrorKind::BusyLoading) => "it is loading its data",
        ErrorKind::Server(ServerErrorKind::Moved | ServerErrorKind::Ask | ServerErrorKind::ClusterDown) => {
            "it is a node of a cluster that has no say on this key"
        }
        ErrorKind::Server(ServerErrorKind::NoPerm) => "it does not permit this user the commands or the key",
        _ => match error.code() {
            Some("NOAUTH" | "WRONGPASS") => "it refuses the password",
            Some("OOM") => "it is out of memory",
            _ => "it answers with an error",
        },
    })
}
