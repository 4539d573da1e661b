//! What a call is: its name on the wire, its parameters, whether it may be repeated, and what its answer holds.

mod list;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Refusal, ServiceError};
use crate::invalid::InvalidRequest;
use crate::safety::Safety;

/// One operation of a gateway: a request that can be sent by that gateway's client.
///
/// The fields of the implementing struct are its parameters, named as on the wire (`#[serde(rename_all = "PascalCase")]`
/// for Aliyun; snake_case is TOP's own). `None` is left out, booleans go out as `true` and `false`, and a nested
/// struct or list goes out as one JSON text.
///
/// An operation that this crate lacks takes ten lines, and is signed, retried and reported like its own:
///
/// ```
/// use privacy_number::{Operation, Safety, aliyun};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize)]
/// #[serde(rename_all = "PascalCase")]
/// struct LockSecretNo {
///     pool_key: String,
///     secret_no: String,
/// }
///
/// #[derive(Deserialize)]
/// #[serde(rename_all = "PascalCase")]
/// struct LockSecretNoResponse {
///     request_id: String,
/// }
///
/// impl Operation for LockSecretNo {
///     type Gateway = aliyun::Dyplsapi;
///     type Output = LockSecretNoResponse;
///     const NAME: &'static str = "LockSecretNo";
///     const SAFETY: Safety = Safety::Idempotent;
/// }
/// ```
pub trait Operation: Serialize + Sync {
    /// Whose operation this is: [`top::Top`](crate::top::Top), [`aliyun::Dyplsapi`](crate::aliyun::Dyplsapi) or
    /// [`aliyun::Dytnsapi`](crate::aliyun::Dytnsapi).
    type Gateway: Gateway;

    /// The answer. For TOP it is read from what stands under the `..._response` root; for Aliyun from the whole answer.
    ///
    /// `success: false` and codes of errors (`error_code`, `errorCode`, `err_code`, `sub_code`, `code`) make every answer
    /// an error, whether this type knows them or not: beside the content, and in an object that is a member of it. A
    /// plain `code` is looked at in such an object only beside `success`, and for TOP not beside the content if this
    /// type has a field `code`. A struct of which the answer holds no field is a [`Decode`](crate::Error::Decode) error.
    type Output: DeserializeOwned + Send;

    /// The operation's name on the wire: TOP's `method`, Aliyun's `Action`.
    const NAME: &'static str;

    /// Whether it may be sent again when it is not known what became of it.
    const SAFETY: Safety;

    /// Documented calls per second for one account, if any is documented.
    const QPS: Option<u32> = None;

    /// Whether the gateway charges for each successful call.
    const CHARGED: bool = false;

    /// Whether Aliyun's answer says `Code`, as nearly all do. Where it does not, [`refusal`](Self::refusal) alone tells
    /// success from failure. Without effect for TOP.
    const ANSWERS_CODE: bool = true;

    /// Whether Aliyun takes it by POST only: it goes out so even from a client that is set to GET. Without effect for
    /// TOP, where everything goes out by POST.
    const POST_ONLY: bool = false;

    /// Checks the request before anything is sent. `now` is the gateway's time as far as the client knows it.
    ///
    /// # Errors
    /// The first field that the gateway would refuse, and why.
    fn validate(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        let _ = now;
        Ok(())
    }

    /// The operation's own rule of success, for gateways that report some failures inside a normal answer:
    /// `Some` makes the answer an error.
    fn refusal(answer: &Self::Output) -> Option<Refusal> {
        let _ = answer;
        None
    }

    /// What the answer is taken to be when a repeat is refused because of the attempt before it: that one did the work,
    /// and its answer was lost. `code` and `request_id` are those of the refusal; `None` leaves it an error. Never
    /// asked of a first attempt, nor after one that is known not to have been executed.
    fn output_if_already_done(code: &str, request_id: Option<&str>) -> Option<Self::Output> {
        let _ = (code, request_id);
        None
    }

    /// A remark to add to the gateway's error, when the request itself knows more than the code says.
    fn hint(&self, error: &ServiceError) -> Option<&'static str> {
        let _ = error;
        None
    }
}

/// A gateway that [`Operation`]s belong to. Implemented by this crate's marker types only.
pub trait Gateway: sealed::Sealed + Send + Sync + 'static {
    /// The gateway's name in errors and logs.
    const NAME: &'static str;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}
