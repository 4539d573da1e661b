//! What an action is: a name in a product, and the function that carries it out.

use super::call::{Call, Refusal};
use crate::emulator::answer::Members;

/// An action that the gateway knows. Each family of them is one file with one table.
pub(super) struct Action {
    pub(super) name: &'static str,
    pub(super) product: Product,
    pub(super) post_only: bool,
    /// Whether its answers say `Code`. Those that do not say `HttpStatusCode`.
    pub(super) has_code: bool,
    pub(super) run: Run,
}

/// Carries an action out. The members of its answer come without those that every answer has.
pub(super) type Run = fn(&mut Call<'_>) -> Result<Members, Refusal>;

/// The products behind the gateway, told apart by `Version`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    /// Phone Number Protection.
    Dyplsapi,
    /// Phone Number Service.
    Dytnsapi,
}

impl Action {
    pub(super) const fn new(name: &'static str, run: Run) -> Self {
        Self { name, product: Product::Dyplsapi, post_only: false, has_code: true, run }
    }

    pub(super) const fn of_product(mut self, product: Product) -> Self {
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
    pub(super) fn of_version(version: &str) -> Option<Self> {
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
