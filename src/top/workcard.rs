//! The virtual number between a service provider and the consumer of a work card.

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::Top;
use crate::answer::lenient;
use crate::number::VirtualNumber;
use crate::operation::{Operation, SessionUse};
use crate::redact::Private;
use crate::safety::Safety;

/// The public types of this file, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        FulfilplatformResult, WorkcardRequestSource, WorkcardVirtualphoneBind, WorkcardVirtualphoneBindResponse,
    };
}

/// Binds a virtual number to a work card: `tmall.servicecenter.workcard.virtualphone.bind`.
///
/// Once: the documents do not say whether a second call returns the same number or binds another one. Needs a session.
///
/// # Errors
/// If `result.success` is `false`, an error with the code `result.msg_code`.
///
/// Source: TOP API page apiId 52579.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// use privacy_number::top::{WorkcardRequestSource, WorkcardVirtualphoneBind};
///
/// let source = WorkcardRequestSource::builder().service_store_code("FWS1122").build();
/// let bound = emulator.shop()?.send(&WorkcardVirtualphoneBind::new(11111222, source)).await?;
/// assert!(bound.result.result_data.is_some());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "工单维度虚拟中间号绑定")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkcardVirtualphoneBind {
    /// The one parameter of the method.
    workcard_request: WorkcardRequest,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct WorkcardRequest {
    request_source: WorkcardRequestSource,
    workcard_id: u64,
}

impl WorkcardVirtualphoneBind {
    /// A call for one work card. An empty source (`WorkcardRequestSource::default()`) is sent as `{}`.
    #[must_use]
    pub fn new(workcard_id: u64, request_source: WorkcardRequestSource) -> Self {
        Self { workcard_request: WorkcardRequest { request_source, workcard_id } }
    }
}

/// The service provider and the store that the request comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Builder)]
#[non_exhaustive]
pub struct WorkcardRequestSource {
    /// The service provider's Taobao account.
    #[builder(into)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub real_tp_nick: Option<Private>,
    /// The service store's code, `FWS1122`.
    #[builder(into)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_store_code: Option<String>,
}

impl Operation for WorkcardVirtualphoneBind {
    type Gateway = Top;
    type Output = WorkcardVirtualphoneBindResponse;
    const NAME: &'static str = "tmall.servicecenter.workcard.virtualphone.bind";
    const SAFETY: Safety = Safety::Once;
    const SESSION: SessionUse = SessionUse::Required;
}

/// The work card's virtual number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WorkcardVirtualphoneBindResponse {
    /// The result of the call.
    pub result: FulfilplatformResult,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}

/// The result of the call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "LooseResult")]
#[non_exhaustive]
pub struct FulfilplatformResult {
    /// The virtual number; always present, since a response without it is an error.
    pub result_data: Option<VirtualNumber>,
    /// Always `true`: a failure is an [`Error`](crate::Error).
    pub success: bool,
    /// A code of the service center.
    pub msg_code: Option<String>,
    /// The text of the code.
    pub msg_info: Option<Private>,
}

#[derive(Deserialize)]
struct LooseResult {
    #[serde(default, deserialize_with = "lenient::optional")]
    result_data: Option<VirtualNumber>,
    #[serde(deserialize_with = "lenient::boolean")]
    success: bool,
    #[serde(default, deserialize_with = "lenient::optional")]
    msg_code: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    msg_info: Option<Private>,
}

impl TryFrom<LooseResult> for FulfilplatformResult {
    type Error = &'static str;

    fn try_from(loose: LooseResult) -> Result<Self, Self::Error> {
        let LooseResult { result_data, success, msg_code, msg_info } = loose;
        if success && result_data.is_none() {
            return Err("missing field `result_data`");
        }
        Ok(Self { result_data, success, msg_code, msg_info })
    }
}
