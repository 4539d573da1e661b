//! A method of a provider of any type.

use std::future::Future;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::ProviderError;

/// One of a provider's methods, without the provider's type.
pub(crate) struct ProviderMethod<A, T>(Box<Method<A, T>>);

type Method<A, T> = dyn Fn(A) -> BoxFuture<'static, Result<T, ProviderError>> + Send + Sync;

impl<A: 'static, T: 'static> ProviderMethod<A, T> {
    /// `method` calls the method.
    pub(crate) fn new<P, F>(provider: &Arc<P>, method: fn(Arc<P>, A) -> F) -> Self
    where
        P: Send + Sync + 'static,
        F: Future<Output = Result<T, ProviderError>> + Send + 'static,
    {
        let provider = Arc::clone(provider);
        Self(Box::new(move |argument| method(Arc::clone(&provider), argument).boxed()))
    }

    /// Calls the method.
    pub(crate) fn call(&self, argument: A) -> BoxFuture<'static, Result<T, ProviderError>> {
        (self.0)(argument)
    }
}
