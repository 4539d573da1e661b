//! What the four requests for one binding have in common.

/// Defines a request for one binding, with its response: the parameters that all four have, and after `ring_config`
/// those that only this one has. A new optional parameter of all four is one line here.
///
/// The request checks its own parameters in `check_own_parameters`.
macro_rules! bind_request {
    (
        $(#[$meta:meta])*
        $request:ident -> $response:ident,
        ring_config: $ring_config:ident,
        { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, bon::Builder)]
        #[serde(rename_all = "PascalCase")]
        #[builder(on(String, into), on(PhoneNumber, into), on(VirtualNumber, into), on(Private, into))]
        // For the types of the builder: within a macro of this crate the lint sees them as written by hand.
        #[allow(missing_debug_implementations)]
        #[non_exhaustive]
        pub struct $request {
            /// The number pool's key, `FC123456`. The API page requires it; the official SDK marks it as optional, and
            /// what the platform does without it is not known.
            #[doc(alias = "号码池Key")]
            pub pool_key: String,
            /// A: a mobile number, or a landline with its area code.
            pub phone_no_a: PhoneNumber,
            $($(#[$field_meta])* pub $field: $type,)*
            /// A number X of the pool; if absent, the platform chooses one by `expect_city`.
            pub phone_no_x: Option<VirtualNumber>,
            /// When the binding expires; more than a minute from now. Sent as China time, to the second.
            #[builder(into)]
            #[serde(serialize_with = "crate::time::serialize_china_text")]
            pub expiration: chrono::DateTime<chrono::FixedOffset>,
            /// The city of X, in Chinese (`北京`). If the pool has none there, another city is taken, or the
            /// call fails if the pool is in strict mode.
            pub expect_city: Option<String>,
            /// Whether calls are recorded. Charged by the minute.
            pub is_recording_enabled: Option<bool>,
            /// Your own text. Call receipts contain it.
            pub out_id: Option<Private>,
            /// Your own order number.
            pub out_order_id: Option<String>,
            /// The call restriction.
            pub call_restrict: Option<crate::aliyun::subscription::CallRestrict>,
            /// The only effective value is 1: the called party sees X.
            pub call_display_type: Option<u32>,
            /// Ring tones.
            #[builder(into)]
            pub ring_config: Option<crate::aliyun::ring_config::$ring_config>,
            /// Whether calls are transcribed. Charged by the minute; off by default.
            #[serde(rename = "ASRStatus")]
            pub asr_status: Option<bool>,
            /// The model that transcribes.
            #[serde(rename = "ASRModelId")]
            pub asr_model_id: Option<String>,
        }

        impl crate::operation::Operation for $request {
            type Gateway = crate::aliyun::product::Dyplsapi;
            type Output = $response;
            const NAME: &'static str = stringify!($request);
            const SAFETY: crate::safety::Safety = crate::safety::Safety::Once;
            const QPS: Option<u32> = Some(5000);

            fn validate(
                &self,
                now: chrono::DateTime<chrono::Utc>,
            ) -> Result<(), crate::invalid::InvalidRequest> {
                use crate::aliyun::check::{check_expiration, check_not_empty, check_optional_virtual, check_phone};

                check_not_empty("pool_key", &self.pool_key)?;
                check_phone("phone_no_a", &self.phone_no_a)?;
                self.check_own_parameters()?;
                check_optional_virtual("phone_no_x", self.phone_no_x.as_ref())?;
                check_expiration(self.expiration, now)
            }
        }

        crate::aliyun::response::response! {
            /// The new binding.
            $response {
                /// The binding.
                #[serde(rename = "SecretBindDTO")]
                secret_bind: crate::aliyun::binding::SecretBind,
            }
        }
    };
}

pub(super) use bind_request;
