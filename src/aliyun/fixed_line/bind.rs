//! Making a binding on the fixed-line platform.

use serde::Deserialize;

use super::request::fixed_line_request;
use super::terms::{
    AxbFixedLineExtra, AxnFixedLineExtra, FixedLineExtensionX, FixedLineX, Texts, check_callback, check_extraaxx,
};
use crate::aliyun::check::check_phone;
use crate::aliyun::response::newer_response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

/// Defines a request that binds, with its response: the parameters that all three have, and those that only this one
/// has. A new optional parameter of all three is one line here.
///
/// The request checks its parties and options in `check_parties`.
macro_rules! bind_request {
    (
        $(#[$meta:meta])*
        $request:ident -> $response:ident, tel_x: $tel_x:ident, data: $bound:ident,
        { $($own:tt)* }
    ) => {
        fixed_line_request! {
            $(#[$meta])*
            $request -> $response, Once, data_success_codes: &[],
            into: [PhoneNumber Private],
            {
                /// A: a mobile number, or a landline with its area code and without hyphen.
                pub tel_a: PhoneNumber,
                $($own)*
                /// Which number X; by default the platform picks one of the pool.
                #[builder(into, default)]
                #[serde(flatten)]
                pub tel_x: $tel_x,
                /// How long the binding lasts.
                #[builder(into)]
                pub expiration: super::terms::FixedLineExpiration,
                /// Three announcement codes, joined by commas: for calls of B to X, of A to X, of anybody else to X.
                #[doc(alias = "放音编码")]
                pub anucode: String,
                /// Two announcement codes, joined by commas, that the called hears after pick-up: if A is called, if
                /// another is called.
                pub anucodecalled: Option<String>,
                /// Two announcement codes, joined by commas, that the caller hears after pick-up: if A is called, if
                /// another is called.
                pub t_anucode_connect: Option<String>,
                /// A text of your own, given back in call receipts; at most 100 characters. Uncertain: the official
                /// SDK says 250, the help page 100.
                pub remark: Option<Private>,
                /// The time of binding. By default the time at which the request is built, by this machine's clock.
                /// Sent as `yyyyMMddHHmmss` in China time.
                #[builder(into, default = super::request::now())]
                #[serde(serialize_with = "super::digit_time::serialize_seconds")]
                pub subts: chrono::DateTime<chrono::FixedOffset>,
            }
        }

        impl $request {
            fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
                check_phone("tel_a", &self.tel_a)?;
                self.check_parties()?;
                self.tel_x.check()?;
                self.expiration.check()?;
                let texts = Texts {
                    anucode: Some(&self.anucode),
                    anucodecalled: self.anucodecalled.as_deref(),
                    t_anucode_connect: self.t_anucode_connect.as_deref(),
                    remark: self.remark.as_ref(),
                };
                texts.check()
            }
        }

        newer_response! {
            /// The binding, as it was made.
            $response {
                /// The binding.
                data: $bound,
            }
        }
    };
}

bind_request! {
    /// Binds A and B to a shared landline X on the fixed-line platform: `BindAxbFixedLine`.
    ///
    /// Once (inferred): no document says that a repeat with the same `order_id` is recognized, and a second run may
    /// take another X. After a lost response, [`QueryAxbBindFixedLine`](crate::aliyun::QueryAxbBindFixedLine) shows by
    /// X whether A is bound. No limit of calls per second is documented. Not charged by itself; calls over the binding
    /// are.
    ///
    /// # Errors
    /// No codes are documented. Refused before sending: numbers that are no [`PhoneNumber`], a wrong count of
    /// announcement codes, an expiration that is not whole seconds, a remark of more than 100 characters.
    ///
    /// Source: official SDK 3.4.0; help page `bindaxbfixedline`.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use privacy_number::aliyun::{BindAxbFixedLine, FixedLineX};
    ///
    /// # let pool = [("杭州", "057100000001")];
    /// # let emulator = privacy_number::emulator::Emulator::builder().pool("FC571", pool).start().await?;
    /// # let client = emulator.aliyun()?;
    /// let bind = BindAxbFixedLine::builder()
    ///     .app_id("FC571")
    ///     .tel_a("15000000000")
    ///     .tel_b("15000000001")
    ///     .tel_x(FixedLineX::in_area("0571"))
    ///     .expiration(Duration::from_secs(7200))
    ///     .anucode("1,2,3")
    ///     .build();
    /// let bound = client.send(&bind).await?.data;
    /// assert_eq!(bound.tel_x.expose(), "057100000001");
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "固话AXB绑定")]
    BindAxbFixedLine -> BindAxbFixedLineResponse, tel_x: FixedLineX, data: FixedLineBound,
    {
        /// B: a mobile number, or a landline with its area code and without hyphen.
        pub tel_b: PhoneNumber,
        /// Options.
        pub extra: Option<AxbFixedLineExtra>,
    }
}

impl BindAxbFixedLine {
    fn check_parties(&self) -> Result<(), InvalidRequest> {
        check_phone("tel_b", &self.tel_b)
    }
}

bind_request! {
    /// Gives A a landline X of its own, on which anybody reaches A, on the fixed-line platform: `BindAxnFixedLine`.
    ///
    /// Once (inferred): no document says that a repeat with the same `order_id` is recognized, and a second run may
    /// take another X. After a lost response, [`QueryAxnBindFixedLine`](crate::aliyun::QueryAxnBindFixedLine) shows the
    /// bindings of A. No limit of calls per second is documented. Not charged by itself; calls over the binding are.
    ///
    /// # Errors
    /// No codes are documented. Refused before sending: numbers that are no [`PhoneNumber`], a callback to B without
    /// `tel_b`, a wrong count of announcement codes, an expiration that is not whole seconds, a remark of more than 100
    /// characters.
    ///
    /// Source: official SDK 3.4.0.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use privacy_number::aliyun::{AxnFixedLineExtra, BindAxnFixedLine, FixedLineCallback, FixedLineExpiration};
    ///
    /// # let pool = [("杭州", "057100000001")];
    /// # let emulator = privacy_number::emulator::Emulator::builder().pool("FC571", pool).start().await?;
    /// # let client = emulator.aliyun()?;
    /// let bind = BindAxnFixedLine::builder()
    ///     .app_id("FC571")
    ///     .tel_a("15000000000")
    ///     .tel_x("057100000001")
    ///     .expiration(FixedLineExpiration::Never)
    ///     .anucode("1,2,3")
    ///     .extra(AxnFixedLineExtra::builder().callback(FixedLineCallback::LatestParty).build())
    ///     .build();
    /// assert!(!client.send(&bind).await?.data.subid.is_empty());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "固话AXN绑定")]
    BindAxnFixedLine -> BindAxnFixedLineResponse, tel_x: FixedLineX, data: FixedLineBound,
    {
        /// B: the number that A reaches by calling X, with
        /// [`FixedLineCallback::TelB`](crate::aliyun::FixedLineCallback::TelB).
        pub tel_b: Option<PhoneNumber>,
        /// Options.
        pub extra: Option<AxnFixedLineExtra>,
    }
}

impl BindAxnFixedLine {
    fn check_parties(&self) -> Result<(), InvalidRequest> {
        check_callback(self.extra.as_ref(), self.tel_b.as_ref())
    }
}

bind_request! {
    /// Gives A an extension of a landline X on the fixed-line platform: `BindAxnExtensionFixedLine`.
    ///
    /// Once (inferred): no document says that a repeat with the same `order_id` is recognized, and a second run may
    /// take another extension. After a lost response,
    /// [`QueryAxnExtensionBindFixedLine`](crate::aliyun::QueryAxnExtensionBindFixedLine) shows the bindings of A. No
    /// limit of calls per second is documented. Not charged by itself; calls over the binding are.
    ///
    /// # Errors
    /// No codes are documented. Refused before sending: numbers that are no [`PhoneNumber`], an extension that is not 4
    /// digits, a callback to B, a wrong count of announcement codes, an expiration that is not whole seconds, a remark
    /// of more than 100 characters.
    ///
    /// Source: official SDK 3.4.0.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use privacy_number::aliyun::BindAxnExtensionFixedLine;
    ///
    /// # let pool = [("杭州", "057100000001")];
    /// # let emulator = privacy_number::emulator::Emulator::builder().pool("FC571", pool).start().await?;
    /// # let client = emulator.aliyun()?;
    /// let bind = BindAxnExtensionFixedLine::builder()
    ///     .app_id("FC571")
    ///     .tel_a("15000000000")
    ///     .expiration(Duration::from_secs(7200))
    ///     .anucode("1,2,1")
    ///     .build();
    /// assert_eq!(client.send(&bind).await?.data.tel_xext.expose().len(), 4);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "固话AXN分机绑定")]
    BindAxnExtensionFixedLine -> BindAxnExtensionFixedLineResponse, tel_x: FixedLineExtensionX,
    data: FixedLineExtensionBound,
    {
        /// Options.
        pub extraaxx: Option<AxnFixedLineExtra>,
    }
}

impl BindAxnExtensionFixedLine {
    fn check_parties(&self) -> Result<(), InvalidRequest> {
        check_extraaxx(self.extraaxx.as_ref())
    }
}

/// A fixed-line binding, as the operations that bind give it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FixedLineBound {
    /// The binding's id: keep it, every later call about the binding needs it. Requests call it `sub_id`.
    #[serde(deserialize_with = "lenient::text")]
    pub subid: String,
    /// X, the number to give out.
    pub tel_x: VirtualNumber,
}

/// A fixed-line binding with extension, as the operation that binds gives it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FixedLineExtensionBound {
    /// The binding's id: keep it, every later call about the binding needs it. Requests call it `sub_id`.
    #[serde(deserialize_with = "lenient::text")]
    pub subid: String,
    /// X, the number to give out.
    pub tel_x: VirtualNumber,
    /// The extension of X to give out, 4 digits.
    pub tel_xext: Private,
}
