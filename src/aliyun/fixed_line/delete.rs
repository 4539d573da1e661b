//! Removing a binding of the fixed-line platform.

use super::request::fixed_line_request;
use crate::aliyun::check::check_not_empty;
use crate::aliyun::response::{DataResult, newer_response};
use crate::invalid::InvalidRequest;

/// Defines a request that removes a binding, with its response. All three have the same parameters.
macro_rules! delete_request {
    ($(#[$meta:meta])* $request:ident -> $response:ident) => {
        fixed_line_request! {
            $(#[$meta])*
            $request -> $response, Idempotent, data_success_codes: &["0"],
            into: [],
            {
                /// The binding's id. Answers call it `subid`.
                pub sub_id: String,
            }
        }

        impl $request {
            fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
                check_not_empty("sub_id", &self.sub_id)
            }
        }

        newer_response! {
            /// That the binding was removed.
            $response {
                /// The result, a second time.
                data: DataResult,
            }
        }
    };
}

delete_request! {
    /// Removes an AXB binding of the fixed-line platform: `DeleteAxbBindFixedLine`.
    ///
    /// Idempotent (inferred): it removes one binding. A retry may be refused because the first attempt removed it: no
    /// code is documented for that, so that the refusal is an error with the outcome
    /// [`Unknown`](crate::Outcome::Unknown). No limit of calls per second is documented. Not charged.
    ///
    /// # Errors
    /// No codes are documented. Refused before sending: an empty field.
    ///
    /// Source: official SDK 3.4.0.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use privacy_number::aliyun::DeleteAxbBindFixedLine;
    ///
    /// # use privacy_number::aliyun::{BindAxbFixedLine, FixedLineExpiration};
    /// # let pool = [("杭州", "057100000001")];
    /// # let emulator = privacy_number::emulator::Emulator::builder().pool("FC571", pool).start().await?;
    /// # let client = emulator.aliyun()?;
    /// # let bind = BindAxbFixedLine::builder().app_id("FC571").tel_a("15000000000").tel_b("15000000001");
    /// # let bound = client.send(&bind.expiration(FixedLineExpiration::Never).anucode("1,2,3").build()).await?.data;
    /// client.send(&DeleteAxbBindFixedLine::builder().app_id("FC571").sub_id(bound.subid).build()).await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "删除固话AXB绑定")]
    DeleteAxbBindFixedLine -> DeleteAxbBindFixedLineResponse
}

delete_request! {
    /// Removes an AXN binding of the fixed-line platform: `DeleteAxnBindFixedLine`.
    ///
    /// As [`DeleteAxbBindFixedLine`] in every respect.
    ///
    /// # Errors
    /// As [`DeleteAxbBindFixedLine`].
    ///
    /// Source: official SDK 3.4.0.
    #[doc(alias = "删除固话AXN绑定")]
    DeleteAxnBindFixedLine -> DeleteAxnBindFixedLineResponse
}

delete_request! {
    /// Removes an AXN extension binding of the fixed-line platform: `DeleteAxnExtensionBindFixedLine`.
    ///
    /// As [`DeleteAxbBindFixedLine`] in every respect.
    ///
    /// # Errors
    /// As [`DeleteAxbBindFixedLine`].
    ///
    /// Source: official SDK 3.4.0.
    #[doc(alias = "删除固话AXN分机绑定")]
    DeleteAxnExtensionBindFixedLine -> DeleteAxnExtensionBindFixedLineResponse
}
