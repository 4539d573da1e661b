//! AXN: a number X of A, with or without an extension, that anybody can call.

use super::bind_request::bind_request;
use crate::aliyun::check::check_optional_phone;
use crate::aliyun::product_type::ProductType;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

bind_request! {
    /// Binds A to its own number X, on which anybody (N) can call A: `BindAxn`.
    ///
    /// Once: without `phone_no_x` a second run may take a second X. Documented limit (official metadata): 5000 calls
    /// per second. The bind is not charged. Calls over the binding, recording and speech recognition are charged by the
    /// minute.
    ///
    /// # Errors
    /// `isv.NO_AVAILABLE_NUMBER` (no number left in the pool), `isv.BIND_CONFLICT` (X is already bound). Refused before
    /// sending: an expiration less than a minute from now, a number that is not a valid [`PhoneNumber`].
    ///
    /// Source: Dyplsapi reference, chapter 4.2.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::BindAxn;
    ///
    /// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
    /// let bind = BindAxn::builder().pool_key(pool_key).phone_no_a("15000000000").expiration(in_a_week).build();
    /// let bound = client.send(&bind).await?.secret_bind;
    /// assert!(!bound.subs_id.is_empty());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "添加AXN号码的绑定关系")]
    #[doc(alias = "绑定AXN")]
    BindAxn -> BindAxnResponse,
    ring_config: AxnRingConfig,
    {
        /// B: the number that A reaches by calling X.
        phone_no_b: Option<PhoneNumber>,
        /// The kind of number, for former Alidayu customers.
        #[builder(into)]
        no_type: Option<ProductType>,
        /// How long the called number rings, in seconds; 5 to 20.
        call_timeout: Option<u32>,
        /// Undocumented. Known from the official SDK only.
        extend: Option<Private>,
    }
}

impl BindAxn {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_optional_phone("phone_no_b", self.phone_no_b.as_ref())
    }
}

bind_request! {
    /// Binds A to an extension of a number X, on which anybody (N) can call A: `BindAxnExtension`.
    ///
    /// Once: without `extension` and `phone_no_x` a second run may take a second extension. Documented limit: 5000
    /// calls per second. The bind is not charged. Calls over the binding, recording and speech recognition are charged
    /// by the minute.
    ///
    /// # Errors
    /// `isv.NO_AVAILABLE_NUMBER` (no extension left in the pool), `isv.BIND_CONFLICT` (the extension is already bound).
    /// Refused before sending: an extension without `phone_no_x` or of other than 1 to 3 digits, an expiration less
    /// than a minute from now, a number that is not a valid [`PhoneNumber`].
    ///
    /// Source: Dyplsapi reference, chapter 4.3.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::BindAxnExtension;
    ///
    /// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
    /// let bind = BindAxnExtension::builder().pool_key(pool_key).phone_no_a("15000000000").expiration(in_a_week).build();
    /// let bound = client.send(&bind).await?.secret_bind;
    /// assert!(bound.extension.is_some());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "添加AXN分机号码的绑定关系")]
    #[doc(alias = "分机号")]
    BindAxnExtension -> BindAxnExtensionResponse,
    ring_config: AxnRingConfig,
    {
        /// The extension, 1 to 3 digits; needs `phone_no_x`. If absent, the platform chooses one.
        extension: Option<Private>,
        /// B: the number that A reaches by calling X.
        phone_no_b: Option<PhoneNumber>,
        /// Undocumented. Known from the official SDK only.
        extend: Option<Private>,
    }
}

impl BindAxnExtension {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_optional_phone("phone_no_b", self.phone_no_b.as_ref())?;
        if let Some(extension) = &self.extension {
            let digits = extension.expose();
            if !(1..=3).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(InvalidRequest::new("extension", "must be 1 to 3 digits"));
            }
            if self.phone_no_x.is_none() {
                return Err(InvalidRequest::new("phone_no_x", "is required when `extension` is given"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, refused_field};
    use crate::operation::Operation;

    #[test]
    fn the_documented_responses_are_read() {
        let axn = answer_of::<BindAxn>().secret_bind;
        assert_eq!((axn.subs_id.as_str(), axn.secret_no.expose()), ("100000076879****", "170****0000"));
        let bound = answer_of::<BindAxnExtension>().secret_bind;
        assert_eq!(bound.extension.unwrap().expose(), "130");
        assert_eq!((bound.subs_id.as_str(), bound.secret_no.expose()), ("100000082000****", "150*****0000"));
    }

    #[test]
    fn an_extension_has_1_to_3_digits_and_needs_its_x() {
        let now = at("2026-01-06 10:00:00");
        let bind = |extension: &str, x: Option<&str>| {
            BindAxnExtension::builder()
                .pool_key("FC123456")
                .phone_no_a("15000000000")
                .extension(extension)
                .maybe_phone_no_x(x)
                .expiration(at("2026-01-07 10:00:00"))
                .build()
        };
        assert_eq!(bind("130", Some("17000000000")).validate(now.into()), Ok(()));
        assert_eq!(refused_field(&bind("130", None), now), "phone_no_x");
        for extension in ["", "1234", "12a", "１"] {
            assert_eq!(refused_field(&bind(extension, Some("17000000000")), now), "extension");
        }
    }

    #[test]
    fn b_is_checked_only_if_it_is_given() {
        let now = at("2026-01-06 10:00:00");
        let bind = |b: Option<&str>, expiration| {
            BindAxn::builder()
                .pool_key("FC123456")
                .phone_no_a("15000000000")
                .maybe_phone_no_b(b)
                .expiration(at(expiration))
                .build()
        };
        assert_eq!(bind(None, "2026-01-07 10:00:00").validate(now.into()), Ok(()));
        assert_eq!(refused_field(&bind(Some("010-12345678"), "2026-01-07 10:00:00"), now), "phone_no_b");
        assert_eq!(refused_field(&bind(None, "2026-01-06 10:01:00"), now), "expiration");
    }
}
