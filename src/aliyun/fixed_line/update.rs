//! Changing a binding of the fixed-line platform.

use super::request::fixed_line_request;
use super::terms::{AxbFixedLineExtra, AxnFixedLineExtra, Texts, check_extraaxx};
use crate::aliyun::check::{check_not_empty, check_optional_phone, check_phone};
use crate::aliyun::response::{DataResult, newer_response};
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;
use crate::redact::Private;

/// Defines a request that changes a binding, with its response: the parameters that all three have, and those that only
/// this one has. A new optional parameter of all three is one line here.
///
/// The request checks its parties and options in `check_parties`.
macro_rules! update_request {
    (
        $(#[$meta:meta])*
        $request:ident -> $response:ident,
        { $($own:tt)* }
    ) => {
        fixed_line_request! {
            $(#[$meta])*
            $request -> $response, Once, data_success_codes: &["0"],
            into: [PhoneNumber Private],
            {
                /// The binding's id. Answers call it `subid`.
                pub sub_id: String,
                /// The time of binding. Sent as `yyyyMMddHHmmss` in China time. Uncertain: whether `expiration` counts
                /// from this time or from the call.
                #[builder(into)]
                #[serde(serialize_with = "super::digit_time::serialize_seconds")]
                pub subts: chrono::DateTime<chrono::FixedOffset>,
                $($own)*
                /// How long the binding lasts from now on.
                #[builder(into)]
                pub expiration: Option<super::terms::FixedLineExpiration>,
                /// Three announcement codes, joined by commas: for calls of B to X, of A to X, of anybody else to X.
                #[doc(alias = "放音编码")]
                pub anucode: Option<String>,
                /// Two announcement codes, joined by commas, that the called hears after pick-up: if A is called, if
                /// another is called.
                pub anucodecalled: Option<String>,
                /// Two announcement codes, joined by commas, that the caller hears after pick-up: if A is called, if
                /// another is called.
                pub t_anucode_connect: Option<String>,
                /// A text of your own, given back in call receipts; at most 100 characters. Uncertain: the official
                /// SDK says 250, the help page 100.
                pub remark: Option<Private>,
            }
        }

        impl $request {
            fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
                check_not_empty("sub_id", &self.sub_id)?;
                self.check_parties()?;
                self.expiration.as_ref().map_or(Ok(()), |expiration| expiration.check())?;
                let texts = Texts {
                    anucode: self.anucode.as_deref(),
                    anucodecalled: self.anucodecalled.as_deref(),
                    t_anucode_connect: self.t_anucode_connect.as_deref(),
                    remark: self.remark.as_ref(),
                };
                texts.check()
            }
        }

        newer_response! {
            /// That the binding was changed.
            $response {
                /// The result, a second time.
                data: DataResult,
            }
        }
    };
}

/// Checks the parties of a change: one call can replace only one of them.
fn check_one_party(tel_a: Option<&PhoneNumber>, tel_b: Option<&PhoneNumber>) -> Result<(), InvalidRequest> {
    if tel_a.is_some() && tel_b.is_some() {
        return Err(InvalidRequest::new("tel_b", "cannot change together with `tel_a`"));
    }
    check_optional_phone("tel_a", tel_a)?;
    check_optional_phone("tel_b", tel_b)
}

update_request! {
    /// Changes an AXB binding of the fixed-line platform: `UpdateAxbBindFixedLine`. What is left out stays as it is.
    ///
    /// Once (inferred): `expiration` is a number of seconds, so that a repeat may prolong the binding. After a lost
    /// answer, read the binding with [`QueryAxbBindFixedLine`](crate::aliyun::QueryAxbBindFixedLine). No limit of calls
    /// per second is documented. Not charged.
    ///
    /// # Errors
    /// No codes are documented. Refused before sending: `tel_a` together with `tel_b`, numbers that are no
    /// [`PhoneNumber`], a wrong count of announcement codes, an expiration that is not whole seconds, a remark of more
    /// than 100 characters.
    ///
    /// Source: official SDK 3.4.0; help page `updateaxbbindfixedline`.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use privacy_number::aliyun::{BindAxbFixedLine, UpdateAxbBindFixedLine};
    ///
    /// # let pool = [("杭州", "057100000001")];
    /// # let emulator = privacy_number::emulator::Emulator::builder().pool("FC571", pool).start().await?;
    /// # let client = emulator.aliyun()?;
    /// # let bind = BindAxbFixedLine::builder().app_id("FC571").tel_a("15000000000").tel_b("15000000001");
    /// # let bind = bind.expiration(Duration::from_secs(7200)).anucode("1,2,3").build();
    /// let bound = client.send(&bind).await?.data;
    /// let update = UpdateAxbBindFixedLine::builder()
    ///     .app_id("FC571")
    ///     .sub_id(bound.subid)
    ///     .subts(bind.subts)
    ///     .tel_b("15000000002")
    ///     .build();
    /// client.send(&update).await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "修改固话AXB绑定")]
    UpdateAxbBindFixedLine -> UpdateAxbBindFixedLineResponse,
    {
        /// A's new number. Not together with `tel_b`.
        pub tel_a: Option<PhoneNumber>,
        /// B's new number. Not together with `tel_a`.
        pub tel_b: Option<PhoneNumber>,
        /// Options.
        pub extra: Option<AxbFixedLineExtra>,
    }
}

impl UpdateAxbBindFixedLine {
    fn check_parties(&self) -> Result<(), InvalidRequest> {
        check_one_party(self.tel_a.as_ref(), self.tel_b.as_ref())
    }
}

update_request! {
    /// Changes an AXN binding of the fixed-line platform: `UpdateAxnBindFixedLine`. What is left out stays as it is.
    ///
    /// Once (inferred): `expiration` is a number of seconds, so that a repeat may prolong the binding. After a lost
    /// answer, read the binding with [`QueryAxnBindFixedLine`](crate::aliyun::QueryAxnBindFixedLine). No limit of calls
    /// per second is documented. Not charged.
    ///
    /// # Errors
    /// As [`UpdateAxbBindFixedLine`]. That `tel_a` and `tel_b` exclude each other is documented for AXB only.
    ///
    /// Source: official SDK 3.4.0.
    #[doc(alias = "修改固话AXN绑定")]
    UpdateAxnBindFixedLine -> UpdateAxnBindFixedLineResponse,
    {
        /// A's new number. Not together with `tel_b`.
        pub tel_a: Option<PhoneNumber>,
        /// The new number that A reaches by calling X. Not together with `tel_a`.
        pub tel_b: Option<PhoneNumber>,
        /// Options.
        pub extra: Option<AxnFixedLineExtra>,
    }
}

impl UpdateAxnBindFixedLine {
    fn check_parties(&self) -> Result<(), InvalidRequest> {
        check_one_party(self.tel_a.as_ref(), self.tel_b.as_ref())
    }
}

update_request! {
    /// Changes an AXN extension binding of the fixed-line platform: `UpdateAxnExtensionBindFixedLine`. Other parameters
    /// than `tel_a` that are left out stay as they are.
    ///
    /// Once (inferred): `expiration` is a number of seconds, so that a repeat may prolong the binding. After a lost
    /// answer, read the binding with
    /// [`QueryAxnExtensionBindFixedLine`](crate::aliyun::QueryAxnExtensionBindFixedLine). No limit of calls per second
    /// is documented. Not charged.
    ///
    /// # Errors
    /// As [`UpdateAxbBindFixedLine`]; and a callback to B is refused before sending.
    ///
    /// Source: official SDK 3.4.0.
    #[doc(alias = "修改固话AXN分机绑定")]
    UpdateAxnExtensionBindFixedLine -> UpdateAxnExtensionBindFixedLineResponse,
    {
        /// A's number, the new one or the same. Required here, and optional for the two other kinds.
        pub tel_a: PhoneNumber,
        /// Options.
        pub extraaxx: Option<AxnFixedLineExtra>,
    }
}

impl UpdateAxnExtensionBindFixedLine {
    fn check_parties(&self) -> Result<(), InvalidRequest> {
        check_phone("tel_a", &self.tel_a)?;
        check_extraaxx(self.extraaxx.as_ref())
    }
}
