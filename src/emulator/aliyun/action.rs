//! One row of the table of actions: a name, facts about the action, and the function that executes it.

use super::call::{Call, Refusal};
use crate::emulator::answer::Members;

/// An action of the gateway. Each family of actions is one file with one table of these.
pub(super) struct Action {
    pub(super) name: &'static str,
    pub(super) product: Product,
    pub(super) post_only: bool,
    /// Whether its responses have the member `Code`. The others have `HttpStatusCode`.
    pub(super) has_code: bool,
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
}

impl Action {
    /// An action of Phone Number Protection.
    pub(super) const fn new(name: &'static str, run: Run) -> Self {
        Self { name, product: Product::Dyplsapi, post_only: false, has_code: true, run }
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
        self.has_code = false;
        self
    }
}

impl Product {
    pub(super) fn from_version(version: &str) -> Option<Self> {
        match version {
            "2017-05-25" => Some(Self::Dyplsapi),
            "2020-02-17" => Some(Self::Dytnsapi),
            _ => None,
        }
    }

    pub(super) fn host(self) -> &'static str {
        match self {
            Self::Dyplsapi => "dyplsapi.aliyuncs.com",
            Self::Dytnsapi => "dytnsapi.aliyuncs.com",
        }
    }
}
