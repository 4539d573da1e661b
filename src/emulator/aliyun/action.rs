//! One row of the table of actions: a name, facts about the action, and the function that executes it.

use super::call::{Call, Refusal};
use crate::emulator::answer::Members;

/// An action of the gateway. Each family of actions is one file with one table of these.
pub(super) struct Action {
    pub(super) name: &'static str,
    pub(super) product: Product,
    pub(super) post_only: bool,
    /// The `Code` of its successes. Answers without one have `HttpStatusCode`.
    pub(super) success_code: Option<&'static str>,
    /// Whether its answers have the members `Success` and `AccessDeniedDetail`, as those of the newer actions do.
    pub(super) has_success: bool,
    pub(super) run: Run,
}

/// Executes an action. Returns the members of the response that only this action has.
pub(super) type Run = fn(&mut Call<'_>) -> Result<Members, Refusal>;

/// A product behind the gateway. The parameter `Version` selects it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    /// Phone Number Protection.
    Dyplsapi,
    /// Phone Number Service.
    Dytnsapi,
    /// The tokens for the queues of receipts. Its version is that of `Dyplsapi`.
    Dybaseapi,
}

impl Action {
    /// An action of Phone Number Protection.
    pub(super) const fn new(name: &'static str, run: Run) -> Self {
        Self { name, product: Product::Dyplsapi, post_only: false, success_code: Some("OK"), has_success: false, run }
    }

    /// A newer action: its answers have `Success` beside a `Code` of its own.
    pub(super) const fn newer(name: &'static str, success_code: &'static str, run: Run) -> Self {
        Self { success_code: Some(success_code), has_success: true, ..Self::new(name, run) }
    }

    pub(super) const fn with_product(mut self, product: Product) -> Self {
        self.product = product;
        self
    }

    pub(super) const fn post_only(mut self) -> Self {
        self.post_only = true;
        self
    }

    pub(super) const fn without_code(mut self) -> Self {
        self.success_code = None;
        self
    }
}

impl Product {
    /// The first product with this version.
    pub(super) fn from_version(version: &str) -> Option<Self> {
        [Self::Dyplsapi, Self::Dytnsapi].into_iter().find(|product| product.version() == version)
    }

    pub(super) fn version(self) -> &'static str {
        match self {
            Self::Dyplsapi | Self::Dybaseapi => "2017-05-25",
            Self::Dytnsapi => "2020-02-17",
        }
    }

    pub(super) fn host(self) -> &'static str {
        match self {
            Self::Dyplsapi => "dyplsapi.aliyuncs.com",
            Self::Dytnsapi => "dytnsapi.aliyuncs.com",
            Self::Dybaseapi => "dybaseapi.aliyuncs.com",
        }
    }
}
