//! Work numbers (工作号): a number X that an employee B uses towards customers A in place of the employee's own number.
//!
//! [`BindXB`] gives X to B, [`BindAXBCall`] lets B call a customer A through X for a limited time, [`ConfigX`] sets
//! what X can do. Every request carries a [`ReqId`].
//!
//! The documents of this family are the models of the official SDK and the official API metadata. They list no error
//! codes and no limits of calls per second, and the safety of each request is inferred.

mod call_binding;
mod config;
mod employee;
mod listing;
mod pages;
mod recording;
mod req_id;
mod request;
mod settings;
mod sms_sign;
#[cfg(test)]
mod tests;

pub use call_binding::*;
pub use config::*;
pub use employee::*;
pub use listing::*;
pub use recording::*;
pub use req_id::ReqId;
pub use settings::*;
pub use sms_sign::*;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        Ability, BindAXBCall, BindAXBCallData, BindAXBCallResponse, BindXB, BindXBData, BindXBResponse, ConfigX,
        ConfigXResponse, CreateSmsSign, CreateSmsSignResponse, GetXConfig, GetXConfigResponse, GetXDefaultConfig,
        GetXDefaultConfigResponse, GnFlag, ListXTelephones, ListXTelephonesResponse, QuerySoundRecord,
        QuerySoundRecordResponse, ReachCallDir, ReachCallStatus, ReachReceiveDir, ReachRule, ReachRuleType, ReqId,
        SequenceCall, SequenceMode, SmsSign, SmsSignMode, SmsStatus, SoundRecord, UnBindAXB, UnBindAXBResponse,
        UnBindXB, UnBindXBResponse, XConfig, XTelephone, XTelephoneStatus, XTelephones,
    };
}
