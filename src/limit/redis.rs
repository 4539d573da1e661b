//! The limits of a fleet on a Redis server: one script, which runs there atomically and reads the time there.

mod connection;
mod reason;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redis::{Client, Script};

use super::shared::{Reservation, Reserved, SharedLimit, Unavailable};
use crate::error::Error;
use crate::invalid::InvalidRequest;
use connection::Connection;
use reason::reason;

/// The longest wait for a permit. If the next permit is further ahead, the script assumes that the clock was set back.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The longest ban that can be stored, about 30 years: Lua's numbers cannot count more microseconds exactly.
const LONGEST_BAN: Duration = Duration::from_secs(1_000_000_000);

/// A [`SharedLimit`] on a Redis server (5.0 or later), for a [`Fleet`](crate::Fleet).
///
/// Permits and bans of an operation are stored under one key, `privacy-number:SCOPE:OPERATION`, which expires a second
/// after it is no longer needed. Each request is one script call on that one key, which also works behind the proxy of
/// a cluster; nodes of a cluster are not looked up. The time is the server's. Its clock may be slewed. A step back
/// delays calls, at most by the step and at most by a minute. A step forward, or a fail-over to a replica that lags,
/// allows the calls of that time again.
///
/// A user of the server's access lists needs the commands `EVALSHA`, `SCRIPT LOAD`, `TIME`, `HMGET`, `HSET` and
/// `PEXPIRE`.
///
/// The connection is opened at the first call and again after a failure, in the background. It is not encrypted unless
/// the URL says `rediss://`, for which your program must add the crate `redis` 1 with a TLS feature, such as
/// `tokio-rustls-comp`.
#[doc(alias = "rate limit")]
pub struct RedisLimit {
    connection: Connection,
    scope: String,
    script: Script,
}

impl RedisLimit {
    /// The server at a URL, `redis://:PASSWORD@HOST:PORT/DATABASE`, and a name for the account whose limits these are.
    /// The name is a word of your own, since it can be read on the server: not the app key or the access key. All
    /// machines use the same.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the URL cannot be used or the name is empty. The server is not contacted before the first
    /// call.
    pub fn open(url: &str, scope: impl Into<String>) -> Result<Self, Error> {
        let scope = scope.into();
        InvalidRequest::unless_empty("scope", &scope)?;
        // The library's own error may quote the URL, and with it the password.
        let client = Client::open(url).map_err(|_| {
            InvalidRequest::new(
                "url",
                "must be a URL such as redis://host:6379/; rediss:// needs a TLS feature of the crate `redis`",
            )
        })?;
        let script = Script::new(include_str!("redis.lua"));
        Ok(Self { connection: Connection::new(client), scope, script })
    }

    /// Runs the script. `ban` is in microseconds from now, 0 for none, -1 to lift one.
    async fn run(
        &self,
        operation: &str,
        cost: Duration,
        longest_wait: Duration,
        ban: i64,
        timeout: Duration,
    ) -> Result<Reserved, Unavailable> {
        let used = AtomicU64::new(0);
        let answer = tokio::time::timeout(timeout, async {
            let (number, mut connection) = self.connection.get().await?;
            used.store(number, Ordering::Relaxed);
            let mut call = self.script.key(format!("privacy-number:{}:{operation}", self.scope));
            call.arg(microseconds(cost)).arg(microseconds(longest_wait)).arg(ban);
            call.invoke_async::<(u8, u64)>(&mut connection).await.map_err(|error| reason(&error))
        });
        let answer = answer.await.unwrap_or(Err(Unavailable::new("it does not answer in time")));
        let (kind, wait) = answer.inspect_err(|_| self.connection.failed(used.load(Ordering::Relaxed)))?;
        let wait = Duration::from_micros(wait);
        match kind {
            0 => Ok(Reserved::After(wait)),
            1 => Ok(Reserved::TooLate(wait)),
            _ => Ok(Reserved::Banned(wait)),
        }
    }
}

impl SharedLimit for RedisLimit {
    async fn reserve(&self, wanted: &Reservation) -> Result<Reserved, Unavailable> {
        let longest_wait = wanted.longest_wait.min(LONGEST_WAIT);
        self.run(wanted.operation, wanted.cost(), longest_wait, 0, wanted.timeout).await
    }

    async fn ban(&self, operation: &str, ban: Duration, timeout: Duration) -> Result<(), Unavailable> {
        let ban = microseconds(ban.clamp(Duration::from_micros(1), LONGEST_BAN)).try_into().unwrap_or(i64::MAX);
        self.run(operation, Duration::ZERO, Duration::ZERO, ban, timeout).await.map(|_| ())
    }

    async fn lift(&self, operation: &str, timeout: Duration) -> Result<(), Unavailable> {
        self.run(operation, Duration::ZERO, Duration::ZERO, -1, timeout).await.map(|_| ())
    }
}

impl fmt::Debug for RedisLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLimit").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// Rounded up, so that permits are never closer than they should be.
fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1000)).unwrap_or(u64::MAX)
}
