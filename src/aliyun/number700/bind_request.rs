//! What the two requests for a binding of a 700 number have in common.

/// Defines a request for a binding of a 700 number, with its response: the parameters that both have, and those that
/// only this one has. The request checks its own parameters in `check_own_parameters`.
macro_rules! bind_request {
    (
        $(#[$meta:meta])*
        $request:ident -> $response:ident,
        call_restrict: $call_restrict:ident,
        audio: $audio:ident,
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
            /// The number pool's key, `FC123456`. The pool holds 700 numbers.
            #[doc(alias = "号码池Key")]
            pub pool_key: String,
            $($(#[$field_meta])* pub $field: $type,)*
            /// B: a mobile number, or a landline with its area code.
            pub tel_b: PhoneNumber,
            /// X, a 700 number of the pool; left out, the platform picks one.
            pub tel_x: Option<VirtualNumber>,
            /// When the binding ends; more than a minute ahead. Sent as China time, to the second. No document states
            /// the zone of this operation; the older ones use China time.
            #[builder(into)]
            #[serde(serialize_with = "crate::time::serialize_china_text")]
            pub expiration: chrono::DateTime<chrono::FixedOffset>,
            /// The order's number, which is reported to the supervision platform: one number for one real order, never
            /// used twice. The vendor advises to encrypt it. Dots and slashes may separate its parts. This or
            /// `industrial_id` is required, and not both: with this one the platform makes the identifier of the
            /// industrial internet.
            ///
            /// No document says that a second bind with the same number is recognised as a repetition.
            #[doc(alias = "订单号")]
            pub order_id: Option<String>,
            /// The identifier of the industrial internet, if you make it yourself, one for one order:
            /// `700.100.1/00000001`.
            #[doc(alias = "工业互联网标识")]
            pub industrial_id: Option<String>,
            /// A text of your own, given back in call receipts.
            pub out_id: Option<Private>,
            /// An order number of your own.
            pub out_order_id: Option<String>,
            /// Whether calls are recorded; not by default. Charged by the minute.
            pub need_record: Option<bool>,
            /// The type of the recording's file.
            #[builder(into)]
            pub rec_type: Option<crate::aliyun::number700::RecType>,
            /// Whether calls are transcribed. Charged by the minute.
            pub need_asr: Option<bool>,
            /// The model that transcribes.
            #[builder(into)]
            pub asr_model_id: Option<crate::aliyun::number700::AsrModel>,
            /// Who may not call.
            #[builder(into)]
            pub call_restrict: Option<crate::aliyun::number700::$call_restrict>,
            /// How long the first called number rings before the next is tried, in seconds; 5 to 20.
            pub call_timeout: Option<u32>,
            /// What keys do at the end of a call.
            pub dtmf_config: Option<crate::aliyun::binding::DtmfConfig>,
            /// Ring tones.
            pub audio: Option<crate::aliyun::number700::$audio>,
        }

        impl crate::operation::Operation for $request {
            type Gateway = crate::aliyun::product::Dyplsapi;
            type Output = $response;
            const NAME: &'static str = stringify!($request);
            const SAFETY: crate::safety::Safety = crate::safety::Safety::Once;
            const QPS: Option<u32> = Some(5000);
            const SUCCESS_CODES: &'static [&'static str] = &["OK", "200"];

            fn validate(
                &self,
                now: chrono::DateTime<chrono::Utc>,
            ) -> Result<(), crate::invalid::InvalidRequest> {
                use crate::aliyun::check::{check_expiration, check_not_empty, check_phone};
                use crate::aliyun::number700::check::{check_number_x, check_one_order};

                check_not_empty("pool_key", &self.pool_key)?;
                self.check_own_parameters()?;
                check_phone("tel_b", &self.tel_b)?;
                self.tel_x.as_ref().map_or(Ok(()), check_number_x)?;
                check_expiration(self.expiration, now)?;
                check_one_order(self.order_id.as_deref(), self.industrial_id.as_deref())?;
                match self.call_timeout {
                    Some(seconds) if !(5..=20).contains(&seconds) => {
                        Err(crate::invalid::InvalidRequest::new("call_timeout", "must be from 5 to 20 seconds"))
                    }
                    _ => Ok(()),
                }
            }
        }

        crate::aliyun::response::newer_response! {
            /// The binding, as it was made.
            $response {
                /// The binding.
                data: crate::aliyun::number700::SecretBind700,
            }
        }
    };
}

pub(super) use bind_request;
