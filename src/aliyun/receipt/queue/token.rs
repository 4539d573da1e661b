//! The token for a queue: one for all users of the queue, replaced before it expires.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::aliyun::client::Client;
use crate::aliyun::queue_token::{MessageToken, QueryTokenForMnsQueue};
use crate::aliyun::receipt::receipt_type::ReceiptType;
use crate::error::Error;
use crate::provider::{Backoff, MAX_REFRESHES_PER_CALL, SharedTask, lock};

/// A token is replaced this long before it expires, as the official clients do.
const RESERVE: TimeDelta = TimeDelta::minutes(2);

/// The lifetime of a token that does not tell when it expires; the official Node.js client assumes it.
const ASSUMED_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// The longest pause after failures in a row, while the old token is still valid.
const MAX_PAUSE: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub(super) struct Tokens {
    client: Client,
    query: QueryTokenForMnsQueue,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    token: Option<Arc<Token>>,
    refresh: Option<Refresh>,
    backoff: Backoff,
}

type Refresh = SharedTask<Result<Arc<Token>, Error>>;

/// A token, and when it ends.
pub(super) struct Token {
    pub(super) credentials: MessageToken,
    expires: DateTime<Utc>,
}

impl Tokens {
    pub(super) fn new(client: Client, receipt_type: &ReceiptType, queue_name: String) -> Self {
        let query = QueryTokenForMnsQueue::builder().message_type(receipt_type.as_str()).queue_name(queue_name).build();
        Self { client, query, state: Arc::default() }
    }

    /// A token that is valid now. In its last two minutes a new one is got meanwhile, in a task of its own.
    pub(super) async fn current(&self) -> Result<Arc<Token>, Error> {
        for _ in 0..MAX_REFRESHES_PER_CALL {
            let refresh = match self.token_or_refresh() {
                Ok(token) => return Ok(token),
                Err(refresh) => refresh,
            };
            if let Some(result) = refresh.result().await {
                return result;
            }
        }
        // Each task was lost with its runtime; this one runs here.
        self.clone().renew().await
    }

    /// Forgets a token that the queue refused, unless another one has replaced it.
    pub(super) fn refused(&self, refused: &Arc<Token>) {
        let mut state = lock(&self.state);
        if state.token.as_ref().is_some_and(|token| Arc::ptr_eq(token, refused)) {
            state.token = None;
        }
    }

    /// A valid token, or the task that gets one.
    fn token_or_refresh(&self) -> Result<Arc<Token>, Refresh> {
        let now = self.client.now();
        let mut state = lock(&self.state);
        let lifetime = |token: &Arc<Token>| token.expires.signed_duration_since(now);
        let token = state.token.clone().filter(|token| lifetime(token) > TimeDelta::zero());
        match token {
            Some(token) if lifetime(&token) > RESERVE || state.backoff.is_active() => Ok(token),
            token => {
                let running = state.refresh.take().filter(SharedTask::is_alive);
                let refresh = running.unwrap_or_else(|| SharedTask::start(self.clone().renew()));
                state.refresh = Some(refresh.clone());
                token.ok_or(refresh)
            }
        }
    }

    /// Gets a new token and keeps it.
    async fn renew(self) -> Result<Arc<Token>, Error> {
        let answer = self.client.send(&self.query).await;
        let mut state = lock(&self.state);
        match answer {
            Ok(answer) => {
                let assumed = self.client.now().checked_add_signed(ASSUMED_LIFETIME);
                let told = answer.message_token.expire_time.map(|time| time.to_utc());
                let expires = told.or(assumed).unwrap_or(DateTime::<Utc>::MAX_UTC);
                let token = Arc::new(Token { credentials: answer.message_token, expires });
                state.token = Some(Arc::clone(&token));
                state.backoff.reset();
                Ok(token)
            }
            Err(error) => {
                state.backoff.end();
                state.backoff.fail(MAX_PAUSE, None);
                Err(error)
            }
        }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}
