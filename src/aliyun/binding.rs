//! Binds real numbers to a virtual number. Each kind of binding has its own request.

mod axb;
mod axg;
mod axn;
mod batch_axg;
mod bind_request;

pub use axb::*;
pub use axg::*;
pub use axn::*;
pub use batch_axg::*;

use serde::Deserialize;

use crate::answer::lenient;
use crate::number::VirtualNumber;
use crate::redact::Private;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        AxgBind, AxgBindRow, BindAxb, BindAxbResponse, BindAxg, BindAxgResponse, BindAxn, BindAxnExtension,
        BindAxnExtensionResponse, BindAxnResponse, BindBatchAxg, BindBatchAxgResponse, DtmfConfig, SecretBind,
    };
}

/// A new binding, as the bind operations return it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretBind {
    /// The extension of an AXN extension binding. Without meaning for the other kinds, where it may even hold a whole
    /// number.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub extension: Option<Private>,
    /// X, the virtual number.
    #[doc(alias = "隐私号码")]
    pub secret_no: VirtualNumber,
    /// The binding's id. Store it: every later call about the binding needs it.
    #[doc(alias = "绑定关系ID")]
    #[serde(deserialize_with = "lenient::text")]
    pub subs_id: String,
}
