//! Asks a provider of any type.

use std::future::Future;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::ProviderError;

/// One of a provider's methods, without the provider's type.
pub(crate) struct Ask<Q, A>(Box<AskFn<Q, A>>);

type AskFn<Q, A> = dyn Fn(Q) -> BoxFuture<'static, Result<A, ProviderError>> + Send + Sync;

impl<Q: 'static, A: 'static> Ask<Q, A> {
    /// `method` calls the method.
    pub(crate) fn new<P, F>(provider: &Arc<P>, method: fn(Arc<P>, Q) -> F) -> Self
    where
        P: Send + Sync + 'static,
        F: Future<Output = Result<A, ProviderError>> + Send + 'static,
    {
        let provider = Arc::clone(provider);
        Self(Box::new(move |question| method(Arc::clone(&provider), question).boxed()))
    }

    /// Asks the provider.
    pub(crate) fn ask(&self, question: Q) -> BoxFuture<'static, Result<A, ProviderError>> {
        (self.0)(question)
    }
}
