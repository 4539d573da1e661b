//! What the requests of this family have in common.

use std::time::Duration;

use serde::Serializer;

/// Defines a request: the given fields, and the two that every request of this family has.
///
/// The request checks its other parameters in `check_own_parameters`.
macro_rules! work_number_request {
    (
        $(#[$meta:meta])*
        $request:ident -> $response:ident, $safety:ident $(, data_success_codes: $data_success_codes:expr)?,
        { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, bon::Builder)]
        #[serde(rename_all = "PascalCase")]
        #[builder(
            derive(Clone),
            on(String, into),
            on(PhoneNumber, into),
            on(VirtualNumber, into),
            on(Private, into)
        )]
        // For the types of the builder: within a macro of this crate the lint sees them as written by hand.
        #[allow(missing_debug_implementations)]
        #[non_exhaustive]
        pub struct $request {
            $($(#[$field_meta])* pub $field: $type,)*
            /// The de-duplication id; a random one by default.
            #[builder(default, into)]
            pub req_id: crate::aliyun::ReqId,
            /// The account of the customer. The platform fills it in: leave it out.
            pub caller_parent_id: Option<u64>,
        }

        impl crate::operation::Operation for $request {
            type Gateway = crate::aliyun::product::Dyplsapi;
            type Output = $response;
            const NAME: &'static str = stringify!($request);
            const SAFETY: crate::safety::Safety = crate::safety::Safety::$safety;
            const SUCCESS_CODES: &'static [&'static str] = &["0000", "OK"];
            $(const DATA_SUCCESS_CODES: &'static [&'static str] = $data_success_codes;)?

            fn validate(&self, _: chrono::DateTime<chrono::Utc>) -> Result<(), crate::invalid::InvalidRequest> {
                self.check_own_parameters()?;
                self.req_id.check()
            }
        }
    };
}

/// For `#[serde(serialize_with)]`: a duration as a number of seconds.
pub(super) fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(duration.as_secs())
}

pub(super) use work_number_request;
