//! The [`Operation`] trait: the name of a request on the wire, its parameters, its answer, and whether it may be
//! retried.

mod list;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Refusal, ServiceError};
use crate::invalid::InvalidRequest;
use crate::safety::Safety;

/// A request of one gateway, which the client of that gateway can send.
///
/// The fields of the struct are the parameters, named as on the wire: `#[serde(rename_all = "PascalCase")]` for Aliyun,
/// snake_case for TOP. `None` is left out, a boolean becomes `true` or `false`, a nested struct or list becomes JSON
/// text.
///
/// An operation must set [`Gateway`](Self::Gateway), [`Output`](Self::Output), [`NAME`](Self::NAME) and
/// [`SAFETY`](Self::SAFETY). It may set everything else:
///
/// | item | set it if |
/// | --- | --- |
/// | [`QPS`](Self::QPS) | a limit of calls per second is documented |
/// | [`CHARGED`](Self::CHARGED) | each successful call costs money |
/// | [`charged_units`](Self::charged_units) | one call is charged as several |
/// | [`SUCCESS_CODES`](Self::SUCCESS_CODES) | Aliyun reports success with other codes than `OK`, or without a `Code` |
/// | [`DATA_SUCCESS_CODES`](Self::DATA_SUCCESS_CODES) | Aliyun reports the result a second time, inside `Data` |
/// | [`POST_ONLY`](Self::POST_ONLY) | Aliyun accepts no GET |
/// | [`SESSION`](Self::SESSION) | TOP requires a seller's session, or must not get one |
/// | [`validate`](Self::validate) | a request can be wrong in a way that the client can see |
/// | [`refusal`](Self::refusal) | some successful responses report a failure |
/// | [`output_if_already_done`](Self::output_if_already_done) | a retry is refused if the first attempt succeeded |
/// | [`hint`](Self::hint) | the request can explain an error code |
///
/// You can implement an operation that this crate lacks. It is signed, limited, retried and reported like the others:
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
    /// The gateway of the operation: [`top::Top`](crate::top::Top), [`aliyun::Dyplsapi`](crate::aliyun::Dyplsapi) or
    /// [`aliyun::Dytnsapi`](crate::aliyun::Dytnsapi).
    type Gateway: Gateway;

    /// The type of the answer. TOP's answer is read from the object under the `..._response` root, Aliyun's from the
    /// whole response.
    ///
    /// `success: false` or an error code (`error_code`, `errorCode`, `err_code`, `sub_code`, `code`) makes a response
    /// an error, even if this type has no such field. The client checks the content, and each object that is a member
    /// of the content. There are two exceptions for a plain `code`: in a member of the content it counts only beside
    /// `success`; in TOP's content it does not count if this type has a field `code`.
    ///
    /// A response without any field of this type is a [`Decode`](crate::Error::Decode) error.
    type Output: DeserializeOwned + Send;

    /// The name on the wire: TOP's `method`, Aliyun's `Action`.
    const NAME: &'static str;

    /// Whether the request may be sent again if the outcome of the first attempt is unknown.
    const SAFETY: Safety;

    /// The documented limit of calls per second for one account; `None` if none is documented.
    const QPS: Option<u32> = None;

    /// Whether the gateway charges for each successful call.
    const CHARGED: bool = false;

    /// The values of `Code` with which Aliyun reports success. A response with another value or without `Code` is an
    /// error. Values are compared as text, exactly: the number `200` is `"200"`, and `"0"` is not `"0000"`. Newer
    /// families of operations have `&["200"]` or `&["0000"]`, for example.
    ///
    /// Empty if the response has no `Code`. Then only [`refusal`](Self::refusal) tells success from failure. If such a
    /// response has a `Code` nevertheless, it must be `OK`. No effect for TOP.
    const SUCCESS_CODES: &'static [&'static str] = &["OK"];

    /// The values of `Data.Code` with which Aliyun reports success, where an answer tells the result a second time
    /// inside `Data`. Both results must be a success: another code inside is an error, and an answer without
    /// `Data.Code` and `Data.Success` proves nothing, so that the outcome of a write is unknown. Compared as
    /// [`SUCCESS_CODES`](Self::SUCCESS_CODES) are.
    ///
    /// Empty where `Data` has no code of its own. `Data.Success` must not be false in any case. Without effect for TOP.
    const DATA_SUCCESS_CODES: &'static [&'static str] = &[];

    /// Whether Aliyun accepts only POST. Then even a client that is set to GET sends a POST. No effect for TOP, where
    /// every request is a POST.
    const POST_ONLY: bool = false;

    /// Whether TOP gets the seller's session with the request. No effect for Aliyun.
    const SESSION: SessionUse = SessionUse::Optional;

    /// Checks the request before it is sent. `now` is the gateway's time, as far as the client knows it.
    ///
    /// # Errors
    /// The first field that the gateway would refuse, and the reason.
    fn validate(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        let _ = now;
        Ok(())
    }

    /// Finds a failure in a successful response, for operations that report failures in their own fields. `Some` turns
    /// the response into an error.
    fn refusal(answer: &Self::Output) -> Option<Refusal> {
        let _ = answer;
        None
    }

    /// How many units one call of a [`CHARGED`](Self::CHARGED) operation is charged as; 1 by default. For a decryption
    /// the number of its orders, for a batch of messages their number, for an extension its days.
    fn charged_units(&self) -> u32 {
        1
    }

    /// If a retry is refused because the first attempt succeeded, the answer to return. `None` keeps the error.
    ///
    /// `code` and `request_id` are those of the refusal. The client calls this only for a retry, if an earlier attempt
    /// may have been executed and its response was lost.
    fn output_if_already_done(code: &str, request_id: Option<&str>) -> Option<Self::Output> {
        let _ = (code, request_id);
        None
    }

    /// A hint to add to the gateway's error, if this request explains the code.
    fn hint(&self, error: &ServiceError) -> Option<&'static str> {
        let _ = error;
        None
    }
}

/// Whether TOP gets a seller's session with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionUse {
    /// TOP refuses the request without a session. [`Client::send`](crate::top::Client::send), which has none, fails
    /// before anything is sent.
    Required,
    /// The session is sent if the request is sent through a [`Shop`](crate::top::Shop).
    Optional,
    /// No session is sent, even through a [`Shop`](crate::top::Shop): the request concerns the application. A session
    /// that has expired does not fail it.
    Never,
}

/// A gateway of [`Operation`]s. Only the marker types of this crate implement it.
pub trait Gateway: sealed::Sealed + Send + Sync + 'static {
    /// The name of the gateway in errors and logs.
    const NAME: &'static str;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}
