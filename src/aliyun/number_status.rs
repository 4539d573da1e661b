//! Whether a mobile number is in service.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::check::check_phone;
use super::product::Dytnsapi;
use super::response::response;
use super::secret_no::Vendor;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;
use crate::operation::Operation;
use crate::safety::Safety;
use crate::wire_enum::wire_enum;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{DescribePhoneNumberStatus, DescribePhoneNumberStatusResponse, NumberStatus, PhoneStatus};
}

/// Queries whether a mobile number is in service: `DescribePhoneNumberStatus`.
///
/// An operation of Phone Number Service (Dytnsapi), with a host of its own. Once: a second run is charged again.
/// Documented limit: 300 calls per second (official metadata; the document of 2020 says 200). Charged: 0.10 CNY for
/// each answer with `OK`, by the document, except [`NumberStatus::Unknown`]. The official SDKs dropped it after 1.0;
/// whether the platform still supports it is not known.
///
/// # Errors
/// `OperatorLimit` (the carrier refuses this number) and `isp.UNKNOWN`, both without charge: at most 3 tries.
/// `Insufficient.Balance`, `OutOfService` (the account is overdue). Refused before sending: anything but a mobile
/// number of 11 digits.
///
/// Source: document "number status query" (号码状态查询) of 2020, chapters 1, 5 and 6.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::{DescribePhoneNumberStatus, NumberStatus};
///
/// # let _ = pool_key;
/// let query = DescribePhoneNumberStatus::builder().phone_number("15000001234").build();
/// assert_eq!(client.send(&query).await?.phone_status.status, NumberStatus::Normal);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "号码状态查询")]
#[doc(alias = "空号检测")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(PhoneNumber, into))]
#[non_exhaustive]
pub struct DescribePhoneNumberStatus {
    /// A mobile number of mainland China, 11 digits.
    pub phone_number: PhoneNumber,
}

impl Operation for DescribePhoneNumberStatus {
    type Gateway = Dytnsapi;
    type Output = DescribePhoneNumberStatusResponse;
    const NAME: &'static str = "DescribePhoneNumberStatus";
    const SAFETY: Safety = Safety::Once;
    const QPS: Option<u32> = Some(300);
    const CHARGED: bool = true;

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_phone("phone_number", &self.phone_number)?;
        let digits = self.phone_number.expose();
        if digits.len() == 11 && digits.starts_with('1') {
            Ok(())
        } else {
            Err(InvalidRequest::new("phone_number", "must be a mobile number of 11 digits"))
        }
    }
}

response! {
    /// Whether the number is in service.
    DescribePhoneNumberStatusResponse {
        /// The status.
        phone_status: PhoneStatus,
    }
}

/// The status of a mobile number in its network.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PhoneStatus {
    /// The carrier, in either of two spellings (`中国移动`, `CMCC`): [`vendor`](Self::vendor) reads both.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub carrier: Option<String>,
    /// The query's serial number.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub serial_id: Option<String>,
    /// Whether the number is in service.
    pub status: NumberStatus,
}

impl PhoneStatus {
    /// The carrier, if it is one of the three.
    #[must_use]
    pub fn vendor(&self) -> Option<Vendor> {
        match self.carrier.as_deref()? {
            "中国移动" | "CMCC" => Some(Vendor::ChinaMobile),
            "中国联通" | "CUCC" => Some(Vendor::ChinaUnicom),
            "中国电信" | "CTCC" => Some(Vendor::ChinaTelecom),
            _ => None,
        }
    }
}

wire_enum! {
    /// Whether a mobile number is in service. Values other than the first three are from the later help page.
    NumberStatus {
        /// It is (正常).
        Normal = "NORMAL",
        /// It is suspended (停机).
        Shutdown = "SHUTDOWN",
        /// There is no such number (空号).
        NotExist = "NOT_EXIST",
        /// The phone is off (关机).
        PowerOff = "POWER_OFF",
        /// The phone seems to be off (疑似关机).
        SuspectedPowerOff = "SUSPECTED_POWER_OFF",
        /// Some of its functions are suspended (功能性停机).
        FunctionalShutdown = "FUNCTIONAL_SHUTDOWN",
        /// It is engaged (忙).
        Busy = "BUSY",
        /// The network does not tell (未知); not charged.
        Unknown = "UNKNOWN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, read, refused_field};

    #[test]
    fn the_documented_response_is_read() {
        let status = answer_of::<DescribePhoneNumberStatus>().phone_status;
        assert_eq!((&status.status, status.vendor()), (&NumberStatus::Normal, Some(Vendor::ChinaMobile)));
        assert_eq!(status.carrier.as_deref(), Some("中国移动"));
        assert_eq!(status.serial_id.as_deref(), Some("1100000000000"));
    }

    #[test]
    fn a_serial_number_may_be_a_number() {
        // The two forms of the document differ in a digit.
        let json = include_str!("../../tests/fixtures/aliyun/DescribePhoneNumberStatus.alt.json");
        let answer: DescribePhoneNumberStatusResponse = read(json).unwrap();
        assert_eq!(answer.phone_status.serial_id.as_deref(), Some("1100000000000"));
        let xml = include_str!("../../tests/fixtures/aliyun/DescribePhoneNumberStatus.alt.xml");
        let answer: DescribePhoneNumberStatusResponse = read(xml).unwrap();
        assert_eq!(answer.phone_status.serial_id.as_deref(), Some("110000000000"));
    }

    #[test]
    fn only_mobile_numbers_are_asked_for() {
        let now = at("2026-01-06 10:00:00");
        let query = |number: &str| DescribePhoneNumberStatus::builder().phone_number(number).build();
        assert_eq!(query("15112345678").validate(now.into()), Ok(()));
        for number in ["01012345678", "1511234567", "151-1234567", ""] {
            assert_eq!(refused_field(&query(number), now), "phone_number", "{number}");
        }
    }
}
