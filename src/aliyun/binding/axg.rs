//! AXG: a number X over which A and a group of numbers call each other.

use super::bind_request::bind_request;
use crate::aliyun::check::{check_not_empty, check_optional_phone};
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

bind_request! {
    /// Binds A to a group of numbers G through X, so that only these numbers can call A: `BindAxg`.
    ///
    /// Once: without `phone_no_x` a second run may take a second X. Documented limit: 5000 calls per second. The bind
    /// is not charged. Calls over the binding, recording and speech recognition are charged by the minute.
    ///
    /// # Errors
    /// `isv.NO_AVAILABLE_NUMBER` (no number left in the pool), `isv.BIND_CONFLICT` (X is already bound),
    /// `isv.FORBIDDEN_ACTION` (the pool is not of the kind AXG). Refused before sending: an expiration less than a
    /// minute from now, a number that is not a valid [`PhoneNumber`].
    ///
    /// Source: Dyplsapi reference, chapter 4.4.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::BindAxg;
    ///
    /// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
    /// # let group = privacy_number::aliyun::CreateAxgGroup::builder().pool_key(pool_key).numbers(["4001234567"]).build();
    /// # let group_id = client.send(&group).await?.group_id;
    /// let bind = BindAxg::builder()
    ///     .pool_key(pool_key)
    ///     .phone_no_a("15000000000")
    ///     .group_id(group_id)
    ///     .expiration(in_a_week)
    ///     .build();
    /// let bound = client.send(&bind).await?.secret_bind;
    /// assert!(!bound.subs_id.is_empty());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "添加AXG号码的绑定关系")]
    #[doc(alias = "绑定AXG")]
    BindAxg -> BindAxgResponse,
    ring_config: AxgRingConfig,
    {
        /// The G group; it must hold at least one number.
        #[doc(alias = "G组ID")]
        group_id: String,
        /// B: the number that A reaches by calling X.
        phone_no_b: Option<PhoneNumber>,
    }
}

impl BindAxg {
    fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
        check_not_empty("group_id", &self.group_id)?;
        check_optional_phone("phone_no_b", self.phone_no_b.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, refused_field};

    #[test]
    fn the_documented_response_is_read() {
        let bound = answer_of::<BindAxg>().secret_bind;
        assert_eq!((bound.subs_id.as_str(), bound.secret_no.expose()), ("100000076389****", "171****0000"));
    }

    #[test]
    fn a_group_is_required() {
        let now = at("2026-01-06 10:00:00");
        let bind = BindAxg::builder()
            .pool_key("FC123456")
            .phone_no_a("15000000000")
            .group_id("")
            .expiration(at("2026-01-07 10:00:00"))
            .build();
        assert_eq!(refused_field(&bind, now), "group_id");
    }
}
