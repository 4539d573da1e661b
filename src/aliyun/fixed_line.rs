//! Bindings of the fixed-line platform: a landline X, with terms of its own for times, expirations and recording.
//!
//! The platform is open by invitation only. No document lists its error codes.

mod bind;
mod binding;
mod delete;
mod digit_time;
mod query;
mod request;
mod terms;
mod update;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::bind::{
        BindAxbFixedLine, BindAxbFixedLineResponse, BindAxnExtensionFixedLine, BindAxnExtensionFixedLineResponse,
        BindAxnFixedLine, BindAxnFixedLineResponse, FixedLineBound, FixedLineExtensionBound,
    };
    pub use super::binding::{AxbFixedLineBinding, AxnExtensionFixedLineBinding, AxnFixedLineBinding};
    pub use super::delete::{
        DeleteAxbBindFixedLine, DeleteAxbBindFixedLineResponse, DeleteAxnBindFixedLine, DeleteAxnBindFixedLineResponse,
        DeleteAxnExtensionBindFixedLine, DeleteAxnExtensionBindFixedLineResponse,
    };
    pub use super::query::{
        AxbFixedLineQuery, AxnExtensionFixedLineQuery, AxnFixedLineQuery, QueryAxbBindFixedLine,
        QueryAxbBindFixedLineResponse, QueryAxnBindFixedLine, QueryAxnBindFixedLineResponse,
        QueryAxnExtensionBindFixedLine, QueryAxnExtensionBindFixedLineResponse,
    };
    pub use super::terms::{
        AreaCode, AxbFixedLineExtra, AxnFixedLineExtra, FixedLineCallback, FixedLineExpiration, FixedLineExtensionX,
        FixedLineRecording, FixedLineX,
    };
    pub use super::update::{
        UpdateAxbBindFixedLine, UpdateAxbBindFixedLineResponse, UpdateAxnBindFixedLine, UpdateAxnBindFixedLineResponse,
        UpdateAxnExtensionBindFixedLine, UpdateAxnExtensionBindFixedLineResponse,
    };
}

#[cfg(test)]
mod tests;
