//! A consumer of the message service: a handler for each message, and confirmation after its `Ok`.

mod consume;
mod handled;
mod progress;

use std::fmt;
use std::future::{Future, IntoFuture, pending};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::client::Client;
use super::tmc::{TmcMessage, TmcMessagesConsume};
use crate::error::Error;
use consume::Consumer;
pub use progress::MessageProgress;
use progress::OnProgress;

impl Client {
    /// The messages of the application's default group, of all its shops: see [`Messages`].
    #[doc(alias = "消息服务")]
    #[doc(alias = "TMC")]
    pub fn messages(&self) -> Messages {
        Messages { client: self.clone().in_workflow(), group: None, quantity: 100, idle: Duration::from_secs(30) }
    }
}

/// The message service of an application: [`Client::messages`]. [`run`](Self::run) consumes it.
#[derive(Debug, Clone)]
#[must_use]
pub struct Messages {
    client: Client,
    group: Option<String>,
    quantity: u32,
    idle: Duration,
}

impl Messages {
    /// Takes the messages of this group. An application without groups is refused.
    pub fn group(mut self, name: impl Into<String>) -> Self {
        self.group = Some(name.into());
        self
    }

    /// The most messages of one request, 10 to 200; 100 by default. All are handled before more are taken.
    pub fn quantity(mut self, messages: u32) -> Self {
        self.quantity = messages;
        self
    }

    /// The longest pause while there are no messages; 30 seconds by default. The first pause is 1 second, and each
    /// further one twice as long: a request costs a call of the application's quota even if there are no messages.
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.idle = pause;
        self
    }

    /// Calls a handler for each message, and confirms the messages for which it returned `Ok`: see [`RunMessages`].
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use privacy_number::emulator::Emulator;
    /// use privacy_number::top::{OrderRefresh, TmcUserPermit};
    /// use tokio::sync::mpsc;
    ///
    /// let emulator = Emulator::start().await?;
    /// let shop = emulator.shop()?;
    /// shop.send(&TmcUserPermit::all_topics()).await?; // once for each shop
    /// emulator.gateways().change_address("2001");
    ///
    /// let (done, mut is_done) = mpsc::channel(1);
    /// let handler = move |message: privacy_number::top::TmcMessage| {
    ///     let (shop, done) = (shop.clone(), done.clone());
    ///     async move {
    ///         if let Some(tid) = message.event().changed_address_of() {
    ///             shop.refresh_order(tid.clone(), &OrderRefresh::default()).await?; // an error: it comes again
    ///         }
    ///         let _ = done.send(()).await;
    ///         Ok::<(), privacy_number::Error>(())
    ///     }
    /// };
    /// let stop = async move { _ = is_done.recv().await }; // a signal of the operating system
    /// emulator.top()?.messages().run(handler).until(stop).await?;
    /// assert_eq!(emulator.gateways().messages().as_array().map(Vec::len), Some(0)); // confirmed
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    pub fn run<H, F, E>(&self, handler: H) -> RunMessages<H>
    where
        H: Fn(TmcMessage) -> F,
        F: Future<Output = Result<(), E>>,
    {
        let until = Box::pin(pending());
        RunMessages { messages: self.clone(), handler, concurrency: 16, until, on_progress: Arc::new(|_| {}) }
    }
}

/// A consumer that is about to start: [`Messages::run`]. `.await` it, or spawn it as a task.
///
/// It takes messages, calls the handler for each of them, and confirms those for which it returned `Ok`. Then it takes
/// more. So a message is handled at least once: one whose handler returned an error, or that was not confirmed because
/// the process ended or a response was lost, comes again, after some minutes (the time is not documented). The ids of
/// the latest 10,000 confirmed messages are remembered: if such a message comes again in this run, it is confirmed again
/// without the handler. Another run or machine does not know them, so let the handler do no harm when it is called
/// twice.
///
/// Messages of every topic go to the handler, also those whose content cannot be read. Return `Ok` for topics that you
/// do not need: an unconfirmed message comes again. Messages are kept for 24 hours at most.
///
/// After a failed request it pauses, one second at first and up to a minute, and goes on. A panic of the handler ends it;
/// the messages that were not confirmed come again. A handler should take at most
/// some minutes for all messages of one request, because they come again otherwise.
#[must_use = "nothing is taken before it is awaited"]
pub struct RunMessages<H> {
    messages: Messages,
    handler: H,
    concurrency: usize,
    until: BoxFuture<'static, ()>,
    on_progress: OnProgress,
}

impl<H> RunMessages<H> {
    /// The most messages in handlers at the same time; 16 by default.
    pub fn concurrency(mut self, handlers: usize) -> Self {
        self.concurrency = handlers.max(1);
        self
    }

    /// Ends the consumer when this future is ready: it takes nothing more, calls no further handler, waits for those that
    /// run, and confirms what they handled. The other messages come again.
    pub fn until(mut self, shutdown: impl Future<Output = ()> + Send + 'static) -> Self {
        self.until = Box::pin(shutdown);
        self
    }

    /// Is called for each step, for logs and metrics.
    pub fn on_progress(mut self, report: impl Fn(MessageProgress<'_>) + Send + Sync + 'static) -> Self {
        self.on_progress = Arc::new(report);
        self
    }
}

impl<H, F, E> IntoFuture for RunMessages<H>
where
    H: Fn(TmcMessage) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Send + 'static,
{
    /// The end of the consumer.
    ///
    /// # Errors
    /// The request itself is wrong, and would fail again: [`Advice::FixRequest`](crate::Advice::FixRequest).
    type Output = Result<(), Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { messages, handler, concurrency, until, on_progress } = self;
        let Messages { client, group, quantity, idle } = messages;
        let request = TmcMessagesConsume { group_name: group, quantity: Some(quantity) };
        Box::pin(Consumer::new(client, request, idle, on_progress).run(handler, concurrency, until.shared()))
    }
}

impl<H> fmt::Debug for RunMessages<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunMessages")
            .field("messages", &self.messages)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
