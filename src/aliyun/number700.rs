//! Numbers X of the range 700: binding two numbers, or a group and a number, and changing and removing such bindings.

mod audio;
mod axb;
mod bind_request;
mod check;
mod gxb;
mod settings;
mod unbind;
mod update;

pub use audio::*;
pub use axb::*;
pub use gxb::*;
pub use settings::*;
pub use unbind::*;
pub use update::*;

use serde::Deserialize;

use crate::answer::lenient;
use crate::number::VirtualNumber;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        AsrModel, Audio700, Axb700Audio, Axb700CallRestrict, BindAxb700, BindAxb700Response, BindGxb700,
        BindGxb700Response, CallRestrict700, Gxb700Audio, Gxb700CallRestrict, RecType, SecretBind700, SubsUpdate700,
        UnbindSubs700, UnbindSubs700Response, UpdateSubs700, UpdateSubs700Response,
    };
}

/// A binding of a 700 number, as the operations that bind give it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretBind700 {
    /// X, the 700 number to give out.
    pub secret_no: VirtualNumber,
    /// The binding's id: keep it, since no operation finds it again. A JSON number of 64 bits on the wire, kept as its
    /// digits.
    #[doc(alias = "绑定关系ID")]
    #[serde(deserialize_with = "lenient::text")]
    pub subs_id: String,
}

#[cfg(test)]
mod tests;
