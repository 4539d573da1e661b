//! What all twelve requests of the family have in common.

use chrono::{DateTime, FixedOffset, Utc};
use uuid::Uuid;

use crate::time::china;

/// Defines a request: the parameters that all twelve have, and those that only this one has. A new optional parameter
/// of all twelve is one line here.
///
/// The request checks its own parameters in `check_own_parameters`. `into` lists the types that its builder converts
/// to.
macro_rules! fixed_line_request {
    (
        $(#[$meta:meta])*
        $request:ident -> $response:ident, $safety:ident, data_success_codes: $data_success_codes:expr,
        into: [$($into:ident)*],
        { $($fields:tt)* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, bon::Builder)]
        #[serde(rename_all = "PascalCase")]
        #[builder(on(String, into) $(, on($into, into))*)]
        // For the types of the builder: within a macro of this crate the lint sees them as written by hand.
        #[allow(missing_debug_implementations)]
        #[non_exhaustive]
        pub struct $request {
            /// The id of the number pool. Uncertain: an id of its own in samples of the SDK, a pool key (`FC…`) in
            /// those of the official metadata.
            pub app_id: String,
            $($fields)*
            /// The unique id of this request. By default a random one, made when the request is built: all attempts of
            /// a call carry the same, and so does a clone of the request. No document says what a repeated id leads to.
            #[doc(alias = "请求唯一ID")]
            #[builder(default = crate::aliyun::fixed_line::request::new_order_id())]
            pub order_id: String,
            /// The time of the request, to the millisecond. By default the time at which the request is built, by this
            /// machine's clock. Sent as `yyyyMMddHHmmssSSS` in China time.
            #[builder(into, default = crate::aliyun::fixed_line::request::now())]
            #[serde(serialize_with = "crate::aliyun::fixed_line::digit_time::serialize_milliseconds")]
            pub ts: chrono::DateTime<chrono::FixedOffset>,
        }

        impl crate::operation::Operation for $request {
            type Gateway = crate::aliyun::product::Dyplsapi;
            type Output = $response;
            const NAME: &'static str = stringify!($request);
            const SAFETY: crate::safety::Safety = crate::safety::Safety::$safety;
            const SUCCESS_CODES: &'static [&'static str] = &["0", "OK"];
            const DATA_SUCCESS_CODES: &'static [&'static str] = $data_success_codes;

            fn validate(
                &self,
                _: chrono::DateTime<chrono::Utc>,
            ) -> Result<(), crate::invalid::InvalidRequest> {
                use crate::aliyun::check::check_not_empty;

                check_not_empty("app_id", &self.app_id)?;
                check_not_empty("order_id", &self.order_id)?;
                self.check_own_parameters()
            }
        }
    };
}

pub(super) use fixed_line_request;

/// Letters and digits alone, as in the samples.
pub(super) fn new_order_id() -> String {
    Uuid::new_v4().simple().to_string()
}

pub(super) fn now() -> DateTime<FixedOffset> {
    Utc::now().with_timezone(&china())
}
